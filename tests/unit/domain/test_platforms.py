"""What a platform can, asked per kind: a person, a program or nobody does it there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from liveconsole.domain.effects import owed
from liveconsole.domain.platforms import PLATFORMS, Platform, can, claims_known, doer, orders_known
from liveconsole.domain.pricing import lowest_final
from liveconsole.domain.room import Cue
from liveconsole.messages.commands import RoomSet
from liveconsole.messages.state.room import Capabilities
from tests.unit.domain.desk import SALE, Desk, placed

ROOT = Path(__file__).resolve().parents[3]
COUPON = {"name": "减 8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}
BAG = {"prize": {"name": "围巾", "value_fen": 9900}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 60}
MIXED = Platform(
    Capabilities(
        pins="person", sales="program", coupons="program", bags="us", reports_orders=True, stacks_coupons=True
    )
)
"""Like a shop with an interface and a phone without one: who does a thing depends on the thing."""


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A room on the fifth platform, which no rule knows by name."""
    monkeypatch.setitem(PLATFORMS, "made_up_shop", MIXED)
    desk = Desk(recall_seconds=0)
    desk.ok("room.set", RoomSet(platform="made_up_shop"))  # type: ignore[arg-type]
    return desk


def _fire(desk: Desk, kind: str, spec: dict[str, Any], cue_id: str) -> Cue:
    desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
    desk.ok("cue.fire", {"cue_id": cue_id})
    return desk.cue(cue_id)


def _everything(desk: Desk) -> None:
    pin = desk.ok("cart.pin", {"product_id": "hat"})["cue_id"]
    desk.room.cues["pin"] = desk.room.cues[pin]  # one name for the test
    _fire(desk, "flash_sale", SALE, "sale")
    _fire(desk, "coupon", COUPON, "coupon")
    _fire(desk, "lucky_bag", BAG, "bag")


def test_what_is_offered_as_a_setting_is_what_the_table_has() -> None:
    hint = get_type_hints(RoomSet)["platform"]
    offered = {name for arg in get_args(hint) for name in get_args(arg)}
    assert offered == set(PLATFORMS)
    assert {name for name, one in PLATFORMS.items() if one.simulated} == {"rehearsal"}


def test_a_platform_that_is_not_in_the_table_is_refused() -> None:
    desk = Desk()
    assert desk.no("room.set", {"platform": "elsewhere"}) == "bad_shape"
    assert desk.no("room.set", RoomSet(platform="elsewhere")) == "bad_shape"  # type: ignore[arg-type]
    assert desk.no("room.set", {"platform": "rehearsal"}) == "not_a_rehearsal"


def test_a_program_is_asked_for_what_a_program_does_and_for_nothing_else(desk: Desk) -> None:
    _everything(desk)
    assert {effect.cue_id for effect in owed(desk.room)} == {"sale", "coupon"}
    assert [desk.cue(name).status for name in ("pin", "sale", "coupon", "bag")] == [
        "firing", "firing", "firing", "on_air",
    ]  # fmt: skip
    assert [doer(desk.room, kind) for kind in ("pin", "flash_sale", "coupon", "lucky_bag")] == [
        "person", "program", "program", "us",
    ]  # fmt: skip


def test_silence_makes_a_persons_unknown_by_the_clock_and_a_programs_by_its_word(desk: Desk) -> None:
    _everything(desk)
    assert desk.wait(59) == ["cue.unknown"], "thirty seconds for a pin; a program's own silence has no clock"
    assert (desk.cue("pin").status, desk.cue("sale").status) == ("unknown", "firing")
    effect = next(e for e in owed(desk.room) if e.cue_id == "sale")
    data = {"key": effect.key, "cue_id": "sale", "step": "on_air", "outcome": "unknown"}
    desk.ok("effect.answered", data, "platform")
    assert desk.cue("sale").status == "unknown"
    assert [e.cue_id for e in owed(desk.room) if e.cue_id == "sale"], "and it is asked what became of it"


def test_a_person_confirms_what_a_person_does(desk: Desk) -> None:
    _everything(desk)
    on_air = {"step": "on_air", "done": True}
    desk.ok("cue.confirm", {"cue_id": desk.cue("pin").cue_id, **on_air})
    assert desk.room.pinned.confirmed == "hat"
    assert desk.no("cue.confirm", {"cue_id": "sale", **on_air}) == "not_asked", "the program answers"
    desk.ok("cue.confirm", {"cue_id": desk.cue("pin").cue_id, "step": "ended", "done": True})
    assert desk.room.pinned.wanted is None, "it was ended on the phone"
    assert desk.no("cue.confirm", {"cue_id": "bag", "step": "ended", "done": True}) == "not_asked"


def test_an_end_is_owed_to_whoever_started_it(desk: Desk) -> None:
    _everything(desk)
    desk.ok("cue.confirm", {"cue_id": desk.cue("pin").cue_id, "step": "on_air", "done": True})
    for effect in owed(desk.room):
        data = {"key": effect.key, "cue_id": effect.cue_id, "step": "on_air", "outcome": "done"}
        desk.ok("effect.answered", data, "platform")
    desk.ok("cart.unpin", {})
    desk.wait(60)
    assert [desk.cue(name).status for name in ("pin", "sale", "coupon", "bag")] == ["ended"] * 4
    assert {effect.cue_id for effect in owed(desk.room)} == {"sale", "coupon"}
    assert desk.cue("pin").owed is not None, "a person still has to press 结束讲解"
    assert desk.cue("bag").owed is None
    assert desk.cue("bag").ended_because == "drawn", "it lives here"


def test_a_program_that_was_never_asked_is_owed_no_end_and_a_person_is(desk: Desk) -> None:
    _everything(desk)
    desk.ok("room.halt", {})
    assert desk.cue("sale").owed is None
    assert desk.cue("pin").owed is not None, "nobody can know whether it was pressed already"


def test_a_sale_that_a_program_runs_stops_when_it_is_oversold_and_asks_nobody(desk: Desk) -> None:
    _fire(desk, "flash_sale", SALE, "sale")
    (effect,) = owed(desk.room)
    data = {"key": effect.key, "cue_id": "sale", "step": "on_air", "outcome": "done"}
    desk.ok("effect.answered", data, "platform")
    desk.fact("order.placed", placed("o1", "ann", 6, cue_id="sale"))
    assert (desk.cue().status, desk.cue().reason, desk.cue().asks_more) == ("ended", "oversold", False)


def test_figures_are_known_where_the_platform_reports_them(desk: Desk) -> None:
    _everything(desk)
    assert orders_known(desk.room)
    assert claims_known(desk.room, desk.cue("coupon"))
    assert desk.seen("sale")["left"] == 5
    desk = Desk("manual", recall_seconds=0)
    assert not orders_known(desk.room)
    assert not claims_known(desk.room, _fire(desk, "coupon", COUPON, "coupon"))
    desk.fact("order.placed", placed("o1"))
    assert orders_known(desk.room), "a source tells of orders after all"


def test_coupons_stack_where_the_platform_stacks_them(desk: Desk) -> None:
    scoped = {**COUPON, "scope": {"product_ids": ["scarf"]}}
    for number, spec in enumerate((COUPON, scoped)):
        _fire(desk, "coupon", spec, f"c{number}")
    assert can(desk.room).stacks_coupons
    assert lowest_final(desk.room, "scarf").fen == 9900 - 1600
    own = Desk(recall_seconds=0)
    for number, spec in enumerate((COUPON, scoped)):
        _fire(own, "coupon", spec, f"c{number}")
    assert lowest_final(own.room, "scarf").fen == 9900 - 800


# The house -------------------------------------------------------------------------------------------


def compared(tree: ast.Module) -> list[int]:
    """Lines that compare something with a platform's name; a set or a tuple of them counts as well."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            words = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
            if any(
                word in PLATFORMS for word in words if isinstance(word, str)
            ) and "platform" in ast.unparse(node):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ('room.settings.platform == "manual"', 'doer(room, cue.kind) == "person"'),
        ('room.settings.platform in {"own", "manual"}', 'choice.mode == "manual"'),
        ('settings.get("platform") != "rehearsal"', "platform.simulated"),
    ],
)
def test_a_comparison_with_a_platform_is_seen(bad: str, good: str) -> None:
    assert compared(ast.parse(bad))
    assert not compared(ast.parse(good))


STILL_IN_THE_DESK = {
    "ui/panels/composer/sale.py",
    "ui/panels/manual/card.py",
    "ui/panels/manual/measure.py",
    "ui/panels/on_air/strip.py",
    "ui/panels/queue/rows.py",
    "ui/panels/stage/card.py",
}
"""Where the desk still asks for ``manual``. The list may only become shorter."""


def _naming(folder: str) -> Iterator[str]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if compared(ast.parse(path.read_text("utf-8"))):
            yield path.relative_to(ROOT).as_posix()


def test_no_rule_asks_for_a_platform_by_name() -> None:
    assert list(_naming("liveconsole")) == []


def test_the_desk_asks_for_a_platform_by_name_in_no_new_place() -> None:
    assert set(_naming("ui")) <= STILL_IN_THE_DESK
