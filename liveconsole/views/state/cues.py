"""Promotions from the room in memory: where each stands, its figures, and who holds its prizes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain import given, judge, sales
from liveconsole.domain.cue import FIRED
from liveconsole.domain.platforms import claims_known, doer, orders_known
from liveconsole.domain.room import Bag, Cue, Room
from liveconsole.domain.tick import proposal_ends
from liveconsole.messages.events import Winner
from liveconsole.messages.refusals import word
from liveconsole.messages.specs import CouponSpec
from liveconsole.messages.state import (
    CanState,
    CueState,
    DrawState,
    GivenState,
    LowestState,
    MeasuredState,
    OwedState,
    SaleSkuState,
    WinnerState,
)
from liveconsole.messages.statuses import PLANNED

People = Mapping[str, tuple[str, str]]
"""pid → (outside id, name)."""
TurnedAway = tuple[Mapping[str, int], datetime]
"""Requests for which a sale had nothing, by its id, and since when they were counted."""

_MOST_SKUS: Final = 50
"""Of a coupon for more goods than these the state tells no lowest price; ``POST /v1/judge`` does."""
PINS_KEPT: Final = 3
"""Ended pins that are still listed: a broadcast has hundreds, and none of them is news."""
_OF_KIND: Final[dict[str, frozenset[str]]] = {
    "flash_sale": frozenset(
        {"sold", "held", "left", "oversold", "asks_more", "skus", "refused_count", "discount"}
    ),
    "coupon": frozenset({"claimed", "used", "left", "discount"}),
    "lucky_bag": frozenset({"discount"}),
}
"""Kind → the fields that its row always has on the wire, null where nobody reports them."""


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
    dropped = {cue.cue_id for cue in pins[PINS_KEPT:]}
    return queued + on_air + [cue for cue in ended if cue.cue_id not in dropped]


def lowest_of(room: Room, cue: Cue) -> LowestState | None:
    """The lowest price that a buyer can reach with it; None for what is over or changes no price."""
    if cue.kind == "pin" or cue.status in ("ended", "removed"):
        return None
    found = judge.lowest(room, cue.spec, without=cue.cue_id, most=_MOST_SKUS)
    return LowestState(**found) if found is not None else None


def cue_state(
    room: Room,
    cue: Cue,
    now: datetime,
    can: CanState,
    *,
    people: People,
    turned_away: TurnedAway | None = None,
    lowest: LowestState | None,
) -> CueState:
    """One promotion. ``now`` judges which coupons of it may still be used, and nothing else."""
    fields: dict[str, Any] = {}
    if cue.kind != "pin":
        fields["discount"] = _discount(room, cue, now)
    if lowest is not None:
        fields |= {"lowest_fen": lowest.fen, "lowest": lowest}
    if cue.kind == "flash_sale":
        fields |= _sale(room, cue) | _turned_away(cue, turned_away)
    elif cue.kind == "coupon":
        fields |= _coupon(room, cue)
    elif cue.kind == "lucky_bag":
        fields |= _bag(cue, people)
    return CueState(
        cue_id=cue.cue_id,
        kind=cue.kind,
        spec=cue.spec_sent,
        status=cue.status,
        proposed_by=cue.proposed_by,
        approved_by=cue.approved_by,
        fired_by=cue.fired_by,
        at=cue.added_at,
        reason=cue.reason,
        reason_text=word(cue.reason, {}) if cue.reason else "",
        can=can,
        slot=cue.slot,
        segment_id=cue.segment_id,
        again_of=cue.again_of,
        fires_at=cue.fires_at or (cue.at if cue.status in PLANNED else None),
        on_air_at=cue.on_air_at,
        ends_at=cue.ends_at,
        ended_at=cue.ended_at,
        ended_because=cue.ended_because,
        proposed_at=cue.proposed_at if cue.status not in FIRED else None,
        proposal_ends_at=proposal_ends(room, cue),
        owed=_owed(room, cue),
        measured=_measured(cue),
        **fields,
    )


def cue_row(shown: CueState) -> bytes:
    """The row on the wire, without ``can``: what every promotion has, what its kind always has, and what
    else there is."""
    always = _ALWAYS | _OF_KIND.get(shown.kind, frozenset())
    if shown.kind == "lucky_bag" and shown.on_air_at is not None:
        always |= {"entrants"}
    row = {
        name: value for name in _FIELDS if (value := getattr(shown, name)) not in _NOTHING or name in always
    }
    return _encode(row)


def with_can(row: bytes, can: bytes) -> bytes:
    """The row of a role: ``can`` as JSON behind what is the same for everybody."""
    return b'%b,"can":%b}' % (row[:-1], can)


_encode = msgspec.json.Encoder().encode
_NOTHING: Final[tuple[object, ...]] = (None, "", 0, [])
_FIELDS: Final = tuple(name for name in CueState.__struct_fields__ if name != "can")
_ALWAYS: Final = frozenset(
    {
        "cue_id", "kind", "spec", "status", "proposed_by", "approved_by", "fired_by", "at", "reason",
        "reason_text",
    }
)  # fmt: skip


def _turned_away(cue: Cue, turned_away: TurnedAway | None) -> dict[str, Any]:
    """``refused_since`` stands where the sale began before the counting."""
    if turned_away is None:
        return {}
    counts, since = turned_away
    older = cue.on_air_at is not None and cue.on_air_at < since
    return {"refused_count": counts.get(cue.cue_id, 0), "refused_since": since if older else None}


def _owed(room: Room, cue: Cue) -> OwedState | None:
    owed = cue.owed
    if owed is None:
        return None
    return OwedState(owed.step, owed.key, owed.since, owed.sent, doer(room, cue.kind))


def _discount(room: Room, cue: Cue, now: datetime) -> GivenState:
    """What it gave is None where nobody tells: no source reports orders, or which coupon was used."""
    found = given.of_cue(room, cue, now)
    told = {"coupon": claims_known(room, cue), "flash_sale": orders_known(room)}.get(cue.kind, True)
    if cue.on_air_at is not None and not told:
        return GivenState(None, None, found.most_fen)
    return GivenState(found.given_fen, found.held_fen, found.most_fen)


def _measured(cue: Cue) -> MeasuredState | None:
    return MeasuredState(**msgspec.structs.asdict(cue.measured)) if cue.measured is not None else None


def _sale(room: Room, cue: Cue) -> dict[str, Any]:
    """Where nobody reports orders, what is left is not known until a person has read it off the platform."""
    told = orders_known(room)
    counts = list(cue.sale.items())
    skus = [
        SaleSkuState(
            sku_id=sku_id,
            price_fen=count.price_fen,
            quantity=count.quantity,
            sold=count.shown_sold if told else None,
            held=count.shown_held if told else None,
            left=count.left if told else None,
            oversold=count.oversold,
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
    }


def _coupon(room: Room, cue: Cue) -> dict[str, Any]:
    assert isinstance(cue.spec, CouponSpec)
    if not claims_known(room, cue):
        measured = cue.measured
        return {
            "claimed": measured.claimed if measured is not None else None,
            "used": measured.used if measured is not None else None,
            "left": measured.left if measured is not None else None,
        }
    return {"claimed": cue.claimed, "used": cue.used, "left": cue.spec.quantity - cue.claimed}


def _bag(cue: Cue, people: People) -> dict[str, Any]:
    bag = cue.bag
    if bag is None or (cue.on_air_at is None and cue.status != "on_air"):
        return {}
    body: dict[str, Any] = {"source": bag.source}
    if cue.spec_sent.get("draw", "console") == "console":
        body |= {"entrants": bag.entrants or len(bag.entries), "unverified": len(bag.unverified)}
    else:
        body["entrants"] = cue.measured.entrants if cue.measured is not None else None
    if bag.receipt is not None:
        body["winners"] = [_person(winner, people, bag, bag.claim_until) for winner in bag.winners]
        body["alternates"] = [_person(winner, people, bag, {}) for winner in bag.alternates]
    elif bag.platform_names:
        body["winners"] = [WinnerState("", name) for name in bag.platform_names]
    if bag.promise is not None:
        promise = bag.promise
        body["draw"] = DrawState(
            draw_id=promise.draw_id,
            source=promise.source,
            commit=promise.commit,
            rules_sha256=promise.rules_sha256,
            round=promise.round,
            root=bag.root,
            drawn=bag.receipt is not None,
        )
    return body


def _person(winner: Winner, people: People, bag: Bag, until: Mapping[str, datetime]) -> WinnerState:
    outside, name = people.get(winner.viewer_id, (winner.viewer_id, ""))
    settled = bag.settled.get(winner.viewer_id)
    return WinnerState(
        viewer_id=outside,
        name=name,
        entry_id=winner.entry_id,
        unverified=winner.viewer_id in bag.unverified,
        settled=settled,
        claim_until=until.get(winner.viewer_id) if settled is None else None,
    )
