"""Shoppers: they order, pay, let orders lapse, close and refund them, claim coupons and use them. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from liveconsole.connectors.rehearsal.buyers import AfterDoings, Buyers
from liveconsole.connectors.rehearsal.chance import poisson
from liveconsole.connectors.rehearsal.friends import Doings, Friends
from liveconsole.connectors.rehearsal.moment import Outbox, between
from liveconsole.connectors.rehearsal.scenario import AfterWords, Scenario, ScenarioProduct
from liveconsole.connectors.rehearsal.talk import Crowd, Talk
from liveconsole.connectors.rehearsal.view import (
    CouponView,
    GiftView,
    ListView,
    LotView,
    RehearsalRoom,
    SaleView,
)

_SPARE: Final = 12
"""Units that platform orders leave alone: what was seen free a moment ago may be asked for meanwhile."""
_BUYS_HIS_PLACE: Final = 0.85
_Later = tuple[datetime, int, Callable[[], None]]


class Shoppers:
    """Sale prices and coupons are asked of the console (``order.request``, ``coupon.claim``); ordinary
    orders come from the platform as facts, and a platform sells no more than the shop has."""

    def __init__(
        self,
        seed: int,
        scenario: Scenario,
        products: list[ScenarioProduct],
        crowd: Crowd,
        talk: Talk,
        out: Outbox,
        after: AfterWords,
    ) -> None:
        self._dice = Random(f"{seed}/shoppers")
        self._scenario = scenario
        self._products = {product.id: product for product in products}
        self._crowd = crowd
        self._talk = talk
        self._out = out
        self._later: list[_Later] = []
        self._order = 0
        self._came: set[tuple[str, str]] = set()
        """(list, viewer) of everybody who was seen with a place."""
        self._asked: dict[str, Callable[[bool, dict[str, Any]], None]] = {}
        doings = Doings(self._ask, self._granted, self._tell, self._after)
        self._friends = Friends(Random(f"{seed}/friends"), crowd, out, doings)
        self.buyers: Buyers | None = None
        """Those of paid orders, where the scenario says how they are."""
        if scenario.after is not None:
            also = AfterDoings(self._tell, self._after, self._buys_again)
            self.buyers = Buyers(Random(f"{seed}/buyers"), scenario.after, after, out, also)

    def step(self, seconds: float, view: RehearsalRoom, rush: float = 1.0) -> None:
        """What they do in these seconds; ``rush``: so many times as many want a sale."""
        while self._later and self._later[0][0] <= self._out.now:
            heapq.heappop(self._later)[2]()
        if not view.open:
            return
        if self.buyers is not None:
            self.buyers.begin(self._crowd, [(each.id, each.price_fen) for each in self._products.values()])
        rates, dice = self._scenario.rates, self._dice
        on_sale = {sku for sale in view.sales for sku, _ in sale.skus}
        on_sale |= {group.sku_id for group in view.groups}
        on_sale |= {sku for lot in view.lots for sku, _ in lot.items}
        shelf = {sku: units - _SPARE for sku, units in view.free.items() if sku not in on_sale}
        for sale in view.sales:
            pull = 0.25 if sale.left == 0 else 1.0
            for _ in range(poisson(dice, rates.sale_orders * rush * seconds * pull)):
                self._request(sale)
        for lot in view.lots:
            pull = 0.25 if lot.left == 0 else 1.0
            for _ in range(poisson(dice, rates.sale_orders * rush * seconds * pull)):
                self._whole(lot)
        for gift in view.gifts:
            pull = 0.25 if gift.left == 0 else 1.0
            for _ in range(poisson(dice, rates.sale_orders * rush * seconds * pull)):
                self._for_the_gift(gift)
        for line in view.lists:
            self._on_the_list(line)
        self._friends.step(seconds, view, rates.sale_orders * rush)
        for coupon in view.coupons:
            for _ in range(poisson(dice, rates.claims * seconds)):
                self._claim(coupon)
        for _ in range(poisson(dice, rates.orders * seconds)):
            self._buy(view.pinned, shelf)

    def answered(self, id_: str, ok: bool, result: dict[str, Any]) -> None:
        """What the engine said to one of our asks."""
        then = self._asked.pop(id_, None)
        if then is not None:
            then(ok, result)

    # What a shopper does ----------------------------------------------------------------------------

    def _request(self, sale: SaleView) -> None:
        sku, price = self._dice.choice(sale.skus)
        most = sale.per_buyer + (1 if self._dice.random() < 0.03 else 0)  # some try for more than they may
        line = {"sku_id": sku, "quantity": self._dice.randint(1, max(1, most))}
        buyer, order_id = self._crowd.somebody(self._dice), self._out.number("R")

        def then(ok: bool, result: dict[str, Any]) -> None:
            if ok:
                self._granted(order_id, buyer, result, sale.cue_id)
            elif self._dice.random() < self._scenario.shoppers.oversell:
                self._sold_anyway(order_id, buyer, {**line, "unit_price_fen": price}, sale.cue_id)
            elif self._dice.random() < 0.2:
                self._say(buyer, self._talk.after_order(got=False))

        self._ask(
            "order.request",
            {"order_id": order_id, "buyer": buyer, "lines": [line], "cue_id": sale.cue_id},
            then,
        )

    def _whole(self, lot: LotView) -> None:
        most = lot.per_buyer + (1 if self._dice.random() < 0.03 else 0)
        count = self._dice.randint(1, max(1, most))
        lines = [{"sku_id": sku_id, "quantity": units * count} for sku_id, units in lot.items]
        buyer, order_id = self._crowd.somebody(self._dice), self._out.number("R")
        data = {"order_id": order_id, "buyer": buyer, "lines": lines, "cue_id": lot.cue_id}

        def then(ok: bool, result: dict[str, Any]) -> None:
            if ok:
                self._granted(order_id, buyer, result, lot.cue_id)

        self._ask("order.request", data, then)

    def _for_the_gift(self, gift: GiftView) -> None:
        known = [id_ for id_ in gift.product_ids or self._products if id_ in self._products]
        if not known:
            return
        product = self._products[self._dice.choice(known)]
        units = gift.units or max(1, -(-gift.threshold_fen // product.price_fen))
        if self._dice.random() < 0.2:
            units += 1
        buyer, order_id = self._crowd.somebody(self._dice), self._out.number("R")
        lines = [{"sku_id": product.id, "quantity": units}]
        data = {"order_id": order_id, "buyer": buyer, "lines": lines, "cue_id": gift.cue_id}
        self._ask(
            "order.request",
            data,
            lambda ok, said: self._granted(order_id, buyer, said, gift.cue_id) if ok else None,
        )

    def _on_the_list(self, line: ListView) -> None:
        """Whoever has a place orders his one unit soon, or never; now and then somebody tries without one."""
        if line.sku is None:
            return
        for viewer_id, name in line.placed:
            if (line.cue_id, viewer_id) not in self._came:
                self._came.add((line.cue_id, viewer_id))
                if self._dice.random() < _BUYS_HIS_PLACE:
                    buyer, wait = {"id": viewer_id, "name": name}, between((1.0, 12.0), self._dice.random())
                    self._after(wait, partial(self._buy_place, line, buyer))
        if self._dice.random() < 0.02:
            self._buy_place(line, self._crowd.somebody(self._dice))

    def _buy_place(self, line: ListView, buyer: dict[str, str]) -> None:
        assert line.sku is not None
        order_id = self._out.number("R")
        wanted = [{"sku_id": line.sku[0], "quantity": 1}]
        data = {"order_id": order_id, "buyer": buyer, "lines": wanted, "cue_id": line.cue_id}
        self._ask(
            "order.request",
            data,
            lambda ok, said: self._granted(order_id, buyer, said, line.cue_id) if ok else None,
        )

    def _claim(self, coupon: CouponView) -> None:
        viewer = self._crowd.somebody(self._dice)
        if coupon.friends:
            self._friends.share(coupon, viewer, lambda: self._take(coupon, viewer))
        else:
            self._take(coupon, viewer)

    def _take(self, coupon: CouponView, viewer: dict[str, str]) -> None:
        def then(ok: bool, result: dict[str, Any]) -> None:
            if ok and self._dice.random() < self._scenario.shoppers.use_coupon:
                wait = between((3.0, 30.0), self._dice.random())
                self._after(wait, lambda: self._use(coupon, viewer, str(result["coupon_id"])))

        self._ask("coupon.claim", {"cue_id": coupon.cue_id, "viewer": viewer}, then)

    def _use(self, coupon: CouponView, buyer: dict[str, str], coupon_id: str) -> None:
        scope = [p for p in coupon.product_ids or self._products if p in self._products]
        if not scope:
            return
        product = self._products[self._dice.choice(scope)]
        quantity = max(1, -(-coupon.threshold_fen // product.price_fen))
        order_id = self._out.number("R")
        data = {
            "order_id": order_id,
            "buyer": buyer,
            "lines": [{"sku_id": product.id, "quantity": quantity}],
            "coupon_id": coupon_id,
        }
        self._ask(
            "order.request", data, lambda ok, said: self._granted(order_id, buyer, said) if ok else None
        )

    def _buy(self, pinned: str | None, shelf: dict[str, int]) -> None:
        """An order at the platform, at the ordinary price; what is on sale is left to its sale."""
        free = [id_ for id_ in self._products if shelf.get(id_, 0) > 0]
        if not free:
            return
        wanted = pinned if pinned in free and self._dice.random() < 0.7 else self._dice.choice(free)
        product = self._products[wanted]
        quantity = min(self._dice.choice([1, 1, 1, 1, 2]), shelf[wanted])
        shelf[wanted] -= quantity
        line = {"sku_id": wanted, "quantity": quantity, "unit_price_fen": product.price_fen}
        buyer, order_id = self._crowd.somebody(self._dice), self._out.number("P")
        self._settle(order_id, buyer, [line], quantity * product.price_fen, None)

    # What becomes of an order -----------------------------------------------------------------------

    def _granted(
        self, order_id: str, buyer: dict[str, str], result: dict[str, Any], cue_id: str | None = None
    ) -> None:
        fields = ("sku_id", "quantity", "unit_price_fen")
        lines = [{name: line[name] for name in fields} for line in result["lines"]]
        self._settle(order_id, buyer, lines, int(result["total_fen"]), cue_id)

    def _sold_anyway(self, order_id: str, buyer: dict[str, str], line: dict[str, Any], cue_id: str) -> None:
        self._settle(order_id, buyer, [line], line["quantity"] * line["unit_price_fen"], cue_id)

    def _settle(
        self,
        order_id: str,
        buyer: dict[str, str],
        lines: list[dict[str, Any]],
        total: int,
        cue_id: str | None,
    ) -> None:
        ways, dice = self._scenario.shoppers, self._dice
        placed: dict[str, Any] = {"order_id": order_id, "buyer": buyer, "lines": lines, "total_fen": total}
        if cue_id is not None:
            placed["cue_id"] = cue_id
        first = str(lines[0]["sku_id"]) if lines else ""
        roll, wait = dice.random(), between(ways.pay_seconds, dice.random())
        if roll >= ways.pay + ways.lapse:
            self._tell("order.placed", placed)
            reason = dice.choice(["买家取消", "拍错了", "不想要了"])
            self._after(wait, lambda: self._tell("order.closed", {"order_id": order_id, "reason": reason}))
        elif roll >= ways.pay:
            if cue_id is None:
                self._tell(
                    "order.placed", placed
                )  # a requested one that nobody pays was never at the platform
        elif dice.random() < ways.out_of_order:
            self._after(wait, lambda: self._paid(order_id, buyer, total, first))
            self._after(wait + 1.0, lambda: self._tell("order.placed", placed))
        else:
            self._tell("order.placed", placed)
            self._after(wait, lambda: self._paid(order_id, buyer, total, first))

    def _buys_again(self, buyer: dict[str, str]) -> None:
        """One of whatever the shop has, at the ordinary price."""
        product = self._dice.choice(list(self._products.values()))
        line = {"sku_id": product.id, "quantity": 1, "unit_price_fen": product.price_fen}
        self._settle(self._out.number("P"), buyer, [line], product.price_fen, None)

    def _paid(self, order_id: str, buyer: dict[str, str], total: int, product_id: str) -> None:
        self._tell("order.paid", {"order_id": order_id, "paid_fen": total})
        if self.buyers is not None and product_id:
            self.buyers.paid(order_id, buyer, product_id, total)
        if self._dice.random() < 0.15:
            self._say(buyer, self._talk.after_order(got=True))
        if self._dice.random() < self._scenario.shoppers.refund:
            data = {"order_id": order_id, "refund_fen": total}
            self._after(
                between((10.0, 90.0), self._dice.random()), lambda: self._tell("order.refunded", data)
            )

    # Small things -----------------------------------------------------------------------------------

    def _tell(self, type_: str, data: dict[str, Any]) -> None:
        event = self._out.fact(type_, data)
        if self._dice.random() < self._scenario.shoppers.twice:
            self._after(0.5, lambda: self._out.again(event))

    def _say(self, viewer: dict[str, str], text: str) -> None:
        self._out.fact("comment.posted", {"viewer": viewer, "text": text})

    def _ask(self, type_: str, data: dict[str, Any], then: Callable[[bool, dict[str, Any]], Any]) -> None:
        self._asked[self._out.ask(type_, data)] = then

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._later, (self._out.now + timedelta(seconds=seconds), self._order, do))
