"""What the desk shows before it has a place: Qt makes a window of it for a moment, and the keyboard goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_DESK: Final = str(Path(__file__).resolve().parents[2] / "ui")
_SHOWS: Final = ("setVisible", "show")
_PLAIN: Final = (Qt.WindowType.Widget, Qt.WindowType.Window)


@contextmanager
def strays() -> Iterator[list[str]]:
    """Where code of the desk showed something without a parent that is no window: ``file:line Class``."""
    seen: list[str] = []
    before = {name: getattr(QWidget, name) for name in _SHOWS}
    for name, does in before.items():
        setattr(QWidget, name, _watched(does, seen))
    try:
        yield seen
    finally:
        for name, does in before.items():
            setattr(QWidget, name, does)


def _watched(does: Callable[..., Any], seen: list[str]) -> Callable[..., Any]:
    def shown(self: QWidget, *args: bool) -> None:
        alone = self.parentWidget() is None and not self.windowTitle() and self.windowType() in _PLAIN
        if alone and (not args or args[0]):
            frame = sys._getframe(1)
            if frame.f_code.co_filename.startswith(_DESK):
                seen.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {type(self).__name__}")
        does(self, *args)

    return shown
