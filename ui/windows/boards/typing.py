"""A number that no source tells, copied from the console by a person."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QWidget

from liveconsole.views.money import NotMoney, parse_yuan
from ui.clean import clean
from ui.i18n import t
from ui.seat.seat import Answer
from ui.widgets import PlainLabel, button
from ui.words import boards as words
from ui.words.answers import sentence

_LARGEST = 10**12


class TypedBar(QFrame):
    """``typed(name, value, product_id)``: 分 of what is money; without a product it is of the broadcast."""

    typed = Signal(str, object, str)
    kept = Signal()
    """The engine has it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self._product = ""
        self.which = QComboBox()
        self.which.setAccessibleName(t("填哪个数"))
        self.which.currentIndexChanged.connect(lambda _place: self._name_line())
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
        for each in (self.name, self.which, self.line, self.keep):
            row.addWidget(each)
        row.addWidget(self.said, 1)
        self.hide()

    def ask_for(self, name: str) -> None:
        """Which figure of the broadcast it is about."""
        self.name.setText(words.name_words(name))
        self._ask([name], "")
        self._say(t("从后台抄一个数；日志记着是手填的，再填一次就改"), "fg1")

    def ask_of(self, product_id: str, title: str, names: Sequence[str]) -> None:
        """One of some figures of a product."""
        self.name.setText(clean(title, 60))
        self._ask(names, product_id)
        self._say(t("手填的，再填一次就改；季节系数 100 是平常的一周"), "fg1")

    def _ask(self, names: Sequence[str], product_id: str) -> None:
        self._product = product_id
        self.which.clear()
        for name in names:
            self.which.addItem(words.name_words(name), name)
        self.which.setVisible(len(names) > 1)
        self._name_line()
        self.line.clear()
        self.show()
        self.line.setFocus()

    def _name_line(self) -> None:
        self.line.setAccessibleName(f"{self.name.text()} {self.which.currentText()}")

    def _send(self) -> None:
        name, text = self.which.currentData() or "", self.line.text().strip()
        try:
            value = parse_yuan(text) if name.endswith("_fen") else int(text.replace(",", ""))
        except (NotMoney, ValueError):
            self._say(t("只要一个数"), "warn")
            return
        if not 0 <= value <= _LARGEST:
            self._say(t("只要一个数"), "warn")
            return
        self.typed.emit(name, value, self._product)

    def answered(self, answer: Answer) -> None:
        """What the engine said to it."""
        if answer.ok:
            self.hide()
            self.kept.emit()
        else:
            self._say(sentence(answer), "warn")

    def _say(self, text: str, tone: str) -> None:
        self.said.setText(text)
        self.said.set_tone(tone)
