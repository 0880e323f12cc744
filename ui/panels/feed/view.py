"""The painted feed: only visible rows, one update a frame, nothing moves under the eye.

A row model costs 25 ms and more an update at this rate; painting forty rows over a ring costs 4.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from liveconsole.views.feed import COMMENT, ENTER, GIFT, ORDER, SYSTEM, Feed, Filtered, Row, is_question
from ui import theme
from ui.i18n import t
from ui.panels.feed.words import clock_time, says, times, who
from ui.widgets.plain import plain_tip

_SIDE: Final = 14
_WHEEL_ROWS: Final = 3


class _Face:
    """What one row looks like at the present width: measured once, painted many times."""

    __slots__ = ("name", "name_wide", "text", "text_left", "times")

    def __init__(self) -> None:
        self.name = self.text = self.times = ""
        self.name_wide = self.text_left = 0


class FeedView(QAbstractScrollArea):
    """Rows of a `Feed`, newest at the bottom. ``refresh`` once a frame; scrolling back freezes what is seen.

    Emits ``paused(bool)`` when it freezes or follows again.
    """

    paused = Signal(bool)
    picked = Signal(str, int)
    """给主播: a comment was double-clicked, or Q took the newest question in sight. Its text and count."""

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._filter: Filtered | None = None
        self._frozen: list[Row] | None = None
        self._frozen_at = 0
        self._shown_added = -1
        self._faces: dict[tuple[int, int], _Face] = {}
        self._next_faces: dict[tuple[int, int], _Face] = {}
        self._faces_width = 0
        self._setting_bar = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(t("评论与订单"))
        self.verticalScrollBar().valueChanged.connect(self._bar_moved)
        self._measure()

    def _measure(self) -> None:
        self._font, self._small = theme.font("base"), theme.font("small")
        self._metrics, self._small_metrics = QFontMetrics(self._font), QFontMetrics(self._small)
        self._row_high = round(self._metrics.height() * 1.46)
        self._time_wide = self._metrics.horizontalAdvance("00:00") + 12
        self._faces.clear()

    # What it shows ------------------------------------------------------------------------------------

    def set_filter(self, name: str) -> None:
        """``all`` or a name of ``liveconsole.views.feed.FILTERS``; follows the newest again."""
        self._filter = None if name == "all" else Filtered(self._feed, name)
        self._shown_added = -1
        self.follow()

    def refresh(self) -> None:
        """The feed took a batch: show it, if anything changed. At most once a frame."""
        if self._filter is not None:
            self._filter.refresh()
        if self._frozen is None:
            self._fit_bar(len(self._source()))
        self._shown_added = self._feed.added
        self.viewport().update()

    def _source(self) -> Feed | Filtered:
        return self._feed if self._filter is None else self._filter

    @property
    def row_height(self) -> int:
        """Logical pixels of one row."""
        return self._row_high

    @property
    def is_paused(self) -> bool:
        """Whether what is seen is frozen."""
        return self._frozen is not None

    @property
    def unseen(self) -> int:
        """Messages that came since it froze, repeats counted; under a filter, its rows."""
        return self._arrived() - self._frozen_at if self._frozen is not None else 0

    def _arrived(self) -> int:
        return self._feed.received if self._filter is None else self._filter.added

    def freeze(self) -> None:
        """Keep what is seen where it is, and all that lies above it."""
        if self._frozen is None:
            self._frozen = self._source().rows()
            self._frozen_at = self._arrived()
            self._fit_bar(len(self._frozen))
            self.paused.emit(True)

    def follow(self) -> None:
        """Go to the newest and stay with it."""
        was, self._frozen = self._frozen, None
        self.refresh()
        if was is not None:
            self.paused.emit(False)

    def visible(self) -> list[Row]:
        """The rows in sight, oldest first."""
        count = self._room() + 1
        if self._frozen is not None:
            end = self.verticalScrollBar().value() + self._room()
            return self._frozen[max(0, end - count) : max(0, min(end, len(self._frozen)))]
        if self._filter is not None:
            return self._filter.tail(count)
        feed = self._feed
        return [feed.row(index) for index in range(max(feed.first, feed.added - count), feed.added)]

    def sentences(self) -> list[str]:
        """The rows in sight as text, for assistive tools."""
        return [
            " ".join(part for part in (clock_time(row.at), who(row), says(row), times(row)) if part)
            for row in self.visible()
        ]

    def read_out(self) -> None:
        """Give assistive tools the rows in sight. Not once a frame: nobody can listen that fast."""
        self.viewport().setAccessibleName(t("评论与订单"))
        self.viewport().setAccessibleDescription("\n".join(self.sentences()))

    # Moving -------------------------------------------------------------------------------------------

    def _room(self) -> int:
        """Whole rows that fit."""
        return max(1, self.viewport().height() // self._row_high)

    def _fit_bar(self, rows: int) -> None:
        bar = self.verticalScrollBar()
        most = max(0, rows - self._room())
        self._setting_bar = True
        if bar.maximum() != most:
            bar.setPageStep(self._room())
            bar.setRange(0, most)
        if bar.value() != most:
            bar.setValue(most)
        self._setting_bar = False

    def _bar_moved(self) -> None:
        if not self._setting_bar and self._frozen is None:
            self.freeze_at(self.verticalScrollBar().value())
        self.viewport().update()

    def freeze_at(self, value: int) -> None:
        """Freeze, then show from row ``value`` on."""
        self.freeze()
        self.verticalScrollBar().setValue(value)

    def scroll_rows(self, rows: int) -> None:
        """Up (negative) freezes; down beyond the last frozen row follows again."""
        bar = self.verticalScrollBar()
        if rows < 0:
            if bar.maximum() == 0:
                return
            self.freeze()
            bar.setValue(bar.value() + rows)
        elif self._frozen is not None:
            if bar.value() >= bar.maximum():
                self.follow()
            else:
                bar.setValue(bar.value() + rows)
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if notches:
            rows = -round(notches * _WHEEL_ROWS) or (-1 if notches > 0 else 1)
            self.scroll_rows(rows)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self._room() - 1)
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -self._feed.capacity,
        }
        if event.key() == Qt.Key.Key_End:
            self.follow()
        elif event.key() == Qt.Key.Key_Q and not event.isAutoRepeat():
            self._pick(next((row for row in reversed(self.visible()) if is_question(row)), None))
        elif (step := steps.get(Qt.Key(event.key()))) is not None:
            self.scroll_rows(step)
        else:
            super().keyPressEvent(event)
            return
        self.read_out()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        self._pick(next((row for top, row in self._placed_rows() if top <= y < top + self._row_high), None))

    def _pick(self, row: Row | None) -> None:
        if row is not None and row.kind == COMMENT:
            self.picked.emit(row.text, row.count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._frozen is None:
            self._fit_bar(len(self._source()))
        else:
            bar = self.verticalScrollBar()
            self._setting_bar = True
            bar.setPageStep(self._room())
            bar.setRange(0, max(0, len(self._frozen) - self._room()))
            self._setting_bar = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.ApplicationFontChange):
            self._measure()

    def sizeHint(self) -> QSize:
        return QSize(self._metrics.averageCharWidth() * 46, self._row_high * 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._metrics.averageCharWidth() * 18, self._row_high * 4)

    # Painting -----------------------------------------------------------------------------------------

    def _placed_rows(self) -> list[tuple[int, Row]]:
        """Top edge and row, from the newest upwards to the one that is cut by the upper edge."""
        rows = self.visible()
        source_long = len(self._frozen) if self._frozen is not None else len(self._source())
        if source_long <= self._room():
            return [(index * self._row_high, row) for index, row in enumerate(rows)]
        bottom = self.viewport().height()
        return [(bottom - (len(rows) - index) * self._row_high, row) for index, row in enumerate(rows)]

    def _face(self, row: Row, width: int, bought: int) -> _Face:
        # Counting up changes the sentence of grouped rows, and only theirs.
        key = (row.seq, bought) if row.kind in (COMMENT, GIFT) else (row.seq, row.count)
        face = self._faces.get(key)
        if face is None:
            face = _Face()
            face.name = self._metrics.elidedText(who(row), Qt.TextElideMode.ElideRight, width // 3)
            face.name_wide = self._metrics.horizontalAdvance(face.name)
            face.text_left = face.name_wide + 9 if face.name else 0
            room = width - face.text_left - bought
            text = says(row)[: max(8, room)]
            face.text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        self._next_faces[key] = face
        return face

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        viewport = self.viewport()
        width = viewport.width()
        if width != self._faces_width:
            self._faces_width = width
            self._faces.clear()
        # The times mark has its place whether there is one or not, so that a repeat moves no text.
        times_wide = self._small_metrics.horizontalAdvance("×888") + 12
        left = _SIDE + self._time_wide
        room = width - left - _SIDE - times_wide
        grounds = {
            ORDER: theme.colour(theme.mix(tokens.bg1, tokens.ok, 0.13)),
            SYSTEM: theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.10)),
            GIFT: theme.colour(theme.mix(tokens.bg1, tokens.bag, 0.07)),
        }
        asking = theme.colour(theme.mix(tokens.bg1, tokens.warn, 0.11))
        inks = {
            ORDER: theme.colour(theme.soft(tokens, "ok")[1]),
            SYSTEM: theme.colour(theme.soft(tokens, "accent")[1]),
            GIFT: theme.colour(theme.soft(tokens, "bag")[1]),
            ENTER: theme.colour(tokens.fg2),
            COMMENT: theme.colour(tokens.fg0),
        }
        quiet, second = theme.colour(tokens.fg2), theme.colour(tokens.fg1)
        base = (self._row_high + self._metrics.ascent() - self._metrics.descent()) // 2
        badge, buyers = t("买过"), self._feed.orders.buyers
        badge_wide = self._small_metrics.horizontalAdvance(badge) + 10
        self._next_faces = {}
        painter = QPainter(viewport)
        painter.fillRect(viewport.rect(), theme.colour(tokens.bg1))
        painter.setFont(self._font)
        for top, row in self._placed_rows():
            kind = row.kind
            question = is_question(row)
            ground = asking if question else grounds.get(kind)
            if ground is not None:
                painter.fillRect(0, top, width, self._row_high, ground)
            bought = kind == COMMENT and bool(row.pid) and row.pid in buyers
            face = self._face(row, room, badge_wide + 8 if bought else 0)
            painter.setPen(quiet)
            painter.drawText(QPointF(_SIDE, top + base), clock_time(row.at))
            x = left
            if face.name:
                painter.setPen(second if kind != ENTER else quiet)
                painter.drawText(QPointF(x, top + base), face.name)
                x += face.text_left
            if bought:
                self._paint_badge(painter, badge, QRectF(x, top, badge_wide, self._row_high))
                x += badge_wide + 8
            painter.setPen(inks[kind])
            painter.drawText(QPointF(x, top + base), face.text)
            if mark := times(row):
                self._paint_times(painter, mark, QRect(0, top, width - _SIDE + 6, self._row_high))
        painter.end()
        self._faces = self._next_faces

    def _paint_badge(self, painter: QPainter, text: str, room: QRectF) -> None:
        high = self._small_metrics.height() + 2
        box = QRectF(room.left(), room.top() + (room.height() - high) / 2, room.width(), high)
        ground, ink = theme.soft(theme.tokens(), "ok")
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour(ink))
        painter.setFont(self._small)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _paint_times(self, painter: QPainter, text: str, room: QRect) -> None:
        wide, high = self._small_metrics.horizontalAdvance(text) + 14, self._small_metrics.height() + 2
        box = QRectF(room.right() - wide, room.top() + (room.height() - high) / 2, wide, high)
        tokens = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(tokens.bg3))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(theme.colour(tokens.fg1))
        painter.setFont(self._small)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for top, row in self._placed_rows():
                if top <= event.pos().y() < top + self._row_high:
                    text = " ".join(part for part in (who(row), says(row), times(row)) if part)
                    QToolTip.showText(event.globalPos(), plain_tip(text), self)
                    return True
            QToolTip.hideText()
            return True
        return super().viewportEvent(event)
