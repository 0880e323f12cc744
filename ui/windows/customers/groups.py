"""The groups at the left: how many, their share beside the expected one, and what to do with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.widgets import PlainLabel, Separator, set_tip
from ui.windows.customers.words import GroupFacts

_SIDE: Final = 14
_TRACK: Final = 4


class CustomerGroupKey(QPushButton):
    """One group; under its name a bar of its share, with a mark where the expected one is."""

    def __init__(self, facts: GroupFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = facts
        self.setCheckable(True)
        self.setProperty("look", "drawn")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        said = " · ".join(part for part in (facts.title, facts.count, facts.below, facts.does) if part)
        self.setAccessibleName(said)
        set_tip(self, said)

    def sizeHint(self) -> QSize:
        return QSize(150, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self._height())

    def _height(self) -> int:
        high = QFontMetrics(theme.font("strong")).height()
        return high + QFontMetrics(theme.font("small")).height() + 24

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.text() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.16)))
            painter.fillRect(QRectF(0, 0, 3, self.height()), theme.colour("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), theme.colour(tokens.bg2))
        if self.hasFocus():
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 1.5, -2.5, -2.5), 6, 6)
        strong, small = QFontMetrics(theme.font("strong")), QFontMetrics(theme.font("small"))
        wide = self.width() - 2 * _SIDE
        number = strong.horizontalAdvance(self.facts.count) + 2
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("fg0"))
        right = QRectF(_SIDE + wide - number, 6, number, strong.height())
        painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, self.facts.count)
        name = strong.elidedText(self.facts.title, Qt.TextElideMode.ElideRight, wide - number - 8)
        painter.drawText(QRectF(_SIDE, 6, wide - number - 8, strong.height()), middle, name)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("fg1"))
        top = 8 + strong.height()
        below = small.elidedText(self.facts.below, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRectF(_SIDE, top, wide, small.height()), middle, below)
        self._bar(painter, QRectF(_SIDE, top + small.height() + 3, wide, _TRACK))
        painter.end()

    def _bar(self, painter: QPainter, track: QRectF) -> None:
        if self.facts.share is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("bg3"))
        painter.drawRoundedRect(track, 2, 2)
        if self.facts.share:
            painter.setBrush(theme.colour("accent"))
            filled = QRectF(track)
            filled.setWidth(max(2.0, track.width() * min(1.0, self.facts.share)))
            painter.drawRoundedRect(filled, 2, 2)
        if self.facts.expected is not None:
            at = track.left() + track.width() * self.facts.expected / 100
            painter.fillRect(QRectF(at - 1, track.top() - 2, 2, track.height() + 4), theme.colour("fg0"))


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
        below.setContentsMargins(_SIDE, 8, _SIDE, 10)
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
