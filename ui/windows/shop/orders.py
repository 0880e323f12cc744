"""全部订单: orders of all the years as rows of the list, and what is known of one that nobody waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from liveconsole.messages.cases import OF_ORDER, CaseRow, ParcelWord, WayStep
from liveconsole.messages.order_pages import BookOrder
from ui.i18n import t
from ui.windows.shop.words import moment

ALL: Final = "all"
"""The group of all orders; the others are groups of cases."""


def row_of_order(order: BookOrder) -> CaseRow:
    """The order as a row of the list; ``kind`` is its state."""
    first = order.lines[0] if order.lines else None
    said = [t("要改地址")] if order.change_address else []
    said += [order.note] if order.note else []
    said += [f"#{tag}" for tag in order.tags]
    if order.aftersales:
        said.append(t("售后 {n} 件", n=len(order.aftersales)))
    more = t("等 {n} 件", n=order.units) if order.more_lines or len(order.lines) > 1 else ""
    return CaseRow(
        case_id=f"{OF_ORDER}{order.order_id}",
        group="moving",
        kind=order.state,
        order_id=order.order_id,
        reason=" · ".join(said),
        product_id=(first.product_id or "") if first is not None else "",
        sku_id=first.sku_id if first is not None else "",
        title=" ".join(
            part for part in ((first.title or first.sku_id) if first is not None else "", more) if part
        ),
        sku=first.sku if first is not None else "",
        units=order.units,
        buyer=order.buyer,
        province=order.province or "",
        paid_fen=order.paid_fen,
        due_fen=order.total_fen if order.state == "unpaid" else None,
        note=order.note,
    )


def placed_words(order: BookOrder, now: datetime) -> str:
    """When it was placed, in the place of a clock."""
    return moment(order.placed_at, now) if order.placed_at is not None else "—"


def way_of(order: BookOrder) -> list[WayStep]:
    """Its six stations, as far as the books know them."""
    parcel = order.shipment
    moments: Sequence[tuple[str, datetime | None, bool]] = (
        ("placed", order.placed_at, order.placed_at is not None),
        ("paid", order.paid_at, order.paid_fen is not None),
        ("shipped", parcel.shipped_at if parcel is not None else None, parcel is not None),
        ("delivering", None, parcel is not None and parcel.status in ("out_for_delivery", "delivered")),
        ("delivered", *_delivered(order)),
        ("aftersale", None, bool(order.aftersales)),
    )
    return [WayStep(name, at, done) for name, at, done in moments]  # type: ignore[arg-type]


def _delivered(order: BookOrder) -> tuple[datetime | None, bool]:
    at = order.shipment.delivered_at if order.shipment is not None else None
    return at, at is not None


def parcel_of(order: BookOrder) -> ParcelWord | None:
    """The newest word of its parcel."""
    told = order.shipment
    if told is None:
        return None
    return ParcelWord(told.status, told.at, told.carrier or "", told.waybill or "", told.text or "")
