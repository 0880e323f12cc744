"""The door of the rules: a command is accepted with its events, or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain import (
    again,
    anchors,
    answers,
    board_figures,
    broadcast,
    cart,
    case_steps,
    catalogue,
    clock,
    connections,
    cue,
    effects,
    gaps,
    members,
    membership,
    notes,
    order,
    order_books,
    order_request,
    parts,
    pledges,
    preparing,
    proofs,
    roles,
    rundown,
    set_limits,
    sharers,
    shop,
    shop_asks,
    shown_reviews,
    stock,
    stories,
    viewers,
)
from liveconsole.domain.context import Chance, Context, Decision, Pasts, Rule
from liveconsole.domain.drills import run as drill
from liveconsole.domain.kind import kinds
from liveconsole.domain.law import reviews, used_rights, violations
from liveconsole.domain.law import rules as law_rules
from liveconsole.domain.naming import named
from liveconsole.domain.room import Room
from liveconsole.domain.room_asks import FromBooks
from liveconsole.messages import commands
from liveconsole.messages.envelope import Command
from liveconsole.messages.membership import MemberFigures
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rights import actor_of
from liveconsole.messages.text import TEXT_LIMIT

RULES: Final[dict[str, Rule]] = {
    **broadcast.COMMANDS,
    **catalogue.COMMANDS,
    **set_limits.COMMANDS,
    **stock.COMMANDS,
    **cart.COMMANDS,
    **cue.COMMANDS,
    **order.COMMANDS,
    **order_books.COMMANDS,
    **order_request.COMMANDS,
    **{name: rule for kind in kinds() for name, rule in kind.COMMANDS.items()},
    **connections.COMMANDS,
    **gaps.COMMANDS,
    **shop.COMMANDS,
    **shop_asks.COMMANDS,
    **case_steps.COMMANDS,
    **shown_reviews.COMMANDS,
    **stories.COMMANDS,
    **effects.COMMANDS,
    **rundown.COMMANDS,
    **anchors.COMMANDS,
    **notes.COMMANDS,
    **answers.COMMANDS,
    **pledges.COMMANDS,
    **parts.COMMANDS,
    **preparing.COMMANDS,
    **sharers.COMMANDS,
    **board_figures.COMMANDS,
    **proofs.COMMANDS,
    **again.COMMANDS,
    **viewers.COMMANDS,
    **membership.COMMANDS,
    **clock.COMMANDS,
    **drill.COMMANDS,
    **law_rules.COMMANDS,
    **reviews.COMMANDS,
    **used_rights.COMMANDS,
    **violations.COMMANDS,
}
"""command type → its rule."""

_SHAPES: Final = {**commands.COMMANDS, **commands.INTERNAL}
_SPEC_FIELDS: Final = ("$.spec", "$.kind", "`spec`", "`kind`")
_WITH_SPEC: Final = frozenset({"cue.add", "cue.edit"})
_UNASKED: Final[Pasts] = {}
_UNSEEN: Final = FromBooks()
_NO_FIGURES: Final = MemberFigures()


def decide(
    room: Room,
    command: Command,
    now: datetime,
    chance: Chance,
    pasts: Pasts = _UNASKED,
    books: FromBooks = _UNSEEN,
    figures: MemberFigures = _NO_FIGURES,
) -> Decision | Refused:
    """Return what becomes of a command at ``now`` (aware UTC); the room is only read.

    The order of noes: the type, the role, the length of its texts, its shape, the room's bounds, the rule.
    A no says the titles of what it names. ``pasts``, ``books``: what the books have of whom and of what it is
    about; ``figures``: what members go by.
    """
    ctx = Context(now, actor_of(command.role), chance, pasts=pasts, books=books, members=figures)
    answer = _decided(room, command, ctx)
    return named(room, answer) if isinstance(answer, Refused) else answer


def _decided(room: Room, command: Command, ctx: Context) -> Decision | Refused:
    rule = RULES.get(command.type)
    if rule is None:
        return Refused("unknown_type", {"type": command.type})
    sent = command.data
    denied = roles.denial(room, command.role, command.type, sent if isinstance(sent, Mapping) else {})
    if denied is not None:
        return denied
    data = parsed(command.type, sent)
    if isinstance(data, Refused):
        return data
    if (refused := members.beyond(room, command.type, data)) is not None:
        return refused
    return rule(room, data, ctx)


def parsed(type_: str, sent: Any) -> msgspec.Struct | Refused:
    """Return the command's struct, or what is wrong with its shape."""
    shape = _SHAPES[type_]
    if isinstance(sent, shape):
        return sent
    if (field := too_long(_without_scripts(type_, sent))) is not None:
        return Refused("too_long", {"field": field, "limit": TEXT_LIMIT})
    if type_ == "room.set" and isinstance(sent, dict):
        sent = _coupons_in_full(sent)
    try:
        return msgspec.convert(sent, shape)
    except msgspec.ValidationError as error:
        detail = str(error)
        of_spec = type_ in _WITH_SPEC and any(
            name in detail for name in ("$.spec", "$.kind", "`spec`", "`kind`")
        )
        return Refused("bad_spec" if of_spec else "bad_shape", {"detail": detail})


def _without_scripts(type_: str, sent: Any) -> Any:
    """Scripts have a bound of their own, which their rule judges."""
    if type_ != "rundown.put" or not isinstance(sent, dict) or not isinstance(sent.get("segments"), list):
        return sent
    bare = [
        {name: value for name, value in segment.items() if name != "script"}
        if isinstance(segment, dict)
        else segment
        for segment in sent["segments"]
    ]
    return {**sent, "segments": bare}


def too_long(value: Any, field: str = "") -> str | None:
    """Return the first text that is over the limit, by its path."""
    if isinstance(value, str):
        return field if len(value) > TEXT_LIMIT else None
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for name, inner in items:
        if not isinstance(inner, (str, dict, list)) or (isinstance(inner, str) and len(inner) <= TEXT_LIMIT):
            continue
        found = too_long(inner, f"{field}.{name}" if field else str(name))
        if found is not None:
            return found
    return None


def _coupons_in_full(sent: dict[str, Any]) -> dict[str, Any]:
    """``shop_coupons`` may hold bare rules; a rule with a name and a scope around it says more."""
    coupons = sent.get("shop_coupons")
    if not isinstance(coupons, list):
        return sent
    full = [
        {"rule": {k: v for k, v in c.items() if k not in {"name", "scope"}}, **_named(c)}
        if isinstance(c, dict) and "rule" not in c
        else c
        for c in coupons
    ]
    return {**sent, "shop_coupons": full}


def _named(coupon_sent: dict[str, Any]) -> dict[str, Any]:
    return {k: coupon_sent[k] for k in ("name", "scope") if k in coupon_sent}
