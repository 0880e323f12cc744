"""What customers are worth, what they cost, and whether members are worth more: the answer of
``GET /v1/customers?view=value``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.books import ltv
from liveconsole.books.reading import BadQuery, BookReader, day_in, number_in
from liveconsole.domain.china import day_of, end_of
from liveconsole.messages.customers import AgeValue, CustomerValue
from liveconsole.store.rows import micros

MONTHS: Final = 12
_MOST_FEN: Final = 10**12
_PERCENT: Final = 100
_SPENT: Final = (
    "SELECT joined, count(*), sum(fen) FROM (SELECT buyer IN (SELECT pid FROM member) AS joined,"
    " sum(paid_fen - refund_fen) AS fen FROM order_row INDEXED BY order_row_buyer"
    " WHERE status = 'paid' AND buyer <> '' AND placed_at < ? AND refund_fen < max(paid_fen, 1)"
    " GROUP BY buyer) AS spent GROUP BY joined"
)


def value(reader: BookReader, query: Mapping[str, str]) -> CustomerValue:
    """Return it as of ``on``: ``months`` of horizon, ``margin_percent`` and ``cost_fen`` as typed, first
    orders of ``from`` to ``to``."""
    on = day_in(query, "on") or day_of(reader.now())
    months = number_in(query, "months", MONTHS, ltv.AGES_MOST)
    margin = number_in(query, "margin_percent", -1, _PERCENT)
    cost = number_in(query, "cost_fen", -1, _MOST_FEN)
    since, until = day_in(query, "from"), day_in(query, "to") or on
    if since is not None and since > until:
        raise BadQuery("from")
    found = ltv.read(reader, on)
    low = since.toordinal() if since is not None else 0
    first = sum(n for day, n in found.begun.items() if low <= day <= until.toordinal())
    fen = ltv.lifetime(ltv.means(found.ages, found.customers, months)) if months else None
    if fen is not None and margin >= 0:
        fen = round(fen * margin / _PERCENT)
    members, arpu = _arpu(reader, micros(end_of(on)))
    return CustomerValue(
        on,
        found.customers,
        months,
        fen,
        margin if margin >= 0 else None,
        _months(found, months),
        found.repeated / found.customers if found.customers else None,
        found.median_gap_days,
        first,
        cost if cost >= 0 else None,
        round(cost / first) if cost >= 0 and first else None,
        members,
        arpu.get(1),
        arpu.get(0),
    )


def _months(found: ltv.Value, months: int) -> list[AgeValue]:
    fens = ltv.means(found.ages, found.customers, months)
    orders = ltv.means(found.ages, found.customers, months, orders=True)
    told = []
    for month, (fen, count) in enumerate(zip(fens, orders, strict=True)):
        customers = found.ages[month].customers if month < len(found.ages) else 0
        reckoned = customers * 2 < found.customers or not customers
        told.append(AgeValue(month, customers, count, None if fen is None else round(fen), reckoned))
    return told


def _arpu(reader: BookReader, end: int) -> tuple[int, dict[int, int]]:
    """How many members there are, and what one member (1) and one of the others (0) came to."""
    spent = {joined: round(fen / count) for joined, count, fen in reader.rows(_SPENT, (end,))}
    ((members,),) = reader.rows("SELECT count(*) FROM member")
    return members, spent
