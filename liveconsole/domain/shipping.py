"""Parcels: until when one has to be sent, and which of them nobody moves. Pure, by `aftersale.Figures`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from msgspec import Struct

from liveconsole.domain.aftersale import Figures
from liveconsole.messages.cases import CaseClock

Moves = Literal["moving", "stuck", "over"]

HOURS_MOST: Final = 60 * 24
"""The longest promise of hours (`messages.commands.ProductPut`)."""
_OVER: Final = frozenset({"delivered", "returned"})
_WRONG: Final = "exception"


class ShipPromise(Struct, frozen=True):
    """A product's own: a presale's day for who pays before its end; so many hours from payment for the
    others. Neither: the usual hours."""

    hours: int | None = None
    on: date | None = None


class KeptPromise(Struct, frozen=True):
    """What an order was promised, as its row keeps it (`store.ship_promises`)."""

    own: datetime | None = None
    """The earliest end of its goods' own promises."""
    usual: bool = True
    """Some of its goods go by the shop's usual hours."""


class ParcelTold(Struct, frozen=True):
    """The newest word of a parcel; its status is an open list. ``made_good``: its goods were sent again or
    paid for, or the shop was asked to."""

    status: str
    at: datetime
    made_good: bool = False


def own_promise(product: Mapping[str, Any]) -> ShipPromise:
    """Return what a product of the catalogue promises now; ``product`` is `ProductPut` as it was sent. What
    is no promise, in a log from before there were any, is none."""
    hours, day = product.get("ship_hours"), product.get("ships_on")
    try:
        on = date.fromisoformat(day) if isinstance(day, str) else None
    except ValueError:
        on = None
    return ShipPromise(hours if type(hours) is int and 0 < hours <= HOURS_MOST else None, on)


def ship_until(paid_at: datetime, promise: KeptPromise, figures: Figures) -> datetime:
    """Return until when an order has to be sent: of several goods the earliest of their promises."""
    usual = paid_at + timedelta(hours=figures.ship_hours)
    if promise.own is None:
        return usual
    return min(promise.own, usual) if promise.usual else promise.own


def ship_clock(paid_at: datetime, promise: KeptPromise, figures: Figures) -> CaseClock:
    """Return the clock of a paid order that was not sent."""
    return CaseClock("ship", paid_at, ship_until(paid_at, promise, figures))


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
