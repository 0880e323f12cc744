"""I9–I12 of lucky bags over whole broadcasts: the rules against a model and the independent check.

I9 frozen entrants, one entry a viewer · I10 winners derive from what was promised · I11 drawn once,
replaced in order · I12 winners distinct, eligible, not excluded, as many as promised. The twins take one
guard out and must fail.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from liveconsole import verify_draw
from liveconsole.domain import draw as hashes
from liveconsole.domain.context import Context, Decision
from liveconsole.domain.decide import decide
from liveconsole.domain.evolve import evolve
from liveconsole.domain.kinds.lucky_bag import draws, prizes
from liveconsole.domain.kinds.lucky_bag.ends import is_open
from liveconsole.domain.room import Room
from liveconsole.domain.take import take
from liveconsole.domain.tick import tick
from liveconsole.messages.draws import BagEntered
from liveconsole.messages.envelope import Command, Event, Fact
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import Person
from tests.unit.domain.promo_rooms import SeededChance

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
VIEWERS = [f"p{i}" for i in range(8)]
KEYWORD = "福到了"
SAYS = st.sampled_from([KEYWORD, KEYWORD, f" {KEYWORD}\u200b", "多少钱", f"{KEYWORD}！"])
SOURCES = st.sampled_from(["/a", "/a", "/a", "/b"])


class Broadcast(RuleBasedStateMachine):
    """One broadcast with bags; the model is plain dicts and knows nothing of the rules' code."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Room(room_id="room")
        self.now = START
        self.chance = SeededChance()
        self.log: list[Event] = []
        self.facts = 0
        self.source: dict[str, str] = {}
        self.entered: dict[str, set[str]] = {}
        self.excluded: dict[str, set[str]] = {}
        self.ends: dict[str, datetime] = {}
        self.heard: list[tuple[float, str]] = []

    def _fold(self, events: list[Event]) -> None:
        for event in events:
            msgspec.structs.force_setattr(event, "seq", len(self.log) + 1)
            self.log.append(event)
            self.room = evolve(self.room, event)

    def _due(self) -> None:
        for _ in range(50):
            events = tick(self.room, self.now, self.chance)
            if not events:
                return
            self._fold(events)
        raise AssertionError("time never settles")

    def _ask(self, type_: str, /, **data: Any) -> bool:
        self._due()
        command = Command(f"{len(self.log)}", type_, data, "host")
        answer = decide(self.room, command, self.now, self.chance)
        if isinstance(answer, Decision):
            self._fold(answer.events)
        return isinstance(answer, Decision)

    @initialize(drand=st.booleans(), alternates=st.integers(0, 3))
    def open(self, drand: bool, alternates: int) -> None:
        assert self._ask("room.set", recall_seconds=0, randomness="drand" if drand else "local")
        assert self._ask("broadcast.open")
        self.fire(2, alternates, {"p0"}, 60)

    @precondition(lambda self: len(self.entered) < 3)
    @rule(
        winners=st.integers(1, 4),
        alternates=st.none() | st.integers(0, 3),
        excluded=st.sets(st.sampled_from(VIEWERS), max_size=3),
        seconds=st.sampled_from([20, 60]),
    )
    def fire(self, winners: int, alternates: int | None, excluded: set[str], seconds: int) -> None:
        cue_id = f"bag{len(self.entered)}"
        spec = {
            "prize": {"name": "杯", "value_fen": 100},
            "winners": winners,
            "entry": {"keyword": KEYWORD},
            "seconds": seconds,
            "claim": {"seconds": 30},
            "exclude": sorted(excluded),
        }
        if alternates is not None:
            spec["alternates"] = alternates
        assert self._ask("cue.add", cue_id=cue_id, kind="lucky_bag", spec=spec)
        assert self._ask("cue.fire", cue_id=cue_id)
        since = -(-(self.now.timestamp() - 300) // 10) * 10
        told = Counter(source for at, source in self.heard if at >= since)
        if told:
            self.source[cue_id] = min(told, key=lambda source: (-told[source], source))
        self.entered[cue_id], self.excluded[cue_id] = set(), excluded
        self.ends[cue_id] = self.now + timedelta(seconds=seconds)

    @rule(said=st.lists(st.tuples(st.sampled_from(VIEWERS), SAYS, SOURCES), min_size=4, max_size=16))
    def comments(self, said: list[tuple[str, str, str]]) -> None:
        self._due()
        facts = []
        for pid, text, source in said:
            self.facts += 1
            data = CommentPosted(Person(pid), text)
            facts.append(Fact(source, str(self.facts), "comment.posted", None, data, {}))
            self.heard.append((self.now.timestamp(), source))
        for cue_id, ends in self.ends.items():
            if self.now < ends:
                for pid, text, source in said:
                    if text.strip(" \u200b") != KEYWORD:
                        continue
                    if source == self.source.setdefault(cue_id, source) and pid not in self.excluded[cue_id]:
                        self.entered[cue_id].add(pid)
        self._fold(take(self.room, facts, self.now, self.chance))

    @rule()
    def everybody_says_it(self) -> None:
        self.comments([(pid, KEYWORD, "/a") for pid in VIEWERS])

    @rule(seconds=st.sampled_from([0.5, 1, 5, 15, 31]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self._due()

    @precondition(lambda self: any(self.now < ends for ends in self.ends.values()))
    @rule(late=st.sampled_from([0, 0, 1, 45]))
    def wait_for_the_next_close(self, late: int) -> None:
        self.now = min(ends for ends in self.ends.values() if self.now < ends) + timedelta(seconds=late)
        self._due()

    @rule(data=st.data(), viewer=st.sampled_from(VIEWERS), place=st.integers(0, 2), ok=st.booleans())
    def settle(self, data: st.DataObject, viewer: str, place: int, ok: bool) -> None:
        """Mostly somebody who holds a prize."""
        cue_id = data.draw(st.sampled_from(sorted(self.ends)))
        bag = self.room.cues[cue_id].bag
        if bag is not None and place < len(bag.winners):
            viewer = bag.winners[place].viewer_id
        self._ask("bag.settle", cue_id=cue_id, viewer_id=viewer, ok=ok)

    @rule(data=st.data(), sure=st.integers(0, 3))
    def stop(self, data: st.DataObject, sure: int) -> None:
        cue_id = data.draw(st.sampled_from(sorted(self.ends)))
        if sure == 0 and self._ask("cue.stop", cue_id=cue_id, reason="断网"):
            assert self.now < self.ends[cue_id], "a bag was stopped after its close"
            self.ends[cue_id] = self.now

    @rule()
    def halt(self) -> None:
        assert self._ask("room.halt")

    @rule(data=st.data())
    def the_close_comes_again(self, data: st.DataObject) -> None:
        """As after a crash between the commit and the clock: whatever is due is asked for once more."""
        self._due()
        cue = self.room.cues[data.draw(st.sampled_from(sorted(self.ends)))]
        if self.now >= self.ends[cue.cue_id] and cue.bag is not None:
            self._fold(draws.close(self.room, cue, Context(self.now, "clock", self.chance)))

    @rule()
    def restart(self) -> None:
        self.room = msgspec.msgpack.decode(msgspec.msgpack.encode(self.room), type=Room)

    def _of(self, kind: str, cue_id: str) -> list[Any]:
        return [e.data for e in self.log if e.type == kind and e.data.cue_id == cue_id]  # type: ignore[attr-defined]

    @invariant()
    def entrants_are_who_said_it_once_each_and_frozen(self) -> None:
        for cue_id, people in self.entered.items():
            pairs = [pair for data in self._of("bag.entered", cue_id) for pair in data.entries]
            assert len(pairs) == len({pid for pid, _ in pairs}) == len({entry for _, entry in pairs})
            assert {pid for pid, _ in pairs} == people
            closed = self._of("bag.closed", cue_id)
            assert len(closed) <= 1
            for data in closed:
                assert data.entries == sorted(entry for _, entry in pairs)
                bag = self.room.cues[cue_id].bag
                assert bag is not None
                assert sorted(bag.entries.values()) == data.entries
                assert bag.root == data.root

    @invariant()
    def a_draw_is_one_and_follows_for_anybody(self) -> None:
        lines = msgspec.to_builtins([{"seq": e.seq, "type": e.type, "data": e.data} for e in self.log])
        for cue_id, people in self.entered.items():
            drawn = self._of("cue.drawn", cue_id)
            assert len(drawn) <= 1
            for data in drawn:
                checks = [
                    *verify_draw.check_receipt(data.receipt),
                    *verify_draw.check_log(data.receipt, lines),
                ]
                assert [words for holds, _, words in checks if not holds] == []
                rules = data.receipt["rules"]
                assert len(data.winners) == min(rules["winners"], len(people))
                everybody = [w.viewer_id for w in (*data.winners, *data.alternates)]
                assert len(everybody) == len(set(everybody))
                assert set(everybody) <= people - self.excluded[cue_id]

    @invariant()
    def whoever_holds_a_prize_was_drawn(self) -> None:
        for cue_id in self.entered:
            drawn, bag = self._of("cue.drawn", cue_id), self.room.cues[cue_id].bag
            held = [w.viewer_id for w in bag.winners] if bag is not None else []
            assert len(held) == len(set(held))
            if held:
                assert set(held) <= {w.viewer_id for w in (*drawn[0].winners, *drawn[0].alternates)}
                assert len(held) <= len(drawn[0].winners)

    def teardown(self) -> None:
        """Every bag that nobody stopped is drawn in the end, and the log alone gives the same room."""
        self.now += timedelta(days=1)
        self._due()
        for cue_id in self.entered:
            cue = self.room.cues[cue_id]
            assert cue.ended_because in {"drawn", "stopped"}
            assert bool(self._of("cue.drawn", cue_id)) == (cue.ended_because == "drawn")
        self.entrants_are_who_said_it_once_each_and_frozen()
        self.a_draw_is_one_and_follows_for_anybody()
        self.whoever_holds_a_prize_was_drawn()
        again = Room(room_id="room")
        for event in self.log:
            again = evolve(again, event)
        assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(self.room)


Broadcast.TestCase.settings = settings(max_examples=200, stateful_step_count=25)
TestBroadcast = Broadcast.TestCase


# The twins ------------------------------------------------------------------------------------------


def _fails(*invariants: str) -> None:
    """That the machine finds the missing guard, and by an invariant that is about it."""
    often = settings(
        max_examples=500, stateful_step_count=20, database=None, derandomize=True, phases=[Phase.generate]
    )
    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(Broadcast, settings=often)
    assert {entry.name for entry in found.traceback} & set(invariants)


def test_twin_without_the_guard_against_entering_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def enter(room: Room, facts: list[Fact], ctx: Context) -> list[Event]:
        found = []
        for cue in room.cues.values():
            if cue.bag is not None and cue.bag.promise is not None and is_open(cue, ctx):
                promised = cue.bag.promise
                said = [
                    f.data.viewer.id
                    for f in facts
                    if isinstance(f.data, CommentPosted) and KEYWORD in f.data.text
                ]
                pairs = [(p, hashes.entry_id(promised.draw_id, promised.salt, p)) for p in said]
                found.append(ctx.event("bag.entered", BagEntered(cue.cue_id, pairs)))
        return found

    monkeypatch.setattr(draws, "enter", enter)
    _fails("entrants_are_who_said_it_once_each_and_frozen")


def test_twin_without_the_guard_against_drawing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    real = draws.close

    def close(room: Room, cue: Any, ctx: Context) -> list[Event]:
        forgetful = msgspec.structs.replace(
            cue, status="on_air", bag=msgspec.structs.replace(cue.bag, root="")
        )
        return real(room, forgetful, ctx)

    monkeypatch.setattr(draws, "close", close)
    _fails("entrants_are_who_said_it_once_each_and_frozen", "a_draw_is_one_and_follows_for_anybody")


def test_twin_with_alternates_out_of_order(monkeypatch: pytest.MonkeyPatch) -> None:
    real = prizes._pass

    def backwards(cue: Any, bag: Any, late: Any, reason: str, ctx: Context) -> list[Event]:
        return real(cue, msgspec.structs.replace(bag, alternates=bag.alternates[::-1]), late, reason, ctx)

    monkeypatch.setattr(prizes, "_pass", backwards)
    _fails("a_draw_is_one_and_follows_for_anybody")


def test_twin_that_lets_the_excluded_in(monkeypatch: pytest.MonkeyPatch) -> None:
    real = draws._enter_one

    def blind(cue: Any, *rest: Any) -> None:
        real(msgspec.structs.replace(cue, spec=msgspec.structs.replace(cue.spec, exclude=[])), *rest)

    monkeypatch.setattr(draws, "_enter_one", blind)
    _fails("entrants_are_who_said_it_once_each_and_frozen")


def test_twin_that_draws_with_a_value_nobody_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    real = SeededChance.secret
    monkeypatch.setattr(hashes, "commitment", lambda value: "0" * 64)
    monkeypatch.setattr(SeededChance, "secret", lambda self, draw_id: real(self, f"{draw_id}{self._calls}"))
    _fails("a_draw_is_one_and_follows_for_anybody")
