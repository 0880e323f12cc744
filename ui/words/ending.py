"""What 下播 comes upon, as the engine counts it."""

from __future__ import annotations

from ui.i18n import t
from ui.seat.room import RoomView


def ends(room: RoomView) -> str:
    """What there is to say before the broadcast is ended; empty where nothing is open."""
    found = room.broadcast.ending
    parts = [
        t("{n} 个促销在进行", n=found.running) if found.running else "",
        t("{n} 件手机上的事没回", n=found.asked) if found.asked else "",
        t("{n} 位中奖的人没确认", n=found.unsettled) if found.unsettled else "",
    ]
    said = t("，").join(part for part in parts if part)
    return t("还有 {what}", what=said) if said else ""
