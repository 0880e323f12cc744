"""What the book of customers tells a busy shop: a page in segments, one in tiers, a member, what they are
worth."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.books.figures import parse
from liveconsole.messages.customers import (
    AgeValue,
    CustomerGroup,
    CustomerOrder,
    CustomerPage,
    CustomerProfile,
    CustomerRow,
    CustomerValue,
    Grouping,
    MemberPage,
    MemberProfile,
    MemberRowShown,
    PersonAnswer,
)

AT = datetime(2026, 11, 27, 11, 2, tzinfo=UTC)
ON = date(2026, 11, 29)
FIGURES = parse((Path(__file__).resolve().parents[2] / "resources/seller/customers.toml").read_text("utf-8"))
_NAMES = "陈王赵刘林吴周孙郑冯褚卫蒋沈韩杨"


def rows(by: Grouping, count: int = 16) -> list[CustomerRow]:
    """The first of them bought for most; every third is a member."""
    found = []
    for n in range(count):
        money = max(4_900, 1_862_000 - n * 71_300)
        gold = {"member": True, "level": "金卡会员", "level_en": "Gold"}
        member: dict[str, Any] = gold if n % 3 == 0 else {}
        more: dict[str, Any] = {"rfm_score": f"{5 - n % 5}{1 + n % 5}{5 - n % 4}"}
        if by == "seed":
            more = {"monthly_fen": money // 3, "interactions": n * 3 % 7, "first_order": n % 5 == 4}
            more |= {"groups": 4} if n < 3 else {}
        names = [one.name for one in (FIGURES.steps if by == "seed" else FIGURES.segments)]
        group = names[n * len(names) // count]
        found.append(
            CustomerRow(
                f"p{n:020x}",
                f"{_NAMES[n % len(_NAMES)]}**",
                group,
                24 - n,
                n * 5 % 90,
                money,
                **more,
                **member,
            )
        )
    return found


def page(by: Grouping = "quintiles", count: int = 16) -> CustomerPage:
    listed = rows(by, count)
    groups = []
    for one in FIGURES.steps if by == "seed" else FIGURES.segments:
        expected = getattr(one, "share_percent", None)
        mine = [row for row in listed if row.group == one.name]
        figures = (
            len(mine) * 60,
            sum(row.orders for row in mine) * 60,
            sum(row.amount_fen for row in mine) * 60,
            len(mine) / count if count else None,
        )
        words = one.zh, getattr(one, "en", one.name), one.do_zh, one.do_en
        groups.append(CustomerGroup(one.name, *words, *figures, expected))
    sums = (
        sum(group.customers for group in groups),
        sum(group.orders for group in groups),
        sum(group.amount_fen for group in groups),
    )
    by_whom = FIGURES.source, FIGURES.source_en, FIGURES.checked
    return CustomerPage(
        ON, by, *by_whom, *sums, 3, groups, listed, None, by == "seed", FIGURES.members.levels
    )


def profile(member: bool = True) -> CustomerProfile:
    orders = []
    for n in range(6):
        status, back = "closed" if n == 3 else "paid", 9_900 if n == 1 else 0
        at, fen = AT - timedelta(days=n * 9), 32_900 + n
        orders.append(CustomerOrder(f"44710926{n:04}", status, at, fen, fen, back))
    kept = MemberProfile(
        AT - timedelta(days=200), 2_410, 1_385, "金卡会员", "Gold", "9.5", 5_590, 106_000, "05-20", ON
    )
    return CustomerProfile(
        f"p{0:020x}", "陈**", 24, 1_862_000, AT - timedelta(days=400), AT, orders, kept if member else None
    )


def worth(*, young: bool = False) -> CustomerValue:
    months = [AgeValue(n, 900, 1.1, 41_200, n > 5) for n in range(12)]
    if young:
        return CustomerValue(ON, 0, 12, None, None, [], None, None, 0, None, None, 0, None, None)
    return CustomerValue(
        ON, 960, 12, 86_400, None, months, 0.412, 27.0, 960, None, None, 214, 131_800, 62_300
    )


def born_today(n: int, yuan: int | None = 20) -> MemberPage:
    """So many members have their birthday today."""
    member = profile(member=True).member
    assert member is not None
    rows = [MemberRowShown(f"p{i}", f"v{i}", f"{'林王陈赵'[i]}**", member) for i in range(n)]
    return MemberPage(n, rows, None, yuan)


def told(query: dict[str, str | int]) -> dict[str, Any]:
    """Answer as the door does."""
    found: Any = page("seed" if query.get("rfm") == "seed" else "quintiles")
    if query.get("view") == "value":
        found = worth()
    elif query.get("view") == "members":
        found = MemberPage(0, [])
    elif query.get("view") == "person":
        found = PersonAnswer(profile())
    elif query.get("group"):
        mine = [row for row in found.rows if row.group == query["group"]]
        found = msgspec.structs.replace(found, rows=mine)
    return dict(msgspec.to_builtins(found))
