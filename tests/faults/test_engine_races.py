"""2,000 buyers at once for a sale of 50, two each at most."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.commit_draft import CommitDraft
from liveconsole.engine.core import RoomCore
from liveconsole.engine.engine import Engine
from liveconsole.messages.events import OrderGranted
from liveconsole.messages.inputs import CommandInput
from liveconsole.store.opening import open_store
from tests.contract.engine_process import EngineProcess

BUYERS, UNITS, PER_BUYER = 2000, 50, 2
SALE = {"sku_id": "a", "price_fen": 900, "quantity": UNITS, "per_buyer": PER_BUYER, "seconds": 600}
PRODUCTS = [{"product_id": "a", "title": "甲", "price_fen": 1900, "stock": 500}]
SETUP: list[tuple[str, dict[str, Any]]] = [
    ("broadcast.open", {}),
    ("room.set", {"recall_seconds": 0}),
    ("catalogue.put", {"products": PRODUCTS}),
    ("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE}),
    ("cue.fire", {"cue_id": "sale"}),
]


def requests() -> list[dict[str, Any]]:
    """Every buyer of 500 asks four times, for one unit or two."""
    return [
        {
            "order_id": f"o{n}",
            "buyer": {"id": f"b{n % 500}", "name": f"买家{n % 500}"},
            "lines": [{"sku_id": "a", "quantity": 1 + n % 2}],
            "cue_id": "sale",
        }
        for n in range(BUYERS)
    ]


def check(answers: list[Any], granted: list[dict[str, Any]], cue: dict[str, Any]) -> None:
    """What must hold, of the answers and of the log."""
    units, buyers = 0, Counter[str]()
    for order in granted:
        quantity = sum(line["quantity"] for line in order["lines"])
        units += quantity
        buyers[order["buyer"]["id"]] += quantity
    assert units <= UNITS, "oversold"
    assert units == UNITS
    assert max(buyers.values()) <= PER_BUYER
    said_yes = {answer["result"]["order_id"] for answer in answers if answer["ok"]}
    assert said_yes == {order["order_id"] for order in granted}
    assert {answer["code"] for answer in answers if not answer["ok"]} <= {"sold_out", "buyer_limit"}
    assert (cue["held"], cue["sold"], cue["left"], cue["oversold"]) == (UNITS, 0, 0, 0)


async def test_over_http(tmp_path: Path) -> None:
    running = EngineProcess(tmp_path / "room", "--port", "0")
    await asyncio.to_thread(running.start)
    try:
        for type_, data in SETUP:
            await asyncio.to_thread(running.done, type_, **data)
        headers = {"Authorization": f"Bearer {running.tokens['producer']}"}
        url = running.found["url"] + "/v1/commands"
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

            async def ask(data: dict[str, Any]) -> Any:
                body = {"id": data["order_id"], "type": "order.request", "data": data}
                async with session.post(url, json=body) as response:
                    assert response.status == 200, await response.text()
                    return await response.json()

            answers = await asyncio.gather(*(ask(data) for data in requests()))
        log = await asyncio.to_thread(running.log, 0, 10_000, "order.granted")
        state = await asyncio.to_thread(running.state)
        (cue,) = state["cues"]
        check(answers, [line["data"] for line in log], cue)
    finally:
        assert await asyncio.to_thread(running.stop) == 0


class Hasty(RoomCore):
    """The guard taken out: the orders of one commit are all judged on the room as it stood before them."""

    def _apply(self, work: CommitDraft, events: Any) -> None:
        late = [event for event in events if isinstance(event.data, OrderGranted)]
        self._late = [*getattr(self, "_late", []), *late]
        super()._apply(work, [event for event in events if event not in late])

    def _commit(self, work: CommitDraft) -> None:
        late, self._late = getattr(self, "_late", []), []
        super()._apply(work, late)
        super()._commit(work)


@contextmanager
def _engine(core_class: type[RoomCore], folder: Path) -> Iterator[Engine]:
    store, clock = open_store(folder), Clock()
    core = core_class(store, now=clock.now(), chance=SystemChance())
    yield Engine(store, core, clock, state=lambda *_: b"", overlay=lambda *_: b"")


async def _sell(core_class: type[RoomCore], folder: Path) -> None:
    with _engine(core_class, folder) as engine:
        await engine.start()
        try:
            for n, (type_, data) in enumerate(SETUP):
                answer = await engine.ask(CommandInput(f"s{n}", type_, data, "host", b"h"))
                assert answer.ok, answer.body
            asked = (
                engine.ask(CommandInput(data["order_id"], "order.request", data, "producer", b"h"))
                for data in requests()
            )
            answers = [msgspec.json.decode(answer.body) for answer in await asyncio.gather(*asked)]
            lines = [msgspec.json.decode(line) for line in await engine.log(0, 10_000, ["order.granted"])]
            counts = await engine.view(lambda core: core.room.cues["sale"].sale["a"])
            cue = {
                "held": counts.held,
                "sold": counts.sold,
                "left": counts.left,
                "oversold": counts.oversold,
            }
            check(answers, [line["data"] for line in lines], cue)
        finally:
            await engine.stop()


async def test_inside_one_engine(tmp_path: Path) -> None:
    await _sell(RoomCore, tmp_path / "room")


async def test_without_the_guard_it_oversells(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="oversold"):
        await _sell(Hasty, tmp_path / "room")
