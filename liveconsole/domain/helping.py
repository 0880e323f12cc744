"""People who help somebody to a price (砍价), or are brought by him (分享券): who has enough of them has it.

Nobody helps himself, and one person counts once for another, however often it is told and in whatever order.
"""

from __future__ import annotations

from typing import Final

from liveconsole.domain import fire
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.refusals import Refused

PAIRS_KEPT: Final = 100_000
"""Of one promotion, who helped whom; what is told beyond is counted only."""


def help_on(room: Room, cue_id: str, helper: str, pid: str, *, most: int | None = None) -> None:
    """A fold: ``helper`` helped ``pid``. ``most``: more helpers of one are not kept."""
    cue = room.cues.get(cue_id)
    if cue is None or cue.helped is None or cue.status not in fire.RUNNING or helper == pid:
        return
    helped = cue.helped
    by = helped.helpers.get(pid, {})
    if helper in by or (most is not None and len(by) >= most):
        return
    if helped.pairs >= PAIRS_KEPT:
        helped.beyond += 1
        return
    helped.helpers.setdefault(pid, by)[helper] = None
    helped.pairs += 1


def not_reached(cue: Cue, pid: str) -> Refused | None:
    """Tell how many somebody still needs."""
    assert cue.helped is not None
    missing = cue.helped.missing(pid)
    if not missing:
        return None
    return Refused("not_reached", {"cue_id": cue.cue_id, "missing": missing, "needed": cue.helped.needed})
