"""The orders of this broadcast as the engine has them: read page by page, and looked at again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from liveconsole.messages.order_list import OrderPage
from liveconsole.views.feed import BIG_FEN, ListedRow
from ui.i18n import t
from ui.panels.feed.words import standing_word
from ui.seat.told import as_told

AskOrders = Callable[[str, str, int, int], Awaitable[dict[str, Any] | None]]
"""(text, standing, least amount, before) → a page of `OrderPage`, or None when nobody can be asked."""

ORDERS_MOST: Final = 2_000
"""Rows of one list; what is older is found by its number or its goods."""
_LOOKS_EVERY: Final = 2.0
ORDER_FILTERS: Final = {"order": ("", 0), "big": ("", BIG_FEN), "unpaid": ("unpaid", 0)}
"""Filter → standing and least amount."""


class OrderRows:
    """A source of rows, oldest first. ``moved`` is called after every page while ``owner`` lives.

    Words that name a standing (``未付``) look for that, all others for a text.
    """

    def __init__(
        self, ask: AskOrders, name: str, words: str, moved: Callable[[], None], owner: QObject
    ) -> None:
        self._ask, self._moved, self._owner = ask, moved, owner
        self._text, named = _read(words)
        standing, self._least = ORDER_FILTERS[name]
        self._standing = standing or named
        self._rows: dict[int, ListedRow] = {}
        """By place."""
        self._told: OrderPage | None = None
        self._older = 0
        """Where the next page begins that is looked at again; 0: the first one behind the newest."""
        self._newest = 0
        self._runs = self._stopped = self._failed = self._full = False
        self._looked = 0.0
        self._whole = False
        self._spawn(self._load())

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def added(self) -> int:
        """The place of the newest: how many orders there were."""
        return self._newest

    @property
    def is_read(self) -> bool:
        """Whether anything was told yet."""
        return self._told is not None or self._failed

    def refresh(self) -> None:
        """Nothing comes by itself."""

    def rows(self) -> list[ListedRow]:
        """Return the rows, oldest first."""
        return [self._rows[place] for place in sorted(self._rows)]

    def tail(self, count: int) -> list[ListedRow]:
        """Return the newest rows, oldest first."""
        return self.rows()[-count:] if count else []

    def stop(self) -> None:
        """Nobody looks at it any more."""
        self._stopped = True

    def says(self) -> str:
        """The broadcast's orders in a line, and whether all of them stand here."""
        if self._told is None:
            return t("现在问不到订单") if self._failed else t("正在查订单…")
        if not self._told.known:
            return t("订单 — · {why}", why=t("没有来源报订单"))
        if self._full:
            return t("只列最近 {n} 单，更早的搜单号或商品", n=f"{ORDERS_MOST:,}")
        if self._text or self._standing or self._least:
            found = t("{n} 单", n=f"{len(self._rows):,}")
            return found if self._whole else t("已找到 {found}，还在查", found=found)
        return t("本场 {n} 单 · 未付 {unpaid}", n=f"{self._told.placed:,}", unpaid=f"{self._told.unpaid:,}")

    def tick(self, now: float) -> None:
        """Seconds since the epoch: the newest are looked at again, and one older page in turn."""
        if not self._runs and now - self._looked >= _LOOKS_EVERY:
            self._looked = now
            self._spawn(self._look_again() if self._whole else self._load())

    def _spawn(self, looking: Any) -> None:
        self._runs = True
        tasks.spawn(looking, name="orders of the broadcast")

    async def _load(self) -> None:
        before = 0
        while (before := await self._look(before)) > 0 and not self._full:
            pass
        self._runs, self._whole = False, not self._failed
        self._tell()

    async def _look_again(self) -> None:
        behind = await self._look(0)
        if not self._failed:
            self._older = await self._look(self._older or behind) if self._older or behind else 0
        self._runs = False
        self._tell()

    async def _look(self, before: int) -> int:
        """One page; where the next begins, 0 behind the last."""
        told = await self._ask(self._text, self._standing, self._least, before)
        if self._stopped or not shiboken6.isValid(self._owner):
            self._stopped = True
            return 0
        page = as_told(told, OrderPage)
        self._failed = page is None
        if page is None:
            return 0
        self._take(page, before)
        self._tell()
        return self._told.before if self._told is not None else 0

    def _take(self, told: OrderPage, begin: int) -> None:
        """What the page is about stands as it says; what has left it leaves."""
        known = {order.place for order in told.orders}
        gone = [
            place
            for place in self._rows
            if told.before < place <= (begin or self._newest) and place not in known
        ]
        for place in gone:
            del self._rows[place]
        for order in told.orders:
            row = self._rows.get(order.place)
            if row is None or row.order.order_id != order.order_id:
                self._rows[order.place] = ListedRow.of(order)
            else:
                row.show(order)
        self._newest = max([self._newest, *known])
        for place in sorted(self._rows)[:-ORDERS_MOST]:
            del self._rows[place]
            self._full = True
        self._told = told

    def _tell(self) -> None:
        if not self._stopped and shiboken6.isValid(self._owner):
            self._moved()


def _read(words: str) -> tuple[str, str]:
    """The text to look for, and the standing that the words name."""
    standings = {
        standing_word(each).casefold(): each for each in ("unpaid", "lapsed", "paid", "refunded", "closed")
    }
    parts = words.split()
    named = next((standings[part.casefold()] for part in parts if part.casefold() in standings), "")
    return " ".join(part for part in parts if part.casefold() not in standings), named
