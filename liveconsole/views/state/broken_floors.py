"""Floors that are broken by what runs: an alarm for each way in which that comes, with its keys. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain import floors
from liveconsole.domain.kind import kind_of
from liveconsole.domain.price_steps import Lowest, PriceStep
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.stacking import RUNS
from liveconsole.views.state.alarms import Alarm

KEPT: Final = 20
"""Alarms at once, the worst: when these are mended the others come."""

Act = tuple[str, str, dict[str, Any]]
Standing = tuple[str, int, Lowest]


def broken(room: Room) -> list[Alarm]:
    """Return an alarm for each combination, about the SKU that is furthest under its floor by it."""
    by_way: dict[tuple[object, ...], list[Standing]] = {}
    for found in floors.standing(room):
        way = tuple((part.cue_id, part.place) for part in found[2].parts)
        by_way.setdefault(way, []).append(found)
    worst = sorted(by_way.values(), key=lambda found: -max(map(_depth, found)))
    return [_alarm(room, found) for found in worst[:KEPT]]


def _depth(one: Standing) -> int:
    return one[1] - one[2].fen


class Broken:
    """`broken`, asked once as long as what prices rest on stays."""

    def __init__(self) -> None:
        self._ground = -1
        self._found: list[Alarm] = []

    def of(self, room: Room, ground: int) -> list[Alarm]:
        if ground != self._ground:
            self._ground, self._found = ground, broken(room)
        return self._found


def _alarm(room: Room, found: list[Standing]) -> Alarm:
    sku_id, floor, lowest = max(found, key=_depth)
    sku = room.skus[sku_id]
    params = floors.told(sku_id, floor, lowest) | {"title": sku.title, "skus": len(found)}
    cues = [room.cues[part.cue_id] for part in lowest.parts if part.cue_id is not None]
    since = max((at for cue in cues if (at := _began(cue)) is not None), default=None)
    return Alarm("floor_broken", since, params, cues[-1] if cues else None, list(_acts(room, sku_id, lowest)))


def _acts(room: Room, sku_id: str, lowest: Lowest) -> Iterator[Act]:
    """The keys of what makes the price; where none of them ends it alone, what fills the basket up, and at
    last the goods themselves."""
    ended = False
    for part in lowest.parts:
        for act, without in _ends(room, part):
            ended = ended or not _still(without, sku_id)
            yield act
    if ended:
        return
    in_it = {part.cue_id for part in lowest.parts}
    for cue in room.cues.values():
        fills = cue.status in RUNS and cue.cue_id not in in_it and kind_of(cue).DISCOUNTS
        if fills and not _still(_over(room, cue), sku_id):
            yield "stop", "cue.stop", {"cue_id": cue.cue_id}
            return
    yield "off_shelf", "product.shelf", {"product_id": room.skus[sku_id].product_id, "on": False}


def _still(room: Room, sku_id: str) -> bool:
    return any(True for _ in floors.standing(room, [sku_id]))


def _over(room: Room, cue: Cue) -> Room:
    """The room as it is when this is over, at the platform as well."""
    then = copy.copy(room)
    over = msgspec.structs.replace(cue, status="ended", ended_at=room.at, owed=None)
    then.cues = {**room.cues, cue.cue_id: over}
    return then


def _began(cue: Cue) -> datetime | None:
    return cue.on_air_at or cue.fires_at


def _ends(room: Room, part: PriceStep) -> Iterator[tuple[Act, Room]]:
    """The key that takes this part away, and the room then; coupons in people's hands have none."""
    if part.place is not None:
        stay = [c for place, c in enumerate(room.settings.shop_coupons) if place != part.place]
        then = copy.copy(room)
        then.settings = msgspec.structs.replace(room.settings, shop_coupons=stay)
        yield ("drop_shop_coupon", "room.set", {"shop_coupons": msgspec.to_builtins(stay)}), then
    cue = room.cues.get(part.cue_id or "")
    if cue is not None and cue.status in RUNS:
        yield ("stop", "cue.stop", {"cue_id": cue.cue_id}), _over(room, cue)
    elif cue is not None and cue.owed is not None:
        yield (
            ("ended", "cue.confirm", {"cue_id": cue.cue_id, "step": "ended", "done": True}),
            _over(room, cue),
        )
