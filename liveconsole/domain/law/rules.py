"""The rules that hold: put on the log by the engine as its files say them, before the first command that asks
one of them and whenever they are others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.envelope import Event
from liveconsole.messages.law import LAW_COMMANDS, LawRead, LawRules
from liveconsole.messages.refusals import Refused

_ALWAYS: Final = frozenset(LAW_COMMANDS)
"""Commands that are about the law, whatever they say."""
_SETTINGS: Final = frozenset({"ai_presenter", "review", "own_content_percent"})
"""Of ``room.set``."""


def news(room: Room, rules: LawRules | None) -> bool:
    """Tell whether the files say something else than the log, in a room that asked for rules before."""
    known = room.law.rules
    return rules is not None and known is not None and known.sha256 != rules.sha256


def asks(type_: str, data: Any) -> bool:
    """Tell whether a command, as sent, is the first that would need them."""
    if type_ in _ALWAYS:
        return True
    if not isinstance(data, Mapping):
        return False
    if type_ == "room.set":
        return not _SETTINGS.isdisjoint(data)
    products = data.get("products") if type_ == "catalogue.put" else None
    return isinstance(products, list) and any(
        isinstance(one, dict) and one.get("category") for one in products
    )


def read(room: Room, data: LawRead, ctx: Context) -> Decision | Refused:
    known = room.law.rules
    if known is not None and known.sha256 == data.rules.sha256:
        return Decision([], {})
    return Decision([ctx.event("law.read", data)], {})


def _read(room: Room, data: LawRead, event: Event) -> None:
    room.law.rules = data.rules


COMMANDS: Final[dict[str, Rule]] = {"law.read": read}
FOLDS: Final[dict[str, Fold]] = {"law.read": _read}
