"""What may be done with the chosen row of a list: behind one `…`, on the row itself, and by its keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListView, QMenu

from ui.i18n import t
from ui.widgets import button, set_tip


class RowMenu(QMenu):
    """Takes no height of its list. ``shown`` brings its entries up to date before it opens."""

    def __init__(self, rows: QListView, shown: Callable[[], object]) -> None:
        super().__init__(rows)
        self._rows = rows
        self.aboutToShow.connect(shown)
        self.key = button("…", "quiet")
        self.key.setAccessibleName(t("选中这行的操作"))
        set_tip(self.key, t("选中这行的操作"))
        self.key.clicked.connect(lambda: self.popup(self.key.mapToGlobal(QPoint(0, self.key.height()))))
        rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows.customContextMenuRequested.connect(self._on_row)

    def entry(self, words: str, key: str, then: Callable[[], object]) -> QAction:
        """One line; ``key`` is what does the same without the menu."""
        made = self.addAction(words.replace("&", "&&"))
        made.setData((words, key))
        made.triggered.connect(lambda _=False: then())
        show_entry(made, words)
        return made

    def _on_row(self, where: QPoint) -> None:
        # From the keyboard there is no row under the pointer: it opens at the chosen one.
        index = self._rows.currentIndex()
        if index.isValid() and not self._rows.indexAt(where).isValid():
            where = self._rows.visualRect(index).bottomLeft()
        self.popup(self._rows.viewport().mapToGlobal(where))


def show_entry(entry: QAction, words: str, *, why: str = "") -> None:
    """Other words for a line; with ``why`` it cannot be chosen, and says so."""
    _, key = entry.data()
    said = f"{words} · {why}" if why else words
    entry.setText((f"{said}\t{key}" if key else said).replace("&", "&&"))
    entry.setEnabled(not why)
