"""The painted feed: only visible rows, one update a frame, nothing moves under the eye.

A row model costs 25 ms and more an update at this rate; painting forty rows over a ring costs 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
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

from liveconsole.views.feed import COMMENT, Feed, FeedRow, Filtered, Unpaid, is_question
from ui.i18n import t
from ui.key_places import letter
from ui.panels.feed.layout import LINES_MOST, LaidRow, RowWords, lay_end
from ui.panels.feed.orders import OrderRows
from ui.panels.feed.paint import RowPainter, VisibleRow
from ui.panels.feed.telling import Teller, has_card
from ui.panels.feed.words import widest_end
from ui.widgets import PaintedText
from ui.widgets.plain import plain_tip

_WHEEL_ROWS: Final = 3


class RowSource(Protocol):
    """Rows to show in place of the whole feed: `Filtered`, or a list of ``views.feed.lists``."""

    @property
    def added(self) -> int: ...
    def __len__(self) -> int: ...
    def refresh(self) -> None: ...
    def rows(self) -> Sequence[FeedRow]: ...
    def tail(self, count: int) -> Sequence[FeedRow]: ...


class _Rows(QWidget):
    """What is painted on."""

    def __init__(self, view: FeedView) -> None:
        super().__init__()
        self._view = view

    def tip_at(self, at: QPoint) -> str:
        """What the pointer is told there."""
        return self._view.tip_at(at)


class PlacedRow(NamedTuple):
    """A row in sight, and where."""

    top: int
    row: FeedRow
    words: RowWords
    laid: LaidRow


class FeedView(QAbstractScrollArea):
    """Rows of a `Feed`, newest at the bottom. ``refresh`` once a frame; scrolling back freezes what is seen.

    Emits ``paused(bool)`` when it freezes or follows again.
    """

    paused = Signal(bool)
    picked = Signal(str, int)
    """给主播: a comment was double-clicked, P took the one in the frame, or Q the newest question in sight.
    Its text and count."""
    person_asked = Signal(str, str)
    """Whose card is wanted, by a click on the name, V or the right mouse key: id and name of whoever stands
    in the row."""

    let_be_asked = Signal(str)
    """X on a framed comment: its mark was wrong."""
    mute_asked = Signal(str, str, bool)
    """M or B on a framed comment: id and name of who is to be hidden, and whether for good."""

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._filter: RowSource | None = None
        self._chosen: FeedRow | None = None
        self._tells = Teller(feed)
        self._frozen: list[FeedRow] | None = None
        self._frozen_at = 0
        self._first_page = 1
        """Rows that are in sight when the bar stands at its top."""
        self.paints = RowPainter()
        self._setting_bar = False
        self.setViewport(_Rows(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(t("评论与订单"))
        self.verticalScrollBar().valueChanged.connect(self._bar_moved)

    # What it shows ------------------------------------------------------------------------------------

    def go_on_with(self, feed: Feed) -> None:
        """The rows of another feed from now on."""
        self._feed, self._tells = feed, Teller(feed)
        self.set_source(None)

    def set_filter(self, name: str, words: str = "") -> None:
        """``all``, or a filter that ``liveconsole.views.feed.matching`` knows; follows the newest again."""
        plain = name == "all" and not words.strip()
        self.set_source(None if plain else Filtered(self._feed, name, words))

    def set_source(self, source: RowSource | None) -> None:
        """Other rows than the whole feed's, or None for those; follows the newest again."""
        self._filter = source
        self._tells.keeps_back = source is None  # whoever looks for something is shown what is there
        self._chosen = None
        self.follow()

    def set_now(self, now: float) -> None:
        """Seconds since the epoch, for what counts down; the caller paints at most once a second."""
        self._tells.now = now

    def refresh(self) -> None:
        """The feed took a batch: show it, if anything changed. At most once a frame."""
        if self._filter is not None:
            self._filter.refresh()
        if self._frozen is None:
            self._fit_bar()
        self.viewport().update()

    def _source(self) -> Feed | RowSource:
        return self._feed if self._filter is None else self._filter

    @property
    def rows_there(self) -> bool:
        """Whether there is any row to show."""
        return len(self._source()) > 0

    @property
    def row_height(self) -> int:
        """Logical pixels of a row of one line."""
        return self.paints.sizes.row

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
            self._frozen = list(self._source().rows())
            self._frozen_at = self._arrived()
            self._fit_bar()
            self.paused.emit(True)

    def follow(self) -> None:
        """Go to the newest and stay with it."""
        was, self._frozen = self._frozen, None
        self.refresh()
        if was is not None:
            self.paused.emit(False)

    def visible(self) -> list[FeedRow]:
        """The rows in sight, oldest first."""
        return [placed.row for placed in self._placed_rows()]

    def painted(self) -> list[PaintedText]:
        """Everything that stands in the rows in sight, in pixels of the viewport."""
        found = []
        for shown in self._shown():
            at, tip = QPoint(0, shown.top), self._tells.whole(shown.row)
            found += [PaintedText(each.text, each.rect(at), each.full, tip) for each in shown.texts()]
        return found

    def sentences(self) -> list[str]:
        """The rows in sight as text, for assistive tools."""
        return [self._tells.sentence(row) for row in self.visible()]

    def read_out(self) -> None:
        """Give assistive tools the rows in sight. Not once a frame: nobody can listen that fast."""
        self.viewport().setAccessibleName(t("评论与订单"))
        self.viewport().setAccessibleDescription("\n".join(self.sentences()))

    # Moving -------------------------------------------------------------------------------------------

    def _room(self) -> int:
        """Rows that fit at most, whole and of one line."""
        return max(1, self.viewport().height() // self.row_height)

    def _fit_bar(self) -> None:
        """The bar's lowest place is the newest row; at its top the oldest rows are in sight."""
        rows = len(self._source()) if self._frozen is None else len(self._frozen)
        self._first_page = self._oldest_page(rows)
        bar = self.verticalScrollBar()
        most = max(0, rows - self._first_page)
        self._setting_bar = True
        if bar.maximum() != most:
            bar.setPageStep(self._first_page)
            bar.setRange(0, most)
        if bar.value() != most:
            bar.setValue(most)
        self._setting_bar = False

    def _oldest_page(self, rows: int) -> int:
        """How many of the oldest rows are in sight together; of a feed that follows, while it is long, about
        so many."""
        room = self._room()
        if self._frozen is not None:
            oldest = self._frozen[:room]
        elif rows <= room:
            oldest = self._newest(rows)
        else:
            return room
        high = count = 0
        self._fit_paints()
        for row in oldest:
            high += self.paints.lay(row, self._tells.words(row)).high
            if high > self.viewport().height():
                break
            count += 1
        return max(1, count)

    def _newest(self, count: int) -> list[FeedRow]:
        """Of the rows to the lowest in sight the last so many, oldest first."""
        if self._frozen is not None:
            end = self.verticalScrollBar().value() + self._first_page
            return self._frozen[max(0, end - count) : max(0, min(end, len(self._frozen)))]
        if self._filter is not None:
            return list(self._filter.tail(count))
        feed = self._feed
        return [feed.row(index) for index in range(max(feed.first, feed.added - count), feed.added)]

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
        key = letter(event)
        page = max(1, len(self.visible()) - 1)
        steps: dict[int, int] = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -self._feed.capacity,
        }
        turns: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        framed = turns.get(key)
        if framed is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.choose(framed)
        elif key == Qt.Key.Key_P and not event.isAutoRepeat():
            self.pick()
        elif key == Qt.Key.Key_V and not event.isAutoRepeat():
            self._ask_for(self._chosen)
        elif key == Qt.Key.Key_X and not event.isAutoRepeat():
            self._let_be(self._chosen)
        elif key in (Qt.Key.Key_M, Qt.Key.Key_B) and not event.isAutoRepeat():
            self._mute(self._chosen, block=key == Qt.Key.Key_B)
        elif event.key() == Qt.Key.Key_End:
            self.follow()
        elif key == Qt.Key.Key_Q and not event.isAutoRepeat():
            self._pick(self._newest_question())
        elif (step := steps.get(key)) is not None:
            self.scroll_rows(step)
        else:
            super().keyPressEvent(event)
            return
        self.read_out()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        placed = self._placed_at(event.position().y())
        if placed is not None and event.button() == Qt.MouseButton.LeftButton:
            self._chosen = placed.row
            self.viewport().update()
            if self._on_name(placed, event.position()):
                self._ask_for(placed.row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        placed = self._placed_at(event.position().y())
        named = placed is not None and self._on_name(placed, event.position())
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand if named else arrow)

    def _on_name(self, placed: PlacedRow, at: QPointF) -> bool:
        """Whether the pointer is on a name that has a card."""
        name = placed.laid.name
        return name is not None and has_card(placed.row) and name.left <= at.x() <= name.left + name.wide

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
        if row is not None and has_card(row):
            self.person_asked.emit(row.pid, row.name)

    def _let_be(self, row: FeedRow | None) -> None:
        if row is not None and self._tells.is_signed(row):
            self.let_be_asked.emit(row.text)

    def _mute(self, row: FeedRow | None, *, block: bool) -> None:
        if row is not None and has_card(row) and not row.hidden:
            self.mute_asked.emit(row.pid, row.name, block)

    def _row_at(self, y: float) -> FeedRow | None:
        placed = self._placed_at(y)
        return placed.row if placed is not None else None

    def _placed_at(self, y: float) -> PlacedRow | None:
        return next((each for each in self._placed_rows() if each.top <= y < each.top + each.laid.high), None)

    def choose(self, step: int) -> None:
        """Move the frame by a row; it starts at the newest in sight and holds what is seen."""
        self.freeze()
        rows = self.visible()
        if not rows:
            return
        if not any(row is self._chosen for row in rows):
            self._chosen = rows[-1]
        else:
            edge, bar = rows[0 if step < 0 else -1], self.verticalScrollBar()
            # A row of three lines comes into sight when three of one have left it.
            for _ in range(LINES_MOST):
                if self._chosen is not edge or bar.value() == (bar.minimum() if step < 0 else bar.maximum()):
                    break
                bar.setValue(bar.value() + step)
                rows = self.visible()
                edge = rows[0 if step < 0 else -1]
            at = next((n for n, row in enumerate(rows) if row is self._chosen), None)
            if at is None:
                self._chosen = edge
            elif 0 <= at + step < len(rows):
                self._chosen = rows[at + step]
            elif step > 0:
                self.scroll_rows(step)
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
        if row is not None and row.kind == COMMENT and not self._tells.is_kept_back(row):
            self._tells.hand(row)
            self.viewport().update()
            self.picked.emit(row.text, row.count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        lowest = bar.value() + self._first_page
        self._fit_bar()
        if self._frozen is not None:
            self._setting_bar = True
            bar.setValue(lowest - self._first_page)
            self._setting_bar = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.ApplicationFontChange):
            self.paints.measure()

    def sizeHint(self) -> QSize:
        return QSize(self.paints.sizes.metrics.averageCharWidth() * 46, self.row_height * 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.paints.sizes.metrics.averageCharWidth() * 18, self.row_height * 4)

    # The rows in sight --------------------------------------------------------------------------------

    def _placed_rows(self) -> list[PlacedRow]:
        """The rows that are whole in sight, oldest first: under the top edge while there are few, else over
        the bottom one."""
        high = self.viewport().height()
        found: list[tuple[FeedRow, RowWords, LaidRow]] = []
        above = 0
        self._fit_paints()
        for row in reversed(self._newest(self._room())):
            words = self._tells.words(row)
            laid = self.paints.lay(row, words)
            if above + laid.high > high and found:
                break
            above += laid.high
            found.append((row, words, laid))
        all_rows = len(self._frozen) if self._frozen is not None else len(self._source())
        top = 0 if len(found) == all_rows else high - above
        placed = []
        for row, words, laid in reversed(found):
            placed.append(PlacedRow(top, row, words, laid))
            top += laid.high
        return placed

    def _fit_paints(self) -> None:
        listed = isinstance(self._filter, Unpaid | OrderRows)
        widest = widest_end() if listed else "×888"
        self.paints.fit(self.viewport().width(), widest)

    def _shown(self) -> list[VisibleRow]:
        rules, width = self._feed.look.highlights.rules, self.viewport().width()
        found = []
        for top, row, words, laid in self._placed_rows():
            end = lay_end(words.end, width, laid.high, self.paints.sizes) if words.end else None
            found.append(
                VisibleRow(top, row, laid, end, words.muted, rules.get(row.mark), row is self._chosen)
            )
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints.paint(self.viewport(), self._shown())

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if tip := self.tip_at(event.pos()):
                QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def tip_at(self, at: QPoint) -> str:
        """The whole of the row there."""
        row = self._row_at(at.y())
        return self._tells.whole(row) if row is not None else ""
