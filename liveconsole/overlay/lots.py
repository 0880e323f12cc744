"""What viewers see of promotions that go by the lot, as fields of a card. Of what is sold out nothing is
promised: it has no price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.domain import stock
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import BundleSpec, GiftSpec
from liveconsole.messages.wording import sum_words
from liveconsole.views.masks import plain_line

_TITLE: Final = 60
_EACH: Final = 18


def bundle_card(room: Room, cue: Cue, numbers: Mapping[str, int], left: int | None) -> dict[str, Any] | None:
    """None where a part of it has left the shelf. ``left``: as far as it is known to viewers."""
    spec = cue.spec
    assert isinstance(spec, BundleSpec)
    skus = [(room.skus.get(item.sku_id), item.quantity) for item in spec.items]
    if any(sku is None or not room.products[sku.product_id].on_shelf for sku, _ in skus):
        return None
    named = [_called(room, sku.product_id, units, numbers) for sku, units in skus if sku is not None]
    short = any(sku is not None and stock.free(room, sku.sku_id) < units for sku, units in skus)
    gone = left == 0 or short
    return {
        "kind": cue.kind,
        "title": plain_line(" + ".join(named), _TITLE),
        "ends_at": cue.ends_at,
        "price_fen": None if gone else spec.price_fen,
        "left": 0 if gone else left,
        "cue_id": cue.cue_id,
        "quantity": spec.quantity,
        "per_buyer": None if gone else spec.per_buyer,
        "sold_out": gone,
    }


def gift_card(room: Room, cue: Cue, numbers: Mapping[str, int], left: int | None) -> dict[str, Any] | None:
    """As a coupon's card has it: what there is, and what brings it. None where the gift is off the shelf."""
    spec = cue.spec
    assert isinstance(spec, GiftSpec)
    sku = room.skus.get(spec.gift.sku_id)
    if sku is None or not room.products[sku.product_id].on_shelf:
        return None
    gone = left == 0 or stock.free(room, sku.sku_id) < spec.gift.quantity
    return {
        "kind": cue.kind,
        "title": plain_line(f"送 {_called(room, sku.product_id, spec.gift.quantity, {})}", _TITLE),
        "ends_at": cue.ends_at,
        "left": 0 if gone else left,
        "cue_id": cue.cue_id,
        "quantity": spec.quantity,
        "per_buyer": None if gone else spec.per_buyer,
        "off": "赠",
        "rule": _bought(room, spec, numbers),
        "sold_out": gone,
    }


def _bought(room: Room, spec: GiftSpec, numbers: Mapping[str, int]) -> str:
    if spec.buy.threshold_fen is not None:
        return f"{sum_words(spec.buy.threshold_fen)[0]}即送"
    ids = [id_ for id_ in spec.buy.product_ids or () if id_ in room.products]
    told = [
        f"{numbers[id_]}号" if id_ in numbers else plain_line(room.products[id_].title, _EACH) for id_ in ids
    ]
    return plain_line(f"买 {'、'.join(told)} 每 {spec.buy.units} 件送一份", _TITLE)


def _called(room: Room, product_id: str, units: int, numbers: Mapping[str, int]) -> str:
    number = numbers.get(product_id)
    name = plain_line(room.products[product_id].title, _EACH)
    if number is not None:
        name = f"{number}号 {name}"
    return name if units == 1 else f"{name}×{units}"
