"""The collector of garbage, told how a program of ours lives."""

from __future__ import annotations

import gc


def settle() -> None:
    """Call this once when the program is up: what it consists of is looked through no more.

    Thousands of small objects live for the length of one commit or frame and are gone by their counts. With
    its usual thresholds the collector walks the whole room for them over and over: a third of the ingest, and
    in the desk, every ten seconds or so, 40 to 250 ms in which nothing is painted.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
