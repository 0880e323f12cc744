"""Regulated goods: without number or picture, or expired, nobody can pin or promote them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.advice import law_files
from liveconsole.domain import fire
from liveconsole.domain.context import Context
from liveconsole.domain.law import qualified
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.law import QUALIFICATIONS_LIMIT
from tests.unit.domain.desk import START, Desk, Seeded, product

RULES: dict[str, Any] = {"rules": msgspec.to_builtins(law_files.load().rules)}
WHOLE = {"kind": "food_licence", "number": "JY1", "image": "a" * 64}


def desk_of(category: str = "food", **desk: Any) -> Desk:
    made = Desk(recall_seconds=0, **desk)
    made.ok("law.read", RULES, "platform")
    put(made, category)
    return made


def put(desk: Desk, category: str, *qualifications: dict[str, Any]) -> None:
    sent = {"product_id": "hat", "category": category, "qualifications": list(qualifications)}
    desk.ok("catalogue.put", {"products": [sent]})


def lacks(desk: Desk) -> list[tuple[str, str]]:
    row = next(p for p in desk.shown().catalogue.products if p.product_id == "hat")
    return [(one.kinds[0], one.why) for one in row.lacks]


PUTS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "nothing": ([], "missing"),
    "another kind": ([WHOLE | {"kind": "ccc_certificate"}], "missing"),
    "no number": ([WHOLE | {"number": " "}], "number"),
    "no picture": ([{"kind": "food_licence", "number": "JY1"}], "image"),
    "ended yesterday": ([WHOLE | {"until": "2026-11-10"}], "expired"),
}


@pytest.mark.parametrize(("there", "why"), PUTS.values(), ids=PUTS)
def test_what_is_not_whole_is_refused_with_the_name_of_the_rule(
    there: list[dict[str, Any]], why: str
) -> None:
    desk = desk_of()
    put(desk, "food", *there)
    assert lacks(desk) == [("food_licence", why)]
    no = desk.refusal("cart.pin", {"product_id": "hat"})
    assert no.code == "unqualified"
    assert all(said in no.text for said in ("《食品安全法》", "条文以公布文本为准", "hat"))
    assert desk.room.pinned.wanted is None


@pytest.mark.parametrize("until", [None, "2026-11-11", "2027-01-01"])
def test_what_is_whole_is_pinned(until: str | None) -> None:
    desk = desk_of()
    put(desk, "食品", WHOLE | ({"until": until} if until else {}))
    assert lacks(desk) == []
    desk.ok("cart.pin", {"product_id": "hat"})


def test_any_one_of_the_kinds_will_do_and_one_that_is_whole_covers_one_that_is_not() -> None:
    desk = desk_of()
    put(desk, "food", {"kind": "food_licence"}, WHOLE | {"kind": "prepackaged_filing"})
    desk.ok("cart.pin", {"product_id": "hat"})


def test_every_need_of_a_category_counts() -> None:
    desk = desk_of("health_food")
    put(desk, "health_food", WHOLE)
    assert lacks(desk) == [("health_food_registration", "missing")]


@pytest.mark.parametrize("category", ["clothes", "", "没听过"])
def test_goods_of_no_category_that_is_known_have_no_rule(category: str) -> None:
    desk = desk_of()
    put(desk, category)
    desk.ok("cart.pin", {"product_id": "hat"})
    check = next(c for c in desk.shown().law.checks if c.check == "qualified")
    assert check.passes is None


def test_no_way_to_the_screen_goes_round_it() -> None:
    """Pin by id and by number, 下一品 with and without a rundown, and a promotion of every kind."""
    desk = desk_of()
    assert desk.no("cart.pin", {"number": 2}) == "unqualified"
    desk.ok("cart.pin", {"product_id": "scarf"})
    assert desk.no("go.next", {}) == "nothing_next"
    assert desk.shown().cart.next is None
    for cue_id, kind, spec in (
        ("sale", "flash_sale", {"sku_id": "hat", "price_fen": 3900, "quantity": 2, "per_buyer": 1,
                                "seconds": 60}),
        ("coupon", "coupon", {"name": "券", "rule": {"off_fen": 100}, "scope": {"product_ids": ["hat"]},
                              "quantity": 5, "per_buyer": 1, "seconds": 60}),
        ("bag", "lucky_bag", {"prize": {"name": "帽", "value_fen": 100, "product_id": "hat"}, "winners": 1,
                              "entry": {"keyword": "要"}, "seconds": 60}),
        ("pin", "pin", {"product_id": "hat"}),
    ):  # fmt: skip
        desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
        assert desk.no("cue.approve", {"cue_id": cue_id}) == "unqualified", kind
        assert desk.no("cue.fire", {"cue_id": cue_id}) == "unqualified", kind
        can = next(c for c in desk.shown().cues if c.cue_id == cue_id).can
        assert can.fire is not True
        assert can.fire.code == "unqualified"
    desk.ok("rundown.put", {"segments": [{"segment_id": "a", "product_id": "hat"}, {"segment_id": "b"}]})
    assert desk.no("go.next", {"to": "a"}) == "unqualified"
    assert desk.ok("go.next", {})["segment_id"] == "b"


def test_without_the_rule_it_would_be_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what the tests above hold is held by this rule and no other."""
    monkeypatch.setattr(qualified, "lacking", lambda room, product, at: [])
    desk = desk_of()
    desk.ok("cart.pin", {"product_id": "hat"})


def test_a_planned_promotion_is_judged_by_the_day_on_which_it_starts() -> None:
    desk = desk_of()
    put(desk, "food", WHOLE | {"until": "2026-11-11"})
    at = START + timedelta(days=1)
    sale = {"sku_id": "hat", "price_fen": 3900, "quantity": 2, "per_buyer": 1, "seconds": 60}
    for cue_id, moment in (("now", None), ("then", at)):
        data = {"cue_id": cue_id, "kind": "flash_sale", "spec": sale}
        desk.ok("cue.add", data | ({"at": moment.isoformat()} if moment else {}))
    assert desk.no("cue.approve", {"cue_id": "then"}) == "unqualified"
    desk.ok("cue.approve", {"cue_id": "now"})


def test_a_day_ends_in_china() -> None:
    """Good through the 11th: 23:59 there is 15:59 UTC."""
    desk = desk_of()
    put(desk, "food", WHOLE | {"until": "2026-11-11"})
    room, end = desk.room, next(qualified.ends(desk.room))
    for away, fine in ((-1, True), (0, False)):
        ctx = Context(end + timedelta(seconds=away), "host", Seeded())
        assert (fire.cannot_show(room, "hat", ctx) is None) == fine


def test_what_is_sent_is_bounded_and_dates_are_dates() -> None:
    desk = desk_of()
    many = [WHOLE] * (QUALIFICATIONS_LIMIT + 1)
    for bad in (many, [WHOLE | {"until": "soon"}], [{"number": "1"}]):
        sent = {"products": [{"product_id": "hat", "qualifications": bad}]}
        assert desk.no("catalogue.put", sent) == "bad_shape"


def test_what_is_not_sent_stays() -> None:
    desk = desk_of()
    put(desk, "food", WHOLE)
    desk.ok("catalogue.put", {"products": [product("hat", 4800, 20)]})
    row = next(p for p in desk.shown().catalogue.products if p.product_id == "hat")
    assert row.category == "food"
    assert row.qualifications is not None
    assert row.qualifications[0].number == "JY1"


def test_the_rules_stand_on_the_log_once_and_fold_again() -> None:
    desk = desk_of()
    desk.ok("law.read", RULES, "platform")
    assert [e.type for e in desk.log].count("law.read") == 1
    assert desk.refold().law == desk.room.law
    assert "law.read" not in COMMANDS
    assert desk.no("law.read", RULES) == "forbidden"


def test_a_planned_promotion_does_not_start_once_its_licence_was_taken_away() -> None:
    desk = desk_of()
    put(desk, "food", WHOLE)
    sale = {"sku_id": "hat", "price_fen": 3900, "quantity": 2, "per_buyer": 1, "seconds": 60}
    at = (desk.now + timedelta(seconds=30)).isoformat()
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": sale, "at": at})
    desk.ok("cue.approve", {"cue_id": "sale"})
    put(desk, "food")
    desk.wait(60)
    assert desk.cue("sale").status == "missed"
    assert desk.cue("sale").reason == "unqualified"
