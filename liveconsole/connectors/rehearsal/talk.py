"""What simulated viewers are called and what they say. Pure: one seed, the same words."""

from __future__ import annotations

from random import Random
from typing import Any

from liveconsole.connectors.rehearsal.scenario import Phrases, ScenarioProduct

_MOODS = (("question", 30), ("praise", 24), ("one", 12), ("filler", 24), ("complaint", 6), ("spam", 1))


class Crowd:
    """The people of a room: viewer number → id and nickname. The lower the number, the more talkative."""

    def __init__(self, seed: int, size: int, phrases: Phrases) -> None:
        self.size = size
        self._seed = seed
        self._words = phrases.nickname
        self._known: dict[int, dict[str, str]] = {}

    def somebody(self, dice: Random) -> dict[str, str]:
        """A viewer as facts name him; regulars come up more often."""
        return self.viewer(int(self.size * dice.random() ** 1.7))

    def viewer(self, number: int) -> dict[str, str]:
        known = self._known.get(number)
        if known is None:
            known = {"id": f"sim:{number:06d}", "name": self._name(number)}
            self._known[number] = known
        return dict(known)

    def _name(self, number: int) -> str:
        dice = Random(f"{self._seed}/name/{number}")
        words = self._words
        if dice.random() < 0.18:
            return dice.choice(words["plain"]).replace("{k}", str(dice.randrange(1000, 10_000)))
        name = dice.choice(words["first"])
        return name + dice.choice(words["last"]) if dice.random() < 0.75 else name


class Talk:
    """Comments in live-shop Chinese."""

    def __init__(self, seed: int, phrases: Phrases, products: list[ScenarioProduct]) -> None:
        self._dice = Random(f"{seed}/talk")
        self._phrases = phrases
        self._products = {p.id: (n, p) for n, p in enumerate(products, 1)}
        self._any = products[0]
        self._moods = [name for name, _ in _MOODS]
        self._weights = [weight for _, weight in _MOODS]

    def idle(self, pinned: str | None, *, ones: bool) -> str:
        """Something about what is on air; ``ones`` while the host lets them 扣 1."""
        dice = self._dice
        mood = "one" if ones and dice.random() < 0.7 else dice.choices(self._moods, self._weights)[0]
        return self._fill(dice.choice(getattr(self._phrases, mood)), pinned)

    def keyword(self, keyword: str) -> str:
        """A 口令 as people type it: mostly right, sometimes decorated, sometimes not it at all."""
        dice = self._dice
        roll = dice.random()
        if not keyword or roll < 0.04:
            return dice.choice(self._phrases.bag_near)
        if roll < 0.80:
            return keyword
        if roll < 0.87:
            return keyword + dice.choice(["！", "!!", "～", "🎁", "🙏"])
        if roll < 0.91:
            return " ".join(keyword)
        if roll < 0.95:
            return keyword[:-1] or keyword
        return dice.choice(["", "我要 "]) + keyword + " "

    def after_order(self, *, got: bool) -> str:
        return self._dice.choice(self._phrases.bought if got else self._phrases.missed)

    def gift(self) -> tuple[str, int]:
        """Name and value in 分 of one."""
        gifts: dict[str, list[Any]] = self._phrases.gift
        place = self._dice.randrange(len(gifts["names"]))
        return str(gifts["names"][place]), int(gifts["fen"][place])

    def _fill(self, phrase: str, pinned: str | None) -> str:
        if "{" not in phrase:
            return phrase
        dice = self._dice
        number, product = self._products.get(pinned or "", (1, self._any))
        return phrase.format(
            short=product.short, n=number, cm=dice.randrange(152, 178), jin=dice.randrange(88, 160)
        )
