"""Who follows the room: the state names the seats, a window says who sits there, who leaves is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from liveconsole.bus.client import Client
from liveconsole.messages.bounds import SEAT_NAME
from liveconsole.messages.state import SeatState
from liveconsole.tasks import cancel_all, spawn
from tests.contract.engine_process import EngineProcess

Make = Callable[..., EngineProcess]


@asynccontextmanager
async def sitting(running: EngineProcess, role: str) -> AsyncIterator[Client]:
    """A seat that follows, for as long as the block lasts."""
    async with Client(running.found["url"], running.tokens[role], running.found["proof_key"]) as client:

        async def follow() -> None:
            async for _ in client.stream(0):
                pass

        living = spawn(follow(), name="follow")
        yield client
        await cancel_all([living])


async def seats(client: Client, when: Callable[[list[SeatState]], bool]) -> list[SeatState]:
    """Those that the state names, once ``when`` is so."""
    async with asyncio.timeout(10):
        while not when(found := (await client.state()).health.seats):  # noqa: ASYNC110  # it is polled
            await asyncio.sleep(0.02)
    return found


async def test_two_sit_here_and_one_leaves(engine_of: Make) -> None:
    running = engine_of()
    async with sitting(running, "host") as host:
        await host.introduce("a", "云朵")
        await seats(host, lambda found: len(found) == 1)
        async with sitting(running, "assistant") as assistant:
            await assistant.introduce("b", "小林")
            here = await seats(host, lambda found: {one.name for one in found} == {"云朵", "小林"})
            assert [(one.role, one.name, one.seat) for one in here] == [
                ("host", "云朵", "a"),
                ("assistant", "小林", "b"),
            ]
            assert here[0].since <= here[1].since
            await assistant.introduce("b", "林")  # another name over the same connection
            renamed = await seats(host, lambda found: found[1].name == "林")
            assert renamed[1].since == here[1].since
        left = await seats(host, lambda found: len(found) == 1)
        assert left[0].name == "云朵"
        # Nothing of it is kept, and nobody without a token is told.
        assert "云朵" not in str(await host.log(0, 1000))
        assert "云朵" not in str(await host.health())


async def test_what_a_window_says_of_itself_is_bounded_and_plain(engine_of: Make) -> None:
    running = engine_of()
    url = running.found["url"] + "/v1/stream?after=0"
    headers = {"Authorization": f"Bearer {running.tokens['viewer']}"}
    said: list[Any] = [
        "{", "[]", "null", '{"name": 1}', '{"seat": "%s"}' % ("x" * 65), '{"name": "\\ud800"}', "名" * 900,
    ]  # fmt: skip
    async with sitting(running, "host") as host, aiohttp.ClientSession() as session:
        await seats(host, lambda found: len(found) == 1)
        async with session.ws_connect(url, headers=headers) as socket:
            await seats(host, lambda found: len(found) == 2)
            for each in said:
                await socket.send_str(each)
            await socket.send_json({"name": " 小\u202e林\n\t" + "很" * 90, "seat": "b\u0000", "more": 1})
            here = await seats(host, lambda found: len(found) == 2 and bool(found[1].name))
            assert here[1].name == ("小林 " + "很" * 90)[:SEAT_NAME]
            assert (here[1].role, here[1].seat) == ("viewer", "")
            assert not socket.closed
