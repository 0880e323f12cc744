"""福袋雨 in the state: how far a series of bags is, and what became of each."""

from __future__ import annotations

from liveconsole.domain.draw import promise_code
from liveconsole.domain.room import Cue
from liveconsole.domain.room_bags import Bag, BagSeries
from liveconsole.messages.specs import LuckyBagSpec, SeriesSpec
from liveconsole.messages.state.cues import BagState, BagStatus, SeriesState


def spec_of(cue: Cue) -> SeriesSpec | None:
    return cue.spec.series if isinstance(cue.spec, LuckyBagSpec) else None


def series_state(cue: Cue, series: BagSeries) -> SeriesState | None:
    wanted, bags = spec_of(cue), cue.bags
    if wanted is None or not bags:
        return None
    return SeriesState(
        bag=bags[-1].number,
        count=wanted.count,
        gap_seconds=wanted.gap_seconds,
        once=wanted.once,
        next_at=series.next_at if cue.status == "on_air" else None,
        more=cue.status == "on_air" and cue.more_bags,
        bags=[_bag(bag, cue) for bag in bags],
        receipt_code=series.receipt_code,
    )


def _bag(bag: Bag, cue: Cue) -> BagState:
    promise = bag.promise
    return BagState(
        bag=bag.number,
        status=_status(bag, cue),
        opened_at=bag.opened_at,
        ends_at=bag.ends_at,
        entrants=bag.entrants or len(bag.entries) if promise is not None else None,
        draw_id=promise.draw_id if promise is not None else "",
        promise_code=promise_code(promise.rules_sha256) if promise is not None else "",
        receipt_code=bag.receipt_code,
        stood_back=len(promise.rules.get("stood_back", ())) if promise is not None else 0,
        typed=bag.typed,
    )


def _status(bag: Bag, cue: Cue) -> BagStatus:
    if bag.receipt is not None:
        return "drawn"
    if bag is not cue.bag or (
        bag.promise is None and cue.status == "ended" and cue.ended_because != "stopped"
    ):
        return "over"  # of the platform: the next has opened, or its time was up
    if cue.status == "ended":
        return "void"
    return "closed" if bag.root else "open"
