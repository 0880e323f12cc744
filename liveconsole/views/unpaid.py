"""催付: one sentence to read out to those who have not paid. Nobody's name is in it."""

from __future__ import annotations

from datetime import datetime

from liveconsole.domain.china import CHINA
from liveconsole.messages.order_pages import BothSaid

_GOODS = ("，拍得最多的是「{goods}」", ", most of them “{goods}”")
_WORDS = (
    "还有 {orders} 单没有付款{goods}，最早的一单 {at} 拍下，请尽快付款，过时会自动取消。",
    "{orders} not paid yet{goods}; the first was placed at {at}. Please pay soon, or it is cancelled.",
)


def urge(orders: int, oldest: datetime, goods: str) -> BothSaid | None:
    """Return it in both languages; None where everybody has paid. ``goods``: what most of them have, or
    ``""``."""
    if not orders:
        return None
    at = oldest.astimezone(CHINA).strftime("%H:%M")
    counted = (str(orders), "1 order is" if orders == 1 else f"{orders} orders are")
    zh, en = (
        words.format(orders=count, at=at, goods=some.format(goods=goods) if goods else "")
        for words, count, some in zip(_WORDS, counted, _GOODS, strict=True)
    )
    return BothSaid(zh, en)
