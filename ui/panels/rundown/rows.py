"""What the 排品表 shows of a state, as plain values: its lines and its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from liveconsole.messages.state import AnchorState, SegmentState
from liveconsole.views.money import yuan_short
from liveconsole.views.rundown import BENEFITS_WANTED, Benefits, Pace
from ui.i18n import language, t
from ui.kinds import kind_of, name_of
from ui.seat.room import RoomView
from ui.widgets.when import clock, wall_clock
from ui.words.next import segment_title

TAGS: Final = {"explain": ("讲解", "Talk"), "proof": ("证言", "Proof"), "benefit": ("福利", "Benefit")}
"""What a segment's minutes are for. Not of the desk's table of texts: 讲解 is the pin there."""


class SegmentLine(Struct, frozen=True):
    """One line; times are not in it, so that it stays equal while only the clock moves."""

    segment_id: str
    number: int | None
    product_id: str | None
    title: str
    price_fen: int | None
    flash_fen: int | None
    """The lowest price of its own 秒杀."""
    left: int | None
    on_shelf: bool
    kinds: tuple[str, ...]
    minutes: float
    spent: int
    done: bool
    current: bool
    next: bool
    begun: datetime | None
    problems: int
    """Promotions of it that the rules would not take now."""
    image: str | None = None
    anchored: str = ""
    """When it must begin, as the clock on the wall shows it."""
    slips: bool = False
    """As the clock runs it will begin later."""
    skip: bool = False
    unread: bool = False
    """Its script has not passed its review."""

    @property
    def key(self) -> str:
        """The segment."""
        return self.segment_id

    def said(self) -> str:
        """The line for who listens."""
        parts = [t("{numbers} 号", numbers=self.number)] if self.number is not None else []
        parts += [self.title, *(name_of(kind) for kind in self.kinds)]
        if self.price_fen is not None:
            parts.append(self.price_words())
        parts.append(t("计划 {time}", time=clock(self.minutes * 60)))
        if self.anchored:
            parts.append(t("定点 {at}", at=self.anchored))
        parts += [word for word, _ in self.marks()]
        return " ".join(parts)

    def price_words(self, *, short: bool = False) -> str:
        """``¥199 → ¥99``, or the price alone; ``short`` says what a flash sale comes to and nothing else."""
        if self.price_fen is None:
            return ""
        price = yuan_short(self.price_fen)
        if self.flash_fen is None:
            return price
        return f"→ {yuan_short(self.flash_fen)}" if short else f"{price} → {yuan_short(self.flash_fen)}"

    def stock_words(self) -> tuple[str, str]:
        """What is left where that is worth a word, and its tone."""
        if self.left is None or self.product_id is None:
            return "", "fg2"
        if self.left == 0:
            return t("售罄"), "live"
        return (t("余 {n}", n=f"{self.left:,}"), "warn") if self.left < 20 else ("", "fg2")

    def marks(self) -> list[tuple[str, str]]:
        """Words and tones of where it stands."""
        if self.current and not self.done:
            return [(t("讲解中") if self.product_id is not None else t("进行中"), "accent")]
        if not self.on_shelf:
            return [(t("已下架"), "fg1")]
        if self.skip and not self.done:
            return [(t("今晚跳过"), "fg1")]
        if self.unread and not self.done:
            return [(t("没审完"), "warn")]
        if self.next:
            return [(t("下一品"), "fg1")]
        return [(t("讲过"), "fg1")] if self.done else []

    def times(self, pace: Pace | None) -> tuple[str, str]:
        """What stands at the right, and its tone: the time spent, ``6:21 / 8:00``, or the planned time."""
        planned = clock(self.minutes * 60)
        if self.current and not self.done and pace is not None:
            over = pace.left_seconds < 0
            return f"{clock(pace.in_segment_seconds)} / {planned}", "warn" if over else "fg0"
        return (clock(self.spent), "fg2") if self.done else (planned, "fg1")

    def starts(self, pace: Pace | None) -> str:
        """When it begins if all goes on as planned, as the clock on the wall shows it."""
        at = pace.starts.get(self.segment_id) if pace is not None else None
        return wall_clock(at) if at is not None else ""


def tag_name(tag: str) -> str:
    """What a segment's minutes are for, in a word."""
    return TAGS[tag][language() == "en"]


def segment_rows(room: RoomView) -> list[SegmentLine]:
    """The rundown as it stands, in its order."""
    rundown = room.rundown
    anchors = {each.segment_id: each for each in rundown.anchors}
    return [
        _row(segment, room, anchors.get(segment.segment_id), is_next=segment.segment_id == rundown.next)
        for segment in rundown.segments
    ]


def _row(segment: SegmentState, room: RoomView, anchor: AnchorState | None, *, is_next: bool) -> SegmentLine:
    at = anchor.at if anchor is not None else segment.anchor_at
    product_id = segment.product_id
    product = room.products.get(product_id) if product_id else None
    planned = [(kind_of(cue.kind), cue.terms) for cue in segment.cues]
    prices = [fen for kind, terms in planned if terms is not None for fen in kind.unit_prices(terms)]
    return SegmentLine(
        segment_id=segment.segment_id,
        number=segment.number,
        product_id=product_id,
        title=segment_title(segment, room),
        price_fen=product.price_fen if product is not None else None,
        flash_fen=min(prices, default=None),
        left=product.available if product is not None else None,
        on_shelf=segment.on_shelf is not False,
        kinds=tuple(dict.fromkeys(cue.kind for cue in segment.cues if kind_of(cue.kind).LISTED)),
        minutes=segment.minutes,
        spent=segment.spent_seconds,
        done=segment.done,
        current=segment.current,
        next=is_next,
        begun=segment.started_at,
        problems=len(segment.problems),
        unread=f"segment:{segment.segment_id}" in room.unread,
        image=product.image if product is not None else None,
        anchored=wall_clock(at) if at is not None else "",
        slips=anchor is not None and anchor.standing in ("slipping", "missed"),
        skip=segment.skip,
    )


def pace_words(pace: Pace) -> tuple[str, str]:
    """``落后 2:40`` or ``提前 0:30``, and its tone; under ten seconds it is as planned."""
    ahead = pace.ahead_seconds
    if ahead is None:
        return "", "fg1"
    if abs(ahead) < 10:
        return t("按计划"), "ok"
    if ahead < 0:
        return t("落后 {time}", time=clock(-ahead)), "warn"
    return t("提前 {time}", time=clock(ahead)), "ok"


def benefit_words(hour: Benefits) -> tuple[str, str]:
    """``本小时福利 2 / 3–5，还差 1`` and its tone; nothing before the broadcast."""
    if hour.since is None:
        return "", "fg2"
    fired, (low, high) = hour.fired, BENEFITS_WANTED
    words = t("本小时福利 {n} / {low}–{high}", n=fired, low=low, high=high)
    if fired < low:
        return t("{words}，还差 {n}", words=words, n=low - fired), "fg1"
    return (t("{words}，够多了", words=words), "warn") if fired > high else (words, "ok")
