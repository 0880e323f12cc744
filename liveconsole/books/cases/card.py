"""One case whole: its order and its way, its steps, the texts for the buyer, what was asked of the shop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from liveconsole.advice.after_order import AfterOrder
from liveconsole.books.cases import told
from liveconsole.books.cases.files import CaseFiles, case_files
from liveconsole.books.cases.page import card_for, row_of
from liveconsole.books.cases.steps import AskedThing, asks_told, lesson, notes, progress, steps_told
from liveconsole.books.cases.texts import facts_of, templates
from liveconsole.books.cases.told import Case, OrderTold
from liveconsole.books.order_notes import WrittenBeside, written_beside
from liveconsole.books.reading import BookReader
from liveconsole.domain import shipping
from liveconsole.domain.aftersale import Figures, exception_of, pay_clock, window_until
from liveconsole.domain.shipping import ParcelTold
from liveconsole.messages.after_order import CASE_TEXT_LONG
from liveconsole.messages.cases import (
    OF_AFTERSALE,
    OF_ORDER,
    OF_REVIEW,
    BothWords,
    CaseCard,
    CaseGroup,
    CaseLine,
    CaseReview,
    ParcelWord,
    ShopAct,
    WayStep,
)
from liveconsole.messages.facts import AFTERSALE_OVER
from liveconsole.store.rows import moment
from liveconsole.views.masks import plain_line

_UNTITLED: Final = BothWords("订单", "Order")
_AFTERSALE: Final = told.AFTERSALES.replace(
    " WHERE a.status NOT IN ('refunded', 'rejected', 'closed') ORDER BY a.asked_at LIMIT ?",
    " WHERE a.aftersale_id = ?",
)
_REVIEW: Final = (
    f"SELECT {told.OF_ORDER_ROW}, r.seq, r.stars, r.at, r.text, r.product_id, r.order_id,"
    " (SELECT title FROM goods_row x WHERE x.product_id = r.product_id LIMIT 1)"
    f" FROM review r LEFT JOIN order_row o ON o.order_id = r.order_id{told.GOODS} WHERE r.seq = ?"
)
_AGREED: Final = (
    "SELECT r.text, c.agreed FROM review r LEFT JOIN review_agreed c ON c.review_id = r.seq WHERE r.seq = ?"
)
_ORDER: Final = (
    f"SELECT {told.OF_ORDER_ROW}, {told.OF_PROMISE} FROM order_row o{told.GOODS} WHERE o.order_id = ?"
)
_PARCEL: Final = (
    "SELECT status, at, carrier, waybill, text, eta, shipped_at, delivered_at,"
    f" {told.MADE_GOOD.format(order_id='shipment.order_id')} FROM shipment WHERE order_id = ?"
)
_LINES: Final = (
    "SELECT l.line, l.sku_id, l.quantity, l.unit_price_fen, g.title, g.sku_title, g.groups,"
    " coalesce(l.product_id, g.product_id, '') FROM order_line l"
    " LEFT JOIN goods_row g ON g.sku_id = l.sku_id WHERE l.order_id = ? ORDER BY l.line LIMIT 100"
)
_FIRST_CASE: Final = "SELECT min(asked_at) FROM aftersale WHERE order_id = ?"
_RESENT: Final = (
    "SELECT carrier, waybill FROM shop_ask WHERE order_id = ? AND act IN ('resend', 'ship')"
    " AND status != 'refused' ORDER BY seq DESC LIMIT 1"
)


def card_of(reader: BookReader, case_id: str) -> CaseCard | None:
    """Return a case by its id, waiting or over; None: there is none."""
    files, now = case_files(reader.folder), reader.now()
    said = files.said
    case = _case(reader, case_id, said.figures, now)
    if case is None:
        return None
    order_id, kind_card = case.order.order_id, card_for(case, said)
    found = progress(reader, [case])
    written = notes(reader, found.steps.get(case.case_id, {}))
    parcel = _parcel(reader, order_id)
    lines = reader.rows(_LINES, (order_id,))
    window, exception = _window(parcel, lines, said.figures)
    word = _parcel_word(parcel, case.order, said)
    resent = reader.rows(_RESENT, (order_id,))
    sent = tuple(resent[0]) if resent else ("", "")
    facts = facts_of(case, word, window, said.provinces, now, sent)
    asks = found.asked(case)
    beside = written_beside(reader, [order_id]).get(order_id, WrittenBeside())
    return CaseCard(
        now,
        row_of(case, kind_card, found),
        case.clocks,
        _way(reader, case.order, parcel),
        [CaseLine(row[0], row[1], row[2], row[3], row[4] or "", row[5] or "", row[7]) for row in lines],
        kind_card.title if kind_card is not None else _UNTITLED,
        steps_told(kind_card, case, found, written),
        templates(kind_card, facts, written, files.words),
        asks_told(reader, asks),
        _acts(case, asks, parcel),
        word,
        window,
        exception,
        _refund_most(case.order, found.asks.get(order_id, ())),
        lesson(reader, case, asks),
        _review_told(reader, case, files),
        beside.note,
        beside.tags,
    )


def _case(reader: BookReader, case_id: str, figures: Figures, now: datetime) -> Case | None:
    for prefix, read in ((OF_AFTERSALE, _aftersale), (OF_ORDER, _order), (OF_REVIEW, _review)):
        if case_id.startswith(prefix):
            return read(reader, case_id.removeprefix(prefix), figures, now)
    return None


def _aftersale(reader: BookReader, id_: str, figures: Figures, now: datetime) -> Case | None:
    rows = reader.rows(_AFTERSALE, (id_,), name_at=told.BUYER)
    return told.aftersale_case(rows[0], figures) if rows else None


def _review(reader: BookReader, id_: str, figures: Figures, now: datetime) -> Case | None:
    if not (id_.isascii() and id_.isdecimal() and len(id_) < 19):
        return None
    rows = reader.rows(_REVIEW, (int(id_),), name_at=told.BUYER)
    return told.review_case(rows[0], figures) if rows else None


def _review_told(reader: BookReader, case: Case, files: CaseFiles) -> CaseReview | None:
    if not case.case_id.startswith(OF_REVIEW):
        return None
    id_ = int(case.case_id.removeprefix(OF_REVIEW))
    ((text, agreed),) = reader.rows(_AGREED, (id_,))
    said = plain_line(text, CASE_TEXT_LONG)
    return CaseReview(id_, said, None if agreed is None else bool(agreed), files.terms(text))


def _order(reader: BookReader, id_: str, figures: Figures, now: datetime) -> Case | None:
    """An order as a case: what of it waits, or how it stands where nothing does."""
    rows = reader.rows(_ORDER, (id_,), name_at=told.BUYER)
    if not rows:
        return None
    order, parcel = told.order_told(rows[0]), _parcel(reader, id_)
    if parcel is not None:
        word = ParcelTold(parcel[0], moment(parcel[1]), bool(parcel[8]))
        return told.parcel_case(order, word, parcel[4] or "", figures, now)
    group: CaseGroup = "unpaid" if order.status in ("placed", "held") else "to_ship"
    clocks = []
    if group == "unpaid" and order.placed_at is not None:
        clocks = [pay_clock(order.placed_at, figures)]
    elif order.status == "paid" and order.paid_at is not None:
        clocks = [shipping.ship_clock(order.paid_at, told.promise_of(rows[0]), figures)]
    kind = group if clocks else "order"
    return Case(f"{OF_ORDER}{id_}", group, kind, order, clocks)


def _parcel(reader: BookReader, order_id: str) -> Any:
    rows = reader.rows(_PARCEL, (order_id,))
    return rows[0] if rows else None


def _parcel_word(parcel: Any, order: OrderTold, said: AfterOrder) -> ParcelWord | None:
    if parcel is None:
        return None
    days = said.provinces.days_to(order.province) if order.province else None
    return ParcelWord(
        parcel[0],
        moment(parcel[1]),
        said.provinces.carrier(parcel[2]) if parcel[2] else "",
        parcel[3] or "",
        parcel[4] or "",
        parcel[5] or "",
        days[1] if days is not None else None,
    )


def _way(reader: BookReader, order: OrderTold, parcel: Any) -> list[WayStep]:
    asked = reader.rows(_FIRST_CASE, (order.order_id,))[0][0]
    shipped = moment(parcel[6]) if parcel is not None else None
    delivered = moment(parcel[7]) if parcel is not None and parcel[7] is not None else None
    on_the_way = parcel is not None and parcel[0] not in ("shipped",)
    return [
        WayStep("placed", order.placed_at, order.placed_at is not None),
        WayStep("paid", order.paid_at, order.paid_at is not None),
        WayStep("shipped", shipped, parcel is not None),
        WayStep("delivering", moment(parcel[1]) if on_the_way else None, on_the_way),
        WayStep("delivered", delivered, delivered is not None),
        WayStep("aftersale", moment(asked) if asked is not None else None, asked is not None),
    ]


def _window(parcel: Any, lines: Sequence[Any], figures: Figures) -> tuple[datetime | None, str]:
    """Until when it may go back without a reason, or which exception its goods are."""
    for row in lines:
        found = exception_of(row[4] or "", (row[6] or "").split("\n"), figures)
        if found is not None:
            return None, found.category
    delivered = moment(parcel[7]) if parcel is not None and parcel[7] is not None else None
    return window_until(delivered, figures), ""


def _refund_most(order: OrderTold, asks: Sequence[AskedThing]) -> int | None:
    """As `shop_asks.refund_most` of the room."""
    if order.paid_fen is None:
        return None
    money = [one for one in asks if one.act == "compensate" and not one.coupon]
    back = sum(one.amount_fen or 0 for one in money if one.status == "done")
    pending = sum(one.amount_fen or 0 for one in money if one.status in ("owed", "sent", "unknown"))
    return max(0, order.paid_fen - max(order.refund_fen, back) - pending)


def _acts(case: Case, asks: Sequence[AskedThing], parcel: Any) -> list[ShopAct]:
    """What may be asked now; the rule has the last word (`domain.shop_asks`)."""
    order = case.order
    open_ = {one.act for one in asks if one.status in ("owed", "sent", "unknown")}
    found: list[ShopAct] = []
    if case.aftersale_id and case.status not in AFTERSALE_OVER and not open_ & {"accept", "reject"}:
        found += ["accept", "reject"]
    if order.order_id and order.status:
        found.append("answer")
        if order.status == "paid":
            found += ["compensate", "resend"]
            if parcel is None and "ship" not in open_:
                found.append("ship")
        elif order.status in ("placed", "held") and "price" not in open_:
            found.append("price")
        found.append("remark")
    return found
