"""The lowest reachable price in words, as the composer and the one-line composer say it."""

from __future__ import annotations

from msgspec import Struct

from liveconsole.messages.specs import Spec
from liveconsole.messages.verdicts import RefusalSaid, Verdict
from liveconsole.views.money import yuan, yuan_short
from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.words.costs import combination, of_which


class Reached(Struct, frozen=True):
    """The same in parts: whose and what it is, the price, how it comes about, the floor under it."""

    caption: str
    money: str = ""
    sum: str = ""
    floor: str = ""
    under: bool = False


def reached(kind: str, terms: Spec | None, said: Verdict, room: RoomView) -> Reached:
    """The lowest price of a judgement. A bag changes no price, and says so."""
    _, unpriced = kind_of(kind).unpriced()
    if unpriced:
        return Reached(unpriced)
    lowest = said.lowest
    if lowest is None:
        return Reached("")
    floor = lowest.floor_fen
    whose = of_which(kind, terms, lowest.sku_id, room)
    caption = t("按已知优惠最低到手")
    under = t("底价 {money}", money=yuan_short(floor)) if floor is not None else t("没有底价")
    below = floor is not None and lowest.fen < floor
    named = " · ".join(filter(None, (whose, caption)))
    return Reached(named, yuan_short(lowest.fen), combination(lowest), under, below)


def brief(refused: RefusalSaid, said: Verdict) -> str:
    """By how much it is under the floor, where price, sum and floor stand above it already; else empty."""
    lowest, params = said.lowest, refused.params
    if refused.code != "below_price_floor" or lowest is None or lowest.floor_fen is None:
        return ""
    if (params.get("final_fen"), params.get("floor_fen")) != (lowest.fen, lowest.floor_fen):
        return ""
    return t("到手低于底价 {money}", money=yuan_short(lowest.floor_fen - lowest.fen))


def lowest_words(kind: str, terms: Spec | None, said: Verdict, room: RoomView) -> tuple[str, str]:
    """``按已知优惠最低到手 ¥31.00 · 底价 ¥42.00`` of a judgement, and its tone.

    Below the floor it is red and names what together brings it there. A bag changes no price, and says so.
    """
    _, unpriced = kind_of(kind).unpriced()
    if unpriced:
        return unpriced, "fg1"
    lowest = said.lowest
    if lowest is None:
        return "", "fg1"
    floor = lowest.floor_fen
    parts = [t("按已知优惠最低到手 {money}", money=yuan(lowest.fen))]
    parts.append(t("底价 {money}", money=yuan(floor)) if floor is not None else t("没有底价"))
    under, together = floor is not None and lowest.fen < floor, combination(lowest)
    if under and together:
        parts.append(t("是这些叠在一起：{parts}", parts=together))
    whose = of_which(kind, terms, lowest.sku_id, room)
    words = " · ".join([whose, *parts] if whose else parts)
    return words, "live" if under else "ok" if floor is not None else "fg1"
