"""What a turn reads and what a push has read meanwhile: the later reading has the last word."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from liveconsole.connectors.cloudevent import cloudevent
from liveconsole.connectors.wechat_shop import sweep
from liveconsole.connectors.wechat_shop.poller import Poller, Reading
from liveconsole.connectors.wechat_shop.sweep import ListWindow, Marks
from tests.worlds import virtual

NOW = 1_700_000_000


class Aftersales:
    """One after-sale: a reading says how it stood at its beginning; the first one waits long for the rest."""

    list_path, widest = "/list", 86_400

    def __init__(self) -> None:
        self.step, self.waits = 1, [60.0, 0.0]

    def list_body(self, window: ListWindow) -> dict[str, Any]:
        return {}

    def ids(self, reply: dict[str, Any]) -> list[Any]:
        return ["a"]

    async def read(self, api: Any, id_: str, told: list[str]) -> Reading | None:
        step = self.step
        await asyncio.sleep(self.waits.pop(0))
        event = cloudevent("/shop", f"a/{step}", "aftersale.updated", {"status": step})
        return Reading(NOW + step, [], closed=step == 2, events=[event])


def told() -> tuple[list[int], Marks]:
    """The steps that went to the log while a push came in the middle of a reading that was stuck."""

    async def play() -> tuple[list[int], Marks]:
        loop = asyncio.get_running_loop()
        steps: list[int] = []

        async def post(events: Any) -> None:
            steps.extend(event["data"]["status"] for event in events)

        async def read(path: str, body: Any) -> dict[str, Any]:
            return {"has_more": False, "next_key": ""}

        async def save() -> None: ...

        def clock() -> datetime:
            return datetime.fromtimestamp(NOW + 10 + loop.time(), UTC)

        shop = Aftersales()
        api: Any = SimpleNamespace(read=read, clock=clock, dated=None)
        poller = Poller("aftersales", 8, api, shop, Marks(NOW), post, save)

        async def push() -> None:
            await asyncio.sleep(5)
            shop.step = 2
            await poller.read_now(["a"])

        await asyncio.gather(poller.turn(), push())
        return steps, poller._marks

    return virtual.run(play())


def test_a_reading_that_was_overtaken_says_nothing_any_more() -> None:
    steps, marks = told()
    assert steps == [2]
    assert marks.known["a"].updated == NOW + 2


def test_twin_without_it_an_old_step_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "overtaken", lambda marks, id_, asked_at: False)
    steps, _ = told()
    assert steps == [2, 1]
