"""What the state is made from at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from msgspec import Struct

from liveconsole.domain.room import Room
from liveconsole.messages.law import LawRules
from liveconsole.messages.state import WordState
from liveconsole.views.kinds.kind import People, TurnedAway

WORDS_SHOWN: Final = 20
"""Words that one promotion is marked with: the first ones are enough to send it back."""


class PersonNames(Protocol):
    """People as the outside knows them."""

    def names(self, pids: Iterable[str]) -> People:
        """pid → (outside id, name), as far as anybody knows."""

    def shown(self, line: bytes) -> bytes:
        """JSON with outside ids and names in place of pids."""

    def renamed(self) -> bool:
        """Tell whether somebody who was asked for is known by another name since the last call."""


class WordLists(Protocol):
    """The lists that texts are checked against; a person edits them while the engine runs."""

    @property
    def lists(self) -> object:
        """Another object whenever they were read anew."""

    @property
    def rules(self) -> LawRules | None:
        """The rules of law as their files say them, for a room that has not asked for any yet."""

    def found(self, texts: Iterable[tuple[str, str]]) -> list[WordState]:
        """Return what is found in (path, text), the first `WORDS_SHOWN` of it."""


class StateInputs(Struct, frozen=True):
    """``health``: the engine's own account of itself and its sources. Without ``words`` nothing is marked."""

    room: Room
    now: datetime
    names: PersonNames
    health: Mapping[str, Any]
    turned_away: TurnedAway | None = None
    words: WordLists | None = None
