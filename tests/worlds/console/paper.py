"""A console on paper: rows, a button each, and moods, on virtual time. It never lies in its own state."""

from __future__ import annotations

import random
from typing import Final

from msgspec.structs import replace

from liveconsole.connectors.browser.carry import PageGone, Swept
from liveconsole.connectors.browser.maps import PageMap
from liveconsole.connectors.browser.reading import PageLook, Row

MOODS: Final = (
    "well",
    "slow",
    "ignores",
    "refuses",
    "shows then takes back",
    "another row",
    "both stay on",
    "dialog",
    "asks first",
    "renames",
    "logs out",
    "captcha",
    "sorts anew",
    "takes the row away",
    "goes away",
    "goes grey",
)
WINDOW: Final = 12


class PaperPage:
    """`on` is the truth: the rows whose product viewers see explained. What a press does is drawn by seed."""

    def __init__(
        self, page_map: PageMap, seed: int, *, count: int = 40, moods: tuple[str, ...] = MOODS
    ) -> None:
        self.now = 0.0
        self.map = page_map
        self.chance = random.Random(seed)
        self.moods = moods
        self.titles = [f"第{n}件 好物" for n in range(1, count + 1)]
        self.numbers = list(range(1, count + 1))
        self.reversed = self.chance.random() < 0.3
        self.virtual = page_map.rows.drawn_when_seen
        self.top = 0
        self.on: set[str] = {self.chance.choice(self.titles)} if self.chance.random() < 0.5 else set()
        self.grey: set[str] = set()
        self.dialogs = int(self.chance.random() < 0.2)
        self.asks = 0
        self.toasts: list[str] = []
        self.state = ""
        self.later: list[tuple[float, str, str]] = []
        self.waiting = ""
        self.presses = 0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self._pass(max(seconds, 0.001))

    def _pass(self, seconds: float) -> None:
        until = self.now + seconds
        while self.later and self.later[0][0] <= until:
            self.now, what, title = self.later.pop(0)
            getattr(self, f"_{what}")(title)
        self.now = until
        if self.chance.random() < 0.004:
            self._sort()

    def _plan(self, after: float, what: str, title: str) -> None:
        self.later.append((self.now + after, what, title))
        self.later.sort()

    def _rows(self) -> list[Row]:
        order = list(zip(self.numbers, self.titles, strict=True))
        if self.reversed:
            order.reverse()
        pin, unpin = self.map.rows.button.pin[0], self.map.rows.button.unpin[0]
        return [
            Row(
                n,
                "",
                f"{n} {title} 库存 9",
                unpin if title in self.on else pin,
                [f"{n}", title, "库存 9"],
                title in self.grey,
            )
            for n, title in order
        ]

    async def look(self) -> PageLook:
        self._pass(0.01)
        if self.state == "gone":
            raise PageGone("closed")
        rows = self._rows()
        if self.virtual:
            rows = rows[self.top : self.top + WINDOW]
        if self.state == "renamed":
            rows = [replace(row, button=None) for row in rows]
        return PageLook(
            self.map.goods,
            rows,
            whole=not self.virtual,
            area=True,
            logged_out=self.state == "logged_out",
            captcha=self.state == "captcha",
            dialogs=self.dialogs,
            asks=self.asks,
            toasts=list(self.toasts),
        )

    async def press(self, row: Row) -> bool:
        shown = await self.look()
        if row not in shown.rows:
            return False
        self.presses += 1
        title = row.text.split(" ", 1)[1].removesuffix(" 库存 9")
        if self.dialogs:
            return True  # covered: nothing comes of it
        self._enact(self.chance.choice(self.moods), title)
        return True

    def _enact(self, mood: str, title: str) -> None:
        after = self.chance.uniform(0.0, 0.5)
        turn = "ended" if title in self.on else "began"
        if mood == "well":
            self._plan(after, turn, title)
        elif mood == "slow":
            self._plan(self.chance.uniform(1, 9), turn, title)
        elif mood == "refuses":
            self._plan(after, "toast", "操作太频繁")
        elif mood == "shows then takes back":
            self._plan(0.01, turn, title)
            back = "ended" if turn == "began" else "began"
            self._plan(0.01 + self.chance.uniform(0.01, 1.0), back, title)
        elif mood == "another row":
            self._plan(after, "began", self.chance.choice(self.titles))
        elif mood == "both stay on":
            self._plan(after, "joined", title)
        elif mood == "dialog":
            self.dialogs = self.chance.randint(1, 12)
        elif mood == "asks first":
            self.asks, self.waiting = 1, title
        elif mood == "sorts anew":
            self._sort()
        elif mood == "takes the row away":
            self._drop(title)
        elif mood == "goes grey":
            self.grey.add(title)
        elif mood != "ignores":
            states = {
                "renames": "renamed",
                "logs out": "logged_out",
                "captcha": "captcha",
                "goes away": "gone",
            }
            self._plan(after, "state", states[mood])

    async def close_dialog(self) -> None:
        self.dialogs = max(0, self.dialogs - 1)

    async def confirm(self) -> None:
        if self.asks:
            self.asks = 0
            self._plan(0.1, "ended" if self.waiting in self.on else "began", self.waiting)

    async def reach(self, number: int) -> PageLook:
        self._pass(0.02)
        found = [i for i, row in enumerate(self._rows()) if row.number == number]
        if found and self.chance.random() < 0.8:
            self.top = max(0, found[0] - WINDOW // 2)
        return await self.look()

    async def sweep(self, number: int) -> Swept:
        looks = []
        for top in range(0, len(self.titles), WINDOW - 2):
            self.top = top
            looks.append((await self.look()).rows)
        found = [i for i, row in enumerate(self._rows()) if row.number == number]
        self.top = max(0, found[0] - WINDOW // 2) if found else 0
        return Swept(looks, await self.look(), self.chance.random() < 0.9)

    # What happens by itself

    def _began(self, title: str) -> None:
        if title in self.titles:
            self.on = {title}

    def _joined(self, title: str) -> None:
        self.on |= {title, self.chance.choice(self.titles)}

    def _ended(self, title: str) -> None:
        self.on.discard(title)

    def _toast(self, text: str) -> None:
        self.toasts = [text]
        self._plan(2.0, "silent", "")

    def _silent(self, _: str) -> None:
        self.toasts = []

    def _state(self, state: str) -> None:
        self.state = state

    def _sort(self, _: str = "") -> None:
        """A person moves a product: numbers are given anew."""
        self.titles.insert(self.chance.randrange(len(self.titles)), self.titles.pop())

    def _drop(self, title: str) -> None:
        self.titles.remove(title)
        self.on.discard(title)
        self.numbers = list(range(1, len(self.titles) + 1))
