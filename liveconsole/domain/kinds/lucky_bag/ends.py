"""How a lucky bag may end. Those who entered one that draws here were promised a draw at its time.

Whatever ends it asks here: a stop, 全停, a person who saw the platform end it, the clock, a broken draw.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from liveconsole.domain.context import Context
from liveconsole.domain.kinds.lucky_bag import series
from liveconsole.domain.kinds.lucky_bag.promise import draws_here
from liveconsole.domain.room import Cue
from liveconsole.messages.events import EndedBecause
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LuckyBagSpec
from liveconsole.messages.statuses import VOIDED

_BY_HAND: Final = timedelta(seconds=30)
"""How far a countdown on a phone may be ahead of the moment at which it was asked for."""


def cannot_end(cue: Cue, because: EndedBecause, reason: str, ctx: Context) -> Refused | None:
    about = {"cue_id": cue.cue_id}
    if because == "stopped" and reason in VOIDED:  # a word of the engine's own: `cue.stop` takes none of them
        return None
    if cue.status != "on_air" or not draws_here(cue):
        return Refused("needs_reason", about) if because == "stopped" and not reason.strip() else None
    bag = cue.bag
    if because == "drawn":
        drawn = bag is None or bag.receipt is not None
        last = not cue.more_bags and (not drawn or series.between(cue))
        return None if last else Refused("already_settled", about)
    if not series.between(cue) and is_closed(cue, ctx):
        return Refused("too_late", {**about, "status": cue.status})
    if ctx.role == "assistant" and not cue.spec.assistant_may_stop:
        return Refused("forbidden", {"role": ctx.role, "type": "cue.stop", "kind": cue.kind})
    return Refused("needs_reason", about) if not reason.strip() else None


def void_when_restored(cue: Cue) -> bool:
    """Tell whether it was promised in the room that the backup was taken of: it is drawn there, if at all."""
    return cue.status == "on_air" and draws_here(cue)


def is_open(cue: Cue, ctx: Context) -> bool:
    """Tell whether a comment can still enter it."""
    return cue.status == "on_air" and not is_closed(cue, ctx)


def is_closed(cue: Cue, ctx: Context) -> bool:
    """Tell whether a bag of ours has its entrants: from here on it is drawn, and nobody can stop it any
    more."""
    if not draws_here(cue) or cue.status != "on_air":
        return False
    closed = cue.bag is not None and bool(cue.bag.root)
    return closed or (cue.ends_at is not None and ctx.now >= cue.ends_at)


def cannot_begin_late(cue: Cue, remaining_seconds: int, ctx: Context) -> Refused | None:
    """Hold a countdown that ran before anybody could enter here against what was announced: it took no more
    than a person needs to say so, and half of it stays whatever happened."""
    if not draws_here(cue):
        return None
    assert isinstance(cue.spec, LuckyBagSpec)
    whole = cue.spec.seconds
    asked = cue.owed.since if cue.owed is not None else ctx.now
    least = max((whole + 1) // 2, whole - int((ctx.now - asked + _BY_HAND).total_seconds()))
    if least <= remaining_seconds <= whole:
        return None
    return Refused("wrong_countdown", {"cue_id": cue.cue_id, "least": least, "most": whole})
