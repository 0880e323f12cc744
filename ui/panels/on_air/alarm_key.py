"""「n 件要看」: how much there is to see to, red where any of it is; it opens the list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui import theme
from ui.widgets import set_tip


class AlarmKey(QPushButton):
    """Hidden at none. Its words are never cut: it asks for all the room they take."""

    def __init__(self, icon: str = "warn", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tone, self._icon = "warn", icon
        self.setFont(theme.font("small_strong"))
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_as(self, words: str, tone: str, whole: str) -> None:
        """How many in words, and all of them for the pointer; empty where nothing is to be seen to."""
        self.setVisible(bool(words))
        set_tip(self, whole)
        if (words, tone) != (self.text(), self.tone):
            self.tone = tone
            self.setText(words)
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()
        self.setAccessibleDescription(whole)

    def _measures(self) -> tuple[int, int]:
        """Side of a sign, and the air around and between."""
        high = QFontMetrics(self.font()).height()
        return round(high * 0.9), round(high * 0.55)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        sign, air = self._measures()
        wide = metrics.horizontalAdvance(self.text()) + 2 * sign + 4 * air
        return QSize(wide, round(metrics.height() * 1.9))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        colour = getattr(tokens, self.tone)
        ink = theme.soft(tokens, self.tone)[1]
        lit = 0.22 if self.isDown() else 0.14 if self.underMouse() else 0.0
        sign, air = self._measures()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = tokens.accent if self.hasFocus() else colour
        painter.setPen(QPen(theme.colour(edge), 2 if self.hasFocus() else 1.4))
        painter.setBrush(theme.colour(theme.mix(tokens.bg1, colour, lit)))
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        top = (self.height() - sign) / 2
        theme.paint_icon(painter, self._icon, QRectF(air, top, sign, sign), ink)
        end = self.width() - air - sign
        theme.paint_icon(painter, "chevron-down", QRectF(end, top, sign, sign), ink)
        painter.setPen(theme.colour(ink))
        painter.setFont(self.font())
        words = QRectF(2 * air + sign, 0, end - 3 * air - sign + air, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.end()
