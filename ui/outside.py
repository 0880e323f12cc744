"""The one door to the system's other programs: a file, a folder or a page is opened by whatever has it."""

from __future__ import annotations

from os import PathLike

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def show_file(path: str | PathLike[str]) -> bool:
    """A file, or a folder with what it holds; whether there was a program to ask. Whoever asks says where it
    lies when there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_page(address: str) -> bool:
    """A page in the browser; whether there is one."""
    return QDesktopServices.openUrl(QUrl(address))
