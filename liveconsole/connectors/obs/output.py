"""Stream and recording of OBS as figures for the strip, whoever started them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.messages.connections import ConnectionFigures, known

NOTHING: Final = ConnectionFigures(
    streaming=None,
    reconnecting=None,
    stream_began=None,
    congestion_percent=None,
    dropped_frames=None,
    total_frames=None,
    recording=None,
    record_paused=None,
    record_began=None,
    chapters=None,
)
"""Every figure of OBS, unknown."""
_SAME_MS: Final = 3_000
"""OBS tells a duration: the beginning that follows from it shakes by the way of the answer."""


def figures(
    stream: Mapping[str, Any], record: Mapping[str, Any], now: datetime, before: ConnectionFigures
) -> ConnectionFigures:
    """What ``GetStreamStatus`` and ``GetRecordStatus`` answered at ``now``; an output that does not run has
    no figures but that."""
    streaming, recording = _yes(stream, "outputActive"), _yes(record, "outputActive")
    told = replace(NOTHING, chapters=before.chapters, streaming=streaming, recording=recording)
    if streaming:
        told = replace(
            told,
            reconnecting=_yes(stream, "outputReconnecting"),
            stream_began=_began(stream, now, known(before.stream_began)),
            dropped_frames=_whole(stream.get("outputSkippedFrames")),
            total_frames=_whole(stream.get("outputTotalFrames")),
            congestion_percent=_whole(stream.get("outputCongestion"), 100),
        )
    if recording:
        told = replace(
            told,
            record_paused=_yes(record, "outputPaused"),
            record_began=_began(record, now, known(before.record_began)),
        )
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
