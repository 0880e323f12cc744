"""Qualifications of regulated goods: without number or picture, or when they have expired, a product is
neither pinned nor sold in a promotion.

A product of no category, and one of a category that the rules do not know, has no rule: it passes, and the
state says which of both it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from liveconsole.domain.china import begin_of, day_of
from liveconsole.domain.room import Product, Room
from liveconsole.messages.law import CategoryRule, Need, Qualification
from liveconsole.messages.refusals import Refused

Why = Literal["missing", "number", "image", "expired"]
_WORDS: dict[Why, tuple[str, str]] = {
    "missing": ("缺{name}", "no {name}"),
    "number": ("{name}缺证号", "no number of the {name}"),
    "image": ("{name}缺图片", "no picture of the {name}"),
    "expired": ("{name} {until} 已到期", "the {name} ended on {until}"),
}


class Lacking(Struct, frozen=True):
    """One need of a category that a product does not meet."""

    need: Need
    why: Why
    until: date | None = None

    def words(self, *, english: bool = False) -> str:
        name = self.need.en if english else self.need.zh
        return _WORDS[self.why][english].format(name=name, until=self.until)


def rule_of(room: Room, product: Product) -> CategoryRule | None:
    category = product.sent.get("category")
    rules = room.law.rules
    return rules.category(category) if rules is not None and isinstance(category, str) else None


def lacking(room: Room, product: Product, at: datetime) -> list[Lacking]:
    """Return every need that is not met on that day, in the order of the rule."""
    rule = rule_of(room, product)
    if rule is None or not rule.needs:
        return []
    there = msgspec.convert(product.sent.get("qualifications") or [], list[Qualification])
    return [short for need in rule.needs if (short := _short_of(need, there, day_of(at))) is not None]


def _short_of(need: Need, there: Iterable[Qualification], today: date) -> Lacking | None:
    """What is in the way of the best of those that are there; None where one will do."""
    found: list[Lacking] = []
    for one in there:
        if one.kind not in need.kinds:
            continue
        if need.number and not one.number.strip():
            found.append(Lacking(need, "number"))
        elif need.image and not one.image.strip():
            found.append(Lacking(need, "image"))
        elif one.until is not None and one.until < today:
            found.append(Lacking(need, "expired", one.until))
        else:
            return None
    return found[-1] if found else Lacking(need, "missing")


def refusal(room: Room, product_ids: Iterable[str], at: datetime) -> Refused | None:
    """Return the ``unqualified`` of the first of these goods that lacks something, with the rule's name."""
    for product_id in product_ids:
        product = room.products.get(product_id)
        rule = rule_of(room, product) if product is not None else None
        if product is None or rule is None:
            continue
        if short := lacking(room, product, at):
            params: dict[str, Any] = {
                "product_id": product_id,
                "category": rule.id,
                "rule": rule.rule,
                "rule_en": rule.rule_en,
                "lacks": "；".join(one.words() for one in short),
                "lacks_en": "; ".join(one.words(english=True) for one in short),
                "kinds": [one.need.kinds[0] for one in short],
            }
            return Refused("unqualified", params)
    return None


def passes(room: Room, product_id: str) -> bool:
    """Tell whether a product may be explained by what the log says, at the time of its last event."""
    product = room.products[product_id]
    return room.at is None or not lacking(room, product, room.at)


def ends(room: Room) -> Iterator[datetime]:
    """Yield the moments from which a qualification no longer holds."""
    for product in room.products.values():
        for one in product.sent.get("qualifications") or ():
            until = one.get("until") if isinstance(one, dict) else None
            if isinstance(until, str):
                yield begin_of(date.fromisoformat(until) + timedelta(days=1))
