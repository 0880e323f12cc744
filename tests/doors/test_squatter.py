"""Somebody else on our port: the engine goes elsewhere, and no client of ours tells him a token."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from liveconsole.bus.client import Client, EngineGone
from liveconsole.bus.discovery import Discovery, announce
from liveconsole.bus.launch import running as running_engine
from tests.contract.engine_process import EngineProcess

TOKEN = "tokens-are-for-the-engine-only"


class Squatter:
    """Answers everything as an engine would, but knows no proof key; keeps what it hears."""

    def __init__(self) -> None:
        self.heard = b""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while block := await reader.read(65536):
            self.heard += block
            body = json.dumps({"ok": True, "seq": 7, "room": {}, "proof": "0" * 64}).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def squatting(port: int = 0) -> AsyncIterator[Squatter]:
    squatter = Squatter()
    listening = await asyncio.start_server(squatter.serve, "127.0.0.1", port)
    squatter.port = listening.sockets[0].getsockname()[1]
    try:
        yield squatter
    finally:
        listening.close()


async def test_the_engine_starts_on_another_port_and_says_so(tmp_path: Path) -> None:
    room = tmp_path / "room"
    first = await asyncio.to_thread(EngineProcess(room, "--port", "0").start)
    port, tokens = first.port, first.tokens
    assert await asyncio.to_thread(first.stop) == 0
    async with squatting(port) as squatter:
        second = EngineProcess(room)  # the port it had before
        await asyncio.to_thread(second.start)
        try:
            assert second.port != port
            assert second.tokens == tokens
            assert await asyncio.to_thread(second.seq) == 0
            found = await running_engine(room)
            assert found is not None
            assert found.url == second.found["url"]
        finally:
            assert await asyncio.to_thread(second.stop) == 0
        assert squatter.heard == b""


async def test_a_client_of_ours_tells_him_nothing(tmp_path: Path) -> None:
    """The engine died and left its engine.json; somebody sits on its port now."""
    room = tmp_path / "room"
    async with squatting() as squatter:
        url = f"http://127.0.0.1:{squatter.port}"
        room.mkdir()
        announce(room, Discovery(url, 1, "0", "a proof key", {"host": TOKEN}))
        assert await running_engine(room) is None
        async with Client(url, TOKEN, "a proof key") as client:
            for ask in (client.state, client.stop, client.schema):
                with pytest.raises(EngineGone, match="not our engine"):
                    await ask()
            with pytest.raises(EngineGone):
                await client.command("room.halt", {})
            with pytest.raises(EngineGone):
                await client.post_events([])
            with pytest.raises(EngineGone):
                async for _ in client.stream():
                    pass
        assert b"GET /v1/health" in squatter.heard
        assert TOKEN.encode() not in squatter.heard
        assert b"Authorization" not in squatter.heard


async def test_twin_a_client_that_asks_for_no_proof_gives_its_token_away() -> None:
    async with squatting() as squatter:
        async with Client(f"http://127.0.0.1:{squatter.port}", TOKEN) as client:
            assert (await client.schema())["seq"] == 7
        assert TOKEN.encode() in squatter.heard


def test_nobody_can_listen_beside_the_engine(engine: EngineProcess) -> None:
    with socket.socket() as beside:
        for option in ("SO_REUSEADDR", "SO_REUSEPORT"):
            if hasattr(socket, option):
                beside.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
        with pytest.raises(OSError):
            _listen(beside, engine.port)


def _listen(beside: socket.socket, port: int) -> None:
    beside.bind(("127.0.0.1", port))
    beside.listen()


def test_it_listens_on_loopback_alone(engine: EngineProcess) -> None:
    import psutil

    listens = [c for c in psutil.Process(engine.process.pid).net_connections() if c.status == "LISTEN"]
    assert [(c.laddr.ip, c.laddr.port) for c in listens] == [("127.0.0.1", engine.port)]
