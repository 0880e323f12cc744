"""「n 件要看」 opens one list over the right column, where it covers no key of money and no stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import shiboken6
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ui.panels.health import HealthPanel
from ui.seat.room import RoomView
from ui.windows.commands import SeatCommands
from ui.windows.over_right import OverRight


class AlarmList(QObject):
    """The list and its place. ``to_phone`` brings a card of 现在要做 in front."""

    SECTIONS = HealthPanel.SECTIONS

    connection_asked = Signal(str)
    """To where a connection is set."""
    window_asked = Signal(str)
    """To a window beside the desk, by its key."""

    def __init__(
        self,
        desk: QWidget,
        column: QWidget,
        commands: SeatCommands,
        *,
        below: QWidget,
        to_phone: Callable[[str], object],
        to_order: Callable[[str], object],
    ) -> None:
        super().__init__(desk)
        self._desk, self._commands = desk, commands
        self._before: QWidget | None = None
        self._now: datetime | None = None
        self.panel = HealthPanel(desk)
        self.panel.hide()
        self.panel.act_asked.connect(lambda type_, data: commands.ask(type_, data, "room"))
        self.panel.phone_asked.connect(lambda cue_id: self._leave_to(to_phone, cue_id))
        self.panel.order_asked.connect(lambda order_id: self._leave_to(to_order, order_id))
        self.panel.connection_asked.connect(lambda name: self._leave_to(self.connection_asked.emit, name))
        self.panel.window_asked.connect(lambda key: self._leave_to(self.window_asked.emit, key))
        self.panel.closed.connect(self.close)
        self._over = OverRight(self.panel, column, height_at=self.panel.height_at, below=below)
        self.panel.inside.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        return not self.panel.isHidden()

    def has_keyboard(self) -> bool:
        """Whether the cursor is in the list."""
        focus = QApplication.focusWidget()
        return focus is not None and self.panel.isAncestorOf(focus)

    def toggle(self) -> bool:
        """Ctrl+G, and the strip: open it with the keyboard in it, or away with it."""
        if self.is_open:
            return self.close()
        room = self._commands.room
        if room is None:
            return False
        if self._now is not None:
            self.panel.show_state(room.only(*self.SECTIONS), self._now)
        self._before = QApplication.focusWidget()
        self.panel.show()
        self.panel.take_keyboard()
        return True

    def close(self) -> bool:
        """Away with it; the keyboard goes back to who had it. Whether it was open."""
        if not self.is_open:
            return False
        held, before = self.has_keyboard(), self._before
        self.panel.hide()
        if held:
            there = (
                before is not None and shiboken6.isValid(before) and before.isVisible() and before.isEnabled()
            )
            (before if there and before is not None else self._desk).setFocus()
        return True

    def _leave_to(self, go: Callable[[str], object], where: str) -> None:
        self.close()
        go(where)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """While it is shut nothing of it is made."""
        self._now = now
        if self.is_open:
            self.panel.show_state(room, now)
            self._over.place()

    def tick(self, now: datetime) -> None:
        """Move the ages."""
        self._now = now
        if self.is_open:
            self.panel.tick(now)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._over.place()
        return False
