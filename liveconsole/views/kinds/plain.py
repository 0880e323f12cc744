"""What kinds say alike of their figures in the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liveconsole.domain import asked, sales
from liveconsole.domain.given import off_price
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.messages.state import HelpedState, SaleSkuState
from liveconsole.messages.viewer_card import CardBag
from liveconsole.views.kinds.kind import PromotionRecord, TurnedAway

if TYPE_CHECKING:
    from liveconsole.views.report.model import Promotion


def standing(cue: Cue, pid: str) -> CardBag | None:
    return None


def by_the_unit(room: Room, cue: Cue) -> dict[str, Any]:
    """Return what is sold by the unit (`Cue.sale`). Where nobody reports orders, what is left is not known
    until a person has read it off the platform."""
    told = orders_known(room)
    counts, by_name = list(cue.sale.items()), kind_of(cue).BY_NAME
    skus = [
        SaleSkuState(
            sku_id=sku_id,
            price_fen=count.price_fen,
            quantity=count.quantity,
            sold=count.shown_sold if told else None,
            held=count.shown_held if told else None,
            left=count.left if told else None,
            oversold=count.oversold,
            lowest_7d_fen=count.lowest_7d_fen,
            struck_fen=_struck(room, sku_id, count),
            by_name=by_name,
        )
        for sku_id, count in counts
    ]
    body: dict[str, Any] = {
        "oversold": sales.oversold(cue),
        "asks_more": cue.asks_more,
        "skus": skus,
    }
    if told:
        return {
            **body,
            "sold": sum(count.shown_sold for _, count in counts),
            "held": sum(count.shown_held for _, count in counts),
            "left": sum(count.left for _, count in counts),
        }
    measured = cue.measured
    return {
        **body,
        "sold": measured.sold if measured is not None else None,
        "left": measured.left if measured is not None else None,
        "read_off": measured is not None,
    }


def by_name(room: Room, cue: Cue) -> dict[str, Any]:
    """Return the same of what only an order that names it has: no price of its SKU is given with it, which
    would be taken for the one that everybody has."""
    found = by_the_unit(room, cue)
    del found["skus"]
    return found


def helped(cue: Cue) -> HelpedState | None:
    """Return how many were helped, and how far; nobody is named."""
    found = cue.helped
    if found is None:
        return None
    return HelpedState(found.needed, len(found.helpers), found.pairs, found.reached, found.beyond)


def tell_sold(said: Promotion, told: PromotionRecord) -> None:
    """Fill in what was sold at a price of its own: by its orders, or as a person read it off."""
    if told.orders_known:
        tell_units(said, told)
    else:
        said.sold = said.measured.get("sold")


def refused(cue: Cue, turned_away: TurnedAway | None) -> dict[str, Any]:
    """``refused_since`` stands where the sale began before the counting."""
    if turned_away is None:
        return {}
    counts, since = turned_away
    older = cue.on_air_at is not None and cue.on_air_at < since
    return {"refused_count": counts.get(cue.cue_id, 0), "refused_since": since if older else None}


def _struck(room: Room, sku_id: str, count: SaleCount) -> int | None:
    own = room.skus[sku_id].price_fen if sku_id in room.skus else None
    return asked.struck(own, count.price_fen, count.lowest_7d_fen)


def tell_units(said: Promotion, told: PromotionRecord) -> None:
    """Fill in what was sold of one that is sold by the unit, by the orders that it is in."""
    said.told, said.sold = "facts", 0
    for order in told.sold_in:
        said.orders = (said.orders or 0) + (order.paid and not order.closed)
        shares, _ = order.parts(order.paid_fen)
        for row, fen in zip(order.lines, shares, strict=True):
            if row.cue_id != said.cue_id:
                continue
            said.gmv_fen = (said.gmv_fen or 0) + fen
            if order.takes != "sold":
                continue
            said.sold += row.quantity
            off = off_price(row.regular_fen, row.unit_price_fen, row.quantity)
            said.discount_fen = (said.discount_fen or 0) + off
            list_fen = row.list_fen if row.list_fen is not None else row.regular_fen
            said.list_discount_fen = (said.list_discount_fen or 0) + (
                list_fen - row.unit_price_fen
            ) * row.quantity
