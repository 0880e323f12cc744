"""The capture sources inside a real engine: off until the room turns them on, then facts on the log."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from pathlib import Path
from typing import Any

from aiohttp import web


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(program: Any, source: str, state: str) -> dict[str, Any]:
    """The health of a source, once it is so."""
    while True:
        health: dict[str, Any] = program.ask("/v1/state")["health"]["capture"][source]
        if health["state"] == state:
            return health


def forward(port: int, body: bytes) -> int | None:
    """The status of a post as wxlivespy's, or None where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/forward", body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


def test_wxlivespy_listens_only_while_the_room_wants_it(program: Any, shared: Path) -> None:
    port = free_port()
    program.env["LIVECONSOLE_WXLIVESPY_PORT"] = str(port)
    program.serve()
    body = (shared / "samples/capture/wxlivespy-forward-comment.json").read_bytes()
    assert forward(port, body) is None
    program.command("room.set", sources={"wxlivespy": True})
    until(program, "wxlivespy", "listening")
    assert forward(port, body) == 200
    assert forward(port, body) == 200
    (comment,) = program.log("comment.posted")
    assert comment["data"] == {"viewer": {"id": "v8_060000e2fc50@flstranger", "name": "bot"}, "text": "弹幕"}
    assert comment["source"] == "/wxlivespy/2042602950"
    program.command("room.set", sources={"wxlivespy": False})
    until(program, "wxlivespy", "off")
    assert forward(port, body) is None


async def test_oba_is_followed_by_the_engine(program: Any) -> None:
    async def handle(request: web.Request) -> web.WebSocketResponse:
        line = {
            "msg_type": "wechat_channel_live_msg",
            "msg_id": "m1",
            "nick_name": "观众A",
            "user_id": "v2@finder",
        }
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.send_str(json.dumps({**line, "content": "这款多少钱", "time": 1787376000000}))
        await ws.receive()
        return ws

    app = web.Application()
    app.router.add_get("/", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    program.env["LIVECONSOLE_OBA_URL"] = f"ws://127.0.0.1:{port}"
    try:
        await asyncio.to_thread(program.serve)
        await asyncio.to_thread(program.command, "room.set", sources={"oba": True})
        async with asyncio.timeout(20):
            while not (found := await asyncio.to_thread(program.log, "comment.posted")):
                pass
        assert found[0]["source"] == f"/oba/127.0.0.1:{port}"
        assert found[0]["data"]["viewer"] == {"id": "v2@finder", "name": "观众A"}
        assert (await asyncio.to_thread(until, program, "oba", "connected"))["facts"] == 1
        await asyncio.to_thread(program.stop)
    finally:
        await runner.cleanup()
