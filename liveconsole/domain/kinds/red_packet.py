"""红包: money in packets, sent on the platform's own page. How many were taken is read off there."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liveconsole.domain.context import Fold, Rule
from liveconsole.domain.kind import Given
from liveconsole.domain.kinds import plain
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import RedPacketSpec

NAME: Final = "red_packet"
SPEC: Final = RedPacketSpec
RETIRED: Final = False
DONE_AS: Final = RedPacketSpec.done_as
BENEFIT: Final = True
HANDS_OUT: Final = False
DISCOUNTS: Final = True
ARMED: Final = False
RECALLABLE: Final = True
KEYED: Final = True
SILENCE: Final = plain.SILENCE
GOES_ON: Final = False
CLOSES: Final = False
NEEDS_SHELF: Final = False
BY_NAME: Final = False


def check(room: Room, spec: RedPacketSpec, *, without: str | None = None) -> list[Refused]:
    """Refuse packets that hold less than one 分."""
    if spec.packets > spec.total_fen:
        return [Refused("over_limit", {"detail": f"packets {spec.packets} > {spec.total_fen} 分"})]
    return []


def cannot_start(room: Room, cue: Cue, spec: RedPacketSpec, now: datetime) -> Refused | None:
    return None


def goods(room: Room, spec: RedPacketSpec) -> set[str]:
    return set()


def exposure_fen(room: Room, spec: RedPacketSpec) -> int:
    return spec.total_fen


def all_taken(cue: Cue) -> bool:
    """Tell whether somebody read that no packet is left: what each held is known only of all together."""
    assert isinstance(cue.spec, RedPacketSpec)
    seen = cue.measured
    return seen is not None and (seen.left == 0 or (seen.claimed or 0) >= cue.spec.packets)


def gives(room: Room, cue: Cue, now: datetime) -> Given:
    """Return all of it once all is taken.

    What is left of one that is over goes back, and nobody tells how much: it can have cost all of it, but
    nothing where it was read that nobody took any."""
    assert isinstance(cue.spec, RedPacketSpec)
    whole = cue.spec.total_fen
    if all_taken(cue):
        return Given(whole, 0, whole)
    untouched = cue.status == "ended" and cue.measured is not None and cue.measured.claimed == 0
    return Given(0, 0, 0 if untouched else whole)


by_hand, makes_way, seconds, promises = plain.by_hand, plain.makes_way, plain.seconds, plain.promises
due, time_up, follow = plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
void_when_restored, cannot_buy, again = plain.void_when_restored, plain.cannot_buy, plain.again
fitted, rows, offers, per_buyer = plain.fitted, plain.rows, plain.offers, plain.per_buyer
outlasts, valid_for, waits, lighter = plain.outlasts, plain.valid_for, plain.waits, plain.lighter
logged, shape, folded = plain.logged, plain.shape, plain.folded
COMMANDS: Final[dict[str, Rule]] = {}
FOLDS: Final[dict[str, Fold]] = {}
