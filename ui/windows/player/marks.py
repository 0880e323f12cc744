"""The strip of a recording: where it stands, and where every promotion was. Laid out by one function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from liveconsole.views.report import Report
from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.widgets import plain_tip
from ui.widgets.when import clock

HEIGHT: Final = 44
_SIDE: Final = 10
_SIGN: Final = 14
_NEAR: Final = 8
"""Pixels: a click so near to a mark is meant for it."""


@dataclass(frozen=True, slots=True)
class PromotionMark:
    """A promotion of the recording, at its first moment."""

    at: datetime
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """Where a mark stands. ``sign``: only a line where its sign would lie on its neighbour's."""

    mark: PromotionMark
    x: float
    sign: QRectF | None


@dataclass(frozen=True, slots=True)
class StripLayout:
    """Everything that is painted. ``done``: the part that was played."""

    track: QRectF
    done: QRectF
    knob: QPointF
    marks: tuple[PlacedMark, ...]


def marks_of(report: Report) -> list[PromotionMark]:
    """The promotions that went on air, in order; of those that never did, when they were fired."""
    found = []
    for said in report.promotions:
        at = said.on_air_at or said.fired_at
        if at is not None:
            found.append(PromotionMark(at, said.kind, said.title))
    return sorted(found, key=lambda mark: mark.at)


def lay_out(
    width: float, start: datetime, end: datetime, now: datetime, marks: Sequence[PromotionMark]
) -> StripLayout:
    """``start`` and ``end`` are those of the recording."""
    whole = max(1.0, (end - start).total_seconds())
    room = max(1.0, width - 2 * _SIDE)

    def x_of(at: datetime) -> float:
        return _SIDE + min(1.0, max(0.0, (at - start).total_seconds() / whole)) * room

    placed, free = [], 0.0
    for mark in marks:
        x = x_of(mark.at)
        left = min(max(0.0, x - _SIGN / 2), width - _SIGN)
        sign = QRectF(left, 2, _SIGN, _SIGN) if left >= free else None
        if sign is not None:
            free = sign.right() + 2
        placed.append(PlacedMark(mark, x, sign))
    track = QRectF(_SIDE, 27, room, 6)
    here = x_of(now)
    return StripLayout(track, QRectF(_SIDE, 27, here - _SIDE, 6), QPointF(here, 30), tuple(placed))


class MarksStrip(QWidget):
    """``sought(moment)``: a mark or a place was clicked."""

    sought = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.marks: list[PromotionMark] = []
        self._span: tuple[datetime, datetime] | None = None
        self._now: datetime | None = None

    def show_marks(self, marks: Sequence[PromotionMark]) -> None:
        """The promotions of the recording."""
        self.marks = list(marks)
        self._say()
        self.update()

    def show_now(self, start: datetime, end: datetime, now: datetime) -> None:
        """Where it stands."""
        if (self._span, self._now) != ((start, end), now):
            self._span, self._now = (start, end), now
            self._say()
            self.update()

    def _say(self) -> None:
        if self._span is None or self._now is None:
            return
        start, end = self._span
        words = t(
            "看到 {at}，共 {whole}，{n} 个促销",
            at=clock((self._now - start).total_seconds()),
            whole=clock((end - start).total_seconds()),
            n=len(self.marks),
        )
        if words != self.accessibleName():
            self.setAccessibleName(words)

    def layout_now(self) -> StripLayout | None:
        """What is painted, as data; None before anything is known."""
        if self._span is None or self._now is None:
            return None
        return lay_out(self.width(), *self._span, self._now, self.marks)

    def near(self, x: float) -> PromotionMark | None:
        """The mark that is meant at a place."""
        placed = self.layout_now()
        if placed is None:
            return None
        found = [(abs(one.x - x), place) for place, one in enumerate(placed.marks)]
        nearest = min(found, default=(_NEAR + 1.0, 0))
        return placed.marks[nearest[1]].mark if nearest[0] <= _NEAR else None

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        placed = self.layout_now()
        if placed is None or self._span is None or event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        mark = self.near(x)
        start, end = self._span
        share = min(1.0, max(0.0, (x - placed.track.left()) / placed.track.width()))
        self.sought.emit(mark.at if mark is not None else start + (end - start) * share)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            mark = self.near(event.pos().x())
            words = self.words_of(mark) if mark is not None else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)

    def words_of(self, mark: PromotionMark) -> str:
        """A mark in words, as plain text."""
        since = clock((mark.at - self._span[0]).total_seconds()) if self._span is not None else ""
        return clean(f"{since} {name_of(mark.kind)} {mark.title}", 200).replace("<", "‹")

    def paintEvent(self, event: QPaintEvent) -> None:
        placed = self.layout_now()
        if placed is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for room, tone in ((placed.track, "bg3"), (placed.done, "accent")):
            painter.setBrush(theme.colour(tone))
            painter.drawRoundedRect(room, 3, 3)
        for one in placed.marks:
            kind = kind_of(one.mark.kind)
            painter.fillRect(QRectF(one.x - 0.75, 18, 1.5, 18), theme.colour(kind.TONE))
            if one.sign is not None:
                theme.paint_icon(painter, kind.ICON, one.sign, theme.hexa(kind.TONE))
        painter.setBrush(theme.colour("fg0"))
        painter.drawEllipse(placed.knob, 7, 7)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()
