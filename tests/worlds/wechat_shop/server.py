"""The shop behind a real HTTP server, with what goes wrong on the way."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Final

from aiohttp import web

from tests.worlds.wechat_shop import faults as wrong
from tests.worlds.wechat_shop.faults import Faults
from tests.worlds.wechat_shop.shop import TOKEN_PATH, Shop

SLOW_BY: Final = 0.05
_HTML: Final = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in, and what was made of it."""

    path: str
    at: int
    body: Any
    code: Any
    """The ``errcode`` that the shop came to; None: it was never asked."""
    fault: str | None


class ShopServer:
    """``hang`` is how long, in real seconds, an answer that never comes keeps its connection."""

    def __init__(self, shop: Shop, faults: Faults | None = None, *, hang: float = 3600.0) -> None:
        self.shop = shop
        self.faults = faults or Faults()
        self.calls: list[Call] = []
        self.url = ""
        self.address: str | None = None
        """As whose the calls count; None: as who really calls."""
        self.deadly: set[int] = set()
        """At the n-th call (from 1) of these whoever asked dies: `dying` is set, and no answer comes."""
        self.deadly_paths: tuple[str, ...] = ("/",)
        self._counted = 0
        self.dying = asyncio.Event()
        self._hang = hang
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.url

    async def close(self) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> ShopServer:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def called(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path.endswith(path)]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        path, now = request.path, self.shop.clock.now()
        fault = self.faults.strike(path, now)
        reply = self._reply(request, raw, fault)
        code = None if reply is None else reply.get("errcode", 0)
        self.calls.append(Call(path, now, _read(raw), code, fault))
        self._counted += path.startswith(self.deadly_paths)
        if path.startswith(self.deadly_paths) and self._counted in self.deadly:
            self.dying.set()
            fault = wrong.HANG_AFTER
        if fault in (wrong.HANG_BEFORE, wrong.HANG_AFTER):
            await self._never()
            return await _cut(request)
        if fault in (wrong.RESET_BEFORE, wrong.RESET_AFTER):
            return await _cut(request)
        headers = {"Date": formatdate(now, usegmt=True)}
        if fault == wrong.GATEWAY or reply is None:
            return web.Response(status=502, text=_HTML, content_type="text/html", headers=headers)
        if fault == wrong.SLOW:
            await asyncio.sleep(SLOW_BY)
        text = json.dumps(reply, ensure_ascii=False).encode()
        if fault == wrong.HALF:
            text = text[: len(text) // 2]
        headers["Content-Type"] = "application/json; charset=utf-8"
        return web.Response(body=text, headers=headers)

    def _reply(self, request: web.Request, raw: bytes, fault: str | None) -> dict[str, Any] | None:
        if fault in (wrong.HANG_BEFORE, wrong.RESET_BEFORE, wrong.GATEWAY):
            return None
        if fault in (wrong.TOKEN_INVALID, wrong.TOKEN_EXPIRED) and request.path != TOKEN_PATH:
            self.shop.tokens.take_back()
        if fault is not None and (refused := wrong.refusal(fault)) is not None:
            return self.shop.refusal(*refused)
        if request.method != "POST":
            return self.shop.refusal(43002, "require POST method")
        caller = self.address or request.remote or ""
        reply = self.shop.answer(request.path, request.query.get("access_token", ""), raw, caller)
        if fault == wrong.BUSY_AFTER:
            return self.shop.refusal(*wrong.REFUSALS[wrong.BUSY])
        if fault == wrong.STRING and reply.get("errcode") == 0:
            reply["errcode"] = "0"
        return reply

    async def _never(self) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), self._hang)
        except TimeoutError:
            pass


async def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
