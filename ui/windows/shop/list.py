"""The list in the middle: a search, the cases of a group, and what the keys do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseRow
from ui.i18n import t
from ui.widgets import PlainLabel, Separator, set_tip
from ui.widgets.notices import EmptyState
from ui.widgets.rows import RowsList, RowsModel, RowsOrEmpty
from ui.windows.shop.painted import CaseDelegate, CaseHead
from ui.windows.shop.rows import ShopRow, row_of
from ui.windows.shop.states import OrderStates
from ui.windows.shop.stories import StoryBar

_TURNS: Final = frozenset(
    {
        Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)  # fmt: skip
_TYPED_MS: Final = 250
"""After the last letter the search is asked for."""
SEARCH_LONG: Final = 40
"""Letters that the books look for."""
_NEAR: Final = 30
"""Rows before the end at which the next page is asked for."""


class CaseModel(RowsModel[ShopRow]):
    """Rows that come behind are put behind: nothing that is shown moves for them."""

    def show_rows(self, rows: list[ShopRow]) -> bool:
        have = len(self.rows)
        if 0 < have < len(rows) and all(
            old.key == new.key for old, new in zip(self.rows, rows, strict=False)
        ):
            super().show_rows(rows[:have])
            self.beginInsertRows(self.index(-1), have, len(rows) - 1)
            self.rows = rows
            self.endInsertRows()
            return False
        return super().show_rows(rows)


class CaseRows(RowsList[ShopRow]):
    """Letters are the window's keys here, never a search of the list's own."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TURNS:
            super().keyPressEvent(event)
        else:
            event.ignore()


class CaseList(QFrame):
    """``chosen(case_id)``: the row that the card shows; ``sought(text)``; ``opened``: a double click;
    ``more``: the end is near."""

    chosen = Signal(str)
    sought = Signal(str)
    opened = Signal()
    more = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.ticked: list[str] = []
        """Case ids, as they were ticked."""
        self._cases: dict[str, CaseRow] = {}
        self._placed: Mapping[str, str] = {}
        self._told = ""
        self.title = PlainLabel("", role="heading")
        self.search = QLineEdit()
        self.search.setPlaceholderText(t("订单尾号、商品、买家；按 / 到这里"))
        self.search.setAccessibleName(t("找一单"))
        set_tip(self.search, self.search.placeholderText())
        self.search.setMaxLength(SEARCH_LONG)
        self.order = PlainLabel(t("最急在前"), role="small", tone="fg1")
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self._seek)
        self.search.textChanged.connect(lambda _text: self._typed.start())
        self.search.returnPressed.connect(self._to_rows)
        self._model = CaseModel(self)
        self.rows = CaseRows(self._model, CaseDelegate(now, self), t("单子"))
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.rows.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self.rows.doubleClicked.connect(lambda _index: self.opened.emit())
        self.rows.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.empty = EmptyState("check", t("正在读…"))
        self._or_empty = RowsOrEmpty(self.rows, self.empty)
        self.head = CaseHead(lambda: self.rows.verticalScrollBar().sizeHint().width())
        self.count = PlainLabel("", role="small", tone="fg1", elide=True)
        self.keys = PlainLabel("", role="small", tone="fg2", align=Qt.AlignmentFlag.AlignRight, elide=True)
        self.keys.setText(t("J K 上下 · Enter 打开 · X 选中 · Y 办这一步 · / 找"))
        self.states = OrderStates()
        self.states.hide()
        self.stories = StoryBar()
        self.stories.hide()
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 9, 14, 9)
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.search, 1)
        head.addWidget(self.order)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 7, 14, 7)
        foot.addWidget(self.count, 2)
        foot.addWidget(self.keys, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.states)
        column.addWidget(self.stories)
        column.addWidget(Separator())
        column.addWidget(self.head)
        column.addWidget(self._or_empty, 1)
        column.addWidget(Separator())
        column.addLayout(foot)

    # Rows ------------------------------------------------------------------------------------------

    def show_cases(
        self, cases: Sequence[CaseRow], words: str, placed: Mapping[str, str] | None = None
    ) -> None:
        """These rows; ``words``: how many there are; ``placed``: of orders, when each was placed."""
        self._placed = placed or {}
        self._cases = {case.case_id: case for case in cases}
        self.ticked = [case_id for case_id in self.ticked if case_id in self._cases]
        ticked = set(self.ticked)
        before = self.rows.currentIndex().row()
        rows = [
            row_of(case, ticked=case.case_id in ticked, placed=self._placed.get(case.case_id, ""))
            for case in cases
        ]
        self.rows.show_rows(rows)
        if not self.rows.currentIndex().isValid() and cases:
            # What was chosen is done: the next most urgent one stands in its place.
            self.rows.setCurrentIndex(self._model.index(max(0, min(before, len(cases) - 1))))
        self._or_empty.show_empty(not cases)
        self.count.setText(words)
        self._tell()

    def show_title(self, words: str) -> None:
        """The group, and how many."""
        self.title.setText(words)

    def show_order(self, *, all_orders: bool, stories: bool = False) -> None:
        """How the rows lie; over all orders stand their states, over stories the word for them."""
        self.order.setText(t("最新在前") if all_orders or stories else t("最急在前"))
        hint = t("订单号尾、商品；@ 后面写买家") if all_orders else t("订单尾号、商品、买家；按 / 到这里")
        hint = t("故事里的字；按 / 到这里") if stories else hint
        self.stories.setVisible(stories)
        self.search.setPlaceholderText(hint)
        set_tip(self.search, hint)
        self.states.setVisible(all_orders)
        self.head.show_placed(all_orders, stories=stories)

    def show_count(self, words: str) -> None:
        """How many there are, or how many are ticked."""
        self.count.setText(words)

    def show_empty(self, words: str) -> None:
        """Why there are no rows."""
        self.empty.title.setText(words)
        self.empty.setAccessibleName(words)

    def case(self, case_id: str = "") -> CaseRow | None:
        """The chosen case, or one by its id."""
        row = self.rows.chosen()
        return self._cases.get(case_id or (row.key if row is not None else ""))

    def go(self, by: int) -> None:
        """The next row, or the one before."""
        count = self._model.rowCount()
        if count:
            at = self.rows.currentIndex().row() + by
            self.rows.setCurrentIndex(self._model.index(max(0, min(count - 1, at))))

    def tick_chosen(self) -> None:
        """Choose the row for what is done to several, or no more."""
        row = self.rows.chosen()
        if row is not None:
            self.ticked.remove(row.key) if row.key in self.ticked else self.ticked.append(row.key)
            self._again()

    def _again(self) -> None:
        self.show_cases(list(self._cases.values()), self.count.text(), self._placed)

    def untick(self) -> bool:
        """None are ticked; whether any was."""
        had = bool(self.ticked)
        self.ticked = []
        if had:
            self._again()
        return had

    def paint_clocks(self) -> None:
        """A second has passed."""
        self.rows.viewport().update()

    def _tell(self) -> None:
        row = self.rows.chosen()
        key = row.key if row is not None else ""
        if key != self._told:
            self._told = key
            self.chosen.emit(key)
        if self.rows.currentIndex().row() >= self._model.rowCount() - _NEAR:
            self.more.emit()

    def _scrolled(self) -> None:
        last = self.rows.indexAt(QPoint(4, self.rows.viewport().height() - 4)).row()
        if last < 0 or last >= self._model.rowCount() - _NEAR:
            self.more.emit()

    # Searching -------------------------------------------------------------------------------------

    def begin_search(self) -> None:
        """The keyboard goes into the search."""
        self.search.setFocus()
        self.search.selectAll()

    def clear_search(self) -> bool:
        """Look for nothing; whether anything was looked for."""
        had = bool(self.search.text())
        self.search.clear()
        self._seek()
        return had

    def _seek(self) -> None:
        self._typed.stop()
        self.sought.emit(self.search.text().strip())

    def _to_rows(self) -> None:
        self._seek()
        self.rows.setFocus()
