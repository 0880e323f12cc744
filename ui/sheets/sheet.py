"""Sheets: what would be a dialog elsewhere stands in the right column here and stops nothing."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.i18n import t
from ui.seat.room import RoomView
from ui.widgets import PlainLabel, Separator, button


class Sheet(QFrame):
    """A titled sheet with a scrolling body and a row of keys below it. ``closed`` when the person is done."""

    SECTIONS: ClassVar[tuple[str, ...]] = ()
    """The sections of the state that it reads; `show_room` comes when one of them moved."""

    SIZE: ClassVar[tuple[int, int] | None] = None
    """Width and height of one that needs more than the right column: it lies over the columns then, at their
    right, and never over the strip or the footer."""

    closed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = True
        self.setObjectName("section")
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        head = self.head = QHBoxLayout()
        head.setContentsMargins(14, 8, 8, 8)
        self.title = PlainLabel(title, role="heading", elide=True)
        self._close = button("", "quiet", icon="cross")
        self._close.setAccessibleName(t("关闭"))
        self._close.clicked.connect(self.close_sheet)
        head.addWidget(self.title, 1)
        head.addWidget(self._close)
        outer.addLayout(head)
        outer.addWidget(Separator())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(14, 12, 14, 12)
        self.body.setSpacing(theme.GAP - 2)
        self._scroll.setWidget(inside)
        self.middle = QHBoxLayout()
        self.middle.setSpacing(0)
        self.middle.addWidget(self._scroll, 1)
        outer.addLayout(self.middle, 1)
        self._foot_rule = Separator()
        outer.addWidget(self._foot_rule)
        self.foot = QVBoxLayout()
        self.foot.setContentsMargins(14, 10, 14, 12)
        self.foot.setSpacing(8)
        outer.addLayout(self.foot)
        self._foot_rule.hide()

    def add_foot(self, widget: QWidget) -> None:
        """Something that stays in sight below the scrolling body."""
        self._foot_rule.show()
        self.foot.addWidget(widget)

    def close_sheet(self) -> None:
        """The person is done with it."""
        self._here = False
        self.closed.emit()

    def is_here(self) -> bool:
        """Whether it is still open: an answer that comes later has nobody to tell."""
        return self._here and shiboken6.isValid(self)

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The room has changed while the sheet is open. ``room`` may be the whole one."""

    def tick(self, now: datetime) -> None:
        """Time has passed while the sheet is open."""


class SideStack(QStackedWidget):
    """The right column: what lives there (the feed), and at most one sheet over it.

    A sheet that closes gives the keyboard back to who had it before, else to `rest`: to whatever comes next
    by Tab it must not go, since a list or a line keeps PgDn for itself.
    """

    opened = Signal()
    """A sheet comes: its column must be in sight."""
    emptied = Signal()
    """A sheet went."""

    def __init__(self, home: QWidget, parent: QWidget | None = None, *, rest: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home, self._rest = home, rest
        self._over: Sheet | None = None
        self._before: QWidget | None = None
        self.addWidget(home)

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is open."""
        now = self._over or self.currentWidget()
        return now if isinstance(now, Sheet) else None

    def open_sheet(self, sheet: Sheet) -> None:
        """Show `sheet` instead of what was open; it is destroyed when it closes."""
        self.close_sheet()
        self._before = QApplication.focusWidget()
        self.opened.emit()
        sheet.closed.connect(self.close_sheet)
        if sheet.SIZE is None:
            self.addWidget(sheet)
            self.setCurrentWidget(sheet)
            return
        self._over = sheet
        sheet.setParent(self.window())
        # Whatever holds the column moves it without its being told.
        above: QWidget | None = self
        while above is not None:
            above.installEventFilter(self)
            above = above.parentWidget()
        self._lay_over()
        sheet.show()
        sheet.raise_()

    def _lay_over(self) -> None:
        """Where the sheet lies that is wider than the column: its right edge is the column's."""
        if self._over is None or self._over.SIZE is None:
            return
        scale = theme.text_scale()
        corner = self.mapTo(self.window(), QPoint(self.width(), 0))
        wide = min(round(self._over.SIZE[0] * scale), corner.x())
        high = min(round(self._over.SIZE[1] * scale), self.height())
        self._over.setGeometry(corner.x() - wide, corner.y(), wide, high)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._over is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._lay_over()
        return False

    def close_sheet(self) -> bool:
        """Back to the feed. Whether there was a sheet."""
        sheet = self.sheet
        if sheet is None:
            return False
        sheet._here = False
        focus = QApplication.focusWidget()
        had_keyboard = focus is not None and sheet.isAncestorOf(focus)
        if sheet is self._over:
            self._over = None
        else:
            self.setCurrentWidget(self._home)
            self.removeWidget(sheet)
        sheet.hide()
        sheet.deleteLater()
        if had_keyboard:
            self._give_back()
        self.emptied.emit()
        return True

    def _give_back(self) -> None:
        before, self._before = self._before, None
        there = before is not None and shiboken6.isValid(before) and before.isVisible() and before.isEnabled()
        to = before if there else self._rest
        if to is not None:
            to.setFocus()
