"""Windows beside a desk that show what outlives a broadcast: each once at a time, loaded when wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.seat.seat import Seat

if TYPE_CHECKING:
    from ui.windows.boards.window import BoardsWindow
    from ui.windows.customers.window import CustomersWindow
    from ui.windows.desk import Desk
    from ui.windows.prepare.window import PrepareWindow
    from ui.windows.shop.window import ShopWindow

    Beside = ShopWindow | BoardsWindow | CustomersWindow | PrepareWindow


def _shop(seat: Seat, desk: Desk) -> ShopWindow:
    from ui.windows.shop.window import ShopWindow

    return ShopWindow(seat, desk.commands.role, locked=lambda: desk.commands.locked)


def _boards(seat: Seat, desk: Desk) -> BoardsWindow:
    from ui.windows.boards.window import BoardsWindow

    made = BoardsWindow(seat, locked=lambda: desk.commands.locked)
    made.begin()
    return made


def _customers(seat: Seat, desk: Desk) -> CustomersWindow:
    from ui.windows.customers.window import CustomersWindow

    made = CustomersWindow(seat, desk.commands.role, locked=lambda: desk.commands.locked)
    made.begin()
    return made


def _prepare(seat: Seat, desk: Desk) -> PrepareWindow:
    from ui.windows.prepare.window import PrepareWindow

    made = PrepareWindow(seat, desk.commands.role, locked=lambda: desk.commands.locked)
    made.differences_asked.connect(desk.sheets.differences)
    made.begin()
    return made


OPENERS: Final[dict[str, Callable[[Seat, Desk], Beside]]] = {
    "F4": _customers,
    "F5": _prepare,
    "F7": _boards,
    "F8": _shop,
}
"""Key → what makes its window."""


class BesideWindows(QObject):
    """Belongs to the shell. A window that is closed is made anew the next time: it remembers nothing."""

    def __init__(self, shell: QObject, sits: Callable[[], tuple[Seat | None, Desk | None]]) -> None:
        super().__init__(shell)
        self._sits = sits
        self.open: dict[str, Beside] = {}
        self.keys: Final[dict[str, Callable[[], bool]]] = {key: partial(self.toggle, key) for key in OPENERS}
        """Key → opens its window, or closes it."""

    def toggle(self, key: str) -> bool:
        """Open the window of this key, or close it; False where nobody sits at a desk."""
        if (window := self.open.get(key)) is not None:
            window.close()
            return True
        seat, desk = self._sits()
        if seat is None or desk is None:
            return False
        made = self.open[key] = OPENERS[key](seat, desk)
        made.closed.connect(partial(self._gone, key))
        made.show()
        return True

    def bring(self, key: str) -> None:
        """Open the window of this key, or bring it in front where it is open."""
        if (window := self.open.get(key)) is not None:
            window.raise_()
            window.activateWindow()
        else:
            self.toggle(key)

    def close(self) -> list[str]:
        """Away with all of them; the keys of those that were open."""
        keys = list(self.open)
        for window in list(self.open.values()):
            window.close()
        return keys

    def show_keys(self) -> bool:
        """? in one of them shows its own keys; whether it was."""
        active = QApplication.activeWindow()
        return any(window.show_keys() for window in self.open.values() if window is active)

    def _gone(self, key: str) -> None:
        window = self.open.pop(key, None)
        if window is not None:
            window.deleteLater()
