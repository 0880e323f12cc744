"""福袋: who enters, one draw at the close, and what becomes of each prize."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from liveconsole.domain import fire
from liveconsole.domain.context import Context, Fold, Rule
from liveconsole.domain.kind import Fitted, Given
from liveconsole.domain.kinds import plain
from liveconsole.domain.kinds.lucky_bag import draws, ends, prizes, promise, series
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.events import CueOnAir
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LuckyBagSpec
from liveconsole.messages.statuses import VOIDED
from liveconsole.messages.wording import plain_yuan

NAME: Final = "lucky_bag"
SPEC: Final = LuckyBagSpec
RETIRED: Final = False
DONE_AS: Final = LuckyBagSpec.done_as
BENEFIT: Final = True
HANDS_OUT: Final = False
DISCOUNTS: Final = False
ARMED: Final = True
RECALLABLE: Final = True
KEYED: Final = True
SILENCE: Final = plain.SILENCE
GOES_ON: Final = True
"""Those who entered it were promised a draw."""
CLOSES: Final = False
NEEDS_SHELF: Final = False
BY_NAME: Final = False

HIGHEST_PRIZE_FEN: Final = 5_000_000
"""反不正当竞争法 第十一条 (in force 2025-10-15): no prize of a draw is worth more than 50,000 元."""

MOST_WINNERS: Final = 10_000
"""Of all the bags of a series together, as of one bag alone."""


def check(room: Room, spec: LuckyBagSpec, *, without: str | None = None) -> list[Refused]:
    """Return every reason against the spec itself, in the contract's order."""
    found: list[Refused] = []
    if not spec.prize.name.strip():
        found.append(Refused("bad_spec", {"detail": "prize.name"}))
    if spec.entry.keyword is not None and not draws.wanted(spec.entry):
        found.append(Refused("bad_spec", {"detail": "entry.keyword：口令里没有可比对的字"}))
    product_id = spec.prize.product_id
    if product_id is not None and product_id not in room.products:
        found.append(Refused("unknown_sku", {"sku_id": product_id, "product_id": product_id}))
    elif product_id is not None:
        free = series.prizes_free(room, product_id)
        if free < spec.winners * spec.bags:
            found.append(Refused("over_stock", {"sku_id": product_id, "available": free}))
    if spec.winners * spec.bags > MOST_WINNERS:
        found.append(Refused("bad_spec", {"detail": f"winners × series.count > {MOST_WINNERS}"}))
    if spec.prize.value_fen > HIGHEST_PRIZE_FEN:
        value = plain_yuan(spec.prize.value_fen)
        detail = f"奖品价值 {value} 元，抽奖最高奖不得超过 50000 元（反不正当竞争法第十一条）"
        found.append(Refused("over_limit", {"detail": detail, "limit_fen": HIGHEST_PRIZE_FEN}))
    return found


def fitted(room: Room, cue: Cue, now: datetime) -> Fitted | None:
    """Take as many winners as there are prizes left; of a series that has fewer than bags, as many bags."""
    spec = cue.spec
    assert isinstance(spec, LuckyBagSpec)
    product_id = spec.prize.product_id
    if product_id is None or product_id not in room.products:
        return None
    if spec.exclude:  # a ready edit would carry marks of persons out, and back as other people
        return None
    free = series.prizes_free(room, product_id)
    if not 0 < free < spec.winners * spec.bags:
        return None
    because = Refused("over_stock", {"sku_id": product_id, "available": free})
    sent = {**cue.spec_sent, "winners": max(1, free // spec.bags)}
    if free == 1:
        sent.pop("series", None)
    elif free < spec.bags:
        sent["series"] = {**sent["series"], "count": free}
    return Fitted(sent, free, because)


def cannot_start(room: Room, cue: Cue, spec: LuckyBagSpec, now: datetime) -> Refused | None:
    return fire.off_shelf(room, [spec.prize.product_id]) if spec.prize.product_id is not None else None


def goods(room: Room, spec: LuckyBagSpec) -> set[str]:
    return {spec.prize.product_id} if spec.prize.product_id is not None else set()


# On air, and off ------------------------------------------------------------------------------------


def due(cue: Cue) -> datetime | None:
    return draws.due(cue)


def time_up(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    return draws.tick(room, cue, ctx)


def follow(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    """Comments enter, a follow settles a prize that asked for one."""
    return draws.enter(room, facts, ctx) + prizes.followed(room, facts, ctx)


cannot_end, cannot_begin_late = ends.cannot_end, ends.cannot_begin_late
next_begun = series.next_begun
void_when_restored = ends.void_when_restored


# Money ----------------------------------------------------------------------------------------------


def exposure_fen(room: Room, spec: LuckyBagSpec) -> int:
    return spec.prize.value_fen * spec.winners * spec.bags


def gives(room: Room, cue: Cue, now: datetime) -> Given:
    """Prizes drawn are given; those who passed theirs on without an alternate after them cost nothing."""
    assert isinstance(cue.spec, LuckyBagSpec)
    whole = exposure_fen(room, cue.spec)
    names = [name for bag in cue.bags for name in (*bag.winners, *bag.platform_names)]
    gave = cue.spec.prize.value_fen * len(names)
    return Given(gave, 0, gave if cue.status == "ended" else max(whole, gave))


# The next broadcast --------------------------------------------------------------------------------


def waits(cue: Cue) -> bool:
    """Nobody has typed in the winners, or its draw could not be held."""
    bags = cue.bags
    drawn = bool(bags) and all(bag.receipt is not None or bool(bag.platform_names) for bag in bags)
    return not drawn and (cue.ended_because == "time_up" or cue.reason in VOIDED)


def lighter(cue: Cue) -> Cue:
    """Of the entrants only how many they were."""
    return replace(cue, bag=series.without_crowd(cue.bag)) if cue.bag is not None else cue


# The fold -------------------------------------------------------------------------------------------


def shape(cue: Cue) -> None:
    series.begin(cue)


def folded(room: Room, cue: Cue, event: Event) -> None:
    """The promise comes with its start."""
    if isinstance(event.data, CueOnAir) and cue.bag is not None:
        cue.bag.promise = promised = event.data.draw
        cue.bag.source = promised.rules["entry"].get("source", "") if promised is not None else ""
        series.opened(cue, event.at)


promises = promise.promise
makes_way, seconds, again = plain.makes_way, plain.seconds, plain.again
offers, outlasts, logged = plain.offers, plain.outlasts, plain.logged
per_buyer, cannot_buy = plain.per_buyer, plain.cannot_buy
valid_for, by_hand = plain.valid_for, plain.by_hand
rows = plain.rows
COMMANDS: Final[dict[str, Rule]] = {**draws.COMMANDS, **series.COMMANDS}
FOLDS: Final[dict[str, Fold]] = {**draws.FOLDS, **series.FOLDS}
