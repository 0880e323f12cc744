"""Who may ask for what: one table, for the rules that check it and the screens that show it."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.commands import COMMANDS, INTERNAL
from liveconsole.messages.specs import SPECS

_ASSISTANT: Final = frozenset(
    {
        *(name for name in COMMANDS if name.startswith("cart.")),
        "cue.add",
        "cue.edit",
        "cue.move",
        "cue.again",
        "cue.remove",
        "cue.recall",
        "cue.confirm",
        "cue.measure",
        "cue.stop",
        "bag.settle",
        "bag.winners",
        "place.free",
        "stock.add",
        "stock.limit",
        "catalogue.put",
        "rundown.put",
        "rundown.move",
        "rundown.remove",
        "rundown.duplicate",
        "rundown.keep",
        "note.put",
        "note.clear",
        "order.note",
        "question.answer",
        "pledge.put",
        "pledge.clear",
        "viewer.mute",
        "viewer.unmute",
        "viewer.confirm",
        "shop.answer",
        "shop.confirm",
        "case.step",
        "review.consent",
        "review.show",
        "review.hide",
        "story.collect",
        "member.join",
        "member.leave",
        "member.checkin",
        "member.spend",
        "answer.put",
        "review.note",
        "right.put",
        "violation.note",
        "violation.step",
        "answer.remove",
        "prepare.plan",
        "prepare.drop",
        "prepare.tick",
        "rivals.put",
        "board.type",
        "switchback.plan",
        "switchback.drop",
    }
)

MAY: Final[dict[str, frozenset[str]]] = {
    "host": frozenset(COMMANDS),
    "operator": frozenset(COMMANDS) - {"viewer.forget"},
    "assistant": _ASSISTANT,
    "deputy": _ASSISTANT | {"cue.fire"},
    "phone": frozenset({"cue.confirm", "note.put"}),
    "screen": frozenset(),
    "producer": frozenset({"order.request", "coupon.claim"}),
    "viewer": frozenset(),
    "overlay": frozenset(),
    "keys": frozenset({"cue.fire", "cue.recall", "cue.stop", "go.next", "room.halt"}),
    "metrics": frozenset(),
    "clock": frozenset(),
    "platform": frozenset(INTERNAL) | {"viewer.forget"},
}
"""role → the commands it may give; `domain.roles` takes some of their uses away again."""

ACTORS: Final[dict[str, str]] = {"deputy": "assistant", "phone": "assistant", "screen": "viewer"}
"""Roles of shared seats that stand on the log, and before the rules, as another: a deputy is an assistant
whom the host lets fire; a phone is an assistant's, and a screen a viewer's, that sees no names yet."""

PLAIN: Final = frozenset({"phone", "screen"})
"""Roles that see nobody's name: the state, the log and its stream, which have some, are not for them."""

PEOPLE: Final = frozenset({"host", "operator", "assistant", "keys"})
"""Roles of which a person does what is done."""

STOPPED_BY_ASSISTANT: Final[frozenset[str]] = frozenset(
    kind for kind, shape in SPECS.items() if shape.assistant_may_stop
)


def may(role: str, command: str, kind: str = "") -> bool:
    """Tell whether a role may give a command at all (``cue.stop``: to a promotion of ``kind``).

    What it may do to one promotion as the room stands is said by its `CanState`.
    """
    if command == "cue.stop" and actor_of(role) == "assistant" and command in MAY[role]:
        return kind in STOPPED_BY_ASSISTANT
    return command in MAY.get(role, frozenset())


def actor_of(role: str) -> str:
    """Return as whom a role stands on the log."""
    return ACTORS.get(role, role)


def seat_role(role: str, *, may_fire: bool, proved: bool) -> str:
    """Return the role that a shared seat has; ``proved``: it knows the studio's certificate."""
    if not proved:
        return "screen" if role == "viewer" else "phone"
    return "deputy" if role == "assistant" and may_fire else role
