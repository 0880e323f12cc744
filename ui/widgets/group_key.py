"""One group of a list at the left of a window: its sign, its name, how many, and a line below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from ui import theme
from ui.widgets.painted import elided
from ui.widgets.plain import set_tip

SIDE: Final = 14
"""Pixels beside what stands in it."""
_TOP: Final = 6
_TRACK: Final = 4
_ICON_FROM: Final = 180
"""Pixels of width from which there is room for the sign."""


class GroupKey(QPushButton):
    """Checkable; Enter presses it, letters go to the window. ``bar``: there is a track for its share, with a
    mark where the expected one is."""

    def __init__(
        self, name: str, *, icon: str = "", bar: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._icon, self._bar = name, icon, bar
        self._count, self._below, self._tone = "", "", "fg2"
        self._share: float | None = None
        self._expected: float | None = None
        self.setCheckable(True)
        self.setProperty("look", "drawn")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_words(self, count: str, below: str, tone: str = "fg2", *, also: str = "") -> None:
        """Its number and the line below; ``also`` is said besides them, where it is not painted."""
        if (count, below, tone) != (self._count, self._below, self._tone):
            self._count, self._below, self._tone = count, below, tone
            self.update()
        said = " · ".join(part for part in (self._name, count, below, also) if part)
        if said != self.accessibleName():
            self.setAccessibleName(said)
            set_tip(self, said)

    def show_share(self, share: float | None, expected: float | None) -> None:
        """Of all, 0 to 1, and what is expected in hundredths; None: no bar, no mark."""
        self._share, self._expected = share, expected
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self._height())

    def _height(self) -> int:
        high = QFontMetrics(theme.font("strong")).height() + QFontMetrics(theme.font("small")).height()
        return high + 14 + (10 if self._bar else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.text() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter)
        strong, small = QFontMetrics(theme.font("strong")), QFontMetrics(theme.font("small"))
        high, side, x = strong.height(), strong.ascent(), float(SIDE)
        if self._icon and self.width() >= _ICON_FROM * theme.text_scale():
            icon = QRectF(x + 2, _TOP + (high - side) / 2, side, side)
            theme.paint_icon(painter, self._icon, icon, theme.hexa("fg1"))
            x += side + 12
        number, right = strong.horizontalAdvance(self._count) + 2, self.width() - SIDE
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("fg0"))
        at_right = QRectF(right - number, _TOP, number, high)
        painter.drawText(at_right, middle | Qt.AlignmentFlag.AlignRight, self._count)
        room = right - number - 8 - x
        painter.drawText(QRectF(x, _TOP, room, high), middle, elided(self._name, "strong", room))
        painter.setFont(theme.font("small"))
        tone = "fg1" if self._tone == "fg2" else self._tone
        painter.setPen(theme.colour(f"soft:{tone}" if self.isChecked() and tone != "fg1" else tone))
        below = QRectF(x, _TOP + high + 1, right - x, small.height())
        painter.drawText(below, middle, elided(self._below, "small", right - x))
        if self._bar and self._share is not None:
            self._track(painter, QRectF(x, below.bottom() + 4, right - x, _TRACK), self._share)
        painter.end()

    def _ground(self, painter: QPainter) -> None:
        tokens = theme.tokens()
        if self.isChecked():
            painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.16)))
            painter.fillRect(QRectF(0, 0, 3, self.height()), theme.colour("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), theme.colour(tokens.bg2))
        if self.hasFocus():
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 1.5, -2.5, -2.5), 6, 6)

    def _track(self, painter: QPainter, track: QRectF, share: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("bg3"))
        painter.drawRoundedRect(track, 2, 2)
        if share:
            painter.setBrush(theme.colour("accent"))
            filled = QRectF(track)
            filled.setWidth(max(2.0, track.width() * min(1.0, share)))
            painter.drawRoundedRect(filled, 2, 2)
        if self._expected is not None:
            at = track.left() + track.width() * self._expected / 100
            painter.fillRect(QRectF(at - 1, track.top() - 2, 2, track.height() + 4), theme.colour("fg0"))
