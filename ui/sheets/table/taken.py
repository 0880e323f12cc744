"""What each column of a table was taken for, and another meaning for it by mouse or key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.intake.tables import NOTHING_SAID, Choice, Columns
from ui.clean import clean
from ui.i18n import t
from ui.sheets import choices
from ui.widgets import PlainLabel, button, set_tip

MOST: Final = 80
"""Columns that can be told; a table with more is not one that people look at."""


class Taken(QWidget):
    """A line that says it; opened, a list of every column with its meaning. Open where something is asked."""

    said = Signal(dict)
    """What a person has said of columns now (`Choice`)."""

    def __init__(self, names: Mapping[str, str], parent: QWidget | None = None) -> None:
        """``names``: column → how it is called."""
        super().__init__(parent)
        self._names = names
        self._columns = Columns(())
        self._choice: Choice = NOTHING_SAID
        self._before: tuple[int, Choice] = (-1, NOTHING_SAID)
        """The column that is being told, and what had been said before: arrow keys pass over meanings."""
        self._asked = False
        self.words = PlainLabel("", role="small", tone="fg1", lines=0)
        self.key = button(t("改列"), "quiet", icon="edit")
        self.key.setCheckable(True)
        self.key.toggled.connect(self._open)
        self.forget = button(t("照表头"), "quiet", icon="undo")
        set_tip(self.forget, t("忘掉为这种表头选过的列"))
        self.forget.clicked.connect(lambda: self.said.emit({}))
        keys = QHBoxLayout()
        keys.setSpacing(8)
        keys.addWidget(self.key)
        keys.addWidget(self.forget)
        keys.addStretch(1)
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.choices: list[choices.ChoiceBox] = []
        self._labels: list[PlainLabel] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addLayout(keys)
        column.addWidget(self._list)
        self.show_columns(Columns(()), NOTHING_SAID)

    def show_columns(self, columns: Columns, choice: Choice, *, asked: str = "") -> None:
        """``asked``: why the table is not read before something is chosen."""
        anew = columns.labels != self._columns.labels
        self._columns, self._choice = columns, choice
        self.setVisible(any(columns.samples) or columns.header is not None)
        self.words.setText(asked or self._said())
        self.words.set_tone("warn" if asked else "fg1")
        self.forget.setVisible(bool(choice))
        if anew:
            self._before = (-1, NOTHING_SAID)
            self._fill()
        for place, held in enumerate(self.choices):
            held.choose(self._held(place) or "")
        if anew or (asked and not self._asked):  # it stays open under the hands of who answers
            self.key.setChecked(bool(asked))
        self._asked = bool(asked)
        self._open(self.key.isChecked())

    def _held(self, place: int) -> str | None:
        order = self._columns.order
        return order[place] if place < len(order) else None

    def _said(self) -> str:
        columns = self._columns
        letters = columns.header is None
        parts = [
            self._names[name] if label == self._names[name] else f"{self._names[name]} ← {clean(label, 24)}"
            for label, name in zip(columns.labels, columns.order, strict=False)
            if name is not None
        ]
        words = " · ".join(parts) or t("一列也没有认出")
        return t("没有表头，按位置：{what}", what=words) if letters else t("列：{what}", what=words)

    def _fill(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.choices, self._labels = [], []
        ways = [("", t("不用")), *self._names.items()]
        before: QWidget = self.forget
        samples = self._columns.samples
        for place, label in enumerate(self._columns.labels[:MOST]):
            sample = samples[place] if place < len(samples) else ""
            shown = f"{label} · {sample}" if sample else label
            name = PlainLabel(shown, role="small", elide=True)
            set_tip(name, shown)
            held = choices.ChoiceBox()
            held.set_items(ways)
            held.setAccessibleName(t("「{label}」是哪一列", label=clean(label, 60)))
            held.activated.connect(lambda _=0, place=place: self._tell(place))
            self._grid.addWidget(name, place, 0)
            self._grid.addWidget(held, place, 1)
            QWidget.setTabOrder(before, held)
            before = held
            self.choices.append(held)
            self._labels.append(name)

    def _open(self, is_open: bool) -> None:
        self._list.setVisible(is_open and bool(self.choices))

    def _tell(self, place: int) -> None:
        if self._before[0] != place:
            self._before = (place, dict(self._choice))
        chosen = self.choices[place].chosen or ""
        others = {
            label: column for label, column in self._before[1].items() if not chosen or column != chosen
        }
        self.said.emit({**others, self._columns.labels[place]: chosen})
