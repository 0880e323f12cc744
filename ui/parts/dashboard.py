"""The figures of the platform's own screen, a line each: the same wherever they are shown."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from liveconsole.messages.state import AudienceState, HealthState
from ui.i18n import t
from ui.widgets import PlainLabel
from ui.words.dashboard import ScreenFigure, screen_figures, why_none


class _FigureRow:
    """The widgets of one figure: what it is and what it comes to, and below the last minutes and its age."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.title = PlainLabel("", role="small", tone="fg1", lines=0)
        self.value = PlainLabel("", role="small_strong", align=Qt.AlignmentFlag.AlignRight)
        self.more = PlainLabel("", role="small", tone="fg2", lines=0)
        grid.addWidget(self.title, 2 * row, 0)
        grid.addWidget(self.value, 2 * row, 1)
        grid.addWidget(self.more, 2 * row + 1, 0, 1, 2)

    def widgets(self) -> tuple[QWidget, ...]:
        return self.title, self.value, self.more


class DashboardList(QWidget):
    """``show_figures`` when the state changed, ``tick`` once a second. Gone where nobody would tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: list[ScreenFigure] = []
        self.rows: list[_FigureRow] = []
        self.head = PlainLabel(t("大屏（平台自己的数字）"), role="small", tone="fg2", lines=0)
        self.none = PlainLabel("", role="small", tone="fg1", lines=0)
        held = QWidget()
        self._grid = QGridLayout(held)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        column = QGridLayout(self)
        column.setContentsMargins(14, 0, 14, 8)
        column.setVerticalSpacing(4)
        for at, each in enumerate((self.head, self.none, held)):
            column.addWidget(each, at, 0)
        self.hide()

    def show_figures(self, audience: AudienceState, health: HealthState, now: datetime) -> None:
        """What is told now."""
        self._figures = screen_figures(audience)
        why = "" if self._figures else why_none(health)
        while len(self.rows) < len(self._figures):
            self.rows.append(_FigureRow(self._grid, len(self.rows)))
        for at, row in enumerate(self.rows):
            there = at < len(self._figures)
            for each in row.widgets():
                each.setVisible(there)
            if there:
                row.title.setText(self._figures[at].title)
                row.value.setText(self._figures[at].value)
        self.none.setText(why)
        self.none.setVisible(bool(why))
        self.head.setVisible(bool(self._figures))
        self.setVisible(bool(self._figures or why))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Move the ages."""
        for row, figure in zip(self.rows, self._figures, strict=False):
            said, tone = figure.age(now)
            row.more.set_tone(tone)
            row.more.setText(" · ".join(part for part in (figure.recent, said) if part))
