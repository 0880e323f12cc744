"""优惠券 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.messages.specs import CouponSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import coupon as words
from ui.clean import clean
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import number, rule_words, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "coupon"
ICON: Final = "kind-coupon"
PRICES: Final = True
NAMED: Final = True
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("claimed", "used", "sharers", "brought")


def untold(cue: CueState) -> bool:
    return cue.measured is not None or cue.used is None


def goods(terms: CouponSpec, owner: Mapping[str, str]) -> list[str]:
    """None for a coupon of the whole shop."""
    return list(terms.scope.product_ids) if terms.scope is not None else []


def several(terms: CouponSpec) -> bool:
    return True


def title(terms: CouponSpec, room: Shop) -> str:
    return f"{said(TITLE)} {terms.name or rule_words(terms.rule)}"


def short(terms: CouponSpec, room: Shop) -> str:
    return clean(terms.name or rule_words(terms.rule), 60)


def detail(terms: CouponSpec) -> str:
    scope = terms.scope
    where = t("{n} 个商品", n=len(scope.product_ids)) if scope is not None else t("全场")
    rule = rule_words(terms.rule)
    parts = [where, t("{n} 张", n=terms.quantity), t("每人 {n} 张", n=terms.per_buyer)]
    if terms.share is not None:
        parts.append(t("分享 {n} 人才能领", n=terms.share.friends))
    parts.append(t("{time}内领", time=span(terms.seconds)))
    return " · ".join(([rule] if rule != terms.name else []) + parts)


def counts(cue: CueState, terms: CouponSpec) -> list[str]:
    claimed, used = cue.claimed, cue.used
    share = t("（{n}%）", n=used * 100 // claimed) if claimed and used is not None else ""
    shared = []
    if terms.share is not None:
        helped = cue.helped
        sharers = helped.people if helped is not None else cue.sharers
        shared.append(t("分享 {n} 人", n=number(sharers)))
        if helped is not None:
            shared.append(t("带来 {n} 人", n=number(helped.helpers)))
        elif cue.brought is not None:
            shared.append(t("带来新买家 {n}（手填）", n=number(cue.brought)))
    return [
        *shared,
        t("领 {n} / {of}", n=number(claimed), of=number(terms.quantity)),
        t("用 {n}", n=number(used)) + share,
    ]


outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
planned = short
names_typed, unit_prices, left, heed = plain.names_typed, plain.unit_prices, plain.left, plain.heed
feed_about, at_most, given, unpriced = plain.feed_about, plain.at_most, plain.given, plain.unpriced
unit_price, unit_left = plain.unit_price, plain.unit_left
