"""What a page of the guide tells to do, read off its Markdown: the numbered steps, in their order.

In a numbered step ``<kbd>X</kbd>`` is a key to press, behind 「按住」 or “hold” one to hold until what
follows is seen; ``<kbd>Tab</kbd> 到 **X**`` goes to a button; code is text to put in; other **bold** words
have to be seen on the screen then. A ``<kbd class="told">`` is only told of, as is all outside the steps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

Does = Literal["press", "hold", "tab", "put", "see"]

_STEP: Final = re.compile(r"^(\d+)\. (.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_PART: Final = re.compile(
    r"<kbd>(?P<tab>(?:Shift\+)?Tab)</kbd>\s*(?:到|to)\s*\*\*(?P<to>[^*]+)\*\*"
    r"|(?P<held>按住 |[Hh]old )?<kbd>(?P<key>[^<]+)</kbd>"
    r"|\*\*(?P<see>[^*]+)\*\*"
    r"|```\n(?P<block>.*?)```"
    r"|`(?P<line>[^`\n]+)`",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that is done or looked for. ``back``: with Shift."""

    does: Does
    what: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step. ``number`` as it is printed."""

    number: int
    actions: list[Action] = field(default_factory=list)


def steps(text: str) -> list[Step]:
    """Return the steps of a page in their order."""
    found = []
    for number, body in _STEP.findall(_COMMENT.sub("", text)):
        found.append(Step(int(number), [_action(part) for part in _PART.finditer(body)]))
    return found


def _action(part: re.Match[str]) -> Action:
    if part["tab"]:
        return Action("tab", part["to"], back=part["tab"] != "Tab")
    if part["key"]:
        return Action("hold" if part["held"] else "press", part["key"])
    if part["see"]:
        return Action("see", part["see"])
    if part["block"] is not None:
        lines = [line.strip() for line in part["block"].splitlines()]
        return Action("put", "\n".join(line for line in lines if line))
    return Action("put", part["line"])
