"""The sentences of cues. Titles of products and names of coupons come from outside: plain text only."""

from __future__ import annotations

from datetime import datetime

from liveconsole.messages.refusals import TEXTS
from liveconsole.messages.specs import CouponSpec, FlashSaleSpec, LuckyBagSpec, PinSpec
from liveconsole.messages.state import CueState
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.seat.room import RoomView
from ui.seat.session import ROLE_NAMES
from ui.widgets.when import clock, countdown
from ui.words.answers import refusal
from ui.words.goods import rule_words


def title(cue: CueState, room: RoomView) -> str:
    """What it is, in one line: ``秒杀 手套 ¥59 × 18``."""
    terms, name = cue.terms, t(theme.kind_of(cue.kind).name)
    if isinstance(terms, PinSpec):
        number, thing = room.numbers.get(terms.product_id), room.title(terms.product_id)
        return f"{name} {t('{n} 号', n=number)} {thing}" if number else f"{name} {thing}"
    if isinstance(terms, FlashSaleSpec):
        first = terms.skus[0]
        said = f"{name} {room.title(first.sku_id)} {yuan_short(first.price_fen)} × {first.quantity}"
        return said + (t(" 等 {n} 个规格", n=len(terms.skus)) if len(terms.skus) > 1 else "")
    if isinstance(terms, CouponSpec):
        return f"{name} {terms.name or rule_words(terms.rule)}"
    if isinstance(terms, LuckyBagSpec):
        keyword = terms.entry.keyword
        return f"{name} {t('口令“{word}”', word=keyword)}" if keyword else f"{name} {terms.prize.name}"
    return name


def detail(cue: CueState, room: RoomView) -> str:
    """Its terms, in one quiet line."""
    terms = cue.terms
    if isinstance(terms, FlashSaleSpec):
        parts = [t("每人 {n} 件", n=terms.per_buyer), span(terms.seconds)]
        if terms.via == "price":
            parts.append(t("改价，结束要改回"))
        return " · ".join(parts)
    if isinstance(terms, CouponSpec):
        scope = terms.scope
        where = t("{n} 个商品", n=len(scope.product_ids)) if scope is not None else t("全场")
        said = rule_words(terms.rule)
        parts = [where, t("{n} 张", n=terms.quantity), t("每人 {n} 张", n=terms.per_buyer)]
        parts.append(t("{time}内领", time=span(terms.seconds)))
        return " · ".join(([said] if said != terms.name else []) + parts)
    if isinstance(terms, LuckyBagSpec):
        prize = terms.prize
        parts = [f"{prize.name} × {terms.winners} ({yuan_short(prize.value_fen)})", span(terms.seconds)]
        if terms.claim.followed:
            parts.append(t("关注后领"))
        parts.append(t("平台开奖") if terms.draw == "platform" else t("本机开奖"))
        return " · ".join(parts)
    return ""


def asked_by(cue: CueState) -> str:
    """Who proposed it."""
    who = ROLE_NAMES.get(cue.proposed_by)
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


def status(cue: CueState) -> str:
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
    }[cue.status]


def because(cue: CueState) -> str:
    """How it came to its end."""
    reason = refusal(cue.reason) if cue.reason in TEXTS else cue.reason
    if cue.status != "ended" or cue.ended_because is None:
        return f"{status(cue)}：{reason}" if reason else status(cue)
    said = {
        "sold_out": t("抢完"),
        "time_up": t("时间到"),
        "stopped": t("手动停止"),
        "halted": t("全停"),
        "platform": t("平台结束"),
        "drawn": t("已开奖"),
    }[cue.ended_because]
    return f"{said}：{reason}" if reason else said


def result(cue: CueState) -> str:
    """What came of it, as far as anybody reported it."""
    counts = (
        (cue.sold, t("售 {n}")),
        (cue.oversold or None, t("超卖 {n}")),
        (cue.claimed or None, t("领 {n}")),
        (cue.used or None, t("用 {n}")),
        (cue.entrants or None, t("{n} 人参与")),
    )
    parts = [words.replace("{n}", f"{value:,}") for value, words in counts if value is not None]
    if cue.winners:
        parts.append(t("{n} 人中奖", n=len(cue.winners)))
    return " · ".join([*parts, because(cue)])
