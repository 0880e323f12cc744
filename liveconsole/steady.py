"""The clock that counts sleep: CLOCK_BOOTTIME on Linux; on macOS ``clock_gettime(CLOCK_MONOTONIC)``, which
counts it there; elsewhere ``time.monotonic``, which on Windows counts it too."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable


def steady_clock() -> Callable[[], int]:
    """Return a function that gives nanoseconds since some moment; never back, on while the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    return time.monotonic_ns
