"""What the room keeps of what is played with the audience."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from msgspec import Struct, field

from liveconsole.messages.draws import DrawPromise
from liveconsole.messages.fields import Pid


class Comer(Struct):
    """``number`` counts from 1 in the order of the log: who came first is never a matter of a clock."""

    number: int
    at: datetime
    entry_id: str
    freed: bool = False
    """A person took him off the list; he does not come a second time."""


class PlaceList(Struct):
    promise: DrawPromise | None = None
    """The rules, fixed before anybody can come; no random value is needed."""
    source: str = ""
    came: dict[str, Comer] = field(default_factory=dict)
    """pid → when, in the order in which they came."""
    unverified: list[Pid] = field(default_factory=list)
    freed: int = 0
    receipt_code: str = ""
    """Of the list as it stood at its end; empty before."""

    def in_line(self) -> Iterator[tuple[str, Comer]]:
        """Everybody who is on the list, the first first."""
        return ((pid, comer) for pid, comer in self.came.items() if not comer.freed)

    def placed(self, places: int) -> list[tuple[str, Comer]]:
        """Return who has a place."""
        return list(islice(self.in_line(), places))

    def waiting(self, places: int) -> int:
        """Return how many more came than there are places."""
        return max(0, len(self.came) - self.freed - places)


class PkScore(Struct, frozen=True):
    """A round as it was told last; None: nobody has told."""

    ours: int | None = None
    theirs: int | None = None
    at: datetime | None = None


class PkTally(Struct):
    """``scores``: one a round that has begun, the last is the one that runs."""

    scores: list[PkScore] = field(default_factory=lambda: [PkScore()])
