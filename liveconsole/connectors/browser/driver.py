"""The user's browser, driven: a visible window with a profile of its own, its pages, what they receive."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from playwright.async_api import (
    BrowserContext,
    Error,
    Page,
    Playwright,
    Response,
    WebSocket,
    async_playwright,
)

from liveconsole.connectors.browser.carry import PageGone, Swept
from liveconsole.connectors.browser.maps import Hears, PageMap
from liveconsole.connectors.browser.reading import PageLook, Row
from liveconsole.connectors.browser.received import Body
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import own_folder

log = logging.getLogger(__name__)

PROFILE: Final = "browser"
BODY_MOST: Final = 2 << 20
_SCRIPT: Final = (Path(__file__).with_name("look.js")).read_text("utf-8").rstrip().rstrip(";")
_ANSWER_SECONDS: Final = 5.0
_SWEEP_SECONDS: Final = 8.0
_PICTURE_SECONDS: Final = 3.0
_OPEN_SECONDS: Final = 30.0
_TRIES: Final = 3

_IN_USE: Final = ("existing browser session", "ProcessSingleton", "profile is already in use")
"""What a browser says that finds another one of itself on its profile."""

_T = TypeVar("_T")
Heard = Callable[[str, Body], None]
"""An address, and how to read what came from it."""


class ConsolePage:
    """`liveconsole.connectors.browser.carry.GoodsPage` of one page of the browser."""

    def __init__(self, page: Page, page_map: PageMap) -> None:
        self.page = page
        self._map = msgspec.to_builtins(page_map)

    async def look(self) -> PageLook:
        return _read(await self._work("look"), PageLook)

    async def press(self, row: Row) -> bool:
        try:
            return _read(await self._work("press", msgspec.to_builtins(row), tries=1), bool)
        except PageGone:
            if self.page.is_closed():
                raise
            return True  # it may have been pressed as the page went: what is read back decides

    async def close_dialog(self) -> None:
        await self._work("close")

    async def confirm(self) -> None:
        await self._work("confirm", tries=1)

    async def reach(self, number: int) -> PageLook:
        return _read(await self._work("reach", number), PageLook)

    async def sweep(self, number: int) -> Swept:
        return _read(await self._work("sweep", number, within=_SWEEP_SECONDS), Swept)

    async def picture(self) -> bytes | None:
        """What the page shows now; None: it does not let itself be seen."""
        try:
            async with asyncio.timeout(_PICTURE_SECONDS + 1):
                return await self.page.screenshot(type="png", timeout=_PICTURE_SECONDS * 1000)
        except (Error, TimeoutError):
            return None

    async def to_front(self) -> None:
        try:
            await self.page.bring_to_front()
        except Error as why:
            raise PageGone(str(why)[:200]) from why

    async def go(self, address: str) -> None:
        try:
            await go(self.page, address)
        except Error as why:
            raise PageGone(str(why)[:200]) from why

    async def heap(self) -> int | None:
        """Bytes that the page's scripts hold; None: it does not say."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return int(await self.page.evaluate("() => performance.memory.usedJSHeapSize"))
        except (Error, TimeoutError, TypeError, ValueError):
            return None

    async def _work(
        self, what: str, arg: object = None, *, tries: int = _TRIES, within: float = _ANSWER_SECONDS
    ) -> str:
        """A page that is just going elsewhere loses what runs in it: it is asked again."""
        for left in reversed(range(tries)):
            try:
                async with asyncio.timeout(within):
                    said: str = await self.page.evaluate(_SCRIPT, [what, self._map, arg])
                    return said
            except (Error, TimeoutError) as why:
                if not left or self.page.is_closed():
                    raise PageGone(str(why)[:200]) from why
            await asyncio.sleep(0.15)
        raise AssertionError("unreachable")


def _read(said: str, as_: type[_T]) -> _T:
    try:
        return msgspec.json.decode(said, type=as_)
    except UNREADABLE as why:
        raise PageGone(str(why)[:200]) from why


class Window:
    """The running browser. `open` it, ask for its pages, `close` it."""

    def __init__(self, playwright: Playwright, context: BrowserContext) -> None:
        self._playwright = playwright
        self._context = context
        self.gone = asyncio.Event()
        context.on("close", lambda _: self.gone.set())

    @classmethod
    async def open(cls, executable: str, folder: Path, *, headless: bool = False) -> Window:
        """Start it. Its profile is its own: logins in it are personal data, and only the owner's to read.

        Raises:
            PageGone: it does not start.
        """
        profile = own_folder(folder / PROFILE)
        playwright = await async_playwright().start()
        try:
            context = await playwright.chromium.launch_persistent_context(
                str(profile),
                executable_path=executable,
                headless=headless,
                no_viewport=not headless,
                viewport={"width": 1440, "height": 900} if headless else None,
                # Off only where it cannot run: a browser refuses it to root.
                chromium_sandbox=not (os.name == "posix" and os.geteuid() == 0),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=_OPEN_SECONDS * 1000,
                args=["--disable-session-crashed-bubble", "--hide-crash-restore-bubble"],
            )
        except BaseException as why:
            await playwright.stop()
            if isinstance(why, (Error, TimeoutError)):
                taken = any(words in str(why) for words in _IN_USE)
                raise PageGone(str(why)[:500], "profile_in_use" if taken else "no_start") from why
            raise
        return cls(playwright, context)

    async def page(
        self, address: str, page_map: PageMap, hears: Hears, heard: Heard | None = None
    ) -> ConsolePage:
        """Open a page there; the first takes the tab that the browser started with.

        Raises:
            PageGone: the browser is away. A page that does not load is shown as it is.
        """
        try:
            blank = [page for page in self._context.pages if page.url == "about:blank"]
            page = blank[0] if blank else await self._context.new_page()
            if heard is not None:
                _listen(page, hears, heard)
            await go(page, address)
        except Error as why:
            raise PageGone(str(why)[:200]) from why
        return ConsolePage(page, page_map)

    async def close(self) -> None:
        """End the browser; one that does not answer is left to its driver, which ends it."""
        for ending in (self._context.close(), self._playwright.stop()):
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await ending
            except (Error, TimeoutError) as why:
                log.debug("the browser did not close by itself: %s", why)


async def go(page: Page, address: str) -> None:
    """Lead the page to an address; what does not load shows as the page that it then is."""
    try:
        await page.goto(address, wait_until="domcontentloaded", timeout=_OPEN_SECONDS * 1000)
    except Error as why:
        if page.is_closed():
            raise
        log.info("the console's page does not load: %s", str(why).splitlines()[0][:200])


def _listen(page: Page, hears: Hears, heard: Heard) -> None:
    def on_response(response: Response) -> None:
        if any(part in response.url for part in hears.responses):
            heard(response.url, lambda: body_of(response))

    def on_socket(socket: WebSocket) -> None:
        if any(part in socket.url for part in hears.sockets):
            socket.on("framereceived", lambda frame: heard(socket.url, lambda: _frame(frame)))

    page.on("response", on_response)
    page.on("websocket", on_socket)


async def _frame(frame: str | bytes) -> bytes | None:
    content = frame.encode("utf-8", "replace") if isinstance(frame, str) else frame
    return content if len(content) <= BODY_MOST else None


async def body_of(response: Response) -> bytes | None:
    """Return what a response brought; None where it is too large, or gone with its page."""
    if int(response.headers.get("content-length") or 0) > BODY_MOST:
        return None
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            body = await response.body()
    except (Error, TimeoutError):
        return None
    return body if len(body) <= BODY_MOST else None
