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
_SOLD = (
    "SELECT o.order_id, o.paid_fen, o.refund_fen, s.settled_fen, s.fee_fen, s.commission_fen,"
    " (SELECT sum(coalesce(a.amount_fen, o.paid_fen)) FROM aftersale a"
    "  WHERE a.order_id = o.order_id AND a.closed_at IS NULL AND a.kind IN ('refund', 'return')),"
    " l.quantity * l.unit_price_fen,"
    " (SELECT category FROM shelf_row c WHERE c.product_id = l.product_id LIMIT 1)"
    " FROM order_row o LEFT JOIN order_line l USING (order_id) LEFT JOIN settled_row s USING (order_id)"
    " WHERE o.broadcast = ? AND o.paid_fen > 0 ORDER BY o.order_id, l.line"
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
    """Return the rates of those categories that the table knows."""
    return {
        name: CategoryRate(fee.zh, fee_table.rate_of(fee))
        for name in categories
        if (fee := table.of(name)) is not None
    }


def _sold(reader: BookReader, number: int) -> Iterator[SoldOrder]:
    """Read the orders of a broadcast that were paid, each with its lines."""
    for _, group in groupby(reader.rows(_SOLD, (number,)), key=lambda row: row[0]):
        rows = list(group)
        _, paid, refund, settled, fee, commission, asked, *_ = rows[0]
        lines = [SoldLine(row[8] or "", row[7]) for row in rows if row[7] is not None]
        yield SoldOrder(paid, refund, lines, asked or 0, settled, fee, commission)


def _why(sum_: Settlement) -> list[SettlementWhy]:
    found = []
    if bare := sum_.unknown.get(""):
        found.append(SettlementWhy("no_category", {"n": bare}))
    if names := sorted(name for name in sum_.unknown if name):
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
