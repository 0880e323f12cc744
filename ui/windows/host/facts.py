"""What the host's screen says of a state, as plain values: look-ups, no rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from liveconsole.messages.state import CueState, MeasuredState, ProductState
from liveconsole.messages.statuses import RUNNING
from liveconsole.views.keys import counted
from liveconsole.views.rundown import pace
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.kinds.phrases import between, clock_of, label
from ui.panels.queue.rows import began, recallable
from ui.seat.room import RoomView
from ui.widgets.when import wall_clock
from ui.words import cues as cue_words
from ui.words.goods import left_of, points_of, reading_of

COVERS: Final = 3
"""Seconds before a start that lie over her window in a room without a recall window."""
Air = Literal["live", "rehearsal", "off", "over"]


@dataclass(frozen=True, slots=True)
class OnStage:
    """The product that is being explained. ``left`` None: no source says; ``sale``: a 秒杀 runs on it."""

    number: int | None
    title: str
    price_fen: int
    dearer: bool
    """Other SKUs cost more: 起."""
    before_fen: int | None
    """Struck out beside the price; the engine proves it."""
    lowest_7d_fen: int | None
    """七日最低价, beside what is struck out."""
    final_fen: int | None
    """The lowest that a buyer can come to, where that is not the price."""
    sale: bool
    left: int | None
    whole: int
    per_buyer: int | None
    """The least that a buyer may take of a sale that runs on it."""
    points: str
    """What she may say of it: first what is missing for a coupon."""
    doubt: str
    """What viewers may see instead; ``""`` when wish and platform agree."""
    sold_out: bool = False
    """Nobody can have it: no price is said."""
    reading: MeasuredState | None = None
    """What ``left`` was read off with, where no source reports it."""
    image: str | None = None
    """The hash of its picture."""


@dataclass(frozen=True, slots=True)
class NextProduct:
    """下一品."""

    number: int | None
    title: str
    price_fen: int | None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class RunningPromotion:
    """A promotion that runs, with what is left of it and until when."""

    cue_id: str
    kind: str
    name: str
    starts: datetime | None
    ends: datetime | None
    says: str
    tone: str
    waits: str = ""
    """What its clock runs to, where that is not its end."""


@dataclass(frozen=True, slots=True)
class RecallCountdown:
    """What goes out in a moment. ``more``: how many others count down behind it."""

    cue_id: str
    kind: str
    title: str
    detail: str
    starts: datetime
    fires: datetime
    covers: datetime
    """From when on it lies over her window: a long countdown leaves her words alone until then."""
    more: int


@dataclass(frozen=True, slots=True)
class BroadcastTimes:
    """``spent``: seconds on this product; ``over``: longer than planned. ``ahead``: None without a plan."""

    spent: float | None
    over: bool
    ahead: float | None
    on_air: float | None


def air(room: RoomView) -> Air:
    """On air, rehearsing, not yet, over."""
    if room.simulated:
        return "rehearsal"
    if room.is_open:
        return "live"
    return "over" if room.broadcast.status == "closed" else "off"


def on_stage(room: RoomView) -> OnStage | None:
    """The pinned product, None when there is none. What is left of a sale of several goods is its own."""
    pinned = room.pinned
    product = room.products.get(pinned.wanted or pinned.confirmed or "")
    if product is None:
        return None
    sales = [sale for sale in room.sales_on(product.product_id) if sale.status == "on_air"]
    price, dearer, before, lowest_7d = _price(product, sales)
    left, whole = left_of(sales, product) if sales else (product.available, product.stock)
    own = {sku.sku_id for sku in product.skus}
    lowest = [s.lowest.fen for s in sales if s.lowest is not None and s.lowest.sku_id in own]
    limits = [getattr(sale.terms, "per_buyer", None) for sale in sales]
    return OnStage(
        number=room.numbers.get(product.product_id),
        title=product.title,
        price_fen=price,
        dearer=dearer,
        before_fen=before,
        lowest_7d_fen=lowest_7d if before is not None else None,
        final_fen=min(lowest) if lowest and min(lowest) != price else None,
        sale=bool(sales),
        left=left,
        whole=whole,
        per_buyer=min((limit for limit in limits if limit is not None), default=None),
        points=" · ".join([*_missing(room), *points_of(product)]),
        doubt=_doubt(room),
        sold_out=product.sold_out,
        reading=reading_of(sales[0]) if sales and left is not None else None,
        image=product.image,
    )


def _missing(room: RoomView) -> list[str]:
    """凑单: what is said of it for the coupons that run, one line each."""
    return [said for cue in room.cues.values() if (said := cue_words.missing(cue))]


def _price(product: ProductState, sales: list[CueState]) -> tuple[int, bool, int | None, int | None]:
    """The lowest price of its SKUs, whether others cost more, what is struck beside it, and 七日最低价."""
    own = {sku.sku_id for sku in product.skus}
    flash = [line for sale in sales for line in sale.skus if line.sku_id in own]
    if flash:
        shown = min(flash, key=lambda line: line.price_fen)
        dearer = len({line.price_fen for line in flash}) > 1
        return shown.price_fen, dearer, shown.struck_fen, shown.lowest_7d_fen
    prices = {sku.price_fen for sku in product.skus} or {product.price_fen}
    return min(product.price_fen, *prices), len(prices) > 1, product.struck_fen, product.lowest_7d_fen


def _doubt(room: RoomView) -> str:
    pinned = room.pinned
    if pinned.wanted == pinned.confirmed:
        return ""
    if pinned.confirmed is None:
        return t("等平台开始讲解")
    if pinned.wanted is None:
        return t("等平台结束讲解 {label}", label=label(pinned.confirmed, room))
    return t("观众看到的还是 {label}", label=label(pinned.confirmed, room))


def coming(room: RoomView) -> NextProduct | None:
    """What 下一品 goes to, as the engine says it."""
    if room.rundown.segments:
        segment = next((s for s in room.rundown.segments if s.segment_id == room.rundown.next), None)
        if segment is None:
            return None
        if segment.product_id is None:
            return NextProduct(None, segment.title, None)
    goes_to = room.cart.next
    product = room.products.get(goes_to.product_id) if goes_to is not None else None
    if goes_to is None or product is None:
        return None
    return NextProduct(goes_to.number, product.title, product.price_fen, product.image)


def running(room: RoomView) -> list[RunningPromotion]:
    """What runs or is about to, pins aside, in the order of the state."""
    found = []
    for cue in room.cues.values():
        if cue.status == "recallable" and counted(cue) is not None and kind_of(cue.kind).LISTED:
            since, says = began(cue, room), t("要开始了")
            found.append(
                RunningPromotion(cue.cue_id, cue.kind, _named(cue), since, cue.fires_at, says, "warn")
            )
        if not kind_of(cue.kind).LISTED or not (cue.status in RUNNING or cue.owed is not None):
            continue
        begun, ends = clock_of(cue)
        says, tone = _says(cue)
        found.append(
            RunningPromotion(cue.cue_id, cue.kind, _named(cue), begun, ends, says, tone, _waits(cue))
        )
    return found


def _waits(cue: CueState) -> str:
    series = cue.series
    return t("第 {n} 个福袋还有", n=series.bag + 1) if series is not None and between(cue) else ""


def _named(cue: CueState) -> str:
    """Whom it is kept for; its mark says what it is. Else what it is."""
    return cue_words.kept_for(cue, short=True).removesuffix(" only") or name_of(cue.kind)


def _says(cue: CueState) -> tuple[str, str]:
    """What is left of it; first, what is unsettled."""
    if cue.owed is not None and cue.owed.step == "ended":
        return t("等结束"), "warn"
    if cue.status == "unknown":
        return t("没回话"), "live"
    if cue.status == "firing":
        return t("等平台"), "warn"
    return kind_of(cue.kind).left(cue)


def next_round(room: RoomView) -> str:
    """What comes again on a beat next, where it is approved: what it is, which time, and when."""
    waits = [c for c in room.cues.values() if c.status == "standby" and c.repeat and c.fires_at is not None]
    cue = min(waits, key=lambda one: one.fires_at or one.at, default=None)
    if cue is None or cue.fires_at is None:
        return ""
    return f"{wall_clock(cue.fires_at)} {name_of(cue.kind)} {cue_words.round_of(cue)}"


def recall(room: RoomView) -> RecallCountdown | None:
    """The one that Esc takes back: the last one that was pressed."""
    found = recallable(room)
    cue = found[0] if found else None
    if cue is None or cue.fires_at is None:
        return None
    return RecallCountdown(
        cue_id=cue.cue_id,
        kind=cue.kind,
        title=cue_words.title(cue, room),
        detail=cue_words.detail(cue),
        starts=began(cue, room),
        fires=cue.fires_at,
        covers=cue.fires_at - timedelta(seconds=room.settings.recall_seconds or COVERS),
        more=len(found) - 1,
    )


def times(room: RoomView, now: datetime) -> BroadcastTimes:
    """The clocks at ``now``; the plan's are read by the same rule as everywhere (`views.rundown.pace`)."""
    opened = room.broadcast.opened_at
    on_air = (now - opened).total_seconds() if opened is not None and room.is_open else None
    if room.rundown.segments and room.rundown.current:
        clock = pace(room.rundown, now)
        ahead = float(clock.ahead_seconds) if clock.ahead_seconds is not None else None
        return BroadcastTimes(float(clock.in_segment_seconds), clock.left_seconds < 0, ahead, on_air)
    pin = next((c for c in room.cues.values() if c.kind == "pin" and c.status == "on_air"), None)
    since = pin.on_air_at if pin is not None else None
    return BroadcastTimes((now - since).total_seconds() if since is not None else None, False, None, on_air)
