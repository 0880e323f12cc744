"""A board as tables to read, one at a time: rows and cells are those of a real table, for whoever listens."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.widgets import PlainLabel, button, plain_tip, set_tip
from ui.windows.boards.table import BoardTable


class TablePage(QWidget):
    """``left``: back to the pictures."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tables: list[BoardTable] = []
        self.back = button(t("回到图"), "quiet")
        self.back.clicked.connect(self.left)
        set_tip(self.back, "Esc")
        self.which = QComboBox()
        self.which.setAccessibleName(t("哪张表"))
        self.which.setMinimumWidth(220)
        self.which.currentIndexChanged.connect(self._choose)
        self.note = PlainLabel("", role="small", tone="fg2", elide=True)
        head = QHBoxLayout()
        for each in (self.back, self.which):
            head.addWidget(each)
        head.addWidget(self.note, 1)
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setVisible(False)
        self.table.setShowGrid(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def show_tables(self, tables: list[BoardTable]) -> None:
        """Other numbers; the table that is read stays, and the row too."""
        names, at = [table.title for table in tables], max(0, self.which.currentIndex())
        before = [table.title for table in self._tables]
        self._tables = tables
        if names != before:
            kept = self.which.currentText()
            self.which.blockSignals(True)
            self.which.clear()
            for name in names:
                self.which.addItem(clean(name, 60))
            at = names.index(kept) if kept in names else 0
            self.which.setCurrentIndex(at)
            self.which.blockSignals(False)
        self._choose(at)

    def _choose(self, place: int) -> None:
        if not 0 <= place < len(self._tables):
            self.table.setRowCount(0)
            return
        table, row = self._tables[place], self.table.currentRow()
        self.note.setText(table.note)
        names = [column.name for column in table.columns]
        self.table.setAccessibleName(table.title)
        self.table.setColumnCount(len(names))
        self.table.setRowCount(len(table.rows))
        self.table.setHorizontalHeaderLabels([clean(name, 40) for name in names])
        for n, line in enumerate(table.rows):
            for m, cell in enumerate(line.cells):
                self._put(n, m, cell.text, right=table.columns[m].right)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(round(64 * theme.text_scale()))
        header.setStretchLastSection(True)
        for n, column in enumerate(table.columns):
            if (head := self.table.horizontalHeaderItem(n)) is not None:
                head.setTextAlignment(_side(right=column.right))
        if 0 <= row < len(table.rows):
            self.table.setCurrentCell(row, max(0, self.table.currentColumn()))

    def _put(self, row: int, column: int, text: str, *, right: bool) -> None:
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.table.setItem(row, column, item)
        if item.text() != text:
            item.setData(Qt.ItemDataRole.DisplayRole, clean(text, 200))  # a cell draws letters only
            item.setToolTip(plain_tip(clean(text, 200)))
        item.setTextAlignment(_side(right=right))


def _side(*, right: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
