"""Qt's loop for tests: nothing of a desk wakes between two steps of a test, when no loop is running."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytestqt.plugin
import qasync
from PySide6.QtWidgets import QApplication


def only_the_loop_turns_qt() -> None:
    """pytest-qt turns Qt as well between those steps; it need not, all of our tests turn it themselves."""
    pytestqt.plugin._process_events = lambda: None


class Loop(qasync.QEventLoop):  # type: ignore[misc]
    """qasync's loop, stopped where the last step ends.

    qasync turns Qt once more after that: whatever wakes then, a frame timer or a fixture's task, fails with
    "no running event loop". The program has one step in its life and all of that is over at its end; a test
    has one for each fixture.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)

    def run_until_complete(self, future: Coroutine[Any, Any, Any]) -> Any:
        """Run until `future` is done and return its result.

        Raises:
            RuntimeError: something else stopped the loop before.
        """
        done = future if asyncio.isfuture(future) else asyncio.Task(future, loop=self)
        done.add_done_callback(self._stop)
        try:
            self.run_forever()
        finally:
            done.remove_done_callback(self._stop)
        if not done.done():
            raise RuntimeError("the event loop was stopped before its work was done")
        return done.result()

    def _stop(self, _future: object) -> None:
        self.stop()
