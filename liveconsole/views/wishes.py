"""What people want to have: 想要, 返场, 加单, by product and in people. Pure and bounded.

A wish is about the product whose number it names, else about the one that was explained when it was said;
one of a moment of which nobody knows what was explained counts for none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from liveconsole.views.questions import WishWords, one_of, spellings

Proposal = Literal["back", "more"]
"""返场: sell it again; 加单: more units of it."""
PEOPLE_MAX: Final = 5_000
"""People who are remembered for one wish of one product: beyond them the count stands."""
PRODUCTS_MAX: Final = 500
"""Products that are remembered; the one that the fewest want leaves first."""
SHOWN: Final = 20
LETTERS: Final = 60
"""Letters of a comment that are looked at."""

_DIGITS: Final = {letter: n for n, letter in enumerate("一二三四五六七八九十", 1)}
_NUMBER: Final = re.compile(r"(?<![0-9.])([0-9]{1,3}|[一二三四五六七八九十]) ?号(?!色|码)")


class Wish(Struct, frozen=True):
    """Of one product, people who said so in this broadcast; ``proposal`` where enough did."""

    product_id: str
    people: int
    """Who said any of it, each once."""
    want: int
    back: int
    more: int
    proposal: Proposal | None = None


class Wishes:
    """``comment`` each comment of one broadcast in order, read ``told``."""

    def __init__(self, words: Sequence[WishWords]) -> None:
        self._words: dict[str, str] = {
            each: wish.id for wish in reversed(words) for w in wish.words for each in spellings(w)
        }
        self._words |= {each: "" for wish in words for w in wish.unless for each in spellings(w)}
        self._search = one_of(self._words)
        self._said: dict[str, dict[str, set[str]]] = {}

    def clear(self) -> None:
        """Another broadcast: nothing was wished yet."""
        self._said = {}

    def comment(self, person: str, text: str, explained: str | None, numbers: Mapping[int, str]) -> None:
        """One comment; ``numbers``: those in the cart → product."""
        text = text[:LETTERS]
        wish = next((id_ for one in self._search.finditer(text) if (id_ := self._words[one.group()])), "")
        if not wish or not person:
            return
        named = _NUMBER.search(text)
        if named is not None:
            said = named.group(1)
            product = numbers.get(_DIGITS.get(said) or int(said))
        else:
            product = explained
        if product is None:
            return
        if product not in self._said and len(self._said) >= PRODUCTS_MAX:
            del self._said[min(self._said, key=lambda id_: _people(self._said[id_]))]
        people = self._said.setdefault(product, {}).setdefault(wish, set())
        if len(people) < PEOPLE_MAX:
            people.add(person)

    def told(self, *, least: int, explained: str | None, hidden: frozenset[str] = frozenset()) -> list[Wish]:
        """Those that most people want first; ``least``: people from whom on something is proposed."""
        found = []
        for product_id, said in self._said.items():
            want, back, more = (said.get(name, set()) - hidden for name in ("want", "back", "more"))
            if everybody := len(want | back | more):
                proposal = _proposal(len(want), len(back), len(more), least, here=product_id == explained)
                found.append(Wish(product_id, everybody, len(want), len(back), len(more), proposal))
        return sorted(found, key=lambda wish: (-wish.people, wish.product_id))[:SHOWN]


def _people(said: Mapping[str, set[str]]) -> int:
    return sum(map(len, said.values()))


def _proposal(want: int, back: int, more: int, least: int, *, here: bool) -> Proposal | None:
    """What is wanted of the product that is explained now is heard anyway: nothing is to be brought back."""
    if more >= max(least, back):
        return "more"
    if back >= least or (want + back >= least and not here):
        return "back"
    return None
