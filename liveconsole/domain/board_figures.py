"""Figures that people type for the boards, and blocks that a test is planned in. No other rule looks at them:
the books read them from the log."""

from __future__ import annotations

from typing import Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.board_figures import (
    EITHER,
    OF_GOODS,
    BoardType,
    BoardTyped,
    SwitchbackDrop,
    SwitchbackDropped,
    SwitchbackPlan,
    SwitchbackPlanned,
)
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused


def type_(room: Room, data: BoardType, ctx: Context) -> Decision | Refused:
    """Keep a figure of a broadcast, of a product in it, or of a product at any time."""
    if data.product_id is not None and data.product_id not in room.products:
        return Refused("unknown_product", {"product_id": data.product_id})
    if data.name in OF_GOODS:
        if data.product_id is None or data.broadcast is not None:
            return Refused("bad_shape", {"detail": "product_id" if data.product_id is None else "broadcast"})
        number = 0
    else:
        if data.product_id is not None and data.name != EITHER:
            return Refused("bad_shape", {"detail": "product_id"})
        number = data.broadcast or room.broadcast.number
        if not 1 <= number <= room.broadcast.number:
            return Refused("bad_shape", {"detail": "broadcast"})
    typed = BoardTyped(data.name, data.value, number, data.product_id)
    return Decision([ctx.event("board.typed", typed)], {"broadcast": number or None})


def plan(room: Room, data: SwitchbackPlan, ctx: Context) -> Decision | Refused:
    """Begin now: of each two blocks chance takes one to be on, so that no slow change of the evening counts
    for one side."""
    if room.broadcast.status != "open":
        return Refused("not_open")
    name = data.name.strip()
    if not name:
        return Refused("bad_shape", {"detail": "name"})
    coins = ctx.chance.fresh(8)
    blocks: list[bool] = []
    for pair in range((data.blocks + 1) // 2):
        first = bool(coins[pair // 8 % 8] >> pair % 8 & 1)
        blocks += [first, not first]
    plan_id = f"s{ctx.chance.fresh(8).hex()}"
    planned = SwitchbackPlanned(plan_id, name, data.figure, data.minutes, blocks[: data.blocks])
    return Decision(
        [ctx.event("switchback.planned", planned)], {"plan_id": plan_id, "blocks": planned.blocks}
    )


def drop(room: Room, data: SwitchbackDrop, ctx: Context) -> Decision | Refused:
    """End it; one that is over already, or nobody's, is ended as well."""
    dropped = SwitchbackDropped(data.plan_id)
    return Decision([ctx.event("switchback.dropped", dropped)], {"plan_id": data.plan_id})


def _kept(room: Room, data: BoardTyped | SwitchbackPlanned | SwitchbackDropped, event: Event) -> None:
    """It is read from the log."""


COMMANDS: Final[dict[str, Rule]] = {"board.type": type_, "switchback.plan": plan, "switchback.drop": drop}
FOLDS: Final[dict[str, Fold]] = {
    "board.typed": _kept,
    "switchback.planned": _kept,
    "switchback.dropped": _kept,
}
