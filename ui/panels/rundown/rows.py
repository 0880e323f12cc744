"""What the 排品表 shows of a state, as plain values: its lines, its clock, what 下一品 did."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.rundown import CueTemplate
from liveconsole.messages.specs import FlashSaleSpec
from liveconsole.messages.state import SegmentState, StepState
from liveconsole.messages.statuses import RUNNING
from liveconsole.views.money import yuan_short
from liveconsole.views.rundown import BENEFITS_WANTED, Benefits, Pace
from ui import theme
from ui.i18n import language, t
from ui.seat.room import RoomView, terms_of
from ui.widgets.plain import clean
from ui.widgets.when import clock
from ui.words.answers import refusal
from ui.words.goods import cue_title, label, terms_title

TAGS: Final = {"explain": ("讲解", "Talk"), "proof": ("证言", "Proof"), "benefit": ("福利", "Benefit")}
"""What a segment's minutes are for. Not of the desk's table of texts: 讲解 is the pin there."""


class SegmentRow(Struct, frozen=True):
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

    @property
    def key(self) -> str:
        """The segment."""
        return self.segment_id

    def said(self) -> str:
        """The line for who listens."""
        parts = [t("{numbers} 号", numbers=self.number)] if self.number is not None else []
        parts += [self.title, *(t(theme.kind_of(kind).name) for kind in self.kinds)]
        if self.price_fen is not None:
            parts.append(self.price_words())
        parts.append(t("计划 {time}", time=clock(self.minutes * 60)))
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
        return at.astimezone().strftime("%H:%M") if at is not None else ""


def tag_name(tag: str) -> str:
    """What a segment's minutes are for, in a word."""
    return TAGS[tag][language() == "en"]


def segment_rows(room: RoomView) -> list[SegmentRow]:
    """The rundown as it stands, in its order."""
    rundown = room.rundown
    return [_row(segment, room, is_next=segment.segment_id == rundown.next) for segment in rundown.segments]


def _row(segment: SegmentState, room: RoomView, *, is_next: bool) -> SegmentRow:
    product_id = segment.product_id
    product = room.products.get(product_id) if product_id else None
    sales = [
        terms for cue in segment.cues if isinstance(terms := terms_of(cue.kind, cue.spec), FlashSaleSpec)
    ]
    title = segment.title or (room.title(product_id) if product_id else t("没有标题"))
    return SegmentRow(
        segment_id=segment.segment_id,
        number=segment.number,
        product_id=product_id,
        title=clean(title, 200),
        price_fen=product.price_fen if product is not None else None,
        flash_fen=min((sku.price_fen for sale in sales for sku in sale.skus), default=None),
        left=product.available if product is not None else None,
        on_shelf=segment.on_shelf is not False,
        kinds=tuple(dict.fromkeys(cue.kind for cue in segment.cues if cue.kind != "pin")),
        minutes=segment.minutes,
        spent=segment.spent_seconds,
        done=segment.done,
        current=segment.current,
        next=is_next,
        begun=segment.started_at,
        problems=len(segment.problems),
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


# 下一品 ---------------------------------------------------------------------------------------------------


class Plan(Struct, frozen=True):
    """What 下一品 would do: where to, in words, and why it cannot."""

    title: str = ""
    steps: tuple[str, ...] = ()
    blocked: str = ""
    segment_id: str | None = None
    """None without a rundown."""
    product_id: str | None = None
    """None for a segment without one."""

    @property
    def expect(self) -> dict[str, Any] | str | None:
        """What ``go.next`` is held against: a segment, or without a rundown a product."""
        if self.segment_id is None:
            return self.product_id
        return {"segment_id": self.segment_id, "product_id": self.product_id}


def plan(room: RoomView) -> Plan:
    """What 下一品 would do: the state says where it goes, and the engine judges what the seat showed."""
    rundown, wanted = room.rundown, room.pinned.wanted
    if not room.is_open:
        return Plan(blocked=t("还没开播"))
    ends = (t("结束 {label} 讲解", label=label(wanted, room)),) if wanted else ()
    if not rundown.segments:
        return _plan_of_cart(room, ends)
    coming = next((s for s in rundown.segments if s.segment_id == rundown.next), None)
    if coming is None:
        return Plan(blocked=t("排品表后面没有可讲的了"))
    row = _row(coming, room, is_next=True)
    steps: list[str] = []
    if coming.product_id != wanted or wanted is None:
        steps += ends
    if row.product_id is not None:
        steps.append(t("讲解 {label}", label=label(row.product_id, room)))
    else:
        steps.append(t("转到「{title}」", title=row.title))
    bad = {problem.cue for problem in coming.problems}
    for place, cue in enumerate(coming.cues):
        if cue.kind != "pin":
            said = template_words(cue, room)
            steps.append(t("{cue} 不能上", cue=said) if place in bad else t("{cue} 待上", cue=said))
    steps += _waiting(room, row.product_id, besides=coming.segment_id)
    return Plan(row.title, tuple(steps), "", row.segment_id, row.product_id)


def _plan_of_cart(room: RoomView, ends: tuple[str, ...]) -> Plan:
    coming = room.cart.next
    if coming is None:
        return Plan(blocked=t("购物车里后面没有在架的商品"))
    product_id = coming.product_id
    steps = [*ends, t("讲解 {label}", label=label(product_id, room)), *_waiting(room, product_id)]
    return Plan(clean(room.title(product_id), 200), tuple(steps), "", None, product_id)


def _waiting(room: RoomView, product_id: str | None, besides: str | None = None) -> list[str]:
    """Cues that wait for this product already, but those that were made of the segment's own templates."""
    if product_id is None:
        return []
    return [
        t("{cue} 待上", cue=cue_title(cue, room))
        for kind in ("flash_sale", "coupon", "lucky_bag")
        for cue in room.cues_on(product_id, kind, frozenset({"queued", "approved"}))
        if besides is None or cue.segment_id != besides
    ]


def template_words(template: CueTemplate, room: RoomView) -> str:
    """A segment's promotion in few words: ``秒杀 ¥59×18``."""
    terms = terms_of(template.kind, template.spec)
    if isinstance(terms, FlashSaleSpec):
        units = sum(sku.quantity for sku in terms.skus)
        return f"{t(theme.kind_of(template.kind).name)} {yuan_short(terms.skus[0].price_fen)}×{units}"
    return terms_title(template.kind, terms, room)


class StepWords(Struct, frozen=True):
    """One step of 下一品 as it really went."""

    text: str
    tone: str
    icon: str
    why: str = ""
    short: str = ""
    """Its word in the one chip of all that simply went well; ``""`` where it has a chip of its own."""


def steps_done(room: RoomView) -> list[StepWords]:
    """What 下一品 did when it came to the current segment, with what has become of each step since."""
    current = next((s for s in room.rundown.segments if s.current), None)
    return [_step(step) for step in current.steps] if current is not None else []


def _step(step: StepState) -> StepWords:
    name, status = step.step, step.status
    kind = t(theme.kind_of(step.kind).name)
    if name == "prompter":
        return StepWords(t("提词到这段"), "ok", "check", short=t("提词"))
    if name == "unpin":
        ended = StepWords(t("结束上一品"), "ok", "check", short=t("结束"))
        return ended if status == "ended" else _owed(t("结束上一品"))
    if name == "pin":
        if status == "on_air":
            return StepWords(t("讲解"), "ok", "check", short=t("讲解"))
        if status in RUNNING:
            return _owed(t("讲解"))
        return StepWords(t("讲解"), "fg1", "stop") if status == "ended" else _not(t("讲解"), step)
    if not step.ok:
        return _not(kind, step)
    word, tone, icon = {
        "queued": (t("等审核"), "warn", "clock"),
        "approved": (t("待上"), "accent", "clock"),
        "standby": (t("定时"), "accent", "clock"),
        "recallable": (t("可撤回"), "warn", "clock"),
        "on_air": (t("进行中"), "ok", "check"),
        "ended": (t("结束"), "fg1", "stop"),
    }.get(status or "", (t("等平台"), "warn", "clock") if status in RUNNING else ("", "warn", "warn"))
    return StepWords(f"{kind} {word}".strip(), tone, icon, step.reason)


def _owed(what: str) -> StepWords:
    return StepWords(t("{what}：等平台", what=what), "warn", "clock")


def _not(what: str, step: StepState) -> StepWords:
    code = step.code or step.reason
    why = refusal(code, step.params, step.text) if code else ""
    return StepWords(t("{what} 没上", what=what), "live", "warn", why)
