"""``python -m tests.end2end.step_desk URL TOKEN_FILE ROLE``: a desk that says when it painted what.

A line when it has joined; another one after the bench's last order: for every event of the feed, and for
every product that came to 讲解, the monotonic clock of this machine (ns) when the window had painted it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any, get_args

import qasync
from PySide6.QtWidgets import QApplication

from ui.bench.flood import Flooded, say
from ui.program.app import dress
from ui.seat import session
from ui.seat.seat import Frame


class InStep(Flooded):
    def __init__(self, url: str, token_file: Path, role: session.Role) -> None:
        self.events: dict[int, int] = {}
        self.pins: dict[str, int] = {}
        self._taken: list[int] = []
        self._pinned: str | None = None
        super().__init__(url, token_file, role=role)

    def fill(self) -> None:
        """Memory is not measured here."""

    async def run(self) -> dict[str, Any]:
        told = await super().run()
        return {"events": self.events, "pins": self.pins, "skipped": told["skipped"], "gap": told["gap"]}

    def _look(self, frame: Frame) -> None:
        super()._look(frame)
        self._taken += [int(event["seq"]) for event in frame.events if event["type"] == "comment.posted"]
        if frame.state is not None:
            wanted = frame.state.pinned.wanted
            if wanted is not None and wanted not in self.pins:
                self._pinned = wanted

    def _painted(self) -> None:
        super()._painted()
        now = time.monotonic_ns()
        self.events |= dict.fromkeys(self._taken, now)
        self._taken.clear()
        if self._pinned is not None:
            self.pins[self._pinned] = now
            self._pinned = None


def main() -> int:
    url, token_file, role = sys.argv[1:]
    app = QApplication(sys.argv[:1])
    dress(app)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    seated: session.Role = next(name for name in get_args(session.Role) if name == role)
    with loop:
        say(loop.run_until_complete(InStep(url, Path(token_file), seated).run()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
