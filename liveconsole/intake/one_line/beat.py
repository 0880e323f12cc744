"""A beat that a line asks for: 「每小时」「整点 共5场」「每30分钟」."""

from __future__ import annotations

import re
from typing import Any, Final

_STARTS: Final = r"(?:(?<=[\s,，;；。])|^)"
_ENDS: Final = r"(?=[\s:：,，;；。.!！]|$)"
_BEAT: Final = re.compile(
    rf"{_STARTS}(?:每个?(?:小时|整点)|整点|每\s*(\d{{1,4}})\s*分钟)(?:一[场次])?"
    rf"(?:[\s,，]*共?\s*(\d{{1,2}})\s*[场次])?{_ENDS}"
)
HOUR: Final = 60
USUAL_TIMES: Final = 5
"""Where a line does not say how many."""


def beat_taken_out(line: str) -> tuple[str, dict[str, Any] | None]:
    """Return the line with blanks in its place, so that every letter stays where it was, and ``repeat`` as
    ``cue.add`` takes it; None where the line asks for none."""
    found = _BEAT.search(line)
    if found is None:
        return line, None
    repeat = {"minutes": int(found[1] or HOUR), "times": int(found[2] or USUAL_TIMES)}
    return line[: found.start()] + " " * (found.end() - found.start()) + line[found.end() :], repeat
