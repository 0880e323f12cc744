"""An answer that cannot be read is an error of the bus, whoever gave it: another program at the port of an
engine that ended, or an engine of another version."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from aiohttp import web

from liveconsole.bus.client import Client
from liveconsole.bus.discovery import Discovery, announce
from liveconsole.bus.errors import BusError, OtherVersion
from liveconsole.bus.launch import running
from liveconsole.bus.wire import Wire, WireAnswer, health_in

STRANGE = [b"<html>", b"", b"[1]", b'"x"', b"null", b"\xff", b'{"x":"\xff"}', b"[" * 4_000]


@pytest.mark.parametrize("body", STRANGE)
async def test_another_program_at_the_port_of_a_dead_engine_is_no_engine(tmp_path: Path, body: bytes) -> None:
    """A web server under development says yes to every address: no command and no desk began any more."""

    async def yes(_: web.BaseRequest) -> web.Response:
        return web.Response(body=body)

    runner = web.ServerRunner(web.Server(yes))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        announce(tmp_path, Discovery(url, os.getpid(), "0.1.0", "key", {"host": "token"}))
        assert await running(tmp_path) is None
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("body", STRANGE)
def test_the_twin_read_it_as_it_came(body: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeError, RecursionError, AttributeError)) as raised:
        msgspec.json.decode(body).get("proof")
    assert not isinstance(raised.value, BusError)
    with pytest.raises(BusError):
        health_in(body)


class _Says:
    """A way to an engine that always says the same."""

    far = False

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def health(self) -> dict[str, Any]:
        return {"version": "9.0.0"}

    async def call(self, *_: object, **__: object) -> WireAnswer:
        return WireAnswer(200, self._body, {})


ASKS: list[Callable[[Client], Awaitable[object]]] = [
    lambda client: client.checkpoint("/live"),
    lambda client: client.share(),
    lambda client: client.shop_differences(),
    lambda client: client.act("obs", "x"),
    lambda client: client.state(),
]


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("body", [b"<html>", b"3", b"[1]", b"\xff", b"[" * 4_000])
async def test_what_has_a_type_of_ours(ask: Callable[[Client], Awaitable[object]], body: bytes) -> None:
    client = Client("http://x", "", wire=cast(Wire, _Says(body)))
    with pytest.raises(OtherVersion) as raised:
        await ask(client)
    assert raised.value.engine == "9.0.0"


async def test_lines_of_the_log_too() -> None:
    client = Client("http://x", "", wire=cast(Wire, _Says(b"<html>")))
    for ask in (client.log(), client.schema()):
        with pytest.raises(OtherVersion):
            await ask
