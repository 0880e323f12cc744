"""Presses of a surface's keys, against a room at a desk: once each, never what was not shown."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import msgspec
import pytest

from liveconsole.bus import presses
from liveconsole.bus.presses import PRESSES, Presses
from liveconsole.domain.context import Decision
from liveconsole.messages.inputs import CommandAnswer, CommandInput, NotTaken
from liveconsole.messages.key_surface import KeyPress
from liveconsole.messages.state import State
from liveconsole.views.key_outcome import PressOutcome
from liveconsole.views.keys import keys_frame
from tests.unit.domain.desk import SALE, Desk


class DeskRoom:
    """The desk as the port that presses need; ``error`` is raised in place of an answer."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.asked: list[CommandInput] = []
        self.error: NotTaken | None = None
        self.held: asyncio.Event | None = None

    async def look(self) -> tuple[State, datetime]:
        return self.desk.shown("keys"), self.desk.now

    async def ask(self, command: CommandInput) -> CommandAnswer:
        self.asked.append(command)
        if self.held is not None:
            await self.held.wait()
        if self.error is not None:
            raise self.error
        answer = self.desk.ask(command.type, command.data, command.role)
        if isinstance(answer, Decision):
            return CommandAnswer(True, msgspec.json.encode({"ok": True, "result": answer.result}))
        body = {"ok": False, "code": answer.code, "params": answer.params}
        return CommandAnswer(False, msgspec.json.encode(body), answer.code)


@pytest.fixture
def room() -> DeskRoom:
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE})
    return DeskRoom(desk)


def shown(room: DeskRoom, slot: str = "1") -> str:
    keys = keys_frame(room.desk.shown("keys"), room.desk.now, "zh").keys
    return next(key.shown for key in keys if key.slot == slot)


def made(room: DeskRoom) -> Presses:
    return Presses(room, room.look, lambda: None)  # type: ignore[arg-type]  # it asks for nothing else


async def rest(taking: Presses) -> None:
    """Until nothing is under way."""
    await asyncio.gather(*taking._doing)
    await asyncio.sleep(0)  # who was waited for has his callbacks


async def pressed(taking: Presses, press: KeyPress) -> PressOutcome:
    """What is known of it once nothing more is under way."""
    assert taking.take(press) is None
    await rest(taking)
    one = taking.of(press.id)
    assert one is not None
    assert one.outcome is not None
    return one.outcome


async def echo(room: DeskRoom) -> tuple[PressOutcome, str]:
    """A finger that bounces: the second press names what was shown for the first. What became of the sale."""
    taking, old = made(room), shown(room)
    assert (await pressed(taking, KeyPress("a", old, press="1"))).status == "waiting"
    second = await pressed(taking, KeyPress("b", old, press="1"))
    return second, room.desk.cue().status


async def test_an_echo_takes_nothing_back(room: DeskRoom) -> None:
    second, status = await echo(room)
    assert (second.status, second.code, status) == ("refused", "changed", "recallable")
    assert [one.type for one in room.asked] == ["cue.fire"]


async def test_twin_without_what_was_shown_an_echo_takes_it_back(
    room: DeskRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presses, "_refusal", lambda _press, _state, _now: None)
    second, status = await echo(room)
    assert (second.status, status) == ("done", "recalled")


async def test_a_press_says_what_was_shown_to_the_rules_and_how_long_it_is_worth_something(
    room: DeskRoom,
) -> None:
    await pressed(made(room), KeyPress("a", shown(room), press="1"))
    (one,) = room.asked
    assert (one.id, one.role, one.data) == ("keys:a", "keys", {"cue_id": "sale", "expect": SALE})
    assert one.expires_at is not None
    assert 0 < (one.expires_at - room.desk.now).total_seconds() <= 5


@pytest.mark.parametrize(
    ("code", "status"),
    [("inbox_full", "refused"), ("cannot_write", "refused"), ("engine_stopped", "unknown")],
)
async def test_what_the_engine_did_not_take_is_told_as_it_is(room: DeskRoom, code: str, status: str) -> None:
    room.error = NotTaken(code, "x")
    found = await pressed(made(room), KeyPress("a", shown(room), press="1"))
    assert (found.status, found.code) == (status, code)
    assert all(found.text)


async def test_the_outcome_follows_the_state_and_silence_ends_as_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A person at the platform does both steps, and never says that it ended."""
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE})
    room = DeskRoom(desk)
    taking = made(room)
    fired = KeyPress("a", shown(room), hold="1", ms=600)
    assert (await pressed(taking, fired)).code == "firing"
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    taking.settle(desk.shown("keys"))
    one = taking.of("a")
    assert one is not None
    assert (one.outcome, one.asked) == (PressOutcome("done"), None)

    stopped = await pressed(taking, KeyPress("s", shown(room), hold="1", ms=900))
    assert (stopped.status, stopped.code) == ("waiting", "owed_end")
    monkeypatch.setattr(presses, "_WATCHED", -1.0)
    taking.settle(desk.shown("keys"))
    stop = taking.of("s")
    assert stop is not None
    assert stop.outcome is not None
    assert (stop.outcome.status, stop.asked) == ("unknown", None)


async def test_presses_are_bounded(room: DeskRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presses, "_KEPT", PRESSES + 2)
    taking = made(room)
    room.held = asyncio.Event()
    halts = [KeyPress(f"h{n}", shown(room, "halt"), hold="halt", ms=1000) for n in range(PRESSES + 1)]
    assert [taking.take(press) for press in halts[:-1]] == [None] * PRESSES
    await asyncio.sleep(0)
    more = taking.take(halts[-1])
    assert more is not None
    assert more.code == "inbox_full"
    room.held.set()
    await rest(taking)
    for n in range(20):
        await pressed(taking, KeyPress(f"x{n}", "stale", press="1"))
    assert taking.of("h0") is None, "the oldest is forgotten"
    assert len(taking._kept) == PRESSES + 2
    await taking.close()


def test_the_words_of_a_blocked_key_are_its_reason_in_both_languages() -> None:
    desk = Desk(open_=False)
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE})
    room = DeskRoom(desk)

    async def ask() -> Any:
        return await pressed(made(room), KeyPress("a", shown(room), press="1"))

    found = asyncio.run(ask())
    assert (found.status, found.code) == ("refused", "key_blocked")
    assert found.text == ("还没有开播", "The broadcast is not open")
