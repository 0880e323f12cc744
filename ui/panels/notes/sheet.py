"""Write a line to another seat; what is in front of it now stands below."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import NoteState
from ui.i18n import t
from ui.parts.written_line import WrittenLine
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.seat.session import ROLE_NAMES
from ui.sheets.choices import ChoiceBox
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, Separator, button
from ui.words.answers import sentence

READY = ("讲慢一点", "讲快一点", "该发福利了", "看一下提问", "库存不多了", "下一品先讲面料")
"""Notes that are written often, Chinese source text."""


class NoteSheet(Sheet):
    """Enter sends; the sheet stays for the next one."""

    SECTIONS: ClassVar = ("notes",)

    def __init__(self, seat: Seat, role: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("写一句话"), parent)
        self._seat = seat
        others = [name for name in ("host", "operator", "assistant") if name != role]
        self.to = ChoiceBox([(t(ROLE_NAMES[name]), name) for name in others])
        self.to.setAccessibleName(t("给谁"))
        self.line = WrittenLine(t("写什么"), t("写什么，回车送出"), self.send)
        ready = self.line.ready(READY)
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.send_it = button(t("送出"), "primary")
        self.send_it.clicked.connect(self.send)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._shown: list[NoteState] | None = None
        for each in (self.to, self.line, ready, self.said, self.send_it, Separator()):
            self.body.addWidget(each)
        self.body.addWidget(PlainLabel(t("还没看过的"), role="small", tone="fg2"))
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.show_room(room, seat.now())

    def send(self) -> None:
        """Put it in front of the other seat."""
        text = self.line.text().strip()
        if text:
            data = {"text": text, "to": self.to.currentData()}
            self._seat.ask_then(self, "note.put", data, self._sent)

    def _sent(self, answer: Answer) -> None:
        self.said.set_tone("ok" if answer.ok else "live")
        self.said.setText(t("送到了，对方看过会划掉") if answer.ok else sentence(answer))
        if answer.ok:
            self.line.clear()

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The notes that stand before somebody, each with the key that takes it away."""
        notes = room.notes
        if notes == self._shown:
            return
        self._shown = notes
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for note in reversed(notes):
            held = QWidget()
            row = QHBoxLayout(held)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            words = t("给{who}：{words}", who=t(ROLE_NAMES.get(note.to, note.to)), words=note.text)
            row.addWidget(PlainLabel(words, role="small", lines=0), 1)
            away = button("", "quiet", icon="trash")
            away.setAccessibleName(t("拿走 {words}", words=note.text[:40]))
            away.clicked.connect(lambda _=False, note_id=note.note_id: self.take_away(note_id))
            row.addWidget(away)
            self._list.addWidget(held)

    def take_away(self, note_id: str) -> None:
        """Nobody needs to read it any more."""
        self._seat.ask_then(self, "note.clear", {"note_id": note_id}, self._cleared)

    def _cleared(self, answer: Answer) -> None:
        if not answer.ok:
            self.said.set_tone("live")
            self.said.setText(sentence(answer))
