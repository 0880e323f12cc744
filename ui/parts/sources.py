"""Every source of facts with the age of its last word: the same rows wherever they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from liveconsole.messages.state import SourceState
from ui.i18n import t
from ui.widgets import Chip, PlainLabel, set_tip
from ui.widgets.chip import Mark
from ui.words.sources import source_age, source_look, source_name


class _SourceRow:
    """The widgets of one source's line in the grid."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.mark = Mark("ring", "fg2")
        self.name = PlainLabel("", elide=True)
        self.simulated = Chip("", tone="warn")
        self.count = PlainLabel("", role="small", tone="fg2", align=Qt.AlignmentFlag.AlignRight)
        self.age = PlainLabel("", tone="fg1")
        for column, widget in enumerate(self.widgets()):
            grid.addWidget(widget, row, column)

    def widgets(self) -> tuple[QWidget, ...]:
        return self.mark, self.name, self.simulated, self.count, self.age

    def show_source(self, source: SourceState) -> None:
        self.name.setText(source_name(source.source))
        self.name.setAccessibleDescription(source.source)
        self.simulated.show_as(t("模拟") if source.simulated else "", "warn")
        per_minute = source.per_minute
        told = f"{source.events:,}"
        rate = "" if per_minute is UNSET else t("{n}/分钟", n=f"{per_minute:,}")
        # Where it is narrow the age is what must stand there; the tip has the rest.
        self.count.set_forms(" · ".join(part for part in (told, rate) if part), told, "")
        set_tip(self.count, self.count.text())

    def tick(self, seconds: float | None) -> None:
        icon, tone, words = source_look(seconds)
        self.mark.show_as(icon, tone, words)
        self.age.setText(words)
        self.age.set_tone(tone if tone != "ok" else "fg1")


class SourceList(QWidget):
    """``show_sources`` when the state changed, ``tick`` once a second. ``side``, ``air`` and ``gap``: pixels
    beside it, over and under it, and between two rows."""

    def __init__(
        self,
        *,
        side: int = 0,
        air: int = 0,
        gap: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sources: Sequence[SourceState] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(side, air, side, air)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(gap)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[_SourceRow] = []

    def show_sources(self, sources: Sequence[SourceState], now: datetime) -> None:
        """These are the ones that the engine knows."""
        self._sources = sources
        while len(self._rows) < len(sources):
            self._rows.append(_SourceRow(self._grid, len(self._rows)))
        for row, source in zip(self._rows, sources, strict=False):
            row.show_source(source)
        for index, row in enumerate(self._rows):
            for widget in row.widgets():
                widget.setVisible(index < len(sources))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Move the ages."""
        for row, source in zip(self._rows, self._sources, strict=False):
            row.tick(source_age(source, now))
