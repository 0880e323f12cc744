"""福袋 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import LuckyBagSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import lucky_bag as words
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import ClaimTerms, Shop
from ui.kinds.phrases import number, said, span

NAME, TITLE, LISTED = words.NAME, words.TITLE, words.LISTED
FIRE: Final = ("发福袋", "Start bag")
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
    return (
        f"{said(TITLE)} {t('口令“{word}”', word=keyword)}" if keyword else f"{said(TITLE)} {terms.prize.name}"
    )


def short(terms: LuckyBagSpec, room: Shop) -> str:
    return f"{said(TITLE)}「{clean(terms.entry.keyword or terms.prize.name, 40)}」"


def detail(terms: LuckyBagSpec) -> str:
    prize = terms.prize
    parts = [f"{prize.name} × {terms.winners} ({yuan_short(prize.value_fen)})", span(terms.seconds)]
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
    people = t("{n} 人中奖", n=len(cue.winners)) if cue.winners else t("抽 {n} 人", n=number(terms.winners))
    prize = clean(terms.prize.name, 24)
    return [t("{n} 人参与", n=number(cue.entrants)), people, t("奖品 {prize}", prize=prize), *proof(cue)]


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
        and len(cue.winners) != terms.winners
    ):
        planned, drew = number(terms.winners), number(len(cue.winners))
        found.append(t("计划 {planned} 名，平台 {drew} 名", planned=planned, drew=drew))
    if cue.draw is not None and cue.draw.receipt_code:
        found.append(t("收据 {code}", code=cue.draw.receipt_code))
    return found


def left(cue: CueState) -> tuple[str, str]:
    """Who takes part, instead."""
    return t("{n} 人", n=number(cue.entrants)), "fg0"


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


several, unit_prices, heed, feed_about = plain.several, plain.unit_prices, plain.heed, plain.feed_about
unit_price, unit_left = plain.unit_price, plain.unit_left
