"""What a role may do to a promotion now: the answer that the rules would give, asked without doing. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain import cue as cues
from liveconsole.domain import decide, roles, stock
from liveconsole.domain.context import Context
from liveconsole.domain.judge import NoChance
from liveconsole.domain.kind import kind_of
from liveconsole.domain.naming import named
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import commands
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rights import actor_of
from liveconsole.messages.state import CanState, FixState, KeyDoes, May, RefusalState
from liveconsole.messages.statuses import PLANNED, RUNNING, TURNED_BACK

_NOBODY: Final = "-"


def can_state(room: Room, cue: Cue, role: str, now: datetime) -> CanState:
    """Each act as a seat would ask for it (`asked`): True exactly where the engine would accept it now."""
    ctx = Context(now, actor_of(role), NoChance())
    acts: dict[str, Any] = {act: _may(room, cue, act, role, ctx) for act in ACTS}
    can = CanState(**acts)
    can = msgspec.structs.replace(can, fix=_fix(room, cue, role, ctx))
    return msgspec.structs.replace(can, key=_key(cue, ctx.role, can) or _key_of_fired(room, cue, can, ctx))


_NO_KEY: Final = frozenset({"forbidden", "not_approved", "already_fired"})
"""Refusals that leave a seat no fire key: not its own, not yet, not any more."""
_NOT_OURS: Final = frozenset({"forbidden", "four_eyes"})
"""Refusals of an approval that somebody else may give."""


def _key(cue: Cue, role: str, can: CanState) -> KeyDoes:
    """Tell what the number's key does for a seat: one place for the desk and for keys of plastic."""
    if cue.status not in PLANNED | TURNED_BACK:
        return ""
    asks = cue.status in ("queued", "rejected") and (can.approve is True or can.approve.code not in _NOT_OURS)
    fires = can.fire is True or (
        can.fire.code not in _NO_KEY and (asks or cue.status not in ("queued", "rejected"))
    )
    # What waits for a yes and could not go anyway is approved first: before the broadcast, say.
    fires = fires and not (asks and can.fire is not True and can.approve is True)
    # Of its own proposals a seat that fires has the fire key at once; of others' it says yes or no first.
    if asks and cue.status == "queued" and (cue.proposed_by != role or not fires):
        return "agree"
    if fires:
        return "fix" if can.fix is not None and can.fire is not True else "fire"
    return "approve" if asks else ""


def _fix(room: Room, cue: Cue, role: str, ctx: Context) -> FixState | None:
    """The edit that makes it fit what is left, where the engine would take it from this role."""
    if cue.status not in PLANNED | TURNED_BACK:
        return None
    found = kind_of(cue).fitted(room, cue, ctx.now)
    if found is None or roles.denial(room, role, "cue.edit", {"cue_id": cue.cue_id}) is not None:
        return None
    answer = decide.RULES["cue.edit"](room, commands.CueEdit(cue.cue_id, found.spec), ctx)
    if isinstance(answer, Refused):
        return None
    data = {"cue_id": cue.cue_id, "spec": found.spec}
    return FixState("cue.edit", data, found.quantity, _no(room, found.because))


def _key_of_fired(room: Room, cue: Cue, can: CanState, ctx: Context) -> KeyDoes:
    if cue.status == "recallable":
        return "recall" if can.recall is True else ""
    if cue.status not in RUNNING or can.stop is not True:
        return ""
    # A key gives no reason.
    plain = decide.RULES["cue.stop"](room, commands.CueStop(cue.cue_id), ctx)
    return "" if isinstance(plain, Refused) else "stop"


def rests_on(room: Room, cue: Cue) -> tuple[object, ...]:
    """Return the figures that orders move and that an answer can hang on: what a sale that waits could still
    get. Everything else that it hangs on moves with other events, or with time (`moments`)."""
    if cue.status in cues.FIRED:
        return ()
    kind = kind_of(cue)
    prizes = set() if cue.sale or not kind.ARMED or kind.DISCOUNTS else kind.goods(room, cue.spec)
    skus = [
        *cue.sale,
        *(id_ for each in sorted(prizes) if each in room.products for id_ in room.products[each].sku_ids),
    ]
    return tuple(
        (sku.on_hand, sku.held, stock.available(room, sku_id))
        for sku_id in skus
        if (sku := room.skus.get(sku_id)) is not None
    )


def _may(room: Room, cue: Cue, act: str, role: str, ctx: Context) -> May:
    type_, data_of = ACTS[act]
    data = data_of(cue)
    denied = roles.denial(room, role, type_, {"cue_id": cue.cue_id})
    if denied is not None:
        return _no(room, denied)
    if act == "edit":
        # Whether it may be edited at all: what would be written is judged when it is known.
        late = cue.status in cues.FIRED
        return _no(room, Refused("too_late", {"status": cue.status})) if late else True
    answer = decide.RULES[type_](room, data, ctx)
    return _no(room, answer) if isinstance(answer, Refused) else True


def _no(room: Room, refused: Refused) -> RefusalState:
    """Without what the promotion says of itself: a state has nine of these a promotion."""
    refused = named(room, refused)
    params = {name: value for name, value in refused.params.items() if name not in _SAID}
    return RefusalState(refused.code, refused.text, params)


_SAID: Final = frozenset({"cue_id", "status", "kind", "role", "type", "also"})


def _only(cue: Cue) -> commands.CueOnly:
    return commands.CueOnly(cue.cue_id)


def _stop(cue: Cue) -> commands.CueStop:
    """With a reason: a bag needs one, which the seat asks for."""
    return commands.CueStop(cue.cue_id, reason=_NOBODY)


def _confirm(cue: Cue) -> commands.CueConfirm:
    """The yes to what is owed; to the end of what nothing is owed for, where a person runs it."""
    step = cue.owed.step if cue.owed is not None else "ended" if cue.status == "on_air" else "on_air"
    return commands.CueConfirm(cue.cue_id, step, True)


def _settle(cue: Cue) -> commands.BagSettle:
    """The first prize that waits, else the first that there is."""
    bags = cue.bags
    if named := [(bag, n) for bag in bags for n in range(len(bag.platform_names))]:
        waiting = [(bag, n) for bag, n in named if str(n) not in bag.platform_settled]
        bag, place = (waiting or named)[0]
        return commands.BagSettle(cue.cue_id, True, name=bag.platform_names[place])
    winners = [w for bag in bags for w in bag.unsettled] or [w for bag in bags for w in bag.winners]
    return commands.BagSettle(cue.cue_id, True, winners[0].viewer_id if winners else _NOBODY)


ACTS: Final[dict[str, tuple[str, Callable[[Cue], Any]]]] = {
    "approve": ("cue.approve", _only),
    "reject": ("cue.reject", lambda cue: commands.CueWithReason(cue.cue_id)),
    "fire": ("cue.fire", lambda cue: commands.CueFire(cue.cue_id)),
    "recall": ("cue.recall", _only),
    "stop": ("cue.stop", _stop),
    "confirm": ("cue.confirm", _confirm),
    "edit": ("cue.edit", lambda cue: commands.CueEdit(cue.cue_id, cue.spec_sent)),
    "remove": ("cue.remove", _only),
    "settle": ("bag.settle", _settle),
}
"""act → the command, and its data as a seat would send it."""
