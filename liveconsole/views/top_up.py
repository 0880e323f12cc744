"""凑单: what a buyer of the pinned product still lacks for a coupon that is being given out. One rule for the
picture and for the host's screen; each words it in its own way. Pure.

Thresholds are tested on the sum after flash prices (contract), so that the price of the moment counts.
"""

from __future__ import annotations

from liveconsole.domain.audiences import audience_of
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Product, Room
from liveconsole.domain.stock import sold_out
from liveconsole.messages.specs import CouponRule
from liveconsole.messages.state.cues import TopUpState


def next_step(rule: CouponRule, price_fen: int) -> TopUpState | None:
    """Return the next step of a rule for one unit at this price, or the best that it reaches; None for a rule
    without a threshold, which needs no advice."""
    steps = [(tier.threshold_fen, tier.off_fen) for tier in rule.tiers or []]
    if rule.threshold_fen is not None and rule.off_fen is not None:
        steps = [(rule.threshold_fen, rule.off_fen)]
    if not steps:
        return None
    beyond = [step for step in steps if step[0] > price_fen]
    if beyond:
        threshold, off = min(beyond)
        return TopUpState(threshold - price_fen, off)
    return TopUpState(0, max(off for _, off in steps))


def for_pinned(room: Room, cue: Cue) -> TopUpState | None:
    """Return what one unit of the pinned product lacks for this coupon; None where it has no one price, where
    the coupon is not about it, or where nothing is left of the product. Whether any is left of the coupon is
    known to who asks."""
    product = room.products.get(room.pinned.confirmed or "")
    rules = kind_of(cue).offers(cue.spec).rules if cue.status == "on_air" else ()
    if not rules or product is None or not product.on_shelf or sold_out(room, product):
        return None
    scope = rules[0].scope
    if scope is not None and product.product_id not in scope.product_ids:
        return None
    price = _one_price(room, product)
    return next_step(rules[0].rule, price) if price is not None else None


def _one_price(room: Room, product: Product) -> int | None:
    """What every SKU of it costs everybody now: by the sales that run on it alone, else by the shop."""
    own = set(product.sku_ids)
    prices = set()
    for cue in map(room.cues.__getitem__, room.live):
        if cue.status != "on_air" or kind_of(cue).BY_NAME or _sold(room, cue):
            continue
        if cue.sale and cue.sale.keys() <= own:
            if audience_of(cue.spec) is not None:
                return None
            prices |= {count.price_fen for count in cue.sale.values()}
    prices = prices or {room.skus[sku_id].price_fen for sku_id in own}
    return prices.pop() if len(prices) == 1 else None


def _sold(room: Room, cue: Cue) -> bool:
    if orders_known(room):
        return not sum(count.left for count in cue.sale.values())
    return cue.measured is not None and cue.measured.left == 0
