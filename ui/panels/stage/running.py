"""What runs, in one row: no height for none, a line where the window is low, cards where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from liveconsole.messages.state import CueState
from ui import theme
from ui.i18n import t
from ui.panels.stage.card import RunningCard
from ui.seat.room import RoomView
from ui.widgets import button, set_tip

LINE: Final = 46
CARD: Final = 106
"""Pixels of height at text scale 1."""
MOST: Final = 3
"""Cards side by side; the others are behind one key."""


def beside(count: int, width: int, least: int, more: int, gap: int) -> int:
    """How many of `count` stand side by side, each at least so wide; ``more``: the key for the others."""
    if count <= MOST and count * least + (count - 1) * gap <= width:
        return count
    for shown in range(min(MOST, count - 1), 1, -1):
        if shown * (least + gap) + more <= width:
            return shown
    return min(1, count)


class RunningRow(QWidget):
    """Cards in the order in which they began. ``stop_asked`` names the cue whose key was pressed."""

    stop_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, RunningCard] = {}
        self._low = False
        self._now: datetime | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.more = button("", "quiet")
        self.more.clicked.connect(self._open_menu)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GAP)
        self._row.addWidget(self.more)
        self.setAccessibleName(t("进行中"))
        self.remeasure()
        self.hide()

    def cards(self) -> list[RunningCard]:
        """All that run, those behind the key too."""
        return list(self._cards.values())

    def shown(self) -> list[RunningCard]:
        """Those that stand side by side."""
        return [card for card in self._cards.values() if not card.isHidden()]

    def set_low(self, low: bool) -> None:
        """One line of text high, for a window that has no more height to give."""
        if low != self._low:
            self._low = low
            for card in self._cards.values():
                card.set_low(low)
            self.remeasure()

    def remeasure(self) -> None:
        """Its height, which follows from the window and the type and from nothing that runs."""
        self.setFixedHeight(round((LINE if self._low else CARD) * theme.text_scale()))
        self._fit()

    def set_gap(self, gap: int) -> None:
        """The air between cards."""
        self._row.setSpacing(gap)
        self._fit()

    def whole_height(self) -> int:
        """How high it is as cards."""
        return round(CARD * theme.text_scale())

    def show_cues(self, cues: Sequence[CueState], room: RoomView, now: datetime) -> None:
        """What runs now. A card stays the same widget until its cue leaves; those behind it close up."""
        self._now = now
        here = {cue.cue_id for cue in cues}
        for cue_id in [cue_id for cue_id in self._cards if cue_id not in here]:
            card = self._cards.pop(cue_id)
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        for cue in cues:
            card = self._cards.get(cue.cue_id) or self._add(cue.cue_id)
            card.show_cue(cue, room, now)
        self.setVisible(bool(cues))
        self._fit()

    def _add(self, cue_id: str) -> RunningCard:
        card = self._cards[cue_id] = RunningCard(low=self._low)
        # Equal parts, whatever each has to say.
        card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        card.stop_asked.connect(self.stop_asked)
        self._row.insertWidget(len(self._cards) - 1, card, 1)
        return card

    def tick(self, now: datetime) -> None:
        """Move what moves with time."""
        self._now = now
        for card in self._cards.values():
            card.tick(now)

    def _fit(self) -> None:
        cards = self.cards()
        least = max((card.least_width() for card in cards), default=0)
        self.more.setText(t("+{n}", n=len(cards)))
        count = beside(len(cards), self.width(), least, self.more.sizeHint().width(), self._row.spacing())
        # What waits for the platform is never behind the key; it takes the place of what began last.
        first = sorted(cards, key=lambda card: not card.is_unsettled)[:count]
        for card in cards:
            card.setVisible(card in first)
            card.set_alone(count == 1)
        rest = [card for card in cards if card not in first]
        self.more.setVisible(bool(rest))
        self.more.setText(t("+{n}", n=len(rest)))
        self.more.setAccessibleName(t("还有 {n} 个", n=len(rest)))
        set_tip(self.more, "\n".join(card.title.text() for card in rest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def others(self) -> QMenu:
        """The stop keys of those that have no room, each with its number."""
        menu = QMenu(self)
        for card in self._cards.values():
            if not card.isHidden():
                continue
            words = t("停 {title} · 剩 {left}", title=card.title.text(), left=card.ring.shown[0])
            action = menu.addAction(f"{words}\t{card.stop_key}".replace("&", "&&"))
            action.setEnabled(not card.stop.reason)
            action.triggered.connect(lambda _=False, cue_id=card.cue_id: self.stop_asked.emit(cue_id))
        return menu

    def _open_menu(self) -> None:
        menu = self.others()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))
