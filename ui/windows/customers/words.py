"""What the customers' window says of a group, a row and a person, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liveconsole.messages.customers import (
    CustomerGroup,
    CustomerOrder,
    CustomerPage,
    CustomerRow,
    CustomerValue,
    MemberProfile,
)
from liveconsole.views.money import yuan, yuan_short
from ui.clean import clean
from ui.i18n import language, t

BLANK: Final = "—"
FIGURES: Final = 5
"""Of `worth`."""


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """One group at the left. ``share`` and ``expected`` in per cent; ``does``: what to do with it."""

    name: str
    title: str
    count: str
    share: float | None
    expected: int | None
    below: str
    does: str


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """One line of the list."""

    key: str
    name: str
    below: str
    group: str
    why: str
    orders: str
    last: str
    amount: str
    vip: str

    def said(self) -> str:
        """The line for who listens."""
        orders = t("{n} 单", n=self.orders)
        parts = (self.name, self.vip, self.group, orders, self.last, self.amount, self.why)
        return " · ".join(part for part in parts if part)


def english() -> bool:
    """Tell whether the second of two words is shown."""
    return language() == "en"


def group_facts(group: CustomerGroup) -> GroupFacts:
    """What stands at the left of one group."""
    share = BLANK if group.share is None else f"{group.share:.0%}"
    below = share if group.expected is None else t("{share} · 参考 {n}%", share=share, n=group.expected)
    return GroupFacts(
        group.name,
        clean(group.en if english() else group.zh, 40),
        f"{group.customers:,}",
        group.share,
        group.expected,
        below,
        clean(group.do_en if english() else group.do_zh, 120),
    )


def listed(row: CustomerRow, groups: dict[str, str]) -> ListedCustomer:
    """What a line says; ``groups``: name → title."""
    why = []
    if row.rfm_score is not None:
        why.append(f"RFM {row.rfm_score}")
    if row.monthly_fen is not None:
        why.append(t("月均 {sum}", sum=yuan_short(row.monthly_fen)))
    if row.groups is not None:
        why.append(t("{n} 个品牌或分组", n=row.groups))
    if row.interactions is not None:
        why.append(t("7 天互动 {n} 次", n=row.interactions))
    return ListedCustomer(
        row.viewer_id,
        clean(row.name, 24),
        t("首单") if row.first_order else "",
        groups.get(row.group, row.group),
        " · ".join(why),
        f"{row.orders:,}",
        t("今天") if row.recency_days == 0 else t("{n} 天前", n=f"{row.recency_days:,}"),
        yuan(row.amount_fen),
        clean(row.level_en if english() else row.level, 20) if row.member else "",
    )


def summary(page: CustomerPage) -> str:
    """Over the list: how many, for how much, as of when, by whose figures."""
    parts = [
        t("{n} 人", n=f"{page.customers:,}"),
        t("{n} 单", n=f"{page.orders:,}"),
        yuan(page.amount_fen),
        t("截至 {day}", day=page.on.isoformat()),
    ]
    if page.undated:
        parts.append(t("{n} 单没有时间，不算在内", n=page.undated))
    if page.partly:
        parts.append(t("互动只数了最近的一部分"))
    return " · ".join(parts)


def figures_from(page: CustomerPage) -> str:
    """Where the figures come from."""
    source = clean(page.source_en if english() else page.source, 120)
    return t("参考：{source}，核对于 {day}", source=source, day=page.checked.isoformat())


def worth(value: CustomerValue | None) -> list[tuple[str, str, str]]:
    """(name, figure, why it is not known): what customers are worth; None: nobody could say."""
    if value is None:
        names = (
            t("{n} 个月 LTV", n=12),
            t("复购率"),
            t("两单间隔（中位数）"),
            t("会员人均"),
            t("其他客户人均"),
        )
        return [(name, BLANK, t("现在算不出")) for name in names]
    young = t("客户还太新，算不出") if value.ltv_fen is None else t("按收入，没填毛利率")
    if value.margin_percent is not None:
        young = t("毛利率 {n}%", n=value.margin_percent)
    rate = BLANK if value.repeat_rate is None else f"{value.repeat_rate:.1%}"
    gap = BLANK if value.median_gap_days is None else t("{days} 天", days=f"{value.median_gap_days:g}")
    no_members = "" if value.members else t("还没有会员")
    return [
        (t("{n} 个月 LTV", n=value.horizon_months), _fen(value.ltv_fen), young),
        (t("复购率"), rate, ""),
        (t("两单间隔（中位数）"), gap, "" if value.median_gap_days is not None else t("还没有人再来")),
        (t("会员人均"), _fen(value.arpu_members_fen), no_members),
        (t("其他客户人均"), _fen(value.arpu_others_fen), ""),
    ]


def _fen(amount: int | None) -> str:
    return BLANK if amount is None else yuan_short(amount)


def member_lines(member: MemberProfile) -> list[str]:
    """What is kept of a member, line by line."""
    level = clean(member.level_en if english() else member.level, 20)
    first = t("{level} · 成长值 {growth}", level=level, growth=f"{member.growth:,}")
    if member.to_next is not None:
        first += " · " + t("升级还差 {n}", n=f"{member.to_next:,}")
    lines = [first, t("积分 {n}", n=f"{member.points:,}")]
    if member.zhe is not None:
        lines[-1] += " · " + t("等级价 {zhe} 折", zhe=member.zhe)
    if member.balance_fen:
        lines.append(t("储值 {sum}", sum=yuan(member.balance_fen)))
    if member.birthday is not None:
        lines.append(t("生日 {day}", day=member.birthday))
    lines.append(t("{day} 入会", day=f"{member.joined_at.astimezone():%Y-%m-%d}"))
    if member.checked_in is not None:
        lines.append(t("上次签到 {day}", day=member.checked_in.isoformat()))
    return lines


def order_line(order: CustomerOrder) -> str:
    """One of his orders."""
    at = BLANK if order.placed_at is None else f"{order.placed_at.astimezone():%Y-%m-%d}"
    status = {"paid": t("已付"), "closed": t("已取消")}.get(order.status) or t("未付")
    back = "" if not order.refund_fen else " · " + t("退 {sum}", sum=yuan(order.refund_fen))
    fen = order.paid_fen if order.status == "paid" else order.total_fen
    return f"{at}  {clean(order.order_id, 24)} · {yuan(fen)} · {status}{back}"
