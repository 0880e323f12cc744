"""What the window asks the book of customers: pages of one group, what they are worth, one person."""

from __future__ import annotations

from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, Signal

from liveconsole import tasks
from liveconsole.messages.customers import (
    CustomerPage,
    CustomerRow,
    CustomerValue,
    Grouping,
    MemberPage,
    PersonAnswer,
)
from ui.seat.seat import Seat
from ui.seat.told import as_told

PAGE: Final = 200
ROWS_MOST: Final = 5_000
"""Rows that the list holds; the rest is in the file of ``liveconsole customers --csv``."""


class CustomerReading(QObject):
    """``told(page, rows)``: all rows so far; ``lost``: nobody can be asked; ``person_told(id, profile)``;
    ``worth_told``: what they are worth, ``birthdays_told``: members whose birthday is today; None where it
    was not to be had in time."""

    told = Signal(object, list)
    worth_told = Signal(object)
    person_told = Signal(str, object)
    birthdays_told = Signal(object)
    lost = Signal()

    def __init__(self, seat: Seat, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat = seat
        self.by: Grouping = "quintiles"
        self.group = ""
        self._rows: list[CustomerRow] = []
        self._next: int | None = None
        self._runs = False
        self._turn = 0

    def begin(self, by: Grouping, group: str) -> None:
        """From the first row of another group, or of another way to group."""
        self.by, self.group, self._rows, self._next = by, group, [], 0
        self._turn += 1
        self._runs = False
        self.more()

    def more(self) -> None:
        """The next page, where there is one."""
        if self._next is not None and not self._runs and len(self._rows) < ROWS_MOST:
            self._runs = True
            tasks.spawn(self._page(self._turn, self._next), name="customers")

    def person(self, viewer_id: str) -> None:
        """One of them."""
        tasks.spawn(self._person(viewer_id), name="one customer")

    def worth(self) -> None:
        """What they are worth."""
        tasks.spawn(self._worth(), name="worth of customers")

    def birthdays(self) -> None:
        """Whose birthday is today."""
        tasks.spawn(self._birthdays(), name="birthdays")

    async def whole(self, viewer_id: str) -> Any:
        """All that is kept of one person, with his name, as JSON; None where nobody can be asked."""
        told = await self._seat.book("customers", view="person", person=viewer_id, whole=1)
        return None if told is None else told["person"]

    async def _page(self, turn: int, after: int) -> None:
        query: dict[str, str | int] = {"rfm": self.by, "after": after, "limit": PAGE}
        if self.group:
            query["group"] = self.group
        page = as_told(await self._seat.book("customers", **query), CustomerPage)
        if not shiboken6.isValid(self) or turn != self._turn:
            return
        self._runs = False
        if page is None:
            self.lost.emit()
            return
        self._rows += page.rows
        self._next = page.next
        self.told.emit(page, self._rows)

    async def _person(self, viewer_id: str) -> None:
        told = await self._seat.book("customers", view="person", person=viewer_id)
        if shiboken6.isValid(self):
            answer = as_told(told, PersonAnswer)
            self.person_told.emit(viewer_id, answer.person if answer is not None else None)

    async def _birthdays(self) -> None:
        told = await self._seat.book("customers", view="members", birthday="today")
        if shiboken6.isValid(self):
            self.birthdays_told.emit(as_told(told, MemberPage))

    async def _worth(self) -> None:
        told = await self._seat.book("customers", view="value")
        if shiboken6.isValid(self):
            self.worth_told.emit(as_told(told, CustomerValue))
