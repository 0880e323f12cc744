"""The engine is asked every other second what the room asks: every seat is told the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from liveconsole import tasks
from liveconsole.messages.state import OpenQuestionState
from liveconsole.views.room_questions import AnswerableQuestion
from liveconsole.views.wishes import Wish
from ui.alive import alive
from ui.seat.told import as_told

_LOOKS_EVERY: Final = 2.0
"""Seconds between two looks."""


class RoomAsks(QObject):
    """``told(questions, left_out)`` after every look; ``tick`` it once a second."""

    told = Signal(list, int)
    waits = Signal(object)
    """The question that has waited longest (`OpenQuestionState`), or None."""
    wished = Signal(list, bool)
    """What is wished for (`Wish`), and whether the wishes are simulated."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ask: Callable[[], Awaitable[dict[str, Any] | None]] | None = None
        self._asks = False
        self._looked = 0.0

    def ask_with(self, ask: Callable[[], Awaitable[dict[str, Any] | None]]) -> None:
        """How: `ui.seat.seat.Seat.questions`."""
        self._ask = ask

    def again(self) -> None:
        """Look at the next tick: one was answered."""
        self._looked = 0.0

    def tick(self, now: float) -> None:
        """Seconds since the epoch."""
        if self._ask is not None and not self._asks and now - self._looked >= _LOOKS_EVERY:
            self._asks, self._looked = True, now
            tasks.spawn(self._look(), name="questions of the room")

    async def _look(self) -> None:
        assert self._ask is not None
        try:
            told = await alive(self, self._ask())
        finally:
            self._asks = False
        if told is not None:
            self.take(told)

    def take(self, told: Mapping[str, Any]) -> None:
        """The engine's answer."""
        asked = as_told(told.get("questions", []), list[AnswerableQuestion]) or []
        waits = told.get("waits")
        self.waits.emit(as_told(waits or None, OpenQuestionState))
        self.wished.emit(as_told(told.get("wishes", []), list[Wish]) or [], bool(told.get("simulated")))
        self.told.emit(asked, int(told.get("left_out", 0)))
