"""What promotions cost, in words and as a bar, the same in every place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.views.money import yuan, yuan_short
from ui.i18n import language, t
from ui.seat.room import RoomView
from ui.widgets import Cost, clean

Json = Mapping[str, Any]

_TITLE: Final = 12
"""Letters of a title that stands before a price, which is never pushed out."""


def ahead(kind: str, most_fen: int | None, room: RoomView) -> Cost | None:
    """One that has not run: the most that it can cost, on top of what this broadcast has given."""
    if not most_fen:
        return None
    most = yuan_short(most_fen)
    words = t("奖品最多值 {money}", money=most) if kind == "lucky_bag" else t("最多让利 {money}", money=most)
    given, held, all_most = _in_all(room)
    so_far = given + held
    tip = " · ".join(
        [
            words,
            t("本场已让利 {money}", money=yuan(given)),
            *([t("待付款里还有 {money}", money=yuan(held))] if held else []),
            t("都用完，加上这一条最多 {money}", money=yuan(all_most + most_fen)),
        ]
    )
    return Cost(so_far, most_fen, max(all_most, so_far) + most_fen, words, tip)


def running(cue: Json) -> Cost | None:
    """One that runs: what it gave, what unpaid orders would add, and the most it can come to."""
    told = cue.get("discount") or {}
    most = told.get("most_fen")
    if not most:
        return None
    given, held = told.get("given_fen"), told.get("held_fen") or 0
    if given is None:
        words = t("让利多少平台没有报 · 最多 {most}", most=yuan_short(most))
        return Cost(None, 0, most, words)
    money = {"money": yuan_short(given), "most": yuan_short(most)}
    bag = cue["kind"] == "lucky_bag"
    words = t("已送出 {money} / {most}", **money) if bag else t("已让利 {money} / {most}", **money)
    waits = t("待付款里还有 {money}", money=yuan(held)) if held else ""
    return Cost(given, held, most, words, " · ".join(part for part in (words, waits) if part))


def broadcast(room: RoomView) -> Cost | None:
    """What this broadcast has given so far; None where the state does not say."""
    if room.state.get("discount") is None:
        return None
    given, held, most = _in_all(room)
    words = t("本场已让利 {money}", money=yuan_short(given))
    waits = [t("待付款里还有 {money}", money=yuan(held))] if held else []
    tip = " · ".join([words, *waits, t("在跑的都用完最多 {money}", money=yuan(most))])
    return Cost(given, held, max(most, given + held), words, tip)


def combination(lowest: Json) -> str:
    """What together makes the lowest price."""
    english = language() == "en"
    return str((english and lowest.get("combination_en")) or lowest.get("combination") or "")


def of_which(cue_kind: str, spec: Json, sku_id: str, room: RoomView) -> str:
    """Whose price the lowest one is, where the promotion is about several goods: ``3 号`` or the title."""
    several = cue_kind == "coupon" or len(spec.get("skus") or ()) > 1
    if not several or not sku_id:
        return ""
    owner = room.product_of(sku_id)
    number = room.numbers.get(str(owner["product_id"])) if owner is not None else None
    return t("{n} 号", n=number) if number is not None else clean(room.title(sku_id), _TITLE)


def _in_all(room: RoomView) -> tuple[int, int, int]:
    told = room.state.get("discount") or {}
    given, held, most = (int(told.get(name) or 0) for name in ("given_fen", "held_fen", "most_fen"))
    return given, held, most
