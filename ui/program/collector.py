"""Python's collector of garbage, on Qt's thread only and at times of our own.

Left to itself it runs in whichever thread happens to make objects. In a worker it would destroy what Qt
allows only its own thread to destroy, and the desk with it. And with its usual thresholds it walks all that
the desk consists of again and again: 40 ms and more in which nothing is painted.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 1_000
_MIDDLE, _OLD = 10, 60
"""Every so many turns the middle generation, and the old one, are looked through as well."""


class IdleCollector(QObject):
    """Takes the collector over for as long as it lives; made and used on Qt's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._turns = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.sweep)
        self._timer.start(EVERY_MS)

    def sweep(self) -> None:
        """One turn: what is young, which takes about a millisecond under a flood."""
        self._turns += 1
        gc.collect(2 if self._turns % _OLD == 0 else 1 if self._turns % _MIDDLE == 0 else 0)

    def settle(self) -> None:
        """The program is up: what it consists of now is looked through no more."""
        gc.freeze()

    def stop(self) -> None:
        """The collector looks after itself again."""
        self._timer.stop()
        gc.enable()
