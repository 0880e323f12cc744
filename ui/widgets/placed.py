"""Texts that a widget paints at places of its own: laid out by one function, painted and told by another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from ui import theme
from ui.clean import clean
from ui.widgets.cut import elided
from ui.widgets.plain import plain_tip

LONGEST = 200
"""Letters of one text."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text where it is painted. ``chip``: on a ground of its own; ``whole``: as it stands with room for all
    of it."""

    text: str
    room: QRectF
    tone: str
    role: str
    right: bool = False
    chip: bool = False
    elided: bool = False
    centre: bool = False
    whole: str = ""


def wide(text: str, role: str) -> int:
    """How many pixels a text takes."""
    return QFontMetrics(theme.font(role)).horizontalAdvance(text)


def line_high(role: str) -> int:
    """How high a line of this role is."""
    return QFontMetrics(theme.font(role)).height()


def placed(
    text: str, room: QRectF, tone: str, role: str, *, right: bool = False, centre: bool = False
) -> PlacedText:
    """A text in its room, shortened where it has to be."""
    whole = clean(text, LONGEST)
    metrics = QFontMetrics(theme.font(role))
    shown = elided(whole, metrics, int(room.width()))
    return PlacedText(shown, room, tone, role, right, elided=shown != whole, centre=centre, whole=whole)


def paint_texts(painter: QPainter, texts: Iterable[PlacedText]) -> None:
    """Their letters."""
    for text in texts:
        if text.chip:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(theme.soft(theme.tokens(), text.tone)[0]))
            painter.drawRoundedRect(text.room, 4, 4)
            painter.setPen(theme.colour(f"soft:{text.tone}"))
        else:
            painter.setPen(theme.colour(text.tone))
        painter.setFont(theme.font(text.role))
        side = Qt.AlignmentFlag.AlignRight if text.right else Qt.AlignmentFlag.AlignLeft
        if text.chip or text.centre:
            side = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(text.room, side | Qt.AlignmentFlag.AlignVCenter, text.text)


class PaintedBoard(QWidget):
    """A widget of placed texts: whoever listens hears them, and the pointer is told what was shortened."""

    def placed_texts(self) -> tuple[PlacedText, ...]:
        """Everything that it writes now."""
        return ()

    def tip_at(self, at: QPoint) -> str:
        """What the pointer is told there; ``""``: nothing."""
        found = (text for text in self.placed_texts() if text.elided and text.room.contains(at.toPointF()))
        return next((text.whole for text in found), "")

    def said(self) -> str:
        """All of it for who listens."""
        return " · ".join(text.whole or text.text for text in self.placed_texts() if text.text)

    def tell(self) -> None:
        """It shows something else."""
        words = self.said()
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.tip_at(event.pos())
            if words:
                QToolTip.showText(event.globalPos(), plain_tip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
