"""The room's side: it connects out, fetches what was pushed, opens it, and lets it go when it was heard.

Nothing of this is a fact. Whoever hears a hint asks the shop, and a hint that is lost is found by the next
asking; so one that cannot be opened is counted and let go, and none is waited for.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import msgspec
from msgspec import Struct

from liveconsole import credentials
from liveconsole.connectors.relay.crypto import BadPush, opened
from liveconsole.connectors.relay.hints import Hint, NoHint, hint_of
from liveconsole.connectors.relay.inbox import BATCH_BYTES, Batch
from liveconsole.connectors.relay.server import ACK, FETCH, WAIT_MOST
from liveconsole.messages.unreadable import UNREADABLE

log = logging.getLogger(__name__)

FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 30.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_POLLED: Final = frozenset({"order", "aftersale"})
_POLLED_BY: Final = 150_000
"""Milliseconds after which the poll has asked for every order itself: a hint that waited longer, for the room
was down or its calls were used up, says nothing new and is not worth a call."""
_HEARD_MOST: Final = 10_000
_ANSWER_BYTES: Final = 4 * BATCH_BYTES

Sleep = Callable[[float], Awaitable[object]]
Heard = Callable[[Hint], Awaitable[None]]
Keys = Callable[[], Awaitable["PushKeys"]]
"""Reads what is kept now: a key may be put in while the room runs."""


class PushKeys(Struct, frozen=True):
    """What opens the pushes of a shop (``token``, ``aes_key``: as 消息推送 has them), and the relay's key."""

    appid: str
    token: str
    aes_key: str
    relay: str

    @property
    def complete(self) -> bool:
        return all((self.appid, self.token, self.aes_key, self.relay))


async def push_keys(folder: Path, appid: str) -> PushKeys:
    """Return what is kept in this data folder; a part that is not is empty.

    Raises:
        SecretsUnreadable: the file of secrets cannot be used.
    """
    shop = await asyncio.to_thread(credentials.read, folder, "wechat_shop")
    relay = await asyncio.to_thread(credentials.read, folder, "relay")
    return PushKeys(appid, shop.get("token", ""), shop.get("aes_key", ""), relay.get("key", ""))


class RelayRefused(Exception):
    """The relay is there and does not let this room in, or is no relay. ``code``: ``relay_keys,
    relay_key, relay_answer, relay_plain``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Pushes:
    """Follows one relay. The figures are for the connection's health."""

    def __init__(self, address: str, keys: Keys, heard: Heard, *, sleep: Sleep = asyncio.sleep) -> None:
        self._address = address.rstrip("/")
        self._read_keys, self._heard, self._sleep = keys, heard, sleep
        self._keys = PushKeys("", "", "", "")
        self._had: OrderedDict[tuple[str, str, str, int], None] = OrderedDict()
        self._after = 0
        self.code = "relay_waiting"
        """How it stands: ``relay_waiting`` (for its first answer), ``relay_ok, relay_keys (one is not kept),
        relay_key (it is not the relay's), relay_answer, relay_plain, relay_away``."""
        self.count = 0
        self.again = 0
        self.late = 0
        """Pushes of what the poll has seen long since."""
        self.refused = 0
        """Pushes that did not open with these keys."""
        self.dropped: int | None = None
        """What the relay had to drop before it was fetched; None until it has told."""

    async def run(self) -> None:
        """Follow until cancelled; the other side may come and go."""
        wait = FIRST_WAIT
        timeout = aiohttp.ClientTimeout(total=WAIT_MOST + 10, sock_connect=10)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
            while True:
                try:
                    if self.code != "relay_ok":
                        self._keys = await self._read_keys()
                    await self.turn(session, WAIT_MOST)
                    self.code, wait = "relay_ok", FIRST_WAIT
                    continue
                except RelayRefused as error:
                    self.code = error.code
                except credentials.SecretsUnreadable:
                    self.code = "relay_keys"
                except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                    self.code = "relay_away"
                    log.info("the relay is away: %s", type(error).__name__)
                await self._sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def turn(self, session: aiohttp.ClientSession, wait: float) -> int:
        """Fetch once, hear what came, let it go; return how many pushes it was.

        Raises:
            RelayRefused: it does not let this room in.
            aiohttp.ClientError, OSError, TimeoutError, ValueError: it is away.
        """
        if not self._keys.complete:
            self._keys = await self._read_keys()
        batch = await self._fetch(session, wait)
        self.dropped, told_at = batch.dropped, asyncio.get_running_loop().time()
        if not batch.pushes:
            self._after = min(self._after, batch.last)
            return 0
        for kept in batch.pushes:
            try:
                message = opened(
                    kept.push, token=self._keys.token, aes_key=self._keys.aes_key, appid=self._keys.appid
                )
                hint = hint_of(message)
                age = batch.now - kept.came + (asyncio.get_running_loop().time() - told_at) * 1000
                if hint.about in _POLLED and age > _POLLED_BY:
                    self.late += 1
                else:
                    await self._hear(hint)
            except BadPush as error:
                self.refused += 1
                log.warning("a push does not open: %s", error.code)
            except NoHint as error:
                log.info("a push about something else: %s", error)
        self._after = batch.pushes[-1].id
        await self._call(session, "POST", ACK, {"upto": str(self._after)})
        return len(batch.pushes)

    async def _hear(self, hint: Hint) -> None:
        if hint.key in self._had:
            self.again += 1
            return
        self._had[hint.key] = None
        if len(self._had) > _HEARD_MOST:
            self._had.popitem(last=False)
        self.count += 1
        await self._heard(hint)

    async def _fetch(self, session: aiohttp.ClientSession, wait: float) -> Batch:
        asked = {"after": str(self._after), "wait": str(int(wait))}
        body = await self._call(session, "GET", FETCH, asked)
        try:
            return msgspec.json.decode(body, type=Batch)
        except UNREADABLE as error:
            raise RelayRefused("relay_answer") from error

    async def _call(
        self, session: aiohttp.ClientSession, method: str, path: str, asked: dict[str, str]
    ) -> bytes:
        if not self._keys.complete:
            raise RelayRefused("relay_keys")
        where = urlsplit(self._address)
        if where.scheme != "https" and where.hostname not in _LOOPBACK:
            raise RelayRefused("relay_plain")  # the key would be anybody's on the way
        headers = {"Authorization": f"Bearer {self._keys.relay}"}
        async with session.request(
            method, self._address + path, params=asked, headers=headers, allow_redirects=False
        ) as answer:
            if answer.status in (401, 403):
                raise RelayRefused("relay_key")
            if answer.status >= 500:
                raise TimeoutError(f"status {answer.status}")
            if answer.status != 200:
                raise RelayRefused("relay_answer")
            body = bytearray()
            async for part in answer.content.iter_chunked(64 * 1024):
                body += part
                if len(body) > _ANSWER_BYTES:
                    raise RelayRefused("relay_answer")
            return bytes(body)
