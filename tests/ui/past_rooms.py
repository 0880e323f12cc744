"""A page of past broadcasts as an engine of a busy shop would answer it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from liveconsole.messages.broadcasts import (
    BroadcastCard,
    BroadcastSummary,
    FigureDoubt,
    PastBroadcast,
    PastBroadcasts,
    SoldProduct,
)

FIRST = datetime(2026, 11, 27, 11, 2, tzinfo=UTC)
_TITLES = (
    "秋冬羊绒专场",
    "立冬保暖夜",
    "帽子围巾小场",
    "双十一返场",
    "十一月开仓",
    "霜降上新",
    "国庆后第一场",
)
_GOODS = ("羊绒大衣", "羊毛围巾", "皮手套", "贝雷帽", "保暖内衣", "灯芯绒裤", "短靴", "羽绒马甲")


def past(count: int = 7, *, reading: int = 0, simulated: bool = False) -> PastBroadcasts:
    """The newest first; of the newest the given-away is in doubt, the fourth knows no audience, the last
    ``reading`` are not read yet."""
    rows = [
        _row(count - place, place, unread=place >= count - reading, simulated=simulated)
        for place in range(count)
    ]
    return PastBroadcasts(rows, count, reading)


def _row(number: int, place: int, *, unread: bool, simulated: bool) -> PastBroadcast:
    opened = FIRST - timedelta(days=7 * place)
    gmv = 16_820_400 - place * 1_411_700 if place < 10 else 2_000_000 + number
    summary = BroadcastSummary(
        number=number,
        title=_TITLES[place % len(_TITLES)],
        opened_at=opened,
        closed_at=opened + timedelta(hours=2, minutes=31 - place % 30),
        simulated=simulated,
        orders_known=True,
        comments=900,
        placed=1100,
        paid=986 - place,
        closed=2,
        refunded=9,
        unpaid=31,
        units=1204,
        gift_units=0,
        gmv_fen=gmv,
        refund_fen=391_800,
        refund_owed_fen=0,
        unmatched=0,
    )
    return PastBroadcast(summary, None if unread else _card(place, opened))


def _card(place: int, opened: datetime) -> BroadcastCard:
    doubts = []
    if place == 0:
        doubts.append(FigureDoubt("given_fen", "coupons_untold"))
    if place == 3:
        doubts += [FigureDoubt("online_peak", "no_audience_told"), FigureDoubt("paid", "platform_sold_more")]
    goods = [_GOODS[(place + step) % len(_GOODS)] for step in range(5)]
    return BroadcastCard(
        best=[SoldProduct(f"p{n}", title, 40 - n) for n, title in enumerate(goods[:4])],
        goods=goods,
        turnover=[(7 * step * (place + 3)) % 31 * 1000 + 9000 for step in range(32)],
        online_peak=None if place == 3 else 3668 - 100 * place,
        online_peak_at=None if place == 3 else opened + timedelta(minutes=66),
        given_fen=512_000 - place,
        segments=21 - place % 20,
        doubts=doubts,
    )
