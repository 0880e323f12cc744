"""What the host's screen says of a state, as plain values: lookups over the door's body, no rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from liveconsole.views.rundown import pace
from ui import theme
from ui.i18n import t
from ui.panels.queue.rows import recallable
from ui.seat.room import RoomView
from ui.widgets.when import parse
from ui.words import cues as cue_words
from ui.words.goods import RUNNING, Goods, sale_skus

Json = Mapping[str, Any]
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
    final_fen: int | None
    """The lowest that a buyer can come to, where that is not the price."""
    sale: bool
    left: int | None
    whole: int
    per_buyer: int | None
    points: str
    doubt: str
    """What viewers may see instead; ``""`` when wish and platform agree."""


@dataclass(frozen=True, slots=True)
class Coming:
    """下一品."""

    number: int | None
    title: str
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class Running:
    """A promotion that runs, with what is left of it and until when."""

    cue_id: str
    kind: str
    name: str
    starts: datetime | None
    ends: datetime | None
    says: str
    tone: str


@dataclass(frozen=True, slots=True)
class Recall:
    """What goes out in a moment. ``more``: how many others count down behind it."""

    cue_id: str
    kind: str
    title: str
    detail: str
    starts: datetime
    fires: datetime
    more: int


@dataclass(frozen=True, slots=True)
class Times:
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
    return "over" if (room.state.get("broadcast") or {}).get("status") == "closed" else "off"


def on_stage(state: Json, goods: Goods) -> OnStage | None:
    """The pinned product, None when there is none."""
    pinned = state["pinned"]
    wanted, confirmed = pinned.get("wanted"), pinned.get("confirmed")
    product_id = wanted or confirmed
    product = goods.products.get(product_id) if product_id else None
    if product is None or product_id is None:
        return None
    sales = [s for s in goods.cues_on(product_id, "flash_sale", RUNNING) if s["status"] == "on_air"]
    own = {sku["sku_id"] for sku in product["skus"]}
    lines = [line for sale in sales for line in sale_skus(sale["spec"]) if line["sku_id"] in own]
    price, before = product["price_fen"], product.get("list_price_fen")
    prices = {sku["price_fen"] for sku in product["skus"]} or {price}
    if lines:
        prices = {line["price_fen"] for line in lines}
        price, before = min(prices), product["price_fen"]
    lefts = [sale.get("left") for sale in sales]
    lowest = [sale["lowest_fen"] for sale in sales if sale.get("lowest_fen") is not None]
    points = product.get("points") or ""
    return OnStage(
        number=goods.numbers.get(product_id),
        title=str(product["title"]),
        price_fen=min(price, *prices),
        dearer=len(prices) > 1,
        before_fen=before if before and before > price else None,
        final_fen=min(lowest) if lowest and min(lowest) != price else None,
        sale=bool(lines),
        left=(
            product.get("available") if not lines else None if None in lefts else sum(n for n in lefts if n)
        ),
        whole=sum(line["quantity"] for line in lines) if lines else product["stock"],
        per_buyer=lines[0].get("per_buyer") if lines else None,
        points=points if isinstance(points, str) else " · ".join(map(str, points)),
        doubt=_doubt(wanted, confirmed, goods),
    )


def _doubt(wanted: str | None, confirmed: str | None, goods: Goods) -> str:
    if wanted == confirmed:
        return ""
    if confirmed is None:
        return t("等平台开始讲解")
    if wanted is None:
        return t("等平台结束讲解 {label}", label=goods.label(confirmed))
    return t("观众看到的还是 {label}", label=goods.label(confirmed))


def coming(state: Json, goods: Goods) -> Coming | None:
    """What 下一品 goes to: the rundown's next segment, without a rundown the next of the cart."""
    rundown = state.get("rundown") or {}
    product_id: str | None
    if segments := rundown.get("segments"):
        segment = next((s for s in segments if s["segment_id"] == rundown.get("next")), None)
        if segment is None:
            return None
        product_id = segment.get("product_id")
        if product_id is None:
            return Coming(None, str(segment.get("title") or ""), None)
    else:
        product_id = goods.next_after(state["pinned"].get("wanted"))
    product = goods.products.get(product_id or "")
    if product is None or product_id is None:
        return None
    price = product["price_fen"]
    return Coming(goods.numbers.get(product_id), str(product["title"]), price)


def running(state: Json) -> list[Running]:
    """What runs or is about to, pins aside, in the order of the state."""
    found = []
    for cue in state["cues"]:
        if cue["kind"] == "pin" or not (cue["status"] in RUNNING or cue.get("owed")):
            continue
        ends = parse(cue.get("ends_at")) if cue["status"] == "on_air" else None
        seconds = cue["spec"].get("seconds")
        begun = parse(cue.get("on_air_at")) or (
            ends - timedelta(seconds=seconds) if ends is not None and seconds else None
        )
        says, tone = _says(cue)
        name = t(theme.kind_of(cue["kind"]).name)
        found.append(Running(cue["cue_id"], cue["kind"], name, begun, ends, says, tone))
    return found


def _says(cue: Json) -> tuple[str, str]:
    """What is left of it; first, what is unsettled."""
    if (cue.get("owed") or {}).get("step") == "ended":
        return t("等结束"), "warn"
    if cue["status"] == "unknown":
        return t("没回话"), "live"
    if cue["status"] == "firing":
        return t("等平台"), "warn"
    if cue["kind"] == "lucky_bag":
        entrants = cue.get("entrants")
        return t("{n} 人", n="—" if entrants is None else f"{entrants:,}"), "fg0"
    left = cue.get("left")
    if left == 0:
        return t("没了"), "live"
    return t("剩 {n}", n="—" if left is None else f"{left:,}"), "fg0"


def recall(room: RoomView) -> Recall | None:
    """The one that Esc takes back: the last one that was pressed."""
    found = recallable(room)
    fires = parse(found[0].get("fires_at")) if found else None
    if fires is None:
        return None
    cue = found[0]
    return Recall(
        cue_id=cue["cue_id"],
        kind=cue["kind"],
        title=cue_words.title(cue, room),
        detail=cue_words.detail(cue, room),
        starts=fires - timedelta(seconds=float(room.settings.get("recall_seconds") or 3)),
        fires=fires,
        more=len(found) - 1,
    )


def times(state: Json, now: datetime) -> Times:
    """The clocks at ``now``; the plan's are read by the same rule as everywhere (`views.rundown.pace`)."""
    opened = parse((state.get("broadcast") or {}).get("opened_at"))
    is_open = (state.get("broadcast") or {}).get("status") == "open"
    on_air = (now - opened).total_seconds() if opened is not None and is_open else None
    rundown = state.get("rundown") or {}
    if rundown.get("segments") and rundown.get("current"):
        clock = pace(rundown, now)
        ahead = float(clock.ahead_seconds) if clock.ahead_seconds is not None else None
        return Times(float(clock.in_segment_seconds), clock.left_seconds < 0, ahead, on_air)
    pin = next((c for c in state["cues"] if c["kind"] == "pin" and c["status"] == "on_air"), None)
    since = parse(pin.get("on_air_at")) if pin is not None else None
    return Times((now - since).total_seconds() if since is not None else None, False, None, on_air)
