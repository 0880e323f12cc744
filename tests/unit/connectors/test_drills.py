"""Every drill played by somebody who knows what to do and by somebody who does not: real rules, real store,
virtual time. The mark is what stands on the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from liveconsole.connectors.rehearsal import headless
from liveconsole.connectors.rehearsal.drills import DrillScript, scripts
from liveconsole.connectors.rehearsal.ledger import MemoryLedger, SimulatedPlatform
from liveconsole.connectors.rehearsal.moment import Ask
from liveconsole.connectors.rehearsal.scenario import Behaviour
from liveconsole.connectors.rehearsal.view import DrillView, RehearsalRoom
from liveconsole.domain.decide import parsed
from liveconsole.messages.drills import BETTER, DRILLS, FACTS, DrillEnded, fact_words
from liveconsole.messages.refusals import Refused
from liveconsole.views.summary import Summary

BEGIN: Final = 2.0
Press = tuple[float, str, dict[str, Any]]
SALE: Final = {"sku_id": "C04", "price_fen": 6900, "quantity": 10, "per_buyer": 1, "seconds": 30}
RIGHT: Final = {"sku_id": "Y01", "price_fen": 15_900, "quantity": 10, "per_buyer": 1, "seconds": 30}


def _sale(at: float, cue_id: str, spec: dict[str, Any]) -> list[Press]:
    only = {"cue_id": cue_id}
    return [
        (at, "cue.add", {**only, "kind": "flash_sale", "spec": spec}),
        (at + 1, "cue.approve", only),
        (at + 2, "cue.fire", only),
    ]


OWN: Final = {"cue_id": "drill1-a"}
NOT_BEGUN: Final[Press] = (23, "cue.confirm", {**OWN, "step": "on_air", "done": False})
AGAIN: Final = [NOT_BEGUN, *_sale(24, "twice", SALE)]
"""Said not to have begun, and begun once more: everything that must not be done."""
GOOD: Final[dict[str, list[Press]]] = {
    "cut_line": [(14, "note.put", {"text": "断线，等平台", "to": "host"})],
    "wrong_price": [(12, "cue.stop", OWN), *_sale(16, "right", RIGHT)],
    "sold_out": [(16, "go.next", {}), (20, "question.answer", {"text": "还有吗"})],
    "silent_platform": [(24, "cue.confirm", {**OWN, "step": "on_air", "done": True})],
    "long_day": [(second, "go.next", {}) for second in range(25, 242, 25)],
}
BAD: Final[dict[str, list[Press]]] = {
    "cut_line": AGAIN,
    "wrong_price": [(40, "cue.stop", OWN)],
    "sold_out": [],
    "silent_platform": AGAIN,
    "long_day": [],
}


class Played(msgspec.Struct):
    ended: DrillEnded
    lines: list[dict[str, Any]]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Played]:
    """A drill of seed 3; a ``quick`` seat decides every proposal of the drill as soon as it sees it."""
    monkeypatch.setattr(headless, "STEP", timedelta(seconds=1))
    kept: list[dict[str, Any]] = []
    add = Summary.add

    def listens(self: Summary, lines: Any) -> None:
        mine = list(lines)
        kept.extend(mine)
        add(self, mine)

    monkeypatch.setattr(Summary, "add", listens)

    def played(drill: str, presses: list[Press], *, quick: bool = False, drills: int = 1) -> Played:
        kept.clear()
        due = sorted([(BEGIN, "drill.start", {"drill": drill}), *presses], key=lambda press: press[0])
        numbers = iter(range(10_000))

        def seat(second: float, view: RehearsalRoom) -> list[Ask]:
            asks = []
            while due and due[0][0] <= second:
                _, type_, data = due.pop(0)
                asks.append(Ask(f"s{next(numbers)}", type_, data, "host"))
            for cue_id, status in view.cues if quick else ():
                if status == "queued" and cue_id.startswith("drill"):
                    asks.append(Ask(f"s{next(numbers)}", "cue.approve", {"cue_id": cue_id}, "host"))
            return asks

        folder = tmp_path / f"{drill}{len(list(tmp_path.iterdir()))}"
        seconds = (DRILLS[drill].seconds + 4) * drills + 16 * (drills - 1)
        headless.run_headless(3, "quiet" if quick else "default", seconds, folder, seat=seat)
        ended = [line for line in kept if line["type"] == "drill.ended"]
        assert len(ended) == drills, "a drill ends once, by the clock"
        return Played(msgspec.convert(ended[-1]["data"], DrillEnded), list(kept))

    return played


@pytest.mark.parametrize("drill", list(DRILLS))
def test_who_knows_what_to_do_is_marked_better(drill: str, play: Callable[..., Played]) -> None:
    good = play(drill, GOOD[drill], quick=drill == "long_day").ended
    bad = play(drill, BAD[drill]).ended
    assert good.mark is not None
    assert bad.mark is not None
    assert good.mark >= 90 > 60 > bad.mark, (good, bad)
    assert good.mark == 100 - sum(fact.off for fact in good.facts)
    assert bad.better != ["keep"]
    assert {fact.code for fact in (*good.facts, *bad.facts)} <= FACTS.keys()
    assert {*good.better, *bad.better} <= BETTER.keys()
    for fact in (*good.facts, *bad.facts):
        assert all("{" not in words for words in fact_words(fact))


def test_the_same_seed_and_the_same_presses_are_the_same_log(play: Callable[..., Played]) -> None:
    first, second = (play("sold_out", GOOD["sold_out"]).lines for _ in range(2))
    assert first == second


def test_behind_itself_a_drill_takes_away_what_it_put_there(play: Callable[..., Played]) -> None:
    played = play("wrong_price", [])
    place = next(at for at, line in enumerate(played.lines) if line["type"] == "drill.ended")
    behind = [(line["type"], line["data"].get("cue_id")) for line in played.lines[place:]]
    assert ("cue.ended", "drill1-a") in behind


def test_once_more_in_the_same_room_is_marked_anew(play: Callable[..., Played]) -> None:
    """Its goods and its cue ids are there already, and what the first had left behind is not in its way."""
    stop: Press = (90, "cue.stop", {"cue_id": "drill2-a"})
    again: list[Press] = [(80, "drill.start", {"drill": "wrong_price"}), stop]
    ended = play("wrong_price", [*again, *_sale(94, "right", RIGHT)], drills=2).ended
    assert ended.drill_id == "drill2"
    assert ended.mark is not None
    assert ended.mark >= 90


def test_the_line_is_cut_for_the_audience_as_well(play: Callable[..., Played]) -> None:
    """Nothing comes from outside while it is: a step is given at either end."""
    played = play("cut_line", [])
    began = next(_at(line) for line in played.lines if line["type"] == "drill.started")
    heard = [(_at(line) - began).total_seconds() for line in played.lines if line["type"] in AUDIENCE]
    assert [second for second in heard if 9 < second < 39] == []
    assert any(0 < second < 7 for second in heard)
    assert any(second > 41 for second in heard)


AUDIENCE: Final = {"comment.posted", "viewer.entered", "room.measured"}


def _at(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(line["at"])


def test_every_drill_has_a_script_whose_asks_have_the_shape_of_the_door() -> None:
    assert list(scripts()) == list(DRILLS)
    for name, script in scripts().items():
        assert script.step, name
        for step in script.step:
            assert step.at + (step.times - 1) * step.every < DRILLS[name].seconds
            assert not isinstance(parsed(step.type, step.data), Refused), step


def test_the_script_goes_by_the_seconds_since_the_drill_began() -> None:
    script, running = DrillScript("r"), RehearsalRoom(open=True, drill=DrillView("drill4", "cut_line"))
    assert script.step(50, RehearsalRoom(open=True)) == []
    assert script.step(60, running) == []
    assert [ask.data["cue_id"] for ask in script.step(61.5, running)] == ["drill4-a"]
    assert script.step(61.6, running) == [], "an ask goes out once"
    assert not script.air(65).mute
    assert script.air(67).mute


def test_a_silent_platform_does_it_once_and_says_so_when_it_speaks_again() -> None:
    platform = SimulatedPlatform(Behaviour(seconds=(0.1, 0.2)), 1, MemoryLedger())
    names = {"key": "k", "cue_id": "c", "step": "on_air", "kind": "flash_sale"}
    reply = platform.ask(headless.EPOCH, **names, silent=30.0)
    assert reply.after is None
    assert platform.query(headless.EPOCH + timedelta(seconds=29), "k") == "unknown"
    assert platform.query(headless.EPOCH + timedelta(seconds=30), "k") == "done"
