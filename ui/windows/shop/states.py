"""Over all orders: their states with what each comes to, and what can be read out to who has not paid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.cases import BothWords
from liveconsole.messages.order_pages import BothSaid, StateCount
from liveconsole.views.money import yuan_short
from ui import clipboard
from ui.i18n import t
from ui.widgets import CappedButton, FilterChip, FlowRow, PlainLabel, set_tip
from ui.windows.shop.words import STATES, both


class OrderStates(QWidget):
    """``wanted(state)``: only orders in it; ``""``: all. ``copied``: the sentence is in the clipboard."""

    wanted = Signal(str)
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = ""
        self.chips: dict[str, FilterChip] = {}
        held = QWidget()
        flow = FlowRow(held, gap=6)
        for state, look in STATES.items():
            chip = self.chips[state] = FilterChip(t(look.name), small=True)
            chip.clicked.connect(
                lambda _on=False, state=state: self.choose("" if state == self.state else state)
            )
            flow.addWidget(chip)
        self.urge = PlainLabel("", tone="fg0", lines=0)
        self.key = CappedButton(t("复制"), "U")
        self.key.setAccessibleName(t("复制催付的话"))
        self.key.clicked.connect(self.copy)
        self.read_out = QWidget()
        row = QHBoxLayout(self.read_out)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.urge, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.key)
        self.read_out.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 14, 9)
        column.setSpacing(8)
        column.addWidget(held)
        column.addWidget(self.read_out)

    def choose(self, state: str) -> None:
        """Only the orders in this state."""
        self.state = state
        for name, chip in self.chips.items():
            chip.setChecked(name == state)
        self.wanted.emit(state)

    def step(self) -> None:
        """S: the next state, and after the last all of them."""
        names = ["", *self.chips]
        self.choose(names[(names.index(self.state) + 1) % len(names)])

    def show_counts(self, counts: Sequence[StateCount], urge: BothSaid | None) -> None:
        """What the books count."""
        for count in counts:
            chip = self.chips.get(count.state)
            if chip is not None:
                chip.set_count(count.orders)
                n = f"{count.orders:,}"
                if count.state == "unpaid":
                    said = t("{n} 单 · 应付 {due}", n=n, due=yuan_short(count.total_fen))
                else:
                    said = t("{n} 单 · 付了 {paid}", n=n, paid=yuan_short(count.paid_fen))
                set_tip(chip, f"{t(STATES[count.state].name)} {said}")
        self.urge.setText(both(BothWords(urge.zh, urge.en)) if urge is not None else "")
        self.read_out.setVisible(urge is not None and self.state == "unpaid")

    def copy(self) -> None:
        """The sentence, into the clipboard; nothing where there is none."""
        if self.read_out.isVisibleTo(self):
            clipboard.copy(self.urge.text())
            self.copied.emit()
