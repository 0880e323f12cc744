"""The one door to the clipboard: plain text."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication


def copy(text: str) -> None:
    """Into the clipboard, as letters."""
    QGuiApplication.clipboard().setText(text)


def held() -> str:
    """What is in it, as letters."""
    return QGuiApplication.clipboard().text()
