"""A table in a frame of its own, under its title."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.i18n import t
from ui.widgets import PlainLabel, Section
from ui.windows.boards.table import BoardTable, TableView


class TableSection(Section):
    """A table under its title; the note says how it is sorted, or what of it is not there."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, flush=True, parent=parent)
        self.view = TableView(BoardTable(title, ()))
        self.sorted = PlainLabel("", role="small", tone="fg2", elide=True)
        self.add_chip(self.sorted)
        self.empty = QWidget()
        around = QVBoxLayout(self.empty)
        around.setContentsMargins(14, 0, 14, 12)
        around.addWidget(PlainLabel(t("还没有"), tone="fg1"))
        self.body.addWidget(self.empty)
        self.body.addWidget(self.view, 1)
        self.body.addStretch(0)

    def show_table(self, table: BoardTable, note: str = "") -> None:
        """Other values."""
        self.sorted.setText(table.note)
        more = t("还有 {n} 行在表格里", n=table.more) if table.more else ""
        self.note.setText(" · ".join(filter(None, (note, more))))
        self.empty.setVisible(not table.rows)
        self.view.setVisible(bool(table.rows))
        self.view.show_table(table)

    def keep_whole(self, most: int) -> None:
        """As high as its rows, up to so many."""
        rows = len(self.view.rows.table.rows)
        whole = self.view.whole_height()
        high = min(whole, round(whole * most / max(1, rows))) if rows > most else whole
        self.view.setFixedHeight(high)
