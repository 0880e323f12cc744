"""Every step that a person is asked to do, oldest first; what is loud also sounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.panels.manual.card import ConfirmCard, step_face
from ui.room import RoomView

RING_EVERY: Final = timedelta(seconds=8)


class ManualPanel(QWidget):
    """Hidden while nothing is owed. ``answered(cue_id, step, done)``."""

    answered = Signal(str, str, bool)

    def __init__(
        self, parent: QWidget | None = None, *, ring: Callable[[], None] = QApplication.beep
    ) -> None:
        super().__init__(parent)
        self._cards: dict[str, ConfirmCard] = {}
        self._ring = ring
        self._rang: datetime | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def cards(self) -> list[ConfirmCard]:
        """The cards that stand, oldest first."""
        return list(self._cards.values())

    def show_cues(self, cues: Sequence[Mapping[str, Any]], room: RoomView, now: datetime) -> None:
        """`cues`: those that owe a step which a person answers for."""
        faces = {cue["cue_id"]: step_face(cue, room) for cue in cues}
        for cue_id in [c for c in self._cards if c not in faces]:
            card = self._cards.pop(cue_id)
            card.hide()
            card.deleteLater()
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
        self.setVisible(bool(faces))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Move the ages, and ring while something loud stands."""
        for card in self._cards.values():
            card.tick(now)
        loud = any(card.face.loud for card in self._cards.values())
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
