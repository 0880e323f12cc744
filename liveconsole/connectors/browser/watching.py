"""The console's pages in the open browser: looked at, led back, cleared of dialogs, for a whole evening."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from liveconsole.connectors.browser.carry import PageGone
from liveconsole.connectors.browser.maps import PageMap
from liveconsole.connectors.browser.reading import PageLook, Word, word
from liveconsole.connectors.browser.screen import ScreenWatch

if TYPE_CHECKING:
    from liveconsole.connectors.browser.driver import ConsolePage, Heard, Window

log = logging.getLogger(__name__)

_BACK_SECONDS: Final = 15.0
"""Between two tries to lead a page back to where it belongs."""
_DIALOGS_MOST: Final = 4
_HEAP_EVERY: Final = 600.0
_HEAP_MOST: Final = 1 << 30
"""A page that has taken so much memory is loaded anew."""


class Watch:
    """The open browser with one page of products and, on some consoles, one where comments come."""

    def __init__(
        self,
        window: Window,
        page_map: PageMap,
        address: str,
        goods: ConsolePage,
        talk: ConsolePage | None,
        screen: ScreenWatch | None,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._window, self._map, self._address = window, page_map, address
        self.goods, self._talk = goods, talk
        self._clock, self._sleep = clock, sleep
        self._led = {goods: clock()}
        if talk is not None:
            self._led[talk] = clock()
        self._screen = screen
        self._weighed = clock()
        self._held: set[ConsolePage] = set()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        executable: str,
        folder: Path,
        page_map: PageMap,
        *,
        address: str,
        heard: Heard,
        screen_heard: Heard,
        headless: bool,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> AsyncIterator[Watch]:
        """Open the browser at the console, and close it at the end. ``heard`` takes what its pages receive,
        ``screen_heard`` what a big screen beside them does.

        Raises:
            PageGone: it does not start.
        """
        from liveconsole.connectors.browser.driver import Window  # Playwright takes a while to load

        window = await Window.open(executable, folder, headless=headless)
        try:
            goods_at, hears = address or page_map.goods, page_map.hears
            screen = None
            if page_map.screen is not None:
                screen = ScreenWatch(window, page_map, page_map.screen, screen_heard, clock)
                heard, hears = screen.overhears(hears, heard), screen.hears(hears)
            talk = await window.page(page_map.talk, page_map, hears, heard) if page_map.talk else None
            goods = await window.page(goods_at, page_map, hears, heard)
            yield cls(window, page_map, goods_at, goods, talk, screen, clock=clock, sleep=sleep)
        finally:
            await window.close()

    async def look(self) -> tuple[Word, PageLook]:
        """Look at the products, after what covers them was closed; lead the pages back where they belong.

        Raises:
            PageGone: the page or the browser is away.
        """
        await self.alive()
        shown = await self._cleared(self.goods)
        seen = word(shown, self._map, settled=self._settled(self.goods))
        await self._lead_back(self.goods, self._address, shown, seen)
        if self._talk is not None:
            there = await self._cleared(self._talk)
            await self._lead_back(self._talk, self._map.talk, there, word(there, self._map, settled=False))
        if self._screen is not None:
            await self._screen.look()
        if self._clock() - self._weighed > _HEAP_EVERY:
            self._weighed = self._clock()
            await self._lighten()
        return seen, shown

    async def alive(self) -> None:
        """
        Raises:
            PageGone: the browser was closed, or a page of it.
        """
        if self._window.gone.is_set():
            raise PageGone("the browser was closed")

    async def show(self) -> None:
        """Bring the window to the front, at the products."""
        await self.goods.to_front()
        shown = await self.goods.look()
        if not _same_page(shown.url, self._address) and not shown.logged_out and not shown.captcha:
            await self._lead(self.goods, self._address)

    async def picture(self) -> bytes | None:
        return await self.goods.picture()

    async def _cleared(self, page: ConsolePage) -> PageLook:
        for _ in range(_DIALOGS_MOST):
            shown = await page.look()
            if not shown.dialogs or shown.captcha:
                break
            await page.close_dialog()
            await self._sleep(0.1)
        return shown

    def _settled(self, page: ConsolePage) -> bool:
        return self._clock() - self._led[page] >= self._map.settle_seconds

    async def _lead_back(self, page: ConsolePage, address: str, shown: PageLook, seen: Word) -> None:
        """Where a console sends one away (not on air, just logged in), go back now and then: it will stand
        there one day. From a login or a captcha nobody is led away."""
        held = page in self._held
        if seen in ("logged_out", "captcha"):
            self._held.add(page)
            return
        self._held.discard(page)
        if _same_page(shown.url, address):
            return
        if held or self._clock() - self._led[page] >= _BACK_SECONDS:
            await self._lead(page, address)

    async def _lead(self, page: ConsolePage, address: str) -> None:
        self._led[page] = self._clock()
        await page.go(address)

    async def _lighten(self) -> None:
        for page, address in ((self.goods, self._address), (self._talk, self._map.talk)):
            if page is not None and (await page.heap() or 0) > _HEAP_MOST:
                log.info("the console's page has grown heavy and is loaded anew")
                await self._lead(page, address)


def _same_page(one: str, other: str) -> bool:
    a, b = urlsplit(one), urlsplit(other)
    return (a.netloc, a.path.rstrip("/")) == (b.netloc, b.path.rstrip("/"))
