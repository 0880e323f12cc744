"""Rivals' best sellers of the newest week that was brought in, beside what is on our shelf now."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import msgspec

from liveconsole.books.reading import BookReader
from liveconsole.domain.rivals import band_edges, bands, concentration, overlap, plain_title, same_goods
from liveconsole.messages.preparations import RivalGoods, RivalShop, RivalWeek
from liveconsole.messages.preparing import RivalRow, RivalsPut

_NEWEST = (
    "SELECT seq, (SELECT count(*) FROM noted WHERE kind = 'rivals') FROM noted"
    " WHERE kind = 'rivals' ORDER BY key DESC LIMIT 1"
)
_SHELF = (
    "SELECT g.title, s.price_fen FROM shelf_row s JOIN goods_row g USING (sku_id)"
    " WHERE s.on_shelf = 1 ORDER BY s.product_id, s.price_fen"
)
_TITLES_MOST: Final = 2_000
"""Titles of ours that are compared."""


class _RivalsLine(msgspec.Struct):
    data: RivalsPut


_decode = msgspec.json.Decoder(_RivalsLine).decode


def newest_week(reader: BookReader) -> RivalWeek | None:
    """Return the newest week; None where none was ever brought in."""
    found = reader.rows(_NEWEST)
    if not found:
        return None
    seq, weeks = found[0]
    written = _decode(reader.lines_at([seq])[0]).data
    shelf = reader.rows(_SHELF)
    ours = bands(fen for _, fen in shelf)
    lowest: dict[str, int] = {}
    for title, fen in shelf:
        if title in lowest or len(lowest) < _TITLES_MOST:
            lowest[title] = min(fen, lowest.get(title, fen))
    by_shop = groupby(sorted(written.rows, key=lambda row: row.shop), key=lambda row: row.shop)
    shops = [_shop(name, list(rows), ours, lowest) for name, rows in by_shop]
    return RivalWeek(written.week, band_edges(), ours, shops, weeks)


def _shop(name: str, rows: list[RivalRow], ours: list[int], lowest: dict[str, int]) -> RivalShop:
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, -(row.sold or 0)))
    theirs = bands(row.price_fen for row in rows)
    return RivalShop(
        name,
        [_goods(row, lowest) for row in rows],
        theirs,
        overlap(ours, theirs),
        concentration([row.sold for row in rows]),
    )


def _goods(row: RivalRow, lowest: dict[str, int]) -> RivalGoods:
    same = [title for title in lowest if same_goods(title, row.title)]
    best = max(same, key=lambda title: len(plain_title(title)), default="")
    return RivalGoods(row.title, row.price_fen, row.sold, row.rank, best, lowest.get(best))
