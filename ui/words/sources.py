"""Where news comes from and how old the last of it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liveconsole.messages.gaps import why_words
from liveconsole.messages.sources import source_words
from liveconsole.messages.state import SourceState
from ui.clean import clean
from ui.i18n import language, t
from ui.widgets.when import age

QUIET_AFTER: Final = 15.0
"""Seconds without an event after which a source is amber: a busy room is never that still."""
DEAD_AFTER: Final = 60.0


def source_name(source: str) -> str:
    """A source's path (``/oba/comments``) as people call it; one that is not known keeps its own name."""
    return source_words(clean(source, 80), english=language() == "en")


def gap_words(source: str, since: str, until: str, why: str) -> str:
    """When a source told nothing although it should have; without ``until`` it goes on."""
    name = source_name(source)
    if until:
        return t("{name} {since}–{until} 没有数据", name=name, since=since, until=until)
    said = why_words(why, english=language() == "en")
    began = t("{name} 从 {since} 起没有数据", name=name, since=since)
    return f"{began} · {said}" if said else began


def source_age(source: SourceState, now: datetime) -> float | None:
    """Seconds since its last event, or None when it never spoke."""
    last = source.last_at
    return None if last is None else max(0.0, (now - last).total_seconds())


def source_look(seconds: float | None) -> tuple[str, str, str]:
    """Shape, tone and words of an age: the shape tells it to who does not see the colour."""
    if seconds is None:
        return "ring", "fg2", t("未连")
    if seconds < QUIET_AFTER:
        return "dot", "ok", age(seconds)
    if seconds < DEAD_AFTER:
        return "square", "warn", age(seconds)
    return "triangle", "live", age(seconds)


def orders_without_amount(count: int) -> str:
    """Say how many orders something told of that count nowhere, because nobody knows their amount."""
    return t("看到 {n} 单，没有金额，不算订单", n=f"{count:,}")
