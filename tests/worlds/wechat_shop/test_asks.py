"""After the order at a connected shop: what a person asks is done there by the connection, and comes back as
the shop's own word."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.connectors.wechat_shop import asks
from liveconsole.engine.book_process import AskedBook
from tests.worlds.wechat_shop import aftersales as back
from tests.worlds.wechat_shop.test_following import POLL, Evening, played


class Counter(Evening):
    """The same, with somebody at the shop window."""

    def answer(self, query: dict[str, str]) -> bytes:
        books = self.run.engine.books
        answer: bytes = books._answer_near(AskedBook("cases", query, books._now()))
        return answer

    async def settled(self) -> None:
        for _ in range(200):
            await asyncio.sleep(0.5)
            if not self.run.core.room.asks:
                return
        raise AssertionError("what was asked is never settled")


def _told(evening: Counter, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(evening.answer(query))
    return found


def test_a_parcel_and_a_refund_are_asked_of_the_shop_and_told_by_it(tmp_path: Path) -> None:
    async def act(evening: Evening) -> None:
        assert isinstance(evening, Counter)
        await evening.begin()
        await evening.run.ask("open", "broadcast.open")
        first, second = evening.sold(), evening.sold()
        await asyncio.sleep(3 * POLL)
        await evening.run.ask(
            "ship", "shop.answer", act="ship", order_id=first, carrier="顺丰", waybill="SF1"
        )
        await evening.settled()
        assert evening.shop.orders.orders[first].waybills == [("SF", "SF1")]
        asked = evening.shop.aftersales.open(second, 1)
        await asyncio.sleep(40)
        id_ = asked.aftersale_id
        (row,) = _told(evening, group="first_answer")["rows"]
        assert (row["aftersale_id"], row["order_id"]) == (id_, second)
        await evening.run.ask("yes", "shop.answer", act="accept", aftersale_id=id_)
        await evening.settled()
        assert asked.status == back.GIVEN_BACK
        await asyncio.sleep(60)
        assert _told(evening, group="first_answer")["rows"] == [], "the shop has told that it is over"
        (moving,) = _told(evening, group="moving")["rows"]
        assert moving["case_id"] == f"order/{first}", "and of the parcel"
        assert _told(evening, case=f"order/{first}")["parcel"]["waybill"] == "SF1"
        assert [call.path for call in evening.server.calls if call.path in (asks.SEND, asks.ACCEPT)] == [
            asks.SEND,
            asks.ACCEPT,
        ]

    played(tmp_path, act, "wechat_shop", Counter)
