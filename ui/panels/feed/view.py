"""The painted feed: only visible rows, one update a frame, nothing moves under the eye.

A row model costs 25 ms and more an update at this rate; painting forty rows over a ring costs 4.
"""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from liveconsole.messages.fields import FORGOTTEN
from liveconsole.views.feed import (
    COMMENT,
    GIFT,
    Feed,
    FeedRow,
    Filtered,
    Unpaid,
    is_fraud,
    is_lure,
    is_question,
)
from ui.i18n import t
from ui.panels.feed.paint import Badges, RowPainter, VisibleRow
from ui.panels.feed.words import clock_time, says, times, who
from ui.widgets.plain import plain_tip

_WHEEL_ROWS: Final = 3
_HANDED_MAX: Final = 500


class RowSource(Protocol):
    """Rows to show in place of the whole feed: `Filtered`, or a list of ``views.feed.lists``."""

    @property
    def added(self) -> int: ...
    def __len__(self) -> int: ...
    def refresh(self) -> None: ...
    def rows(self) -> list[FeedRow]: ...
    def tail(self, count: int) -> list[FeedRow]: ...


class FeedView(QAbstractScrollArea):
    """Rows of a `Feed`, newest at the bottom. ``refresh`` once a frame; scrolling back freezes what is seen.

    Emits ``paused(bool)`` when it freezes or follows again.
    """

    paused = Signal(bool)
    picked = Signal(str, int)
    """给主播: a comment was double-clicked, P took the one in the frame, or Q the newest question in sight.
    Its text and count."""
    person_asked = Signal(str, str)
    """Whose card is wanted, by V or the right mouse key: id and name of whoever stands in the row."""

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._filter: RowSource | None = None
        self._chosen: FeedRow | None = None
        self._handed: set[int] = set()
        self._now = 0.0
        self._frozen: list[FeedRow] | None = None
        self._frozen_at = 0
        self.paints = RowPainter()
        self._setting_bar = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(t("评论与订单"))
        self.verticalScrollBar().valueChanged.connect(self._bar_moved)

    # What it shows ------------------------------------------------------------------------------------

    def set_filter(self, name: str, words: str = "") -> None:
        """``all``, or a filter that ``liveconsole.views.feed.matching`` knows; follows the newest again."""
        plain = name == "all" and not words.strip()
        self.set_source(None if plain else Filtered(self._feed, name, words))

    def set_source(self, source: RowSource | None) -> None:
        """Other rows than the whole feed's, or None for those; follows the newest again."""
        self._filter = source
        self._chosen = None
        self.follow()

    def set_now(self, now: float) -> None:
        """Seconds since the epoch, for what counts down; the caller paints at most once a second."""
        self._now = now

    def refresh(self) -> None:
        """The feed took a batch: show it, if anything changed. At most once a frame."""
        if self._filter is not None:
            self._filter.refresh()
        if self._frozen is None:
            self._fit_bar(len(self._source()))
        self.viewport().update()

    def _source(self) -> Feed | RowSource:
        return self._feed if self._filter is None else self._filter

    @property
    def rows_there(self) -> bool:
        """Whether there is any row to show."""
        return len(self._source()) > 0

    @property
    def row_height(self) -> int:
        """Logical pixels of one row."""
        return self.paints.row_high

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

    def visible(self) -> list[FeedRow]:
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
            " ".join(part for part in (clock_time(row.at), who(row), *self._said(row)) if part)
            for row in self.visible()
        ]

    def _said(self, row: FeedRow) -> tuple[str, ...]:
        return (*(word for word, _ in self._badges(row)), says(row), times(row, self._now))

    def read_out(self) -> None:
        """Give assistive tools the rows in sight. Not once a frame: nobody can listen that fast."""
        self.viewport().setAccessibleName(t("评论与订单"))
        self.viewport().setAccessibleDescription("\n".join(self.sentences()))

    # Moving -------------------------------------------------------------------------------------------

    def _room(self) -> int:
        """Whole rows that fit."""
        return max(1, self.viewport().height() // self.row_height)

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
        framed = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if framed is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.choose(framed)
        elif event.key() == Qt.Key.Key_P and not event.isAutoRepeat():
            self.pick()
        elif event.key() == Qt.Key.Key_V and not event.isAutoRepeat():
            self._ask_for(self._chosen)
        elif event.key() == Qt.Key.Key_End:
            self.follow()
        elif event.key() == Qt.Key.Key_Q and not event.isAutoRepeat():
            self._pick(self._newest_question())
        elif (step := steps.get(Qt.Key(event.key()))) is not None:
            self.scroll_rows(step)
        else:
            super().keyPressEvent(event)
            return
        self.read_out()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        row = self._row_at(event.position().y())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self._chosen = row
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            # The first click chose it; in a busy room another row lies under the pointer by now.
            self.pick()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse on a row; the keyboard's own key for it means the row in the frame."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        row = self._row_at(event.pos().y()) if by_mouse else self._chosen
        self._chosen = row or self._chosen
        self._ask_for(row)
        event.accept()

    def _ask_for(self, row: FeedRow | None) -> None:
        if row is not None and row.kind in (COMMENT, GIFT) and row.pid not in ("", FORGOTTEN):
            self.person_asked.emit(row.pid, row.name)

    def _row_at(self, y: float) -> FeedRow | None:
        return next((row for top, row in self._placed_rows() if top <= y < top + self.row_height), None)

    def choose(self, step: int) -> None:
        """Move the frame by a row; it starts at the newest in sight and holds what is seen."""
        self.freeze()
        rows = self.visible()
        if not rows:
            return
        at = next((n for n, row in enumerate(rows) if row is self._chosen), None)
        if at is None:
            self._chosen = rows[-1]
        elif 0 <= at + step < len(rows):
            self._chosen = rows[at + step]
        else:
            self.scroll_rows(step)
            rows = self.visible()
            self._chosen = rows[0 if step < 0 else -1] if rows else None
        self.viewport().update()

    @property
    def chosen(self) -> FeedRow | None:
        """The row in the frame."""
        return self._chosen

    def pick(self) -> None:
        """The comment in the frame, or the newest question in sight, is for the host."""
        self._pick(self._chosen or self._newest_question())

    def _newest_question(self) -> FeedRow | None:
        return next((row for row in reversed(self.visible()) if is_question(row)), None)

    def _pick(self, row: FeedRow | None) -> None:
        if row is not None and row.kind == COMMENT:
            if len(self._handed) > _HANDED_MAX:
                self._handed.clear()
            self._handed.add(row.seq)
            self.viewport().update()
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
            self.paints.measure()

    def sizeHint(self) -> QSize:
        return QSize(self.paints.metrics.averageCharWidth() * 46, self.row_height * 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.paints.metrics.averageCharWidth() * 18, self.row_height * 4)

    # The rows in sight --------------------------------------------------------------------------------

    def _placed_rows(self) -> list[tuple[int, FeedRow]]:
        """Top edge and row, from the newest upwards to the one that is cut by the upper edge."""
        rows = self.visible()
        source_long = len(self._frozen) if self._frozen is not None else len(self._source())
        if source_long <= self._room():
            return [(index * self.row_height, row) for index, row in enumerate(rows)]
        bottom = self.viewport().height()
        return [(bottom - (len(rows) - index) * self.row_height, row) for index, row in enumerate(rows)]

    def _badges(self, row: FeedRow) -> Badges:
        """Words and tones of what is known about a comment beyond its text."""
        if row.kind != COMMENT:
            return []
        found = []
        if row.seq in self._handed:
            found.append((t("已选"), "accent"))
        if row.pid and row.pid in self._feed.orders.buyers:
            found.append((t("买过"), "ok"))
        elif row.new:
            found.append((t("首次"), "coupon"))
        if is_fraud(row):
            found.append((t("〔疑似诈骗〕"), "live"))
        elif is_lure(row):
            found.append((t("〔站外引流〕"), "live"))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        rules = self._feed.look.highlights.rules
        rows = (
            VisibleRow(
                top, row, self._badges(row), rules.get(row.mark), times(row, self._now), row is self._chosen
            )
            for top, row in self._placed_rows()
        )
        self.paints.paint(self.viewport(), rows, counts_down=isinstance(self._filter, Unpaid))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._row_at(event.pos().y())
            if row is not None:
                text = " ".join(part for part in (who(row), *self._said(row)) if part)
                QToolTip.showText(event.globalPos(), plain_tip(text), self)
                return True
            QToolTip.hideText()
            return True
        return super().viewportEvent(event)
