"""The fold of the log: one event onto the room."""

from __future__ import annotations

from typing import Final

from liveconsole.domain import (
    anchors,
    answers,
    audience,
    board_figures,
    broadcast,
    cart,
    case_steps,
    catalogue,
    clock,
    connections,
    cue_folds,
    gaps,
    membership,
    notes,
    order,
    order_books,
    overrides,
    parts,
    pledges,
    preparing,
    proofs,
    restored,
    rundown,
    set_limits,
    sharers,
    shop,
    shop_asks,
    shown_reviews,
    stock,
    stories,
    viewers,
)
from liveconsole.domain.context import Fold
from liveconsole.domain.drills import run as drill
from liveconsole.domain.drills import seen
from liveconsole.domain.kind import kind_of, kinds
from liveconsole.domain.law import reviews, used_rights, violations
from liveconsole.domain.law import rules as law_rules
from liveconsole.domain.room import ClockStep, Room
from liveconsole.messages.care import ClockStepped
from liveconsole.messages.envelope import Event
from liveconsole.messages.sharing import SeatGave


def _of_whom(room: Room, data: SeatGave, event: Event) -> None:
    """Which seat it was changes nothing in the room."""


def _stepped(room: Room, data: ClockStepped, event: Event) -> None:
    room.clock_step = ClockStep(data.seconds, event.at)


FOLDS: Final[dict[str, Fold]] = {
    **audience.FOLDS,
    **broadcast.FOLDS,
    **catalogue.FOLDS,
    **cart.FOLDS,
    **cue_folds.FOLDS,
    **set_limits.FOLDS,
    **stock.FOLDS,
    **shop.FOLDS,
    **shop_asks.FOLDS,
    **case_steps.FOLDS,
    **shown_reviews.FOLDS,
    **stories.FOLDS,
    **order.FOLDS,
    **order_books.FOLDS,
    **{name: fold for kind in kinds() for name, fold in kind.FOLDS.items()},
    **rundown.FOLDS,
    **anchors.FOLDS,
    **notes.FOLDS,
    **answers.FOLDS,
    **pledges.FOLDS,
    **parts.FOLDS,
    **preparing.FOLDS,
    **sharers.FOLDS,
    **board_figures.FOLDS,
    **proofs.FOLDS,
    **restored.FOLDS,
    **viewers.FOLDS,
    **membership.FOLDS,
    **overrides.FOLDS,
    **clock.FOLDS,
    **connections.FOLDS,
    **gaps.FOLDS,
    **drill.FOLDS,
    **law_rules.FOLDS,
    **reviews.FOLDS,
    **used_rights.FOLDS,
    **violations.FOLDS,
    "clock.stepped": _stepped,
    "seat.gave": _of_whom,
}
"""event type → how it changes the room; every type of ``messages.events.EVENTS``."""

_MOVES_A_CUE: Final = frozenset(t for t in FOLDS if t.startswith(("cue.", "bag.", "places.")))


def evolve(room: Room, event: Event) -> Room:
    """Changes ``room`` by a committed event and gives it back.

    Raises:
        KeyError: the type is of a newer version of the program; a room must not be folded without it.
    """
    FOLDS[event.type](room, event.data, event)
    if event.type in _MOVES_A_CUE:
        cue = room.cues.get(event.data.cue_id)  # type: ignore[attr-defined]
        if cue is not None:
            kind_of(cue).folded(room, cue, event)
            claims_run = cue.status == "ended" and kind_of(cue).due(cue) is not None
            cue_folds.refresh_live(room, cue, claims_run=claims_run)
    if room.drill is not None:
        seen.note(room, event)
    if not room.simulated:
        proofs.note(room, event)
    if event.seq:
        room.seq = event.seq
    room.at = event.at
    return room
