"""The newest note to this seat, in the line at the bottom until somebody has read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.state import NoteState
from ui.i18n import t
from ui.seat.session import ROLE_NAMES
from ui.widgets import Chip, PlainLabel, button, set_tip
from ui.widgets.when import age

FRESH_SECONDS: Final = 12.0
"""So long a note is loud."""
WIDEST: Final = 420


class NoteStrip(QWidget):
    """Hidden without a note. ``read(note_id)`` when its key is pressed: the note leaves every seat."""

    read = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note: NoteState | None = None
        self._more = 0
        self._who = ""
        self.chip = Chip("", tone="warn", icon="comment")
        self.text = PlainLabel("", role="strong", elide=True)
        self.text.setMaximumWidth(WIDEST)
        self._age = PlainLabel("", role="small", tone="fg2")
        self.done = button(t("看过了"), "quiet")
        self.done.clicked.connect(self._read)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for each in (self.chip, self.text, self._age, self.done):
            row.addWidget(each)
        self.hide()

    def show_notes(self, notes: Sequence[NoteState], now: datetime) -> None:
        """The notes to this seat, oldest first."""
        self._note = notes[-1] if notes else None
        self._more = max(0, len(notes) - 1)
        self.setVisible(self._note is not None)
        if self._note is None:
            return
        who, text = t(ROLE_NAMES.get(self._note.by, self._note.by)), self._note.text
        self.text.setText(text)
        set_tip(self.text, text)
        self.setAccessibleName(t("{who}：{words}", who=who, words=text))
        self._who = who
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """It grows older and quieter."""
        if self._note is None:
            return
        passed = (now - self._note.at).total_seconds()
        words = t("{who}（还有 {n} 条）", who=self._who, n=self._more) if self._more else self._who
        self.chip.show_as(words, "warn", loud=passed < FRESH_SECONDS, icon="comment")
        self._age.setText(t("{time}前", time=age(passed)))

    def _read(self) -> None:
        if self._note is not None:
            self.read.emit(self._note.note_id)
