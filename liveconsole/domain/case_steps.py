"""How far a case is: said by a person, kept on the log and in the books.

Nothing of it decides anything in the room, so nothing of it is in its memory.
"""

from __future__ import annotations

from typing import Any, Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.after_order import (
    CASE_TEXT_LONG,
    CaseStepped,
    CaseStepPut,
)
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused


def put(room: Room, data: CaseStepPut, ctx: Context) -> Decision | Refused:
    """Note a step of a case; said again, the last word stands."""
    note = data.note.strip()
    if len(note) > CASE_TEXT_LONG:
        return Refused("bad_shape", {"detail": "note"})
    stepped = CaseStepped(data.case_id, data.step, note, data.done)
    return Decision([ctx.event("case.stepped", stepped)], {"case_id": data.case_id, "step": data.step})


def _of_the_books(room: Room, data: Any, event: Event) -> None:
    pass


COMMANDS: Final[dict[str, Rule]] = {"case.step": put}
FOLDS: Final[dict[str, Fold]] = {"case.stepped": _of_the_books}
