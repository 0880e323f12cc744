"""A seat at a fake engine whose shop has work, with the shop window open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.fake_bus import until
from tests.ui.shop_rooms import orders_told, told, urgent
from tests.ui.sitting import Sitting, joined
from ui.windows.shop.window import ShopWindow

K = Qt.Key


def with_keyboard(window: ShopWindow) -> QWidget:
    """What the next key goes to."""
    focus: QWidget | None = window.focusWidget()
    return focus if focus is not None else window


class AtShop(Sitting):
    """A seat at a fake engine, with the shop window open."""

    def __init__(self) -> None:
        super().__init__()
        self.bus.books_told["cases"], self.bus.books_told["orders"] = told, orders_told
        self.is_locked = False
        self.time = 1000.0
        self.window = ShopWindow(self.seat, "assistant", locked=lambda: self.is_locked)
        self.window.reading._clock = lambda: self.time

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(with_keyboard(self.window), key)

    def asked_for(self, **query: Any) -> int:
        """How often the engine was asked for that."""
        asked = [found for name, found in self.bus.books_asked if name == "cases"]
        return sum(query.items() <= found.items() for found in asked)

    async def chosen(self, place: int) -> None:
        """A row is chosen, and its card is there."""
        self.window.list.rows.choose(urgent()[place].case_id)
        await until(lambda: self.window.card.steps.isVisible())


@asynccontextmanager
async def at_shop() -> AsyncIterator[AtShop]:
    made = AtShop()
    async with joined(made):
        made.window.show()
        made.window.reading.again()
        made.time += 5
        made.window.tick(made.seat.now())
        await until(lambda: made.window.list.case() is not None)
        yield made
        made.window.close()
        made.window.deleteLater()
