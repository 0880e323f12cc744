"""Who wants to hear of something, for as long as he lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

import shiboken6
from PySide6.QtCore import QObject

P = ParamSpec("P")


class Listeners(Generic[P]):
    """Whoever was destroyed meanwhile is dropped, not called. On the Qt thread."""

    def __init__(self) -> None:
        self._held: list[tuple[QObject, Callable[P, None]]] = []

    def add(self, owner: QObject, listener: Callable[P, None]) -> None:
        """Call `listener` from now on, until `owner` is destroyed."""
        self._held.append((owner, listener))

    def clear(self) -> None:
        """Nobody is called any more."""
        self._held.clear()

    def call(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell all of them, in the order in which they came."""
        self._held = [(owner, listener) for owner, listener in self._held if shiboken6.isValid(owner)]
        for owner, listener in list(self._held):
            if shiboken6.isValid(owner):
                listener(*args, **kwargs)
