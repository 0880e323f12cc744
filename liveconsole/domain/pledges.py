"""口头承诺: what was promised aloud on air, so that 客服 and the warehouse hear of it after the broadcast.

Not the promise of a draw (`promise`), and not a note: notes are trimmed, these stand until the next opening
and on the log for ever.
"""

from __future__ import annotations

from typing import Final

import msgspec

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Pledge, Room
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rundown import PledgeClear, PledgeCleared, PledgePut, PledgeWritten

PLEDGES_LIMIT: Final = 200
"""Of one broadcast: every seat holds all of them, and one more is refused rather than one forgotten."""


def put(room: Room, data: PledgePut, ctx: Context) -> Decision | Refused:
    """Also after the close: what she promised is often remembered then. Before the first opening: no."""
    if room.broadcast.status == "none":
        return Refused("not_open")
    if not data.text.strip():
        return Refused("bad_shape", {"detail": "text"})
    product_id = data.product_id
    if isinstance(product_id, msgspec.UnsetType):
        product_id = room.pinned.wanted
    elif product_id is not None and product_id not in room.products:
        return Refused("unknown_product", {"product_id": product_id})
    if len(room.pledges) >= PLEDGES_LIMIT:
        return Refused("over_limit", {"detail": f"pledges: {len(room.pledges) + 1} > {PLEDGES_LIMIT}"})
    pledge_id = f"p{ctx.chance.fresh(8).hex()}"
    written = PledgeWritten(pledge_id, data.text.strip(), product_id)
    result = {"pledge_id": pledge_id, "product_id": product_id}
    return Decision([ctx.event("pledge.put", written)], result)


def clear(room: Room, data: PledgeClear, ctx: Context) -> Decision | Refused:
    there = [data.pledge_id] if data.pledge_id in room.pledges else []
    found = [ctx.event("pledge.cleared", PledgeCleared(id_)) for id_ in there]
    return Decision(found, {"pledge_ids": there})


def _put(room: Room, data: PledgeWritten, event: Event) -> None:
    room.pledges[data.pledge_id] = Pledge(data.pledge_id, data.text, data.product_id, event.actor, event.at)


def _cleared(room: Room, data: PledgeCleared, event: Event) -> None:
    room.pledges.pop(data.pledge_id, None)


COMMANDS: Final[dict[str, Rule]] = {"pledge.put": put, "pledge.clear": clear}
FOLDS: Final[dict[str, Fold]] = {"pledge.put": _put, "pledge.cleared": _cleared}
