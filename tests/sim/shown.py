"""What the seats are shown, part by part, against the whole made anew at the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random

from liveconsole.domain.room import Room
from liveconsole.views.state.inputs import StateInputs
from liveconsole.views.state.sections import Sections
from tests.sim.broken import must
from tests.state_reader import NoNames, StateReader, fresh

_ROLES = ("host", "operator", "assistant", "viewer")
_LOOKED_AT = 0.2
"""Of all commits. The whole anew costs more than the commit; what a look missed is there at the next."""


class Shown:
    """Readers of every role, one of whom looks after a commit; the others fall behind."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(f"{seed}/shown")
        self._sections = Sections(str(seed))
        self._readers = [StateReader(role) for role in _ROLES]

    def committed(self, types: Iterable[str], room: Room, now: datetime) -> None:
        self._sections.mark(types)
        if self._dice.random() >= _LOOKED_AT:
            return
        reader = self._dice.choice(self._readers)
        answer = self._sections.answer(StateInputs(room, now, NoNames(), {}), reader.role, reader.have)
        try:
            reader.take(answer)
            reader.must_be(fresh(room, now, reader.role))
        except AssertionError as found:
            must(False, "a seat is shown what is not so", reader.role, str(found)[:400])
