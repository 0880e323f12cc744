"""What a layout may not do, asked of every widget of a window that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from ui.panels.queue.row import QueueRow
from ui.panels.stage.card import RunningCard
from ui.panels.stage.claims import WinnersRow
from ui.widgets import PlainLabel

SLACK: Final = 1
"""Pixels that rounding may take."""
_KEY: Final = re.compile(r"Ctrl\+(Shift\+)?[1-9]|Ctrl\+[A-Z↵⌫,]|PgDn|Esc|F\d+|[A-Z]")
CONTROLS: Final = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit)


class Fault(NamedTuple):
    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.what}"


def faults(window: QWidget) -> list[Fault]:
    """Everything that is wrong with a window, its hidden parts left out."""
    shown = [each for each in window.findChildren(QWidget) if each.isVisibleTo(window) and each.isVisible()]
    return [
        Fault(rule.__name__, _path(each, window), what)
        for each in shown
        for rule in RULES
        for what in rule(each, window)
    ]


def text_is_whole(widget: QWidget, window: QWidget) -> Iterator[str]:
    """One line that may not be elided has room for its text; one that may tells the whole in its tip."""
    if isinstance(widget, PlainLabel):
        if widget.is_cut() and not widget.may_elide:
            yield f"{widget.text()!r} has {widget.width()} px"
    elif isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
        needed = QFontMetrics(widget.font()).horizontalAdvance(widget.text())
        if needed > widget.contentsRect().width() + SLACK:
            yield f"{widget.text()!r} needs {needed} px and has {widget.contentsRect().width()}"


def button_is_whole(widget: QWidget, window: QWidget) -> Iterator[str]:
    """A button is never smaller than it must be for its words and its key; one whose tip says them may be
    narrower, as its words are then shortened (what is cut without that, the rules of painted text find)."""
    if isinstance(widget, QAbstractButton):
        least = widget.minimumSizeHint()
        narrow = least.width() > widget.width() + SLACK and not widget.toolTip()
        if narrow or least.height() > widget.height() + SLACK:
            yield f"{widget.text()!r} is {_size(widget)}, least {least.width()} x {least.height()}"


def nothing_is_cut_off(widget: QWidget, window: QWidget) -> Iterator[str]:
    """What lies in no list that scrolls is seen whole: its parents do not cut it, it ends in the window."""
    if _scrolls(widget, window) or _holds(widget) or widget.size().isEmpty():
        return
    seen = widget.visibleRegion().boundingRect()
    missing = (widget.width() - seen.width(), widget.height() - seen.height())
    if max(missing) > SLACK and not _covered(widget):
        yield f"{_size(widget)}, of which {seen.width()} x {seen.height()} are seen"
    room = QRect(widget.mapTo(window, QPoint()), widget.size())
    if not window.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(room):
        yield f"{room.getRect()} in a window of {_size(window)}"


def nothing_overlaps(widget: QWidget, window: QWidget) -> Iterator[str]:
    """Siblings that a layout placed do not meet."""
    parent = widget.parentWidget()
    layout = parent.layout() if parent else None
    if not parent or not layout or layout.indexOf(widget) < 0:
        return
    for other in parent.children():
        if not isinstance(other, QWidget) or not other.isVisible() or layout.indexOf(other) < 0:
            continue
        meet = widget.geometry().intersected(other.geometry())
        if id(other) > id(widget) and min(meet.width(), meet.height()) > SLACK:
            yield f"meets {_name(other)} in {meet.width()} x {meet.height()}"


def control_has_a_name(widget: QWidget, window: QWidget) -> Iterator[str]:
    """A screen reader can say what a control is."""
    if isinstance(widget, CONTROLS):
        told = QAccessible.queryAccessibleInterface(widget)
        if not told.text(QAccessible.Text.Name).strip():
            yield "has no name"


def control_is_reached_by_keys(widget: QWidget, window: QWidget) -> Iterator[str]:
    """Tab comes to it, or a key of its own that there is: what fires money never has the focus."""
    if not isinstance(widget, CONTROLS) or not widget.isEnabled():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return
    if isinstance(widget, QAbstractButton) and widget.group() is not None and widget.group().exclusive():
        return  # the arrow keys go from the one that is chosen to the others
    key = getattr(widget, "_key", "")
    if key and not _KEY.fullmatch(key):
        yield f"says {key}, and there is no such key"
    # The row of a proposal has the focus itself, and what is beyond the nine keys waits for one of them;
    # winners wait for theirs behind a card of 现在要做, and Tab comes to the list of them.
    if not key and not isinstance(widget.parentWidget(), QueueRow | RunningCard | WinnersRow):
        yield "no key comes to it"


RULES: Final = (
    text_is_whole,
    button_is_whole,
    nothing_is_cut_off,
    nothing_overlaps,
    control_has_a_name,
    control_is_reached_by_keys,
)


def _scrolls(widget: QWidget, window: QWidget) -> bool:
    """Whether it lies in something that a person can scroll to see it."""
    above: QWidget | None = widget.parentWidget()
    while above and above is not window:
        area = above.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is above:
            bars = (area.verticalScrollBar(), area.horizontalScrollBar())
            if any(bar.maximum() > bar.minimum() for bar in bars):
                return True
        above = area
    return False


def _holds(widget: QWidget) -> bool:
    """A scroll area is covered by its viewport, and a viewport by what it shows."""
    return isinstance(widget, QAbstractScrollArea) or isinstance(widget.parentWidget(), QAbstractScrollArea)


def _covered(widget: QWidget) -> bool:
    """Whether it lies under children of its own: each of them is asked for itself."""
    return any(isinstance(child, QWidget) and child.isVisible() for child in widget.children())


def _size(widget: QWidget) -> str:
    return f"{widget.width()} x {widget.height()}"


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    words = text() if callable(text) else ""
    return f"{type(widget).__name__}{f' {words!r}' if isinstance(words, str) and words else ''}"


def _path(widget: QWidget, window: QWidget) -> str:
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None and at is not window and len(names) < 4:
        names.append(_name(at))
        at = at.parentWidget()
    return " < ".join(names)
