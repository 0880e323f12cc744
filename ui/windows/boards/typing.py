"""A number that no source tells, copied from the console by a person."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from liveconsole.views.money import NotMoney, parse_yuan
from ui.i18n import t
from ui.seat.seat import Answer
from ui.widgets import PlainLabel, button
from ui.words import boards as words
from ui.words.answers import sentence

_LARGEST = 10**12


class TypedBar(QFrame):
    """``typed(name, value)``: 分 of what is money."""

    typed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self._name = ""
        self.name = PlainLabel("", role="strong")
        self.line = QLineEdit()
        self.line.setMaximumWidth(180)
        self.line.returnPressed.connect(self._send)
        self.keep = button(t("记下"), "primary")
        self.keep.clicked.connect(self._send)
        self.said = PlainLabel("", role="small", tone="fg1", elide=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(10)
        for each in (self.name, self.line, self.keep):
            row.addWidget(each)
        row.addWidget(self.said, 1)
        self.hide()

    def ask_for(self, name: str) -> None:
        """Which figure it is about."""
        self._name = name
        self.name.setText(words.name_words(name))
        self.line.setAccessibleName(words.name_words(name))
        self.line.clear()
        self._say(t("从后台抄一个数；日志记着是手填的，再填一次就改"), "fg1")
        self.show()
        self.line.setFocus()

    def _send(self) -> None:
        name, text = self._name, self.line.text().strip()
        try:
            value = parse_yuan(text) if name.endswith("_fen") else int(text.replace(",", ""))
        except (NotMoney, ValueError):
            self._say(t("只要一个数"), "warn")
            return
        if not 0 <= value <= _LARGEST:
            self._say(t("只要一个数"), "warn")
            return
        self.typed.emit(name, value)

    def answered(self, answer: Answer) -> None:
        """What the engine said to it."""
        if answer.ok:
            self.hide()
        else:
            self._say(sentence(answer), "warn")

    def _say(self, text: str, tone: str) -> None:
        self.said.setText(text)
        self.said.set_tone(tone)
