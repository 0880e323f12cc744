"""What counts down before viewers' eyes: what it will be, for whom, and when; nothing that is not so yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from liveconsole.domain.audiences import audience_of, countdown
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.audiences import badge
from liveconsole.messages.specs import SPECS


class OverlayComing(Struct, omit_defaults=True):
    """A promotion that was fired, counts down, and may still be taken back."""

    kind: str
    cue_id: str
    title: str
    starts_at: datetime
    called: str
    """What its kind is called."""
    number: int | None = None
    price_fen: int | None = None
    price_from: bool = False
    off: str = ""
    quantity: int | None = None
    audience: str = ""


class PromotionCard(Protocol):
    """What is taken of the card that it will have."""

    title: str
    number: int | None
    price_fen: int | None
    price_from: bool
    off: str
    quantity: int | None
    sold_out: bool


def coming_of(room: Room, card_of: Callable[[Cue], PromotionCard | None]) -> list[OverlayComing]:
    """Return what counts down, the soonest first."""
    found = []
    for cue in map(room.cues.__getitem__, room.live):
        if cue.status != "recallable" or cue.fires_at is None or countdown(cue.spec) is None:
            continue
        card = card_of(cue)
        if card is None or card.sold_out:
            continue
        found.append(
            OverlayComing(
                cue.kind,
                cue.cue_id,
                card.title,
                cue.fires_at,
                SPECS[cue.kind].title[0],
                card.number,
                card.price_fen,
                card.price_from,
                card.off,
                card.quantity,
                badge(audience_of(cue.spec)),
            )
        )
    return sorted(found, key=lambda one: (one.starts_at, one.cue_id))
