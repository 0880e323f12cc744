"""What the 排品表 shows of a state, as plain values: its lines, its clock, what 下一品 did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.views.money import yuan_short
from liveconsole.views.rundown import Pace
from ui import theme
from ui.i18n import language, t
from ui.widgets.plain import clean
from ui.widgets.when import clock, parse
from ui.words.answers import refusal
from ui.words.goods import RUNNING, Goods, cue_title, sale_skus

Json = Mapping[str, Any]

EMPTY: Final[Json] = {"segments": (), "current": None, "next": None}
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


def body_of(state: Json) -> Json:
    """The rundown of a state; an empty one where the engine knows none."""
    return state.get("rundown") or EMPTY


def segment_rows(state: Json, goods: Goods) -> list[SegmentRow]:
    """The rundown as it stands, in its order."""
    rundown = body_of(state)
    coming = rundown.get("next")
    return [_row(segment, goods, is_next=segment["segment_id"] == coming) for segment in rundown["segments"]]


def _row(segment: Json, goods: Goods, *, is_next: bool) -> SegmentRow:
    product_id = segment.get("product_id")
    product = goods.products.get(product_id) if product_id else None
    cues: Sequence[Json] = segment.get("cues") or ()
    prices = [
        int(sku["price_fen"])
        for cue in cues
        if cue["kind"] == "flash_sale"
        for sku in sale_skus(cue["spec"])
        if isinstance(sku.get("price_fen"), int)
    ]
    title = segment.get("title") or (goods.title(product_id) if product_id else t("没有标题"))
    return SegmentRow(
        segment_id=segment["segment_id"],
        number=segment.get("number"),
        product_id=product_id,
        title=clean(str(title), 200),
        price_fen=product["price_fen"] if product is not None else None,
        flash_fen=min(prices, default=None),
        left=product.get("available") if product is not None else None,
        on_shelf=segment.get("on_shelf") is not False,
        kinds=tuple(dict.fromkeys(str(cue["kind"]) for cue in cues if cue["kind"] != "pin")),
        minutes=float(segment.get("minutes") or 0),
        spent=int(segment.get("spent_seconds") or 0),
        done=bool(segment.get("done")),
        current=bool(segment.get("current")),
        next=is_next,
        begun=parse(segment.get("started_at")),
        problems=len(segment.get("problems") or ()),
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


def benefit_words(hour: Json) -> tuple[str, str]:
    """``本小时福利 2 / 3–5，还差 1`` and its tone; nothing before the broadcast."""
    if not hour.get("since"):
        return "", "fg2"
    fired, low, high = int(hour["fired"]), int(hour["low"]), int(hour["high"])
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
    expect: Any = None
    """What ``go.next`` is held against: a segment, or without a rundown a product."""


def plan(state: Json, goods: Goods) -> Plan:
    """下一品 as the desk sees it; the engine judges what the seat showed."""
    rundown = body_of(state)
    wanted = (state.get("pinned") or {}).get("wanted")
    if state["broadcast"]["status"] != "open":
        return Plan(blocked=t("还没开播"))
    ends = (t("结束 {label} 讲解", label=goods.label(wanted)),) if wanted else ()
    if not rundown["segments"]:
        return _plan_of_cart(goods, wanted, ends)
    coming = next((s for s in rundown["segments"] if s["segment_id"] == rundown.get("next")), None)
    if coming is None:
        return Plan(blocked=t("排品表后面没有可讲的了"))
    row = _row(coming, goods, is_next=True)
    steps: list[str] = []
    if coming.get("product_id") != wanted or wanted is None:
        steps += ends
    if row.product_id is not None:
        steps.append(t("讲解 {label}", label=goods.label(row.product_id)))
    else:
        steps.append(t("转到「{title}」", title=row.title))
    bad = {int(problem["cue"]) for problem in coming.get("problems") or ()}
    for place, cue in enumerate(coming.get("cues") or ()):
        if cue["kind"] != "pin":
            said = template_words(cue, goods)
            steps.append(t("{cue} 不能上", cue=said) if place in bad else t("{cue} 待上", cue=said))
    steps += _waiting(goods, row.product_id, among=coming)
    return Plan(row.title, tuple(steps), "", {"segment_id": row.segment_id, "product_id": row.product_id})


def _plan_of_cart(goods: Goods, wanted: str | None, ends: tuple[str, ...]) -> Plan:
    coming = goods.next_after(wanted)
    if coming is None:
        return Plan(blocked=t("购物车里后面没有在架的商品"))
    steps = [*ends, t("讲解 {label}", label=goods.label(coming)), *_waiting(goods, coming)]
    return Plan(goods.title(coming), tuple(steps), "", coming)


def _waiting(goods: Goods, product_id: str | None, among: Json | None = None) -> list[str]:
    """Cues that wait for this product already, but those that were made of the segment's own templates."""
    if product_id is None:
        return []
    own = among["segment_id"] if among is not None else None
    return [
        t("{cue} 待上", cue=cue_title(cue, goods))
        for kind in ("flash_sale", "coupon", "lucky_bag")
        for cue in goods.cues_on(product_id, kind, frozenset({"queued", "approved"}))
        if own is None or cue.get("segment_id") != own
    ]


def template_words(cue: Json, goods: Goods) -> str:
    """A segment's promotion in few words: ``秒杀 ¥59×18``."""
    if cue["kind"] == "flash_sale":
        lines = sale_skus(cue["spec"])
        if lines:
            price, units = lines[0].get("price_fen"), sum(int(s.get("quantity") or 0) for s in lines)
            money = yuan_short(price) if isinstance(price, int) else "—"
            return f"{t(theme.kind_of('flash_sale').name)} {money}×{units}"
    return cue_title(cue, goods)


class StepWords(Struct, frozen=True):
    """One step of 下一品 as it really went."""

    text: str
    tone: str
    icon: str
    why: str = ""
    short: str = ""
    """Its word in the one chip of all that simply went well; ``""`` where it has a chip of its own."""


def steps_done(state: Json) -> list[StepWords]:
    """What 下一品 did when it came to the current segment, with what has become of each step since."""
    rundown = body_of(state)
    current = next((s for s in rundown["segments"] if s.get("current")), None)
    return [_step(step) for step in (current or {}).get("steps") or ()]


def _step(step: Json) -> StepWords:
    name, status = str(step.get("step")), step.get("status")
    kind = t(theme.kind_of(step.get("kind")).name)
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
    if not step.get("ok"):
        return _not(kind, step)
    word, tone, icon = {
        "queued": (t("等审核"), "warn", "clock"),
        "approved": (t("待上"), "accent", "clock"),
        "standby": (t("定时"), "accent", "clock"),
        "recallable": (t("可撤回"), "warn", "clock"),
        "on_air": (t("进行中"), "ok", "check"),
        "ended": (t("结束"), "fg1", "stop"),
    }.get(str(status), (t("等平台"), "warn", "clock") if status in RUNNING else ("", "warn", "warn"))
    return StepWords(f"{kind} {word}".strip(), tone, icon, str(step.get("reason") or ""))


def _owed(what: str) -> StepWords:
    return StepWords(t("{what}：等平台", what=what), "warn", "clock")


def _not(what: str, step: Json) -> StepWords:
    code = str(step.get("code") or step.get("reason") or "")
    why = refusal(code, step.get("params") or {}, str(step.get("text") or "")) if code else ""
    return StepWords(t("{what} 没上", what=what), "live", "warn", why)
