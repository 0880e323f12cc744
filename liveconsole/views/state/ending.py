"""What 下播 would come upon: what still runs, what nobody has answered, who has not been seen to. Pure."""

from __future__ import annotations

from liveconsole.domain.platforms import does
from liveconsole.domain.room import Room
from liveconsole.domain.room_bags import Bag
from liveconsole.messages.state import EndingState
from liveconsole.messages.statuses import RUNNING
from liveconsole.views.kinds import WORDS


def ending_state(room: Room) -> EndingState:
    """Count it; nothing while the broadcast is not open."""
    if room.broadcast.status != "open":
        return EndingState()
    cues = room.cues.values()
    return EndingState(
        running=sum(cue.status in RUNNING and WORDS[cue.kind].LISTED for cue in cues),
        asked=sum(cue.owed is not None and does(room, cue) == "person" for cue in cues),
        unsettled=sum(_unsettled(bag) for cue in cues for bag in cue.bags),
    )


def _unsettled(bag: Bag) -> int:
    """Winners who are neither confirmed nor passed over; those that the platform drew are known by name."""
    if bag.platform_names:
        return sum(str(place) not in bag.platform_settled for place in range(len(bag.platform_names)))
    return len(bag.unsettled)
