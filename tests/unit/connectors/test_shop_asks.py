"""What is asked of the shop after the order is done there once, seen there, and never sent again, whatever
happens on the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from liveconsole.connectors.wechat_shop import asks
from liveconsole.connectors.wechat_shop.asks import ShopAsks
from liveconsole.domain import shop_asks
from liveconsole.domain.context import Decision
from liveconsole.domain.decide import decide
from liveconsole.domain.room_asks import FromBooks, KnownCase, KnownLine, KnownOrder
from liveconsole.domain.shop_asks import AskEffect
from liveconsole.engine import dispatch
from liveconsole.engine.dispatch import Dispatcher
from liveconsole.messages.envelope import Command
from liveconsole.messages.inputs import CommandAnswer
from tests.unit.connectors.shop_evening import Kill, ShopEvening, quick
from tests.worlds.wechat_shop import aftersales as sold_back
from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.faults import Faults, Rule

WRITES = (asks.ACCEPT, asks.REJECT, asks.SEND, asks.REMARK, asks.PRICE)


class Counter(ShopEvening):
    """An evening at whose shop an order waits, and a buyer wants his money back."""

    def __init__(self, faults: Faults | None = None, *, paid: bool = True, type_: str = "REFUND") -> None:
        super().__init__(faults)
        self.order = self.shop.orders.place("buyer", [("scarf", "scarf", 2)])
        if paid:
            self.shop.orders.pay(self.order.order_id)
        self.case = self.shop.aftersales.open(self.order.order_id, 9900, type_=type_) if paid else None
        self.asks = ShopAsks(self, self._now, lambda called: {"顺丰": "SF"}.get(called, called), self._sleep)
        self.asking = self._asking()

    def _asking(self) -> Dispatcher[AskEffect]:
        return Dispatcher(self, {"shop": self.asks}, first_wait=0.0001)

    def look(self) -> None:
        if hasattr(self, "asking"):
            self.asking.owed("shop", shop_asks.owed(self.desk.room))

    async def ask_self(self, type_: str, data: dict[str, Any]) -> CommandAnswer:
        await asyncio.sleep(0)
        answer = self.desk.ask(type_, data, "platform")
        self.look()
        return CommandAnswer(isinstance(answer, Decision), b"")

    def answer(self, act: str, **data: Any) -> str:
        order = KnownOrder(
            self.order.order_id,
            19_800,
            19_800 if self.order.paid_at else 0,
            placed=True,
            paid=bool(self.order.paid_at),
            lines=[KnownLine("scarf", 2, 9900, "scarf")],
        )
        cases = {}
        if self.case is not None:
            cases = {self.case.aftersale_id: KnownCase(self.case.aftersale_id, order.order_id, "asked")}
        books = FromBooks(True, {order.order_id: order}, cases)
        about = {"aftersale_id": self.case.aftersale_id} if act in ("accept", "reject") and self.case else {}
        command = Command(
            "id", "shop.answer", {"act": act, "order_id": order.order_id, **about, **data}, "host"
        )
        found = decide(self.desk.room, command, self.desk.now, self.desk.chance, {}, books)
        assert isinstance(found, Decision), found
        self.desk.fold(found.events)
        self.look()
        return str(found.result["ask_id"])

    async def until_settled(self, *, seconds: float = 300) -> str:
        """What was said of it last."""
        until = self.desk.now + timedelta(seconds=seconds)
        async with asyncio.timeout(20):
            while shop_asks.owed(self.desk.room) and self.desk.now < until:
                if self.killed.is_set():
                    self.killed.clear()
                    await self.asking.close()
                    self.desk.room = self.desk.refold()
                    self.asks = ShopAsks(self, self._now, str, self._sleep)
                    self.asking = self._asking()
                    self.look()
                await asyncio.sleep(0.0005)
                self.desk.now += timedelta(seconds=0.5)
        await self.asking.close()
        settled = [event.data for event in self.desk.log if event.type == "shop.settled"]
        return str(settled[-1].outcome) if settled else ""  # type: ignore[attr-defined]

    def sent(self) -> list[str]:
        return [path for path in self.called if path in WRITES]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


async def test_a_refund_is_accepted_and_seen() -> None:
    counter = Counter()
    counter.answer("accept")
    assert await counter.until_settled() == "done"
    assert counter.case is not None
    assert counter.case.status == sold_back.GIVEN_BACK
    assert counter.sent() == [asks.ACCEPT]


async def test_a_return_waits_for_the_goods_and_a_no_says_why() -> None:
    counter = Counter(type_="RETURN")
    counter.answer("accept", address_id="123")
    assert await counter.until_settled() == "done"
    assert counter.case is not None
    assert counter.case.status == sold_back.WAITS_FOR_GOODS
    other = Counter()
    other.answer("reject", reason="超过 7 天")
    assert await other.until_settled() == "done"
    assert other.case is not None
    assert other.case.status == sold_back.SAID_NO


async def test_a_parcel_a_note_and_a_price_are_seen_in_the_order() -> None:
    counter = Counter()
    counter.answer("ship", carrier="顺丰", waybill="SF123")
    assert await counter.until_settled() == "done"
    assert counter.order.waybills == [("SF", "SF123")], "by the code that the shop knows"
    counter = Counter()
    counter.answer("remark", text="易碎")
    assert await counter.until_settled() == "done"
    assert counter.order.merchant_notes == "易碎"
    counter = Counter(paid=False)
    counter.answer("price", lines=[{"sku_id": "scarf", "quantity": 2, "fen": 17_000}])
    assert await counter.until_settled() == "done"
    assert counter.order.price_fen == 17_000


async def test_what_somebody_did_on_the_phone_is_not_done_again() -> None:
    counter = Counter()
    assert counter.case is not None
    counter.shop.aftersales.give_back(counter.case.aftersale_id)
    counter.answer("accept")
    assert await counter.until_settled() == "done"
    assert counter.sent() == []
    other = Counter()
    assert other.case is not None
    other.shop.aftersales.withdraw(other.case.aftersale_id)
    other.answer("accept")
    assert await other.until_settled() == "refused", "the buyer has taken it back"
    assert other.sent() == []


async def test_a_no_of_the_shop_is_told_and_may_be_asked_again() -> None:
    counter = Counter(Faults(rules=[Rule(wrong.PERMISSION, path=asks.SEND, most=1)]))
    counter.answer("ship", carrier="SF", waybill="SF123")
    assert await counter.until_settled() == "refused"
    counter.asking = counter._asking()
    counter.answer("ship", carrier="SF", waybill="SF123")
    assert await counter.until_settled() == "done"
    assert counter.order.waybills == [("SF", "SF123")]


@pytest.mark.parametrize("act", ["accept", "ship", "remark"])
@pytest.mark.parametrize("fault", [wrong.HANG_BEFORE, wrong.HANG_AFTER, wrong.RESET_AFTER, wrong.BUSY])
async def test_what_nobody_answered_is_looked_for_and_not_sent_again(act: str, fault: str) -> None:
    path = {"accept": asks.ACCEPT, "ship": asks.SEND, "remark": asks.REMARK}[act]
    data = {"ship": {"carrier": "SF", "waybill": "SF1"}, "remark": {"text": "易碎"}}.get(act, {})
    counter = Counter(Faults(rules=[Rule(fault, path=path, most=1)]))
    counter.answer(act, **data)
    carried_out = fault in (wrong.HANG_AFTER, wrong.RESET_AFTER)
    assert await counter.until_settled() == ("done" if carried_out else "refused")
    assert counter.sent() == [path]


PLACES: list[str | int] = ["effect taken", "effect marked", "effect answered", 0, 1, 2]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("after", [False, True])
async def test_an_engine_that_dies_sends_a_parcel_once_at_most(
    monkeypatch: pytest.MonkeyPatch, place: str | int, after: bool
) -> None:
    counter = Counter()
    monkeypatch.setattr(dispatch, "failpoint", counter.reached)
    counter.kill = Kill(place, after)
    counter.answer("ship", carrier="SF", waybill="SF123")
    outcome = await counter.until_settled()
    assert counter.order.waybills in ([], [("SF", "SF123")])
    assert outcome == ("done" if counter.order.waybills else "refused"), "what is told is what is so"
    assert len(counter.sent()) <= 1


async def test_a_program_that_does_not_look_first_sends_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: were a thing done on the phone not looked for, the shop would be asked all the same."""

    async def absent(self: ShopAsks, asked: Any) -> tuple[str, dict[str, Any]]:
        return "absent", {}

    counter = Counter()
    assert counter.case is not None
    counter.shop.aftersales.give_back(counter.case.aftersale_id)
    monkeypatch.setattr(ShopAsks, "_look", absent)
    counter.answer("accept")
    await counter.until_settled(seconds=100)
    assert counter.sent() == [asks.ACCEPT]
