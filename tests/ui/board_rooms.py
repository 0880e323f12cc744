"""A board as an engine of a busy evening would answer it: that of the sketch, with all that it may lack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import sin

from liveconsole.messages.boards import (
    BoardComparison,
    BoardPage,
    BoardProduct,
    BoardPromotion,
    BoardSegment,
    BoardTrend,
    BoardWhy,
    ComparedFigure,
    ContentShare,
    Entrance,
    EntranceBoard,
    Funnel,
    FunnelStep,
    ProductBoard,
    PurchaseRow,
    SegmentScore,
    SourceAge,
    Switchback,
    Tile,
)

OPENED = datetime(2026, 11, 29, 11, 4, tzinfo=UTC)
NOW = OPENED + timedelta(hours=1, minutes=12, seconds=36)
_Row = tuple[int, str, int, int | None, int, int, int, int, int, int]
_GOODS: tuple[_Row, ...] = (
    (3, "圆领毛衣", 381, 1284, 75, 2_961_500, 1_217_300, 275_400, 32_900, 128),
    (1, "羊毛大衣", 730, 936, 26, 3_328_000, 512_000, 640_000, 128_000, 59),
    (7, "羽绒马甲", 600, 742, 38, 984_200, 440_300, 492_100, 25_900, 88),
    (8, "打底裤", 660, 1102, 164, 803_600, 127_400, 215_600, 9_800, 598),
    (2, "印花方巾", 545, None, 60, 1_008_000, 0, 0, 16_800, 0),
)


def _ago(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


def _at(minute: float) -> datetime:
    return OPENED + timedelta(minutes=minute)


def board(*, simulated: bool = False) -> BoardPage:
    """All three levels."""
    return BoardPage(
        at=NOW,
        simulated=simulated,
        number=3,
        title="秋冬羊绒专场",
        opened_at=OPENED,
        closed_at=None,
        levels={"basic": _basic(), "advanced": _advanced(), "decision": _decision()},
        sources=[
            SourceAge("orders", _ago(2)),
            SourceAge("audience", _ago(8)),
            SourceAge("clicks", _ago(100), late=True),
        ],
        trend=trend(),
        funnel=_funnel(),
        following=Funnel(
            [
                FunnelStep("watched", "people", 18_420),
                FunnelStep("followed", "people", 611, 0.0332, 0.031),
                FunnelStep("grouped", "people", None, why=BoardWhy("no_source")),
                FunnelStep("repeated", "people", 84, rate_why=BoardWhy("before_missing")),
            ]
        ),
        entrances=EntranceBoard(
            [
                Entrance("live", 486, 8_420_000, 0.655, 0.612),
                Entrance("window", 92, 1_590_000, 0.124, 0.14),
                Entrance("miniprogram", 71, 1_230_000, 0.096, 0.115),
                Entrance("video", 58, 1_010_000, 0.078, 0.081),
                Entrance("share", 35, 614_000, 0.047, 0.052),
            ],
            742,
            "orders",
            _ago(2),
        ),
        products=ProductBoard([_product(row, place) for place, row in enumerate(_GOODS)], 9, _ago(100)),
        comparison=_comparison(),
        scores=[
            SegmentScore("p3", "圆领毛衣", _at(66), 6.4, 62, 55, 71, 9, 214, 66, 122, 3410),
            SegmentScore("p7", "羽绒马甲", _at(56), 10.0, 48, None, 44, 5, 180, None, 101, 3400,
                         BoardWhy("too_few", {"n": 2, "of": 10})),
        ],
        mix=[
            ContentShare("explain", 21.5, 3),
            ContentShare("proof", 38.0, 5),
            ContentShare("benefit", 13.1, 2),
        ],
        switchbacks=[
            Switchback("整点福袋", "gmv_fen", "fen_per_minute", 6, 6, 6, 241_000.0, 186_000.0, 55_000.0,
                       12_000.0, 98_000.0, "more"),
            Switchback("背景音乐", "gmv_fen", "fen_per_minute", 2, 1, 6,
                       why=BoardWhy("too_few", {"n": 3, "of": 12}), plan_id="s1", minutes=5,
                       started_at=_at(57), blocks=[True, False, False, True], now=3),
        ],
        purchases=[
            PurchaseRow("s1", "p3", "圆领毛衣 驼色 L", 118.5, 1.2, 22, 31, 40, 93, 7),
            PurchaseRow("s2", "p8", "打底裤 黑 均码", 164.0, 1.0, 30, 598, 0, 0, 5),
            PurchaseRow("s3", "p1", "羊毛大衣 灰 M", 12.0, 1.0, None, 59, 0, None, None,
                        BoardWhy("not_typed")),
        ],
        purchases_of=3,
    )  # fmt: skip


def _basic() -> list[Tile]:
    return [
        Tile("gmv_fen", "fen", 12_864_000, "orders", _ago(2), last=2_431_000, before=1_786_000, change=0.36),
        Tile("orders_paid", "orders", 742, "orders", _ago(2), last=131, before=104, change=0.26),
        Tile("aov_fen", "fen", 17_337, "derived", last=18_557, before=17_173, change=0.08),
        Tile("online", "people", 3482, "audience", _ago(8), last=3410, before=3217, change=0.06),
        Tile("refund_fen", "fen", 231_000, "aftersales", _ago(40), last=38_800, before=64_700, change=-0.4,
             bad_when="rises", beside=9),
        Tile("exposure_to_paid", "share", None, "typed", why=BoardWhy("no_exposure"), typed="exposure"),
        Tile("orders_placed", "orders", 829, "orders", _ago(2), last=150, before=117, change=0.28),
        Tile("buyers", "people", 688, "orders", _ago(2)),
        Tile("units", "units", 1204, "orders", _ago(2), last=203, before=170, change=0.19),
        Tile("viewers", "people", 18_420, "audience", _ago(8)),
        Tile("exposure", "count", None, "typed", why=BoardWhy("no_exposure"), typed="exposure"),
        Tile("clicks", "people", 6318, "clicks", _ago(100), last=640, before=702, change=-0.09),
        Tile("conversion", "share", 0.0373, "derived"),
        Tile("online_peak", "people", 3520, "audience", _ago(460)),
        Tile("plays", "count", None, "audience", why=BoardWhy("no_source")),
    ]  # fmt: skip


def _advanced() -> list[Tile]:
    return [
        Tile("stay_seconds", "seconds", 154, "audience", _ago(8)),
        Tile("return_rate", "share", 0.211, "derived"),
        Tile("units_per_order", "times", 1.62, "derived", last=1.55, before=1.63, change=-0.05),
        Tile("entry_rate", "share", None, "typed", why=BoardWhy("no_exposure"), typed="exposure"),
        Tile("information", "score", 62, "derived"),
        Tile("emotion", "score", 55, "derived"),
        Tile("interaction", "score", 71, "derived"),
        Tile("new_buyers", "people", 302, "orders", _ago(2)),
    ]


def _decision() -> list[Tile]:
    return [
        Tile("ltv_fen", "fen", 41_260, "derived"),
        Tile("cpa_fen", "fen", None, "typed", why=BoardWhy("not_typed"), typed="cost_fen"),
        Tile("repurchase_rate", "share", 0.284, "derived"),
        Tile("turnover_days", "days", 23.4, "stock", _ago(300)),
        Tile("returned_rate", "share", 0.061, "shipments", _ago(4000), bad_when="rises"),
        Tile("out_of_stock_rate", "share", 0.034, "stock", _ago(300)),
        Tile("unsold_rate", "share", 0.12, "stock", _ago(300)),
        Tile("shipped_in_time_rate", "share", 0.984, "shipments", _ago(4000)),
        Tile("good_review_rate", "share", 0.947, "reviews", _ago(90_000), reference=0.7),
        Tile("solved_rate", "share", 0.91, "aftersales", _ago(40)),
        Tile("recovery_rate", "share", None, "aftersales", why=BoardWhy("none_due"), reference=0.8),
        Tile("coupon_threshold_fen", "fen", 11_200, "derived"),
    ]


def trend(minutes: int = 72) -> BoardTrend:
    """Six promotions; the last runs."""
    bars = [int(140_000 + 30_000 * sin(n / 3) + (120_000 if n > 66 else 60_000 if 33 < n < 43 else 0))
            for n in range(minutes)]  # fmt: skip
    online = [2300 + int(1100 * min(1.0, n / 14)) + int(70 * sin(n / 9)) for n in range(minutes)]
    pins = ((0, 12, 1, "大衣"), (12, 21, 2, "方巾"), (21, 36, 5, "保暖内衣"), (36, 45, 6, "贝雷帽"),
            (45, 56, 8, "打底裤"), (56, 66, 7, "羽绒马甲"), (66, None, 3, "毛衣"))  # fmt: skip
    fired = (
        ("flash_sale", "方巾", 14, 19), ("lucky_bag", "", 24, 29), ("flash_sale", "打底裤", 33, 43),
        ("coupon", "满 159 减 15", 47, 57), ("lucky_bag", "", 58, 63), ("flash_sale", "毛衣", 66, None),
    )  # fmt: skip
    return BoardTrend(
        start=OPENED,
        minutes=1,
        gmv_fen=bars,
        online=list(online),
        segments=[
            BoardSegment(f"p{number}", number, title, _at(a), None if b is None else _at(b))
            for a, b, number, title in pins
        ],
        promotions=[
            BoardPromotion(
                f"c{n}", kind, title, _at(a), None if b is None else _at(b), 812_000, 1_204_000,
                None if b is None else 903_000, 2.4,
            )
            for n, (kind, title, a, b) in enumerate(fired)
        ],
        last_from=minutes - 10,
        before_from=minutes - 20,
        last_fen=2_431_000,
        before_fen=1_786_000,
    )  # fmt: skip


def _funnel() -> Funnel:
    return Funnel(
        [
            FunnelStep("exposure", "people", None, why=BoardWhy("platform_silent")),
            FunnelStep("entered", "people", 18_420, rate_why=BoardWhy("before_missing")),
            FunnelStep("clicked", "people", 6318, 0.343, 0.331),
            FunnelStep("placed", "orders", 829, 0.131, 0.148),
            FunnelStep("paid", "orders", 742, 0.895, 0.88),
        ],
        "placed",
        -0.017,
    )


def _product(row: _Row, place: int) -> BoardProduct:
    number, title, spoken, clicks, paid, gmv, last, before, refund, left = row
    return BoardProduct(
        f"p{number}", number, title, None, place == 0, spoken, clicks, paid, paid + 3,
        paid / clicks if clicks else None, gmv, last, before, refund, left,
        "out" if left == 0 else "", None if clicks else BoardWhy("no_clicks"),
    )  # fmt: skip


def _comparison() -> BoardComparison:
    return BoardComparison(
        72,
        OPENED,
        [
            ComparedFigure("gmv_fen", "fen", 12_864_000, 11_190_200, 9_648_000, 0.15),
            ComparedFigure("orders_paid", "orders", 742, 681, 610, 0.09),
            ComparedFigure("aov_fen", "fen", 17_337, 16_432, 15_816, 0.05),
            ComparedFigure("online_peak", "people", 3520, 3668, 3090, -0.04),
            ComparedFigure("given_fen", "fen", 423_000, None, 371_000, bad_when="rises",
                           last_why=BoardWhy("no_coupons_told")),
        ],
        2,
        OPENED - timedelta(days=2),
        6,
    )  # fmt: skip
