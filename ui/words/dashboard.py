"""大屏: what the platform's own screen says of this broadcast, each figure with its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liveconsole.messages.state import AudienceState, HealthState, RecentState
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.widgets.when import age, long_clock

_TITLES: Final = {
    "gmv_fen": "成交额",
    "buyers": "成交人数",
    "orders_paid": "付款单数",
    "orders_placed": "下单数",
    "refund_fen": "退款",
    "online": "在线",
    "online_peak": "最高在线",
    "watched": "看过的人",
    "impressions": "看到直播间的人",
    "exposures": "商品曝光",
    "clicks": "商品点击",
    "watch_seconds": "平均看多久",
    "new_follows": "新关注",
    "new_fans": "新粉丝团",
    "commenters": "评论的人",
    "shares": "分享",
    "likes": "点赞",
    "followers": "关注",
}
"""Field of ``room.measured`` → its title, in the order in which they stand."""
_OLD: Final = 180.0
"""Seconds after which a figure may be another by now."""


@dataclass(frozen=True, slots=True)
class ScreenFigure:
    """One figure as a line shows it."""

    title: str
    value: str
    recent: str
    """The last minutes against as many before; empty where nobody told."""
    at: datetime | None

    def age(self, now: datetime) -> tuple[str, str]:
        """How old it is, and the tone of that."""
        if self.at is None:
            return "", "fg2"
        seconds = max(0.0, (now - self.at).total_seconds())
        return t("{age}前", age=age(seconds)), "warn" if seconds >= _OLD else "fg2"


def screen_figures(audience: AudienceState) -> list[ScreenFigure]:
    """All that were told of, known ones first."""
    names = [*_TITLES, *(name for name in audience.measured if name not in _TITLES)]
    names += [name for name in audience.recent if name not in audience.measured and name not in names]
    found = []
    for name in names:
        one, recent = audience.measured.get(name), audience.recent.get(name)
        if one is None and recent is None:
            continue
        title = t(_TITLES[name]) if name in _TITLES else clean(name, 40)
        at = one.at if one is not None else recent.at if recent is not None else None
        value = worded(name, one.value) if one is not None else "—"
        found.append(ScreenFigure(title, value, _recent(name, recent), at))
    return found


def _recent(name: str, recent: RecentState | None) -> str:
    if recent is None:
        return ""
    now = t("近 {n} 分 {value}", n=recent.minutes, value=worded(name, recent.value))
    before = recent.before
    return now if before is None else t("{now}，前面 {before}", now=now, before=worded(name, before))


def worded(name: str, value: int) -> str:
    """A figure in its unit."""
    if name.endswith("_fen"):
        return yuan_short(value)
    return long_clock(value) if name.endswith("_seconds") else f"{value:,}"


def why_none(health: HealthState) -> str:
    """Why there is no figure; empty where nobody would tell of any."""
    one = health.worlds.get("figures")
    if one is None or one.step in ("none", "connect"):
        return ""
    if one.step == "mend":
        return t("大屏 —：店铺没有接好")
    return t("大屏 —：还没有数字，开播后店里才给")
