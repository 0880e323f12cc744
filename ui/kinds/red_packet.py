"""红包 at the desk."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.specs import RedPacketSpec
from liveconsole.messages.state import CueState
from liveconsole.views.kinds import red_packet as words
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.kinds import plain
from ui.kinds.kind import Shop
from ui.kinds.phrases import number, said, span

NAME, TITLE, FIRE, LISTED = words.NAME, words.TITLE, words.FIRE, words.LISTED
TONE: Final = "red_packet"
ICON: Final = "kind-red-packet"
PRICES: Final = False
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ("claimed", "left")


def untold(cue: CueState) -> bool:
    """Only who looks at the phone knows how many were taken."""
    return True


def title(terms: RedPacketSpec, room: Shop) -> str:
    return f"{said(TITLE)} {yuan_short(terms.total_fen)} × {terms.packets}"


planned = short = title


def detail(terms: RedPacketSpec) -> str:
    money = yuan_short(terms.total_fen)
    return " · ".join([t("一共 {money}", money=money), t("{n} 个", n=terms.packets), span(terms.seconds)])


def counts(cue: CueState, terms: RedPacketSpec) -> list[str]:
    return [t("领 {n} / {of}", n=number(cue.claimed), of=number(terms.packets))]


def outcome(cue: CueState) -> list[str]:
    if cue.on_air_at is None:
        return []
    return [t("领了 {n} 个", n=number(cue.claimed))]


def at_most(money: str) -> str:
    return t("最多发 {money}", money=money)


def given(money: str, most: str) -> str:
    return t("已发 {money} / {most}", money=money, most=most)


def unpriced() -> tuple[str, str]:
    return t("不改价"), t("红包不改任何商品的到手价")


names_typed, goods, several, unit_prices = plain.names_typed, plain.goods, plain.several, plain.unit_prices
left, heed, prize_of, claim_of = plain.left, plain.heed, plain.prize_of, plain.claim_of
feed_about, unit_price, unit_left = plain.feed_about, plain.unit_price, plain.unit_left
