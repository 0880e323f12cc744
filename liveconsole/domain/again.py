"""返场 and 再来一轮: a promotion once more, as a draft with what is left of it."""

from __future__ import annotations

from typing import Final

from liveconsole.domain import authors
from liveconsole.domain import cue as cues
from liveconsole.domain.context import Context, Decision, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.room import Room
from liveconsole.messages import commands, events
from liveconsole.messages.refusals import Refused


def again(room: Room, data: commands.CueAgain, ctx: Context) -> Decision | Refused:
    """Return what its kind can still promise of it; all else stays as it was."""
    cue = cues.known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    cue_id = data.new_cue_id if data.new_cue_id is not None else f"c{ctx.chance.fresh(8).hex()}"
    if cue_id in room.cues:
        return Refused("cue_exists", {"cue_id": cue_id})
    sent = kind_of(cue).again(room, cue)
    if isinstance(sent, Refused):
        return sent
    judged = cues.judged_spec(room, cue.kind, sent, None)
    if isinstance(judged, Refused):
        return judged
    wrote = authors.of_cue(cue)
    queued = events.CueQueued(cue_id, cue.kind, sent, again_of=cue.cue_id, authors=wrote)
    result = {"cue_id": cue_id, "status": "queued", "spec": sent}
    return Decision([ctx.event("cue.queued", queued)], result)


COMMANDS: Final[dict[str, Rule]] = {"cue.again": again}
