"""Stream and recording of OBS as figures for the strip, whoever started them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

Figures = dict[str, int | None]

NOTHING: Final[Figures] = dict.fromkeys(
    (
        "streaming",
        "reconnecting",
        "stream_began",
        "congestion_percent",
        "dropped_frames",
        "total_frames",
        "recording",
        "record_paused",
        "record_began",
        "chapters",
    )
)
"""Every figure there is, unknown: ``…_began`` in Unix milliseconds by the room's clock, what is or is not as
1 or 0."""
_SAME_MS: Final = 3_000
"""OBS tells a duration: the beginning that follows from it shakes by the way of the answer."""


def figures(stream: Mapping[str, Any], record: Mapping[str, Any], now: datetime, before: Figures) -> Figures:
    """What ``GetStreamStatus`` and ``GetRecordStatus`` answered at ``now``; an output that does not run has
    no figures but that."""
    told = NOTHING | {"chapters": before.get("chapters")}
    told["streaming"], told["recording"] = _yes(stream, "outputActive"), _yes(record, "outputActive")
    if told["streaming"]:
        told["reconnecting"] = _yes(stream, "outputReconnecting")
        told["stream_began"] = _began(stream, now, before.get("stream_began"))
        told["dropped_frames"] = _whole(stream.get("outputSkippedFrames"))
        told["total_frames"] = _whole(stream.get("outputTotalFrames"))
        told["congestion_percent"] = _whole(stream.get("outputCongestion"), 100)
    if told["recording"]:
        told["record_paused"] = _yes(record, "outputPaused")
        told["record_began"] = _began(record, now, before.get("record_began"))
    return told


def _yes(status: Mapping[str, Any], name: str) -> int | None:
    value = status.get(name)
    return int(value) if isinstance(value, bool) else None


def _whole(value: object, times: int = 1) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    whole = value * times
    return round(whole) if 0 <= whole < 2**53 else None


def _began(status: Mapping[str, Any], now: datetime, before: int | None) -> int | None:
    duration = _whole(status.get("outputDuration"))
    if duration is None:
        return None
    began = round(now.timestamp() * 1000) - duration
    return before if before is not None and abs(before - began) <= _SAME_MS else began
