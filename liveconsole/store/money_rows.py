"""Rows of the read tables about money and about what is to come, and how they go in. Moments are in µs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from liveconsole.store.port import straight


class SettledRow(NamedTuple):
    """What a shop has paid for an order; the newest word stands."""

    order_id: str
    settled_fen: int
    fee_fen: int | None
    commission_fen: int | None
    at: int
    seq: int


class BroughtRow(NamedTuple):
    """Somebody came by what somebody shared (pids). The first time stands."""

    cue_id: str
    viewer: str
    by: str
    at: int


class ShelfRow(NamedTuple):
    """A SKU as the catalogue has it now."""

    product_id: str
    sku_id: str
    category: str
    """As the catalogue calls it, else its groups, one a line; empty: it says neither."""
    price_fen: int
    on_shelf: bool


class NotedRow(NamedTuple):
    """Where on the log something stands that people wrote for the books; the newest of a key."""

    kind: str
    """``parts, rivals, plan, tick, over, sharer``."""
    key: str
    seq: int


class MoneyWrite(NamedTuple):
    """One commit's part of these tables."""

    settled: Sequence[SettledRow] = ()
    brought: Sequence[BroughtRow] = ()
    shelf: Mapping[str, Sequence[ShelfRow]] = {}
    """Product → all of its SKUs."""
    noted: Sequence[NotedRow] = ()


TABLES: Final = ("settled_row", "brought", "shelf_row", "noted")
_PUT_SETTLED: Final = (
    "INSERT INTO settled_row VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (order_id) DO UPDATE SET"
    " settled_fen = excluded.settled_fen, fee_fen = coalesce(excluded.fee_fen, settled_row.fee_fen),"
    " commission_fen = coalesce(excluded.commission_fen, settled_row.commission_fen), at = excluded.at,"
    " seq = excluded.seq WHERE excluded.at >= settled_row.at"
)
_ADD_BROUGHT: Final = "INSERT OR IGNORE INTO brought VALUES (?, ?, ?, ?)"
_CLEAR_SHELF: Final = "DELETE FROM shelf_row WHERE product_id = ?"
_PUT_SHELF: Final = "INSERT OR REPLACE INTO shelf_row VALUES (?, ?, ?, ?, ?)"
_PUT_NOTED: Final = "INSERT OR REPLACE INTO noted VALUES (?, ?, ?)"


def fill_money(c: Connection, write: MoneyWrite) -> None:
    """Put in what a commit has for these tables."""
    if not any(write):
        return
    driver = straight(c)
    driver.executemany(_PUT_SETTLED, write.settled)
    driver.executemany(_ADD_BROUGHT, write.brought)
    driver.executemany(_CLEAR_SHELF, [(product_id,) for product_id in write.shelf])
    driver.executemany(_PUT_SHELF, [(*row[:4], int(row[4])) for rows in write.shelf.values() for row in rows])
    driver.executemany(_PUT_NOTED, write.noted)
