"""The desk's columns, as wide as each role left them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from ui import preferences, theme
from ui.i18n import t


class ColumnSplitter(QSplitter):
    """Widgets side by side with grips between them. ``shares``: their parts where nobody moved a grip."""

    def __init__(
        self, role: str, columns: Sequence[QWidget], shares: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._role = role
        self.setChildrenCollapsible(False)
        self.setHandleWidth(theme.GAP)
        self.setAccessibleName(t("三栏"))
        for at, (column, share) in enumerate(zip(columns, shares, strict=True)):
            self.addWidget(column)
            self.setStretchFactor(at, share)
        kept = preferences.current().layout_of(role).columns
        whole = len(kept) == len(columns) and all(width > 0 for width in kept)
        # Qt takes sizes as shares of whatever width there will be.
        self.setSizes(kept if whole else [share * 100 for share in shares])
        self.splitterMoved.connect(self._moved)

    def _moved(self) -> None:
        preferences.current().keep_layout(self._role, columns=self.sizes())
