"""From the start of the process to the first paint, and to a desk that shows its engine's room."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import msgspec


def bare(began: int) -> dict[str, Any]:
    """An empty main window and nothing else; ``began``: `time.monotonic_ns` of whoever started us."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication(sys.argv[:1])

    class Bare(QMainWindow):
        painted = 0

        def event(self, event: QEvent) -> bool:
            done = super().event(event)
            if event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest) and not self.painted:
                self.painted = time.monotonic_ns()
                app.quit()
            return done

    window = Bare()
    window.resize(1440, 900)
    window.show()
    app.exec()
    return {"paint": (window.painted - began) / 1e6}


def desk(began: int, data: Path) -> dict[str, Any]:
    """The desk as `liveconsole` opens it on a folder without an engine. The engine is ended again."""
    from ui.program import start as program

    options = program.read(["--data", str(data), "--role", "host", "--seconds", "30"])
    program.begin(options)
    from PySide6.QtCore import QEvent

    from ui.program import app as desk_app
    from ui.program.interrupts import Interrupts
    from ui.windows import shell as shells

    seen: dict[str, float] = {}

    class Watched(shells.Shell):
        def event(self, event: QEvent) -> bool:
            done = super().event(event)
            if event.type() is QEvent.Type.UpdateRequest or event.type() is QEvent.Type.Paint:
                seen.setdefault("paint", (time.monotonic_ns() - began) / 1e6)
                if self.seat is not None and self.seat.state is not None:
                    seen.setdefault("joined", (time.monotonic_ns() - began) / 1e6)
                    self.left.set()
            return done

        async def leave(self) -> None:
            if self.seat is not None:
                await self.seat.stop_engine()
            await super().leave()

    setattr(desk_app, "Shell", Watched)  # noqa: B010  # the program makes its own window
    with Interrupts() as interrupts:
        code = desk_app.run(options, interrupts)
    if code or "joined" not in seen:
        raise SystemExit("the desk never joined its engine")
    return seen


def say(what: dict[str, Any]) -> None:
    """One JSON line."""
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()
