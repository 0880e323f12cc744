"""组合价 and 买赠 in one line: goods with their units, what they cost together or bring, how many times."""

from __future__ import annotations

from typing import Any, Final

from liveconsole.intake.one_line.line import LineReader
from liveconsole.intake.one_line.tokens import Token

_GOODS: Final = frozenset({"refs", "id", "sku", "quantity"})


class Items:
    """The goods of a line in their order, each with the count behind it; a count behind that one is of the
    whole promotion."""

    def __init__(self, line: LineReader) -> None:
        self.skus: list[tuple[str, int]] = []
        self.count: int | None = None
        self.rest: list[Token] = []
        self._line = line
        self._open: Token | None = None
        """The product that was named last, and has no count yet."""
        self._sku: Token | None = None
        for token in line.tokens:
            if token.name not in _GOODS:
                self._close(None)
                self.rest.append(token)
            elif token.name == "quantity":
                self._counted(token)
            elif token.name == "sku":
                self._sku = token
            else:
                self._close(None)
                self._open = token
        self._close(None)

    def _counted(self, token: Token) -> None:
        said = self._line.said_of(token)
        of_all = said[0] in "共限数" or said[-1] in "份套"
        if self._open is not None and not of_all:
            self._close(token)
        elif self.count is None:
            self.count = self._line.count(token)
        else:
            raise self._line.wrong("twice", token)

    def _close(self, count: Token | None) -> None:
        if self._open is None:
            return
        good = self._line.one([self._open])
        place = 0
        if len(good.skus) > 1:
            numbers = self._sku.numbers if self._sku is not None else ()
            if len(numbers) != 1 or self._sku is None or self._sku.groups[0] != good.product_id:
                titles = "、".join(sku.title for sku in good.skus)
                raise self._line.missing("which_sku", title=good.title, skus=titles)
            place = numbers[0]
        units = self._line.count(count) if count is not None else 1
        self.skus.append((good.skus[place].sku_id, units))
        self._open = self._sku = None

    def whole(self) -> int:
        """How many times the promotion can be had."""
        if self.count is None:
            raise self._line.missing("no_quantity")
        return self.count


def bundle(line: LineReader) -> dict[str, Any]:
    items = Items(line)
    found = line.only(items.rest, {"kind_bundle", "together", "per", "time"})
    if not items.skus:
        raise line.missing("no_goods")
    if "together" not in found:
        raise line.missing("no_price_together")
    return {
        "items": [{"sku_id": sku_id, "quantity": units} for sku_id, units in items.skus],
        "price_fen": line.fen(found["together"], 0, 1),
        "quantity": items.whole(),
        "per_buyer": line.per_buyer(found),
        "seconds": line.time(found),
    }


def gift(line: LineReader) -> dict[str, Any]:
    """What is named last is the gift; 「满199」 stands in the place of the goods that bring it."""
    items = Items(line)
    found = line.only(items.rest, {"kind_gift", "reach", "per", "time"})
    if len(items.skus) < (1 if "reach" in found else 2):
        raise line.missing("no_gift")
    *bought, (sku_id, units) = items.skus
    buy: dict[str, Any]
    if "reach" in found:
        if bought:
            raise line.wrong("not_here", found["reach"])
        buy = {"threshold_fen": line.fen(found["reach"], 0, 1)}
    else:
        owners = [owner[0].product_id for id_, _ in bought if (owner := line.goods.owner(id_)) is not None]
        buy = {"product_ids": list(dict.fromkeys(owners)), "units": bought[-1][1]}
    return {
        "buy": buy,
        "gift": {"sku_id": sku_id, "quantity": units},
        "quantity": items.whole(),
        "per_buyer": line.per_buyer(found),
        "seconds": line.time(found),
    }
