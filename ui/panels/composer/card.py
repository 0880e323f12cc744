"""口播卡: one promotion as one sentence to read out, and as the line that makes it again."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from liveconsole.views.goods import goods_of
from liveconsole.views.sentences import card
from ui import clipboard
from ui.i18n import language, t
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.sheets.advice import AdviceList
from ui.sheets.draft_check import DraftCheck, word_advice
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, Separator, button
from ui.words import cues as words


class CardSheet(Sheet):
    """The sentence in large letters, its words looked at; a key copies it, another the line for a chat."""

    SECTIONS: ClassVar = ("catalogue", "cart", "cues")

    def __init__(self, seat: Seat, cue_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("口播卡"), parent)
        self._cue_id, self._looked = cue_id, ""
        self.counsel = AdviceList()
        self.wording = DraftCheck(seat, self, lambda words: self.counsel.show_advice(word_advice(words)))
        self.name = PlainLabel("", role="small", tone="fg1", lines=0)
        self.sentence = PlainLabel("", role="product", lines=0)
        self.warning = PlainLabel("", tone="warn", lines=0)
        self.line = PlainLabel("", role="small", tone="fg1", lines=0)
        self.said = PlainLabel("", role="small", tone="ok")
        self.copy_sentence = button(t("复制口播"), "primary")
        self.copy_sentence.clicked.connect(lambda: self._copy(self.sentence.text()))
        self.copy_line = button(t("复制一行写法"))
        self.copy_line.clicked.connect(lambda: self._copy(self.line.text()))
        for each in (self.name, self.sentence, self.counsel, self.warning, Separator(), self.line):
            self.body.addWidget(each)
        self.body.addStretch(1)
        for key in (self.said, self.copy_sentence, self.copy_line):
            self.add_foot(key)
        self._show(room.only(*self.SECTIONS))

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._show(room.only(*self.SECTIONS))

    def _show(self, room: RoomView) -> None:
        cue = room.cues.get(self._cue_id)
        if cue is None:
            return
        spoken = card(cue.kind, cue.spec, goods_of(room.catalogue, room.cart))
        english = language() == "en"
        self.name.setText(words.title(cue, room))
        self.sentence.setText(spoken.en if english else spoken.zh)
        warning = spoken.warning_en if english else spoken.warning_zh
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self.line.setText(spoken.line)
        if spoken.zh != self._looked:
            self._looked = spoken.zh
            self.wording.look("text", {"text": spoken.zh})

    def _copy(self, text: str) -> None:
        clipboard.copy(text)
        self.said.setText(t("复制好了"))
