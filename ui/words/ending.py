"""What 下播 comes to: what still runs, what nobody has answered, who has not been seen to."""

from __future__ import annotations

from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView


def ends(room: RoomView) -> str:
    """What there is to say before the broadcast is ended; empty where nothing is open."""
    cues = list(room.cues.values())
    running = sum(kind_of(cue.kind).LISTED for cue in room.running())
    asked = sum(cue.owed is not None and cue.owed.by == "person" for cue in cues)
    unsettled = sum(winner.settled is None for cue in cues for winner in getattr(cue, "winners", ()))
    parts = [
        t("{n} 个促销在进行", n=running) if running else "",
        t("{n} 件手机上的事没回", n=asked) if asked else "",
        t("{n} 位中奖的人没确认", n=unsettled) if unsettled else "",
    ]
    said = "，".join(part for part in parts if part)
    return t("还有 {what}", what=said) if said else ""
