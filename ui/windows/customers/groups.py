"""The groups at the left: how many, their share beside the expected one, and what to do with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import PlainLabel, Separator, set_tip
from ui.widgets.group_key import SIDE, GroupKey
from ui.windows.customers.words import GroupFacts

_LARGE: Final = 1.5
"""Size of type from which where the figures come from is told by a tip alone."""


class CustomerGroupKey(GroupKey):
    """One group; under its name a bar of its share, with a mark where the expected one is."""

    def __init__(self, facts: GroupFacts, parent: QWidget | None = None) -> None:
        super().__init__(facts.title, bar=True, parent=parent)
        self.facts = facts
        self.show_words(facts.count, facts.below, also=facts.does)
        self.show_share(facts.share, facts.expected)


class GroupColumn(QFrame):
    """``chosen`` with a group's name; ``""``: everybody."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.keys: list[CustomerGroupKey] = []
        self.at = ""
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(0, 6, 0, 6)
        self._inside.setSpacing(0)
        self._inside.addStretch(1)
        held = QWidget()
        held.setLayout(self._inside)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(held)
        self.does = PlainLabel("", role="small", tone="fg0", lines=0)
        self.source = PlainLabel("", role="small", tone="fg2", lines=0)
        below = QVBoxLayout()
        below.setContentsMargins(SIDE, 8, SIDE, 10)
        below.setSpacing(6)
        below.addWidget(PlainLabel(t("这一组怎么做"), role="small", tone="fg2", lines=0))
        below.addWidget(self.does)
        below.addWidget(self.source)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(Separator())
        column.addLayout(below)

    def show_groups(self, groups: Sequence[GroupFacts]) -> None:
        """These, of which the one that is shown stays marked."""
        if [key.facts for key in self.keys] != list(groups):
            focused = next((key.facts.name for key in self.keys if key.hasFocus()), None)
            for key in self.keys:
                self._inside.removeWidget(key)
                key.hide()
                key.deleteLater()
            self.keys = [self._key(facts) for facts in groups]
            for place, key in enumerate(self.keys):
                self._inside.insertWidget(place, key)
                if key.facts.name == focused:
                    key.setFocus()
        self.mark(self.at)

    def show_source(self, words: str) -> None:
        """Where the figures come from."""
        self.source.setText(words)
        self.source.setVisible(theme.text_scale() < _LARGE)
        set_tip(self.does, words)

    def _key(self, facts: GroupFacts) -> CustomerGroupKey:
        key = CustomerGroupKey(facts, self)
        key.clicked.connect(lambda: self.choose(facts.name))
        return key

    def choose(self, name: str) -> None:
        """Show this group."""
        self.mark(name)
        self.chosen.emit(name)

    def mark(self, name: str) -> None:
        """It is the one that is shown."""
        self.at = name
        for key in self.keys:
            key.setChecked(key.facts.name == name)
            if key.isChecked():
                self.does.setText(key.facts.does or t("看下面每个人的情况"))

    def go(self, by: int) -> None:
        """The next group, or the one before."""
        names = [key.facts.name for key in self.keys]
        if names:
            at = names.index(self.at) if self.at in names else 0
            self.choose(names[max(0, min(len(names) - 1, at + by))])
