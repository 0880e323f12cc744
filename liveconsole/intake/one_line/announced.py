"""For whom a promotion is kept and how long it counts down, as a line says it: 「新人专享」「倒数 30 秒」."""

from __future__ import annotations

import re
from typing import Any, Final

from liveconsole.messages.audiences import BADGES
from liveconsole.messages.specs import SPECS, Announced

_ENDS: Final = r"(?=[\s:：,，;；。.!！]|$)"
_FOR: Final = re.compile(
    rf"(?:(?<=[\s,，;；。])|^)({'|'.join(zh for zh, _ in BADGES.values())})[:：]?{_ENDS}"
)
_COUNTS: Final = re.compile(rf"(?:(?<=[\s,，;；。])|^)倒数\s*(\d{{1,4}})\s*秒(?:开始)?{_ENDS}")
_NAMES: Final = {zh: name for name, (zh, _) in BADGES.items()}


def taken_out(line: str) -> tuple[str, dict[str, Any]]:
    """Return the line with blanks in their place, so that every letter stays where it was, and the fields."""
    fields: dict[str, Any] = {}
    if (found := _FOR.search(line)) is not None:
        fields["audience"] = _NAMES[found[1]]
        line = _blank(line, found)
    if (found := _COUNTS.search(line)) is not None:
        fields["countdown_seconds"] = int(found[1])
        line = _blank(line, found)
    return line, fields


def can_say(kind: str) -> bool:
    """Tell whether a kind can be kept for some and counted down to."""
    return issubclass(SPECS[kind], Announced)


def _blank(line: str, found: re.Match[str]) -> str:
    return line[: found.start()] + " " * (found.end() - found.start()) + line[found.end() :]
