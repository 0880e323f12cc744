"""福袋雨 over random evenings: engines that die between any two commits, late claims, people everywhere."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.domain.evolve import evolve
from liveconsole.domain.kinds.lucky_bag import draws, prizes, promise, series
from liveconsole.domain.room import Room
from liveconsole.domain.room_bags import Bag
from liveconsole.domain.tick import next_due
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import EVENTS
from liveconsole.messages.facts import FACTS
from liveconsole.verify_draw import check_log, check_receipt
from liveconsole.verify_series import check_series, check_series_log
from tests.unit.domain.desk import Desk

PEOPLE = [f"v{n}" for n in range(9)]
SEVERAL = 6
MANY = 20
"""Of make prove."""
Line = dict[str, Any]


class RainyEvening(Desk):
    """A desk whose engine may die after any commit: the next one has what is on the log, and nothing else."""

    def __init__(self, seed: int, dies: float = 0.1) -> None:
        self.dice, self.dies = random.Random(seed), dies
        super().__init__(recall_seconds=0, randomness=self.dice.choice(["local", "local", "drand"]))
        self.heard: list[tuple[datetime, str]] = []
        self.count = self.dice.randint(2, 5)
        spec = {
            "prize": {"name": "帽子", "value_fen": 100},
            "winners": self.dice.randint(1, 2),
            "alternates": self.dice.randint(0, 3),
            "entry": {"keyword": "要"},
            "seconds": self.dice.randint(20, 60),
            "claim": {"seconds": self.dice.choice([15, 40, 70, 600])},
            "series": {"count": self.count, "gap_seconds": self.dice.choice([0, 0, 7, 60])},
        }
        self.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": spec})
        self.ok("cue.fire", {"cue_id": "bag"})

    def fold(self, events: list[Event]) -> None:
        super().fold(events)
        holders = [w.viewer_id for cue in self.room.cues.values() for bag in cue.bags for w in bag.winners]
        assert len(holders) == len(set(holders)), "somebody holds two prizes after a commit"
        if self.dice.random() < self.dies:
            self.room = folded(self.log)

    def play(self) -> None:
        while self.cue("bag").status == "on_air":
            self._something()
        self.wait(10_000)
        assert next_due(self.room) is None

    def _something(self) -> None:
        what = self.dice.random()
        if what < 0.5:
            who = self.dice.choice(PEOPLE)
            text = self.dice.choice(["要", "要", "要", "要不要"])
            self.heard.append((self.now, who))
            self.fact("comment.posted", {"viewer": {"id": who}, "text": text})
        elif what < 0.85:
            self.wait(self.dice.choice([1, 3, 10]))
        elif what < 0.88:
            self.sleep(self.dice.choice([30, 200]))
        elif what < 0.995:
            self._settle()
        elif self.dice.random() < 0.3:
            self.ask("cue.stop", {"cue_id": "bag", "reason": "停"})
        else:
            self.ask(*self.dice.choice([("bag.no_more", {"cue_id": "bag"}), ("room.halt", {})]))

    def _settle(self) -> None:
        waiting = [(bag.number, w.viewer_id) for bag in self.cue("bag").bags for w in bag.unsettled]
        if waiting:
            bag, who = self.dice.choice(waiting)
            ok = self.dice.random() < 0.4
            self.ask("bag.settle", {"cue_id": "bag", "viewer_id": who, "ok": ok, "bag": bag})


def folded(log: Iterable[Event]) -> Room:
    room = Room("room")
    for event in log:
        type_ = EVENTS.get(event.type) or FACTS[event.type]
        data = msgspec.json.decode(msgspec.json.encode(event.data), type=type_)
        evolve(room, msgspec.structs.replace(event, data=data))
    return room


def lines_of(desk: Desk) -> list[Line]:
    return [
        {"seq": e.seq, "type": e.type, "at": e.at.isoformat(), "data": msgspec.to_builtins(e.data)}
        for e in desk.log
    ]


def look(desk: RainyEvening) -> None:
    """Everything that was promised of a series, held against what happened."""
    assert msgspec.msgpack.encode(folded(desk.log)) == msgspec.msgpack.encode(desk.room)
    cue, lines = desk.cue("bag"), lines_of(desk)
    receipts = [line["data"]["receipt"] for line in lines if line["type"] == "cue.drawn"]
    for receipt in receipts:
        for holds, _, english in [*check_receipt(receipt), *check_log(receipt, lines)]:
            assert holds is not False, english
    told = [line["data"]["receipt"] for line in lines if line["type"] == "bag.series"]
    assert len(told) == bool(receipts)
    for whole in told:
        for holds, _, english in [*check_series(whole, receipts), *check_series_log(whole, receipts, lines)]:
            assert holds is not False, english
    _nobody_was_let_in_at_another_time(desk, cue.bags)
    if cue.series is not None and cue.ended_because == "drawn" and not cue.series.cut:
        assert len(receipts) == desk.count


def _nobody_was_let_in_at_another_time(desk: RainyEvening, bags: list[Bag]) -> None:
    """Whoever entered a bag said it while that bag ran."""
    for event in desk.log:
        if event.type != "bag.entered":
            continue
        number = event.data.bag or 1  # type: ignore[attr-defined]
        bag = next(bag for bag in bags if bag.number == number)
        assert bag.opened_at is not None
        assert bag.ends_at is not None
        for pid, _ in event.data.entries:  # type: ignore[attr-defined]
            assert any(bag.opened_at <= at < bag.ends_at and who == pid for at, who in desk.heard), (
                f"{pid} is in bag {number}"
            )


def evening(seed: int, dies: float = 0.1) -> RainyEvening:
    desk = RainyEvening(seed, dies)
    desk.play()
    look(desk)
    return desk


@pytest.mark.parametrize("seed", range(SEVERAL))
def test_every_winner_wins_once_and_every_receipt_follows(seed: int) -> None:
    evening(seed)


@pytest.mark.deep
def test_every_winner_wins_once_over_a_thousand_evenings_and_a_death_at_every_commit() -> None:
    for seed in range(1_000):
        evening(seed)
    for seed in range(MANY):
        evening(seed, 1.0)


def test_all_of_it_happens() -> None:
    """What the evenings do not do they say nothing about."""
    desks = [evening(seed) for seed in range(MANY)]
    reasons = {e.data.reason for d in desks for e in d.log if e.type == "bag.settled"}  # type: ignore[attr-defined]
    assert {"won_already", "claim_over"} <= reasons
    types = {e.type for d in desks for e in d.log}
    assert {"bag.opened", "bag.series", "bag.no_more"} <= types


def _carried(opened: Any) -> Any:
    def fold(room: Room, data: Any, event: Any) -> None:
        there = dict(room.cues["bag"].bag.entries)  # type: ignore[union-attr]
        opened(room, data, event)
        room.cues["bag"].bag.entries.update(there)  # type: ignore[union-attr]

    return fold


def _from_the_start(drawn: Any) -> Any:
    def fold(cue: Any, at: datetime) -> None:
        drawn(cue, at)
        if cue.series is not None and cue.series.next_at is not None:
            cue.series.next_at = cue.bag.opened_at + timedelta(seconds=cue.spec.series.gap_seconds)

    return fold


BENT: dict[str, tuple[Any, str, Any]] = {
    "a winner twice": (series, "won_elsewhere", lambda _: lambda cue, bag: set()),
    "the next draw keeps the passed over": (prizes, "won_already", lambda _: lambda *args: []),
    "entrants of one bag are in the next": (None, "bag.opened", _carried),
    "the gap begins with the start": (series, "drawn", _from_the_start),
    "who won is let in again": (promise, "_before", lambda _: lambda cue: []),
    "a bag that is closed lets people in": (draws, "is_open", lambda _: lambda cue, ctx: True),
}


@pytest.mark.parametrize("bent", BENT)
def test_twin_a_planted_bug_is_seen(bent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, bend = BENT[bent]
    if owner is None:
        from liveconsole.domain import evolve as folds

        monkeypatch.setitem(folds.FOLDS, name, bend(folds.FOLDS[name]))
    else:
        monkeypatch.setattr(owner, name, bend(getattr(owner, name)))
    for seed in range(60):
        try:
            evening(seed)
        except (AssertionError, KeyError):
            return
    pytest.fail(f"{bent}: nobody saw it")
