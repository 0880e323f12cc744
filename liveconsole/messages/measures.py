"""What an engine measures of itself: how it does, and nothing of anybody (``GET /metrics``)."""

from __future__ import annotations

from msgspec import Struct


class RoomMeasures(Struct, frozen=True):
    """Since the engine started, unless said otherwise; seconds and bytes. None: not known yet."""

    version: str
    seq: int
    events: dict[str, int]
    """Type → how many were committed."""
    commits: int
    commit_seconds: float
    """All of them together."""
    commit_p50: float | None
    commit_p99: float | None
    """Of the last commits (`engine.measured.KEPT`)."""
    lag_seconds: float
    """How late the loop woke last, and ``lag_most`` at worst in the last minute."""
    lag_most: float
    waiting: dict[str, int]
    """Inputs that wait for a commit: ``urgent``, ``comments``."""
    followers: int
    on_air: bool
    running: dict[str, int]
    """Status → promotions that stand there, of those that run or wait for an answer."""
    owed: dict[str, int]
    """Step → effects that nobody has answered yet."""
    store_bytes: int | None
    sources: dict[str, float]
    """Source → seconds since its last event."""
    ok: bool
