"""Every step that a person is asked to do, oldest first; what is loud also sounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import preferences
from ui.i18n import t
from ui.panels.owed.card import ConfirmCard, confirmable, step_face
from ui.panels.owed.measure import MeasureLine, MoreCard, needs_measuring
from ui.seat.room import RoomView
from ui.words.cues import title

RING_EVERY: Final = timedelta(seconds=8)
KEYS: Final = ("Ctrl+Y", "Ctrl+N")
SETTLE_SECONDS: Final = 0.7
"""A card that came up less than this ago is not answered by a key: the press was meant for another."""


class OwedPanel(QWidget):
    """Hidden while nothing is owed. ``answered(cue_id, step, done, remaining_seconds | None)``."""

    SECTIONS: Final = ("room", "broadcast", "catalogue", "cart", "cues")

    answered = Signal(str, str, bool, object)
    more_answered = Signal(str, bool)
    """「平台加过单？」: cue id, whether it did."""
    measure_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, ring: Callable[[], object] | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, ConfirmCard] = {}
        self._more: dict[str, MoreCard] = {}
        self._lines: dict[str, MeasureLine] = {}
        self._ring = ring or _alert
        self._rang: datetime | None = None
        self._first: str | None = None
        self._first_since = 0.0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def is_empty(self) -> bool:
        """Whether there is nothing to do or to fill in."""
        return not (self._cards or self._more or self._lines)

    def cards(self) -> list[ConfirmCard]:
        """The cards that stand, oldest first."""
        return list(self._cards.values())

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room; what was answered leaves."""
        owing = confirmable(room)
        faces = {cue.cue_id: step_face(cue, cue.owed, room) for cue in owing if cue.owed is not None}
        for cue_id in [c for c in self._cards if c not in faces]:
            _drop(self._cards.pop(cue_id))
        for cue_id, face in faces.items():
            known = self._cards.get(cue_id)
            if known is not None:
                if known.face != face:
                    known.show_face(face)
                    known.say("")
                continue
            card = ConfirmCard(face)
            card.answered.connect(self.answered)
            self._cards[cue_id] = card
            self._column.addWidget(card)
        self._show_keys()
        self._show_more(room)
        self._show_lines(room)
        self.setVisible(bool(faces or self._more or self._lines))
        self.tick(now)

    def _show_keys(self) -> None:
        """The oldest card names the keys that answer it."""
        first = next(iter(self._cards), None)
        if first != self._first:
            self._first, self._first_since = first, time.monotonic()
        for cue_id, card in self._cards.items():
            card.show_keys(*(KEYS if cue_id == first else ("", "")))

    def answer(self, *, done: bool) -> bool:
        """Answer the oldest card, the one that names the keys; one that has just come up is looked at first.
        Whether there was one."""
        card = self._cards.get(self._first or "")
        if card is None:
            return False
        if time.monotonic() - self._first_since < SETTLE_SECONDS:
            card.say(t("刚换成这一条：看一眼再按"))
            return True
        return card.press(done=done)

    def _show_more(self, room: RoomView) -> None:
        asking = [c for c, cue in room.cues.items() if cue.asks_more and cue.status == "on_air"]
        for cue_id in [c for c in self._more if c not in asking]:
            _drop(self._more.pop(cue_id))
        for cue_id in asking:
            if cue_id not in self._more:
                card = self._more[cue_id] = MoreCard(cue_id, title(room.cues[cue_id], room))
                card.answered.connect(self.more_answered)
                self._column.addWidget(card)

    def _show_lines(self, room: RoomView) -> None:
        blind = [cue for cue in room.cues.values() if needs_measuring(cue, room)]
        ids = [cue.cue_id for cue in blind]
        for cue_id in [c for c in self._lines if c not in ids]:
            _drop(self._lines.pop(cue_id))
        for cue in blind:
            line = self._lines.get(cue.cue_id)
            if line is None:
                line = self._lines[cue.cue_id] = MeasureLine(cue.cue_id)
                line.wanted.connect(self.measure_asked)
                self._column.addWidget(line)
            line.show_cue(cue, room)

    def tick(self, now: datetime) -> None:
        """Move the ages, and ring while something loud stands."""
        for card in self._cards.values():
            card.tick(now)
        for line in self._lines.values():
            line.tick(now)
        loud = bool(self._more) or any(card.face.loud for card in self._cards.values())
        if loud and (self._rang is None or now - self._rang >= RING_EVERY):
            self._rang = now
            self._ring()
        elif not loud:
            self._rang = None

    def say(self, cue_id: str, words: str) -> bool:
        """A refusal beside its card; whether there is one."""
        card = self._cards.get(cue_id)
        if card is None:
            return False
        card.say(words)
        return True


def _alert() -> None:
    preferences.current().sounds.play("alert")


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
