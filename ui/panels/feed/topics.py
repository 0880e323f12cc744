"""Groups of questions as chips: all of them where there is height, else one line and a chip for the rest."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.i18n import t
from ui.widgets import FilterChip, FlowRow, set_tip

_GAP = 8


class Topics(QWidget):
    """``chosen(group, on)`` when a person presses one. At most one is checked."""

    chosen = Signal(str, bool)

    def __init__(self, names: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips = {group: FilterChip(name, small=True) for group, name in names.items()}
        self.more = FilterChip("", small=True)
        self._low = False
        flow = FlowRow(self, gap=_GAP)
        flow.setContentsMargins(14, 0, 14, 8)
        for group, chip in self.chips.items():
            chip.set_count(0)
            chip.clicked.connect(lambda on, group=group: self._pressed(group, on))
            flow.addWidget(chip)
        flow.addWidget(self.more)
        self.more.clicked.connect(self._fit)
        self.more.hide()
        if not self.chips:
            self.hide()  # never shown here: without a parent yet it would be a window of its own

    def set_low(self, low: bool) -> None:
        """One line only, unless a person asks for the rest."""
        if low != self._low:
            self._low = low
            self.more.setChecked(False)
            self._fit()

    def show_counts(self, counts: Mapping[str, int], answered: Mapping[str, str]) -> None:
        """How many asked each; ``answered``: group → when it was answered last, as people read it."""
        for group, count in counts.items():
            chip, when = self.chips[group], answered.get(group)
            chip.set_count(count, done=when is not None)
            if when is not None:
                set_tip(chip, t("{time} 回答过，之后又问了 {n} 条", time=when, n=count))
        if self._low:
            self._fit()

    def check(self, group: str) -> None:
        """Show one as chosen; ``""``: none."""
        for name, chip in self.chips.items():
            chip.setChecked(name == group)
        self._fit()

    def _pressed(self, group: str, on: bool) -> None:
        self.check(group if on else "")
        self.chosen.emit(group, on)

    def _fit(self) -> None:
        """What does not go into the line is behind ``+n``; a chosen one is never hidden."""
        whole = not self._low or self.more.isChecked()
        wide = [chip.sizeHint().width() + _GAP for chip in self.chips.values()]
        room = self.contentsRect().width() - 28 + _GAP
        whole = whole or sum(wide) <= room
        room -= self._more_width() + sum(
            w for w, chip in zip(wide, self.chips.values(), strict=True) if chip.isChecked()
        )
        hidden = 0
        for width, chip in zip(wide, self.chips.values(), strict=True):
            shown = whole or chip.isChecked() or width <= room
            room -= width if shown and not chip.isChecked() else 0
            hidden += not shown
            chip.setVisible(shown)
        self.more.set_text(t("收起") if self.more.isChecked() else f"+{hidden}")
        self.more.setAccessibleName(t("其余的提问分组"))
        self.more.setVisible(self._low and (bool(hidden) or self.more.isChecked()))

    def _more_width(self) -> int:
        self.more.set_text(f"+{len(self.chips)}")
        return self.more.sizeHint().width() + _GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._low:
            self._fit()
