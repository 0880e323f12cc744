"""The worlds outside as the desk says them: how each stands, what was proved when, what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liveconsole.messages.connection_acts import CheckedPart, ConnectionSaid
from liveconsole.messages.connection_words import connection_name, connection_words, said
from liveconsole.messages.connection_words.shop import ASKED
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.state import HealthState
from liveconsole.messages.worlds import WorldState
from ui.clean import clean
from ui.i18n import language, t
from ui.seat.seat import Answer
from ui.words.answers import refusal, sentence
from ui.words.sources import source_name

_LONGEST: Final = 240
_TITLES: Final = {
    "comments": "评论",
    "orders": "订单",
    "pins": "讲解",
    "coupons": "优惠券",
    "sales": "限时抢购",
    "picture": "画面",
    "figures": "大屏",
}
_CONNECT: Final = {
    "comments": "打开一个采集来源，或者接上控制台页面",
    "orders": "填微信小店的 AppID 和密钥",
    "pins": "接上自己的控制台页面，讲解由程序点、点完再核对；不接就在手机上点",
    "coupons": "接上微信小店并让程序建券；不接就在手机上发",
    "sales": "接上微信小店并让程序建限时抢购；不接就在手机上建",
    "picture": "填 OBS 的地址和密码",
    "figures": "接上微信小店，大屏的数字跟着来",
}
_PROVE: Final = {
    "comments": "用手机在直播间发一条，这里会亮",
    "orders": "用另一个号拍一件最便宜的，这里会亮",
    "pins": "讲解一个商品：程序点完，从页面上读回来才算",
    "coupons": "发一张真的券：程序建完，从店里读回来才算",
    "sales": "上一个真的限时抢购：程序建完，从店里读回来才算",
    "picture": "按「证实」：OBS 的画面读回来和这里要的一样才算",
    "figures": "开播后等一分钟，店里的数字到了这里会亮",
}


def world_title(world: str) -> str:
    """What a world is called."""
    return t(_TITLES[world]) if world in _TITLES else clean(world, 40)


def via_words(via: str) -> str:
    """What serves it."""
    return t("采集") if via == "sources" else connection_name(via, english=language() != "zh")


def step_look(step: str) -> tuple[str, str, str]:
    """Icon, tone and one word for how it stands."""
    known = {
        "none": ("ring", "fg2", t("不用接")),
        "connect": ("ring", "fg2", t("没有接")),
        "mend": ("warn", "warn", t("看一下")),
        "prove": ("clock", "warn", t("还没证实")),
        "done": ("check", "ok", t("证实过")),
    }
    return known.get(step, ("ring", "fg2", clean(step, 20)))


def connection_sentence(name: str, one: ConnectionState) -> str:
    """How a connection does, in one sentence."""
    return clean(said(name, one, english=language() != "zh"), _LONGEST)


def how(one: WorldState, health: HealthState) -> str:
    """How its connection does now; empty where there is none."""
    found = health.connections.get(one.via)
    if found is not None:
        return connection_sentence(one.via, found)
    if one.via == "sources":
        heard = [source_name(each.source) for each in health.sources if each.comments is True]
        return t("有声音：{names}", names=t("、").join(heard[:3])) if heard else ""
    return ""


def proof(one: WorldState, now: datetime) -> str:
    """What was proved when, and by whom; that it never was."""
    if one.proved_at is None:
        return "" if one.step == "none" else t("未在真实店铺上验证")
    here, today = one.proved_at.astimezone(), now.astimezone().date()
    day = t("今天") if here.date() == today else f"{here:%Y-%m-%d}"
    by = source_name(one.proved_by) if one.proved_by.startswith("/") else via_words(one.proved_by)
    return t("{day} {at} 证实过 · {by}", day=day, at=f"{here:%H:%M}", by=by)


def todo(world: str, one: WorldState) -> str:
    """What to do next, in plain words; empty where there is nothing."""
    if one.step == "connect":
        return t(_CONNECT[world]) if world in _CONNECT else ""
    if one.step == "mend":
        return (
            t("先把采集工具打开") if one.via == "sources" else t("照上面这句做；没好之前，它做不了的都交给人")
        )
    if one.step == "prove":
        return t(_PROVE[world]) if world in _PROVE else ""
    return ""


def came_of(name: str, came: ConnectionSaid | Answer) -> tuple[str, str]:
    """What a connection said to what a person pressed, or why it was not asked, and its tone."""
    if isinstance(came, Answer):
        return clean(sentence(came), _LONGEST) or t("没有成"), "live"
    words = connection_words(name, came.code, came.params, english=language() != "zh") if came.code else ""
    if words == came.code and not came.ok:
        words = refusal(came.code, came.params)
    failed = [one for one in came.answers or () if not one.ok]
    if failed:
        return clean(t("；").join(_answered(name, one) for one in failed), _LONGEST), "live"
    if came.ok:
        return clean(words, _LONGEST) or t("查过了，正常"), "ok"
    return clean(words, _LONGEST) or t("没有成"), "live"


def _answered(name: str, one: CheckedPart) -> str:
    """What one of several questions came to."""
    asked = ASKED[one.name][language() != "zh"] if one.name in ASKED else clean(one.name, 20)
    came = connection_words(name, one.code, one.params, english=language() != "zh") or t("没有成")
    return t("{what}：{how}", what=asked, how=came)
