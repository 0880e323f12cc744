"""What counts as a unit sold. A gift goes out of the stock as all else does, and nobody bought it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, Protocol

GIFT_PRICE_FEN: Final = 0
"""What a gift costs (分): every count of units, here and in SQL, tells a gift by it. A price that nobody told
(None) is no gift's."""
BOUGHT_AT: Final = GIFT_PRICE_FEN + 1
"""A price (分) that stands for one that nobody told or kept: its line was bought."""


class _PricedLine(Protocol):
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price_fen(self) -> int | None: ...


class OrderUnits(NamedTuple):
    """The units of an order's lines."""

    sold: int
    gifts: int


def is_gift(unit_price_fen: int | None) -> bool:
    """Tell whether a line at this price (分) came along with others and was not bought."""
    return unit_price_fen == GIFT_PRICE_FEN


def units_of(lines: Iterable[_PricedLine]) -> OrderUnits:
    """Return how many units were bought, and how many came along."""
    sold = gifts = 0
    for line in lines:
        if is_gift(line.unit_price_fen):
            gifts += line.quantity
        else:
            sold += line.quantity
    return OrderUnits(sold, gifts)
