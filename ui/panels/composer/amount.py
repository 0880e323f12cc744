"""The price for all SKUs in large letters, and how many of them one buyer may have."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import NumberField, PlainLabel, Segments
from ui.widgets.entry import MoneyEntry

_FEW: Final = (1, 2, 3)
_ALL, _OWN = "all", "own"


class PriceBox(QFrame):
    """¥ 269 全部规格."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("price")
        self.entry = MoneyEntry()
        self.entry.setFont(theme.font("kpi"))
        self._for_all = PlainLabel(t("全部规格"), role="small", tone="fg2")
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 2, 8, 2)
        row.setSpacing(5)
        row.addWidget(PlainLabel("¥", role="kpi", tone="fg1"))
        row.addWidget(self.entry, 1)
        row.addWidget(self._for_all)
        self.setFixedSize(round(150 * theme.text_scale()), round(38 * theme.text_scale()))
        self.setFocusProxy(self.entry)
        self.entry.installEventFilter(self)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.entry.setAccessibleName(name)

    def setAccessibleDescription(self, words: str) -> None:
        super().setAccessibleDescription(words)
        self.entry.setAccessibleDescription(words)

    def show_for_all(self, several: bool) -> None:
        """Whether it is the price of more than one SKU."""
        self._for_all.setVisible(several)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("state", "focus" if event.type() == QEvent.Type.FocusIn else "")
            self.style().unpolish(self)
            self.style().polish(self)
        return False


class BuyerLimit(QWidget):
    """1 件 · 2 件 · 3 件 · 不限 · 自己填; 不限 is as many as the sale has."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        few = [(str(n), t("{n} 件", n=n)) for n in _FEW]
        self.segments = Segments([*few, (_ALL, t("不限")), (_OWN, t("自己填"))])
        self.entry = NumberField(1, 10_000)
        self.entry.setFixedWidth(round(64 * theme.text_scale()))
        self._most = 10_000
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.segments)
        row.addWidget(self.entry)
        self.segments.chosen_by_hand.connect(self._chosen)
        self.entry.valueChanged.connect(self.changed)
        self.setValue(1)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.segments.setAccessibleName(name)
        self.entry.setAccessibleName(name)

    def set_most(self, units: int) -> None:
        """So many the sale has: 不限 means that."""
        self._most = max(1, units)

    def value(self) -> int:
        """Units that one buyer may have."""
        how = self.segments.chosen
        if how == _ALL:
            return self._most
        return self.entry.value() if how == _OWN else int(how)

    def setValue(self, units: int) -> None:
        """Stand in for choosing."""
        few = units in _FEW
        self.segments.choose(str(units) if few else _ALL if units >= self._most else _OWN)
        self.entry.setValue(units)
        self.entry.setVisible(self.segments.chosen == _OWN)

    def _chosen(self, how: str) -> None:
        self.entry.setVisible(how == _OWN)
        if how == _OWN:
            self.entry.setFocus()
        self.changed.emit()
