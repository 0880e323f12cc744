"""返场 and 再来一轮: a promotion once more, as a draft with what is left of it."""

from __future__ import annotations

from typing import Any, Final

from liveconsole.domain import cue as cues
from liveconsole.domain import stock
from liveconsole.domain.context import Context, Decision, Rule
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import commands, events
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import FlashSaleSpec


def again(room: Room, data: commands.CueAgain, ctx: Context) -> Decision | Refused:
    """A sale gets no more units than are free now, and leaves out what is gone; all else stays as it was."""
    cue = cues.known(room, data.cue_id)
    if isinstance(cue, Refused):
        return cue
    cue_id = data.new_cue_id if data.new_cue_id is not None else f"c{ctx.chance.fresh(8).hex()}"
    if cue_id in room.cues:
        return Refused("cue_exists", {"cue_id": cue_id})
    sent = _left(room, cue)
    if isinstance(sent, Refused):
        return sent
    judged = cues.judged_spec(room, cue.kind, sent, None)
    if isinstance(judged, Refused):
        return judged
    queued = events.CueQueued(cue_id, cue.kind, sent, again_of=cue.cue_id)
    result = {"cue_id": cue_id, "status": "queued", "spec": sent}
    return Decision([ctx.event("cue.queued", queued)], result)


def _left(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    """The spec as sent, with the quantities that can still be promised."""
    spec = cue.spec
    if not isinstance(spec, FlashSaleSpec):
        return dict(cue.spec_sent)
    sent = dict(cue.spec_sent)
    flat = "skus" not in sent
    rows = [dict(row) for row in ([sent] if flat else sent["skus"])]
    for row in rows:
        row["quantity"] = min(row["quantity"], stock.available(room, row["sku_id"]))
    rows = [row for row in rows if row["quantity"] > 0]
    if not rows:
        return Refused("over_stock", {"sku_id": spec.skus[0].sku_id, "quantity": 1, "available": 0})
    sent = rows[0] if flat else {**sent, "skus": rows}
    sent["per_buyer"] = min(spec.per_buyer, sum(row["quantity"] for row in rows))
    return sent


COMMANDS: Final[dict[str, Rule]] = {"cue.again": again}
