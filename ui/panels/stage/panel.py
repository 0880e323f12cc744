"""The stage: what is pinned, and what runs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liveconsole.messages.state import CueState
from liveconsole.messages.statuses import RUNNING
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.stage.card import RunningCard
from ui.panels.stage.claims import WinnersRow
from ui.panels.stage.product import ProductCard
from ui.panels.stage.running import RunningRow
from ui.seat.room import RoomView
from ui.words.winners import moment_of


class StagePanel(QWidget):
    """``show_state`` when the state changed, ``tick`` ten times a second. Emits what a person asks for."""

    SECTIONS: Final = ("broadcast", "cart", "catalogue", "cues")

    stop_asked = Signal(str)
    """A cue is to be stopped: its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = ProductCard()
        self._low = False
        self.running, self.winners = RunningRow(), WinnersRow()
        self.running.stop_asked.connect(self.stop_asked)
        column_box = self._column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(theme.GAP)
        column_box.addWidget(self.product)
        column_box.addWidget(self.running)
        column_box.addWidget(self.winners)
        column_box.addStretch(1)
        self.setAccessibleName(t("讲解与进行中"))

    def remeasure(self) -> None:
        """Type has another size."""
        self.running.remeasure()
        self.winners.remeasure()

    def fold(self, *, cards: bool, sizes: bool, picture: bool, lines: bool = False) -> None:
        """What gives way where the window is low (`ui.windows.folding`).

        What runs keeps its time and its stop key; the product its name, its price and what is left.
        """
        self._low = sizes or picture or lines
        self.product.set_short(self._low, lines=lines)
        self.running.set_low(cards)

    def set_low(self, low: bool) -> None:
        """All of it gives way, or none."""
        self.fold(cards=low, sizes=low, picture=low)

    def set_gap(self, gap: int) -> None:
        """The air between its parts."""
        self._column_box.setSpacing(gap)
        self.running.set_gap(gap)

    def whole_height(self) -> int:
        """How high it is with nothing folded."""
        gap = self._column_box.spacing()
        running = 0 if self.running.isHidden() else gap + self.running.whole_height()
        winners = 0 if self.winners.isHidden() else gap + self.winners.height()
        return self.product.whole_height() + running + winners

    def cards(self) -> list[RunningCard]:
        """The cards of all that runs, in the order in which it began."""
        return self.running.cards()

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room."""
        self.product.show_state(room, now)
        self.running.show_cues([cue for cue in room.cues.values() if _is_running(cue)], room, now)
        self.winners.show_moment(moment_of(room), now)

    def tick(self, now: datetime) -> None:
        """Move what moves with time."""
        self.product.tick(now)
        self.running.tick(now)
        self.winners.tick(now)


def _is_running(cue: CueState) -> bool:
    """At work, or ended here and not yet at the platform. A pin is the product card's own matter."""
    return kind_of(cue.kind).LISTED and (cue.status in RUNNING or cue.owed is not None)
