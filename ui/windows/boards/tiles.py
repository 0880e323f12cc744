"""Tiles in rows of equal width, as many beside each other as have room."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.boards import Tile
from ui import theme
from ui.windows.boards.tile import TileCard, tile_height

_GAP: Final = 10
_LEAST: Final = 196
"""Pixels at text scale 1 of a tile."""
MOST: Final = 40
"""Tiles that one level shows."""


class TileGrid(QWidget):
    """``most``: so many at most, 0: all of them."""

    typing_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[TileCard] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tiles(self, tiles: list[Tile], now: datetime) -> None:
        """A card stays with its place."""
        tiles = tiles[:MOST]
        while len(self.cards) < len(tiles):
            card = TileCard(self)
            card.typing_asked.connect(self.typing_asked)
            self.cards.append(card)
        for place, card in enumerate(self.cards):
            if place < len(tiles):
                card.show_tile(tiles[place], now)
            card.setVisible(place < len(tiles))
        self.place()

    def columns(self) -> int:
        """How many stand beside each other."""
        least = round(_LEAST * theme.text_scale())
        return max(1, min(6, (self.width() + _GAP) // (least + _GAP)))

    def rows(self) -> list[list[TileCard]]:
        """Cards that are shown, as they stand beside each other."""
        shown = [card for card in self.cards if not card.isHidden()]
        columns = self.columns()
        return [shown[at : at + columns] for at in range(0, len(shown), columns)]

    def rows_high(self) -> int:
        """Pixels of all rows at this width."""
        return max(0, sum(_high(row) + _GAP for row in self.rows()) - _GAP)

    def place(self) -> None:
        """Where each stands."""
        each, top = (self.width() + _GAP) / self.columns(), 0
        for row in self.rows():
            high = _high(row)
            for place, card in enumerate(row):
                left, right = round(place * each), round((place + 1) * each) - _GAP
                card.setGeometry(left, top, right - left, high)
            top += high + _GAP
        if self.minimumHeight() != self.rows_high():
            self.setFixedHeight(self.rows_high())

    def sizeHint(self) -> QSize:
        return QSize(600, self.rows_high())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()


def _high(row: list[TileCard]) -> int:
    return tile_height(card.tile for card in row if card.tile is not None)
