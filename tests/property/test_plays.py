"""The floor where bundles and gifts meet sales, groups, bargains and coupons: shops at random, the guard
beside brute force of every basket (`brute_plays`). Never too late; how often it is exact is counted."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from liveconsole.domain import fitting, stacking, together
from liveconsole.domain.kind import TogetherPrice
from liveconsole.domain.room import Room
from liveconsole.domain.stacking import OffersThatMeet
from liveconsole.domain.together import Part
from tests.property.brute_plays import Free, Off, Set, Shop, lowest
from tests.unit.domain.desk import Desk, product

Json = dict[str, Any]
FEW, MANY = (2, 2, 3, 3, 4), (2, 3, 4, 5, 6)
"""SKUs of a shop."""
DEEP = 1_000
"""Seeds from here on are of the long variant."""


_BY_THE_UNIT: list[tuple[str, Json]] = [
    ("flash_sale", {"quantity": 5}),
    ("group_buy", {"size": 2, "groups": 2}),
    ("bargain", {"friends": 2}),
]


class AnyShop:
    """A room without floors, so that everything is on air, and the same for brute force."""

    def __init__(self, seed: int) -> None:
        dice = self.dice = Random(seed)
        self.seed = seed
        stacks = dice.random() < 0.4
        self.desk = Desk("manual" if stacks else "own", open_=False)
        self.desk.room, self.desk.log = Room("room"), []
        self.desk.ok("room.set", {"platform": "manual" if stacks else "own", "recall_seconds": 0})
        self.own = {
            f"s{n}": dice.choice([10, 15, 20, 30, 40, 60])
            for n in range(dice.choice(MANY if seed >= DEEP else FEW))
        }
        goods = [product(sku, fen, 50) for sku, fen in self.own.items()]
        self.desk.ok("catalogue.put", {"products": goods})
        self.desk.ok("broadcast.open", {})
        always = [self._off() for _ in range(dice.choice([0, 0, 1]))]
        self.desk.ok("room.set", {"shop_coupons": [_coupon_of(off) for off in always]})
        flash = self._flash()
        sets = [self._set() for _ in range(dice.choice([0, 1, 1, 2]))]
        gifts = [self._gift() for _ in range(dice.choice([0, 1, 1]))]
        console = [self._off() for _ in range(dice.choice([0, 1, 1, 2]))]
        for n, off in enumerate(console):
            units = {"name": "券", "quantity": 9, "per_buyer": 1, "seconds": 600}
            self._run(f"k{n}", "coupon", {**_coupon_of(off), **units})
        self.shop = Shop(self.own, flash, sets, gifts, console, always, stacks)

    def _run(self, cue_id: str, kind: str, spec: Json) -> None:
        self.desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
        self.desk.ok("cue.fire", {"cue_id": cue_id})
        if self.shop_is_manual:
            self.desk.ok("cue.confirm", {"cue_id": cue_id, "step": "on_air", "done": True})

    @property
    def shop_is_manual(self) -> bool:
        return self.desk.room.settings.platform == "manual"

    def _scope(self) -> list[str] | None:
        skus = list(self.own)
        return self.dice.sample(skus, self.dice.randint(1, len(skus))) if self.dice.random() < 0.5 else None

    def _off(self) -> Off:
        dice, shape = self.dice, self.dice.random()
        if shape < 0.2:
            rule: Json = {"zhe": dice.choice(["9.5", "9", "7"])}
        elif shape < 0.4:
            rule = {"off_fen": dice.randint(1, 12)}
        else:
            rule = {"threshold_fen": dice.randint(10, 90), "off_fen": dice.randint(1, 25)}
        return Off(rule, self._scope())

    def _flash(self) -> dict[str, tuple[int, int]]:
        if self.dice.random() < 0.5:
            return {}
        sku = self.dice.choice(list(self.own))
        fen, most = self.dice.randint(1, self.own[sku]), self.dice.randint(1, 2)
        spec: Json = {"sku_id": sku, "price_fen": fen, "per_buyer": most, "seconds": 600}
        # A unit costs as little in a group or a bargain as in a sale; who may have it is another question.
        kind, more = Random(f"{self.seed}/kind").choice(_BY_THE_UNIT)
        self._run("flash", kind, spec | more)
        return {sku: (fen, most)}

    def _set(self) -> Set:
        dice = self.dice
        skus = dice.sample(list(self.own), dice.randint(1, min(2, len(self.own))))
        items = {sku: dice.randint(1, 2) for sku in skus}
        if sum(items.values()) < 2:
            items[skus[0]] = 2
        fen = dice.randint(2, sum(self.own[sku] * count for sku, count in items.items()))
        most = dice.randint(1, 2)
        sent = [{"sku_id": sku, "quantity": count} for sku, count in items.items()]
        spec = {"items": sent, "price_fen": fen, "quantity": 3, "per_buyer": most, "seconds": 600}
        self._run(f"set{len(self.desk.room.cues)}", "bundle", spec)
        return Set(items, fen, most)

    def _gift(self) -> Free:
        dice = self.dice
        gift, count, most = dice.choice(list(self.own)), dice.choice([1, 1, 2]), dice.randint(1, 2)
        if dice.random() < 0.5:
            buy: Json = {"threshold_fen": dice.randint(10, 90)}
        else:
            skus = dice.sample(list(self.own), dice.randint(1, 2))
            buy = {"product_ids": skus, "units": dice.randint(1, 2)}
        units = {"quantity": 5, "per_buyer": most, "seconds": 600}
        self._run("gift", "gift", {"buy": buy, "gift": {"sku_id": gift, "quantity": count}, **units})
        return Free(buy, self.own[gift] * count, most)


def _coupon_of(off: Off) -> Json:
    return {"rule": off.rule, **({"scope": {"product_ids": off.products}} if off.products else {})}


def play(seed: int) -> tuple[int, int]:
    """How many SKUs were asked about, and for how many the guard is exact, to the 分 that it rounds down."""
    shop = AnyShop(seed)
    guard, brute = OffersThatMeet(shop.desk.room, None, None), lowest(shop.shop)
    exact = 0
    for sku_id in shop.own:
        fen, least = guard.lowest(sku_id).fen, brute[sku_id]
        assert fen == guard.lowest_fen(sku_id)
        assert guard.bound(sku_id) <= fen <= least, (seed, sku_id, fen, least, shop.shop)
        assert guard.reaches_under(sku_id, fen + 1), (seed, sku_id, fen)
        assert fen == 0 or not guard.reaches_under(sku_id, fen), (seed, sku_id, fen)  # nobody asks 0
        exact += least - fen < 1 + _roundings(shop.shop)
    return len(shop.own), exact


def _roundings(shop: Shop) -> Fraction:
    """Each discount that is shared may be a part of a 分 in the buyer's favour."""
    return Fraction(len(shop.console) + len(shop.always) + len(shop.gifts))


def share_of_exact(seeds: range) -> float:
    asked, exact = (sum(each) for each in zip(*map(play, seeds), strict=True))
    return float(exact / asked)


def test_the_guard_is_never_too_late() -> None:
    assert share_of_exact(range(60)) > 0.8


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_the_guard_is_never_too_late_in_very_many_shops() -> None:
    assert share_of_exact(range(DEEP, DEEP + 2_000)) > 0.8


def _at_own_prices(room: Room, offer: TogetherPrice) -> list[Part]:
    """As if only what a bundle comes to counted, and no unit of it were cheaper."""
    found = together.parts_of(room, offer)
    return [part._replace(fen=room.skus[part.sku_id].price_fen * part.units) for part in found]


@pytest.mark.parametrize(
    ("place", "name", "without"),
    [
        (stacking, "parts_of", lambda room, offer: []),
        (stacking.OffersThatMeet, "_gift", lambda shop, offered: None),
        (stacking, "parts_of", lambda room, offer: _at_own_prices(room, offer)),
        (stacking, "in_scope", lambda parts, scope: 10**6),
        (fitting.OfferedGift, "most", lambda gift, fen: min(fen, gift.value // max(1, gift._units))),
    ],
    ids=["bundles", "gifts", "the bundle's sum only", "no coupon meets a bundle", "one gift by itself"],
)
def test_twin_a_guard_with_a_hole_is_too_late(
    place: Any, name: str, without: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, without)
    with pytest.raises(AssertionError):
        share_of_exact(range(60))
