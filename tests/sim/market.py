"""Buyers who want the last unit, a shop that tells of orders, and a crowd that two capture tools hear."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.sim import friends, levels
from tests.sim.bags import MATCHES
from tests.sim.clients import Commands, Producer
from tests.sim.platform import MS, SECOND
from tests.sim.seats import BUYERS, PRICES, PRODUCTS
from tests.sim.stage import RUNNING, UNANSWERED, Cue
from tests.sim.world import World

Data = dict[str, Any]
TEXTS = list(MATCHES)


class Market:
    """Buyers through a shop that lets the console decide, and orders that a platform tells of."""

    def __init__(self, world: World, commands: Commands, dice: Random) -> None:
        self._world = world
        self._commands = commands
        self._dice = dice
        self.shop = Producer(world, "/shop", Random(f"{world.seed}/shop"))
        self._counter = Random(f"{world.seed}/counter")
        self._orders = 0
        self._coupons: list[tuple[str, str]] = []
        self.resting = False
        world.later(2 * SECOND, self._rush)

    def _rush(self) -> None:
        if self.resting:
            return
        dice = self._dice
        self._world.later(dice.randint(500, 4_000) * MS, self._rush)
        if self._counter.random() < 0.5:
            for type_, data in levels.asked(self._counter, BUYERS):
                self._commands.ask("host", type_, data)
        stage = self._world.checker.stage
        on_air = [c for c in stage.live.values() if c.status == "on_air"]
        sales = [c for c in on_air if c.kind == "flash_sale"]
        coupons = [c for c in on_air if c.kind == "coupon"]
        if coupons and dice.random() < 0.7:
            for buyer in dice.sample(BUYERS, dice.randint(1, 4)):
                self._claim(dice.choice(coupons).cue_id, buyer)
        if sales:
            sale = dice.choice(sales)
            sku = dice.choice(list(stage.books.sales[sale.cue_id].skus))
            for buyer in dice.sample(BUYERS, dice.randint(1, 4)):
                named = sale.cue_id if dice.random() < 0.5 else None
                self._request(buyer, sku, named)
        elif dice.random() < 0.5:
            self._request(dice.choice(BUYERS), dice.choice(PRODUCTS), None)
        together = [c for c in on_air if c.kind in friends.KINDS]
        if together:
            friends.taken_up(dice.choice(together), dice, BUYERS, self._request, self.shop.tell)
        lists = [c for c in on_air if c.line is not None and c.spec.get("sku_id") is not None]
        if lists:
            self._take_places(dice.choice(lists))
        lots = [c for c in on_air if c.kind in ("bundle", "gift")]
        if lots:
            for buyer in dice.sample(BUYERS, dice.randint(1, 3)):
                self._whole(buyer, dice.choice(lots))
        if dice.random() < 0.3:
            # a platform that says nothing may sell all the same
            there = [c for c in stage.live.values() if c.kind == "flash_sale" and c.status in RUNNING]
            self._told(dice.choice(there).cue_id if there and dice.random() < 0.75 else None)
        # nor does one that will refuse the sale in the end
        asked = [c for c in stage.live.values() if c.kind == "flash_sale" and c.status in UNANSWERED]
        if asked and dice.random() < 0.6:
            self._told(dice.choice(asked).cue_id)

    def _take_places(self, cue: Cue) -> None:
        """Who has a place buys his unit, and so would somebody who waits or never came."""
        assert cue.line is not None
        them = (*cue.line.placed()[:2], *cue.line.line[-1:], self._dice.choice(BUYERS))
        for buyer in dict.fromkeys(them):
            self._request(buyer, cue.spec["sku_id"], cue.cue_id)

    def _claim(self, cue_id: str, buyer: str) -> None:
        def then(said: Data) -> None:
            if said["ok"]:
                self._coupons.append((said["result"]["coupon_id"], buyer))
                for _ in range(self._dice.randint(0, 2)):  # whoever has one uses it, and tries again
                    after = self._dice.randint(100, 4_000) * MS
                    self._world.later(after, self._request, buyer, self._dice.choice(PRODUCTS), None)

        self._commands.ask(
            "producer", "coupon.claim", {"cue_id": cue_id, "viewer": {"id": buyer, "name": ""}}, then
        )

    def _request(self, buyer: str, sku: str, named: str | None, **more: str) -> None:
        dice = self._dice
        self._orders += 1
        order_id = f"r{self._orders}" if dice.random() < 0.97 else f"r{dice.randint(1, self._orders)}"
        lines = [{"sku_id": sku, "quantity": 1 + (dice.random() < 0.25)}]
        if dice.random() < 0.15:
            lines.append({"sku_id": dice.choice(PRODUCTS), "quantity": 1})
        data: Data = {"order_id": order_id, "buyer": {"id": buyer, "name": "买家"}, "lines": lines}
        data |= more
        if named is not None:
            data["cue_id"] = named
        mine = [c for c, who in self._coupons if who == buyer]
        if mine and dice.random() < 0.7:
            data["coupon_id"] = dice.choice(mine)

        def then(said: Data) -> None:
            if said["ok"]:
                self._goes_on(order_id, said["result"]["total_fen"])

        self._commands.ask("producer", "order.request", data, then)

    def _whole(self, buyer: str, cue: Cue) -> None:
        """What brings a bundle or a gift, one or two times; the platform sells some of it by itself."""
        dice, spec, times = self._dice, cue.spec, 1 + (self._dice.random() < 0.25)
        if cue.kind == "bundle":
            goods = {item["sku_id"]: item["quantity"] * times for item in spec["items"]}
            if dice.random() < 0.2:
                goods[dice.choice(list(goods))] += 1
        else:
            bought = spec["buy"].get("product_ids") or [dice.choice(PRODUCTS)]
            goods = {bought[0]: spec["buy"].get("units", 1) * times}
        lines = [{"sku_id": sku, "quantity": units} for sku, units in goods.items()]
        self._orders += 1
        if dice.random() < 0.15:
            self._tell_whole(f"p{self._orders}", buyer, cue, lines)
            return
        order_id = f"r{self._orders}"
        data: Data = {"order_id": order_id, "buyer": {"id": buyer, "name": "买家"}, "lines": lines}
        if cue.kind == "bundle" or dice.random() < 0.4:
            data["cue_id"] = cue.cue_id
        mine = [c for c, who in self._coupons if who == buyer]
        if mine and dice.random() < 0.4:
            data["coupon_id"] = dice.choice(mine)

        def then(said: Data) -> None:
            if said["ok"]:
                self._goes_on(order_id, said["result"]["total_fen"])

        self._commands.ask("producer", "order.request", data, then)

    def _tell_whole(self, order_id: str, buyer: str, cue: Cue, lines: list[Data]) -> None:
        dice = self._dice
        sold = [line | {"unit_price_fen": PRICES[line["sku_id"]] // 2} for line in lines]
        if cue.kind == "gift":
            gift = cue.spec["gift"]
            sold.append({"sku_id": gift["sku_id"], "quantity": gift["quantity"], "unit_price_fen": 0})
        total = sum(line["unit_price_fen"] * line["quantity"] for line in sold)
        who = {"id": buyer, "name": "平台买家"}
        placed: Data = {"order_id": order_id, "buyer": who, "lines": sold, "total_fen": total}
        if dice.random() < 0.5:
            placed["cue_id"] = cue.cue_id
        self.shop.tell("order.placed", placed)
        if dice.random() < 0.7:
            paid = {"order_id": order_id, "paid_fen": total}
            self._world.later(dice.randint(0, 5_000) * MS, self.shop.tell, "order.paid", paid)

    def _goes_on(self, order_id: str, total: int) -> None:
        dice = self._dice
        roll, after = dice.random(), dice.randint(300, 18_000) * MS
        tell = self.shop.tell
        if roll < 0.6:
            self._world.later(after, tell, "order.paid", {"order_id": order_id, "paid_fen": total})
        elif roll < 0.8:
            self._world.later(after, tell, "order.closed", {"order_id": order_id, "reason": "买家取消"})
        if dice.random() < 0.08:
            later = after + dice.randint(0, 9_000) * MS
            self._world.later(later, tell, "order.refunded", {"order_id": order_id, "refund_fen": total})
        if dice.random() < 0.06:
            self._world.later(
                dice.randint(0, 9_000) * MS, tell, "order.closed", {"order_id": order_id, "reason": ""}
            )

    def _told(self, sale_id: str | None) -> None:
        """An order of the platform's own, its facts in any order."""
        dice = self._dice
        self._orders += 1
        order_id, sku = f"p{self._orders}", dice.choice(PRODUCTS)
        if sale_id is not None:
            sku = dice.choice(list(self._world.checker.books.sales[sale_id].skus))
        price = PRICES[sku] // dice.choice([1, 2])
        if dice.random() < 0.03:
            sku = "unheard-of"
        units = dice.choice([1, 1, 1, 2, 6])
        placed: Data = {
            "order_id": order_id,
            "buyer": {"id": dice.choice(BUYERS), "name": "平台买家"},
            "lines": [{"sku_id": sku, "quantity": units, "unit_price_fen": price}],
            "total_fen": price * units,
        }
        if sale_id is not None and dice.random() < 0.6:
            placed["cue_id"] = sale_id
        told = [("order.placed", placed)]
        if dice.random() < 0.7:
            told.append(("order.paid", {"order_id": order_id, "paid_fen": price * units}))
        if dice.random() < 0.25:
            told.append(("order.closed", {"order_id": order_id, "reason": "退"}))
        if dice.random() < 0.1:
            told.append(("order.refunded", {"order_id": order_id, "refund_fen": price}))
        if self._world.faults.strikes("producer.out_of_order"):
            dice.shuffle(told)
        after = 0
        for type_, data in told:
            self._world.later(after, self.shop.tell, type_, data)
            after += dice.randint(0, 5_000) * MS


class Crowd:
    """Viewers, heard by two capture tools: both hear most of it, under ids of their own."""

    def __init__(self, world: World, dice: Random) -> None:
        self._world = world
        self._dice = dice
        self.tools = [Producer(world, name, Random(f"{world.seed}{name}")) for name in ("/wx", "/oba")]
        self.resting = False
        world.later(SECOND, self._chat)

    def _chat(self) -> None:
        if self.resting:
            return
        dice = self._dice
        self._world.later(dice.randint(900, 5_500) * MS, self._chat)
        for _ in range(dice.randint(1, 4)):
            n = dice.randrange(12)
            viewer = {"id": BUYERS[n] if n < len(BUYERS) else f"viewer-{n}", "name": f"观众{n}"}
            roll = dice.random()
            if roll < 0.84:
                said: tuple[str, Data] = ("comment.posted", {"viewer": viewer, "text": dice.choice(TEXTS)})
            elif roll < 0.93:
                said = ("viewer.followed", {"viewer": viewer})
            else:
                said = dice.choice(_noise(viewer, dice.randint(1, 999)))
            for one in (said, *self._scores()):
                for tool in self.tools:
                    if dice.random() < 0.7:
                        tool.tell(*one)

    def _scores(self) -> list[tuple[str, Data]]:
        """What a capture tool sees of a PK."""
        live = self._world.checker.stage.live.values()
        return [
            ("pk.scored", {"cue_id": cue.cue_id, "ours": self._dice.randint(0, 99), "theirs": 7})
            for cue in live
            if cue.kind == "pk"
        ]


def _noise(viewer: Data, number: int) -> list[tuple[str, Data]]:
    return [
        ("room.measured", {"online": number}),
        ("stock.measured", {"sku_id": "scarf", "on_hand": number}),
        ("viewer.entered", {"viewer": viewer}),
        ("viewer.shared", {"viewer": viewer}),
        ("viewer.liked", {"viewer": viewer, "count": number}),
        ("gift.sent", {"viewer": viewer, "gift": "小心心", "count": 1, "value_fen": number}),
        ("promotion.measured", {"cue_id": "unheard-of", "sold": number}),
        ("order.shipment", {"order_id": f"o{number}", "status": "shipped", "waybill": str(number)}),
        ("order.settled", {"order_id": f"o{number}", "settled_fen": 100 + number}),
        ("review.posted", {"product_id": "scarf", "stars": 5, "text": "暖和", "order_id": f"o{number}"}),
    ]
