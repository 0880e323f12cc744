"""The sentences of feed rows. The fold keeps codes; what they say is decided here."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from liveconsole.messages.facts import AFTERSALE_OVER
from liveconsole.messages.fields import FORGOTTEN
from liveconsole.messages.order_list import ListedOrder
from liveconsole.messages.statuses import VOIDED
from liveconsole.views.feed import ENTER, GIFT, ORDER, SYSTEM, FeedRow, ListedRow, MarkReason, is_fraud
from liveconsole.views.feed.frauds import fraud_kind
from liveconsole.views.money import yuan
from ui import i18n
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.words.answers import refusal
from ui.words.sources import gap_words

_TAIL: Final = 4
"""Letters of an order's number that are shown; the whole stands in the tip."""
_hours: dict[str, str] = {}


def clock_time(at: str) -> str:
    """``20:16`` on this machine's clock. Kept by minute: a busy room asks forty times a frame."""
    if not at:
        return "—"
    found = _hours.get(at[:16])
    if found is None:
        if len(_hours) > 4096:
            _hours.clear()
        found = _hours[at[:16]] = datetime.fromisoformat(at).astimezone().strftime("%H:%M")
    return found


def who(row: FeedRow) -> str:
    """The name at the head of a row, cleaned. Orders of 视频号 carry none."""
    if row.kind == SYSTEM:
        return ""
    if isinstance(row, ListedRow):
        return f"…{clean(row.order.order_id, 200)[-_TAIL:]}"
    if row.kind == ORDER:
        name = clean(row.name, 40)
        return t("{name} 等", name=name) if name and row.count > row.name.count("、") + 1 else name
    if row.pid == FORGOTTEN:
        return t("已忘记的人")
    return clean(row.name, 24) or t("用户")


def says(row: FeedRow) -> str:
    """The sentence of a row, cleaned."""
    if isinstance(row, ListedRow):
        return _listed(row)
    if row.kind == ORDER:
        return _order(row)
    if row.kind == GIFT:
        return t("送出 {gift}", gift=clean(row.text, 40))
    if row.kind == ENTER:
        return _came(row)
    if row.kind == SYSTEM:
        return _system(row)
    return clean(row.text)


def hidden_words() -> str:
    """What stands in place of a comment of somebody who is muted here."""
    return t("〔已隐藏：这个人已禁言〕")


def why_listed(reason: MarkReason) -> str:
    """The reason that a list gives, in the desk's language."""
    return clean(reason.en if i18n.language() == "en" else reason.zh, 24)


def why_marked(row: FeedRow) -> str:
    """What a comment that cheats or lures is after."""
    return {
        "payment": t("原因：叫人在平台外付款"),
        "service": t("原因：冒充客服或索要验证码"),
        "prize": t("原因：假中奖、贷款、荐股"),
        "orders": t("原因：刷单、返佣、兼职"),
        "": t("原因：联系方式、链接或别的店"),
    }[fraud_kind(row.text) if is_fraud(row) else ""]


def kept_back(row: FeedRow) -> str:
    """What stands in place of a comment that cheats or lures: it goes no further than the platform."""
    return t("〔已拦截：疑似诈骗〕") if is_fraud(row) else t("〔已拦截：站外引流〕")


def times(row: FeedRow, now: float = 0.0) -> str:
    """``×n`` at the right edge for what stands for more than one; orders and arrivals say it in words. An
    order that is not paid says how long it is held, or how long it has waited. ``now`` is seconds."""
    if isinstance(row, ListedRow):
        order = row.order
        held = order.hold_until.isoformat() if order.hold_until is not None else ""
        return _left(held, row.at, now) if order.standing == "unpaid" and now else order_word(order)
    if row.what == "waiting":
        return waiting(row, now)
    if row.count < 2 or row.kind in (ORDER, ENTER, SYSTEM):
        return ""
    return f"×{row.count:,}"


def waiting(row: FeedRow, now: float) -> str:
    """``剩 4:31`` of a hold, or ``等 12:03`` where the platform keeps its own deadline to itself."""
    return _left(row.pid, row.at, now)


def _left(until: str, at: str, now: float) -> str:
    if until:
        return t("剩 {time}", time=minutes(moment(until) - now))
    return t("等 {time}", time=minutes(now - moment(at))) if at else t("未付")


def standing_word(standing: str) -> str:
    """Where an order stands."""
    return {
        "unpaid": t("未付"),
        "lapsed": t("超时未付"),
        "paid": t("已付"),
        "refunded": t("已退款"),
        "closed": t("已取消"),
    }[standing]


def order_word(order: ListedOrder) -> str:
    """Where an order stands; what is asked back and waits for somebody goes before what was paid."""
    waits = any(how not in AFTERSALE_OVER for how in order.aftersales)
    if waits and order.standing in ("paid", "refunded"):
        return t("售后中")
    return standing_word(order.standing)


def aftersale_word(status: str) -> str:
    """Where an after-sale stands; one that nobody knows, as it was sent."""
    words = {
        "asked": t("买家已申请"),
        "seller": t("等商家"),
        "buyer": t("等买家"),
        "returned": t("货在退回"),
        "platform": t("平台处理"),
        "refunded": t("已退款"),
        "rejected": t("已拒绝"),
        "closed": t("已关闭"),
    }
    return words.get(status) or clean(status, 40)


def widest_end() -> str:
    """The longest that stands at the right edge of an order in the list."""
    standings = ("unpaid", "lapsed", "paid", "refunded", "closed")
    return max(
        (*map(standing_word, standings), t("售后中"), t("剩 {time}", time="88:88")),
        key=lambda word: len(word.encode()),
    )


def minutes(seconds: float) -> str:
    """``4:31``, never below zero, hours where there are any."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return f"{rest // 60}:{rest % 60:02}"


@lru_cache(maxsize=4096)
def moment(at: str) -> float:
    """Seconds since the epoch of a moment on the wire."""
    return datetime.fromisoformat(at).timestamp()


def _order(row: FeedRow) -> str:
    about = t("{numbers} 号", numbers=clean(row.text, 40)) if row.text else t("未上架商品")
    if row.what == "waiting":
        return t("{about} {money} 未付", about=about, money=yuan(row.fen))
    if row.big:
        money = yuan(row.fen)
        if row.what == "placed":
            return t("{about} 下单 {money} · 大额", about=about, money=money)
        if row.what == "paid":
            return t("{about} 付款 {money} · 大额", about=about, money=money)
        return t("{about} 退款 {money} · 大额", about=about, money=money)
    if row.what == "placed":
        return t("{about} +{n} 单", about=about, n=row.count)
    if row.what == "paid":
        return t("{about} 已付款 {n} 单", about=about, n=row.count)
    if row.what == "closed":
        return t("{about} 取消 {n} 单", about=about, n=row.count)
    return t("{about} 退款 {n} 单", about=about, n=row.count)


def _listed(row: ListedRow) -> str:
    """Goods, units, money; ``—`` for what nobody told."""
    order = row.order
    goods = " + ".join(
        " ".join(
            part
            for part in (
                t("{numbers} 号", numbers=line.number) if line.number is not None else "",
                clean(line.title, 60) or t("不认识的商品"),
                clean(line.sku, 30),
                f"×{line.units:,}",
            )
            if part
        )
        for line in order.lines
    )
    if (rest := order.units - sum(line.units for line in order.lines)) > 0:
        goods = t("{goods} 等另 {n} 件", goods=goods, n=f"{rest:,}")
    money = yuan(order.total_fen) if order.total_fen is not None else "—"
    if order.refund_fen:
        money = t("{money} · 退 {refund}", money=money, refund=yuan(order.refund_fen))
    return f"{goods or t('不认识的商品')} {money}"


def _came(row: FeedRow) -> str:
    if row.what == "followed":
        return t("等 {n} 人关注了直播间", n=row.count) if row.count > 1 else t("关注了直播间")
    if row.what == "shared":
        return t("等 {n} 人分享了直播间", n=row.count) if row.count > 1 else t("分享了直播间")
    return t("等 {n} 人来了", n=row.count) if row.count > 1 else t("来了")


def _system(row: FeedRow) -> str:
    about = kind_of(row.name).feed_about(clean(row.text, 40))
    subject = f"{name_of(row.name)} {about}".strip()
    match row.what:
        case "broadcast.opened":
            return t("开播了")
        case "broadcast.closed":
            return t("下播了")
        case "cue.on_air":
            return t("{subject} 开始", subject=subject)
        case "cue.ended":
            return t("{subject} 结束 · {because}", subject=subject, because=because(row.pid))
        case "cue.refused":
            return t("{subject} 被平台拒绝", subject=subject)
        case "cue.unknown":
            return t("{subject} 平台没有回话", subject=subject)
        case "cue.missed":
            return t("{subject} 错过了时间", subject=subject)
        case "cue.drawn":
            return t("{subject} 已开奖", subject=subject)
        case "cue.recalled":
            return t("{subject} 已撤回", subject=subject)
        case "stock.oversold":
            return t("超卖：平台卖出的比这里答应的多")
        case "promotion.measured":
            return t("平台报来一个不认识的活动：{cue_id}", cue_id=clean(row.text, 40))
        case "source.gap":
            return _gap(row)
        case "stream.skipped":
            return t("来不及显示，略过 {n} 条评论", n=row.count)
        case _:
            return t("电脑时间被改动，倒计时不受影响")


def _gap(row: FeedRow) -> str:
    since, until, why = row.pid.split("/", 2)
    return gap_words(row.text, clock_time(since), clock_time(until) if until else "", why)


def because(code: str) -> str:
    """Why a promotion ended, in words."""
    return {
        "sold_out": t("售罄"),
        "time_up": t("时间到"),
        "stopped": t("手动停止"),
        "halted": t("全停"),
        "platform": t("平台结束"),
        "drawn": t("已开奖"),
    }.get(code) or (refusal(code) if code in VOIDED else clean(code, 40))
