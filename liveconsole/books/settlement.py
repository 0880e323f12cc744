"""``GET /v1/settlement?broadcast=N``: what an evening brings, and who gets which part of it.

Orders and settlements are read from the tables, fees from an editable file, parts from the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

import msgspec

from liveconsole.advice import fees as fee_table
from liveconsole.advice.fees import Fees
from liveconsole.advice.seller_files import BadSellerFile
from liveconsole.books.reading import BadQuery, BookReader, number_in
from liveconsole.domain.china import day_of
from liveconsole.domain.settlement import CategoryRate, Settlement, SoldLine, SoldOrder, settle, split
from liveconsole.messages.money import PartsWritten
from liveconsole.messages.settlements import FeeTold, PartTold, SettlementTold, SettlementWhy
from liveconsole.store.rows import moment

_NAMED: Final = 5
"""Unknown categories that a reason names."""
_BROADCAST = (
    "SELECT number, title, opened_at, orders_known, unpaid FROM broadcast"
    " WHERE number = coalesce(?, (SELECT max(number) FROM broadcast))"
)
_OF_SETTLED = "FROM order_row o JOIN settled_row s USING (order_id) WHERE o.broadcast = ? AND o.paid_fen > 0"
_AFTER = "CASE WHEN o.seq > s.seq THEN o.refund_fen ELSE 0 END"
"""What was given back of an order of which something was told after its settlement."""
_SETTLED = (
    "SELECT count(*), sum(o.paid_fen), sum(o.refund_fen), sum(s.settled_fen), sum(s.commission_fen),"
    f" sum({_AFTER}) {_OF_SETTLED}"
)
_OPEN = (
    "WITH named AS (SELECT product_id, max(category) AS category FROM shelf_row GROUP BY product_id),"
    " asked AS (SELECT order_id, sum(coalesce(amount_fen, 1000000000000)) AS fen FROM aftersale"
    "  WHERE closed_at IS NULL AND kind IN ('refund', 'return') GROUP BY order_id),"
    " sold AS (SELECT o.order_id, o.paid_fen, o.refund_fen,"
    "  min(coalesce(n.category, '')) AS first, max(coalesce(n.category, '')) AS last, count(l.line) AS lines"
    "  FROM order_row o LEFT JOIN order_line l USING (order_id) LEFT JOIN named n USING (product_id)"
    "  WHERE o.broadcast = ? AND o.paid_fen > 0"
    "  AND NOT EXISTS (SELECT 1 FROM settled_row s WHERE s.order_id = o.order_id)"
    "  GROUP BY o.order_id, o.paid_fen, o.refund_fen)"
)
_ALIKE = (
    f"{_OPEN} SELECT s.first, s.lines > 0, s.paid_fen, s.refund_fen, coalesce(a.fen, 0), count(*)"
    " FROM sold s LEFT JOIN asked a USING (order_id)"
    " WHERE s.first = s.last GROUP BY 1, 2, 3, 4, 5"
)
"""Orders of one category: those that are alike are counted, not told one by one."""
_MIXED = (
    f"{_OPEN} SELECT s.order_id, s.paid_fen, s.refund_fen, coalesce(a.fen, 0), coalesce(n.category, ''),"
    " sum(l.quantity * l.unit_price_fen)"
    " FROM sold s JOIN order_line l USING (order_id) LEFT JOIN named n USING (product_id)"
    " LEFT JOIN asked a USING (order_id) WHERE s.first < s.last GROUP BY 1, 2, 3, 4, 5"
)
_PARTS = "SELECT seq FROM noted WHERE kind = 'parts' AND key <= ? ORDER BY key DESC LIMIT 1"
_encode = msgspec.json.Encoder().encode


class _PartsLine(msgspec.Struct):
    data: PartsWritten


_decode_parts = msgspec.json.Decoder(_PartsLine).decode


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """Answer for one broadcast; without a number for the newest.

    Raises:
        BadQuery: there is no such broadcast.
        TookTooLong: it could not be read in time.
    """
    return _encode(settlement(reader, number_in(query, "broadcast", 0)))


def settlement(reader: BookReader, number: int) -> SettlementTold:
    """
    Args:
        number: of the broadcast; 0: the newest.

    Raises:
        BadQuery: there is no such broadcast.
    """
    found = reader.rows(_BROADCAST, (number or None,))
    if not found:
        raise BadQuery("broadcast")
    number, title, opened, known, unpaid = found[0]
    why: list[SettlementWhy] = []
    try:
        table = fee_table.load(reader.folder)
    except (BadSellerFile, OSError) as error:
        table = Fees("", None, None, [], {})
        why.append(SettlementWhy("bad_file", {"detail": str(error)}))
    sold = list(_sold(reader, number)) if known else []
    categories = {line.category for order in sold for line in order.lines}
    sum_ = settle(sold, rates_of(table, categories), table.payout)
    why += [SettlementWhy("no_orders_told")] if not known else _why(sum_)
    whole = not why
    day = day_of(moment(opened))
    parts, since, parts_why = _parts(reader, day, sum_ if whole else None)
    return SettlementTold(
        number,
        title,
        moment(opened),
        reader.simulated,
        reader.now(),
        sum_.orders if known else None,
        sum_.settled if known else None,
        unpaid if known else None,
        sum_.paid_fen if known else None,
        sum_.refund_fen if known else None,
        sum_.asked_back_fen if known else None,
        sum_.commission_fen if known else None,
        sum_.low_fen if whole else None,
        sum_.high_fen if whole else None,
        sum_.low_fen if known and sum_.payout_known else None,
        sum_.high_fen if known and sum_.payout_known else None,
        sum_.unknown_orders,
        sum_.unknown_fen,
        why,
        _fees(table, sum_),
        (_percent(table.payout.low), _percent(table.payout.high)) if table.payout is not None else None,
        table.name,
        table.checked,
        parts,
        since,
        parts_why,
    )


def rates_of(table: Fees, categories: set[str]) -> dict[str, CategoryRate]:
    """Return the rates of those categories that the table knows; of goods with several groups the first that
    it knows."""
    found = {}
    for said in categories:
        fee = next((one for name in said.split("\n") if (one := table.of(name)) is not None), None)
        if fee is not None:
            found[said] = CategoryRate(fee.zh, fee_table.rate_of(fee))
    return found


def _sold(reader: BookReader, number: int) -> Iterator[SoldOrder]:
    """Read the orders of a broadcast that were paid: what is settled as one, what is alike together."""
    count, paid, refund, settled, commission, after = reader.rows(_SETTLED, (number,))[0]
    if count:
        yield SoldOrder(paid, refund, [], 0, settled, None, commission, after)
        yield SoldOrder(0, 0, [], settled_fen=0, times=count - 1)
    for category, has_lines, paid, refund, asked, times in reader.rows(_ALIKE, (number,)):
        lines = [SoldLine(category, paid)] if has_lines else []
        yield SoldOrder(paid, refund, lines, asked, times=times)
    for _, group in groupby(reader.rows(_MIXED, (number,)), key=lambda row: row[0]):
        rows = list(group)
        _, paid, refund, asked, *_ = rows[0]
        yield SoldOrder(paid, refund, [SoldLine(row[4], row[5]) for row in rows], asked)


def _why(sum_: Settlement) -> list[SettlementWhy]:
    found = []
    if bare := sum_.unknown.get(""):
        found.append(SettlementWhy("no_category", {"n": bare}))
    if names := sorted({name.replace("\n", "/") for name in sum_.unknown if name}):
        more = "…" if len(names) > _NAMED else ""
        found.append(SettlementWhy("unknown_category", {"names": "、".join(names[:_NAMED]) + more}))
    if not sum_.payout_known and sum_.settled < sum_.orders:
        found.append(SettlementWhy("no_payout_fee"))
    return found


def _fees(table: Fees, sum_: Settlement) -> list[FeeTold]:
    found = []
    for name, one in sorted(sum_.categories.items(), key=lambda item: -item[1].base_fen):
        fee = table.by_name[name.lower()]
        low, high = fee_table.deposit_of(fee) or (None, None)
        rate = fee_table.rate_of(fee)
        found.append(
            FeeTold(
                fee.zh,
                fee.en,
                _percent(rate.low),
                _percent(rate.high),
                one.base_fen,
                one.fee_low_fen,
                one.fee_high_fen,
                fee.source,
                low,
                high,
            )
        )
    return found


def _parts(
    reader: BookReader, day: date, sum_: Settlement | None
) -> tuple[list[PartTold], date | None, SettlementWhy | None]:
    """Who gets what by the word that held on the day, each at both ends."""
    seqs = [row[0] for row in reader.rows(_PARTS, (day.isoformat(),))]
    if not seqs:
        return [], None, SettlementWhy("no_parts")
    written = _decode_parts(reader.lines_at(seqs)[0]).data
    if sum_ is None:
        return [], written.since, SettlementWhy("sum_unknown")
    hundredths = [int(Decimal(part.percent) * 100) for part in written.parts]
    low, high = split(sum_.low_fen, hundredths), split(sum_.high_fen, hundredths)
    names = [part.who for part in written.parts]
    percents = [*map(_percent, hundredths), _percent(10_000 - sum(hundredths))]
    told = [PartTold(*each) for each in zip([*names, ""], percents, low, high, strict=True)]
    return told, written.since, None


def _percent(hundredths: int) -> str:
    return f"{Decimal(hundredths) / 100:f}"
