"""What is done with an offer. Today a person downloads it; a program that installs it can stand here too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from liveconsole.updates.notice import UpdateRefused, check_page

if TYPE_CHECKING:
    from liveconsole.updates.checking import UpdateOffer


class Updater(Protocol):
    """Takes an offer that a person accepted, off air. On the thread of its caller, which it must not hold."""

    @property
    def deed(self) -> str:
        """What the key says that does it, Chinese source text."""

    def begin(self, offer: UpdateOffer) -> None:
        """Do it. Raises UpdateRefused."""


class DownloadPage:
    """Opens the page of the version in the person's own browser.

    ``host``: where such a page may lie; ``show`` opens an address and tells whether it did.
    """

    deed = "打开下载页"

    def __init__(self, host: str, show: Callable[[str], bool]) -> None:
        self._host, self._show = host, show

    def begin(self, offer: UpdateOffer) -> None:
        check_page(offer.notice.page, self._host)
        if not self._show(offer.notice.page):
            raise UpdateRefused("no_browser", page=offer.notice.page)
