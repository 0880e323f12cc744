"""The edits of one seat, newest last, and the key that takes the last of them back."""

from __future__ import annotations

import uuid
from collections import deque
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from liveconsole.messages.state import State
from ui.i18n import t
from ui.seat.seat import Answer, Seat
from ui.widgets import Notice
from ui.windows.commands import SeatCommands
from ui.windows.undo.edit import Edit, Undo
from ui.windows.undo.inverse import CannotUndo, inverse
from ui.words.answers import sentence

REMEMBERED: Final = 20
"""Edits of a seat that can still be taken back."""
SECONDS: Final = 6.0


def _fresh() -> str:
    return f"c{uuid.uuid4().hex[:16]}"


class UndoKey(QObject):
    """Hears every command of its seat that was taken, whichever sheet gave it. Nothing of it fires."""

    def __init__(
        self, seat: Seat, commands: SeatCommands, notice: Notice, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._seat, self._commands, self._notice = seat, commands, notice
        self._edits: deque[tuple[int, Undo | CannotUndo]] = deque(maxlen=REMEMBERED)
        self._own: list[dict[str, Any]] = []
        seat.on_taken(self, self._taken)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take back."""
        return not self._edits

    def _taken(self, type: str, data: dict[str, Any], before: State, answer: Answer) -> None:
        if any(data is own for own in self._own):
            return
        found = inverse(Edit(type, data, self._commands.role, before, answer.result, _fresh))
        if found is not None:
            self._edits.append((answer.seq, found))

    def press(self) -> bool:
        """Ctrl+Z. What became of it is said; what cannot be taken back makes way for the edit before it."""
        state = self._seat.state
        if state is None or self._commands.locked or not self._edits:
            return False
        seq, found = self._edits.pop()
        if isinstance(found, CannotUndo):
            self._say_no(found.what, found.why)
        elif state.seq < seq:
            self._edits.append((seq, found))
            self._say_no(found.what, t("还没看到它的结果，再按一次"))
        elif not found.stands(state):
            self._say_no(found.what, t("后来又变了，请再看一眼"))
        else:
            tasks.spawn(self._take_back(seq, found), name="undo")
        return True

    async def _take_back(self, seq: int, undo: Undo) -> None:
        """What was begun is taken back whole, also where the desk is drawn anew meanwhile."""
        for type, data in undo.commands:
            self._own.append(data)
            answer = await self._seat.ask(type, data)
            self._own.remove(data)
            if answer.ok:
                continue
            if answer.code == "no_link":
                self._edits.append((seq, undo))
            if shiboken6.isValid(self._notice):
                self._say_no(undo.what, sentence(answer))
            return
        if shiboken6.isValid(self._notice):
            self._notice.tell(t("撤销了：{what}", what=undo.what), "ok", seconds=SECONDS)

    def _say_no(self, what: str, why: str) -> None:
        self._notice.tell(t("没有撤销（{what}）：{why}", what=what, why=why), "warn", seconds=SECONDS)
