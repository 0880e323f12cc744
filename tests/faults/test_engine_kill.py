"""`kill -9` of the engine, again and again, while a sale runs.

Nothing acknowledged is missing, stock adds up, every sale ends at its time, no effect is sent twice. Two
rooms at once, each with buyers, comments and pins; one of them on the simulated platform.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.client import BusError, Client
from tests.contract.engine_process import EngineProcess, comment

DEEP = bool(os.environ.get("LIVECONSOLE_DEEP"))
KILLS = {"own": 32, "rehearsal": 18} if DEEP else {"own": 13, "rehearsal": 7}
"""By the room's platform; fifty with the deep tests. A rehearsal's is a program that each start waits for."""
UNITS = 30
SALE_SECONDS = 5
RUNS = {"firing", "on_air"}
IN_TIME = timedelta(seconds=0.5)
"""An end is this late at most: on a busy machine of two cores, after its moment or after the start."""


class Book:
    """What the engine acknowledged, and when it was there."""

    def __init__(self) -> None:
        self.facts: set[tuple[str, str]] = set()
        self.answers: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.up: list[tuple[datetime, datetime]] = []


class Room:
    """One room that is killed ``kills`` times."""

    def __init__(self, folder: Path, platform: str) -> None:
        self.folder = folder
        self.book = Book()
        self._random = random.Random(platform)
        self._platform = platform
        self._sales = 0
        self._unknown: set[str] = set()
        """Sales that were unknown when the engine was last killed."""

    async def play(self) -> None:
        running = EngineProcess(self.folder, "--rehearsal")
        try:
            for kill in range(KILLS[self._platform]):
                await self._once(running, kill)
            await asyncio.to_thread(running.start)
            began = datetime.now(UTC)
            await self._until_all_ended(running)
            self._check(running, began)
            assert await asyncio.to_thread(running.stop) == 0
        finally:
            if running.process.poll() is None:
                running.kill()
            running._close_pipes()

    async def _once(self, running: EngineProcess, kill: int) -> None:
        (self.folder / "platform.json").unlink(missing_ok=True)
        await asyncio.to_thread(running.start)
        began = datetime.now(UTC)
        client = Client(running.found["url"], running.tokens["host"], running.found["proof_key"])
        async with client:
            if kill == 0:
                await self._prepare(client)
            await self._last_answers_stand(client)
            work = [self._sell(client), self._talk(client), *(self._buy(client) for _ in range(4))]
            tasks = [asyncio.get_running_loop().create_task(one) for one in work]
            if self._platform == "rehearsal":
                while not (self.folder / "platform.json").exists():  # noqa: ASYNC110  # another process makes it
                    await asyncio.sleep(0.02)
            await asyncio.sleep(self._random.uniform(0.02, 0.6))
            await asyncio.to_thread(running.kill)
            self.book.up.append((began, datetime.now(UTC)))
            await asyncio.gather(*tasks)

    async def _prepare(self, client: Client) -> None:
        products = [{"product_id": p, "title": p, "price_fen": 1900, "stock": 100_000} for p in ("a", "b")]
        commands: list[tuple[str, dict[str, Any]]] = [
            ("broadcast.open", {}),
            ("room.set", {"recall_seconds": 0, "platform": self._platform}),
            ("catalogue.put", {"products": products}),
            ("cart.add", {"product_ids": ["a", "b"]}),
        ]
        for type_, data in commands:
            answer = await self._ask(client, type_, data)
            assert answer["ok"], answer

    async def _ask(self, client: Client, type_: str, data: dict[str, Any]) -> dict[str, Any]:
        id_ = str(uuid.uuid4())
        answer = await client.command(type_, data, id=id_)
        self.book.answers[id_] = ({"type": type_, "data": data}, answer)
        return answer

    async def _sell(self, client: Client) -> None:
        """A sale is always on air, and the pin moves: effects are owed all the time."""
        unknown: set[str] = set()
        with contextlib.suppress(BusError):
            while True:
                state = await client.state()
                sales = [cue for cue in state.cues if cue.kind == "flash_sale"]
                unknown = {cue.cue_id for cue in sales if cue.status == "unknown"}
                for cue_id in unknown & self._unknown:  # the platform never heard of it: a person decides
                    await self._ask(client, "cue.stop", {"cue_id": cue_id})
                if not [cue for cue in sales if cue.status in ("firing", "on_air") or cue.cue_id in unknown]:
                    self._sales += 1
                    cue_id = f"sale-{self._sales}"
                    spec = {
                        "sku_id": "a",
                        "price_fen": 900,
                        "quantity": UNITS,
                        "per_buyer": 2,
                        "seconds": SALE_SECONDS,
                    }
                    await self._ask(client, "cue.add", {"cue_id": cue_id, "kind": "flash_sale", "spec": spec})
                    await self._ask(client, "cue.fire", {"cue_id": cue_id})
                await self._ask(client, "cart.pin", {"product_id": self._random.choice("ab")})
                await asyncio.sleep(0.1)
        self._unknown = unknown

    async def _buy(self, client: Client) -> None:
        with contextlib.suppress(BusError):
            while True:
                buyer = {"id": f"b{self._random.randrange(200)}", "name": "买家"}
                lines = [{"sku_id": "a", "quantity": self._random.choice((1, 2))}]
                data = {
                    "order_id": str(uuid.uuid4()),
                    "buyer": buyer,
                    "lines": lines,
                    "cue_id": f"sale-{self._sales}",
                }
                await self._ask(client, "order.request", data)

    async def _talk(self, client: Client) -> None:
        with contextlib.suppress(BusError):
            while True:
                facts = [comment(str(uuid.uuid4()), source="/test/talk") for _ in range(20)]
                answer = await client.post_events(facts)
                assert answer["accepted"] == 20, answer
                self.book.facts.update((fact["source"], fact["id"]) for fact in facts)

    async def _last_answers_stand(self, client: Client) -> None:
        """The same id again: the same answer, and nothing is done."""
        before = (await client.health())["seq"]
        for id_, (asked, answer) in list(self.book.answers.items())[-5:]:
            assert await client.command(asked["type"], asked["data"], id=id_) == answer
        moved = await client.log(before, types=["order.granted", "cue.queued"])
        assert moved == []

    async def _until_all_ended(self, running: EngineProcess) -> None:
        deadline = time.monotonic() + 4 * SALE_SECONDS
        while True:
            state = await asyncio.to_thread(running.state)
            if not [c for c in state["cues"] if c["kind"] == "flash_sale" and c["status"] in RUNS]:
                return
            assert time.monotonic() < deadline, "a sale goes on for ever"
            await asyncio.sleep(0.1)

    def _check(self, running: EngineProcess, began: datetime) -> None:
        self.book.up.append((began, datetime.now(UTC) + timedelta(days=1)))
        log: list[dict[str, Any]] = []
        while page := running.log(len(log)):
            log += page
        assert [line["seq"] for line in log] == list(range(1, len(log) + 1))
        nothing_missing(self.book, log)
        units_add_up(log, running.state()["cues"])
        self._ends_in_time(log)
        if self._platform == "rehearsal":
            rows = (self.folder / "platform.ledger.jsonl").read_text("utf-8").splitlines()
            nothing_sent_twice([json.loads(row) for row in rows])

    def _ends_in_time(self, log: list[dict[str, Any]]) -> None:
        sales = {line["data"]["cue_id"]: line for line in log if line["type"] == "cue.on_air"}
        sales = {cue_id: line for cue_id, line in sales.items() if cue_id.startswith("sale-")}
        ends = {line["data"]["cue_id"]: line for line in log if line["type"] == "cue.ended"}
        in_time = 0
        for cue_id, on_air in sales.items():
            due = datetime.fromisoformat(on_air["data"]["ends_at"])
            if cue_id not in ends:  # it was unknown, and the platform said yes at the very last
                assert due + IN_TIME > datetime.now(UTC), f"{cue_id} goes on for ever"
                continue
            ended = datetime.fromisoformat(ends[cue_id]["at"])
            if ends[cue_id]["data"]["because"] == "stopped":
                continue
            in_time += 1
            # killed in the very moment of the end, the next engine ends it
            starts = [max(due, began) for began, gone in self.book.up if gone > due][:2]
            assert ends[cue_id]["data"]["because"] == "time_up"
            assert due <= ended
            assert any(ended <= start + IN_TIME for start in starts), (due, ended, starts)
        assert in_time > 0


def nothing_missing(book: Book, log: list[dict[str, Any]]) -> None:
    """Every acknowledged fact is on the log once, every granted order as it was answered."""
    found = Counter((line["source"], line["id"]) for line in log if "source" in line)
    assert book.facts <= set(found), "an acknowledged fact is missing"
    assert set(found.values()) <= {1}
    granted = {line["data"]["order_id"]: line["data"] for line in log if line["type"] == "order.granted"}
    for asked, answer in book.answers.values():
        if asked["type"] == "order.request" and answer["ok"]:
            assert granted[asked["data"]["order_id"]]["total_fen"] == answer["result"]["total_fen"]


def units_add_up(log: list[dict[str, Any]], cues: list[dict[str, Any]]) -> None:
    """The figures of every sale are what the log's orders took, never more than there were."""
    taken: Counter[str] = Counter()
    for line in log:
        if line["type"] == "order.granted":
            for one in line["data"]["lines"]:
                taken[one["cue_id"]] += one["quantity"]
    for cue in cues:
        if cue["kind"] == "flash_sale":
            assert cue["held"] + cue["sold"] == taken[cue["cue_id"]] <= UNITS
            assert cue["left"] == UNITS - taken[cue["cue_id"]]


def nothing_sent_twice(ledger: list[dict[str, Any]]) -> None:
    """The platform was asked once at most for every effect."""
    asked = Counter(row["key"] for row in ledger if row["row"] == "asked")
    assert asked
    assert max(asked.values()) == 1, f"asked twice: {[key for key, n in asked.items() if n > 1]}"


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_kills_lose_nothing(tmp_path: Path) -> None:
    rooms = [Room(tmp_path / platform, platform) for platform in KILLS]
    await asyncio.gather(*(room.play() for room in rooms))
    kills = sum(KILLS.values())
    assert sum(len(room.book.facts) for room in rooms) > 2 * kills
    assert sum(len(room.book.answers) for room in rooms) > 2 * kills
