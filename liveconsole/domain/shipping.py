"""Parcels: until when one has to be sent, and which of them nobody moves. Pure, by `aftersale.Figures`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from liveconsole.domain.aftersale import Figures
from liveconsole.domain.china import end_of
from liveconsole.messages.cases import CaseClock

Moves = Literal["moving", "stuck", "over"]

_OVER: Final = frozenset({"delivered", "returned"})
_WRONG: Final = "exception"


class ShipPromise(Struct, frozen=True):
    """A product's own: so many hours from payment, or a presale's day. Neither: the usual hours."""

    hours: int | None = None
    on: date | None = None


class ParcelTold(Struct, frozen=True):
    """The newest word of a parcel; its status is an open list. ``made_good``: its goods were sent again or
    paid for, or the shop was asked to."""

    status: str
    at: datetime
    made_good: bool = False


def ship_until(paid_at: datetime, promises: Iterable[ShipPromise], figures: Figures) -> datetime:
    """Return until when an order has to be sent: of several goods the earliest of their promises."""
    ends = [_ends(paid_at, promise, figures) for promise in promises]
    return min(ends, default=paid_at + timedelta(hours=figures.ship_hours))


def _ends(paid_at: datetime, promise: ShipPromise, figures: Figures) -> datetime:
    if promise.on is not None:  # who pays after the day is sent his as any other
        usual = paid_at + timedelta(hours=figures.ship_hours)
        return end_of(promise.on) if end_of(promise.on) > paid_at else usual
    hours = promise.hours if promise.hours is not None else figures.ship_hours
    return paid_at + timedelta(hours=hours)


def ship_clock(paid_at: datetime, promises: Iterable[ShipPromise], figures: Figures) -> CaseClock:
    """Return the clock of a paid order that was not sent."""
    return CaseClock("ship", paid_at, ship_until(paid_at, promises, figures))


def stuck_from(parcel: ParcelTold, figures: Figures) -> datetime | None:
    """Return since when somebody has to look after a parcel: at once where it is said to have gone wrong,
    else when it has not been scanned for hours; None: it has come."""
    if parcel.status in _OVER:
        return None
    if parcel.status == _WRONG:
        return parcel.at
    return parcel.at + timedelta(hours=figures.stuck_hours)


def moves(parcel: ParcelTold, now: datetime, figures: Figures) -> Moves:
    """Tell how a parcel stands at ``now``."""
    since = stuck_from(parcel, figures)
    if since is None:
        return "over"
    return "stuck" if since <= now else "moving"


def call_back_clock(parcel: ParcelTold, figures: Figures) -> CaseClock | None:
    """Return until when the buyer has to be told of a parcel that nobody moves."""
    since = stuck_from(parcel, figures)
    if since is None:
        return None
    return CaseClock("call_back", since, since + timedelta(hours=figures.call_back_hours))


def make_good_clock(parcel: ParcelTold, figures: Figures) -> CaseClock | None:
    """Return until when a buyer is made good to whose parcel nobody moves, before the carrier is asked for it
    (先行赔付)."""
    since = stuck_from(parcel, figures)
    if since is None or parcel.made_good:
        return None
    return CaseClock("make_good", since, since + timedelta(hours=figures.make_good_hours))
