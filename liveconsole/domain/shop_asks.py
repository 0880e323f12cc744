"""What the shop is asked for after the order: owed from the log's word on, done by a program or a person, and
read back. Never silent: what was asked stands until somebody says what became of it.

Money that goes back is never more than was paid, and a coupon that makes good for something meets the floors
as any other does. Stock does not come back by any of it: a person says so (``stock.add``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from liveconsole.domain import floors
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.platforms import can, connection_for
from liveconsole.domain.pricing import floor_of
from liveconsole.domain.room import Room
from liveconsole.domain.room_asks import KnownCase, KnownLine, KnownOrder, OpenAsk
from liveconsole.messages.after_order import (
    AT_ONCE,
    CASE_TEXT_LONG,
    DECIDES,
    PROGRAM_ACTS,
    WAYBILL_LONG,
    AskSending,
    AskTold,
    CaseCoupon,
    ShopAnswer,
    ShopAsked,
    ShopConfirm,
    ShopSent,
    ShopSettled,
)
from liveconsole.messages.envelope import Event
from liveconsole.messages.facts import AFTERSALE_OVER
from liveconsole.messages.fields import Quantity
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import CouponSpec, parse_spec
from liveconsole.messages.wording import plain_yuan

OPEN_MOST: Final = 500
"""Asks that are not settled."""


class AskEffect(Struct, frozen=True):
    """One thing that a program asks of the shop, once, under ``key``; see `effects.Effect`."""

    key: str
    asked_for: ShopAsked
    since: datetime
    asked: bool
    step: Literal["on_air"] = "on_air"
    """It may be refused, as a beginning may."""


def owed(room: Room) -> list[AskEffect]:
    """Return everything that waits for the shop's program."""
    if not room.asks or not asks_program(room):
        return []
    return [
        AskEffect(id_, one.asked, one.at, one.sent)
        for id_, one in room.asks.items()
        if not one.asked.by_person
    ]


def asks_program(room: Room) -> bool:
    """Tell whether the room's orders come by an interface that can be asked."""
    return connection_for(room, "orders") is not None and can(room).reports_orders


def answer(room: Room, data: ShopAnswer, ctx: Context) -> Decision | Refused:
    """Owe it to the shop, or say why not."""
    if (wrong := _misshapen(data)) is not None:
        return Refused("bad_shape", {"detail": wrong})
    found = _about(room, data, ctx)
    if isinstance(found, Refused):
        return found
    order, case = found
    if (refused := _forbids(room, data, order, case, ctx)) is not None:
        return refused
    if len(room.asks) >= OPEN_MOST and data.act not in AT_ONCE:
        return Refused("over_limit", {"detail": f"asks: {OPEN_MOST + 1} > {OPEN_MOST}"})
    ask_id = f"k{ctx.chance.fresh(8).hex()}"
    event = ctx.event("shop.asked", _asked(room, data, order, case, ask_id))
    if data.act not in AT_ONCE:
        return Decision([event], {"ask_id": ask_id})
    return Decision([event, ctx.event("shop.settled", ShopSettled(ask_id, "done"))], {"ask_id": ask_id})


def _asked(room: Room, data: ShopAnswer, order: KnownOrder, case: KnownCase | None, ask_id: str) -> ShopAsked:
    by_person = data.by_hand or data.act not in PROGRAM_ACTS or not asks_program(room)
    named = {line.sku_id for line in data.lines} or {line.sku_id for line in order.lines}
    return ShopAsked(
        ask_id,
        data.act,
        order.order_id,
        case.aftersale_id if case is not None else "",
        by_person,
        data.reason.strip(),
        data.text.strip(),
        _money(data),
        data.lines,
        data.coupon,
        data.carrier.strip(),
        data.waybill.strip(),
        data.address_id.strip(),
        {sku_id: id_ for sku_id, id_ in order.product_of.items() if sku_id in named},
        {sku_id: order.units(sku_id) for sku_id in sorted(named)},
    )


def _money(data: ShopAnswer) -> int | None:
    if data.act != "compensate":
        return None
    if data.coupon is not None:
        return data.coupon.off_fen
    return data.amount_fen if data.amount_fen is not None else sum(line.fen or 0 for line in data.lines)


def _misshapen(data: ShopAnswer) -> str | None:
    """Return the field that is missing or too much."""
    for name, text in (("reason", data.reason), ("text", data.text)):
        if len(text) > CASE_TEXT_LONG:
            return name
    for name, text in (("carrier", data.carrier), ("waybill", data.waybill), ("address_id", data.address_id)):
        if len(text) > WAYBILL_LONG:
            return name
    if len({line.sku_id for line in data.lines}) != len(data.lines):
        return "lines"
    match data.act:
        case "accept" | "reject" if data.aftersale_id is None:
            return "aftersale_id"
        case "reject" if not data.reason.strip():
            return "reason"
        case "remark" if not data.text.strip():
            return "text"
        case "ship" | "resend" if not data.carrier.strip() or not data.waybill.strip():
            return "waybill" if data.carrier.strip() else "carrier"
        case "price" if not data.lines or any(line.fen is None for line in data.lines):
            return "lines"
        case "compensate":
            return _misshapen_money(data)
        case _:
            return None


def _misshapen_money(data: ShopAnswer) -> str | None:
    if not data.reason.strip():
        return "reason"
    if data.coupon is not None:
        return "amount_fen" if data.amount_fen is not None or data.lines else None
    if any(line.fen is None for line in data.lines):
        return "lines"
    of_lines = sum(line.fen or 0 for line in data.lines)
    if data.amount_fen is not None and data.lines and data.amount_fen != of_lines:
        return "amount_fen"
    return None if _money(data) else "amount_fen"


def _about(room: Room, data: ShopAnswer, ctx: Context) -> tuple[KnownOrder, KnownCase | None] | Refused:
    """The order and the case that it names: as the room has them, else as the books do."""
    case: KnownCase | None = None
    order_id = data.order_id
    if data.aftersale_id is not None:
        found = _case(room, data.aftersale_id, order_id, ctx)
        if isinstance(found, Refused):
            return found
        case, order_id = found, found.order_id
    if order_id is None:
        return Refused("bad_shape", {"detail": "order_id"})
    known = ctx.books.orders.get(order_id)
    if order_id in room.orders:
        return _in_room(room, order_id, known), case
    if known is None:
        return Refused("unknown_order" if ctx.books.looked else "judge_later", {"order_id": order_id})
    return known, case


def _case(room: Room, aftersale_id: str, order_id: str | None, ctx: Context) -> KnownCase | Refused:
    found = ctx.books.cases.get(aftersale_id)
    if found is None and not ctx.books.looked:
        return Refused("judge_later", {"aftersale_id": aftersale_id})
    if found is None or (order_id is not None and order_id != found.order_id):
        return Refused("unknown_case", {"aftersale_id": aftersale_id})
    return found


def _in_room(room: Room, order_id: str, known: KnownOrder | None) -> KnownOrder:
    order = room.orders[order_id]
    lines = [
        KnownLine(
            line.sku_id,
            line.quantity,
            line.unit_price_fen,
            room.skus[line.sku_id].product_id if line.sku_id in room.skus else "",
        )
        for line in order.lines
    ]
    return KnownOrder(
        order_id,
        order.total_fen,
        order.paid_fen,
        order.refund_fen,
        order.placed or order.counted,
        order.paid,
        order.closed,
        known.shipped if known is not None else False,
        # The books have every line; the room only those whose SKUs it knows.
        (known.lines if known is not None else []) or lines,
        known.back_fen if known is not None else 0,
    )


def _forbids(
    room: Room, data: ShopAnswer, order: KnownOrder, case: KnownCase | None, ctx: Context
) -> Refused | None:
    """Return why it may not be asked now."""
    if case is not None and data.act in DECIDES and case.status in AFTERSALE_OVER:
        return Refused("case_over", {"aftersale_id": case.aftersale_id, "status": case.status})
    if _under_way(room, data, order, case):
        return Refused("already_asked", {"order_id": order.order_id})
    for line in data.lines:
        if line.quantity > order.units(line.sku_id):
            params = {"sku_id": line.sku_id, "units": order.units(line.sku_id)}
            return Refused("not_bought", params)
    if data.act == "price":
        return _forbids_price(room, data, order)
    if data.act in ("ship", "resend", "compensate") and not order.paid:
        return Refused("not_paid", {"order_id": order.order_id})
    if data.act == "ship" and (order.closed or order.refund_fen >= order.paid_fen > 0):
        return Refused("order_over", {"order_id": order.order_id})
    if data.act == "ship" and order.shipped and not data.lines:
        return Refused("already_shipped", {"order_id": order.order_id})
    if data.act == "compensate":
        return _forbids_money(room, data, order, ctx)
    return None


def _under_way(room: Room, data: ShopAnswer, order: KnownOrder, case: KnownCase | None) -> bool:
    acts = DECIDES if data.act in DECIDES else {data.act}
    case_id = case.aftersale_id if case is not None else ""
    return any(
        one.asked.act in acts
        and one.asked.order_id == order.order_id
        and one.asked.aftersale_id == case_id
        and (data.act not in ("compensate", "remark", "ship", "resend") or _says_same(one.asked, data))
        for one in room.asks.values()
    )


def _says_same(one: ShopAsked, data: ShopAnswer) -> bool:
    return (one.amount_fen, one.coupon, one.lines, one.text, one.waybill) == (
        _money(data),
        data.coupon,
        data.lines,
        data.text.strip(),
        data.waybill.strip(),
    )


def _forbids_price(room: Room, data: ShopAnswer, order: KnownOrder) -> Refused | None:
    """An order that waits for its money may cost less, never more, and not less than its floors."""
    if order.paid or order.closed or not order.placed:
        return Refused("order_over", {"order_id": order.order_id})
    for line in data.lines:
        now_fen = order.cost_of(line.sku_id)
        fen, units = line.fen or 0, order.units(line.sku_id)
        if fen >= now_fen:
            return Refused("not_lower", {"sku_id": line.sku_id, "price": plain_yuan(now_fen)})
        floor = floor_of(room, line.sku_id) if line.sku_id in room.skus else None
        if floor and fen < floor * units:
            return Refused(
                "below_price_floor",
                {
                    "sku_id": line.sku_id,
                    "final_fen": fen // units,
                    "floor_fen": floor,
                    "final": plain_yuan(fen // units),
                    "floor": plain_yuan(floor),
                    "combination": "改价",
                    "combination_en": "a changed price",
                },
            )
    return None


def _forbids_money(room: Room, data: ShopAnswer, order: KnownOrder, ctx: Context) -> Refused | None:
    if data.coupon is not None:
        return forbids_coupon(room, data.coupon)
    for line in data.lines:
        bought = order.cost_of(line.sku_id)
        if (line.fen or 0) > bought:
            return Refused("beyond_paid", {"most": plain_yuan(bought), "most_fen": bought})
    most = refund_most(room, order)
    if (_money(data) or 0) > most:
        return Refused("beyond_paid", {"most": plain_yuan(most), "most_fen": most})
    return None


def refund_most(room: Room, order: KnownOrder) -> int:
    """Return how much may still go back of an order, what is asked for already taken off. What a person gave
    back may have been told as a refund, too: it is not taken off twice."""
    pending = sum(
        one.asked.amount_fen or 0
        for one in room.asks.values()
        if one.asked.order_id == order.order_id and one.asked.act == "compensate" and one.asked.coupon is None
    )
    return max(0, order.paid_fen - max(order.refund_fen, order.back_fen) - pending)


def forbids_coupon(room: Room, coupon: CaseCoupon) -> Refused | None:
    """Return why such a coupon may not be given to anybody."""
    if coupon.product_ids is not None:
        for product_id in coupon.product_ids:
            if product_id not in room.products:
                return Refused("unknown_product", {"product_id": product_id})
    return floors.of_spec(room, coupon_spec(coupon))


def coupon_spec(coupon: CaseCoupon) -> CouponSpec:
    """Return the promotion that it is as."""
    spec = parse_spec("coupon", coupon_sent(coupon))
    assert isinstance(spec, CouponSpec)
    return spec


def coupon_sent(coupon: CaseCoupon) -> dict[str, object]:
    """Return the coupon as a promotion would be sent: that is how it meets all others in a basket."""
    quantity: Quantity = 1
    scope = None if coupon.product_ids is None else {"product_ids": coupon.product_ids}
    rule = {"off_fen": coupon.off_fen}
    if coupon.threshold_fen:
        rule["threshold_fen"] = coupon.threshold_fen
    return {
        "name": "补偿券",
        "rule": rule,
        "scope": scope,
        "quantity": quantity,
        "per_buyer": quantity,
        "seconds": coupon.seconds,
    }


def confirm(room: Room, data: ShopConfirm, ctx: Context) -> Decision | Refused:
    """Take a person's word of what became of it; what is settled already stays so."""
    if data.ask_id not in room.asks:
        return Decision([], {})
    outcome: Literal["done", "refused"] = "done" if data.done else "refused"
    return _settled(data.ask_id, outcome, data.reason.strip()[:CASE_TEXT_LONG], ctx)


def sending(room: Room, data: AskSending, ctx: Context) -> Decision | Refused:
    one = room.asks.get(data.ask_id)
    if one is None:
        return Refused("not_asked", {"cue_id": data.ask_id})
    return Decision([] if one.sent else [ctx.event("shop.sent", ShopSent(data.ask_id))], {})


def told(room: Room, data: AskTold, ctx: Context) -> Decision | Refused:
    """Take the shop's word. To what is settled it changes nothing: it came late, or twice."""
    one = room.asks.get(data.ask_id)
    if one is None or (data.outcome == "unknown" and one.unknown):
        return Decision([], {})
    return _settled(data.ask_id, data.outcome, data.reason[:CASE_TEXT_LONG], ctx)


def _settled(
    ask_id: str, outcome: Literal["done", "refused", "unknown"], reason: str, ctx: Context
) -> Decision:
    event = ctx.event("shop.settled", ShopSettled(ask_id, outcome, reason))
    return Decision([event], {"status": outcome})


def unknown(room: Room) -> Iterable[OpenAsk]:
    """Return those of which nobody knows what became."""
    return (one for one in room.asks.values() if one.unknown)


def _fold_asked(room: Room, data: ShopAsked, event: Event) -> None:
    room.asks[data.ask_id] = OpenAsk(data, event.actor, event.at)


def _fold_sent(room: Room, data: ShopSent, event: Event) -> None:
    if (one := room.asks.get(data.ask_id)) is not None:
        one.sent = True


def _fold_settled(room: Room, data: ShopSettled, event: Event) -> None:
    if data.outcome != "unknown":
        room.asks.pop(data.ask_id, None)
    elif (one := room.asks.get(data.ask_id)) is not None:
        one.unknown = True


COMMANDS: Final[dict[str, Rule]] = {
    "shop.answer": answer,
    "shop.confirm": confirm,
    "ask.sending": sending,
    "ask.told": told,
}
FOLDS: Final[dict[str, Fold]] = {
    "shop.asked": _fold_asked,
    "shop.sent": _fold_sent,
    "shop.settled": _fold_settled,
}
