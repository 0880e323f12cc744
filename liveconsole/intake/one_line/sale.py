"""秒杀 in one line: which SKUs, each with its price and how many; one price or 「各30」 is for several."""

from __future__ import annotations

from typing import Any

from liveconsole.intake.one_line.line import LineReader
from liveconsole.intake.one_line.tokens import Token
from liveconsole.views.goods import Good

_REPEATED = frozenset({"refs", "id", "sku", "all_skus", "rest", "price", "quantity"})
_CHOOSING = frozenset({"refs", "sku", "all_skus", "rest"})


class _Group:
    """What was said of the SKUs that stand together, until others are named."""

    def __init__(self) -> None:
        self.refs: Token | None = None
        self.chosen: list[Token] = []
        self.price: Token | None = None
        self.quantity: Token | None = None
        self.figured = False
        """A price or a quantity stands behind what was chosen: what is chosen next is something else."""
        self.good: Good
        self.numbers: list[int] = []

    def ends_before(self, name: str) -> bool:
        """Whether this token begins another."""
        if name == "refs":
            return self.price is not None and self.quantity is not None and bool(self.chosen or self.refs)
        return name in _CHOOSING and self.figured

    def take(self, token: Token, line: LineReader) -> None:
        name = "refs" if token.name == "id" else token.name
        if name in _CHOOSING and name != "refs":
            self.chosen.append(token)
            return
        if getattr(self, name) is not None:
            raise line.wrong("twice", token)
        setattr(self, name, token)
        self.figured |= name != "refs" and bool(self.chosen)


def sale(line: LineReader) -> dict[str, Any]:
    """The spec of a sale."""
    groups, rest = _groups(line)
    found = line.only(rest, {"per", "time"})
    _goods(line, groups)
    for group in groups:
        _choose(line, group)
    _leave(line, groups)
    rows: dict[str, dict[str, Any]] = {}
    for group in groups:
        price, quantity = _price(line, groups, group), _quantity(line, groups, group)
        for number in group.numbers:
            sku_id = group.good.skus[number].sku_id
            rows[sku_id] = {
                "sku_id": sku_id, "price_fen": line.fen(price, 1, 2), "quantity": line.count(quantity),
            }  # fmt: skip
    skus = list(rows.values())
    spec: dict[str, Any] = dict(skus[0]) if len(skus) == 1 else {"skus": skus}
    spec |= {"per_buyer": line.per_buyer(found), "seconds": line.time(found)}
    if any((group.price.groups[0] or "").startswith("改") for group in groups if group.price is not None):
        spec["via"] = "price"
    return spec


def _groups(line: LineReader) -> tuple[list[_Group], list[Token]]:
    groups, rest = [_Group()], []
    for token in line.tokens:
        if token.name not in _REPEATED:
            rest.append(token)
            continue
        if groups[-1].ends_before("refs" if token.name == "id" else token.name):
            groups.append(_Group())
        groups[-1].take(token, line)
    last = groups[-1]
    if len(groups) > 1 and last.refs is None and not last.chosen:
        raise line.missing("no_goods")
    return groups, rest


def _goods(line: LineReader, groups: list[_Group]) -> None:
    """A group without a product of its own is of the one before; the first, of the one that is named."""
    named = [group.refs for group in groups if group.refs is not None]
    good = line.one(named[:1]) if len({tuple(line.refs(token)) for token in named}) == 1 else None
    for group in groups:
        if group.refs is not None or good is None:
            good = line.one([group.refs] if group.refs is not None else [])
        group.good = good


def _choose(line: LineReader, group: _Group) -> None:
    """The SKUs that it names; all of them where it says 各 and names none."""
    good, before = group.good, None
    for token in group.chosen:
        if token.name == "sku":
            if token.groups[0] != good.product_id:
                raise line.wrong("other_product", token, text=line.said_of(token), title=good.title)
            if len(token.groups) > 2 and token.groups[2]:
                raise _unsure(line, good, token)
            if before is not None and len(token.numbers) > 1 and line.goes_with(good, before, token):
                raise _unsure(line, good, token)
            before = token
            group.numbers += [n for n in token.numbers if n not in group.numbers]
        elif token.name == "all_skus":
            group.numbers = list(range(len(good.skus)))
    if not group.chosen:
        if len(good.skus) > 1 and (group.quantity is None or not is_each(line, group.quantity)):
            titles = "、".join(sku.title for sku in good.skus)
            raise line.missing("which_sku", title=good.title, skus=titles)
        group.numbers = list(range(len(good.skus)))


def _leave(line: LineReader, groups: list[_Group]) -> None:
    """「其余」 is what no other group names; an exception takes its SKUs out of the wider group before it."""
    for place, group in enumerate(groups):
        others = [each for each in groups[:place] if each.good is group.good]
        for other in others:
            shared = set(other.numbers) & set(group.numbers)
            if shared and not set(group.numbers) < set(other.numbers):
                token = group.chosen[0] if group.chosen else group.refs or group.quantity
                raise line.wrong("twice", token) if token is not None else line.missing("no_goods")
            other.numbers = [n for n in other.numbers if n not in shared]
    for group in groups:
        for token in group.chosen:
            if token.name == "rest":
                taken = {n for each in groups if each.good is group.good for n in each.numbers}
                left = [n for n in range(len(group.good.skus)) if n not in taken]
                if not left:
                    raise line.wrong("no_rest", token)
                group.numbers += left


def _price(line: LineReader, groups: list[_Group], group: _Group) -> Token:
    """Its own, or the one that is said for all of the product."""
    said = [each.price for each in groups if each.price is not None and each.good is group.good]
    if group.price is None and not (len(said) == 1 or _general(groups, group, "price")):
        raise line.missing("no_price")
    return group.price or (said[0] if said else _missing(line, "no_price"))


def _quantity(line: LineReader, groups: list[_Group], group: _Group) -> Token:
    said = group.quantity
    if said is None:
        each = [
            other.quantity
            for other in groups
            if other.good is group.good and other.quantity is not None and is_each(line, other.quantity)
        ]
        if not each or not (len(each) == 1 or _general(groups, group, "quantity")):
            raise line.missing("no_quantity")
        said = each[0]
    if len(group.numbers) > 1 and not is_each(line, said):
        titles = "、".join(group.good.skus[n].title for n in group.numbers)
        params = {"skus": titles, "count": len(group.numbers), "text": line.said_of(said)}
        raise line.wrong("say_each", said, **params)
    return said


def _general(groups: list[_Group], group: _Group, name: str) -> bool:
    """Whether the first group of the product says it for all of it, of which this is an exception."""
    first = next(each for each in groups if each.good is group.good)
    return any(token.name == "all_skus" for token in first.chosen) and getattr(first, name) is not None


def _missing(line: LineReader, code: str) -> Token:
    raise line.missing(code)


def is_each(line: LineReader, token: Token) -> bool:
    """「各30」, not 「x30」 and not 「共30」."""
    return line.text[token.start] in "各每"


def _unsure(line: LineReader, good: Good, token: Token) -> Exception:
    titles = "、".join(good.skus[n].title for n in token.numbers)
    return line.wrong("several_skus", token, text=line.said_of(token), skus=titles)
