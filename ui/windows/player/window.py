"""The window itself: the desk of that moment, marked, and the line under it. None of its keys is a room's."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.playback import PlaybackState
from ui.alive import alive
from ui.i18n import t
from ui.key_owner import is_text
from ui.parts.own_window import OwnWindow
from ui.seat.join import Join
from ui.seat.seat import Answer, Frame, LinkState, Seat
from ui.seat.session import StartChoice
from ui.widgets import Notice
from ui.windows.desk import Desk
from ui.windows.player.bar import PlayerBar
from ui.windows.player.marks import marks_of
from ui.words.answers import sentence

_SAID_SECONDS: Final = 4


class PlayerWindow(OwnWindow):
    """A second top-level window with a seat of its own at the recording that ``join`` finds."""

    def __init__(self, join: Join, choice: StartChoice, parent: QWidget | None = None) -> None:
        super().__init__((1280, 800), parent=parent)
        self.setWindowTitle(t("回看"))
        self.seat = Seat(join)  # it is left when the window is gone
        self.desk = Desk(self.seat, choice, leave=self.leave)
        _only_watch(self.desk)
        self.bar = PlayerBar(self.seat.now)
        self.notice = Notice(self)
        self._number = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.desk, 1)
        column.addWidget(self.bar)
        self.bar.asked.connect(self._ask)
        self.bar.left.connect(self.leave)
        self.seat.on_frame(self, self._frame)
        self.seat.on_tick(self, self.bar.tick)
        self.seat.on_link(self, self._linked)
        self._living: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Join the recording; it is made ready first."""
        self._living = tasks.spawn(self.seat.run(), name="seat at a recording")

    @property
    def playback(self) -> PlaybackState | None:
        """What is played, as the seat knows it."""
        state = self.seat.state
        return (state.health.playback or None) if state is not None else None

    def _frame(self, frame: Frame) -> None:
        if frame.state is None:
            return
        self.bar.show_state(self.playback, frame.now)
        # By its number: a window's title is drawn by the system, not by us.
        self.setWindowTitle(t("回看 · 第 {n} 场", n=int(frame.state.broadcast.number)))
        if self.playback is not None and self.playback.broadcast != self._number:
            self._number = self.playback.broadcast
            tasks.spawn(self._read_marks(self._number), name="marks of a recording")

    async def _read_marks(self, number: int) -> None:
        report = await alive(self, self.seat.report_of(number))
        if report is not None and shiboken6.isValid(self.bar):
            self.bar.strip.show_marks(marks_of(report))

    def _linked(self, state: LinkState, why: str) -> None:
        if state != "live":
            self.bar.show_state(None, self.seat.now())

    def _ask(self, type_: str, data: dict[str, Any]) -> None:
        self.seat.ask_then(self, type_, data, self._answered)

    def _answered(self, answer: Answer) -> None:
        if not answer.ok:
            self.notice.tell(sentence(answer), "warn", seconds=_SAID_SECONDS)

    # Keys ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (window := self.windowHandle()) is not None:
            window.installEventFilter(self)
        self.bar.play.setFocus()  # no field of the desk begins with the keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Before any widget of the desk: Space pauses and never presses a button, PgDn goes to a promotion.
        A field that is written in keeps its keys."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        focus = self.focusWidget()
        if is_text(focus) and event.key() != Qt.Key.Key_Escape:
            return False
        if event.key() == Qt.Key.Key_Escape and self.desk.side.close_sheet():
            return True
        return self.bar.key(Qt.Key(event.key()))

    def leave(self) -> None:
        """Away with it."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        tasks.spawn(self._stand_up(), name="leave a recording")
        super().closeEvent(event)

    async def _stand_up(self) -> None:
        living, self._living = self._living, None
        await self.seat.close()
        if living is not None:
            await tasks.cancel_all([living])


def _only_watch(desk: Desk) -> None:
    """Everything is shown, nothing is offered; the recording itself refuses all the rest."""
    desk.commands.locked = True
    for each in (desk.left, desk.stage.running, desk.stage.winners, desk.queue):
        each.setEnabled(False)
    desk.queue.set_locked(True)
    desk.proposals.set_locked(True)
    desk.footer.hide()
    desk.strip.halt.hide()
