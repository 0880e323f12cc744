"""What a person lets stand otherwise than the shop has it, until the shop has it otherwise again."""

from __future__ import annotations

from typing import Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.envelope import Event
from liveconsole.messages.shop import ShopKeep

KEPT_MOST: Final = 20_000
"""Beyond it the oldest is asked about again."""


def place_of(product_id: str, sku_id: str | None, field: str) -> str:
    """Return where a difference stands; an id may hold anything, so they are told apart by their lengths."""
    return f"{field}:{len(product_id)}:{product_id}:{sku_id or ''}"


def keep(room: Room, data: ShopKeep, ctx: Context) -> Decision:
    """Remember it; the same again is nothing new."""
    place = place_of(data.product_id, data.sku_id, data.field)
    result = {"product_id": data.product_id, "field": data.field}
    if room.kept.get(place) == data.value:
        return Decision([], result)
    return Decision([ctx.event("shop.kept", data)], result)


def _kept(room: Room, data: ShopKeep, event: Event) -> None:
    place = place_of(data.product_id, data.sku_id, data.field)
    room.kept.pop(place, None)
    while len(room.kept) >= KEPT_MOST:
        del room.kept[next(iter(room.kept))]
    room.kept[place] = data.value


COMMANDS: Final[dict[str, Rule]] = {"shop.keep": keep}
FOLDS: Final[dict[str, Fold]] = {"shop.kept": _kept}
