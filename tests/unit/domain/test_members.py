"""Every collection of the room has a bound, and each is reached here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liveconsole.domain import members
from liveconsole.messages.bounds import UNKNOWN_BYTES
from tests.unit.domain import desk as desks
from tests.unit.domain.desk import SALE, Desk

BAG: dict[str, Any] = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}


def product(product_id: str, price_fen: int = 4900) -> dict[str, Any]:
    """Some goods."""
    return desks.product(product_id, price_fen, 20)


Way = Callable[[int], tuple[str, dict[str, Any]]]
"""The command that makes so many of something in a room that has two products."""


def _skus(count: int) -> tuple[str, dict[str, Any]]:
    """Of several products, so that no product alone has too many."""
    rows = [{"sku_id": f"k{n}", "title": "x", "price_fen": 1, "stock": 1} for n in range(count - 2)]
    parts = [rows[n : n + 100] for n in range(0, len(rows), 100)]
    return "catalogue.put", {"products": [{**product(f"m{n}"), "skus": part} for n, part in enumerate(parts)]}


WAYS: dict[str, Way] = {
    "products": lambda n: ("catalogue.put", {"products": [product(f"p{k}") for k in range(n - 2)]}),
    "skus": _skus,
    "skus of a product": lambda n: (
        "catalogue.put",
        {"products": [{**product("m"), "skus": _rows(n)}]},
    ),
    "points": lambda n: ("catalogue.put", {"products": [{**product("m"), "points": ["x"] * n}]}),
    "groups": lambda n: ("catalogue.put", {"products": [{**product("m"), "groups": ["x"] * n}]}),
    "cart": lambda n: ("cart.add", {"product_ids": [f"p{k}" for k in range(n - 2)]}),
    "shop_coupons": lambda n: ("room.set", {"shop_coupons": [{"off_fen": 1}] * n}),
    "sources": lambda n: ("room.set", {"sources": {f"s{k}": False for k in range(n)}}),
    "exclude": lambda n: (
        "cue.add",
        {"kind": "lucky_bag", "spec": {**BAG, "exclude": [f"p{k:020x}" for k in range(n)]}},
    ),
}


def _rows(count: int) -> list[dict[str, Any]]:
    return [{"sku_id": f"k{n}", "title": "x", "price_fen": 1, "stock": 1} for n in range(count)]


def _desk(name: str, limit: int) -> Desk:
    desk = Desk()
    if name == "cart":
        desk.ok("catalogue.put", {"products": [product(f"p{k}") for k in range(limit)]})
    return desk


@pytest.mark.parametrize("name", sorted(WAYS))
def test_a_bound_is_reached_and_not_passed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = min(members.LIMITS[name], 300)  # that the real ones are reached as well: below
    monkeypatch.setitem(members.LIMITS, name, limit)
    desk = _desk(name, limit)
    type_, data = WAYS[name](limit + 1)
    refused = desk.refusal(type_, data)
    assert refused.code == "over_limit"
    assert refused.params["detail"].startswith(f"{name}: {limit + 1} > {limit}")
    desk.ok(*WAYS[name](limit))
    # The twin: with room for one more it is accepted.
    monkeypatch.setitem(members.LIMITS, name, limit + 1)
    desk.ok(type_, data)


@pytest.mark.parametrize("name", ["queue", "cues"])
def test_promotions_have_a_bound_and_pins_are_never_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(members.LIMITS, name, 3)
    desk = Desk()
    for n in range(3):
        desk.ok("cue.add", {"cue_id": f"c{n}", "kind": "flash_sale", "spec": SALE})
    assert desk.no("cue.add", {"kind": "flash_sale", "spec": SALE}) == "over_limit"
    assert desk.no("cue.again", {"cue_id": "c0"}) == "over_limit"
    desk.ok("cart.pin", {"product_id": "scarf"})
    desk.ok("go.next", {})
    desk.ok("cue.edit", {"cue_id": "c0", "spec": {**SALE, "seconds": 30}})
    desk.ok("cue.remove", {"cue_id": "c0"})
    if name == "queue":
        desk.ok("cue.add", {"kind": "flash_sale", "spec": SALE})


def test_the_table_names_nothing_that_no_test_reaches() -> None:
    assert set(members.LIMITS) == {*WAYS, "queue", "cues"}
    assert max(members.LIMITS.values()) <= 20_000


def test_a_room_reaches_its_real_bounds() -> None:
    """K6.6: 100,000 products made a state of 29 MB."""
    desk = Desk()
    whole = members.LIMITS["products"]
    for start in range(0, whole - 2, 4_999):
        ids = range(start, min(start + 4_999, whole - 2))
        desk.fold(_put(desk, [product(f"p{n}") for n in ids]))
    assert len(desk.room.products) == whole
    assert desk.no("catalogue.put", {"products": [product("one more")]}) == "over_limit"
    desk.ok("catalogue.put", {"products": [product("p1", 5000)]})


def _put(desk: Desk, products: list[dict[str, Any]]) -> list[Any]:
    from liveconsole.domain.context import Decision
    from liveconsole.domain.decide import decide
    from liveconsole.messages.envelope import Command

    answer = decide(
        desk.room, Command("id", "catalogue.put", {"products": products}, "host"), desk.now, desk.chance
    )
    assert isinstance(answer, Decision)
    return answer.events


def test_what_is_too_much_already_may_stay_and_shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room of an older version, or of a smaller table."""
    desk = Desk()
    desk.ok("room.set", {"shop_coupons": [{"off_fen": 1}] * 5})
    monkeypatch.setitem(members.LIMITS, "shop_coupons", 2)
    monkeypatch.setitem(members.LIMITS, "products", 1)
    desk.ok("room.set", {"shop_coupons": [{"off_fen": 1}] * 4})
    assert desk.no("room.set", {"shop_coupons": [{"off_fen": 1}] * 5}) == "over_limit"
    desk.ok("catalogue.put", {"products": [product("hat", 4800)]})


LARGE = {"blob": [1] * UNKNOWN_BYTES}


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("catalogue.put", {"products": [{**product("hat"), **LARGE}]}),
        ("catalogue.put", {"products": [{**product("hat"), "skus": [{**_rows(1)[0], **LARGE}]}]}),
        ("cue.add", {"kind": "flash_sale", "spec": {**SALE, **LARGE}}),
        ("cue.add", {"kind": "lucky_bag", "spec": {**BAG, "prize": {**BAG["prize"], **LARGE}}}),
        ("cue.edit", {"cue_id": "known", "spec": {**SALE, **LARGE}}),
        ("rundown.put", {"segments": [{"cues": [{"kind": "flash_sale", "spec": {**SALE, **LARGE}}]}]}),
    ],
)
def test_unknown_fields_of_what_stays_in_the_room_have_a_bound(type_: str, data: dict[str, Any]) -> None:
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "known", "kind": "flash_sale", "spec": SALE})
    assert desk.no(type_, data) == "over_limit"


def test_unknown_fields_do_not_add_up_over_many_puts() -> None:
    desk = Desk()
    for n in range(2):
        desk.ok("catalogue.put", {"products": [{"product_id": "hat", f"blob-{n}": "x" * 400}]})
    blobs = {f"more-{n}": "y" * 400 for n in range(19)}
    assert desk.no("catalogue.put", {"products": [{"product_id": "hat", **blobs}]}) == "over_limit"
    desk.ok("catalogue.put", {"products": [{"product_id": "hat", "price_fen": 4700}]})
