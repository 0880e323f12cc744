"""What an input method is composing. While it composes, Esc is its own and never comes to the program."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication


def end() -> None:
    """What was composed stands as it is; the next key is the program's again."""
    QGuiApplication.inputMethod().commit()
