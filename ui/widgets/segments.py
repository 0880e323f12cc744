"""One of a few, all in sight: a framed row of which one is lit. Arrow keys go through it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui import theme
from ui.clean import clean

_SIDES = 22


class Segments(QFrame):
    """``choices`` are (name, words). ``chosen_by_hand`` comes when a person chose, not when `choose` did."""

    chosen_by_hand = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segments")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._keys: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for name, words in choices:
            key = QPushButton(clean(words).replace("&", "&&"))
            key.setProperty("look", "segment")
            key.setCheckable(True)
            key.setAutoDefault(False)
            key.setAccessibleName(clean(words))
            key.setMinimumWidth(_key_wide(clean(words)))
            key.clicked.connect(lambda _=False, name=name: self.chosen_by_hand.emit(name))
            self._group.addButton(key)
            self._keys[name] = key
            row.addWidget(key)
        if self._keys:
            self.choose(next(iter(self._keys)))

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for key in self._keys.values():
            key.setAccessibleDescription(name)

    @property
    def chosen(self) -> str:
        """The name of what is lit, ``""`` for none."""
        return next((name for name, key in self._keys.items() if key.isChecked()), "")

    def choose(self, name: str) -> None:
        """Light another one; a name that is not there changes nothing."""
        if name in self._keys:
            self._keys[name].setChecked(True)

    def set_words(self, name: str, words: str) -> None:
        """Other words for a choice, as wide as they are."""
        key, said = self._keys[name], clean(words)
        if key.accessibleName() != said:
            key.setText(said.replace("&", "&&"))
            key.setAccessibleName(said)
            key.setMinimumWidth(_key_wide(said))

    def key(self, name: str) -> QPushButton:
        """The key of a choice."""
        return self._keys[name]


def _key_wide(words: str) -> int:
    return QFontMetrics(theme.font("strong")).horizontalAdvance(words) + _SIDES
