"""Who of the feed is a member of the shop: read off the book of customers, and again when that has moved."""

from __future__ import annotations

from typing import Final

import shiboken6
from PySide6.QtCore import QObject, QTimer

from liveconsole import tasks
from liveconsole.messages.customers import MemberPage, MemberRowShown
from ui.clean import clean
from ui.i18n import language, t
from ui.panels.feed.panel import FeedPanel
from ui.seat.seat import Frame, Seat
from ui.seat.told import as_told

PAGES_MOST: Final = 10
"""Pages of members that are read, 500 each: of more people the rest has no sign."""
_SOON_MS, _LATER_MS = 300, 60_000
"""Until it is read again: after somebody joined or left, and after orders, which move levels only."""
_ORDERS: Final = frozenset({"order.paid", "order.refunded"})
_LONG: Final = 8


class FeedMembers(QObject):
    """Belongs to the panel. Asks once the seat has joined, then only when something moved."""

    def __init__(self, seat: Seat, panel: FeedPanel) -> None:
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self._wakes = QTimer(self)
        self._wakes.setSingleShot(True)
        self._wakes.timeout.connect(self._begin)
        self._begun = self._runs = self._again = False
        seat.on_frame(self, self._frame)

    def _frame(self, frame: Frame) -> None:
        if not self._begun:
            self._begun = True
            self._begin()
        for event in frame.events:
            type_ = event["type"]
            if type_.startswith("member.") or type_ == "viewer.forgotten":
                self._wake(_SOON_MS)
            elif type_ in _ORDERS:
                self._wake(_LATER_MS)

    def _wake(self, ms: int) -> None:
        """In so many milliseconds, or before where somebody wanted it sooner."""
        if not self._wakes.isActive() or self._wakes.remainingTime() > ms:
            self._wakes.start(ms)

    def _begin(self) -> None:
        if self._runs:
            self._again = True
            return
        self._runs = True
        tasks.spawn(self._read(), name="members in the feed")

    async def _read(self) -> None:
        found: dict[str, str] = {}
        begin: str | None = ""
        for _ in range(PAGES_MOST):
            told = await self._seat.book("customers", view="members", begin=begin or "")
            if not shiboken6.isValid(self):
                return
            page = as_told(told, MemberPage)
            if page is None:
                self._ended()
                return
            found.update({row.outside_id: _sign(row) for row in page.rows if row.outside_id})
            begin = page.next
            if begin is None:
                break
        self._panel.feed.members = found
        self._panel.view.viewport().update()
        self._ended()

    def _ended(self) -> None:
        self._runs = False
        if self._again:
            self._again = False
            self._wake(_SOON_MS)


def _sign(row: MemberRowShown) -> str:
    level = row.profile.level_en if language() == "en" else row.profile.level
    return clean(level, _LONG) or t("会员")
