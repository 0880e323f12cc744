"""The state as the door serves it: the core's room, its people and what was folded since, in sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from liveconsole.domain.room import Room
from liveconsole.engine.people import People
from liveconsole.store.people import pids_in
from liveconsole.views.phone import PhoneInputs, phone_view, sees_names, winners_in
from liveconsole.views.state.inputs import StateInputs, WordLists
from liveconsole.views.state.sections import Sections

_encode = msgspec.json.Encoder().encode


class FoldedRoom(Protocol):
    """What is shown: a room that runs (`core.RoomCore`), or one that is looked at again."""

    people: People
    forgot: int
    turned_away: Counter[str]

    @property
    def room(self) -> Room: ...

    @property
    def began(self) -> datetime: ...

    def take_folded(self) -> set[str]: ...


class ShownState:
    """Answers ``GET /v1/state`` of one room. On the store thread only."""

    def __init__(self, core: FoldedRoom, log_id: str, words: WordLists | None = None) -> None:
        self._core = core
        self._words = words
        self._names = _Names(core.people)
        self._log_id = log_id
        self._sections = Sections(log_id)
        self._forgot = core.forgot

    def answer(self, now: datetime, health: Mapping[str, Any], role: str, have: str) -> bytes:
        look = self._look(now, health)
        return self._sections.answer(look, role, have)

    def phone(self, now: datetime, role: str, *, english: bool) -> bytes:
        """Return what a phone shows (`messages.phone`), for a role."""
        look = self._look(now, {})
        can, rundown = self._sections.seen(look, role)
        people = self._names.names(winners_in(look.room)) if sees_names(role) else {}
        seen = PhoneInputs(look.room, now, role, can, rundown, people, english)
        return _encode(phone_view(seen))

    def _look(self, now: datetime, health: Mapping[str, Any]) -> StateInputs:
        core = self._core
        if core.forgot != self._forgot:  # what was kept may name him
            self._forgot, self._sections = core.forgot, Sections(self._log_id)
        self._sections.mark(core.take_folded())
        return StateInputs(core.room, now, self._names, health, (core.turned_away, core.began), self._words)


class _Names:
    """Who is shown is watched: a new name of his moves what shows him."""

    def __init__(self, people: People) -> None:
        self._people = people

    def names(self, pids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        asked = set(pids)
        self._people.watched |= asked
        return self._people.names(asked)

    def shown(self, line: bytes) -> bytes:
        self._people.watched |= pids_in((line,))
        return self._people.shown(line)

    def renamed(self) -> bool:
        if not self._people.renamed:
            return False
        self._people.renamed, self._people.watched = False, set()
        return True
