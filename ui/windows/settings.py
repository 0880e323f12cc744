"""设置 over the desk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui.parts.place import open_over
from ui.preferences.window import SettingsWindow
from ui.seat.seat import Seat
from ui.windows.commands import SeatCommands


def open_settings(
    over: QWidget, seat: Seat, commands: SeatCommands, folder: Path | None, page: int
) -> SettingsWindow:
    """Open it at a page; a seat that is locked sets nothing of the room's."""
    made = SettingsWindow(seat, commands.role, folder=folder, locked=lambda: commands.locked)
    made.go(page)
    open_over(made, over)
    return made
