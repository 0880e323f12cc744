"""What somebody has to see to now, the worst first, with the commands that mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import UNSET, Struct

from liveconsole.domain import broadcast_limits, budget, sales, shop_asks
from liveconsole.domain.law import qualified
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.alarms import ALARMS, CLOCK_AHEAD, CLOCK_SET, act_words, alarm_words
from liveconsole.messages.cases import RULE_WORDS
from liveconsole.messages.connection_words import connection_name, is_well, said
from liveconsole.messages.rights import may
from liveconsole.messages.sources import source_words
from liveconsole.messages.state import ActState, AlarmState, HealthState
from liveconsole.messages.statuses import RUNNING
from liveconsole.messages.wording import plain_yuan, short_yuan

_AHEAD: Final = "clock_ahead"
_COMES_BACK: Final = timedelta(seconds=15)
"""A connection is given so long to come back by itself."""
_PERSON: Final = timedelta(minutes=10)
"""Who asked the shop for something that a person does there is given so long to do it."""
_PATIENCE: Final = timedelta(seconds=30)
"""A program at the platform is given so long to end what is over."""


class Alarm(Struct, frozen=True):
    """One alarm as every role has it; ``acts``: (what the key says, command, data)."""

    code: str
    since: datetime | None
    params: dict[str, Any] = {}
    cue: Cue | None = None
    acts: list[tuple[str, str, dict[str, Any]]] = []
    order_id: str | None = None


def alarms(
    room: Room,
    now: datetime,
    health: HealthState,
    *,
    broken: Iterable[Alarm],
    priced: Iterable[Alarm],
    beyond: Iterable[Alarm],
) -> list[Alarm]:
    """Return all that stand.

    Args:
        health: the engine's own account, as the state gives it.
        broken: `broken_floors.broken` of the room, or what remembers it.
        priced: `order_prices.off_prices` of the room.
        beyond: `oversold` of the room.
    """
    found = [
        *broken,
        *priced,
        *beyond,
        *_limits_passed(room),
        *_overused(room),
        *_unfilled(room),
        *_owed(room, now),
        *_disconnected(room, now, health),
        *_silent(health),
        *_backup(health),
        *_trouble(health),
        *_clock(room, health),
        *_unknown(room),
        *_muted(room),
        *_waiting(health, now),
        *_after_the_order(room, now, health),
        *_unqualified(room, now),
        *_budget(room, now),
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
            order_id=alarm.order_id,
            acts=[
                ActState(type_, data, act_words(word, alarm.params))
                for word, type_, data in alarm.acts
                if may(role, type_, alarm.cue.kind if alarm.cue is not None else "")
            ],
        )
        for alarm in found
    ]


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


def _limits_passed(room: Room) -> Iterator[Alarm]:
    """What a platform sold beyond the limit of the broadcast; nobody can take it back here."""
    for sku_id, limit in room.limits.items():
        sku, units = room.skus.get(sku_id), broadcast_limits.passed(room, sku_id)
        if sku is not None and units:
            params = {"sku_id": sku_id, "title": sku.title, "units": units, "limit": limit.units}
            taken = broadcast_limits.taken(room, sku_id)
            yield Alarm("limit_passed", None, params | {"taken": taken})


def _unqualified(room: Room, now: datetime) -> Iterator[Alarm]:
    """What is explained, and has lost a qualification or its last day since."""
    wanted = room.pinned.wanted
    refused = qualified.refusal(room, [wanted], now) if wanted is not None else None
    if wanted is None or refused is None:
        return
    params = {"title": room.products[wanted].title, **refused.params}
    yield Alarm("unqualified", None, params, None, [("unpin", "cart.unpin", {})])


def _budget(room: Room, now: datetime) -> Iterator[Alarm]:
    """What the broadcast may give away is nearly given, or is: the promotion that can still give most may be
    stopped."""
    spent = budget.spent(room, now)
    percent = spent.percent if spent is not None else None
    if spent is None or percent is None or percent < budget.NEAR:
        return
    assert spent.used_fen is not None
    assert spent.limit_fen is not None
    said = {"used": short_yuan(spent.used_fen), "limit": short_yuan(spent.limit_fen), "percent": percent}
    dearest = budget.dearest(room, now)
    stop = [("stop", "cue.stop", {"cue_id": dearest.cue_id})] if dearest is not None else []
    yield Alarm("budget_over" if percent >= 100 else "budget_near", None, said, dearest, stop)


def _overused(room: Room) -> Iterator[Alarm]:
    """Orders paid with a coupon that another order has, until they are closed or money goes back."""
    for order_id, coupon_id in room.coupons_over.items():
        order, coupon = room.orders.get(order_id), room.coupons.get(coupon_id)
        if order is None or coupon is None or order.refund_fen:
            continue
        params = {"order_id": order_id, "other_id": coupon.order_id or "", "coupon_id": coupon_id}
        yield Alarm("coupon_overused", order.told_at, params, room.cues.get(coupon.cue_id), [], order_id)


def _unfilled(room: Room) -> Iterator[Alarm]:
    """What was paid in groups that were not full in time: it goes back at the platform, by a person."""
    for cue in room.cues.values():
        if cue.groups is not None and cue.groups.owed:
            fen = sum(cue.groups.owed.values())
            params = {"count": len(cue.groups.owed), "fen": fen, "yuan": plain_yuan(fen)}
            yield Alarm("group_refunds", cue.ended_at, params, cue, [], next(iter(cue.groups.owed)))


def _owed(room: Room, now: datetime) -> Iterator[Alarm]:
    """What a person has to say or do at the platform: a price to restore rings until it is done."""
    for cue_id in room.live:
        cue = room.cues[cue_id]
        owed = cue.owed
        if cue.status == "unknown":
            since = owed.since if owed is not None else None
            yield Alarm("unknown", since, {}, cue, _whether_begun(cue))
        elif owed is not None and owed.step == "ended":
            if does(room, cue) == "person" or now >= owed.since + _PATIENCE:
                done = {"cue_id": cue.cue_id, "step": "ended", "done": True}
                yield Alarm("owed_end", owed.since, {}, cue, [("ended", "cue.confirm", done)])
        elif owed is not None and cue.status in RUNNING and does(room, cue) == "person":
            yield Alarm("owed_start", owed.since, {}, cue, _whether_begun(cue))


def _whether_begun(cue: Cue) -> list[tuple[str, str, dict[str, Any]]]:
    begun = {"cue_id": cue.cue_id, "step": "on_air"}
    return [
        ("began", "cue.confirm", begun | {"done": True}),
        ("not_begun", "cue.confirm", begun | {"done": False}),
    ]


def _silent(health: HealthState) -> Iterator[Alarm]:
    """What the rule of gaps (`domain.gaps`) says of every source."""
    for source in health.sources:
        if source.gap_since is not UNSET:
            named = {
                "name": source_words(source.source),
                "name_en": source_words(source.source, english=True),
            }
            yield Alarm("stale_source", source.gap_since, {"source": source.source} | named)


def _disconnected(room: Room, now: datetime, health: HealthState) -> Iterator[Alarm]:
    """Connections that somebody has to look after; one that only comes and goes is given a while."""
    if room.broadcast.status != "open":
        return
    for name, one in health.connections.items():
        patient = one.since is not None and now < one.since + _COMES_BACK
        if is_well(name, one) or patient:
            continue
        params = {
            "connection": name,
            "name": connection_name(name),
            "name_en": connection_name(name, english=True),
            "what": said(name, one),
            "what_en": said(name, one, english=True),
        }
        yield Alarm("connection", one.since, params)


def _backup(health: HealthState) -> Iterator[Alarm]:
    """The last try of a backup went wrong: until one goes well."""
    if health.backup is not UNSET and (failed := health.backup.failed) is not None:
        yield Alarm("backup", failed.since, {"why": failed.said(), "why_en": failed.said(english=True)})


def _trouble(health: HealthState) -> Iterator[Alarm]:
    if health.trouble and health.trouble != _AHEAD:
        code = health.trouble if health.trouble in ALARMS else "trouble"
        yield Alarm(code, _since(health), {"trouble": health.trouble})


def _since(health: HealthState) -> datetime | None:
    return health.trouble_since if health.trouble_since is not UNSET else None


def _clock(room: Room, health: HealthState) -> Iterator[Alarm]:
    """Ahead of the computer it stays until it is repaired; a step is over, and said for this broadcast."""
    if health.trouble == _AHEAD:
        params = {"seconds": health.clock_ahead_seconds, **CLOCK_AHEAD}
        yield Alarm("clock", _since(health), params, None, [("repair", "clock.repair", {})])
    elif room.clock_step is not None:
        yield Alarm("clock", room.clock_step.at, {"seconds": round(room.clock_step.seconds), **CLOCK_SET})


def _unknown(room: Room) -> Iterator[Alarm]:
    if room.unknown_cues:
        first = next(iter(room.unknown_cues.values()))
        params: Mapping[str, Any] = {
            "count": len(room.unknown_cues),
            "cue_ids": "、".join(list(room.unknown_cues)[-3:]),
        }
        yield Alarm("unknown_cue", first.at, dict(params))


def _muted(room: Room) -> Iterator[Alarm]:
    """People of whom the platform is still to be told."""
    if owed := [one for one in room.comment_desk.muted.values() if one.step is not None]:
        yield Alarm("mute_owed", min(one.at for one in owed), {"count": len(owed)})


def _waiting(health: HealthState, now: datetime) -> Iterator[Alarm]:
    """A question of several people that nobody has answered for too long."""
    one = health.open_question
    if one is not UNSET and now >= one.rings_at:
        yield Alarm("question_waits", one.since, {"people": one.people})


def _after_the_order(room: Room, now: datetime, health: HealthState) -> Iterator[Alarm]:
    """Clocks of buyers that have ended or soon will, and what the shop was asked for and nobody answers."""
    for code, bell in (("cases_overdue", health.cases_overdue), ("cases_soon", health.cases_soon)):
        if bell is not UNSET:
            zh, en = RULE_WORDS[bell.rule]
            yield Alarm(code, bell.since, {"count": bell.count, "what": zh, "what_en": en})
    owed = [one for one in room.asks.values() if one.asked.by_person and now >= one.at + _PERSON]
    if owed:
        yield Alarm("asks_owed", owed[0].at, {"count": len(owed)}, None, [], owed[0].asked.order_id)
    lost = list(shop_asks.unknown(room))
    if lost:
        first = lost[0]
        yield Alarm("ask_unknown", first.at, {"count": len(lost)}, None, [], first.asked.order_id)
