"""What 开播前 says of days, campaigns, items and rivals."""

from __future__ import annotations

from datetime import date, datetime

from liveconsole.messages.preparations import (
    CampaignTold,
    ItemTold,
    PhaseTold,
    PlanTold,
    RivalGoods,
    RivalShop,
)
from liveconsole.views.money import yuan
from ui.i18n import language, t


def named(zh: str, en: str) -> str:
    """Of two names the one in the language of the desk."""
    return zh if language() == "zh" else en


def day_words(day: date) -> str:
    """A day as ``11-28``, of another year whole."""
    return f"{day.month:02}-{day.day:02}"


def moment_words(at: datetime) -> str:
    """A planned moment as the clock here shows it: ``2026-12-01 20:00``."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def until_words(days: int) -> str:
    """How many days there are until then."""
    if days < 0:
        return t("正在进行")
    return t("今天") if days == 0 else t("还有 {n} 天", n=days)


def campaign_line(campaign: CampaignTold, today: date) -> str:
    """Its days, and from when one warms up."""
    first, last = day_words(campaign.first), day_words(campaign.last)
    days = first if campaign.first == campaign.last else f"{first} – {last}"
    year = f"{campaign.first.year} · " if campaign.first.year != today.year else ""
    if campaign.warm_from >= campaign.first:
        return f"{year}{days}"
    return f"{year}{days} · " + t("{day} 起预热", day=day_words(campaign.warm_from))


def campaign_tone(campaign: CampaignTold, today: date) -> str:
    """Amber while it is time to do something about it."""
    return "warn" if campaign.warm_from <= today <= campaign.last else "fg1"


def plan_title(plan: PlanTold) -> str:
    return plan.title or (t("没有名字的直播") if plan.at is not None else t("下一场，还没定时间"))


def plan_line(plan: PlanTold, now: datetime) -> str:
    """When it is, how long until then, and how much is still to be done."""
    left = t("还差 {n} 件", n=plan.left) if plan.left else t("都做好了")
    if plan.at is None:
        return left
    days = (plan.at.astimezone().date() - now.astimezone().date()).days
    parts = [moment_words(plan.at), until_words(max(0, days))]
    if plan.campaign is not None:
        parts.append(named(plan.campaign.zh, plan.campaign.en))
    parts.append(
        t("预约 {n} 人", n=f"{plan.reserved:,}") if plan.reserved is not None else t("预约 —，没人填")
    )
    return " · ".join([*parts, left])


def item_due(item: ItemTold) -> str:
    """By when it is to be done, or who did it."""
    if item.done:
        who = {"host": t("主播"), "operator": t("中控"), "assistant": t("助理")}.get(item.by, item.by)
        day = day_words(item.ticked_at.astimezone().date()) if item.ticked_at is not None else ""
        return " ".join(filter(None, (who, day)))
    if item.due is None:
        return t("提前 {n} 天", n=item.days)
    if item.late:
        return t("该在 {day} 前，迟了", day=day_words(item.due))
    return t("{day} 前", day=day_words(item.due))


def phase_goal(phase: PhaseTold) -> str:
    return phase.goal if phase.own or language() == "zh" else phase.goal_en or phase.goal


def share_words(share: float | None) -> str:
    """A part of 1 in percent; a dash where nobody knows."""
    return "—" if share is None else f"{share * 100:.0f} %"


def shop_line(shop: RivalShop) -> str:
    """How far it lies over ours, and how much hangs on its first three."""
    return t(
        "价格带重合 {overlap} · 爆品集中度 {first}",
        overlap=share_words(shop.overlap),
        first=share_words(shop.first_share),
    )


def goods_line(goods: RivalGoods) -> str:
    """Its price beside ours, and what it sold."""
    sold = t("卖了 {n} 件", n=f"{goods.sold:,}") if goods.sold is not None else t("销量 —")
    if goods.ours_fen is None:
        return f"{yuan(goods.price_fen)} · {sold}"
    beside = goods.ours_fen - goods.price_fen
    if beside == 0:
        said = t("和我们一样")
    elif beside > 0:
        said = t("我们 {ours}，贵 {by}", ours=yuan(goods.ours_fen), by=yuan(beside))
    else:
        said = t("我们 {ours}，便宜 {by}", ours=yuan(goods.ours_fen), by=yuan(-beside))
    return f"{yuan(goods.price_fen)} · {sold} · {said}"


def band_words(edges: tuple[int, int | None]) -> str:
    """A price band: ``≤ 50``, ``50–100``, ``> 500`` 元."""
    low, high = edges[0] // 100, edges[1]
    if high is None:
        return f"> {low}"
    return f"≤ {high // 100}" if low == 0 else f"{low}–{high // 100}"
