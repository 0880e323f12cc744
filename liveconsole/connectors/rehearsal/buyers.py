"""What becomes of a paid order: it is sent, it comes or stays somewhere; its buyer asks for money back, goes
to the platform when nobody helps, writes a review, and comes back where he was helped. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, Final

from msgspec import Struct

from liveconsole.connectors.rehearsal.friends import Viewer
from liveconsole.connectors.rehearsal.moment import Outbox, between
from liveconsole.connectors.rehearsal.scenario import AfterHabits, AfterWords
from liveconsole.connectors.rehearsal.talk import Crowd

BOUGHT_MOST: Final = 5_000
"""Orders that buyers think of; who bought before them lets the matter rest."""


class AfterDoings(Struct, frozen=True):
    """What buyers do that shoppers do as well."""

    tell: Callable[[str, dict[str, Any]], None]
    after: Callable[[float, Callable[[], None]], None]
    buy_again: Callable[[Viewer], None]


class _Bought(Struct):
    """An order as its buyer thinks of it. ``helped``: somebody at the shop did what was asked."""

    order_id: str
    buyer: Viewer
    product_id: str
    total: int
    case_id: str = ""
    kind: str = ""
    helped: bool = False
    over: bool = False


class Buyers:
    """Only of scenarios that say how people are after the order (`scenario.Scenario.after`)."""

    def __init__(
        self, dice: Random, habits: AfterHabits, words: AfterWords, out: Outbox, doings: AfterDoings
    ) -> None:
        self._dice, self._habits, self._words, self._out, self._do = dice, habits, words, out, doings
        self._bought: dict[str, _Bought] = {}
        self._of_case: dict[str, _Bought] = {}
        self._began = False

    def begin(self, crowd: Crowd, goods: list[tuple[str, int]]) -> None:
        """Once: orders that are on their way when the rehearsal begins. Goods are ids and prices."""
        if self._began:
            return
        self._began = True
        for _ in range(self._habits.before):
            buyer = crowd.somebody(self._dice)
            product_id, price = self._dice.choice(goods)
            order_id = self._out.number("B")
            line = {"sku_id": product_id, "quantity": 1, "unit_price_fen": price}
            placed = {"order_id": order_id, "buyer": buyer, "lines": [line], "total_fen": price}
            self._out.fact("order.placed", placed)
            self._out.fact("order.paid", {"order_id": order_id, "paid_fen": price})
            one = self._keep(_Bought(order_id, buyer, product_id, price))
            self._parcel(one, "shipped")
            self._do.after(between((1.0, 6.0), self._dice.random()), partial(self._comes, one))

    def paid(self, order_id: str, buyer: Viewer, product_id: str, total: int) -> None:
        """Somebody of tonight has paid."""
        one = self._keep(_Bought(order_id, buyer, product_id, total))
        if self._dice.random() < self._habits.refund:
            self._do.after(self._wait(self._habits.asks_seconds), lambda: self._asks(one, "refund"))
        elif self._dice.random() < self._habits.sent:
            self._do.after(self._wait(self._habits.ship_seconds), lambda: self._sent(one))

    def _keep(self, one: _Bought) -> _Bought:
        self._bought[one.order_id] = one
        if len(self._bought) > BOUGHT_MOST:
            gone = self._bought.pop(next(iter(self._bought)))
            self._of_case.pop(gone.case_id, None)
        return one

    def shop_did(self, case_id: str, order_id: str, act: str, *, done: bool) -> None:
        """A person at the shop did what a seat had asked for, or did not."""
        one = self._of_case.get(case_id) or self._bought.get(order_id)
        if one is None or not done:
            return
        if act == "accept" and one.case_id and not one.over:
            one.helped = True
            self._do.after(0.5, lambda: self._money_back(one))
        elif act == "reject" and one.case_id:
            self._do.after(self._wait(self._habits.patience_seconds), lambda: self._to_the_platform(one))
        elif act in ("compensate", "resend"):
            one.helped = True
            self._do.after(0.5, lambda: self._case(one, "closed"))
        elif act == "ship":
            self._do.after(0.5, lambda: self._sent(one))

    # Parcels ---------------------------------------------------------------------------------------

    def _parcel(self, one: _Bought, status: str, text: str = "") -> None:
        data = {
            "order_id": one.order_id,
            "status": status,
            "carrier": self._words.carrier[_number_of(one.order_id) % len(self._words.carrier)],
            "waybill": f"YL{_number_of(one.order_id):010d}",
        }
        self._out.fact("order.shipment", data | ({"text": text} if text else {}))

    def _sent(self, one: _Bought) -> None:
        self._parcel(one, "shipped")
        self._do.after(self._wait(self._habits.ship_seconds), lambda: self._comes(one))

    def _comes(self, one: _Bought) -> None:
        if self._dice.random() < self._habits.stuck:
            self._parcel(one, "exception", self._dice.choice(self._words.stuck))
            return
        self._parcel(one, "delivered", self._dice.choice(self._words.delivered))
        if self._dice.random() < self._habits.back:
            kind = self._dice.choice(("return", "return", "exchange", "resend"))
            self._do.after(self._wait(self._habits.asks_seconds), lambda: self._asks(one, kind))
        elif self._dice.random() < self._habits.review:
            self._do.after(self._wait(self._habits.asks_seconds), lambda: self._reviews(one))

    # Cases -----------------------------------------------------------------------------------------

    def _asks(self, one: _Bought, kind: str) -> None:
        if one.case_id or one.over or one.order_id not in self._bought:
            return
        one.case_id, one.kind = self._out.number("A"), kind
        self._of_case[one.case_id] = one
        self._case(one, "asked", self._dice.choice(self._words.reasons[kind]))
        self._do.after(self._wait(self._habits.patience_seconds), lambda: self._to_the_platform(one))

    def _case(self, one: _Bought, status: str, reason: str = "") -> None:
        if one.over or not one.case_id:
            return
        one.over = status in ("refunded", "closed")
        data: dict[str, Any] = {
            "aftersale_id": one.case_id,
            "order_id": one.order_id,
            "kind": one.kind,
            "status": status,
        }
        if one.kind in ("refund", "return"):
            data["amount_fen"] = one.total
        self._do.tell("aftersale.updated", data | ({"reason": reason} if reason else {}))
        if one.over and one.helped and self._dice.random() < self._habits.again:
            self._do.after(self._wait(self._habits.asks_seconds), lambda: self._do.buy_again(one.buyer))
        if one.over and self._dice.random() < self._habits.review:
            self._do.after(self._wait(self._habits.asks_seconds), lambda: self._reviews(one))

    def _money_back(self, one: _Bought) -> None:
        if one.over:
            return
        if one.kind in ("refund", "return"):
            refund = {"order_id": one.order_id, "refund_fen": one.total, "refund_id": f"{one.case_id}-r"}
            self._do.tell("order.refunded", refund)
            self._case(one, "refunded")
        else:
            self._case(one, "closed")

    def _to_the_platform(self, one: _Bought) -> None:
        if not one.helped and not one.over:
            self._case(one, "platform", self._dice.choice(self._words.dispute))

    def _reviews(self, one: _Bought) -> None:
        bad = self._dice.random() < (0.1 if one.helped else self._habits.bad)
        stars = self._dice.choice((1, 2) if bad else (4, 5, 5))
        text = self._dice.choice(self._words.bad if bad else self._words.good)
        data = {"order_id": one.order_id, "product_id": one.product_id, "stars": stars, "text": text}
        self._do.tell("review.posted", data)

    def _wait(self, span: tuple[float, float]) -> float:
        return between(span, self._dice.random())


def _number_of(text: str) -> int:
    """A number of ten digits that an order always has."""
    found = 7
    for letter in text:
        found = (found * 131 + ord(letter)) % 10_000_000_000
    return found
