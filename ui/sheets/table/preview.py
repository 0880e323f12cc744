"""What was understood of a table: counts to choose by, every row, and the bad ones to copy and mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from ui import clipboard
from ui.i18n import t
from ui.sheets.table.rows import LOOKS, PreviewRow, TableDelegate, TableModel
from ui.widgets import FilterChip, FlowRow, PlainLabel, button

ALL: Final = "all"


class Preview(QWidget):
    """Shows rows; knows nothing of products or segments. What is wrong comes first: it is what to do."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Any] = ()
        self._state_of: Callable[[Any], str] = lambda row: row.state
        self._show: Callable[[Any], PreviewRow] = lambda row: row
        self._mending: Callable[[], str] = str
        self._chosen = ALL
        self.count = PlainLabel("", role="strong", lines=0)
        self.remarks = PlainLabel("", role="small", tone="fg1", lines=0)
        self.chips = {state: FilterChip(t(LOOKS[state][2])) for state in LOOKS}
        self.chips = {ALL: FilterChip(t("全部")), **self.chips}
        chips = QWidget()
        flow = FlowRow(chips, gap=4)
        flow.setContentsMargins(0, 0, 0, 0)
        for state, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, state=state: self.choose(state))
            flow.addWidget(chip)
        self._chips = chips
        self.model = TableModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(TableDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(name)
        self.list.setMinimumHeight(150)
        self.list.selectionModel().currentChanged.connect(self._tell_whole)
        self.whole = PlainLabel("", role="small", tone="fg1", lines=0)
        """The chosen row in full, where its line was too short."""
        self.copy = button(t("复制不对的行"), icon="copy")
        self.copy.clicked.connect(self._copy)
        self.copied = PlainLabel("", role="small", tone="ok", lines=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for each in (self.count, self.remarks, chips):
            column.addWidget(each)
        column.addWidget(self.list, 1)
        for each in (self.whole, self.copied):
            column.addWidget(each)
        column.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_rows((), "")

    def show_rows(
        self,
        rows: Sequence[Any],
        counted: str,
        *,
        show: Callable[[Any], PreviewRow] = lambda row: row,
        state_of: Callable[[Any], str] = lambda row: row.state,
        remarks: Sequence[str] = (),
        mending: Callable[[], str] = str,
    ) -> None:
        """``counted``: how many there are in words. ``mending``: the bad rows as text with their reasons."""
        self._show, self._state_of, self._mending = show, state_of, mending
        self._rows = sorted(rows, key=lambda row: state_of(row) != "wrong")
        counts = Counter(map(state_of, rows))
        wrong = counts["wrong"]
        self.count.setText(counted)
        self.count.set_tone("warn" if wrong else "fg0")
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        for state, chip in self.chips.items():
            chip.set_count(len(rows) if state == ALL else counts[state])
            chip.setVisible(state == ALL or bool(counts[state]))
        for each in (self._chips, self.list):
            each.setVisible(bool(rows))
        self.copy.setVisible(bool(wrong))
        self._say("")
        self.choose(self._chosen if self._chosen == ALL or counts[self._chosen] else ALL)

    def refresh(self) -> None:
        """The same rows, about which more is known now."""
        self.model.refresh()
        self._tell_whole(self.list.currentIndex())

    def choose(self, state: str) -> None:
        """Only rows of one state, or all."""
        self._chosen = state
        for each, chip in self.chips.items():
            chip.setChecked(each == state)
        rows = self._rows if state == ALL else [row for row in self._rows if self._state_of(row) == state]
        self.model.show_rows(rows, self._show)
        self._tell_whole(self.list.currentIndex())

    def _tell_whole(self, index: QModelIndex) -> None:
        words = self.model.item(index.row()).said() if index.isValid() else ""
        self.whole.setText(words)
        self.whole.setVisible(bool(words))

    def _copy(self) -> None:
        clipboard.copy(self._mending())
        self._say(t("复制好了，最后一列是原因；改好再粘贴回来"))

    def _say(self, words: str) -> None:
        self.copied.setText(words)
        self.copied.setVisible(bool(words))
