"""Coupons: claimed one by one while on air, used by one order each, returned when the order comes to nothing.

What is promised holds in every committed state: claimed ≤ quantity, per viewer ≤ ``per_buyer``, and no
coupon is in two orders. What it takes off, and how far it may bring a price, stands in ``pricing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import audiences, floors, given, helping, pricing
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import BySku, Given, Offers, Repair, RuleOff
from liveconsole.domain.kinds import plain
from liveconsole.domain.late import tonight
from liveconsole.domain.most_allowed import most_allowed
from liveconsole.domain.room import Coupon, Cue, Room
from liveconsole.domain.room_people import Helped
from liveconsole.messages.commands import CouponClaim
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import CouponClaimed, CouponOverused, CouponReturned, CouponUsed
from liveconsole.messages.facts import ShareBrought
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LINK_LIMIT, CouponSpec, Tier, is_link

NAME: Final = "coupon"
SPEC: Final = CouponSpec
RETIRED: Final = False
DONE_AS: Final = CouponSpec.done_as
BENEFIT: Final = True
HANDS_OUT: Final = True
DISCOUNTS: Final = True
ARMED: Final = True
RECALLABLE: Final = True
KEYED: Final = True
SILENCE: Final = plain.SILENCE
GOES_ON: Final = False
CLOSES: Final = False
NEEDS_SHELF: Final = False
BY_NAME: Final = False

_LONGEST_ID: Final = 200
_DAY: Final = 86_400


def check(room: Room, spec: CouponSpec, *, without: str | None = None) -> list[Refused]:
    """Return every reason against the spec itself, in the contract's order."""
    found: list[Refused] = []
    if not spec.name.strip():
        found.append(Refused("bad_spec", {"detail": "name"}))
    if spec.rule.tiers is not None and not _rising(spec.rule.tiers):
        found.append(Refused("bad_spec", {"detail": "rule.tiers：门槛和减额须逐级增加"}))
    if spec.link and not is_link(spec.link):
        found.append(Refused("bad_spec", {"detail": "link", "because": "bad_link", "limit": LINK_LIMIT}))
    unknown = [p for p in (spec.scope.product_ids if spec.scope else ()) if p not in room.products]
    found.extend(Refused("unknown_sku", {"sku_id": p, "product_id": p}) for p in unknown)
    breach = floors.of_spec(room, spec, without=without)
    if breach is not None:
        found.append(breach)
    return found


def _rising(tiers: Sequence[Tier]) -> bool:
    return all(a.threshold_fen < b.threshold_fen and a.off_fen < b.off_fen for a, b in pairwise(tiers))


def by_hand(spec: CouponSpec) -> str:
    """Leave to a person what interfaces do not know: tiers, and what is not valid for whole days."""
    if spec.share is not None:
        return "share_by_hand"
    if spec.rule.tiers is not None:
        return "tiers_by_hand"
    if spec.valid_seconds is not None and spec.valid_seconds % _DAY:
        return "days_by_hand"
    return ""


def cannot_start(room: Room, cue: Cue, spec: CouponSpec, now: datetime) -> Refused | None:
    return floors.of_spec(room, spec, without=cue.cue_id)


def rows(room: Room, cue: Cue, now: datetime) -> BySku | None:
    """Return, of one that takes off too much, the most that it may: it has no SKUs of its own."""
    assert isinstance(cue.spec, CouponSpec)
    spec, without = cue.spec, cue.cue_id or None
    breach = floors.of_spec(room, spec, without=without)
    if breach is None or spec.rule.off_fen is None:
        return None

    def less(off_fen: int) -> CouponSpec:
        return replace(spec, rule=replace(spec.rule, off_fen=off_fen))

    def allows(off_fen: int) -> bool:
        return floors.of_spec(room, less(off_fen), without=without) is None

    most = most_allowed(allows, spec.rule.off_fen)
    if most is None:
        return None
    repair = Repair(breach, breach.params.get("sku_id", ""), off_fen=most)
    return BySku([], [repair], less(most), overlaps=True)


def goods(room: Room, spec: CouponSpec) -> set[str]:
    return set(spec.scope.product_ids) if spec.scope is not None else set()


# Money ----------------------------------------------------------------------------------------------


def offers(spec: CouponSpec) -> Offers:
    return Offers(rules=[RuleOff(spec.rule, spec.scope)])


def exposure_fen(room: Room, spec: CouponSpec) -> int:
    """Count a 折扣 coupon, which has no bound of its own, on one unit of the dearest goods of its scope."""
    rule = spec.rule
    if rule.tiers is not None:
        return max(tier.off_fen for tier in rule.tiers) * spec.quantity
    if rule.zhe is None:
        return (rule.off_fen or 0) * spec.quantity
    dearest = max((room.skus[sku_id].price_fen for sku_id in pricing.touched(room, spec)), default=0)
    return pricing.discount_of(rule, dearest) * spec.quantity


def gives(room: Room, cue: Cue, now: datetime) -> Given:
    """Of one that has ended, coupons in somebody's hands still count, each at the most that one takes off."""
    assert isinstance(cue.spec, CouponSpec)
    still = 0
    if outlasts(cue, now):
        still = exposure_fen(room, cue.spec) // cue.spec.quantity * in_hands(cue)
    return given.counted(room, cue, still)


def valid_for(spec: CouponSpec) -> timedelta | None:
    return timedelta(seconds=spec.valid_seconds) if spec.valid_seconds is not None else None


def outlasts(cue: Cue, at: datetime | None) -> bool:
    assert isinstance(cue.spec, CouponSpec)
    if cue.status != "ended" or (in_hands(cue) <= 0 and not cue.given_held_fen):
        return False
    valid, ended_at = valid_for(cue.spec), cue.off_at or cue.ended_at
    if valid is None or ended_at is None or at is None:
        return True
    # The last one was claimed at the end, so none is valid any longer than this.
    return ended_at + valid > at


def in_hands(cue: Cue) -> int:
    """Return how many viewers may still hold of one that has ended; those that an unpaid order has are not
    among them, and come back when it lapses.

    Where it was claimed at the platform the claims are those that were read off after its end: all of them
    where nobody read any, as more may have been claimed since an earlier look.
    """
    assert isinstance(cue.spec, CouponSpec)
    if not cue.claims_read or cue.claimed:
        return cue.claimed - cue.used
    seen, ended_at = cue.measured, cue.off_at or cue.ended_at
    if seen is None:
        return cue.spec.quantity
    last = seen.claimed_at is not None and (ended_at is None or seen.claimed_at >= ended_at)
    claimed = seen.claimed if last and seen.claimed is not None else cue.spec.quantity
    return claimed - (seen.used or 0)


def lighter(cue: Cue) -> Cue:
    """Drop who claimed, and who was brought: that is asked while it is on air only."""
    return replace(cue, buyers={}, helped=None)


# Claimed and used -----------------------------------------------------------------------------------


def use_for_order(
    room: Room, coupon_id: str, buyer: str, lines: Sequence[tuple[str, int]], now: datetime
) -> Refused | int:
    """Return what the coupon takes off an order of ``buyer`` (a pid), in 分.

    Args:
        lines: (sku id, amount in 分 after flash prices) of every line; ``spread`` gives each its part.
    """
    coupon = room.coupons.get(coupon_id)
    if coupon is None:
        return Refused("unknown_coupon", {"coupon_id": coupon_id})
    if coupon.viewer != buyer:
        return Refused("coupon_not_yours", {"coupon_id": coupon_id})
    if coupon.order_id is not None:
        return Refused("coupon_used", {"coupon_id": coupon_id, "order_id": coupon.order_id})
    if coupon.valid_until is not None and now >= coupon.valid_until:
        return Refused("coupon_expired", {"coupon_id": coupon_id})
    spec = _spec(room, coupon)
    whole = sum(_within(room, spec, lines))
    if whole == 0 or not pricing.reached(spec.rule, whole):
        return Refused("coupon_threshold", {"coupon_id": coupon_id, "sum_fen": whole})
    return pricing.discount_of(spec.rule, whole)


def spread(room: Room, coupon_id: str, lines: Sequence[tuple[str, int]]) -> list[int]:
    """Return what the coupon takes off each line, in 分: shared by amount over its scope, 0 outside it."""
    spec = _spec(room, room.coupons[coupon_id])
    amounts = _within(room, spec, lines)
    return pricing.share(pricing.discount_of(spec.rule, sum(amounts)), amounts)


def cue_and_sum(room: Room, coupon_id: str, lines: Sequence[tuple[str, int]]) -> tuple[Cue, int]:
    """Return the promotion that gave the coupon, and the sum of the lines that it is about."""
    coupon = room.coupons[coupon_id]
    return room.cues[coupon.cue_id], sum(_within(room, _spec(room, coupon), lines))


def _spec(room: Room, coupon: Coupon) -> CouponSpec:
    spec = room.cues[coupon.cue_id].spec
    assert isinstance(spec, CouponSpec)  # only coupon cues give coupons
    return spec


def _within(room: Room, spec: CouponSpec, lines: Sequence[tuple[str, int]]) -> list[int]:
    if spec.scope is None:
        return [amount for _, amount in lines]
    inside = set(spec.scope.product_ids)
    return [amount if room.skus[sku_id].product_id in inside else 0 for sku_id, amount in lines]


def claim(room: Room, data: CouponClaim, ctx: Context) -> Decision | Refused:
    cue = room.cues.get(data.cue_id)
    if cue is None:
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    if not isinstance(cue.spec, CouponSpec):
        return Refused("wrong_kind", {"kind": "coupon", "cue_id": data.cue_id})
    if cue.status != "on_air" or (cue.ends_at is not None and ctx.now >= cue.ends_at):
        return Refused("not_on_air", {"cue_id": data.cue_id})
    if (refused := audiences.turned_away(room, cue, data.viewer.id, ctx.pasts)) is not None:
        return refused
    if cue.buyers.get(data.viewer.id, 0) >= cue.spec.per_buyer:
        return Refused("already_claimed", {"limit": cue.spec.per_buyer})
    if cue.claimed >= cue.spec.quantity:
        return Refused("exhausted", {"cue_id": data.cue_id})
    if cue.helped is not None and (refused := helping.not_reached(cue, data.viewer.id)) is not None:
        return refused
    coupon_id = _coupon_id(cue.cue_id, cue.claimed + 1)
    until = None
    if cue.spec.valid_seconds is not None:
        until = ctx.now + timedelta(seconds=cue.spec.valid_seconds)
    claimed = CouponClaimed(data.cue_id, coupon_id, data.viewer, valid_until=until)
    result = {"coupon_id": coupon_id} | audiences.said(room, cue, data.viewer.id, ctx.pasts)
    return Decision([ctx.event("coupon.claimed", claimed)], result)


def _coupon_id(cue_id: str, number: int) -> str:
    """The same on every replay; a cue id that leaves no room for the number stands as its hash."""
    plain = f"{cue_id}-{number}"
    return plain if len(plain) <= _LONGEST_ID else f"{sha256(cue_id.encode()).hexdigest()}-{number}"


def shape(cue: Cue) -> None:
    """Who brought whom, of one that is for whoever brings others."""
    assert isinstance(cue.spec, CouponSpec)
    cue.helped = Helped(cue.spec.share.friends) if cue.spec.share is not None else None


def _brought(room: Room, data: ShareBrought, _event: Event) -> None:
    cue = room.cues.get(data.cue_id)
    if cue is not None and isinstance(cue.spec, CouponSpec):
        helping.help_on(room, data.cue_id, data.viewer.id, data.by.id)


def _claimed(room: Room, data: CouponClaimed, _event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.claimed += 1
    cue.buyers[data.viewer.id] = cue.buyers.get(data.viewer.id, 0) + 1
    room.coupons[data.coupon_id] = Coupon(data.coupon_id, data.cue_id, data.viewer.id, data.valid_until)


# Coupons and bags that have left the room are asked about in logs from before anything left it only: the
# rules give no such event any more.


def _used(room: Room, data: CouponUsed, _event: Event) -> None:
    coupon = room.coupons.get(data.coupon_id)
    if coupon is not None:
        coupon.order_id = data.order_id
        room.cues[coupon.cue_id].used += 1
        room.coupons_over.pop(data.order_id, None)


def _returned(room: Room, data: CouponReturned, _event: Event) -> None:
    coupon = room.coupons.get(data.coupon_id)
    if coupon is not None:
        coupon.order_id = None
        room.cues[coupon.cue_id].used -= 1


def _overused(room: Room, data: CouponOverused, _event: Event) -> None:
    room.coupons_over[data.order_id] = data.coupon_id


def logged(sent: dict[str, Any]) -> dict[str, Any]:
    """``link`` was any value before it had a rule of its own."""
    if isinstance(sent.get("link"), str | None):
        return sent
    return {name: value for name, value in sent.items() if name != "link"}


makes_way, seconds, promises = plain.makes_way, plain.seconds, plain.promises
due, time_up, follow = plain.due, plain.time_up, plain.follow
cannot_end, cannot_begin_late = plain.cannot_end, plain.cannot_begin_late
next_begun = plain.next_begun
fitted = plain.fitted
void_when_restored, again = plain.void_when_restored, plain.again
per_buyer, cannot_buy = plain.per_buyer, plain.cannot_buy
folded = plain.folded
waits = plain.waits
COMMANDS: Final[dict[str, Rule]] = {"coupon.claim": claim}
FOLDS: Final[dict[str, Fold]] = {
    "coupon.claimed": _claimed,
    "coupon.used": _used,
    "coupon.returned": _returned,
    "coupon.overused": _overused,
    "share.brought": tonight(_brought),
}
