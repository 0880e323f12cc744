"""What promotions cost, in words and as a bar, the same in every place."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.specs import Spec
from liveconsole.messages.state import CueState, LowestState
from liveconsole.views.money import yuan, yuan_short
from ui.clean import clean
from ui.i18n import language, t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.widgets import Cost

_TITLE: Final = 12
"""Letters of a title that stands before a price, which is never pushed out."""


def ahead(kind: str, most_fen: int | None, room: RoomView) -> Cost | None:
    """One that has not run: the most that it can cost, on top of what this broadcast has given."""
    if not most_fen:
        return None
    most = yuan_short(most_fen)
    words = kind_of(kind).at_most(most)
    given, held, all_most = _in_all(room)
    so_far = t("本场已让利 {money}", money=yuan(given)) if given is not None else t("本场让利平台没有报")
    tip = " · ".join(
        [
            words,
            so_far,
            *([t("待付款里还有 {money}", money=yuan(held))] if held else []),
            t("都用完，加上这一条最多 {money}", money=yuan(all_most + most_fen)),
        ]
    )
    spent = given + held if given is not None else None
    return Cost(spent, most_fen, max(all_most, spent or 0) + most_fen, words, tip)


def running(cue: CueState) -> Cost | None:
    """One that runs: what it gave, what unpaid orders would add, and the most it can come to."""
    told = cue.discount
    if told is None or not told.most_fen:
        return None
    most, given, held = told.most_fen, told.given_fen, told.held_fen or 0
    if given is None:
        words = t("让利多少平台没有报 · 最多 {most}", most=yuan_short(most))
        return Cost(None, 0, most, words)
    words = kind_of(cue.kind).given(yuan_short(given), yuan_short(most))
    waits = t("待付款里还有 {money}", money=yuan(held)) if held else ""
    return Cost(given, held, most, words, " · ".join(part for part in (words, waits) if part))


def broadcast(room: RoomView) -> Cost:
    """What this broadcast has given so far; where nobody reports orders, only the most that it can be."""
    given, held, most = _in_all(room)
    at_most = t("在跑的都用完最多 {money}", money=yuan(most))
    if given is None:
        words = t("本场让利平台没有报")
        return Cost(None, 0, most, words, f"{words} · {at_most}")
    words = t("本场已让利 {money}", money=yuan_short(given))
    if stands := against(room):
        words = f"{words} · {stands}"
    waits = [t("待付款里还有 {money}", money=yuan(held))] if held else []
    return Cost(given, held, max(most, given + held), words, " · ".join([words, *waits, at_most]))


def against(room: RoomView) -> str:
    """How the budget of this broadcast stands; empty without one."""
    stands = room.discount.budget
    if stands is None or stands.limit_fen is None:
        return ""
    limit = yuan_short(stands.limit_fen)
    if stands.percent is None:
        return t("预算 {limit}", limit=limit)
    return t("预算 {limit} 的 {n}%", limit=limit, n=stands.percent)


def beyond(over_fen: int | None) -> str:
    """By how much a promotion would break the budget, with all that runs used up; empty where it does not."""
    return t("会超出本场预算 {money}", money=yuan_short(over_fen)) if over_fen else ""


def beyond_of(cue_id: str, room: RoomView) -> str:
    """The same of one that waits."""
    stands = room.discount.budget
    return beyond(stands.beyond.get(cue_id)) if stands is not None else ""


def with_ready(cost: Cost, ready_fen: int) -> Cost:
    """What was given, and what the ready ones may still add, of all that it can come to then."""
    spent = cost.solid or 0
    whole = max(cost.whole, spent + cost.hatched) + ready_fen
    return Cost(cost.solid, whole - spent, whole, cost.words, cost.tip)


def combination(lowest: LowestState | None) -> str:
    """What together makes the lowest price."""
    if lowest is None:
        return ""
    return (lowest.combination_en if language() == "en" else "") or lowest.combination


def of_which(kind: str, terms: Spec | None, sku_id: str, room: RoomView) -> str:
    """Whose price the lowest one is, where the promotion is about several goods: ``3 号`` or the title."""
    if not sku_id or terms is None or not kind_of(kind).several(terms):
        return ""
    owner = room.product_of(sku_id)
    number = room.numbers.get(owner.product_id) if owner is not None else None
    return t("{n} 号", n=number) if number is not None else clean(room.title(sku_id), _TITLE)


def _in_all(room: RoomView) -> tuple[int | None, int, int]:
    told = room.discount
    return told.given_fen, told.held_fen or 0, told.most_fen or 0
