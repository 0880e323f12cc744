"""Who bought: every customer with his segment or tier, page by page.

An order counts once it was paid and as long as not all of it went back; it counts on the day on which it was
placed. Money is what was paid less what was given back. Somebody who was forgotten stays in the figures and
is nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from liveconsole.books import rfm, tiers
from liveconsole.books.china_days import day_sql
from liveconsole.books.figures import CustomerFigures, usable
from liveconsole.books.person import levels_of
from liveconsole.books.reading import BadQuery, BookReader, day_in, limit_in, number_in
from liveconsole.domain.china import day_of, end_of
from liveconsole.messages.customers import GROUPINGS, CustomerGroup, CustomerPage, CustomerRow, Grouping
from liveconsole.messages.fields import FORGOTTEN
from liveconsole.store.rows import micros
from liveconsole.views.masks import mask_name

_BOUGHT: Final = (
    f"SELECT buyer, {day_sql('max(CASE WHEN refund_fen < max(paid_fen, 1) THEN placed_at END)')},"
    " sum(refund_fen < max(paid_fen, 1)) AS orders, sum(paid_fen - refund_fen)"
    " FROM order_row INDEXED BY order_row_buyer WHERE status = 'paid' AND buyer <> '' AND placed_at < :end"
    " GROUP BY buyer HAVING sum(refund_fen < max(paid_fen, 1)) > 0"
)
_UNDATED: Final = "SELECT count(*) FROM order_row WHERE status = 'paid' AND placed_at IS NULL"
_CHANGED: Final = (
    "SELECT t.id, (SELECT max(e.seq) FROM event e WHERE e.type_id = t.id AND e.type_id >= 32)"
    " FROM type t WHERE t.id >= 32 ORDER BY t.id"
)


class Grouped(NamedTuple):
    """One customer with what he is put into; the rest as `CustomerRow` has it."""

    pid: str
    group: str
    orders: int
    recency_days: int
    amount_fen: int
    rfm_score: str | None = None
    monthly_fen: int | None = None
    groups: int | None = None
    interactions: int | None = None
    first_order: bool = False


class AllCustomers(NamedTuple):
    """Everybody as of one day, whoever bought for most first."""

    on: date
    by: Grouping
    figures: CustomerFigures
    rows: list[Grouped]
    groups: list[CustomerGroup]
    undated: int
    partly: bool


_last: WeakKeyDictionary[BookReader, tuple[object, AllCustomers]] = WeakKeyDictionary()
"""What a reader was asked last: while nothing rare happens, the next page of it is not worked out again."""


def page(reader: BookReader, query: Mapping[str, str]) -> CustomerPage:
    """Return one page: ``rfm`` (a `Grouping`), ``on``, ``group``, ``after`` (rows passed over), ``limit``."""
    by = grouping_in(query)
    on = day_in(query, "on") or day_of(reader.now())
    found = everybody(reader, by, on)
    wanted = query.get("group", "")
    if wanted and wanted not in {group.name for group in found.groups}:
        raise BadQuery("group")
    rows = [row for row in found.rows if row.group == wanted] if wanted else found.rows
    after, limit = number_in(query, "after", 0), limit_in(query)
    shown = rows[after : after + limit]
    pids = [row.pid for row in shown]
    names, levels = reader.names(pids), levels_of(reader, pids, found.figures)
    return CustomerPage(
        on,
        by,
        found.figures.source,
        found.figures.source_en,
        found.figures.checked,
        len(found.rows),
        sum(row.orders for row in found.rows),
        sum(row.amount_fen for row in found.rows),
        found.undated,
        found.groups,
        [_listed(row, names, levels) for row in shown],
        after + limit if after + limit < len(rows) else None,
        found.partly,
        found.figures.members.levels,
    )


def grouping_in(query: Mapping[str, str]) -> Grouping:
    """Return how a query wants them put together."""
    name = query.get("rfm", "") or "quintiles"
    for one in GROUPINGS:
        if name == one:
            return one
    raise BadQuery("rfm")


def everybody(reader: BookReader, by: Grouping, on: date) -> AllCustomers:
    """Return all who bought up to the end of a day of China."""
    figures = figures_of(reader)
    asked = (by, on, figures, tuple(map(tuple, reader.rows(_CHANGED))))
    known = _last.get(reader)
    if known is not None and known[0] == asked:
        return known[1]
    found = _grouped(reader, by, on, figures)
    _last[reader] = asked, found
    return found


def figures_of(reader: BookReader) -> CustomerFigures:
    """Return what this data folder goes by."""
    return usable(reader.folder)


def _grouped(reader: BookReader, by: Grouping, on: date, figures: CustomerFigures) -> AllCustomers:
    partly = False
    if by == "quintiles":
        bought = _bought(reader, on)
        scores = rfm.scored(bought, on.toordinal(), figures.segments)
        rows = [
            Grouped(one.pid, named.segment, one.orders, on.toordinal() - one.last_day, one.fen, named.score)
            for one, named in zip(bought, scores, strict=True)
        ]
    else:
        tiered, partly = tiers.tiered(reader, on, figures.tiers)
        rows = [Grouped(t.pid, t.tier, t.orders, t.recency_days, t.fen, None, *t[5:]) for t in tiered]
    rows.sort(key=lambda row: (-row.amount_fen, row.pid))
    ((undated,),) = reader.rows(_UNDATED)
    return AllCustomers(on, by, figures, rows, _groups(rows, by, figures), undated, partly)


def _bought(reader: BookReader, on: date) -> list[rfm.CustomerSum]:
    return list(map(rfm.CustomerSum._make, reader.rows(_BOUGHT, {"end": micros(end_of(on))})))


def _groups(rows: Sequence[Grouped], by: Grouping, figures: CustomerFigures) -> list[CustomerGroup]:
    """Every group of the file in its order, those without anybody too; at the end what no line holds."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        of = sums.setdefault(row.group, [0, 0, 0])
        of[0] += 1
        of[1] += row.orders
        of[2] += row.amount_fen
    named: list[tuple[str, str, str, str, str, int | None]]
    if by == "seed":
        named = [(t.name, t.zh, t.en, t.do_zh, t.do_en, t.share_percent) for t in figures.steps]
    else:
        named = [(s.name, s.zh, s.name, s.do_zh, s.do_en, None) for s in figures.segments]
        if rfm.OTHERS in sums:
            named.append((rfm.OTHERS, "其他", "Others", "", "", None))
    found = []
    for name, zh, en, do_zh, do_en, expected in named:
        customers, orders, fen = sums.get(name, (0, 0, 0))
        share = customers / len(rows) if rows else None
        found.append(CustomerGroup(name, zh, en, do_zh, do_en, customers, orders, fen, share, expected))
    return found


def _listed(
    row: Grouped, names: Mapping[str, tuple[str, str]], levels: Mapping[str, tuple[str, str]]
) -> CustomerRow:
    outside, name = names.get(row.pid, ("", FORGOTTEN))
    level = levels.get(row.pid)
    return CustomerRow(row.pid, mask_name(name or outside), *row[1:], level is not None, *(level or ("", "")))
