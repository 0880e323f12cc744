"""福袋雨: several bags of one cue, one after the other.

Each has its own promise, entrants, draw and receipt, and every promise names the receipt before it. The next
opens the gap after the close of the present one, as that stands on the log, and never before its draw: who
won is known before anybody enters again. A gap that passed while no engine ran was long enough.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from liveconsole.domain import draw, fire
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kinds.lucky_bag import promise
from liveconsole.domain.kinds.lucky_bag.promise import draws_here
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Owed, Room
from liveconsole.domain.room_bags import Bag, BagSeries
from liveconsole.messages.commands import CueWithReason
from liveconsole.messages.draws import BagAsked, BagOpened, SeriesCut, SeriesOver
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LuckyBagSpec, SeriesSpec

RECEIPT_VERSION: Final = 1
NOT_DONE: Final = "confirmed_not_done"


def series_of(cue: Cue) -> SeriesSpec | None:
    return cue.spec.series if isinstance(cue.spec, LuckyBagSpec) else None


def number(bag: Bag) -> int | UnsetType:
    """Return the bag's number as its events name it: the first of a series is as any other bag."""
    return bag.number if bag.number > 1 else UNSET


def between(cue: Cue) -> bool:
    """Tell whether one of its bags is drawn and the next has not opened."""
    return cue.status == "on_air" and cue.bag is not None and cue.bag.receipt is not None


def asked(cue: Cue) -> bool:
    """Tell whether a person is to start its next bag at the platform and has not said whether he did."""
    return cue.status == "on_air" and cue.owed is not None and cue.owed.step == "on_air"


def due(cue: Cue) -> datetime | None:
    """Tell when the next bag opens, or when what has none ends; None where that hangs on the present bag."""
    bag = cue.bag
    if series_of(cue) is None or cue.series is None or bag is None:
        return None
    if between(cue):
        return cue.series.next_at if cue.more_bags else bag.closed_at
    if not draws_here(cue) and cue.more_bags:
        return cue.series.next_at
    return None


def receipt_due(cue: Cue) -> datetime | None:
    """Tell when a series that is over has its receipt: with the next thing that time does."""
    over = cue.status == "ended" and cue.series is not None and cue.series.receipt is None
    return cue.ended_at if over and any(bag.receipt is not None for bag in cue.bags) else None


def go_on(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """Open the next bag; end the series where none is to come, or where it cannot start as things stand."""
    assert cue.bag is not None
    assert cue.series is not None
    assert isinstance(cue.spec, LuckyBagSpec)
    if not cue.more_bags:
        return [fire.end(room, cue, ctx, "drawn", cue.series.cut_because)]
    if why := _cannot_open(room, cue, cue.spec):
        return [ctx.event("bag.no_more", SeriesCut(cue.cue_id, why))]
    if not draws_here(cue) and does(room, cue) == "person":
        return [ctx.event("bag.asked", BagAsked(cue.cue_id, cue.bag.number + 1, ctx.chance.fresh(16).hex()))]
    return [_open(room, cue, ctx, cue.spec.seconds)]


def _open(room: Room, cue: Cue, ctx: Context, seconds: int) -> Event:
    assert cue.bag is not None
    closes = ctx.now + timedelta(seconds=seconds)
    promised = promise.promise(room, cue, ctx, closes=closes)
    return ctx.event("bag.opened", BagOpened(cue.cue_id, cue.bag.number + 1, closes, promised))


def next_begun(
    room: Room, cue: Cue, remaining_seconds: int | None, ctx: Context, *, done: bool
) -> list[Event]:
    """Take the word of a person on the bag that he was asked to start: it runs from now, or neither it nor
    one behind it comes."""
    if not done:
        return [ctx.event("bag.no_more", SeriesCut(cue.cue_id, NOT_DONE))]
    assert isinstance(cue.spec, LuckyBagSpec)
    return [_open(room, cue, ctx, cue.spec.seconds if remaining_seconds is None else remaining_seconds)]


def _cannot_open(room: Room, cue: Cue, spec: LuckyBagSpec) -> str:
    """Why, as a code. The prizes that were won so far are still in the shop, and are somebody's."""
    product_id = spec.prize.product_id
    if product_id is None:
        return ""
    if (refused := fire.off_shelf(room, [product_id])) is not None:
        return refused.code
    needed, free = spec.winners + sum(len(bag.winners) for bag in cue.bags), prizes_free(room, product_id)
    return "no_prize_left" if free < needed else ""


def prizes_free(room: Room, product_id: str) -> int:
    skus = [room.skus[sku_id] for sku_id in room.products[product_id].sku_ids]
    return max(0, sum(sku.on_hand - sku.held for sku in skus))


def won_elsewhere(cue: Cue, bag: Bag) -> set[str]:
    """Return who won another bag of a series that everybody wins once, kept the prize or not."""
    wanted = series_of(cue)
    if wanted is None or not wanted.once:
        return set()
    return {pid for other in cue.bags if other.number != bag.number for pid in other.ever_won}


def no_more(room: Room, data: CueWithReason, ctx: Context) -> Decision | Refused:
    """Let the present bag be the last; it is drawn as those who entered were promised."""
    cue = room.cues.get(data.cue_id)
    if cue is None or cue.status == "removed":
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    if series_of(cue) is None:
        return Refused("wrong_kind", {"kind": "lucky_bag", "cue_id": data.cue_id})
    if cue.status != "on_air" or cue.bag is None:
        return Refused("not_running", {"cue_id": data.cue_id, "status": cue.status})
    result = {"cue_id": data.cue_id, "bags": cue.bag.number}
    cut = [ctx.event("bag.no_more", SeriesCut(data.cue_id, data.reason))] if cue.more_bags else []
    return Decision(cut, result)


# The receipt of the whole ---------------------------------------------------------------------------


def receipt_hash(receipt: dict[str, Any]) -> str:
    """Return what stands for a receipt in that of its series and in the next promise: all of it but its
    entrants, whose root it has, and the head of the log, which it is given when it is written."""
    apart = ("entries", "count", "code", "chain")
    return sha256(draw.jcs({name: value for name, value in receipt.items() if name not in apart})).hexdigest()


def receipt_of(cue: Cue) -> dict[str, Any]:
    """Return the receipt of a series: its draws in their order, what was announced, how it ended."""
    assert isinstance(cue.spec, LuckyBagSpec)
    assert cue.spec.series is not None
    drawn = [bag for bag in cue.bags if bag.receipt is not None]
    return {
        "v": RECEIPT_VERSION,
        "series": cue.cue_id,
        "planned": cue.spec.series.count,
        "gap_seconds": cue.spec.series.gap_seconds,
        "once": cue.spec.series.once,
        "draws": [_told(bag) for bag in drawn],
        "receipts_sha256": sha256(draw.jcs([bag.receipt_sha256 for bag in drawn])).hexdigest(),
        "opened": len(cue.bags),
        "cut": cue.series is not None and cue.series.cut,
        "ended": cue.ended_because,
        "reason": cue.reason,
    }


def _told(bag: Bag) -> dict[str, Any]:
    assert bag.receipt is not None
    assert bag.opened_at is not None
    assert bag.closed_at is not None
    return {
        "bag": bag.number,
        "draw_id": bag.receipt["draw_id"],
        "receipt_sha256": bag.receipt_sha256,
        "stood_back": len(bag.receipt["rules"].get("stood_back", ())),
        "opened_at": _moment(bag.opened_at),
        "closed_at": _moment(bag.closed_at),
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def tell(cue: Cue, ctx: Context) -> list[Event]:
    return [ctx.event("bag.series", SeriesOver(cue.cue_id, receipt_of(cue)))]


# Folds ----------------------------------------------------------------------------------------------


def begin(cue: Cue) -> None:
    """The tallies of a cue whose spec was written."""
    cue.bag = Bag()
    wanted = series_of(cue)
    cue.series = BagSeries(wanted.count) if wanted is not None else None


def opened(cue: Cue, at: datetime) -> None:
    """A bag is on air from ``at``; the platform's is over by the clock alone."""
    bag, wanted = cue.bag, series_of(cue)
    if bag is None:
        return
    bag.opened_at, bag.ends_at = at, cue.ends_at
    if wanted is not None and cue.series is not None and not draws_here(cue) and cue.ends_at is not None:
        cue.series.next_at = cue.ends_at + timedelta(seconds=wanted.gap_seconds)


def drawn(cue: Cue, at: datetime) -> None:
    """The gap has begun with the close; a draw that took longer is waited for."""
    bag, wanted = cue.bag, series_of(cue)
    if bag is not None and wanted is not None and cue.series is not None and cue.more_bags:
        gap = timedelta(seconds=wanted.gap_seconds)
        cue.series.next_at = max((bag.closed_at or at) + gap, at)


def without_crowd(bag: Bag) -> Bag:
    """Of the entrants only how many they were."""
    people = {winner.viewer_id for winner in (*bag.winners, *bag.alternates)}
    return replace(
        bag,
        entries={},
        entrants=bag.entrants or len(bag.entries),
        kept_out={},
        unverified=[pid for pid in bag.unverified if pid in people],
        receipt={**bag.receipt, "entries": []} if bag.receipt is not None else None,
    )


def _asked(room: Room, data: BagAsked, event: Event) -> None:
    cue = room.cues[data.cue_id]
    assert cue.series is not None
    cue.owed, cue.series.next_at = Owed(data.key, "on_air", event.at, sent=True), None


def _opened(room: Room, data: BagOpened, event: Event) -> None:
    cue = room.cues[data.cue_id]
    cue.owed = None
    assert cue.bag is not None
    assert cue.series is not None
    cue.series.before = [*cue.series.before, without_crowd(cue.bag)]
    cue.series.next_at = None
    source = data.draw.rules["entry"].get("source", "") if data.draw is not None else ""
    cue.bag = Bag(promise=data.draw, source=source, number=data.bag)
    cue.ends_at = data.ends_at
    opened(cue, event.at)


def _cut(room: Room, data: SeriesCut, event: Event) -> None:
    cue = room.cues[data.cue_id]
    series = cue.series
    if asked(cue):
        cue.owed = None
    if series is not None:
        series.cut, series.cut_because, series.next_at = True, data.reason, None


def _over(room: Room, data: SeriesOver, event: Event) -> None:
    cue = room.cues.get(data.cue_id)
    if cue is not None and cue.series is not None:
        cue.series.receipt, cue.series.receipt_code = data.receipt, draw.receipt_code(data.receipt)


COMMANDS: Final[dict[str, Rule]] = {"bag.no_more": no_more}
FOLDS: Final[dict[str, Fold]] = {
    "bag.asked": _asked,
    "bag.opened": _opened,
    "bag.no_more": _cut,
    "bag.series": _over,
}
