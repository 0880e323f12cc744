"""Turnover by the minute, with all that went on over it: painted, and every promotion reached by keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.boards import BoardTrend
from ui import theme
from ui.i18n import t
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.windows.boards.trend_layout import PlacedSpan, TrendLayout, chosen_words, lay_out

_SIDE: Final = 14.0
_STRENGTH: Final = (0.45, 0.66, 1.0)
"""How much of the colour a bar has: earlier, the ten minutes before, the last ten."""
_SHADE: Final = 0.13


class TrendChart(PaintedBoard):
    """``chosen`` is the place of a promotion, -1 none; ←, → and Esc move it, a click too."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trend: BoardTrend | None = None
        self.why = ""
        self.chosen = -1
        self._kept: tuple[object, TrendLayout] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(t("每分钟成交额"))

    def show_trend(self, trend: BoardTrend | None, why: str) -> None:
        """Another minute; a promotion that was chosen stays so. ``why``: why there is none."""
        kept = self.chosen_cue()
        self.trend, self.why, self._kept = trend, why, None
        cues = [each.cue_id for each in trend.promotions] if trend is not None else []
        self.chosen = cues.index(kept) if kept in cues else -1
        self.tell()

    def chosen_cue(self) -> str:
        """The promotion whose minutes are marked, or ``""``."""
        trend = self.trend
        return trend.promotions[self.chosen].cue_id if trend is not None and self.chosen >= 0 else ""

    def choose(self, place: int) -> None:
        """Mark the minutes before and after a promotion; -1: the last ten minutes again."""
        count = len(self.trend.promotions) if self.trend is not None else 0
        place = max(-1, min(count - 1, place))
        if place != self.chosen:
            self.chosen, self._kept = place, None
            self.tell()
            self.moved.emit(place)

    def step(self, by: int) -> bool:
        """To the promotion before or after; from none to the newest. Whether there is any."""
        count = len(self.trend.promotions) if self.trend is not None else 0
        if not count:
            return False
        self.choose(count - 1 if self.chosen < 0 else max(0, min(count - 1, self.chosen + by)))
        return True

    # Where things stand ----------------------------------------------------------------------------

    def head_high(self) -> float:
        """Pixels of the heading."""
        return 18.0 + line_high("heading")

    def layout_now(self) -> TrendLayout:
        """What is painted under the heading, as data."""
        if self.trend is None:
            return TrendLayout((), (), (), (), (), (), QRectF())
        of = (self.width(), self.height(), theme.text_scale(), self.chosen)
        if self._kept is None or self._kept[0] != of:
            top = self.head_high()
            room = QRectF(_SIDE, top, self.width() - 2 * _SIDE, self.height() - top - 8)
            self._kept = of, lay_out(self.trend, room, self.chosen)
        return self._kept[1]

    def placed_texts(self) -> tuple[PlacedText, ...]:
        return (*self._head()[0], *self.layout_now().texts)

    def said(self) -> str:
        head = " · ".join(text.whole for text in self._head()[0])
        return head if self.trend is None else f"{head} · {len(self.trend.promotions)}"

    def _head(self) -> tuple[list[PlacedText], list[tuple[QRectF, str]]]:
        """The heading: what is drawn, and at the right what the keys do or did. And the legend's signs."""
        high, edge = float(line_high("heading")), self.width() - _SIDE
        title = t("每分钟成交额")
        if self.trend is not None and self.trend.minutes > 1:
            title = t("每 {n} 分钟成交额", n=self.trend.minutes)
        side = float(wide(title, "heading") + 2)
        found = [placed(title, QRectF(_SIDE, 9, side, high), "fg0", "heading")]
        signs: list[tuple[QRectF, str]] = []
        at = _SIDE + side + 14
        if self.trend is None:
            return [*found, placed(self.why, QRectF(at, 9, max(0.0, edge - at), high), "fg1", "small")], signs
        if self.chosen < 0:
            for tone, said, told in (
                ("ok", t("成交额，左轴"), self.trend.gmv_fen),
                ("fg0", t("在线人数，右轴"), self.trend.online),
            ):  # fmt: skip
                if told is None:
                    continue
                signs.append((QRectF(at, 9 + high / 2 - (4 if tone == "ok" else 1.5), 10, 8), tone))
                side = float(wide(said, "small") + 2)
                found.append(placed(said, QRectF(at + 15, 9, side, high), "fg1", "small"))
                at += side + 28
            hint = t("点一条促销，或按 ← →，看它前后 5 分钟") if self.trend.promotions else ""
            if hint and wide(hint, "small") > edge - at:
                hint = t("← → 看一条促销前后 5 分钟")
            if hint and wide(hint, "small") <= edge - at:
                found.append(placed(hint, QRectF(at, 9, edge - at, high), "fg2", "small", right=True))
        else:
            said = chosen_words(self.trend, self.chosen)
            found.append(placed(said, QRectF(at, 9, max(0.0, edge - at), high), "fg0", "small_strong"))
        return found, signs

    def sizeHint(self) -> QSize:
        return QSize(640, round(self.head_high()) + round(250 * theme.text_scale()))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, round(self.head_high()) + round(150 * theme.text_scale()))

    # Keys and clicks -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in turns and self.step(turns[Qt.Key(event.key())]):
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        for span in self.layout_now().spans:
            if span.promotion >= 0 and (span.room.contains(at) or _under(span, at)):
                self.choose(-1 if span.promotion == self.chosen else span.promotion)
                return
        self.choose(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # Painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        found, tokens = self.layout_now(), theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "line"), 1))
        painter.setBrush(theme.colour("bg1"))
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, theme.RADIUS, theme.RADIUS)
        self._paint_ground(painter, found)
        painter.setPen(Qt.PenStyle.NoPen)
        for box, strength in found.bars:
            dim = _STRENGTH[strength] if self.chosen < 0 else _STRENGTH[1]
            painter.setBrush(theme.colour(theme.mix(tokens.bg1, tokens.ok, dim)))
            painter.drawRoundedRect(box, min(2.0, box.width() / 3), min(2.0, box.width() / 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("fg0"), 1.6))
        for line in found.lines:
            painter.drawPolyline(QPolygonF(list(line)))
        self._paint_spans(painter, found)
        for each in found.brackets:
            painter.setPen(QPen(theme.colour(each.tone), 1.4))
            painter.drawPolyline(
                QPolygonF(
                    [QPointF(each.left, each.at - 4), QPointF(each.left, each.at),
                     QPointF(each.right, each.at), QPointF(each.right, each.at - 4)]
                )
            )  # fmt: skip
        texts, signs = self._head()
        painter.setPen(Qt.PenStyle.NoPen)
        for sign, tone in signs:
            painter.setBrush(theme.colour(tone))
            painter.drawRoundedRect(sign if tone == "ok" else QRectF(sign.left(), sign.top(), 10, 3), 2, 2)
        paint_texts(painter, (*texts, *found.texts))
        painter.end()

    def _paint_ground(self, painter: QPainter, found: TrendLayout) -> None:
        tokens = theme.tokens()
        for span in found.spans:
            if span.shade is not None:
                share = _SHADE * (2 if span.promotion == self.chosen else 1)
                painter.fillRect(span.shade, theme.colour(theme.mix(tokens.bg1, _tone(span), share)))
        painter.setPen(QPen(theme.colour("line"), 1))
        for one, other in found.grid:
            painter.drawLine(one, other)

    def _paint_spans(self, painter: QPainter, found: TrendLayout) -> None:
        tokens = theme.tokens()
        for span in found.spans:
            if span.room.isEmpty():
                continue
            share = 0.38 if span.now else 0.2
            painter.setBrush(theme.colour(theme.mix(tokens.bg1, _tone(span), share)))
            edged = span.promotion >= 0 or span.now
            chosen = span.promotion >= 0 and span.promotion == self.chosen
            ink = theme.colour("fg0" if chosen else span.tone)
            painter.setPen(QPen(ink, 2 if chosen else 1) if edged else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(span.room.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            if span.sign is not None:
                theme.paint_icon(painter, span.icon, span.sign, theme.hexa(span.tone))


def _tone(span: PlacedSpan) -> str:
    return theme.hexa(span.tone)


def _under(span: PlacedSpan, at: QPointF) -> bool:
    return span.shade is not None and span.shade.contains(at)
