"""The head of 现在要做: a solid band, so that nothing else in its column is as loud."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import Mark, PlainLabel


class OwedHead(QWidget):
    """How much there is to do, and since when; red while something rings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "warn"
        self._name = PlainLabel(t("现在要做"), role="heading")
        self._mark = Mark("phone", "ink", role="base", name=t("在手机上"))
        self._where = PlainLabel("", role="small")
        self._count = PlainLabel("", role="small_strong", elide=True, align=Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 12, 5)
        row.setSpacing(8)
        row.addWidget(self._name)
        row.addWidget(self._mark)
        row.addWidget(self._where, 1)
        row.addWidget(self._count)

    def show_as(self, count: int, waited: str, *, loud: bool) -> None:
        """``count`` 0: nothing to do, only figures to fill in."""
        self._tone = "live" if loud else "warn" if count else "fg1"
        ink = theme.solid(theme.tokens(), self._tone)[1]
        self._where.set_forms(t("在手机上") if count else t("填数"), "")
        if waited:
            # Since when goes last of all: what waits longest is what is wrong.
            self._count.set_forms(
                t("{n} 件 · 已等 {waited}", n=count, waited=waited), f"{count} · {waited}", waited
            )
        else:
            self._count.setText(t("{n} 件", n=count) if count else "")
        for label in (self._name, self._where, self._count):
            label.set_tone(ink)
        self._mark.show_as("phone", ink, t("在手机上"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.solid(theme.tokens(), self._tone)[0]))
        painter.end()
