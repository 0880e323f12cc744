"""Ctrl+C and SIGTERM for the desk, from before Qt is loaded until it has gone; nothing here imports Qt.

As an exception in the middle of Qt's own start they would end the process with a core dump. So they are noted
and close the desk as its own button does; the engine stays.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final

from liveconsole.exits import Exit

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupts:
    """A context of the main thread; the signals are what they were when it ends."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self._then: Callable[[], object] | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        for name in _NAMES:
            if (number := getattr(signal, name, None)) is not None:
                self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def then(self, act: Callable[[], object]) -> None:
        """Call ``act`` for every one that comes, at once if one came already."""
        self._then = act
        if self.came:
            act()

    @property
    def code(self) -> Exit:
        """What the program ends with when nothing else went wrong."""
        return Exit.INTERRUPTED if "SIGINT" in self.came else Exit.OK

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        self.came.append(signal.Signals(number).name)
        if self._then is not None:
            self._then()
