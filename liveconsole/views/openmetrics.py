"""An engine's measures as OpenMetrics text 1.0. Pure.

No amounts, no names, no ids of people: who scrapes keeps what he gets for years, in places of his own. What a
room has sold is asked of the state, by a seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from liveconsole.messages.measures import RoomMeasures

TYPE: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_SOURCE_LONG: Final = 200
_Sort = Literal["gauge", "counter", "summary", "info"]
_Samples = list[tuple[str, Mapping[str, str], float]]


def exposition(room: str, measured: RoomMeasures, alarms: Mapping[str, int]) -> bytes:
    """Return the text. ``alarms``: code → how many stand."""
    lines: list[str] = []

    def family(name: str, sort: _Sort, help_: str, samples: _Samples, unit: str = "") -> None:
        whole = f"liveconsole_{name}"
        lines.append(f"# TYPE {whole} {sort}")
        if unit:
            lines.append(f"# UNIT {whole} {unit}")
        lines.append(f"# HELP {whole} {help_}")
        lines.extend(
            f"{whole}{suffix}{_labels(labels)} {_number(value)}" for suffix, labels, value in samples
        )

    def by(label: str, counts: Mapping[str, float]) -> _Samples:
        return [("", {label: key}, value) for key, value in sorted(counts.items())]

    one = measured
    family("engine", "info", "The engine of a room.", [("_info", {"room": room, "version": one.version}, 1)])
    family("up", "gauge", "1 while nothing is in trouble.", [("", {}, one.ok)])
    family("on_air", "gauge", "1 while a broadcast runs.", [("", {}, one.on_air)])
    family("log_seq", "gauge", "The last seq of the log.", [("", {}, one.seq)])
    events: _Samples = [("_total", {"type": type_}, n) for type_, n in sorted(one.events.items())]
    family("events", "counter", "Events committed since the start.", events)
    quantiles = {"0.5": one.commit_p50, "0.99": one.commit_p99}
    commit: _Samples = [("", {"quantile": q}, s) for q, s in quantiles.items() if s is not None]
    commit += [("_count", {}, one.commits), ("_sum", {}, one.commit_seconds)]
    family("commit_seconds", "summary", "Commits; quantiles of the last thousand.", commit, "seconds")
    lag: _Samples = [("", {"of": "last"}, one.lag_seconds), ("", {"of": "minute"}, one.lag_most)]
    family("loop_lag_seconds", "gauge", "How late the loop woke.", lag, "seconds")
    family("waiting", "gauge", "Inputs that wait for a commit.", by("queue", one.waiting))
    family("followers", "gauge", "Open streams of the log.", [("", {}, one.followers)])
    family("promotions", "gauge", "Promotions that run, by status.", by("status", one.running))
    family("effects_owed", "gauge", "Effects that nobody has answered.", by("step", one.owed))
    size: _Samples = [("", {}, one.store_bytes)] if one.store_bytes is not None else []
    family("store_size_bytes", "gauge", "Files of the store.", size, "bytes")
    ages = {source[:_SOURCE_LONG]: age for source, age in one.sources.items()}
    silent = by("source", ages)
    family("source_age_seconds", "gauge", "Since a source was heard last.", silent, "seconds")
    family("alarms", "gauge", "Alarms that stand.", by("code", alarms))
    lines.append("# EOF\n")
    return "\n".join(lines).encode()


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels.items()) + "}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.9f}".rstrip("0")
