"""Asks the engine for pages of cases and for one case, again when the log has moved, at most every 2 s."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, Signal

from liveconsole import tasks
from liveconsole.messages.cases import OF_ORDER, CaseCard, CasePage, CaseRow
from liveconsole.messages.order_pages import BookOrder, BothSaid, OrderBookPage, StateCount
from liveconsole.messages.reviews import ReviewBook
from ui.alive import alive
from ui.seat.seat import Frame, Seat
from ui.seat.told import as_told
from ui.windows.shop.orders import ALL, row_of_order
from ui.windows.shop.review import SHOWN, row_of_review
from ui.windows.shop.stories import OF_STORY, STORIES, rows_of

EVERY: Final = 2.0
"""Seconds between two looks at the engine."""
RESTING: Final = 30.0
"""Seconds after which it is asked even where the log rests: what time changes is no event there."""
PAGE: Final = 100
"""Rows of a page."""
FEW: Final = 20
"""With fewer rows than this the next page is read at once: the list has nothing to scroll."""
_KEYWORD_LONG: Final = 40
MOST: Final = 5_000
"""Rows of a list; what lies behind them is found by searching."""


class CaseReading(QObject):
    """``page_told``: counts, and the rows of the group that is listed; ``card_told``: everything of the
    chosen case, None where the engine does not know it; ``silent``: nobody can be asked."""

    page_told = Signal(object)
    card_told = Signal(object)
    silent = Signal()

    def __init__(
        self, seat: Seat, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._seat, self._clock = seat, clock
        self.group, self.text, self.case, self.state = "urgent", "", "", ""
        self.orders: dict[str, BookOrder] = {}
        """Case id → the order, while all orders are listed; beside it what each state comes to, and what can
        be read out to who has not paid."""
        self.counts: list[StateCount] = []
        self.urge: BothSaid | None = None
        self.rows: list[CaseRow] = []
        self.page: CasePage | None = None
        self.is_whole = True
        """Whether no page is left behind the rows."""
        self._after = ""
        self._looked = float("-inf")
        self._moved = True
        self._runs = self._more_runs = self._card_runs = self._card_due = False
        self._turn = 0
        """Counts what is listed: an answer to an earlier question is dropped."""
        seat.on_frame(self, self._frame)

    # What is wanted --------------------------------------------------------------------------------

    def read(self, group: str, text: str = "", state: str = "") -> bool:
        """Another group, or other words: its first page is asked for at once. False: it is listed already.
        ``state``: of all orders only those in it."""
        if (group, text, state) == (self.group, self.text, self.state) and self.page is not None:
            return False
        self.group, self.text, self.state = group, text, state
        self._turn += 1
        self.rows, self._after, self.is_whole = [], "", True
        self.orders = {}
        self._look()
        return True

    def choose(self, case: str) -> None:
        """Another case; ``""``: none. Of a story the state knows all, and no card is asked for."""
        if case != self.case:
            self.case = case
            self._card_due = self._has_card()
            self._look_at_card()

    def again(self) -> None:
        """Something was asked for here: the next look need not wait for the log."""
        self._moved = True
        self._looked = min(self._looked, self._clock() - EVERY + 0.1)

    def more(self) -> None:
        """The next page, where there is one."""
        if self._after and not self._more_runs and len(self.rows) < MOST:
            self._more_runs = True
            tasks.spawn(self._read_more(self._turn), name="more cases")

    def tick(self) -> None:
        """Look again where it is time."""
        since = self._clock() - self._looked
        if not self._runs and ((self._moved and since >= EVERY) or since >= RESTING):
            self._look()
            self._card_due = self._has_card()
            self._look_at_card()

    # What comes ------------------------------------------------------------------------------------

    def _frame(self, frame: Frame) -> None:
        if frame.state is not None:
            self._moved = True

    def _look(self) -> None:
        self._looked, self._moved, self._runs = self._clock(), False, True
        tasks.spawn(self._read(self._turn), name="cases")

    async def _ask(self, **query: str | int) -> dict[str, Any] | None:
        return await self._seat.book("cases", **query)

    async def _page(self, after: str = "") -> tuple[CasePage, list[CaseRow], str] | None:
        """Counts, rows, and where the next page begins. Of all orders the rows are another book's."""
        listed = self.group not in (ALL, SHOWN, STORIES)
        group, text = (self.group, self.text) if listed else ("urgent", "")
        begins = {"after": after} if after and listed else {}
        told = await alive(self, self._ask(group=group, text=text, limit=PAGE if listed else 1, **begins))
        page = as_told(told, CasePage)
        if page is None:
            return None
        if listed:
            return page, page.rows, page.after
        if self.group == STORIES:
            state = self._seat.state
            return page, rows_of(state.stories, self.text) if state is not None else [], ""
        if self.group == SHOWN:
            return await self._reviews(page, after)
        by = "buyer" if self.text.startswith("@") else "q"
        query: dict[str, str | int] = {by: self.text.removeprefix("@").strip(), "state": self.state}
        query |= {"limit": PAGE, "counts": 1}
        query |= {"after": after} if after else {}
        found = await alive(self, self._seat.book("orders", **query))
        orders = as_told(found, OrderBookPage)
        if orders is None:
            return None
        if not after:
            self.counts, self.urge = orders.counts or [], orders.urge
        self.orders |= {f"{OF_ORDER}{order.order_id}": order for order in orders.orders}
        return page, [row_of_order(order) for order in orders.orders], orders.after

    async def _reviews(self, page: CasePage, after: str) -> tuple[CasePage, list[CaseRow], str] | None:
        begins = {"after": after} if after else {}
        found = await self._seat.book("reviews", keyword=self.text[:_KEYWORD_LONG], limit=PAGE, **begins)
        book = as_told(found, ReviewBook)
        if book is None:
            return None
        return page, [row_of_review(one) for one in book.rows], str(book.after or "")

    async def tags_of(self, order_id: str) -> list[str] | None:
        """What tags an order bears; None when nobody can be asked."""
        found = await self._seat.book("orders", q=order_id, limit=PAGE)
        page = as_told(found, OrderBookPage)
        if page is None:
            return None
        return next((order.tags for order in page.orders if order.order_id == order_id), [])

    async def _read(self, turn: int) -> None:
        found = await self._page()
        if not shiboken6.isValid(self) or turn != self._turn:
            return
        self._runs = False
        if found is None:
            self._moved = True
            self.silent.emit()
            return
        page, rows, after = found
        behind = self.rows[PAGE:] if len(self.rows) > PAGE and after else []
        known = {row.case_id for row in rows}
        self.rows = [*rows, *(row for row in behind if row.case_id not in known)]
        if not behind:
            self._after = after
        self._tell(page)

    async def _read_more(self, turn: int) -> None:
        found = await self._page(self._after)
        if not shiboken6.isValid(self):
            return
        self._more_runs = False
        if turn != self._turn or found is None:
            return
        page, rows, self._after = found
        known = {row.case_id for row in self.rows}
        self.rows = [*self.rows, *(row for row in rows if row.case_id not in known)][:MOST]
        self._tell(page)

    def _tell(self, page: CasePage) -> None:
        self.page, self.is_whole = page, not self._after
        self.page_told.emit(page)
        if len(self.rows) < FEW:  # a search that walks says where it goes on, though it found nothing yet
            self.more()

    def _has_card(self) -> bool:
        return bool(self.case) and not self.case.startswith(OF_STORY)

    def _look_at_card(self) -> None:
        if self._card_due and not self._card_runs:
            self._card_due, self._card_runs = False, True
            tasks.spawn(self._read_card(self.case), name="one case")

    async def _read_card(self, case: str) -> None:
        told = await self._ask(case=case)
        if not shiboken6.isValid(self):
            return
        self._card_runs = False
        if case == self.case:
            self.card_told.emit(as_told(told, CaseCard))
        self._look_at_card()
