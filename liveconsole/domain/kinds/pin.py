"""讲解: one product is explained at a time; the room keeps what is wanted there and what is seen there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain import fire
from liveconsole.domain.context import Fold, Rule
from liveconsole.domain.kinds import plain
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import CueEnded
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import PinSpec

NAME: Final = "pin"
SPEC: Final = PinSpec
RETIRED: Final = False
DONE_AS: Final = PinSpec.done_as
BENEFIT: Final = False
HANDS_OUT: Final = False
DISCOUNTS: Final = False
ARMED: Final = False
RECALLABLE: Final = False
KEYED: Final = False
SILENCE: Final = timedelta(seconds=30)
GOES_ON: Final = False
CLOSES: Final = True
NEEDS_SHELF: Final = False
"""The cart ends it itself, as unpinned."""
BY_NAME: Final = False


def check(room: Room, spec: PinSpec, *, without: str | None = None) -> list[Refused]:
    if spec.product_id not in room.products:
        return [Refused("unknown_sku", {"sku_id": spec.product_id, "product_id": spec.product_id})]
    return []


def cannot_start(room: Room, cue: Cue, spec: PinSpec, now: datetime) -> Refused | None:
    return fire.off_shelf(room, [spec.product_id])


def goods(room: Room, spec: PinSpec) -> set[str]:
    return {spec.product_id}


def makes_way(room: Room, cue: Cue) -> list[Cue]:
    """One product is explained at a time, and the platform's next pin takes the place of the last one."""
    return [other for other in fire.pins(room) if other.cue_id != cue.cue_id]


def seconds(spec: PinSpec) -> int | None:
    return None


def folded(room: Room, cue: Cue, event: Event) -> None:
    """`Room.pinned`: what is wanted from the firing on, and what somebody who can know said is there."""
    assert isinstance(cue.spec, PinSpec)
    pinned, product_id = room.pinned, cue.spec.product_id
    if event.type == "cue.firing":
        pinned.wanted = pinned.last = product_id
        pinned.cue_id = cue.cue_id
    elif event.type == "cue.on_air":
        pinned.confirmed, pinned.confirmed_at = product_id, event.at
    elif event.type == "cue.refused":
        _unpin(room, cue)
    elif event.type == "cue.ended":
        _unpin(room, cue)
        ended = event.data
        assert isinstance(ended, CueEnded)
        if not ended.key and ended.reason != "replaced":
            _off_the_screen(room, product_id, event)
    elif event.type == "cue.end_confirmed" and pinned.wanted is None:
        _off_the_screen(room, product_id, event)


def _unpin(room: Room, cue: Cue) -> None:
    if room.pinned.cue_id == cue.cue_id:
        room.pinned.wanted = room.pinned.cue_id = None


def _off_the_screen(room: Room, product_id: str, event: Event) -> None:
    if room.pinned.confirmed == product_id:
        room.pinned.confirmed, room.pinned.confirmed_at = None, event.at


by_hand = plain.by_hand
promises, due, time_up, follow = plain.promises, plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, again = plain.void_when_restored, plain.again
gives, outlasts = plain.gives, plain.outlasts
offers, exposure_fen = plain.offers, plain.exposure_fen
per_buyer, cannot_buy = plain.per_buyer, plain.cannot_buy
logged, shape = plain.logged, plain.shape
fitted, rows = plain.fitted, plain.rows
valid_for, waits, lighter = plain.valid_for, plain.waits, plain.lighter
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {}
