"""The real desk at a real engine, while comments pour in: what the event loop, the frames and memory do."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtWidgets import QVBoxLayout

from liveconsole import tasks
from liveconsole.views.feed import CAPACITY
from ui.bench.beat import Frames, Heartbeat, PaintedWindow, TimedSeat, spread
from ui.program.collector import IdleCollector
from ui.seat import join
from ui.seat.seat import Frame
from ui.seat.session import Role, StartChoice
from ui.windows.desk import Desk
from ui.windows.host.window import HostWindow

ORDER: Final = "bench-"
"""Orders of the bench say in their id when they were posted: nanoseconds of the clock that all share."""
LAST: Final = "bench-last"


class Flooded:
    """One desk from joining to the order that says it is over. ``every_panel``: whatever can be open beside
    the feed is, and so is the host's own screen."""

    def __init__(self, url: str, token_file: Path, *, role: Role = "host", every_panel: bool = False) -> None:
        self.frames = Frames()
        self.sweeper = IdleCollector()  # as the desk's program has
        self.window = PaintedWindow(self.frames)
        self.window.resize(1440, 900)
        self.seat = TimedSeat(join.remote(url, token_file), self.window)
        self.seat.frames = self.frames
        choice = StartChoice("manual", role, checked=True)
        self.desk = Desk(self.seat, choice, leave=_nothing)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.desk)
        self.host = HostWindow(self.seat, "host") if every_panel else None
        self.beat = Heartbeat(self.window)
        self.window.on_painted = self._painted  # type: ignore[method-assign]
        self.comments = self.skipped = self.orders = 0
        self.lates: list[float] = []
        self._unpainted: list[int] = []
        self._began = 0.0
        self.joined, self.over = asyncio.Event(), asyncio.Event()
        self.fill()

    def fill(self) -> None:
        """The ring is full from the start, so that whatever grows afterwards is a leak."""
        at = "2026-01-01T00:00:00.000+00:00"
        for first in range(0, CAPACITY + 1_000, 1_000):
            self.desk.feed.feed.fold(
                {
                    "seq": 0,
                    "type": "comment.posted",
                    "at": at,
                    "data": {"viewer": {"id": f"v{n}", "name": f"用户{n}"}, "text": f"填满 {n}"},
                }
                for n in range(first, first + 1_000)
            )

    async def run(self) -> dict[str, Any]:
        """Join, say so, watch until the last order."""
        self.window.show()
        if self.host is not None:
            self.host.resize(1280, 720)
            self.host.show()
        living = tasks.spawn(self.seat.run(), name="bench seat")
        self.seat.on_frame(self.window, self._look)
        await self.joined.wait()
        self.sweeper.settle()
        say({"joined": True})
        await self.over.wait()
        self.beat.stop()
        seconds = time.monotonic() - self._began
        await self.seat.close()
        await tasks.cancel_all([living])
        return {
            "seconds": seconds,
            "comments": self.comments,
            "skipped": self.skipped,
            "orders": self.orders,
            "gap": spread(self.beat.gaps),
            "beats": len(self.beat.gaps),
            "frame": spread(self.frames.spent),
            "frames_per_second": len(self.frames.spent) / seconds,
            "paints_per_second": self.window.paints / seconds,
            "order_to_screen": spread(self.lates),
            "rows": len(self.desk.feed.feed),
            "told_skipped": self.desk.feed.feed.skipped,
        }

    def _look(self, frame: Frame) -> None:
        if frame.state is not None:
            self.joined.set()
        for event in frame.events:
            kind = event["type"]
            if kind == "comment.posted":
                self.comments += 1
            elif kind == "stream.skipped":
                self.skipped += sum(event["data"]["counts"].values())
            elif kind == "order.placed":
                self._order(event["data"]["order_id"])
        if self.comments and not self._began:
            self._begin()

    def _begin(self) -> None:
        self._began = time.monotonic()
        self.frames.spent.clear()
        self.window.paints = 0
        self.beat.begin()

    def _order(self, order_id: str) -> None:
        if order_id == LAST:
            self.over.set()
        elif order_id.startswith(ORDER):
            self.orders += 1
            self._unpainted.append(int(order_id.removeprefix(ORDER)))

    def _painted(self) -> None:
        if self._unpainted:
            now = time.monotonic_ns()
            self.lates += [(now - posted) / 1e6 for posted in self._unpainted]
            self._unpainted.clear()


def say(what: dict[str, Any]) -> None:
    """One JSON line."""
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


def _nothing() -> None:
    return None
