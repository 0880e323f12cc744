"""The body of ``GET /v1/state``: one room as every seat sees it. Plain JSON types only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain import given, judge, sales
from liveconsole.domain.cue import wire_time
from liveconsole.domain.platforms import claims_known, orders_known
from liveconsole.domain.room import Bag, Cue, Product, Room
from liveconsole.domain.stock import PROMISING
from liveconsole.domain.tick import proposal_ends
from liveconsole.messages.events import Winner
from liveconsole.messages.refusals import word
from liveconsole.messages.specs import CouponSpec
from liveconsole.views.rundown import rundown_body

People = Mapping[str, tuple[str, str]]
"""pid → (outside id, name)."""

_WAITING: Final = frozenset({"queued", "approved", "standby"})
_MOST_SKUS: Final = 50
"""Of a coupon for more goods than these the state tells no lowest price; ``POST /v1/judge`` does."""
_PINS_KEPT: Final = 50
"""Ended pins that are still listed: a broadcast has hundreds, and none of them is news."""


def state_body(
    room: Room,
    now: datetime,
    *,
    people: People | None = None,
    health: Mapping[str, Any] | None = None,
    turned_away: tuple[Mapping[str, int], datetime] | None = None,
) -> dict[str, Any]:
    """Everything that stands now.

    Args:
        people: for the winners' outside ids and names; without it their pids stand there, unnamed.
        health: the engine's own account of its sources.
        turned_away: requests for which a sale had nothing, and since when they were counted.
    """
    cues = [_cue(room, cue, now, people or {}) for cue in in_order(room)]
    if turned_away is not None:
        _tell_turned_away(cues, *turned_away)
    return {
        "seq": room.seq,
        "room": _room(room, now),
        "broadcast": {
            "number": room.broadcast.number,
            "status": room.broadcast.status,
            "title": room.broadcast.title,
            "opened_at": _time(room.broadcast.opened_at),
            "closed_at": _time(room.broadcast.closed_at),
        },
        "catalogue": {"products": _products(room)},
        "cart": {"items": _cart(room), "pinned": _pinned(room, now)},
        "pinned": _pinned(room, now),
        "cues": cues,
        "orders": {**msgspec.to_builtins(room.totals), "oversold": oversold(room)},
        "unknown_cues": [
            {"cue_id": one.cue_id, "at": wire_time(one.at), "count": one.count}
            for one in reversed(room.unknown_cues.values())
        ],
        "discount": msgspec.to_builtins(given.of_broadcast(room, now)),
        "audience": msgspec.to_builtins(room.audience),
        "rundown": rundown_body(room, now),
        "notes": [{**msgspec.to_builtins(note), "at": wire_time(note.at)} for note in room.notes],
        "pledges": [
            {**msgspec.to_builtins(pledge), "at": wire_time(pledge.at)} for pledge in room.pledges.values()
        ],
        "health": dict(health or {}),
    }


def in_order(room: Room) -> list[Cue]:
    """The queue, then what is on air, then what has ended, the latest first."""
    queued = [room.cues[cue_id] for cue_id in room.queue]
    on_air = [cue for cue in room.cues.values() if cue.status == "on_air"]
    ended = sorted(
        (cue for cue in room.cues.values() if cue.status == "ended"),
        key=lambda cue: cue.ended_at or cue.added_at,
        reverse=True,
    )
    pins = [cue for cue in ended if cue.kind == "pin" and cue.owed is None]
    dropped = {cue.cue_id for cue in pins[_PINS_KEPT:]}
    return queued + on_air + [cue for cue in ended if cue.cue_id not in dropped]


def oversold(room: Room) -> int:
    """Units that orders were promised beyond a sale's bounds or beyond the stock, each counted once; what
    earlier broadcasts left short is theirs."""
    by_sale: dict[str, int] = {}
    units = 0
    for cue in room.cues.values():
        if cue.sale:
            beyond = sales.oversold(cue)
            units += beyond
            for sku_id, count in cue.sale.items():
                by_sale[sku_id] = by_sale.get(sku_id, 0) + count.oversold
    return units + sum(
        max(0, s.oversold - by_sale.get(s.sku_id, 0) - room.short_before.get(s.sku_id, 0))
        for s in room.skus.values()
        if s.oversold
    )


def _tell_turned_away(cues: list[dict[str, Any]], counts: Mapping[str, int], since: datetime) -> None:
    """``refused_count`` of sales, with ``refused_since`` where the sale began before the counting."""
    counted_from = wire_time(since)
    for body in cues:
        if body["kind"] == "flash_sale":
            body["refused_count"] = counts.get(body["cue_id"], 0)
            if body.get("on_air_at", counted_from) < counted_from:
                body["refused_since"] = counted_from


def _time(at: datetime | None) -> str | None:
    return wire_time(at) if at is not None else None


def _room(room: Room, now: datetime) -> dict[str, Any]:
    return {
        "room_id": room.room_id,
        "simulated": room.simulated,
        "now": wire_time(now),
        **msgspec.to_builtins(room.settings),
    }


def _products(room: Room) -> list[dict[str, Any]]:
    promised: dict[str, int] = {}
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if cue.status in PROMISING:
            for sku_id, count in cue.sale.items():
                promised[sku_id] = promised.get(sku_id, 0) + count.left
    return [_product(room, product, promised) for product in room.products.values()]


def _product(room: Room, product: Product, promised: Mapping[str, int]) -> dict[str, Any]:
    skus = []
    as_put = {sku["sku_id"]: sku for sku in product.sent.get("skus") or ()}
    for sku in map(room.skus.__getitem__, product.sku_ids):
        skus.append(
            {
                **as_put.get(sku.sku_id, {}),
                "sku_id": sku.sku_id,
                "title": sku.title,
                "price_fen": sku.price_fen,
                "floor_fen": sku.floor_fen,
                "stock": max(0, sku.on_hand),
                "held": sku.held,
                "sold": sku.sold,
                "oversold": sku.oversold,
                "available": max(0, sku.free - promised.get(sku.sku_id, 0)),
            }
        )
    return {
        **product.sent,
        "floor_fen": product.floor_fen,
        "list_price_fen": product.list_price_fen,
        "stock": sum(sku["stock"] for sku in skus),
        "on_shelf": product.on_shelf,
        "available": sum(sku["available"] for sku in skus),
        "skus": skus,
    }


def _cart(room: Room) -> list[dict[str, Any]]:
    return [
        {
            "number": item.number,
            "product_id": item.product_id,
            "on_shelf": room.products[item.product_id].on_shelf,
        }
        for item in room.cart
    ]


def _pinned(room: Room, now: datetime) -> dict[str, Any]:
    """``age``: seconds since somebody who can know said what is there."""
    pinned = room.pinned
    age = None if pinned.confirmed_at is None else max(0.0, (now - pinned.confirmed_at).total_seconds())
    return {
        "wanted": pinned.wanted,
        "confirmed": pinned.confirmed,
        "confirmed_at": _time(pinned.confirmed_at),
        "age": age,
        "cue_id": pinned.cue_id,
    }


def _cue(room: Room, cue: Cue, now: datetime, people: People) -> dict[str, Any]:
    body: dict[str, Any] = {
        "cue_id": cue.cue_id,
        "kind": cue.kind,
        "spec": cue.spec_sent,
        "status": cue.status,
        "proposed_by": cue.proposed_by,
        "approved_by": cue.approved_by,
        "fired_by": cue.fired_by,
        "at": wire_time(cue.added_at),
        "reason": cue.reason,
        "reason_text": word(cue.reason, {}) if cue.reason else "",
    }
    if cue.segment_id:
        body["segment_id"] = cue.segment_id
    if cue.again_of:
        body["again_of"] = cue.again_of
    fires_at = cue.fires_at or (cue.at if cue.status in _WAITING else None)
    for name, moment in (
        ("fires_at", fires_at),
        ("on_air_at", cue.on_air_at),
        ("ends_at", cue.ends_at),
        ("ended_at", cue.ended_at),
        ("proposed_at", cue.proposed_at),
        ("proposal_ends_at", proposal_ends(room, cue)),
    ):
        if moment is not None:
            body[name] = wire_time(moment)
    if cue.ended_because is not None:
        body["ended_because"] = cue.ended_because
    if cue.owed is not None:
        owed = cue.owed
        body["owed"] = {
            "step": owed.step,
            "key": owed.key,
            "since": wire_time(owed.since),
            "asked": owed.sent,
        }
    if cue.measured is not None:
        body["measured"] = _measured(cue)
        body["measured_age"] = max(0.0, (now - cue.measured.at).total_seconds())
    if cue.kind != "pin":
        body["discount"] = _discount(room, cue, now)
        if cue.status not in ("ended", "removed"):
            found = judge.lowest(room, cue.spec, without=cue.cue_id, most=_MOST_SKUS)
            body |= {"lowest_fen": found["fen"], "lowest": found} if found is not None else {}
    if cue.kind == "flash_sale":
        body |= _sale(room, cue)
    elif cue.kind == "coupon":
        body |= _coupon(room, cue)
    elif cue.kind == "lucky_bag":
        body |= _bag(cue, people)
    return body


def _discount(room: Room, cue: Cue, now: datetime) -> dict[str, int | None]:
    """What it gave is None where nobody tells: no source reports orders, or which coupon was used."""
    found: dict[str, int | None] = msgspec.to_builtins(given.of_cue(room, cue, now))
    told = {"coupon": claims_known(room, cue), "flash_sale": orders_known(room)}.get(cue.kind, True)
    if cue.on_air_at is not None and not told:
        found |= {"given_fen": None, "held_fen": None}
    return found


def _measured(cue: Cue) -> dict[str, int]:
    found = msgspec.to_builtins(cue.measured)
    return {name: value for name, value in found.items() if name != "at" and value is not None}


def _sale(room: Room, cue: Cue) -> dict[str, Any]:
    """Where nobody reports orders, what is left is not known until a person has read it off the platform."""
    counts = list(cue.sale.items())
    body: dict[str, Any] = {
        "sold": sum(count.shown_sold for _, count in counts),
        "held": sum(count.shown_held for _, count in counts),
        "left": sum(count.left for _, count in counts),
        "oversold": sales.oversold(cue),
        "asks_more": cue.asks_more,
        "skus": [
            {
                "sku_id": sku_id,
                "price_fen": count.price_fen,
                "quantity": count.quantity,
                "sold": count.shown_sold,
                "held": count.shown_held,
                "left": count.left,
                "oversold": count.oversold,
            }
            for sku_id, count in counts
        ],
    }
    if not orders_known(room):
        measured = cue.measured
        body["sold"] = measured.sold if measured is not None else None
        body["left"] = measured.left if measured is not None else None
        body["held"] = None
        for sku in body["skus"]:
            sku |= {"sold": None, "held": None, "left": None}
    return body


def _coupon(room: Room, cue: Cue) -> dict[str, Any]:
    assert isinstance(cue.spec, CouponSpec)
    body: dict[str, Any] = {
        "claimed": cue.claimed,
        "used": cue.used,
        "left": cue.spec.quantity - cue.claimed,
    }
    if not claims_known(room, cue):
        measured = cue.measured
        body["claimed"] = measured.claimed if measured is not None else None
        body["used"] = measured.used if measured is not None else None
        body["left"] = measured.left if measured is not None else None
    return body


def _bag(cue: Cue, people: People) -> dict[str, Any]:
    bag = cue.bag
    body: dict[str, Any] = {}
    draws_here = cue.spec_sent.get("draw", "console") == "console"
    if bag is None or (cue.on_air_at is None and cue.status != "on_air"):
        return {}
    if draws_here:
        body["entrants"] = bag.entrants or len(bag.entries)
        body["unverified"] = len(bag.unverified)
    else:
        body["entrants"] = cue.measured.entrants if cue.measured is not None else None
    if bag.source:
        body["source"] = bag.source
    if bag.receipt is not None:
        body["winners"] = [_person(winner, people, bag, bag.claim_until) for winner in bag.winners]
        body["alternates"] = [_person(winner, people, bag, {}) for winner in bag.alternates]
    elif bag.platform_names:
        body["winners"] = [{"viewer_id": "", "name": name} for name in bag.platform_names]
    if bag.promise is not None:
        promise = bag.promise
        body["draw"] = {
            "draw_id": promise.draw_id,
            "source": promise.source,
            "commit": promise.commit,
            "rules_sha256": promise.rules_sha256,
            "round": promise.round,
            "root": bag.root,
            "drawn": bag.receipt is not None,
        }
    return body


def _person(winner: Winner, people: People, bag: Bag, until: Mapping[str, datetime]) -> dict[str, Any]:
    outside, name = people.get(winner.viewer_id, (winner.viewer_id, ""))
    found: dict[str, Any] = {"viewer_id": outside, "name": name, "entry_id": winner.entry_id}
    if winner.viewer_id in bag.unverified:
        found["unverified"] = True
    if winner.viewer_id in bag.settled:
        found["settled"] = bag.settled[winner.viewer_id]
    elif winner.viewer_id in until:
        found["claim_until"] = wire_time(until[winner.viewer_id])
    return found
