"""What the boards call their figures, and how a number of each unit is written."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liveconsole.messages.boards import WHY, BoardWhy, Number
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import language, t
from ui.widgets.when import age, clock
from ui.words.sources import source_name

NAMES: Final = {
    "gmv_fen": "成交额", "orders_paid": "支付订单", "aov_fen": "客单价", "online": "在线人数",
    "refund_fen": "退款", "exposure_to_paid": "曝光 → 支付", "orders_placed": "下单数", "buyers": "买家",
    "units": "售出件数", "viewers": "观看人数", "exposure": "曝光", "clicks": "点商品",
    "conversion": "转化率", "online_peak": "最高在线", "plays": "播放次数", "stay_seconds": "平均停留",
    "return_rate": "回访率",
    "units_per_order": "连带率", "entry_rate": "进房率", "click_rate": "商品点击率", "order_rate": "下单率",
    "information": "信息分", "emotion": "情绪分", "interaction": "互动分", "new_buyers": "首单买家",
    "followers": "新关注", "group_joined": "进群", "ltv_fen": "人均累计支付", "cpa_fen": "获客成本",
    "repurchase_rate": "复购率", "turnover_days": "周转天数", "returned_rate": "退货率",
    "out_of_stock_rate": "缺货率", "unsold_rate": "滞销率", "shipped_in_time_rate": "发货及时率",
    "good_review_rate": "好评率", "solved_rate": "解决率", "recovery_rate": "补偿挽回率",
    "coupon_threshold_fen": "满减门槛", "orders_refunded": "退过款的订单",
    "clip_share": "短视频引流", "clip_roi": "短视频投产比", "clip_viewers": "短视频带来的人",
    "clip_cost_fen": "短视频花费", "clip_gmv_fen": "短视频成交额", "cost_fen": "投放花费",
    "lead_days": "到货天数", "ordered": "在途", "season_percent": "季节系数 %", "returning": "回访的人",
    "orders_closed": "关闭的订单", "orders_unpaid": "待付款的订单", "given_fen": "已让利",
}  # fmt: skip
STEPS: Final = {
    "exposure": "曝光", "entered": "进房", "clicked": "点商品", "placed": "下单", "paid": "支付",
    "watched": "看过", "followed": "关注", "grouped": "进群", "repeated": "再买",
}  # fmt: skip
SCENES: Final = {
    "live": "直播间", "window": "橱窗", "video": "短视频", "miniprogram": "小程序", "share": "分享",
    "article": "公众号", "other": "其他", "": "没说从哪来",
}  # fmt: skip
SOURCES: Final = {
    "orders": "订单", "shop": "小店接口", "audience": "人数", "clicks": "点击", "aftersales": "售后",
    "reviews": "评价", "shipments": "物流", "stock": "库存", "typed": "手填", "derived": "算出来的",
    "comments": "评论",
}  # fmt: skip
CONTENTS: Final = {
    "explain": ("讲解", "Talk"), "proof": ("证言", "Proof"), "benefit": ("福利", "Benefit"),
    "knowledge": ("干货", "Knowledge"), "story": ("剧情", "Story"), "promotion": ("促销", "Promotion"),
}  # fmt: skip
"""Not of the desk's table of texts: 讲解 is the pin there."""
_COUNTED: Final = {
    "orders": "{n} 单",
    "people": "{n} 人",
    "units": "{n} 件",
    "days": "{n} 天",
    "count": "{n} 次",
}


def name_words(name: str) -> str:
    """What a figure is called; one that this desk does not know yet keeps its own name."""
    return t(NAMES[name]) if name in NAMES else clean(name, 60)


def step_words(name: str) -> str:
    """A step of a funnel."""
    return t(STEPS[name]) if name in STEPS else clean(name, 60)


def scene_words(scene: str) -> str:
    """Where an order came from."""
    return t(SCENES[scene]) if scene in SCENES else clean(scene, 60)


def source_words(source: str) -> str:
    """Where a figure is from."""
    return t(SOURCES[source]) if source in SOURCES else source_name(source)


def content_words(kind: str) -> str:
    """A kind of content in the mix of minutes."""
    return CONTENTS[kind][language() == "en"] if kind in CONTENTS else clean(kind, 40)


def why_words(why: BoardWhy | None) -> str:
    """Why there is no number; ``""``: nothing is said."""
    if why is None:
        return ""
    found = WHY.get(why.code)
    if found is None:
        return clean(why.code, 80)
    text = found[1] if language() == "en" else found[0]
    try:
        return clean(text.format_map(why.params), 200)
    except (KeyError, ValueError, IndexError):  # an engine that is older or newer than this desk
        return clean(text.partition("{")[0].rstrip("（( "), 200)


def number(value: Number | None, unit: str) -> str:
    """The number with as much of its unit as stands at it; unknown is 「—」."""
    if value is None:
        return "—"
    if unit == "fen":
        return yuan_short(round(value))
    if unit == "fen_per_minute":
        return t("{sum}/分钟", sum=yuan_short(round(value)))
    if unit == "share":
        return f"{value:.1%}"
    if unit == "times":
        return t("{n} 倍", n=f"{value:.2f}")
    if unit == "seconds":
        return clock(value)
    if unit == "days":
        return t("{n} 天", n=f"{value:.1f}")
    return f"{round(value):,}"


def big(value: Number | None, unit: str) -> str:
    """Of a large number: 分 are not said where there are thousands of 元."""
    if unit == "fen" and value is not None and abs(value) >= 100_000:
        return yuan_short(round(value / 100) * 100)
    return number(value, unit)


def counted(value: int, unit: str) -> str:
    """``829 单``."""
    return t(_COUNTED[unit], n=f"{value:,}") if unit in _COUNTED else number(value, unit)


def change_words(change: float | None) -> str:
    """``▲ 36%``; the arrow tells it to who does not see the colour."""
    if change is None:
        return ""
    percent = abs(change) * 100
    shown = (
        f"{percent:.0f}" if percent >= 1 or not percent else f"{percent:.1f}" if percent >= 0.05 else "<0.1"
    )
    return f"{'▲' if change > 0 else '▼' if change < 0 else '＝'} {shown}%"


def change_tone(change: float | None, bad_when: str) -> str:
    """Green is more of what is good, red what is worse; less of what is bad stays grey."""
    if not change or not bad_when:
        return "fg1"
    if (change > 0) == (bad_when == "rises"):
        return "live"
    return "ok" if change > 0 else "fg1"


def ago(at: datetime | None, now: datetime) -> str:
    """``2 秒前``."""
    return t("{age}前", age=age(max(0.0, (now - at).total_seconds()))) if at is not None else ""
