"""What the console charges for an order against a model in fractions that shares no line with it: random
goods, sales and coupons, every order to the 分."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import msgspec
import pytest

from liveconsole.domain import discount, member_prices, order_request, pricing, stacking
from liveconsole.domain.context import Context, Decision, Past
from liveconsole.domain.kinds import flash_sale
from liveconsole.domain.room import Coupon, Room, Sku
from liveconsole.domain.room_people import Member
from liveconsole.domain.stacking import OffersThatMeet
from liveconsole.messages.commands import OrderRequest, RequestLine
from liveconsole.messages.events import OrderGranted
from liveconsole.messages.fields import Person
from liveconsole.messages.specs import CouponRule, Scope, ShopCoupon
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
    for grown in dice.sample(range(4), dice.randint(0, 3)):
        scope = Scope(dice.sample(list(room.products), 1)) if dice.random() < 0.2 else None
        rule = msgspec.convert(_rule(dice), CouponRule)
        room.settings.shop_coupons.append(ShopCoupon(rule, "会员", scope, grown))
    if dice.random() < 0.8:
        room.members[BUYER] = Member(T0)
    return room


def _expected(
    room: Room, lines: list[tuple[str, int]], coupon_id: str | None, grown: int
) -> tuple[list[int], int] | None:
    """Totals of the lines and what the buyer's level took off, or None where the coupon may not be used."""
    prices = {sku_id: sku.price_fen for sku_id, sku in room.skus.items()}
    for cue in room.cues.values():
        if cue.kind == "flash_sale":
            sent = cue.spec_sent
            prices[sent["sku_id"]] = min(prices[sent["sku_id"]], sent["price_fen"])
    owners = [room.skus[sku_id].product_id for sku_id, _ in lines]
    amounts = left = [prices[sku_id] * quantity for sku_id, quantity in lines]
    if coupon_id is not None:
        spec = room.cues[room.coupons[coupon_id].cue_id].spec_sent
        inside = spec.get("scope", {}).get("product_ids", list(room.products))
        taken = _taken(spec["rule"], owners, amounts, inside)
        if taken is None:
            return None
        left = [amount - share for amount, share in zip(amounts, taken, strict=True)]
    levels = [c for c in room.settings.shop_coupons if c.member_from is not None and c.member_from <= grown]
    if not levels or BUYER not in room.members:
        return left, 0
    his = max(levels, key=lambda one: one.member_from or 0)
    rule: dict[str, Any] = {k: v for k, v in msgspec.to_builtins(his.rule).items() if v is not None}
    inside = his.scope.product_ids if his.scope is not None else list(room.products)
    member = _taken(rule, owners, amounts, inside) or [0] * len(lines)
    took = [min(share, rest) for share, rest in zip(member, left, strict=True)]
    return [rest - off for rest, off in zip(left, took, strict=True)], sum(took)


def _taken(
    rule: dict[str, Any], owners: list[str], amounts: list[int], inside: list[str]
) -> list[int] | None:
    """What a discount takes off each line; None where it may not be used."""
    within = [amount if owner in inside else 0 for owner, amount in zip(owners, amounts, strict=True)]
    whole = sum(within)
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
    return shares


def differences(seed: int, orders: int) -> list[object]:
    dice, found = Random(seed), list[object]()
    while orders > 0:
        room = _room(dice)
        offers, lowest = OffersThatMeet(room, None, None), dict[str, int]()
        for _ in range(min(orders, 20)):
            orders -= 1
            chosen = dice.sample(list(room.skus), dice.randint(1, min(4, len(room.skus))))
            lines = [(sku_id, dice.randint(1, 4)) for sku_id in chosen]
            coupon_id = dice.choice([None, *room.coupons, *room.coupons])
            asked = [RequestLine(sku_id, quantity) for sku_id, quantity in lines]
            data = OrderRequest("o", Person(BUYER), asked, coupon_id=coupon_id)
            grown = dice.randint(0, 3)
            ctx = Context(T0, "producer", SeededChance(), pasts={BUYER: Past(1, grown * 100 + 99)})
            answer = order_request.request(room, data, ctx)
            expected = _expected(room, lines, coupon_id, grown)
            got = None
            if isinstance(answer, Decision):
                event = answer.events[0].data
                assert isinstance(event, OrderGranted)
                off = {one.kind: one.fen for one in event.discounts or ()}
                got = [line["total_fen"] for line in answer.result["lines"]], off.get("member", 0)
                for sku_id in set(chosen) - lowest.keys():
                    lowest[sku_id] = offers.lowest_fen(sku_id)
                under = [one for one in event.lines if one.total_fen < lowest[one.sku_id] * one.quantity]
                if under:
                    found.append((lines, coupon_id, "cheaper than the guard knows", under))
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
        (member_prices, "growth", lambda paid_fen: paid_fen // 100 + 1),
        (order_request, "_less", lambda granted, member: (granted, member)),
        (stacking, "_passed_over", lambda coupon, coupons: coupon.member_from is not None),
    ],
)
def test_twin_a_wrong_discount_is_seen(
    place: Any, name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, wrong)
    assert differences(1, 2_000)
