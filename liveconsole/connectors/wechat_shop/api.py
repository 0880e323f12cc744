"""Calls of the 微信小店 API: one place that has the token, reads the answers and counts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import msgspec

from liveconsole.connectors.wechat_shop import token
from liveconsole.connectors.wechat_shop.budget import Budget
from liveconsole.connectors.wechat_shop.errors import ShopError, error_of, not_heard
from liveconsole.messages.unreadable import UNREADABLE

DEFAULT_BASE: Final = "https://api.weixin.qq.com"
ENV: Final = "LIVECONSOLE_WECHAT_API"
QUOTA_PATH: Final = "/cgi-bin/openapi/quota/get"
BODY_LIMIT: Final = 4 << 20
ANSWER_SECONDS: Final = 8.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_TRIES: Final = 4
_FIRST_WAIT: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
"""A reading that would have to wait longer is given up: its poll asks again."""


def base_address() -> str:
    """Return where the API is asked: ``$LIVECONSOLE_WECHAT_API``, else the documented address."""
    return (os.environ.get(ENV) or DEFAULT_BASE).rstrip("/")


class ShopApi:
    """The API as one appid may call it. Ids in an answer are as they came: see `orders.ident`."""

    def __init__(
        self,
        base: str,
        appid: str,
        secret: str,
        session: aiohttp.ClientSession,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.budget = Budget()
        self.heard_at: datetime | None = None
        """When the platform answered last, with whatever."""
        self.dated: float | None = None
        """What the platform's own clock said then, in unix seconds."""
        self.off: dict[str, ShopError] = {}
        """Paths that are not to be had, and why; until one of them answers again."""
        self.clock = clock
        self._base = base
        self._plain = _is_plain(base)
        self._appid, self._secret = appid, secret
        self._session = session
        self._sleep = sleep
        self._answer_seconds = answer_seconds
        self._token = token.TokenHolder(self._ask_token, clock)

    async def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask once, and once more only where the token was refused: then nothing was carried out.

        Raises:
            ShopError: it was refused, or nobody knows (``unsure``).
        """
        held = await self._token.get()
        try:
            return await self._ask(path, body, held)
        except ShopError as why:
            if why.action != "renew":
                raise
            renewed = await self._token.renewed(held)
            if renewed == held:
                raise
        return await self._ask(path, body, renewed)

    async def read(self, path: str, body: dict[str, Any], *, tries: int = _TRIES) -> dict[str, Any]:
        """Ask for what changes nothing: within the budget, and again where that may help.

        Raises:
            ShopError: it did not help, or cannot.
        """
        wait = _FIRST_WAIT
        for left in reversed(range(tries)):
            await self._turn(path)
            try:
                return await self.call(path, body)
            except ShopError as why:
                if why.action not in ("again", "slow") or not left:
                    raise
                if why.action == "again":
                    await self._sleep(wait)
                    wait *= 2
        raise AssertionError("the last try returns or raises")

    async def _turn(self, path: str) -> None:
        """Wait until the path may be asked; those who waited together are looked at anew."""
        waited = 0.0
        while pause := self.budget.pause(path, now := self.clock()):
            waited += pause
            if waited > _LONGEST_PAUSE:
                raise error_of(45009 if self.budget.used_up(path, now) else 45011, "", path)
            await self._sleep(pause)

    async def has_token(self) -> None:
        """See whether the shop lets us in.

        Raises:
            ShopError: it does not.
        """
        await self._token.get()

    async def learn_quota(self, path: str) -> None:
        """Ask how often a path may be asked. Where the platform does not say, nothing is known.

        Raises:
            ShopError: nothing at all may be asked.
        """
        try:
            reply = await self.read(QUOTA_PATH, {"cgi_path": path})
        except ShopError as why:
            if why.action in ("add_ip", "stop"):
                raise
            if why.action in ("part_off", "refused", "bug"):  # it will not say, however often it is asked
                self.budget.learned(path, {}, self.clock())
            return
        self.budget.learned(path, reply, self.clock())

    async def _ask_token(self, force: bool) -> dict[str, Any]:
        body = {
            "grant_type": "client_credential",
            "appid": self._appid,
            "secret": self._secret,
            "force_refresh": force,
        }
        return await self._ask(token.PATH, body, None)

    async def _ask(self, path: str, body: dict[str, Any], held: str | None) -> dict[str, Any]:
        now = self.clock()
        self.budget.spent(path, now)
        reply = _object_of(await self._posted(path, body, held), path)
        self.heard_at = self.clock()
        code = _code_of(reply)
        if code is None:
            raise not_heard("unreadable", path, unsure=True)
        if code:
            errmsg = reply.get("errmsg")
            why = error_of(code, errmsg if isinstance(errmsg, str) else "", path)
            self.budget.refused(path, why.action, now)
            if why.action == "part_off":
                self.off[path] = why
            raise why
        self.off.pop(path, None)
        return reply

    async def _posted(self, path: str, body: dict[str, Any], held: str | None) -> bytes:
        """What came back. What an exception says is passed on to nobody: the token stands in the address."""
        if self._plain:
            raise ShopError(0, "stop", params={"path": path}, word="plain_address")
        try:
            async with asyncio.timeout(self._answer_seconds):
                async with self._session.post(
                    self._base + path,
                    params={"access_token": held} if held is not None else None,
                    data=msgspec.json.encode(body),
                    headers={"Content-Type": "application/json"},
                    allow_redirects=False,
                ) as response:
                    self.dated = _date_of(response)
                    if response.status != 200:
                        raise not_heard("http", path, unsure=response.status >= 500)
                    return await _limited(response, path)
        except aiohttp.ClientConnectorError:
            raise not_heard("not_reached", path, unsure=False) from None
        except TimeoutError:
            raise not_heard("no_answer", path, unsure=True) from None
        except (aiohttp.ClientError, OSError):
            raise not_heard("cut_off", path, unsure=True) from None


def _date_of(response: aiohttp.ClientResponse) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except (ValueError, TypeError):
        return None


def _is_plain(base: str) -> bool:
    """Tell whether the secret would be anybody's on the way."""
    where = urlsplit(base)
    return where.scheme != "https" and where.hostname not in _LOOPBACK


async def _limited(response: aiohttp.ClientResponse, path: str) -> bytes:
    found = bytearray()
    async for some in response.content.iter_any():
        found += some
        if len(found) > BODY_LIMIT:
            raise not_heard("too_large", path, unsure=True)
    return bytes(found)


def _object_of(body: bytes, path: str) -> dict[str, Any]:
    try:
        reply = msgspec.json.decode(body)
    except UNREADABLE as why:
        raise not_heard("unreadable", path, unsure=True) from why
    if not isinstance(reply, dict):
        raise not_heard("unreadable", path, unsure=True)
    return reply


def _code_of(reply: dict[str, Any]) -> int | None:
    """``errcode``, a number or a number in quotes; without one all is well."""
    code = reply.get("errcode", 0)
    if isinstance(code, str) and code.strip().removeprefix("-").isascii():
        code = int(code) if code.strip().removeprefix("-").isdigit() else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None
