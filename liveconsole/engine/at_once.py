"""What is said to a command before or besides the rules of its room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from liveconsole.domain.context import Decision
from liveconsole.domain.law import rules
from liveconsole.domain.room import Room
from liveconsole.engine.books import LeftTheRoom
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.envelope import Event
from liveconsole.messages.fields import MASKED, NAME_ONLY
from liveconsole.messages.inputs import CommandInput
from liveconsole.messages.law import LawRead, LawRules
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rights import actor_of
from liveconsole.messages.sharing import SeatGave

_NEW_ID: Final = {"order.request": "order_id", "cue.add": "cue_id", "cue.again": "new_cue_id"}
"""Commands that bring an id of their own, which must not be one that has left the room."""


def refused_at_once(asked: CommandInput, now: datetime) -> Refused | None:
    """Return the no that needs no look at the room."""
    if asked.role == "viewer":
        return Refused("forbidden", {"role": asked.role, "type": asked.type[:200]})
    if asked.role not in ("clock", "platform") and asked.type not in COMMANDS:
        return Refused("unknown_type", {"type": asked.type[:200]})
    if asked.expires_at is not None and asked.expires_at < now:
        return Refused("expired")
    if asked.type == "member.join" and _by_name(asked.data):
        return Refused("only_a_name")
    return None


def _by_name(data: object) -> bool:
    """Tell whether the person is known by a name alone, or not even by that: two people may be behind it."""
    id_ = data.get("viewer_id") if isinstance(data, dict) else None
    return isinstance(id_, str) and id_.startswith((NAME_ONLY, MASKED))


def rules_first(
    room: Room, asked: CommandInput, decision: Decision, law: LawRules | None, now: datetime
) -> list[Event]:
    """Return the event that puts the rules of law on the log, where an accepted command is the first that is
    about them."""
    if (
        law is None
        or room.law.rules is not None
        or not decision.events
        or not rules.asks(asked.type, asked.data)
    ):
        return []
    return [Event("law.read", now, "platform", LawRead(law))]


def given_by(asked: CommandInput, events: Sequence[Event], now: datetime) -> list[Event]:
    """Return the event that tells which shared seat gave the command that these came of."""
    if not asked.seat or not events:
        return []
    return [Event("seat.gave", now, actor_of(asked.role), SeatGave(asked.seat, asked.type, len(events)))]


def new_id(asked: CommandInput) -> str | None:
    """Return the id that a command brings along, if it names one."""
    name = _NEW_ID.get(asked.type)
    id_ = asked.data.get(name) if name is not None and isinstance(asked.data, dict) else None
    return id_ if isinstance(id_, str) else None


def taken_before(asked: CommandInput, left: LeftTheRoom) -> Refused | None:
    """Return why an accepted command is refused all the same: its id is one of an earlier broadcast."""
    id_ = new_id(asked)
    if id_ is None:
        return None
    if asked.type == "order.request":
        return Refused("order_exists", {"order_id": id_}) if id_ in left.orders else None
    return Refused("cue_exists", {"cue_id": id_}) if id_ in left.cues else None
