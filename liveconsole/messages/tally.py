"""Counts that several sources of one room tell: one rule for the figures and the report."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.tools import is_tool, may_share, tool_of

SOURCES: Final = 50
"""Sources told apart in one count; who makes up a new one for every event is no source of a room."""
_OTHERS: Final = ""


def more(told: dict[str, int], source: str, count: int) -> int:
    """Add what a capture source told to its own count, and return what that adds to the room's.

    Of the tools that can watch the same room only the one that told most counts, or everybody would be
    counted twice. Whoever is no such tool adds what he tells.
    """
    if not is_tool(tool_of(source)):
        return count
    if source not in told and len(told) >= SOURCES:
        source = _OTHERS
    before = _total(told)
    told[source] = told.get(source, 0) + count
    return max(0, _total(told) - before)


def _total(told: dict[str, int]) -> int:
    if len(told) < 2:
        return sum(told.values())
    total = 0
    left = list(told)
    while left:
        together = [left.pop()]
        for one in together:
            near = [other for other in left if may_share(tool_of(one), tool_of(other))]
            together += near
            left = [other for other in left if other not in near]
        total += max(told[one] for one in together)
    return total
