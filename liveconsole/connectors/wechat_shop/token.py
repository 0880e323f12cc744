"""The one holder of a shop's access token.

``stable_token`` answers with the same token while it is good, and with the next one from five minutes before
its end; both are good in between. So it is asked again within those five minutes, by one caller at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from liveconsole.connectors.wechat_shop.errors import not_heard

PATH: Final = "/cgi-bin/stable_token"
_BEFORE_END: Final = timedelta(seconds=200)
_FORCE_EVERY: Final = timedelta(hours=2)
"""The platform forces twenty a day; a token that is refused for ever is not mended by forcing more."""

Ask = Callable[[bool], Awaitable[dict[str, Any]]]
"""``force_refresh`` → the reply of `PATH`."""


class TokenHolder:
    """Of one appid."""

    def __init__(self, ask: Ask, clock: Callable[[], datetime]) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._renew_at: datetime | None = None
        self._forced_at: datetime | None = None

    async def get(self) -> str:
        """Return a token that should be good.

        Raises:
            ShopError: none was given.
        """
        async with self._lock:
            if self._renew_at is None or self._clock() >= self._renew_at:
                await self._take(force=False)
            return self._token

    async def renewed(self, refused: str) -> str:
        """Return another token than the one that was refused: the one that somebody else has got since, else
        what the platform gives; forced only when it gives the refused one again, and seldom.

        Raises:
            ShopError: none was given.
        """
        async with self._lock:
            if self._token == refused:
                await self._take(force=False)
            if self._token == refused and self._may_force():
                self._forced_at = self._clock()
                await self._take(force=True)
            return self._token

    def _may_force(self) -> bool:
        return self._forced_at is None or self._clock() - self._forced_at >= _FORCE_EVERY

    async def _take(self, *, force: bool) -> None:
        reply = await self._ask(force)
        token, seconds = reply.get("access_token"), reply.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int) or seconds <= 0:
            raise not_heard("unreadable", PATH, unsure=False)
        good_for = timedelta(seconds=seconds)
        self._token = token
        self._renew_at = self._clock() + max(good_for - _BEFORE_END, good_for / 2)
