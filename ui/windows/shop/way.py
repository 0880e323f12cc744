"""下单 付款 发货 派送 签收 售后: how far an order has come, as a line of six stations."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from liveconsole.messages.cases import WayStep
from ui import theme
from ui.i18n import t
from ui.widgets import set_tip
from ui.widgets.painted import elided
from ui.windows.shop.words import WAY, day_and_time


class OrderWay(QWidget):
    """What is done is green, where it stands now is amber, what comes is grey; the words say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stations: list[tuple[str, bool, str, str]] = []
        """Name, done, day, time."""
        self._here = -1

    def show_way(self, way: list[WayStep], now: datetime) -> None:
        """The six of them."""
        found: list[tuple[str, bool, str, str]] = []
        for step in way:
            day, hour = day_and_time(step.at, now) if step.at is not None else ("—", "")
            if step.name == "aftersale" and step.at is None:
                day = t("无")
            found.append((t(WAY[step.name]), step.done, day, hour))
        done = [place for place, step in enumerate(way) if step.done]
        here = done[-1] if done else -1
        if (found, here) != (self._stations, self._here):
            self._stations, self._here = found, here
            said = " · ".join(f"{name} {day} {hour}".strip() for name, _, day, hour in found)
            self.setAccessibleName(said)
            set_tip(self, said)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        small = QFontMetrics(theme.font("small")).height()
        return QSize(250, 26 + 3 * small)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._stations:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        each = self.width() / len(self._stations)
        line = QFontMetrics(theme.font("small")).height()
        y = 12.0
        for place in range(len(self._stations) - 1):
            gone = place < self._here
            painter.setPen(QPen(theme.colour("ok" if gone else "line"), 2))
            painter.drawLine(QPointF((place + 0.5) * each + 7, y), QPointF((place + 1.5) * each - 7, y))
        for place, (name, done, day, hour) in enumerate(self._stations):
            self._station(painter, QPointF((place + 0.5) * each, y), done=done, here=place == self._here)
            role = "small_strong" if done else "small"
            tone = "warn" if place == self._here else "fg0" if done else "fg1"
            top = 24.0
            for text, its_role, its_tone in (
                (name, role, tone),
                (day, "small", "fg1"),
                (hour, "small", "fg1"),
            ):
                painter.setFont(theme.font(its_role))
                painter.setPen(theme.colour(its_tone))
                room = QRectF(place * each, top, each, line)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, elided(text, its_role, each - 2))
                top += line
        painter.end()

    def _station(self, painter: QPainter, at: QPointF, *, done: bool, here: bool) -> None:
        if here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(theme.soft(theme.tokens(), "warn")[0]))
            painter.drawEllipse(at, 11, 11)
        painter.setPen(QPen(theme.colour("warn" if here else "ok" if done else "fg2"), 2))
        painter.setBrush(theme.colour("warn" if here else "ok" if done else "bg1"))
        painter.drawEllipse(at, 5, 5)
