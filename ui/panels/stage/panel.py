"""The stage: what is pinned, and what runs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.state import CueState
from liveconsole.messages.statuses import RUNNING
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.stage.card import RunningCard
from ui.panels.stage.product import ProductCard
from ui.seat.room import RoomView
from ui.widgets import PlainLabel
from ui.widgets.chip import Mark

_MOST_COLUMNS: Final = 3


class Gap(QWidget):
    """A place that a card has left while others stand behind it: seen as one, and taken by the next."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(theme.tokens().line), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)


class StagePanel(QWidget):
    """``show_state`` when the state changed, ``tick`` ten times a second. Emits what a person asks for."""

    SECTIONS: Final = ("cart", "catalogue", "cues")

    stop_asked = Signal(str)
    """A cue is to be stopped: its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = ProductCard()
        self._places: list[RunningCard | None] = []
        self._gaps: dict[int, Gap] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.GAP)
        self._columns = 0
        self._low = False
        self._quiet = QFrame()
        self._quiet.setObjectName("section")
        inside = QHBoxLayout(self._quiet)
        inside.setContentsMargins(14, 0, 14, 0)
        inside.addStretch(1)
        inside.addWidget(Mark("clock", "fg2"))
        inside.addWidget(PlainLabel(t("没有在进行的秒杀、券或福袋"), tone="fg2"))
        inside.addStretch(1)
        self._measure()
        self._quiet.setFixedHeight(self._card_high)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(theme.GAP)
        column_box.addWidget(self.product)
        column_box.addWidget(self._quiet)
        column_box.addLayout(self._grid)
        column_box.addStretch(1)
        self._lay_out(self.sizeHint().width())
        self.setAccessibleName(t("讲解与进行中"))

    def _measure(self) -> None:
        probe = RunningCard(low=self._low)
        probe.stop.show_as(t("停"), key="Ctrl+Shift+1")
        self._card_high, self._card_wide = probe.sizeHint().height(), probe.readable_width()
        self._card_least = probe.minimumSizeHint().width() if self._low else self._card_wide
        probe.deleteLater()

    def remeasure(self) -> None:
        """Type has another size: so have the cards."""
        self._measure()
        for held in (self._quiet, *self.cards(), *self._gaps.values()):
            held.setFixedHeight(self._card_high)
        self._lay_out(self.width())

    def set_low(self, low: bool) -> None:
        """In a low window everything that runs keeps its time, its counts and its stop key, in two lines."""
        if low == self._low:
            return
        self._low = low
        self.product.set_low(low)
        for card in self.cards():
            card.set_low(low)
        self._grid.setSpacing(theme.GAP // 2 if low else theme.GAP)
        self.remeasure()

    def cards(self) -> list[RunningCard]:
        """The cards that stand, in their places."""
        return [card for card in self._places if card is not None]

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room. A card keeps its place until its cue leaves."""
        self.product.show_state(room, now)
        running = {cue_id: cue for cue_id, cue in room.cues.items() if _is_running(cue)}
        for place, card in enumerate(self._places):
            if card is not None and card.cue_id not in running:
                self._grid.removeWidget(card)
                card.hide()
                card.deleteLater()
                self._places[place] = None
        while self._places and self._places[-1] is None:
            self._places.pop()
        standing = {card.cue_id: card for card in self.cards()}
        for cue_id, cue in running.items():
            card = standing.get(cue_id) or self._new_card()
            card.show_cue(cue, room, now)
        self._show_gaps()
        self._quiet.setVisible(not running)

    def _show_gaps(self) -> None:
        free = {place for place, card in enumerate(self._places) if card is None}
        for place in self._gaps.keys() - free:
            gap = self._gaps.pop(place)
            self._grid.removeWidget(gap)
            gap.hide()
            gap.deleteLater()
        for place in free - self._gaps.keys():
            gap = self._gaps[place] = Gap()
            gap.setFixedHeight(self._card_high)
            self._grid.addWidget(gap, place // self._columns, place % self._columns)

    def tick(self, now: datetime) -> None:
        """Move what moves with time."""
        self.product.tick(now)
        for card in self.cards():
            card.tick(now)

    def _new_card(self) -> RunningCard:
        card = RunningCard(low=self._low)
        # Equal columns, whatever each card has to say.
        card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        card.setFixedHeight(self._card_high)
        card.stop_asked.connect(self.stop_asked)
        if None in self._places:
            place = self._places.index(None)
            self._places[place] = card
        else:
            place = len(self._places)
            self._places.append(card)
        self._grid.addWidget(card, place // self._columns, place % self._columns)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self.width())

    def _lay_out(self, width: int) -> None:
        """As many columns as fit. Only the person's own resizing moves a card."""
        fit = (width + theme.GAP) // (self._card_wide + theme.GAP)
        columns = max(1, min(_MOST_COLUMNS, fit))
        if columns == self._columns:
            return
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, card in enumerate(self._places):
            self._grid.addWidget(card or self._gaps[place], place // columns, place % columns)

    def minimumSizeHint(self) -> QSize:
        # One column is the least; the grid itself would insist on what it has now.
        return QSize(
            max(self.product.minimumSizeHint().width(), self._card_least), super().minimumSizeHint().height()
        )


def _is_running(cue: CueState) -> bool:
    """At work, or ended here and not yet at the platform. A pin is the product card's own matter."""
    return kind_of(cue.kind).LISTED and (cue.status in RUNNING or cue.owed is not None)
