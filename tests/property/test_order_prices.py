"""What the console charges for an order against a model in fractions that shares no line with it: random
goods, sales and coupons, every order to the 分."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from liveconsole.domain import discount, order_request, pricing
from liveconsole.domain.context import Context, Decision
from liveconsole.domain.kinds import flash_sale
from liveconsole.domain.room import Coupon, Room, Sku
from liveconsole.messages.commands import OrderRequest, RequestLine
from liveconsole.messages.fields import Person
from tests.unit.domain.promo_rooms import T0, SeededChance, cue_in, room_of

BUYER = "v"


def _rule(dice: Random) -> dict[str, Any]:
    shape = dice.randrange(4)
    if shape == 0:
        return {"zhe": f"{dice.randint(1, 9)}.{dice.randint(1, 99):02}"}
    if shape == 1:
        return {"off_fen": dice.randint(1, 900)}
    if shape == 2:
        low, off = dice.randint(1, 900), dice.randint(1, 300)
        more = {"threshold_fen": low + dice.randint(1, 900), "off_fen": off + dice.randint(1, 300)}
        return {"tiers": [{"threshold_fen": low, "off_fen": off}, more]}
    return {"threshold_fen": dice.randint(1, 2_500), "off_fen": dice.randint(1, 900)}


def _room(dice: Random) -> Room:
    room = room_of(*((f"g{n}", dice.randint(1, 900), None) for n in range(dice.randint(1, 4))))
    for sku in list(room.skus.values()):
        if dice.random() < 0.4:
            room.skus[f"{sku.sku_id}-b"] = Sku(
                f"{sku.sku_id}-b", sku.product_id, "b", dice.randint(1, 900), 100
            )
        if dice.random() < 0.4:
            price = dice.randint(0, sku.price_fen)
            spec = {"sku_id": sku.sku_id, "price_fen": price, "quantity": 50, "per_buyer": 9, "seconds": 60}
            sale = cue_in(room, "flash_sale", spec)
            flash_sale.shape(sale)
    for n in range(3):
        spec = {"name": "券", "rule": _rule(dice), "quantity": 9, "per_buyer": 9, "seconds": 60}
        if dice.random() < 0.5:
            products = list(room.products)
            spec["scope"] = {"product_ids": dice.sample(products, dice.randint(1, len(products)))}
        cue = cue_in(room, "coupon", spec)
        room.coupons[f"k{n}"] = Coupon(f"k{n}", cue.cue_id, BUYER)
    return room


def _expected(room: Room, lines: list[tuple[str, int]], coupon_id: str | None) -> list[int] | None:
    """Totals of the lines, or None where the coupon may not be used."""
    prices = {sku_id: sku.price_fen for sku_id, sku in room.skus.items()}
    for cue in room.cues.values():
        if cue.kind == "flash_sale":
            sent = cue.spec_sent
            prices[sent["sku_id"]] = min(prices[sent["sku_id"]], sent["price_fen"])
    amounts = [prices[sku_id] * quantity for sku_id, quantity in lines]
    if coupon_id is None:
        return amounts
    spec = room.cues[room.coupons[coupon_id].cue_id].spec_sent
    inside = spec.get("scope", {}).get("product_ids", list(room.products))
    within = [
        amount if room.skus[sku_id].product_id in inside else 0
        for (sku_id, _), amount in zip(lines, amounts, strict=True)
    ]
    whole, rule = sum(within), spec["rule"]
    if "zhe" in rule:
        off = int(Fraction(whole) * (1 - Fraction(rule["zhe"]) / 10))
    else:
        steps = rule.get("tiers") or [
            {"threshold_fen": rule.get("threshold_fen", 0), "off_fen": rule["off_fen"]}
        ]
        reached = [step["off_fen"] for step in steps if step["threshold_fen"] <= whole]
        if not reached:
            return None
        off = min(whole, max(reached))
    if not whole:
        return None
    exact = [Fraction(off * amount, whole) for amount in within]
    shares = [int(part) for part in exact]
    for place in sorted(range(len(exact)), key=lambda n: (shares[n] - exact[n], n))[: off - sum(shares)]:
        shares[place] += 1
    return [amount - share for amount, share in zip(amounts, shares, strict=True)]


def differences(seed: int, orders: int) -> list[object]:
    dice, found = Random(seed), list[object]()
    ctx = Context(T0, "producer", SeededChance())
    while orders > 0:
        room = _room(dice)
        for _ in range(min(orders, 20)):
            orders -= 1
            chosen = dice.sample(list(room.skus), dice.randint(1, min(4, len(room.skus))))
            lines = [(sku_id, dice.randint(1, 4)) for sku_id in chosen]
            coupon_id = dice.choice([None, *room.coupons, *room.coupons])
            asked = [RequestLine(sku_id, quantity) for sku_id, quantity in lines]
            data = OrderRequest("o", Person(BUYER), asked, coupon_id=coupon_id)
            answer = order_request.request(room, data, ctx)
            expected = _expected(room, lines, coupon_id)
            got = None
            if isinstance(answer, Decision):
                got = [line["total_fen"] for line in answer.result["lines"]]
            if got != expected:
                found.append((lines, coupon_id, got, expected))
    return found


def test_random_orders_cost_what_the_model_says() -> None:
    assert differences(1, 4_000) == []


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_two_hundred_thousand_orders_cost_what_the_model_says() -> None:
    assert differences(2, 200_000) == []


@pytest.mark.parametrize(
    ("place", "name", "wrong"),
    [
        (discount, "thousandths", lambda zhe: int(float(zhe) * 10) * 10),
        (pricing, "share", lambda off, amounts: [off, *[0] * (len(amounts) - 1)]),
    ],
)
def test_twin_a_wrong_discount_is_seen(
    place: Any, name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, wrong)
    assert differences(1, 2_000)
