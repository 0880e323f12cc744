"""How an effect asks the shop: for a reading as often as it helps, for a change once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

from liveconsole.connectors.wechat_shop.errors import ShopError, not_heard
from liveconsole.messages.reasons import reason_of

CALL_SECONDS: Final = 2.5
"""How long one call may take: what comes after it must find its place within ``dispatch.ASK_SECONDS``."""
PREPARE_SECONDS: Final = 4.0
"""How long reading may take before the first change: after that nothing is begun."""
_WAITS: Final = (0.2, 0.4, 0.8)

Sleep = Callable[[float], Awaitable[object]]


class ShopCalls(Protocol):
    """The shop's API (`api.ShopApi`)."""

    async def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask once.

        Raises:
            ShopError: it was refused, or nobody knows (``unsure``).
        """


class NotDone(Exception):
    """Nothing of it stands in the shop, and nothing will. ``reason``: a code of `connection_words.shop`."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.reason = reason_of("shop", code, params)


class Unsure(Exception):
    """Nobody knows yet what became of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.reason = reason_of("shop", code)


async def once(shop: ShopCalls, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask once, for as long as one call may take.

    Raises:
        ShopError: it was refused, or nobody knows (``unsure``).
    """
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await shop.call(path, body)
    except TimeoutError as why:
        raise not_heard("no_answer", path, unsure=True) from why


async def read(shop: ShopCalls, path: str, body: dict[str, Any], sleep: Sleep) -> dict[str, Any]:
    """Ask for what changes nothing, and again where that may help.

    Raises:
        ShopError: it did not help, or cannot.
    """
    for wait in _WAITS:
        try:
            return await once(shop, path, body)
        except ShopError as why:
            if why.action != "again":
                raise
        await sleep(wait)
    return await once(shop, path, body)


def pauses() -> tuple[float, ...]:
    """Return how long to wait before each of the looks at what became of a change."""
    return (0.0, *_WAITS)
