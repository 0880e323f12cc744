"""The door between bus and Qt: batches by frame, a state that is asked for sparingly, losses that mend."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
import shiboken6
from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel

from liveconsole import tasks
from liveconsole.bus.errors import Denied, EngineGone
from liveconsole.messages.state import StatePart
from liveconsole.views.feed import Feed
from tests.ui.committed import comment, event
from tests.ui.fake_bus import FakeBus, refuse, until
from tests.ui.rooms import sample_state
from ui.seat import seat as seats
from ui.seat.pending import PENDING_MAX
from ui.seat.seat import BACKLOG, Answer, Frame, Seat


class Joined:
    """A seat on a fake bus, with everything it hands over."""

    def __init__(self) -> None:
        self.bus = FakeBus(sample_state())
        self.joins = 0
        self.owner = QObject()
        self.frames: list[Frame] = []
        self.links: list[str] = []
        self.seat = Seat(self._join)
        self.seat.on_frame(self.owner, self.frames.append)
        self.seat.on_link(self.owner, lambda state, _why: self.links.append(state))

    async def _join(self) -> FakeBus:
        self.joins += 1
        return self.bus

    @property
    def events(self) -> int:
        return sum(len(frame.events) for frame in self.frames)


@pytest_asyncio.fixture
async def joined(qapp: object) -> AsyncIterator[Joined]:
    made = Joined()
    living = tasks.spawn(made.seat.run(), name="seat")
    await until(lambda: made.frames)
    yield made
    await made.seat.close()
    await tasks.cancel_all([living])


async def test_it_joins_with_the_state_and_some_of_what_was_before(joined: Joined) -> None:
    assert joined.links == ["live"]
    assert joined.frames[0].state is not None
    assert joined.bus.after == [sample_state().seq - BACKLOG]


async def test_a_frame_hands_over_one_batch_however_much_arrived(joined: Joined) -> None:
    joined.seat._timer.stop()
    before = len(joined.frames)
    for start in range(0, 1000, 100):
        joined.bus.say(*(comment(61300 + start + n, "1") for n in range(100)))
    await until(lambda: len(joined.seat._events) == 1000)
    joined.seat.frame()
    assert len(joined.frames) == before + 1
    assert len(joined.frames[-1].events) == 1000
    assert joined.seat.seq == 62299


async def test_panels_and_feed_have_a_frame_each_and_the_feed_waits_for_one_alone(joined: Joined) -> None:
    joined.seat._timer.stop()
    seat, before = joined.seat, len(joined.frames)
    assert seat.state is not None
    for number in range(3):
        # Another state in every frame, as in a window that draws ten a second: comments come all the same.
        seat._take([comment(61300 + number, "1")])
        seat._fresh = replace(seat.state, seq=seat.state.seq + 1)
        seat.frame()
        seat._fresh = replace(seat.state, seq=seat.state.seq + 1)
        seat.frame()
    handed = [(frame.state is not None, len(frame.events)) for frame in joined.frames[before:]]
    assert handed == [(True, 0), (False, 1)] * 3
    seat.frame()
    assert joined.frames[-1].state is not None
    assert seat._fresh is None


async def test_a_frame_in_which_nothing_came_calls_nobody(joined: Joined) -> None:
    await until(lambda: joined.seat._fresh is None)
    before = len(joined.frames)
    joined.seat.frame()
    assert len(joined.frames) == before


async def test_a_window_that_draws_no_frames_keeps_memory_bounded_and_says_what_it_left_out(
    joined: Joined,
) -> None:
    joined.seat._timer.stop()
    joined.seat.frame()
    sent = [comment(70_000 + n, "x") for n in range(3 * PENDING_MAX)]
    for number in range(0, len(sent), 1_000):
        sent[number] = event(70_000 + number, "order.placed", {"order_id": f"o{number}"})
    held = 0
    for first in range(0, len(sent), 500):
        joined.seat._take(sent[first : first + 500])
        held = max(held, len(joined.seat._events))
    assert held <= PENDING_MAX + 500
    joined.seat.frame()
    told, *events = joined.frames[-1].events
    left_out = told["data"]["counts"]["comment.posted"]
    assert told["type"] == "stream.skipped"
    assert len(events) + left_out == len(sent)
    assert [e for e in events if e["type"] == "order.placed"] == sent[::1_000]
    assert (events[-1], told["data"]["from"]) == (sent[-1], 70_001)
    feed = Feed()
    feed.fold([told])
    assert feed.skipped == left_out


async def test_events_other_than_comments_are_never_left_out(joined: Joined) -> None:
    joined.seat._timer.stop()
    joined.seat.frame()
    sent = [event(70_000 + n, "order.placed", {"order_id": f"o{n}"}) for n in range(2 * PENDING_MAX)]
    for first in range(0, len(sent), 500):
        joined.seat._take(sent[first : first + 500])
    joined.seat.frame()
    assert joined.frames[-1].events == sent


async def test_the_state_is_asked_for_at_most_ten_times_a_second(joined: Joined) -> None:
    before, loop = joined.bus.states, asyncio.get_running_loop()
    start = loop.time()
    for n in range(200):
        joined.bus.say(event(61300 + n, "cue.queued", {"cue_id": "x", "kind": "pin", "spec": {}}))
        await asyncio.sleep(0.002)
    await until(lambda: joined.events == 200)
    passed = loop.time() - start
    assert 1 <= joined.bus.states - before <= passed / seats.STATE_GAP + 2


async def test_comments_alone_ask_for_it_once_a_second_at_most(joined: Joined) -> None:
    await asyncio.sleep(seats.STATE_GAP * 2)
    before, loop = joined.bus.states, asyncio.get_running_loop()
    start = loop.time()
    for n in range(100):
        joined.bus.say(comment(61300 + n, "1"))
        await asyncio.sleep(0.002)
    await until(lambda: joined.events == 100)
    passed = loop.time() - start
    assert joined.bus.states - before <= passed / seats.QUIET_GAP + 1


async def test_a_silent_room_is_looked_at_all_the_same(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk makes no events: the engine's own trouble would be seen by nobody."""
    await asyncio.sleep(seats.STATE_GAP * 2)
    monkeypatch.setattr(seats, "QUIET_GAP", 0.01)
    joined.seat._loud.set()  # ends the gap that was begun
    await asyncio.sleep(seats.STATE_GAP * 2)
    before = joined.bus.states
    await until(lambda: joined.bus.states >= before + 2)


async def test_what_was_skipped_counts_as_seen(joined: Joined) -> None:
    skipped = {"from": 61300, "to": 61399, "counts": {"comment.posted": 100}}
    joined.bus.say({"type": "stream.skipped", "at": "", "seq": 0, "actor": "", "data": skipped})
    await until(lambda: joined.seat.seq == 61399)


async def test_a_lost_engine_is_told_of_and_joined_again_where_it_stopped(joined: Joined) -> None:
    joined.bus.say(comment(61300, "1"))
    await until(lambda: joined.events == 1)
    joined.bus.now_state = replace(joined.bus.now_state, seq=61300)
    joined.bus.die()
    await until(lambda: joined.links == ["live", "lost", "live"])
    assert joined.joins == 2
    assert joined.bus.after[-1] == 61300


async def test_an_engine_that_cannot_be_joined_is_tried_again(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "_WAITS", (0.01,))
    bus, tries, whys = FakeBus(sample_state()), [], []
    owner = QObject()

    async def join() -> FakeBus:
        tries.append(1)
        if len(tries) < 3:
            raise EngineGone("not up")
        return bus

    seat = Seat(join)
    seat.on_link(owner, lambda state, why: whys.append((state, why)))
    living = tasks.spawn(seat.run(), name="seat")
    await until(lambda: seat.link == "live")
    assert whys == [("lost", "not up"), ("lost", "not up"), ("live", "")]
    await seat.close()
    await tasks.cancel_all([living])


async def test_a_folder_with_another_room_begins_anew(joined: Joined) -> None:
    joined.bus.now_state = replace(joined.bus.now_state, seq=3)
    joined.bus.die()
    await until(lambda: len(joined.bus.after) == 2)
    assert joined.bus.after[-1] == 0


async def test_a_command_goes_out_with_an_expiry_and_a_no_is_an_answer(joined: Joined) -> None:
    joined.bus.answer = refuse("below_price_floor", final="1", floor="2", combination="x")
    answer = await joined.seat.ask("cue.fire", {"cue_id": "c"})
    assert (answer.ok, answer.code, answer.params["floor"]) == (False, "below_price_floor", "2")
    expires = joined.bus.expiries[-1]
    assert expires is not None
    assert timedelta(0) < expires - datetime.now(UTC) <= seats.COMMAND_LIFE + timedelta(seconds=1)


async def test_a_denied_command_is_an_answer_too(joined: Joined) -> None:
    def deny(_type: str, _data: object) -> dict[str, object]:
        raise Denied("forbidden", "no", 403)

    joined.bus.answer = deny
    assert await joined.seat.ask("room.halt", {}) == Answer(False, code="forbidden", text="no")


async def test_without_an_engine_nothing_is_sent(qapp: object) -> None:
    seat = Seat(lambda: asyncio.sleep(0))  # type: ignore[arg-type,return-value]
    assert (await seat.ask("cue.fire", {})).code == "no_link"
    assert await seat.judge("cue.add", {}) is None


async def _late_answer(joined: Joined, *, destroy: bool) -> list[str]:
    """Ask for a label, perhaps destroy it before the engine answers, and say what was told to it."""
    label, told = QLabel("before"), []
    joined.bus.gate = asyncio.Event()

    def then(answer: Answer) -> None:
        told.append("told")
        label.setText("after")

    joined.seat.ask_then(label, "cue.fire", {}, then)
    await asyncio.sleep(0)
    if destroy:
        label.deleteLater()
        await asyncio.sleep(0.05)
    joined.bus.gate.set()
    await until(lambda: joined.bus.asked)
    await asyncio.sleep(0.02)
    return told


async def test_an_answer_reaches_who_asked(joined: Joined) -> None:
    assert await _late_answer(joined, destroy=False) == ["told"]


async def test_an_answer_never_touches_a_widget_that_is_gone(joined: Joined) -> None:
    assert await _late_answer(joined, destroy=True) == []


async def test_without_that_guard_it_would(joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shiboken6, "isValid", lambda _widget: True)
    failed: list[object] = []
    monkeypatch.setattr(tasks.log, "critical", lambda *args, **kw: failed.append(kw.get("exc_info")))
    assert await _late_answer(joined, destroy=True) == ["told"]
    assert isinstance(failed[0], RuntimeError)


async def test_a_listener_that_is_gone_is_dropped(joined: Joined) -> None:
    label, heard = QLabel(), []
    joined.seat.on_frame(label, lambda frame: heard.append(label.text()))
    joined.bus.say(comment(61300, "1"))
    await until(lambda: heard)
    label.deleteLater()
    await asyncio.sleep(0.05)
    before = len(heard)
    joined.bus.say(comment(61301, "1"))
    await until(lambda: joined.events == 2)
    assert len(heard) == before


async def test_after_closing_nobody_is_called(joined: Joined) -> None:
    await joined.seat.close()
    before = len(joined.frames)
    joined.seat._events.add([comment(61300, "1")])
    joined.seat.frame()
    assert (len(joined.frames), joined.links[-1], joined.bus.closed) == (before, "closed", True)


async def test_the_engines_clock_is_the_one_that_is_drawn(joined: Joined) -> None:
    class Ahead(FakeBus):
        async def state_part(self, have: str = "") -> tuple[StatePart, datetime]:
            part, now = await super().state_part(have)
            return part, now + timedelta(seconds=90)

    joined.bus = Ahead(sample_state())
    await joined.seat._fetch(joined.bus)
    ahead = joined.seat.now() - datetime.now(UTC)
    assert timedelta(seconds=89) < ahead < timedelta(seconds=91)


async def test_what_there_is_no_time_to_tell_is_no_answer(joined: Joined) -> None:
    joined.bus.judged = lambda _type, _data: {"ok": False, "code": "judge_later", "text": "…", "params": {}}
    assert await joined.seat.judge("cue.add", {}) is None
    joined.bus.judged = lambda _type, _data: {"ok": False, "code": "over_stock", "text": "…", "params": {}}
    said = await joined.seat.judge("cue.add", {})
    assert said is not None
    assert said.code == "over_stock"
