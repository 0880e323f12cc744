"""What the platform is owed: derived from the room, never kept beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from liveconsole.domain import fire
from liveconsole.domain.context import Context, Decision, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import commands, events
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import Spec


class EffectGoods(Struct, frozen=True):
    """Which product of the room a SKU belongs to."""

    product_id: str
    title: str


class Effect(Struct, frozen=True):
    """One thing that the platform must be asked for, once, under ``key``.

    ``asked``: it may have reached the platform already. Then it is asked what became of the key first.
    """

    key: str
    cue_id: str
    step: Literal["on_air", "ended"]
    kind: str
    spec: Spec
    since: datetime
    asked: bool
    fired: datetime | None = None
    """When its promotion was fired, which its end has in common with its start."""
    goods: dict[str, EffectGoods] = {}
    """Of every SKU of a sale that the room still has."""

    @property
    def fired_at(self) -> datetime:
        return self.fired or self.since


def owed(room: Room) -> list[Effect]:
    """Everything that waits for a platform's program; what a person does the desk asks of a person."""
    found = []
    for cue_id in room.live:
        cue = room.cues[cue_id]
        asked = cue.status == "on_air"  # a person, for the next bag of a series
        if cue.owed is not None and not asked and does(room, cue) == "program":
            o = cue.owed
            goods = _goods(room, cue)
            found.append(
                Effect(o.key, cue_id, o.step, cue.kind, cue.spec, o.since, o.sent, cue.fired_at, goods)
            )
    return found


def to_read(room: Room) -> list[Effect]:
    """Return what a platform's program began and is to be read there, as it was asked for then: what is on
    air, and what was handed out by one that is over, once after its end."""
    found = []
    for cue in room.cues.values():
        if cue.done_by == "program" and cue.fired_at is not None and (_on_air(cue) or _unread(cue)):
            step: Literal["on_air", "ended"] = "on_air" if _on_air(cue) else "ended"
            at, goods = cue.fired_at, _goods(room, cue)
            found.append(Effect("", cue.cue_id, step, cue.kind, cue.spec, at, True, at, goods))
    return found


def _on_air(cue: Cue) -> bool:
    return cue.status == "on_air"


def _unread(cue: Cue) -> bool:
    if cue.status != "ended" or cue.off_at is None or not kind_of(cue).HANDS_OUT:
        return False
    read = cue.measured.claimed_at if cue.measured is not None else None
    return read is None or read < cue.off_at


def _goods(room: Room, cue: Cue) -> dict[str, EffectGoods]:
    found = {}
    for sku_id in cue.sale:
        if sku_id in room.skus:
            product = room.products[room.skus[sku_id].product_id]
            found[sku_id] = EffectGoods(product.product_id, product.title)
    return found


def _owing(room: Room, cue_id: str, key: str) -> Cue | None:
    cue = room.cues.get(cue_id)
    return cue if cue is not None and cue.owed is not None and cue.owed.key == key else None


def asked(room: Room, data: commands.EffectAsked, ctx: Context) -> Decision | Refused:
    cue = _owing(room, data.cue_id, data.key)
    if cue is None or cue.owed is None:
        return Refused("not_asked", {"cue_id": data.cue_id})
    sent = ctx.event("effect.sent", events.EffectSent(data.cue_id, cue.owed.step, data.key))
    return Decision([] if cue.owed.sent else [sent], {})


def answered(room: Room, data: commands.EffectAnswered, ctx: Context) -> Decision | Refused:
    """Take an answer. To what is no longer owed it changes nothing: it came late, or twice."""
    cue = _owing(room, data.cue_id, data.key)
    if cue is None or cue.owed is None:
        return Decision([], {})
    if cue.owed.step == "ended":
        done = [ctx.event("cue.end_confirmed", events.EndConfirmed(cue.cue_id))]
        # A platform that refuses to stop, or does not say, is asked again: an end is never given up.
        return Decision(done if data.outcome == "done" else [], {})
    if data.outcome == "done":
        return Decision([fire.on_air(room, cue, ctx)], {"status": "on_air"})
    if data.outcome == "refused":
        refused = events.CueRefusedEvent(cue.cue_id, data.reason)
        return Decision([ctx.event("cue.refused", refused)], {"status": "refused"})
    unknown = [ctx.event("cue.unknown", events.CueOnlyEvent(cue.cue_id))] if cue.status == "firing" else []
    return Decision(unknown, {"status": "unknown"})


def over(room: Room, data: commands.EffectOver, ctx: Context) -> Decision | Refused:
    """Take that the platform has ended by itself what a program began there. Of what is not on air, or was
    fired anew since, nothing comes."""
    cue = room.cues.get(data.cue_id)
    if cue is None or cue.status != "on_air" or cue.done_by != "program" or cue.fired_at != data.fired_at:
        return Decision([], {})
    if (refused := fire.cannot_end(cue, ctx, "platform")) is not None:
        return refused
    return Decision([fire.end(room, cue, ctx, "platform")], {"status": "ended"})


COMMANDS: Final[dict[str, Rule]] = {
    "effect.asked": asked,
    "effect.answered": answered,
    "effect.over": over,
}
