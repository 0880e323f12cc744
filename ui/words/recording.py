"""推流 and 录制 of OBS, in words: whoever started them, and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from liveconsole.messages.connection_words import is_well
from liveconsole.messages.connections import ConnectionFigures, known
from liveconsole.messages.state import HealthState
from ui.i18n import t
from ui.widgets.when import long_clock

_CONGESTED: Final = 50
"""Per cent from which on viewers see it."""
_DROPPED: Final = 0.01
"""Share of frames from which on viewers see it."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def output_sign(health: HealthState, now: datetime) -> tuple[str, str, str]:
    """Icon, tone and words of what OBS puts out, for the strip; empty words where there is no OBS."""
    one = health.connections.get("obs")
    if one is None:
        return "", "fg2", ""
    said = one.figures
    streaming, recording = known(said.streaming), known(said.recording)
    if not is_well("obs", one) and streaming is None:
        return "warn", "warn", t("OBS —")
    parts = []
    if streaming:
        parts.append(_with_clock(t("推流"), known(said.stream_began), now))
    if recording:
        parts.append(
            t("录制暂停")
            if known(said.record_paused)
            else _with_clock(t("录制"), known(said.record_began), now)
        )
    trouble = _trouble(said)
    if trouble:
        return "warn", "warn", " · ".join([*parts, trouble])
    if parts:
        return "dot", "live", " · ".join(parts)
    if streaming is None and recording is None:
        return "ring", "fg2", t("OBS —")
    return "ring", "fg2", t("OBS 没推没录")


def _with_clock(word: str, began: int | None, now: datetime) -> str:
    if began is None:
        return word
    return f"{word} {long_clock((now - _EPOCH - timedelta(milliseconds=began)).total_seconds())}"


def _trouble(said: ConnectionFigures) -> str:
    if known(said.reconnecting):
        return t("推流在重连")
    congestion, dropped, total = map(known, (said.congestion_percent, said.dropped_frames, said.total_frames))
    if dropped and total and dropped / total >= _DROPPED:
        return t("丢帧 {share}", share=f"{dropped / total:.1%}")
    if congestion is not None and congestion >= _CONGESTED:
        return t("上行挤 {n}%", n=congestion)
    return ""


def recording_words(health: HealthState, now: datetime) -> str:
    """What OBS puts out, in a line of the settings."""
    return output_sign(health, now)[2]
