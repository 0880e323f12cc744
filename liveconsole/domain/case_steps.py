"""How far a case is, and whose review may be shown: said by a person, kept on the log and in the books.

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
    ReviewAgreed,
    ReviewConsent,
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


def consent(room: Room, data: ReviewConsent, ctx: Context) -> Decision | Refused:
    """Note that the buyer agrees to his review being shown, or no longer does."""
    agreed = ReviewAgreed(data.review_id, data.agreed)
    return Decision([ctx.event("review.agreed", agreed)], {"review_id": data.review_id})


def _of_the_books(room: Room, data: Any, event: Event) -> None:
    pass


COMMANDS: Final[dict[str, Rule]] = {"case.step": put, "review.consent": consent}
FOLDS: Final[dict[str, Fold]] = {"case.stepped": _of_the_books, "review.agreed": _of_the_books}
