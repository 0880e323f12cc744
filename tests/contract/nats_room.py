"""Seats of a room at a broker, and what tests give them to hear."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError
from liveconsole.bus.joining import SeatCredential, enrolled, settled
from liveconsole.messages.joining import JoinAnswer
from tests.brokers import Broker
from tests.contract.engine_process import EngineProcess
from tests.doors.sharing import joined, local

NAME: Final = "买家王小二"
Place = tuple[EngineProcess, Broker]


@pytest.fixture
def place(of_module: Place) -> Iterator[Place]:
    """An engine at a broker. A broker that a test began does not outlive it; it is begun for the next."""
    began = of_module[1].start_again()
    yield of_module
    if began:
        of_module[1].stop()


@pytest.fixture(scope="module")
def of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("room")
    broker = Broker(folder).start()
    engine = EngineProcess(folder, "--nats", broker.url).start()
    try:
        yield engine, broker
    finally:
        engine.stop()
        broker.stop()


async def seat_at(engine: EngineProcess, role: Any = "assistant", **more: Any) -> SeatCredential:
    """A seat that joined by the code and handed in its key, once the broker lets it in."""
    credential = await enrolled(await joined(engine, role, **more))
    async with credential.client() as client:
        await answers(client)
    return credential


async def answers(client: Client, seconds: float = 5.0) -> float:
    """How long it takes until an engine answers."""
    began = time.monotonic()
    while True:
        try:
            await client.health()
            return time.monotonic() - began
        except BusError:
            if time.monotonic() - began > seconds:
                raise
            await asyncio.sleep(0.02)


def comments(count: int, text: str = "来了", source: str = "") -> list[dict[str, Any]]:
    source = source or f"urn:test:{secrets.token_hex(4)}"
    return [
        {
            "specversion": "1.0",
            "id": str(n),
            "source": source,
            "type": "comment.posted",
            "time": datetime.now(UTC).isoformat(),
            "data": {"viewer": {"id": f"v{n % 50}", "name": NAME}, "text": f"{text} {n}"},
        }
        for n in range(count)
    ]


async def tool_at(engine: EngineProcess, label: str = "弹幕工具") -> SeatCredential:
    """A tool that joined by the code and handed in its key, once the broker lets it in."""
    found = await joined(engine, label=label, kind="tool")
    credential, why = await settled(found, JoinAnswer("allowed", broker=True))
    assert (why, credential.role) == ("", "producer")
    return credential


def no_one() -> None: ...


async def followed(client: Client, *, again: bool = False) -> AsyncGenerator[list[dict[str, Any]], None]:
    """The log from its beginning, and on; ``again``: over every break."""
    async for batch in client.follow(0) if again else client.stream(0):
        yield batch


async def post(engine: EngineProcess, count: int, text: str = "来了") -> int:
    """Comments over loopback; the last seq."""
    async with local(engine, "producer") as producer:
        for n in range(0, count, 500):
            answer = await producer.post_events(comments(min(500, count - n), text))
            assert answer["accepted"] == min(500, count - n), answer
    return int(answer["seq"])


async def until_seq(stream: AsyncGenerator[list[dict[str, Any]], None], last: int) -> list[dict[str, Any]]:
    """Every event of a stream up to one."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while not found or found[-1].get("seq", 0) < last:
            found += await anext(stream)
    return found
