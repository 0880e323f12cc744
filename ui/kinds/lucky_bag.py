"""福袋 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import LuckyBagSpec
from liveconsole.messages.state import CueState, SeriesState
from liveconsole.views.kinds import lucky_bag as words
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import ClaimTerms, Shop
from ui.kinds.phrases import between, number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "bag"
ICON: Final = "kind-bag"
PRICES: Final = False
NAMED: Final = True
STOP_TELLS_WHY: Final = True
MEASURED: Final = ("entrants",)


def untold(cue: CueState) -> bool:
    """Who enters a draw of the console's own is counted here."""
    return names_typed(cue.terms) and (cue.measured is not None or cue.entrants is None)


def names_typed(terms: object) -> bool:
    return isinstance(terms, LuckyBagSpec) and terms.draw == "platform"


def goods(terms: LuckyBagSpec, owner: Mapping[str, str]) -> list[str]:
    return [terms.prize.product_id] if terms.prize.product_id else []


def title(terms: LuckyBagSpec, room: Shop) -> str:
    keyword = terms.entry.keyword
    name = _name(terms)
    return f"{name} {t('口令“{word}”', word=keyword)}" if keyword else f"{name} {terms.prize.name}"


def _name(terms: LuckyBagSpec) -> str:
    return t("福袋雨 × {n}", n=terms.bags) if terms.series is not None else said(TITLE)


def short(terms: LuckyBagSpec, room: Shop) -> str:
    return f"{_name(terms)}「{clean(terms.entry.keyword or terms.prize.name, 40)}」"


def detail(terms: LuckyBagSpec) -> str:
    prize = terms.prize
    parts = [f"{prize.name} × {terms.winners} ({yuan_short(prize.value_fen)})", span(terms.seconds)]
    if (series := terms.series) is not None:
        gap = t("间隔 {gap}", gap=span(series.gap_seconds)) if series.gap_seconds else t("不间隔")
        parts += [
            t("连发 {n} 个", n=series.count),
            gap,
            t("中过的不再中") if series.once else t("中过的可以再中"),
        ]
    if terms.claim.followed:
        parts.append(t("关注后领"))
    if back := stood_back(terms.entry.stand_back or "none"):
        parts.append(back)
    parts.append(t("平台开奖") if terms.draw == "platform" else t("本机开奖"))
    return " · ".join(parts)


def stood_back(how: str) -> str:
    """Who does not take part, of earlier winners; empty where all may."""
    if how.startswith("days:"):
        return t("{n} 天内中过奖的不参加", n=how.removeprefix("days:"))
    return t("本场中过奖的不参加") if how == "broadcast" else ""


def counts(cue: CueState, terms: LuckyBagSpec) -> list[str]:
    people = (
        t("{n} 人中奖", n=len(cue.winners))
        if cue.winners
        else t("抽 {n} 人", n=number(terms.winners * terms.bags))
    )
    prize = clean(terms.prize.name, 24)
    far = [progress(cue.series)] if cue.series is not None else []
    if between(cue):
        return [*far, people, t("奖品 {prize}", prize=prize)]
    return [
        *far,
        t("{n} 人参与", n=number(cue.entrants)),
        people,
        t("奖品 {prize}", prize=prize),
        *proof(cue),
    ]


def progress(series: SeriesState) -> str:
    """How far a series of bags is."""
    if any(bag.status in ("open", "closed") for bag in series.bags[-1:]):
        return t("第 {n}/{of} 个", n=series.bag, of=series.count)
    if series.more:
        return t("开过 {n}/{of} 个，等下一个", n=series.bag, of=series.count)
    return t("开过 {n}/{of} 个", n=series.bag, of=series.count)


def proof(cue: CueState) -> list[str]:
    """What viewers see of the draw on the picture, and what it waits for."""
    draw = cue.draw
    if draw is None:
        return []
    if draw.root and draw.round is not None:
        return [t("已截止，等公开随机第 {n} 轮", n=draw.round)]
    return [t("承诺 {code}", code=draw.promise_code)] if draw.promise_code else []


def outcome(cue: CueState) -> list[str]:
    """A platform's draw of more or fewer than were planned; the code of a receipt."""
    terms = cue.terms
    found = []
    if (
        isinstance(terms, LuckyBagSpec)
        and terms.draw == "platform"
        and cue.ended_because == "platform"
        and len(cue.winners) != terms.winners * terms.bags
    ):
        planned, drew = number(terms.winners * terms.bags), number(len(cue.winners))
        found.append(t("计划 {planned} 名，平台 {drew} 名", planned=planned, drew=drew))
    if (series := cue.series) is not None:
        found.append(progress(series))
        if series.receipt_code:
            found.append(t("整场收据 {code}", code=series.receipt_code))
    elif cue.draw is not None and cue.draw.receipt_code:
        found.append(t("收据 {code}", code=cue.draw.receipt_code))
    return found


def left(cue: CueState) -> tuple[str, str]:
    """Who takes part, instead."""
    if (series := cue.series) is None:
        return t("{n} 人", n=number(cue.entrants)), "fg0"
    if between(cue):
        return t("等第 {n}/{of} 个", n=series.bag + 1, of=series.count), "fg1"
    people = t("{n} 人", n=number(cue.entrants))
    return t("第 {n}/{of} 个 · {people}", n=series.bag, of=series.count, people=people), "fg0"


def heed(cue: CueState) -> str:
    """Where the platform draws a person starts each bag of a series on the phone."""
    series = cue.series
    if series is None or cue.status != "on_air" or cue.owed is None:
        return ""
    return t("手机上发起第 {n}/{of} 个", n=series.bag + 1, of=series.count)


def at_most(money: str) -> str:
    return t("奖品最多值 {money}", money=money)


def given(money: str, most: str) -> str:
    return t("已送出 {money} / {most}", money=money, most=most)


def unpriced() -> tuple[str, str]:
    return t("不改价"), t("福袋不改任何商品的到手价")


planned = short


def prize_of(terms: LuckyBagSpec) -> str:
    return terms.prize.name


def claim_of(terms: object) -> ClaimTerms | None:
    if not isinstance(terms, LuckyBagSpec):
        return None
    prize = terms.prize
    at_platform = terms.draw == "platform"
    return ClaimTerms(prize.product_id or "", prize.value_fen, terms.claim.seconds, at_platform)


several, unit_prices, feed_about = plain.several, plain.unit_prices, plain.feed_about
unit_price, unit_left = plain.unit_price, plain.unit_left
