"""Asks the engine for pages of cases and for one case, again when the log has moved, at most every 2 s."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
import shiboken6
from PySide6.QtCore import QObject, Signal

from liveconsole import tasks
from liveconsole.messages.cases import CaseCard, CasePage, CaseRow
from ui.seat.seat import Frame, Seat

EVERY: Final = 2.0
"""Seconds between two looks at the engine."""
RESTING: Final = 30.0
"""Seconds after which it is asked even where the log rests: what time changes is no event there."""
PAGE: Final = 100
"""Rows of a page."""
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
        self.group, self.text, self.case = "urgent", "", ""
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

    def list(self, group: str, text: str = "") -> bool:
        """Another group, or other words: its first page is asked for at once. False: it is listed already."""
        if (group, text) == (self.group, self.text) and self.page is not None:
            return False
        self.group, self.text = group, text
        self._turn += 1
        self.rows, self._after, self.is_whole = [], "", True
        self._look()
        return True

    def choose(self, case: str) -> None:
        """Another case; ``""``: none."""
        if case != self.case:
            self.case = case
            self._card_due = bool(case)
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
            self._card_due = bool(self.case)
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

    async def _read(self, turn: int) -> None:
        told = await self._ask(group=self.group, text=self.text, limit=PAGE)
        if not shiboken6.isValid(self):
            return
        self._runs = False
        if turn != self._turn:
            return
        if told is None:
            self._moved = True
            self.silent.emit()
            return
        page = msgspec.convert(told, CasePage)
        behind = self.rows[PAGE:] if len(self.rows) > PAGE and page.after else []
        known = {row.case_id for row in page.rows}
        self.rows = [*page.rows, *(row for row in behind if row.case_id not in known)]
        if not behind:
            self._after = page.after
        self._tell(page)

    async def _read_more(self, turn: int) -> None:
        told = await self._ask(group=self.group, text=self.text, after=self._after, limit=PAGE)
        if not shiboken6.isValid(self):
            return
        self._more_runs = False
        if turn != self._turn or told is None:
            return
        page = msgspec.convert(told, CasePage)
        known = {row.case_id for row in self.rows}
        self.rows = [*self.rows, *(row for row in page.rows if row.case_id not in known)][:MOST]
        self._after = page.after
        self._tell(page)

    def _tell(self, page: CasePage) -> None:
        self.page, self.is_whole = page, not self._after
        self.page_told.emit(page)

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
            self.card_told.emit(msgspec.convert(told, CaseCard) if told is not None else None)
        self._look_at_card()
