"""Who gets which part of what an evening brings: people type it, the books count with it (`settlement`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from liveconsole.domain.china import day_of
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.domain.settlement import WHOLE
from liveconsole.messages.envelope import Event
from liveconsole.messages.facts import OrderSettled
from liveconsole.messages.money import PartsPut, PartsWritten, Payee
from liveconsole.messages.refusals import Refused


def put(room: Room, data: PartsPut, ctx: Context) -> Decision | Refused:
    parts = [Payee(part.who.strip(), part.percent) for part in data.parts]
    names = [part.who for part in parts]
    if not all(names) or len(set(names)) != len(names):
        return Refused("bad_shape", {"detail": "parts.who"})
    whole = sum(map(hundredths, parts))
    if whole > WHOLE:
        return Refused("over_limit", {"detail": f"parts: {Decimal(whole) / 100} % > 100 %"})
    written = PartsWritten(parts, data.since or day_of(ctx.now))
    return Decision([ctx.event("parts.put", written)], {"since": str(written.since)})


def hundredths(part: Payee) -> int:
    """Return a part in hundredths of a percent."""
    return int(Decimal(part.percent) * 100)


def _kept(room: Room, data: PartsWritten | OrderSettled, event: Event) -> None:
    """It is read from the books."""


COMMANDS: Final[dict[str, Rule]] = {"parts.put": put}
FOLDS: Final[dict[str, Fold]] = {"parts.put": _kept, "order.settled": _kept}
