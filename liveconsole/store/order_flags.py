"""What of an order was told, as bits of ``order_row.flags``: written by the engine, asked by the books."""

from __future__ import annotations

from typing import Final

from liveconsole.domain.order_states import LAPSED as LAPSED

PLACED: Final = 1
PAID: Final = 2
CLOSED: Final = 4
COUNTED: Final = 16
CONSOLE: Final = 32
UNMATCHED: Final = 64
