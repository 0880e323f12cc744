"""Members and the discounts of their levels: who joins, what he signs in, and what an order costs him, told
from the log alone and in fractions."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random
from typing import Any

from tests.sim.books import Books, Data
from tests.sim.broken import must

LEVELS = ((0, "9.9"), (120, "9.5"), (300, "9"))
"""成长值, and 折."""


def coupons() -> list[Data]:
    return [{"rule": {"zhe": zhe}, "name": f"{zhe} 折", "member_from": since} for since, zhe in LEVELS]


def asked(dice: Random, buyers: list[str]) -> list[tuple[str, Data]]:
    """What the counter does this time; most of it is joining."""
    who = {"viewer_id": dice.choice(buyers)}
    asks: list[tuple[str, Data]] = [
        ("member.join", {**who, "consent": dice.random() < 0.9}),
        ("member.checkin", who),
        ("member.spend", {**who, "points": dice.randint(1, 60)}),
        ("member.deposit", {**who, "amount_fen": 10_000, "use": dice.random() < 0.4}),
        ("member.leave", who),
    ]
    return dice.choices(asks, [6, 2, 1, 1, 0.7])


class LevelsTold:
    """Who is a member, what everybody had paid before this commit, and what each order is to cost him."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._members: set[str] = set()
        self._paid: Counter[str] = Counter()

    def told(self, kind: str, data: Data) -> None:
        pid = data["viewer_id"]
        if kind == "member.joined":
            self._members.add(pid)
        else:
            must(pid in self._members, "something of a member who is none", kind, data)
        if kind == "member.left":
            self._members.discard(pid)

    def commit_ends(self) -> None:
        self._paid = Counter()
        for order in self._books.orders.values():
            self._paid[order.buyer] += order.paid_fen - order.refund

    def granted(self, data: Data, settings: Data) -> None:
        """His level's discount is on the order, to the 分, and nobody else has one."""
        full = [line["unit_price_fen"] * line["quantity"] for line in data["lines"]]
        parts = [line["total_fen"] for line in data["lines"]]
        off = self._off(data["buyer"]["id"], sum(full), settings.get("shop_coupons", []))
        told = {layer["kind"]: layer["fen"] for layer in data.get("discounts", [])}
        must(told.get("member", 0) == off, "another discount than that of his level", data, off)
        if data["coupon_id"] is not None:
            both = sum(told.values()) if told else sum(full) - sum(parts)
            must(sum(full) - sum(parts) == both, "layers that are not what was taken off", data)
            return
        must(sum(full) - sum(parts) == off, "a discount without a coupon or a level", data, off)
        for whole, part in zip(full, parts, strict=True):
            exact = Fraction(off * whole, max(1, sum(full)))
            must(abs(whole - part - exact) < 1, "a level's discount is not shared by amount", data)

    def _off(self, pid: str, whole: int, coupons: list[Any]) -> int:
        grown = self._paid[pid] // 100 if self._paid[pid] > 0 else 0
        reached = [c for c in coupons if c.get("member_from") is not None and c["member_from"] <= grown]
        if pid not in self._members or not reached:
            return 0
        his = max(reached, key=lambda one: int(one["member_from"]))
        return int(whole * (1 - Fraction(his["rule"]["zhe"]) / 10))
