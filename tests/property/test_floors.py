"""No accepted sequence of commands leaves a price under a floor: rooms, commands and time at random, and what
a buyer could pay worked out by brute force (`brute_prices`), which shares no line with the guard."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from liveconsole.domain import floors, stacking
from liveconsole.domain.context import Decision
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.stacking import RUNS
from liveconsole.messages.refusals import Refused
from tests.property.brute_prices import Off, Price, Shop, lowest
from tests.unit.domain.desk import Desk

STEPS = 6
GOODS = ("a", "b", "c")


class AnyShop:
    """One room, and what was done to it; ``story`` is what a failure shows."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(seed)
        self.desk = Desk(open_=False)
        self.desk.room, self.desk.log = Room("room"), []
        self.story: list[object] = [seed]
        self._forced: dict[str, Fraction] = {}
        self._cues = self._puts = 0
        dice = self._dice
        self._give("room.set", {"platform": dice.choice(["own", "own", "manual"]), "recall_seconds": 0})
        for product_id in GOODS[: dice.choice([2, 2, 3])]:
            self._give("catalogue.put", {"products": [self._good(product_id)]})
        self._give("broadcast.open", {})

    def step(self) -> None:
        """Do one thing, and look whether a floor is broken that no raised floor explains."""
        dice, floored = self._dice, self._floors()
        dice.choices(
            [self._sale, self._coupon, self._put, self._shop_coupons, self._old, self._claim, self._time],
            [5, 5, 4, 2, 4, 1, 1],
        )[0]()
        after = self._floors()
        low = lowest(self._shop(), list(after))
        for sku_id, floor in after.items():
            if low[sku_id] >= floor:
                self._forced.pop(sku_id, None)
            elif floor > floored.get(sku_id, 0):
                self._forced.setdefault(sku_id, low[sku_id])
            if low[sku_id] < floor:
                forced = self._forced.get(sku_id)
                held = forced is not None and low[sku_id] >= int(forced)  # nobody pays a part of a 分
                assert held, (sku_id, floor, low[sku_id], self.story)

    def _floors(self) -> dict[str, int]:
        skus = self.desk.room.skus.values()
        return {sku.sku_id: sku.floor_fen for sku in skus if sku.floor_fen}

    def _give(self, type_: str, data: dict[str, Any], role: str = "host") -> bool:
        answer = self.desk.ask(type_, data, role)
        self.story.append((type_, data, "ok" if isinstance(answer, Decision) else answer.code))
        return isinstance(answer, Decision)

    def _good(self, product_id: str) -> dict[str, Any]:
        dice = self._dice
        price = dice.choice([10, 15, 20, 30, 40, 60])
        found = {"product_id": product_id, "title": product_id, "price_fen": price, "stock": 9}
        if dice.random() < 0.6:
            found["floor_fen"] = price * dice.choice([4, 6, 8, 9, 10]) // 10
        return found

    def _rule(self) -> dict[str, Any]:
        dice = self._dice
        shape = dice.random()
        if shape < 0.2:
            return {"zhe": dice.choice(["9.5", "9", "7", "5"])}
        if shape < 0.4:
            return {"off_fen": dice.randint(1, 12)}
        if shape < 0.6:
            low, off = dice.randint(10, 60), dice.randint(1, 10)
            more = {"threshold_fen": low + dice.randint(5, 40), "off_fen": off + dice.randint(1, 15)}
            return {"tiers": [{"threshold_fen": low, "off_fen": off}, more]}
        return {"threshold_fen": dice.randint(10, 90), "off_fen": dice.randint(1, 30)}

    def _scope(self) -> dict[str, Any]:
        products = list(self.desk.room.products)
        if self._dice.random() < 0.5:
            return {}
        chosen = self._dice.sample(products, self._dice.randint(1, len(products)))
        return {"scope": {"product_ids": chosen}}

    def _start(self, kind: str, spec: dict[str, Any]) -> None:
        self._cues += 1
        cue_id = f"c{self._cues}"
        if (
            self._give("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
            and self._dice.random() < 0.8
        ):
            self._fire(cue_id)

    def _fire(self, cue_id: str) -> None:
        self._give("cue.fire", {"cue_id": cue_id})
        self._confirm(cue_id, "on_air")

    def _confirm(self, cue_id: str, step: str) -> None:
        if self.desk.room.settings.platform == "manual":
            self._give("cue.confirm", {"cue_id": cue_id, "step": step, "done": True})

    def _sale(self) -> None:
        dice = self._dice
        sku = dice.choice(list(self.desk.room.skus.values()))
        price = dice.randint(1, sku.price_fen)
        units = {"quantity": 3, "per_buyer": dice.randint(1, 3), "seconds": 60}
        self._start("flash_sale", {"sku_id": sku.sku_id, "price_fen": price, **units})

    def _coupon(self) -> None:
        valid = self._dice.choice([{}, {"valid_seconds": 300}])
        units = {"name": "券", "quantity": 2, "per_buyer": 1, "seconds": 60}
        self._start("coupon", {"rule": self._rule(), **units, **self._scope(), **valid})

    def _put(self) -> None:
        dice = self._dice
        new = dice.random() < 0.3
        self._puts += new
        put = self._good(f"n{self._puts}" if new else dice.choice(list(self.desk.room.products)))
        self._give("catalogue.put", {"products": [put]}, dice.choice(["host", "assistant"]))

    def _shop_coupons(self) -> None:
        coupons = [{"rule": self._rule(), **self._scope()} for _ in range(self._dice.randint(0, 2))]
        sent: dict[str, Any] = {"shop_coupons": coupons}
        if self._dice.random() < 0.3:
            sent = {"platform": self._dice.choice(["own", "manual"])}
        self._give("room.set", sent)

    def _old(self) -> None:
        """Something with what is there already."""
        cues = list(self.desk.room.cues)
        if not cues:
            return
        cue_id = self._dice.choice(cues)
        what = self._dice.choice(["cue.fire", "cue.fire", "cue.approve", "cue.stop", "cue.again", "cue.edit"])
        if what == "cue.fire":
            self._fire(cue_id)
        elif what == "cue.edit":
            cue = self.desk.cue(cue_id)
            cheaper = {"price_fen": 1} if cue.kind == "flash_sale" else {"rule": self._rule()}
            self._give(what, {"cue_id": cue_id, "spec": cue.spec_sent | cheaper})
        else:
            self._give(what, {"cue_id": cue_id})
            if what == "cue.stop" and self._dice.random() < 0.7:
                self._confirm(cue_id, "ended")

    def _claim(self) -> None:
        coupons = [cue.cue_id for cue in self.desk.room.cues.values() if cue.kind == "coupon"]
        if coupons:
            viewer = {"id": self._dice.choice("vw")}
            self._give("coupon.claim", {"cue_id": self._dice.choice(coupons), "viewer": viewer}, "producer")

    def _time(self) -> None:
        self.story.append(self.desk.wait(self._dice.choice([30, 90, 400])))

    def _shop(self) -> Shop:
        """What a buyer can meet now, read off the room."""
        room = self.desk.room
        prices = {sku.sku_id: [Price(sku.price_fen, 99)] for sku in room.skus.values()}
        console: list[Off] = []
        for cue in room.cues.values():
            if cue.status in RUNS or _still_there(room, cue):
                sent = cue.spec_sent
                if cue.kind == "flash_sale":
                    prices[sent["sku_id"]].append(Price(sent["price_fen"], sent["per_buyer"]))
                else:
                    console.append(Off(sent["rule"], (sent.get("scope") or {}).get("product_ids")))
        always = [
            Off(_sent(c.rule), c.scope.product_ids if c.scope is not None else None)
            for c in room.settings.shop_coupons
        ]
        owners = {sku.sku_id: sku.product_id for sku in room.skus.values()}
        return Shop(prices, owners, console, always, room.settings.platform == "manual")


def _sent(rule: Any) -> dict[str, Any]:
    found = {name: getattr(rule, name) for name in ("zhe", "off_fen", "threshold_fen")}
    if rule.tiers:
        found["tiers"] = [{"threshold_fen": t.threshold_fen, "off_fen": t.off_fen} for t in rule.tiers]
    return {name: value for name, value in found.items() if value is not None}


def _still_there(room: Room, cue: Cue) -> bool:
    """Ended here: still on at the platform, or handed out and good."""
    if cue.status != "ended":
        return False
    if cue.owed is not None:
        return True
    if cue.kind != "coupon":
        return False
    ended_at, valid, at = cue.off_at or cue.ended_at, cue.spec_sent.get("valid_seconds"), room.at
    assert ended_at is not None
    assert at is not None
    if valid is not None and (at - ended_at).total_seconds() >= valid:
        return False
    unpaid = any(coupon.cue_id == cue.cue_id for coupon in room.coupons.values())
    return unpaid or cue.done_by == "person"


def play(seed: int) -> None:
    shop = AnyShop(seed)
    for _ in range(STEPS):
        shop.step()


def play_all(seeds: range) -> None:
    for seed in seeds:
        play(seed)


def test_no_sequence_of_commands_leaves_a_price_under_a_floor() -> None:
    play_all(range(400))


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_no_sequence_of_very_many_leaves_a_price_under_a_floor() -> None:
    play_all(range(1_000, 41_000))


def _only_what_was_touched(room: Any, then: Any, own: Any, strict: Any, before: Any) -> Refused | None:
    for sku_id, floor in floors._under(room, then, own):
        return Refused("below_price_floor", floors.told(sku_id, floor, then.lowest(sku_id)))
    return None


@pytest.mark.parametrize(
    ("place", "name", "without"),
    [
        (floors, "_first", _only_what_was_touched),
        (floors, "between", lambda before, after, new=(): None),
        (stacking, "_is_left", lambda room, cue: False),
    ],
)
def test_twin_a_guard_with_a_hole_is_found(
    place: Any, name: str, without: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, without)
    with pytest.raises(AssertionError):
        play_all(range(400))
