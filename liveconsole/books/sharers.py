"""``GET /v1/sharers``: who brought how many, what they bought in all, and 影响力.

Whom several brought is the first one's (decision 0017); an order counts that was placed after he came, and
was paid. Of buyers nothing leaves this module but sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from liveconsole.books.reading import BookReader, limit_in
from liveconsole.domain.china import begin_of, day_of
from liveconsole.domain.influence import DAYS, Influence, SharerSums, influence
from liveconsole.messages.fields import FORGOTTEN
from liveconsole.messages.money import SharerWritten
from liveconsole.messages.sharers import SharerGoods, SharerRow, SharersPage
from liveconsole.store.rows import micros

_DAY_US: Final = 86_400_000_000
_CHINA_US: Final = 8 * 3_600_000_000
_FIRST = (
    "SELECT viewer, by, at FROM (SELECT viewer, by, at,"
    " row_number() OVER (PARTITION BY viewer ORDER BY at, cue_id, by) AS place FROM brought) AS came"
    " WHERE place = 1"
)
"""By whom somebody came first."""
_CAME = "SELECT by, count(*), count(DISTINCT (at + ?) / ?) FROM brought WHERE at >= ? GROUP BY by"
_BOUGHT = (
    "SELECT f.by, count(*), sum(o.paid_fen - o.refund_fen)"
    f" FROM ({_FIRST}) f"
    " JOIN order_row o ON o.buyer = f.viewer"
    " WHERE o.paid_fen > 0 AND o.past = 0 AND o.placed_at >= max(f.at, ?) GROUP BY f.by"
)
_LINES = (
    "SELECT f.by, o.order_id, o.paid_fen - o.refund_fen, l.sku_id, l.quantity * l.unit_price_fen"
    f" FROM ({_FIRST}) f"
    " JOIN order_row o ON o.buyer = f.viewer JOIN order_line l USING (order_id)"
    " WHERE f.by IN (SELECT value FROM json_each(?)) AND o.paid_fen > 0 AND o.past = 0"
    " AND o.placed_at >= max(f.at, ?) ORDER BY o.order_id, l.line"
)
_GOODS = "SELECT key, seq FROM noted WHERE kind = 'sharer'"
_TITLES = "SELECT sku_id, title FROM goods_row WHERE sku_id IN (SELECT value FROM json_each(?))"
_encode = msgspec.json.Encoder().encode


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """Answer with the strongest ``limit``; ``sharer=ID``: with this one alone."""
    found = page(reader)
    if named := query.get("sharer", ""):
        found = msgspec.structs.replace(found, rows=[row for row in found.rows if row.sharer == named])
    return _encode(msgspec.structs.replace(found, rows=found.rows[: limit_in(query)]))


def page(reader: BookReader) -> SharersPage:
    """Return all who brought somebody in the last days, or have goods of their own."""
    now = reader.now()
    first_day = day_of(now) - timedelta(days=DAYS - 1)
    since = micros(begin_of(first_day))
    came = {by: (visits, days) for by, visits, days in reader.rows(_CAME, (_CHINA_US, _DAY_US, since))}
    bought = {by: (orders, fen) for by, orders, fen in reader.rows(_BOUGHT, (since,)) if by in came}
    pids = list(came)
    brought = [
        SharerSums(bought.get(pid, (0, 0))[1], came[pid][0], bought.get(pid, (0, 0))[0], came[pid][1])
        for pid in pids
    ]
    goods = _goods(reader)
    names = reader.names({*pids, *goods})
    parts = dict(zip(pids, influence(brought), strict=True))
    told = dict(zip(pids, brought, strict=True))
    commissions = _commissions(reader, pids, since, goods)
    titles = dict(
        reader.rows(_TITLES, (_encode([one.sku_id for own in goods.values() for one in own.goods]).decode(),))
    )
    rows = [
        _row(pid, names.get(pid), told.get(pid), parts.get(pid), commissions, goods.get(pid), titles, now)
        for pid in dict.fromkeys([*pids, *(pid for pid, own in goods.items() if own.until > now)])
    ]
    rows.sort(key=lambda row: (-row.influence, -row.amount_fen, row.sharer))
    return SharersPage(now, first_day, reader.simulated, len(pids), rows)


def _row(
    pid: str,
    name: tuple[str, str] | None,
    told: SharerSums | None,
    part: Influence | None,
    commissions: Mapping[str, int | None],
    own: SharerWritten | None,
    titles: Mapping[str, str],
    now: datetime,
) -> SharerRow:
    outside, called = name or (FORGOTTEN, FORGOTTEN)
    running = own if own is not None and own.until > now else None
    told = told or SharerSums(0, 0, 0, 0)
    part = part or Influence(0.0, 0.0, 0.0, 0.0, 0.0)
    return SharerRow(
        outside,
        called,
        told.visits,
        told.orders,
        told.amount,
        told.days,
        part.score,
        part.amount,
        part.visits,
        part.orders,
        part.days,
        commissions.get(pid, 0) if told.orders else 0,
        [
            SharerGoods(one.sku_id, titles.get(one.sku_id, one.sku_id), one.price_fen, one.percent)
            for one in (running.goods if running is not None else ())
        ],
        running.until if running is not None else None,
    )


def _goods(reader: BookReader) -> dict[str, SharerWritten]:
    """Read what each sharer was given last, by pid."""
    rows = reader.rows(_GOODS)
    events = reader.events_at([seq for _, seq in rows])
    by_seq = {event.seq: msgspec.json.decode(event.data, type=SharerWritten) for event in events}
    return {pid: by_seq[seq] for pid, seq in rows if seq in by_seq}


def _commissions(
    reader: BookReader, pids: Sequence[str], since: int, goods: Mapping[str, SharerWritten]
) -> dict[str, int | None]:
    """Return each one's commission: by line, of what is paid and not given back, whole 分 down. None where a
    line that he brought has no agreed percentage."""
    agreed = [pid for pid in pids if pid in goods and any(one.percent for one in goods[pid].goods)]
    sums: dict[str, int | None] = dict.fromkeys(set(pids).difference(agreed))
    whole: dict[str, int] = {}
    lines = reader.rows(_LINES, (_encode(agreed).decode(), since))
    for _, order_id, _, _, fen in lines:
        whole[order_id] = whole.get(order_id, 0) + fen
    for by, order_id, left, sku_id, fen in lines:
        own = goods.get(by)
        percent = next((one.percent for one in own.goods if one.sku_id == sku_id), None) if own else None
        had = sums.get(by, 0)
        if percent is None or had is None:
            sums[by] = None
            continue
        part = left * fen // whole[order_id] if whole[order_id] else 0
        sums[by] = had + part * int(Decimal(percent) * 100) // 10_000
    return sums
