"""What something costs so far against the most that it can cost: a bar and the figures beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.widgets.plain import PlainLabel, set_tip


@dataclass(frozen=True, slots=True)
class Cost:
    """``solid`` is spent, ``hatched`` may follow, both of ``whole`` (分); ``words`` say it, ``tip`` says all.

    ``solid`` None: nobody tells what was spent.
    """

    solid: int | None
    hatched: int
    whole: int
    words: str
    tip: str = ""


class CostBar(QWidget):
    """Solid, then hatched, on an outlined track: told apart without colour. An unknown part is dotted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cost = Cost(0, 0, 0, "")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_cost(self, cost: Cost) -> None:
        """Another cost."""
        if cost != self._cost:
            self._cost = cost
            self.setAccessibleDescription(cost.words)
            self.update()

    @property
    def shares(self) -> tuple[float, float]:
        """The solid and the hatched part of the track, 0 to 1 together."""
        cost = self._cost
        if cost.whole <= 0:
            return 0.0, 0.0
        solid = min(1.0, max(0, cost.solid or 0) / cost.whole)
        return solid, min(1.0 - solid, max(0, cost.hatched) / cost.whole)

    def sizeHint(self) -> QSize:
        high = QFontMetrics(theme.font("small")).height()
        return QSize(high * 4, max(8, high // 2))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() // 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        solid, hatched = self.shares
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        track = QPainterPath()
        track.addRoundedRect(room, 2, 2)
        painter.fillPath(track, theme.colour(tokens.bg3))
        painter.setClipPath(track)
        ink = theme.colour(tokens.warn)
        wide = room.width() * solid
        if solid > 0:
            painter.fillRect(QRectF(room.left(), room.top(), max(2.0, wide), room.height()), ink)
        if hatched > 0:
            part = QRectF(room.left() + wide, room.top(), max(3.0, room.width() * hatched), room.height())
            painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
            painter.setPen(QPen(ink, 1.4))
            across = part.left() - room.height()
            while across < part.right():
                painter.drawLine(QPointF(across, part.bottom()), QPointF(across + room.height(), part.top()))
                across += 4
        painter.setClipping(False)
        unknown = self._cost.solid is None
        style = Qt.PenStyle.DotLine if unknown else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.colour(tokens.fg2), 1, style))
        painter.drawPath(track)
        painter.end()


_BESIDE: Final = 6


class CostMeter(QWidget):
    """The bar and its words on one line. Where room is dear the bar gives way, then the words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = CostBar()
        self.label = PlainLabel("", role="small", tone="fg1", elide=True)
        self.label.setMinimumWidth(1)
        self._cost: Cost | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_BESIDE)
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.label, 1)
        self.hide()

    def show_cost(self, cost: Cost | None) -> None:
        """Another cost; None hides it."""
        self.setVisible(cost is not None)
        if cost is None:
            return
        if cost != self._cost:
            self._cost = cost
            self.bar.show_cost(cost)
            self.label.setText(cost.words)
            self.setAccessibleName(cost.words)
            for each in (self.bar, self.label):
                set_tip(each, cost.tip or cost.words)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(
            self.bar.sizeHint().width() + _BESIDE + self.label.sizeHint().width(),
            max(self.bar.sizeHint().height(), self.label.sizeHint().height()),
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words, bar = self.label.sizeHint().width(), self.bar.sizeHint().width()
        room = self.width()
        self.label.setVisible(words <= room)
        self.bar.setVisible(bar + _BESIDE + words <= room or room < words)

    @property
    def words(self) -> str:
        """What stands beside the bar."""
        return self.label.text()
