"""How long the event loop is away, and how long a frame takes."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from ui.seat.seat import Seat

BEAT_MS = 2


class Heartbeat(QObject):
    """Beats every 2 ms; what passes beyond that between two beats is a gap of the event loop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gaps: list[float] = []
        """Milliseconds."""
        self._last = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        self.gaps.clear()
        self._last = time.perf_counter_ns()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter_ns()
        self.gaps.append(max(0.0, (now - self._last) / 1e6 - BEAT_MS))
        self._last = now


class Frames:
    """Milliseconds of work a frame: what was taken in, and the painting that followed from it."""

    def __init__(self) -> None:
        self.spent: list[float] = []

    def took(self, since: int) -> None:
        """A frame was taken in."""
        self.spent.append((time.perf_counter_ns() - since) / 1e6)

    def painted(self, since: int) -> None:
        """The window painted for the newest frame."""
        if self.spent:
            self.spent[-1] += (time.perf_counter_ns() - since) / 1e6


class TimedSeat(Seat):
    """The real seat, with a watch on every frame that hands something over."""

    frames: Frames

    def frame(self) -> None:
        began, had = time.perf_counter_ns(), bool(self._events) or self._fresh is not None
        super().frame()
        if had:
            self.frames.took(began)


class PaintedWindow(QWidget):
    """A top window that knows when it has painted; ``on_painted`` is called after every time."""

    def __init__(self, frames: Frames) -> None:
        super().__init__()
        self._frames = frames
        self.paints = 0

    def event(self, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.UpdateRequest:
            return super().event(event)
        began = time.perf_counter_ns()
        done = super().event(event)
        self.paints += 1
        self._frames.painted(began)
        self.on_painted()
        return done

    def on_painted(self) -> None:
        """Nothing; to be replaced."""


def quantile(values: Sequence[float], share: float) -> float:
    """The nearest-rank quantile; 0.0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99, max."""
    return {
        "p50": quantile(values, 0.5),
        "p95": quantile(values, 0.95),
        "p99": quantile(values, 0.99),
        "max": max(values, default=0.0),
    }
