"""Pairs of words that a person writes: what is on the left belongs to what is on the right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.clean import clean
from ui.i18n import t
from ui.widgets import PlainLabel, button


class _Pair(QWidget):
    """One of them, with the key that takes it out."""

    def __init__(self, left: str, right: str, names: tuple[str, str], longest: tuple[int, int]) -> None:
        super().__init__()
        self.left, self.right = QLineEdit(left), QLineEdit(right)
        for entry, name, most in zip((self.left, self.right), names, longest, strict=True):
            entry.setMaxLength(most)
            entry.setAccessibleName(name)
            entry.setPlaceholderText(name)
        self.drop = button("", "quiet", icon="cross")
        self.drop.setAccessibleName(t("去掉{what}", what=clean(left, 40) or t("这一行")))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.left, 2)
        row.addWidget(self.right, 3)
        row.addWidget(self.drop)


class PairList(QWidget):
    """``changed`` when another whole set of pairs stands there; a row with an empty half is not one yet."""

    changed = Signal(object)

    def __init__(self, left: str, right: str, *, most: int, longest: tuple[int, int], may: bool) -> None:
        super().__init__()
        self._names, self._most, self._longest, self._may = (left, right), most, longest, may
        self._pairs: dict[str, str] | None = None
        self.rows: list[_Pair] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(4)
        self.plain = PlainLabel("", tone="fg0", lines=0)
        self.more: QPushButton = button(t("加一行"), icon="plus")
        self.more.setAccessibleName(t("{what}：加一行", what=left))
        self.more.clicked.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._box)
        if may:
            held = QHBoxLayout()
            held.addWidget(self.more)
            held.addStretch(1)
            column.addLayout(held)
        else:
            self.more.setParent(self)
            self.more.hide()
            column.addWidget(self.plain)

    def show_pairs(self, pairs: Mapping[str, str]) -> None:
        """As the room has them; what is being typed is not taken away."""
        if pairs == self._pairs or self.editing():
            return
        self._pairs = dict(pairs)
        self.plain.setText(
            "\n".join(clean(f"{left} → {right}", 200) for left, right in pairs.items()) or t("没有写")
        )
        if self._may:
            self._make(self._pairs)

    def editing(self) -> bool:
        """Whether something was typed that is not a whole pair, or not sent."""
        return any(row.left.isModified() or row.right.isModified() for row in self.rows) or any(
            bool(row.left.text()) != bool(row.right.text()) for row in self.rows
        )

    def give_up(self) -> None:
        """Leave them as the room has them."""
        self._make(self._pairs or {})

    def _make(self, pairs: Mapping[str, str]) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for left, right in pairs.items():
            self._append(left, right)

    def _append(self, left: str, right: str) -> _Pair:
        made = _Pair(left, right, self._names, self._longest)
        made.drop.clicked.connect(partial(self._drop, made))
        for entry in (made.left, made.right):
            entry.editingFinished.connect(self._done)
        self.rows.append(made)
        self._box.addWidget(made)
        self.more.setEnabled(len(self.rows) < self._most)
        return made

    def _add(self) -> None:
        self._append("", "").left.setFocus()

    def _drop(self, row: _Pair) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.more.setEnabled(True)
        self.more.setFocus()
        self._done()

    def _done(self) -> None:
        if any(bool(row.left.text().strip()) != bool(row.right.text().strip()) for row in self.rows):
            return
        for row in self.rows:
            row.left.setModified(False)
            row.right.setModified(False)
        found = {row.left.text().strip(): row.right.text().strip() for row in self.rows if row.left.text()}
        if found != self._pairs:
            self.changed.emit(found)
