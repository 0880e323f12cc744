"""What an order was promised by its goods, reckoned one by one: what its row has to have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from liveconsole.domain.china import end_of
from liveconsole.domain.shipping import KeptPromise, ShipPromise


def kept(paid_at: datetime, promises: Iterable[ShipPromise]) -> KeptPromise:
    """A presale's day for who pays before its end, else hours from payment, else the usual ones."""
    ends, usual, some = [], False, False
    for promise in promises:
        some = True
        if promise.on is not None and paid_at < end_of(promise.on):
            ends.append(end_of(promise.on))
        elif promise.hours is not None:
            ends.append(paid_at + timedelta(hours=promise.hours))
        else:
            usual = True
    return KeptPromise(min(ends, default=None), usual or not some)
