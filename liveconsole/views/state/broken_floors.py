"""Floors that are broken by what runs: an alarm for each way in which that comes, with its keys. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from liveconsole.domain import floors
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.stacking import RUNS, Lowest, PriceStep
from liveconsole.views.state.alarms import Alarm

Act = tuple[str, str, dict[str, Any]]


def broken(room: Room) -> list[Alarm]:
    """Return an alarm for each combination, about the SKU that is furthest under its floor by it."""
    by_way: dict[tuple[object, ...], list[tuple[str, int, Lowest]]] = {}
    for found in floors.standing(room):
        way = tuple((part.cue_id, part.place) for part in found[2].parts)
        by_way.setdefault(way, []).append(found)
    return [_alarm(room, found) for found in by_way.values()]


class Broken:
    """`broken`, asked once as long as what prices rest on stays."""

    def __init__(self) -> None:
        self._ground = -1
        self._found: list[Alarm] = []

    def of(self, room: Room, ground: int) -> list[Alarm]:
        if ground != self._ground:
            self._ground, self._found = ground, broken(room)
        return self._found


def _alarm(room: Room, found: list[tuple[str, int, Lowest]]) -> Alarm:
    sku_id, floor, lowest = max(found, key=lambda one: one[1] - one[2].fen)
    sku = room.skus[sku_id]
    params = floors.told(sku_id, floor, lowest) | {"title": sku.title, "skus": len(found)}
    cues = [room.cues[part.cue_id] for part in lowest.parts if part.cue_id is not None]
    acts = [act for part in lowest.parts for act in _ends(room, part)]
    acts = acts or [("off_shelf", "product.shelf", {"product_id": sku.product_id, "on": False})]
    since = max((at for cue in cues if (at := _began(cue)) is not None), default=None)
    return Alarm("floor_broken", since, params, cues[-1] if cues else None, acts)


def _began(cue: Cue) -> datetime | None:
    return cue.on_air_at or cue.fires_at


def _ends(room: Room, part: PriceStep) -> Iterator[Act]:
    """The key that takes this part away; coupons in people's hands have none."""
    if part.place is not None:
        stay = [c for place, c in enumerate(room.settings.shop_coupons) if place != part.place]
        yield "drop_shop_coupon", "room.set", {"shop_coupons": msgspec.to_builtins(stay)}
    cue = room.cues.get(part.cue_id or "")
    if cue is not None and cue.status in RUNS:
        yield "stop", "cue.stop", {"cue_id": cue.cue_id}
    elif cue is not None and cue.owed is not None:
        yield "ended", "cue.confirm", {"cue_id": cue.cue_id, "step": "ended", "done": True}
