"""People in a report: by a masked name, unless whole names were asked for; never by an id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liveconsole.messages.fields import FORGOTTEN
from liveconsole.views.report.catalogue import one_line


def masked(name: str) -> str:
    """``羊毛出在羊身上`` → ``羊**``: the first character, and no hint at the length."""
    plain = one_line(name)
    return f"{plain[0]}**" if plain else ""


class NameMask:
    """How names leave the fold."""

    def __init__(self, *, names: bool) -> None:
        self.names = names

    def __call__(self, person: Mapping[str, Any]) -> str:
        """The name in ``{"id", "name"}``; ``""`` for somebody who was forgotten."""
        return self.of(person.get("name") or "")

    def of(self, name: str) -> str:
        """Return a bare name, as a platform's winners have it; ``""`` for somebody who was forgotten."""
        if name == FORGOTTEN:
            return ""
        return one_line(name) if self.names else masked(name)
