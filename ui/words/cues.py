"""The sentences of cues. Titles of products and names of coupons come from outside: plain text only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liveconsole.messages.refusals import TEXTS
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.seat.room import RoomView, sale_lines
from ui.seat.session import ROLE_NAMES
from ui.widgets.when import clock, countdown
from ui.words.answers import refusal
from ui.words.goods import rule_words

Cue = Mapping[str, Any]


def title(cue: Cue, room: RoomView) -> str:
    """What it is, in one line: ``秒杀 手套 ¥59 × 18``."""
    kind, spec = cue["kind"], cue["spec"]
    name = t(theme.kind_of(kind).name)
    if kind == "pin":
        number = room.numbers.get(spec.get("product_id", ""))
        thing = room.title(str(spec.get("product_id", "")))
        return f"{name} {t('{n} 号', n=number)} {thing}" if number else f"{name} {thing}"
    if kind == "flash_sale":
        lines = sale_lines(spec)
        first = lines[0]
        thing = room.title(str(first.get("sku_id", "")))
        said = f"{name} {thing} {_money(first.get('price_fen'))} × {first.get('quantity', 0)}"
        return said + (t(" 等 {n} 个规格", n=len(lines)) if len(lines) > 1 else "")
    if kind == "coupon":
        return f"{name} {spec.get('name') or rule_words(spec.get('rule') or {})}"
    keyword = (spec.get("entry") or {}).get("keyword")
    prize = (spec.get("prize") or {}).get("name", "")
    return f"{name} {t('口令“{word}”', word=keyword)}" if keyword else f"{name} {prize}"


def detail(cue: Cue, room: RoomView) -> str:
    """Its terms, in one quiet line."""
    kind, spec = cue["kind"], cue["spec"]
    lasts = span(int(spec.get("seconds") or 0))
    if kind == "pin":
        return ""
    if kind == "flash_sale":
        parts = [t("每人 {n} 件", n=spec.get("per_buyer", 1)), lasts]
        if spec.get("via") == "price":
            parts.append(t("改价，结束要改回"))
        return " · ".join(parts)
    if kind == "coupon":
        scope = spec.get("scope") or {}
        where = t("{n} 个商品", n=len(scope.get("product_ids", ()))) if scope else t("全场")
        said = rule_words(spec.get("rule") or {})
        parts = [where, t("{n} 张", n=spec.get("quantity", 0)), t("每人 {n} 张", n=spec.get("per_buyer", 1))]
        parts.append(t("{time}内领", time=lasts))
        return " · ".join(([said] if said != spec.get("name") else []) + parts)
    prize = spec.get("prize") or {}
    parts = [f"{prize.get('name', '')} × {spec.get('winners', 1)} ({_money(prize.get('value_fen'))})", lasts]
    if (spec.get("claim") or {}).get("followed"):
        parts.append(t("关注后领"))
    parts.append(t("平台开奖") if spec.get("draw") == "platform" else t("本机开奖"))
    return " · ".join(parts)


def asked_by(cue: Cue) -> str:
    """Who proposed it."""
    who = ROLE_NAMES.get(str(cue.get("proposed_by")))
    return t("{who}提交", who=t(who)) if who else ""


def waiting(who: str, since: datetime, until: datetime | None, now: datetime) -> list[str]:
    """How long it has been waiting for an approval and when it goes back by itself, whole and then in fewer
    words: of what is cut, the time must stay."""
    waited = t("等了 {time}", time=clock((now - since).total_seconds()))
    if until is None:
        return [f"{who} · {waited}" if who else waited, waited]
    whole = waited + t(" · {left} 后自动退回", left=countdown((until - now).total_seconds()))
    short = f"{waited} / {clock((until - since).total_seconds())}"
    return [f"{who} · {whole}" if who else whole, whole, short]


def span(seconds: int) -> str:
    """How long something lasts: ``10 分钟``, ``45 秒``."""
    if seconds >= 60 and seconds % 60 == 0:
        return t("{n} 分钟", n=seconds // 60)
    if seconds > 60:
        return t("{m} 分 {s} 秒", m=seconds // 60, s=seconds % 60)
    return t("{n} 秒", n=seconds)


def status(cue: Cue) -> str:
    """Where it stands, in the words of the house."""
    return {
        "queued": t("待审核"),
        "approved": t("已审核"),
        "standby": t("定时"),
        "recallable": t("可撤回"),
        "firing": t("已发出，等平台回话"),
        "unknown": t("平台没有回话"),
        "on_air": t("进行中"),
        "ended": t("结束"),
        "rejected": t("退回"),
        "refused": t("没成功"),
        "missed": t("错过了时间"),
        "recalled": t("已撤回"),
        "removed": t("已移除"),
    }.get(str(cue["status"]), str(cue["status"]))


def because(cue: Cue) -> str:
    """How it came to its end."""
    reason = str(cue.get("reason") or "")
    if reason in TEXTS:
        reason = refusal(reason)
    if cue["status"] != "ended":
        return f"{status(cue)}：{reason}" if reason else status(cue)
    code = str(cue.get("ended_because") or "")
    said = {
        "sold_out": t("抢完"),
        "time_up": t("时间到"),
        "stopped": t("手动停止"),
        "halted": t("全停"),
        "platform": t("平台结束"),
        "drawn": t("已开奖"),
    }.get(code, code)
    return f"{said}：{reason}" if reason else said


def result(cue: Cue) -> str:
    """What came of it, as far as anybody reported it."""
    parts = []
    for field, words in (
        ("sold", t("售 {n}")),
        ("oversold", t("超卖 {n}")),
        ("claimed", t("领 {n}")),
        ("used", t("用 {n}")),
        ("entrants", t("{n} 人参与")),
    ):
        value = cue.get(field)
        if value is not None and (value or field == "sold"):
            parts.append(words.replace("{n}", f"{value:,}"))
    winners = cue.get("winners") or ()
    if winners:
        parts.append(t("{n} 人中奖", n=len(winners)))
    return " · ".join([*parts, because(cue)])


def _money(fen: Any) -> str:
    return yuan_short(fen) if isinstance(fen, int) else "—"
