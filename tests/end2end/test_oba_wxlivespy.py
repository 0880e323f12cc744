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
    assert comment["data"] == {
        "viewer": {"id": "v8_060000e2fc50@flstranger", "name": "bot"},
        "text": "弹幕",
        "message_id": "finderlive_usermsg_comment_9V1pD-9rrIJr1GFSXo",
    }
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


async def test_two_tools_count_one_comment_once_and_a_tool_that_goes_leaves_a_gap(
    program: Any, shared: Path
) -> None:
    """What both tell is one; one goes, and is back: the log, the state and the report say when."""

    async def handle(request: web.Request) -> web.WebSocketResponse:
        line = {"msg_type": "wechat_channel_live_msg", "nick_name": "bot", "user_id": "v2@finder"}
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        id_ = "finderlive_usermsg_comment_9V1pD-9rrIJr1GFSXo"
        await ws.send_str(json.dumps({**line, "msg_id": id_, "content": "弹幕", "time": 1787376000000}))
        await ws.receive()
        return ws

    async def serve(port: int) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/", handle)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    async def ask(what: Any, *args: Any, **more: Any) -> Any:
        return await asyncio.to_thread(what, *args, **more)

    spied, port = free_port(), free_port()
    program.env["LIVECONSOLE_WXLIVESPY_PORT"] = str(spied)
    program.env["LIVECONSOLE_OBA_URL"] = f"ws://127.0.0.1:{port}"
    runner = await serve(port)
    try:
        await ask(program.serve)
        await ask(program.command, "broadcast.open")
        await ask(program.command, "room.set", sources={"oba": True, "wxlivespy": True})
        await ask(until, program, "wxlivespy", "listening")
        body = (shared / "samples/capture/wxlivespy-forward-comment.json").read_bytes()
        assert await ask(forward, spied, body) == 200
        async with asyncio.timeout(20):
            while len(told := await ask(program.log, "comment.posted")) < 2:
                pass
        assert sorted(line["actor"] for line in told) == ["producer", "producer="]
        assert (await ask(program.ask, "/v1/state"))["audience"]["comments"] == 1
        await runner.cleanup()
        async with asyncio.timeout(30):
            while not (gaps := await ask(program.log, "source.gap")):
                pass
        assert (gaps[0]["data"]["source"], gaps[0]["data"]["why"]) == (f"/oba/127.0.0.1:{port}", "lost")
        state = await ask(program.ask, "/v1/state")
        assert [gap["to"] for gap in state["health"]["gaps"]] == [None]
        assert "stale_source" in [alarm["code"] for alarm in state["alarms"]]
        runner = await serve(port)
        async with asyncio.timeout(30):
            while len(gaps := await ask(program.log, "source.gap")) < 2:
                pass
        assert gaps[1]["data"]["from"] == gaps[0]["data"]["from"] < gaps[1]["data"]["to"]
        report = await ask(program.ask, "/v1/broadcasts/1")
        assert [gap["source"] for gap in report["gaps"]] == [f"/oba/127.0.0.1:{port}"]
        assert report["silences"] == [], "the other one was there"
        assert report["totals"]["comments"] == 1
    finally:
        await runner.cleanup()
