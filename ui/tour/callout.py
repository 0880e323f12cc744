"""The small card of the tour, and the quiet frame round what it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import KeyCap, PlainLabel, button
from ui.widgets.chip import Mark

WIDTH = 300
"""Logical pixels at text scale 1."""


class Callout(QFrame):
    """Says one step. ``skipped`` when the person has had enough. It never takes the keyboard by itself."""

    skipped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = PlainLabel("", role="heading", elide=True)
        self._count = PlainLabel("", role="small", tone="fg2")
        self._words = PlainLabel("", tone="fg1", lines=0)
        self._cap = KeyCap("")
        self._mark = Mark("check", "ok")
        self._well = PlainLabel(t("做到了"), role="small_strong", tone="ok")
        self.skip = button(t("跳过导览"), "quiet")
        # Reached by Tab, never by a click that was meant for the desk: a list would then keep PgDn.
        self.skip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.skip.clicked.connect(self.skipped)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        for each in (self._cap, self._mark, self._well):
            foot.addWidget(each)
        foot.addStretch(1)
        foot.addWidget(self.skip)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addLayout(foot)
        head.setContentsMargins(0, 0, 8, 0)
        self.hide()

    def say(self, title: str, words: str, *, key: str, count: str, done: bool = False) -> None:
        """Show a step. ``key`` is the key to press now; ``done``: it was, and it worked."""
        self._title.setText(title)
        self._words.setText(words)
        self._count.setText(count)
        self._cap.set_text(key)
        self._cap.setVisible(bool(key) and not done)
        self._mark.setVisible(done)
        self._well.setVisible(done)
        said = " ".join(part for part in (count, title, words, self._well.text() if done else key) if part)
        if said != self.accessibleName():
            self.setAccessibleName(said)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    @property
    def said(self) -> str:
        """Everything that the card says, in one line."""
        return self.accessibleName()

    def fitting(self, *, brief: bool = False) -> QSize:
        """Its size, for a width that is always the same. ``brief``: without the words, which are heard
        all the same and come back where there is room."""
        wide = round(WIDTH * theme.text_scale())
        self._words.setVisible(not brief)
        self.ensurePolished()
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return QSize(wide, max(layout.totalHeightForWidth(wide), layout.minimumSize().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(tokens.accent), 1.5))
        painter.setBrush(theme.colour(tokens.bg2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.end()


class PartOutline(QWidget):
    """A frame round the part that is spoken of; presses and clicks go through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.end()


def free_place(
    size: QSize, beside: QRect, within: QRect, keep_clear: Sequence[QRect], now: QRect | None = None
) -> QRect | None:
    """Where a card of ``size`` stands: as near to ``beside`` as it can without lying on ``keep_clear``.

    ``now`` stays where it is while that is still free. None when every place would cover something.
    """
    if now is not None and now.size() == size and within.contains(now) and not _hits(now, keep_clear):
        return now
    for place in _places(size, beside, within):
        if within.contains(place) and not _hits(place, keep_clear):
            return place
    return None


def _hits(place: QRect, others: Iterable[QRect]) -> bool:
    return any(place.intersects(other) for other in others)


def _places(size: QSize, beside: QRect, within: QRect) -> Iterable[QRect]:
    """First along the sides of ``beside``, the nearest first; then over it; then anywhere, from below."""
    gap, wide, high = theme.GAP, size.width(), size.height()
    columns, rows = (
        range(within.left(), within.right() - wide, gap),
        range(within.top(), within.bottom() - high, gap),
    )
    near = [(x, y) for x in (beside.right() + gap, beside.left() - gap - wide) for y in rows]
    near += [(x, y) for y in (beside.top() - gap - high, beside.bottom() + gap) for x in columns]
    near += [(x, y) for x in (beside.left(), beside.right() - wide) for y in rows]
    apart = [QRect(x, y, wide, high) for x, y in near]
    aims = QPoint(beside.right() + gap + wide // 2, beside.bottom() - high // 2)
    yield from sorted(
        (place for place in apart if not place.intersects(beside)),
        key=lambda place: (place.center() - aims).manhattanLength(),
    )
    yield QRect(beside.right() - wide - gap, beside.bottom() - high - gap, wide, high)
    for x in (within.right() - wide, within.center().x() - wide // 2, within.left()):
        for y in reversed(rows):
            yield QRect(x, y, wide, high)
