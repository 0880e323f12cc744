"""The big screen of a console (罗盘): a page of its own, whose address needs an id that the products' page is
told of. It is looked at by nobody: what it receives is."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from liveconsole.connectors.browser.carry import PageGone
from liveconsole.connectors.browser.maps import Hears, PageMap, Screen
from liveconsole.connectors.browser.received import Body
from liveconsole.connectors.wire import at, decoded, id_of

if TYPE_CHECKING:
    from liveconsole.connectors.browser.driver import ConsolePage, Heard, Window

log = logging.getLogger(__name__)

_AGAIN_SECONDS: Final = 60.0
"""Between two looks at which live it is, once one is known."""
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")


class ScreenWatch:
    """Opens the screen of the live that is on, once for each; one that the person closes stays closed."""

    def __init__(
        self, window: Window, page_map: PageMap, screen: Screen, heard: Heard, clock: Callable[[], float]
    ) -> None:
        self._window, self._map, self._screen, self._heard = window, page_map, screen, heard
        self._clock = clock
        self._said: Body | None = None
        self._id: str | None = None
        self._read_at = float("-inf")
        self._page: ConsolePage | None = None

    def hears(self, others: Hears) -> Hears:
        """Return what the console's pages have to listen to beside ``others``."""
        return Hears([*others.responses, self._screen.told_in], others.sockets)

    def overhears(self, others: Hears, heard: Heard) -> Heard:
        """Return a listener that takes the id, and gives on what ``others`` are about."""

        def listen(address: str, body: Body) -> None:
            if self._screen.told_in in address:
                self._said = body
            if any(part in address for part in (*others.responses, *others.sockets)):
                heard(address, body)

        return listen

    async def look(self) -> None:
        """Open the screen of the live that the console was told of last."""
        said, wait = self._said, _AGAIN_SECONDS if self._id is not None else 0.0
        if said is None or self._clock() - self._read_at < wait:
            return
        self._said, self._read_at = None, self._clock()
        content = await said()
        id_ = screen_id(self._screen, content) if content is not None else None
        if id_ is None or id_ == self._id:
            return
        self._id = id_
        address = self._screen.address.replace("{id}", id_)
        try:
            if self._page is not None:
                await self._page.go(address)
            else:
                hears = Hears(self._screen.responses)
                self._page = await self._window.page(address, self._map, hears, self._heard)
        except PageGone as why:  # the products' page says itself where the whole browser is gone
            log.info("the console's big screen is not open: %s", why)
            self._page = None


def screen_id(screen: Screen, content: bytes) -> str | None:
    """Return the id in a response; None where it has none that an address may hold."""
    found = id_of(at(decoded(content), *screen.id_at))
    return found if found is not None and _ID.fullmatch(found) else None
