"""What somebody has to see to now, the worst first, with the commands that mend it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain import pricing, sales
from liveconsole.domain.platforms import doer
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.stock import PROMISING
from liveconsole.messages.alarms import ALARMS, act_words, alarm_words
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rights import may
from liveconsole.messages.state import ActState, AlarmState, HealthState
from liveconsole.messages.statuses import RUNNING

SILENT_SECONDS: Final = 120
"""A source that spoke and says nothing for so long while on air has likely died."""
_PATIENCE: Final = timedelta(seconds=30)
"""A program at the platform is given so long to end what is over."""

Breach = Callable[[Cue], Refused | None]
"""Whether a cue lets something go under its floor as the room stands."""


class Alarm(Struct, frozen=True):
    """One alarm as every role has it; ``acts``: (what the key says, command, data)."""

    code: str
    since: datetime | None
    params: dict[str, Any] = {}
    cue: Cue | None = None
    acts: list[tuple[str, str, dict[str, Any]]] = []


def alarms(
    room: Room,
    now: datetime,
    health: HealthState,
    *,
    breach: Breach,
    beyond: Iterable[Alarm],
) -> list[Alarm]:
    """Return all that stand.

    Args:
        health: the engine's own account, as the state gives it.
        breach: `breach_of` the room, or what remembers it.
        beyond: `oversold` of the room.
    """
    found = [
        *_floors(room, breach),
        *beyond,
        *_owed(room, now),
        *_silent(room, now, health),
        *_trouble(health),
        *_clock(room),
        *_unknown(room),
    ]
    order = list(ALARMS)
    return sorted(found, key=lambda alarm: order.index(alarm.code))


def shown(found: Iterable[Alarm], role: str) -> list[AlarmState]:
    """Alarms as a role sees them: with the keys that it may press."""
    return [
        AlarmState(
            code=alarm.code,
            since=alarm.since,
            text=alarm_words(alarm.code, alarm.params),
            params=alarm.params,
            cue_id=alarm.cue.cue_id if alarm.cue is not None else None,
            order_id=None,
            acts=[
                ActState(type_, data, act_words(word, alarm.params))
                for word, type_, data in alarm.acts
                if may(role, type_, alarm.cue.kind if alarm.cue is not None else "")
            ],
        )
        for alarm in found
    ]


def breach_of(room: Room) -> Breach:
    """Tell whether a promotion that runs lets one of its goods go under a floor: the rule that refuses it."""
    return lambda cue: pricing.floor_breach(room, cue.spec, without=cue.cue_id)


class Breaches:
    """`breach_of`, asked once for each promotion as long as what prices rest on stays."""

    def __init__(self) -> None:
        self._ground = -1
        self._found: dict[str, Refused | None] = {}

    def of(self, room: Room, ground: int) -> Breach:
        if ground != self._ground:
            self._ground, self._found = ground, {}
        fresh = breach_of(room)

        def breach(cue: Cue) -> Refused | None:
            if cue.cue_id not in self._found:
                self._found[cue.cue_id] = fresh(cue)
            return self._found[cue.cue_id]

        return breach


def _floors(room: Room, breach: Breach) -> Iterator[Alarm]:
    """One for each SKU and combination; any promotion of it that ends, mends it."""
    by_combination: dict[tuple[object, object], list[tuple[Cue, Refused]]] = {}
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if cue.status in PROMISING and (refused := breach(cue)) is not None:
            said = refused.params
            by_combination.setdefault((said["sku_id"], said["combination"]), []).append((cue, refused))
    for broken in by_combination.values():
        began = [at for cue, _ in broken if (at := cue.on_air_at or cue.fires_at) is not None]
        acts = [("stop", "cue.stop", {"cue_id": cue.cue_id}) for cue, _ in broken]
        cue, refused = broken[-1]
        yield Alarm("floor_broken", max(began, default=None), refused.params, cue, acts)


def oversold(room: Room) -> Iterator[Alarm]:
    """Promises that orders broke: of sales, and of the stock beyond them."""
    by_sale: dict[str, int] = {}
    for cue in room.cues.values():
        units = sales.oversold(cue) if cue.sale else 0
        if not units:
            continue
        skus = [room.skus[sku_id] for sku_id in cue.sale if sku_id in room.skus]
        since = max((sku.oversold_at for sku in skus if sku.oversold_at is not None), default=None)
        stop = [("stop", "cue.stop", {"cue_id": cue.cue_id})] if cue.status == "on_air" else []
        if cue.asks_more:
            more = [
                ("more", "stock.add", {"sku_id": sku_id, "by": count.oversold})
                for sku_id, count in cue.sale.items()
                if count.oversold
            ]
            yield Alarm("asks_more", since, {"units": units}, cue, more[:1] + stop)
        else:
            yield Alarm("oversold", since, {"units": units}, cue, stop)
        for sku_id, count in cue.sale.items():
            by_sale[sku_id] = by_sale.get(sku_id, 0) + count.oversold
    for sku in room.skus.values():
        before = room.short_before.get(sku.sku_id, 0)
        if (units := sku.oversold - by_sale.get(sku.sku_id, 0) - before) > 0:
            params = {"units": units, "sku_id": sku.sku_id, "title": sku.title}
            add = ("add", "stock.add", {"sku_id": sku.sku_id, "by": units})
            yield Alarm("oversold", sku.oversold_at, params, None, [add])


def _owed(room: Room, now: datetime) -> Iterator[Alarm]:
    """What a person has to say or do at the platform: a price to restore rings until it is done."""
    for cue_id in room.live:
        cue = room.cues[cue_id]
        owed = cue.owed
        if cue.status == "unknown":
            since = owed.since if owed is not None else None
            yield Alarm("unknown", since, {}, cue, _whether_begun(cue))
        elif owed is not None and owed.step == "ended":
            if doer(room, cue.kind) == "person" or now >= owed.since + _PATIENCE:
                done = {"cue_id": cue.cue_id, "step": "ended", "done": True}
                yield Alarm("owed_end", owed.since, {}, cue, [("ended", "cue.confirm", done)])
        elif owed is not None and cue.status in RUNNING and doer(room, cue.kind) == "person":
            yield Alarm("owed_start", owed.since, {}, cue, _whether_begun(cue))


def _whether_begun(cue: Cue) -> list[tuple[str, str, dict[str, Any]]]:
    begun = {"cue_id": cue.cue_id, "step": "on_air"}
    return [
        ("began", "cue.confirm", begun | {"done": True}),
        ("not_begun", "cue.confirm", begun | {"done": False}),
    ]


def _silent(room: Room, now: datetime, health: HealthState) -> Iterator[Alarm]:
    if room.broadcast.status != "open":
        return
    for source in health.sources:
        if source.last_at is not None and now >= source.last_at + timedelta(seconds=SILENT_SECONDS):
            yield Alarm("stale_source", source.last_at, {"source": source.source})


def _trouble(health: HealthState) -> Iterator[Alarm]:
    if health.trouble:
        code = health.trouble if health.trouble in ALARMS else "trouble"
        yield Alarm(code, None, {"trouble": health.trouble})


def _clock(room: Room) -> Iterator[Alarm]:
    if room.clock_step is not None:
        yield Alarm("clock", room.clock_step.at, {"seconds": round(room.clock_step.seconds)})


def _unknown(room: Room) -> Iterator[Alarm]:
    if room.unknown_cues:
        first = next(iter(room.unknown_cues.values()))
        params: Mapping[str, Any] = {
            "count": len(room.unknown_cues),
            "cue_ids": "、".join(list(room.unknown_cues)[-3:]),
        }
        yield Alarm("unknown_cue", first.at, dict(params))
