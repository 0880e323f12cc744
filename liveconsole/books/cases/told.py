"""What waits after the order, read from the tables as cases with their clocks, `CASES_MOST` of each kind.

Of orders and parcels only those of the last `DAYS_BACK` days wait for anybody: what is older is not on its
way any more. Where no source ever told of a parcel nobody knows what was sent, and nothing is late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from liveconsole.books.reading import BookReader
from liveconsole.domain import shipping
from liveconsole.domain.aftersale import (
    AftersaleTold,
    Figures,
    aftersale_clocks,
    by_end,
    pay_clock,
    review_clock,
)
from liveconsole.domain.shipping import KeptPromise, ParcelTold
from liveconsole.messages.cases import OF_AFTERSALE, OF_ORDER, OF_REVIEW, CaseClock, CaseGroup
from liveconsole.messages.facts import AFTERSALE_DISPUTED
from liveconsole.store.order_flags import COUNTED, LAPSED, PLACED
from liveconsole.store.parcel_days import FIRST_TOLD
from liveconsole.store.rows import micros, moment

CASES_MOST: Final = 2_000
"""Of each kind; what is beyond is counted by none, and said to be more."""
DAYS_BACK: Final = 60
UNPAID_BACK: Final = timedelta(days=1)
"""An order that nobody paid for so long is not waited for."""

GOODS: Final = (
    " LEFT JOIN order_line l ON l.order_id = o.order_id AND l.line = 1"
    " LEFT JOIN goods_row g ON g.sku_id = l.sku_id"
)
_DUE: Final = (
    f"CASE WHEN o.status IN ('placed', 'held') AND o.past = 0 AND (o.flags & {LAPSED}) = 0"
    f" AND (o.flags & {PLACED | COUNTED}) <> 0 THEN o.total_fen END"
)
"""What is still to be paid; nothing is due of what ended, and nobody knows it of what nobody told whole."""
_PAID: Final = "CASE WHEN o.status = 'paid' OR o.paid_fen > 0 THEN o.paid_fen END"
OF_ORDER_ROW: Final = (
    f"o.order_id, {_DUE}, {_PAID}, o.refund_fen, o.status, o.units, o.province, o.placed_at,"
    " o.paid_at, l.sku_id, coalesce(l.product_id, g.product_id), g.title, g.sku_title, g.image, o.buyer"
)
BUYER: Final = 14
"""The column in which a row has him: a pid, of which the reader makes his name."""
_ANSWERED: Final = (
    "(SELECT min(k.settled_at) FROM shop_ask k WHERE k.order_id = a.order_id"
    " AND k.aftersale_id = a.aftersale_id AND k.status = 'done')"
)
_UNSENT: Final = (
    "(o.order_id IS NOT NULL AND o.ship IS NULL AND o.past = 0 AND EXISTS (SELECT 1 FROM shipment))"
)
MADE_GOOD: Final = (
    "EXISTS (SELECT 1 FROM shop_ask k WHERE k.order_id = {order_id} AND k.act IN ('resend', 'compensate')"
    " AND k.status <> 'refused')"
)
AFTERSALES: Final = (
    f"SELECT {OF_ORDER_ROW}, a.aftersale_id, a.kind, a.status, a.reason, a.amount_fen, a.asked_at,"
    f" coalesce(a.answered_at, {_ANSWERED}), a.due_at, a.disputed_at, a.order_id,"
    f" {_UNSENT}, {MADE_GOOD.format(order_id='a.order_id')}"
    f" FROM aftersale a LEFT JOIN order_row o ON o.order_id = a.order_id{GOODS}"
    " WHERE a.status NOT IN ('refunded', 'rejected', 'closed') ORDER BY a.asked_at LIMIT ?"
)
_UNPAID: Final = (
    f"SELECT {OF_ORDER_ROW} FROM order_row o{GOODS} WHERE o.placed_at > ? AND o.status IN ('placed', 'held')"
    f" AND o.past = 0 AND o.ship IS NULL AND o.flags & {LAPSED} = 0 ORDER BY o.placed_at LIMIT ?"
)
OF_PROMISE: Final = "o.ship_own, o.ship_usual"
_IS_TO_SHIP: Final = (
    f"SELECT {OF_ORDER_ROW}, {OF_PROMISE} FROM order_row o{{by}}{GOODS} WHERE o.status = 'paid'"
    " AND o.ship IS NULL AND o.past = 0 AND o.paid_at IS NOT NULL AND o.refund_fen < max(o.paid_fen, 1)"
)
_TO_SHIP: Final = (
    f"SELECT * FROM ({_IS_TO_SHIP.format(by='')} AND o.placed_at > :since ORDER BY o.placed_at LIMIT :most)"
    f" AS newer UNION ALL SELECT * FROM ({_IS_TO_SHIP.format(by=' INDEXED BY order_row_promised')}"
    " AND o.shipped_at IS NULL AND o.ship_usual = 0 AND o.ship_own > :owed AND o.placed_at <= :since"
    " ORDER BY o.placed_at LIMIT :most) AS presold ORDER BY 8 LIMIT :most"
)
"""Those of the last days, and those that were placed before and promised for later (预售)."""
_PARCELS: Final = (
    f"SELECT {OF_ORDER_ROW}, s.status, s.at, s.carrier, s.waybill, s.text, s.order_id,"
    f" {MADE_GOOD.format(order_id='s.order_id')} FROM shipment s"
    f" LEFT JOIN order_row o ON o.order_id = s.order_id{GOODS}"
    " WHERE s.status NOT IN ('delivered', 'returned') AND s.at > ? ORDER BY s.at LIMIT ?"
)
_REVIEWS: Final = (
    f"SELECT {OF_ORDER_ROW}, r.seq, r.stars, r.at, r.text, r.product_id, r.order_id,"
    " (SELECT title FROM goods_row x WHERE x.product_id = r.product_id LIMIT 1)"
    " FROM review r"
    f" LEFT JOIN order_row o ON o.order_id = r.order_id{GOODS}"
    " WHERE r.at > ? AND r.stars <= ? AND NOT EXISTS (SELECT 1 FROM case_step c WHERE"
    " c.case_id = 'review/' || r.seq AND c.done = 1) ORDER BY r.at LIMIT ?"
)


class OrderTold(Struct, frozen=True):
    """Of the order of a case, as far as a row shows it."""

    order_id: str
    due_fen: int | None = None
    """What is still to be paid; None: nothing, or nobody told what."""
    paid_fen: int | None = None
    """None: nobody told that it was paid."""
    refund_fen: int = 0
    status: str = ""
    units: int = 0
    province: str = ""
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    sku_id: str = ""
    product_id: str = ""
    title: str = ""
    sku: str = ""
    image: str = ""
    buyer: str = ""
    """His name as it was told."""


class Case(Struct, frozen=True):
    """One case as it follows from the tables. ``clocks``: the one that ends first before the others."""

    case_id: str
    group: CaseGroup
    kind: str
    order: OrderTold
    clocks: list[CaseClock] = []
    aftersale_id: str = ""
    status: str = ""
    reason: str = ""
    amount_fen: int | None = None
    stars: int | None = None
    answered_at: datetime | None = None
    """When the buyer had a first word."""

    @property
    def clock(self) -> CaseClock | None:
        return self.clocks[0] if self.clocks else None


class Cases(Struct, frozen=True):
    """All that wait; ``cut``: groups of which there are more than were read."""

    cases: list[Case]
    cut: set[CaseGroup]


def waiting(reader: BookReader, figures: Figures, now: datetime) -> Cases:
    """Return every case that waits at ``now``."""
    found: list[Case] = []
    cut: set[CaseGroup] = set()
    for groups, cases in (
        (("first_answer", "solution", "dispute"), list(_aftersales(reader, figures))),
        (("unpaid",), list(_unpaid(reader, figures, now))),
        (("to_ship",), list(_to_ship(reader, figures, now))),
        (("stuck", "moving"), list(_parcels(reader, figures, now))),
        (("review",), list(_reviews(reader, figures, now))),
    ):
        if len(cases) > CASES_MOST:
            cut.update(groups)  # type: ignore[arg-type]
        found += cases[:CASES_MOST]
    return Cases(found, cut)


def _back(now: datetime, back: timedelta) -> int:
    return micros(now - back)


def _aftersales(reader: BookReader, figures: Figures) -> Iterator[Case]:
    for row in reader.rows(AFTERSALES, (CASES_MOST + 1,), name_at=BUYER):
        yield aftersale_case(row, figures)


def aftersale_case(row: Any, figures: Figures) -> Case:
    """Return the case of one row of `AFTERSALES`' columns."""
    id_, kind, status, reason, amount, asked, answered, due, disputed, order_id, unsent, good = row[15:27]
    told = AftersaleTold(
        status,
        moment(asked),
        _moment(answered),
        _moment(due),
        _moment(disputed),
        kind,
        bool(unsent),
        bool(good),
    )
    clocks = aftersale_clocks(told, figures)
    group: CaseGroup = "solution"
    if status == AFTERSALE_DISPUTED:
        group = "dispute"
    elif any(clock.rule == "first_answer" for clock in clocks):
        group = "first_answer"
    return Case(
        f"{OF_AFTERSALE}{id_}",
        group,
        "dispute" if status == AFTERSALE_DISPUTED else kind,
        order_told(row, order_id),
        clocks,
        id_,
        status,
        reason or "",
        amount,
        answered_at=_moment(answered),
    )


def _unpaid(reader: BookReader, figures: Figures, now: datetime) -> Iterator[Case]:
    for row in reader.rows(_UNPAID, (_back(now, UNPAID_BACK), CASES_MOST + 1), name_at=BUYER):
        order = order_told(row)
        assert order.placed_at is not None
        yield _of_order(order, "unpaid", [pay_clock(order.placed_at, figures)])


def _to_ship(reader: BookReader, figures: Figures, now: datetime) -> Iterator[Case]:
    parcels = reader.rows(FIRST_TOLD)
    if not parcels:
        return
    first = parcels[0][0]
    back = _back(now, timedelta(days=DAYS_BACK))
    values = {
        "since": max(back, first - _us(timedelta(hours=figures.ship_hours))),
        "owed": max(back, first),
        "most": CASES_MOST + 1,
    }
    for row in reader.rows(_TO_SHIP, values, name_at=BUYER):
        order = order_told(row)
        assert order.paid_at is not None
        yield _of_order(order, "to_ship", [shipping.ship_clock(order.paid_at, promise_of(row), figures)])


def promise_of(row: Any) -> KeptPromise:
    """Return what the order of a row was promised, which has `OF_PROMISE` behind `OF_ORDER_ROW`."""
    return KeptPromise(_moment(row[15]), bool(row[16]))


def _parcels(reader: BookReader, figures: Figures, now: datetime) -> Iterator[Case]:
    since = _back(now, timedelta(days=DAYS_BACK))
    for row in reader.rows(_PARCELS, (since, CASES_MOST + 1), name_at=BUYER):
        status, at, _carrier, _waybill, text, order_id, good = row[15:22]
        parcel = ParcelTold(status, moment(at), bool(good))
        yield parcel_case(order_told(row, order_id), parcel, text or "", figures, now)


def parcel_case(order: OrderTold, parcel: ParcelTold, text: str, figures: Figures, now: datetime) -> Case:
    """Return the case of an order that is on its way."""
    stuck = shipping.moves(parcel, now, figures) == "stuck"
    rules = (shipping.call_back_clock(parcel, figures), shipping.make_good_clock(parcel, figures))
    clocks = [clock for clock in rules if clock is not None] if stuck else []
    case = _of_order(order, "stuck" if stuck else "moving", clocks)
    return Case(case.case_id, case.group, case.kind, order, case.clocks, "", parcel.status, text)


def _reviews(reader: BookReader, figures: Figures, now: datetime) -> Iterator[Case]:
    values = (_back(now, timedelta(days=DAYS_BACK)), figures.reply_stars, CASES_MOST + 1)
    for row in reader.rows(_REVIEWS, values, name_at=BUYER):
        yield review_case(row, figures)


def review_case(row: Any, figures: Figures) -> Case:
    """Return the case of one row of ``_REVIEWS``' columns."""
    seq, stars, at, text, product_id, order_id, title = row[15:22]
    order = order_told(row, order_id or "", product_id, title or "")
    clock = review_clock(stars, moment(at), replied=False, figures=figures)
    clocks = [clock] if clock is not None else []
    return Case(f"{OF_REVIEW}{seq}", "review", "review", order, clocks, "", "", text, None, stars)


def _of_order(order: OrderTold, group: CaseGroup, clocks: list[CaseClock]) -> Case:
    return Case(f"{OF_ORDER}{order.order_id}", group, group, order, by_end(clocks))


def order_told(row: Any, order_id: str = "", product_id: str = "", title: str = "") -> OrderTold:
    """Return the order of a row whose first columns are `OF_ORDER_ROW`; what is given says it where no order
    is known, or which of its goods it is about."""
    return OrderTold(
        row[0] or order_id,
        row[1],
        row[2],
        row[3] or 0,
        row[4] or "",
        row[5] or 0,
        row[6] or "",
        _moment(row[7]),
        _moment(row[8]),
        row[9] or "",
        product_id or row[10] or "",
        title or row[11] or "",
        "" if title else row[12] or "",
        row[13] or "",
        row[14] or "",
    )


def _moment(us: int | None) -> datetime | None:
    return None if us is None else moment(us)


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
