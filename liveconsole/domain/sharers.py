"""专属价: a few goods that a sharer may offer at a price of his own, the same for three days.

Whoever comes by him buys at it, so it may meet every coupon that runs: it is judged as a flash price is, and
it stands among the prices that everything else is judged against (`stacking`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from liveconsole.domain import floors
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.domain.room_sharers import OwnPrices
from liveconsole.messages.envelope import Event
from liveconsole.messages.money import SharerPut, SharerWritten
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import FlashSaleSpec

GOODS_LIMIT: Final = 4
FIXED: Final = timedelta(days=3)
SHARERS_LIMIT: Final = 500


def put(room: Room, data: SharerPut, ctx: Context) -> Decision | Refused:
    """Give a sharer his goods, or none; refused while what he has is still fixed."""
    sharer = data.viewer_id
    had = room.sharers.get(sharer)
    if len(data.goods) > GOODS_LIMIT:
        return Refused("over_limit", {"detail": f"goods: {len(data.goods)} > {GOODS_LIMIT}"})
    if len({one.sku_id for one in data.goods}) < len(data.goods):
        return Refused("bad_shape", {"detail": "goods.sku_id"})
    if had is not None and ctx.now < had.until:
        return Refused("goods_fixed", {"until": had.until.isoformat()})
    running = sum(one.until > ctx.now for one in room.sharers.values())
    if data.goods and running >= SHARERS_LIMIT:
        return Refused("over_limit", {"detail": f"sharers: {running + 1} > {SHARERS_LIMIT}"})
    for one in data.goods:
        sku = room.skus.get(one.sku_id)
        if sku is None:
            return Refused("unknown_sku", {"sku_id": one.sku_id})
        if one.price_fen > sku.price_fen:
            return Refused("bad_shape", {"detail": f"goods.price_fen: > {sku.price_fen}"})
    if data.goods and (refused := floors.of_spec(room, _as_sale(data))) is not None:
        return refused
    written = SharerWritten(sharer, data.goods, ctx.now + FIXED)
    return Decision([ctx.event("sharer.put", written)], {"until": written.until.isoformat()})


def _as_sale(data: SharerPut) -> FlashSaleSpec:
    """Return what its prices are judged as: anybody may come by a sharer, and as often as he likes."""
    skus = [{"sku_id": one.sku_id, "price_fen": one.price_fen, "quantity": 1_000_000} for one in data.goods]
    sent = {"skus": skus, "per_buyer": 1_000_000, "seconds": round(FIXED.total_seconds())}
    return msgspec.convert(sent, FlashSaleSpec)


def _put(room: Room, data: SharerWritten, event: Event) -> None:
    """What is over leaves when somebody else gets his."""
    room.sharers = {pid: own for pid, own in room.sharers.items() if own.until > event.at}
    room.sharers.pop(data.viewer_id, None)
    if data.goods:
        prices = {one.sku_id: one.price_fen for one in data.goods}
        room.sharers[data.viewer_id] = OwnPrices(data.until, prices)


COMMANDS: Final[dict[str, Rule]] = {"sharer.put": put}
FOLDS: Final[dict[str, Fold]] = {"sharer.put": _put}
