"""What a kind says where it has nothing of its own to say. It takes each by name: what it lacks is seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from liveconsole.domain import fire, given
from liveconsole.domain.context import Context
from liveconsole.domain.kind import BySku, Fitted, Given, Offers
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.commands import OrderRequest
from liveconsole.messages.draws import DrawPromise
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.events import EndedBecause
from liveconsole.messages.refusals import Refused

SILENCE: Final = timedelta(seconds=180)


def by_hand(spec: Any) -> str:
    return ""


def makes_way(room: Room, cue: Cue) -> list[Cue]:
    return []


def seconds(spec: Any) -> int | None:
    found: int = spec.seconds
    return found


def promises(room: Room, cue: Cue, ctx: Context, *, closes: datetime | None) -> DrawPromise | None:
    return None


def due(cue: Cue) -> datetime | None:
    return cue.ends_at if cue.status == "on_air" else None


def time_up(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    return [fire.end(room, cue, ctx, "time_up")]


def follow(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    return []


def cannot_end(cue: Cue, because: EndedBecause, reason: str, ctx: Context) -> Refused | None:
    return None


def cannot_begin_late(cue: Cue, remaining_seconds: int, ctx: Context) -> Refused | None:
    return None


def next_begun(
    room: Room, cue: Cue, remaining_seconds: int | None, ctx: Context, *, done: bool
) -> list[Event]:
    return []


def void_when_restored(cue: Cue) -> bool:
    return False


def again(room: Room, cue: Cue) -> dict[str, Any] | Refused:
    return dict(cue.spec_sent)


def fitted(room: Room, cue: Cue, now: datetime) -> Fitted | None:
    """No units of it are anywhere counted."""
    return None


def rows(room: Room, cue: Cue, now: datetime) -> BySku | None:
    return None


def offers(spec: Any) -> Offers:
    return Offers()


def cannot_buy(room: Room, cue: Cue, order: OrderRequest, ctx: Context) -> Refused | None:
    return None


def per_buyer(spec: Any) -> int:
    """None of it is sold by the unit."""
    return 0


def exposure_fen(room: Room, spec: Any) -> int:
    return 0


def gives(room: Room, cue: Cue, now: datetime) -> Given:
    return given.counted(room, cue)


def outlasts(cue: Cue, at: datetime | None) -> bool:
    return False


def valid_for(spec: Any) -> timedelta | None:
    return None


def waits(cue: Cue) -> bool:
    return False


def lighter(cue: Cue) -> Cue:
    return cue


def logged(sent: dict[str, Any]) -> dict[str, Any]:
    return sent


def shape(cue: Cue) -> None:
    """It keeps no tally."""


def folded(room: Room, cue: Cue, event: Event) -> None:
    """Nothing stands beside the cue."""
