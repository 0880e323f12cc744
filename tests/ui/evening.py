"""An evening for tests of the desk: commands, facts and time go in, the rules say how the room stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

import msgspec

from liveconsole.domain.room import Room
from liveconsole.domain.take import take
from liveconsole.messages.state import State
from liveconsole.views.state import state_of, wire
from tests.ui.committed import NOW
from tests.unit.domain.desk import Desk, Seeded

GOODS: Final = [
    # id, title, price, floor, list price, stock
    ("coat", "双面呢羊毛大衣 藏青", 128000, 110000, 159900, 46),
    ("silk", "桑蚕丝印花围巾", 16800, 12000, 29900, 0),
    ("scarf", "100% 山羊绒围巾 驼色 200×70", 19900, 8900, 39900, 128),
    ("gloves", "羊毛手套 男女同款", 9900, 5000, 12900, 18),
    ("thermal", "亲肤保暖内衣套装", 12900, 9900, None, 532),
    ("beret", "羊毛贝雷帽", 6900, 3900, 9900, 240),
    ("vest", "羽绒马甲 轻薄款", 25900, 19900, None, 88),
    ("pants", "加绒打底裤 2 条装", 7900, 4200, 9900, 310),
]
OPENED: Final = timedelta(hours=1, minutes=12, seconds=36)
"""How long before `NOW` the broadcast was opened."""
ASKED_BEFORE: Final = timedelta(days=3)
"""How long before that the goods were in the shop, at their list price."""
PRICES: Final = {row[0]: row[2] for row in GOODS}
SALE: Final = {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 1, "seconds": 300}
COUPON: Final = {
    "name": "满 199 减 20",
    "rule": {"threshold_fen": 19900, "off_fen": 2000},
    "quantity": 500,
    "per_buyer": 1,
    "seconds": 600,
}
BAG: Final = {
    "prize": {"name": "羊毛贝雷帽", "value_fen": 6900},
    "winners": 3,
    "entry": {"keyword": "驼色好看"},
    "seconds": 180,
    "draw": "console",
}


class Evening(Desk):
    """Eight products in the cart, the vest off the shelf; the broadcast opened 72 minutes before `NOW`.

    The clock stands at `NOW`, or ``ago`` seconds before it; `until` lets it come nearer. Promotions are added
    by the assistant; ``recall_seconds`` is 0 unless told, so that `fire` is on air at once under ``own``.
    """

    def __init__(
        self,
        platform: str = "own",
        *,
        ago: float = 0,
        stock: dict[str, int] | None = None,
        goods: bool = True,
        open_: bool = True,
        recall_seconds: int = 0,
        **settings: Any,
    ) -> None:
        self.room = Room("room", simulated=platform == "rehearsal")
        self.now = NOW - OPENED - ASKED_BEFORE
        self.chance = Seeded()
        self.log = []
        self._facts = 0
        self._people: dict[str, tuple[str, str]] = {}
        self.health: dict[str, Any] = {}
        self.turned_away: dict[str, int] = {}
        self.ok("room.set", {"platform": platform, "recall_seconds": recall_seconds, **settings})
        if goods:
            self._put(stock or {}, dear=True)
        self.now = NOW - OPENED
        if goods:
            self._put(stock or {})
        if open_:
            self.ok("broadcast.open", {"title": "秋冬羊绒专场"})
        if goods:
            self.ok("product.shelf", {"product_id": "vest", "on": False})
        self.until(ago)

    def _put(self, stock: dict[str, int], *, dear: bool = False) -> None:
        """``dear``: as they were sold before, at what is struck out beside their price tonight."""
        products = []
        for product_id, title, price, floor, listed, there in GOODS:
            row: dict[str, Any] = {
                "product_id": product_id,
                "title": title,
                "price_fen": listed if dear and listed is not None else price,
            }
            row |= {"floor_fen": floor, "stock": stock.get(product_id, there)}
            if listed is not None:
                row["list_price_fen"] = listed
            if product_id == "scarf":
                row["points"] = "16 微米长绒 · 不起球 · 送礼盒"
            products.append(row)
        self.ok("catalogue.put", {"products": products})
        if not dear:
            self.ok("cart.add", {"product_ids": [row[0] for row in GOODS]})

    def until(self, ago: float) -> list[str]:
        """Time passes until so many seconds before `NOW`; negative: behind it."""
        return self.wait((NOW - timedelta(seconds=ago) - self.now).total_seconds())

    # Promotions -------------------------------------------------------------------------------------

    def add(self, cue_id: str, kind: str, spec: dict[str, Any], *, by: str = "assistant", **more: Any) -> str:
        self.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec, **more}, by)
        return cue_id

    def sale(self, cue_id: str = "c-sale", *, at: str | None = None, **spec: Any) -> str:
        """A draft of a flash sale; ``at``: the planned moment, as on the wire."""
        return self.add(cue_id, "flash_sale", SALE | spec, **({} if at is None else {"at": at}))

    def coupon(self, cue_id: str = "c-coupon", **spec: Any) -> str:
        return self.add(cue_id, "coupon", COUPON | spec)

    def bag(self, cue_id: str = "c-bag", **spec: Any) -> str:
        return self.add(cue_id, "lucky_bag", BAG | spec)

    def approve(self, *cue_ids: str) -> None:
        for cue_id in cue_ids:
            self.ok("cue.approve", {"cue_id": cue_id})

    def fire(self, *cue_ids: str, role: str = "host") -> None:
        """Approved where it is not yet, and 开抢; where there is a recall window it runs from now."""
        for cue_id in cue_ids:
            if self.cue(cue_id).status not in {"approved", "standby"}:
                self.approve(cue_id)
            self.ok("cue.fire", {"cue_id": cue_id}, role)

    def confirm(self, cue_id: str, step: str = "on_air", *, done: bool = True, **more: Any) -> None:
        """A person says that the platform has it, or has ended it."""
        self.ok("cue.confirm", {"cue_id": cue_id, "step": step, "done": done, **more})

    def stop(self, *cue_ids: str, reason: str = "停") -> None:
        for cue_id in cue_ids:
            self.ok("cue.stop", {"cue_id": cue_id, "reason": reason})

    def pin(self, product_id: str, cue_id: str = "c-pin") -> str:
        self.add(cue_id, "pin", {"product_id": product_id}, by="host")
        self.fire(cue_id)
        return cue_id

    def next(self) -> None:
        """下一品."""
        self.ok("go.next", {})

    # What comes from outside ------------------------------------------------------------------------

    def facts(self, type_: str, rows: Iterable[dict[str, Any]], source: str = "/oba/comments") -> None:
        """Facts that touch no stock, in one batch."""
        self.fold(take(self.room, [self.made(type_, row, source) for row in rows], self.now, self.chance))

    def says(self, text: str, *viewers: str) -> None:
        """Each of the viewers writes a comment; the id and the name are the same."""
        self._people |= {who: (who, who) for who in viewers}
        self.facts("comment.posted", [{"viewer": {"id": w, "name": w}, "text": text} for w in viewers])

    def buys(
        self,
        order_id: str,
        sku_id: str = "scarf",
        fen: int | None = None,
        quantity: int = 1,
        *,
        paid: bool = True,
        **more: Any,
    ) -> None:
        """An order from the shop, at the product's own price or ``fen`` a piece."""
        each = PRICES[sku_id] if fen is None else fen
        line = {"sku_id": sku_id, "quantity": quantity, "unit_price_fen": each}
        order = {"order_id": order_id, "buyer": {"id": f"b-{order_id}"}, "lines": [line]}
        self.fact("order.placed", {**order, "total_fen": each * quantity, **more}, "/shop/orders")
        if paid:
            self.pays(order_id, each * quantity)

    def pays(self, order_id: str, fen: int) -> None:
        self.fact("order.paid", {"order_id": order_id, "paid_fen": fen}, "/shop/orders")

    # What a seat sees -------------------------------------------------------------------------------

    def body(self, role: str = "host", **more: Any) -> bytes:
        """The answer to ``GET /v1/state``."""
        told = {
            "people": self._people,
            "health": self.health,
            "turned_away": (self.turned_away, NOW - OPENED),
        }
        state = state_of(self.room, self.now, role, **(told | more))
        return msgspec.json.encode(wire(self.room, state))

    def shown(self, role: str = "host", **more: Any) -> State:
        return msgspec.json.decode(self.body(role, **more), type=State)
