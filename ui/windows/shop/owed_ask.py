"""What a person has to do at the shop itself, and the keys that say whether it was done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.cases import ShopAsk
from liveconsole.views.money import yuan
from ui.i18n import t
from ui.widgets import CappedButton, PlainLabel
from ui.windows.shop.words import ACTS


class OwedAsk(QFrame):
    """What a person has to do at the shop itself. ``answered(ask_id, done)``."""

    answered = Signal(str, bool)

    def __init__(self, ask: ShopAsk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("duty")
        self.ask = ask
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        amount = f" {yuan(ask.amount_fen)}" if ask.amount_fen is not None else ""
        words = t("在小店后台或手机上：{act}", act=f"{t(ACTS[ask.act])}{amount}")
        column.addWidget(PlainLabel(words, role="strong", lines=0))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.keys: list[CappedButton] = []
        for face, key, done in ((t("办好了"), "Y", True), (t("没办成"), "N", False)):
            made = CappedButton(face, key, primary=done)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda _on=False, done=done: self.answered.emit(ask.ask_id, done))
            self.keys.append(made)
            row.addWidget(made)
        row.addStretch(1)
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.said.hide()
        column.addLayout(row)
        column.addWidget(self.said)

    def press(self, place: int) -> bool:
        """The key of this place; whether there is one."""
        if place < len(self.keys):
            self.keys[place].click()
        return place < len(self.keys)

    def take_keyboard(self) -> None:
        """To the first key."""
        self.keys[0].setFocus()

    def say(self, words: str) -> None:
        """Why it was not taken."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def block(self, why: str) -> None:
        """Nothing can be done from this seat now, and why."""
        for key in self.keys:
            key.setEnabled(not why)
        self.said.set_tone("fg1" if why else "live")
        if why:
            self.say(why)
