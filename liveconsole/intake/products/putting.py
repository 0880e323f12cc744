"""Rows of a table on their way into the catalogue: parted into commands, and without what is refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from liveconsole.intake.batches import batches
from liveconsole.intake.products.changes import RowChange
from liveconsole.intake.products.rows import CatalogueRow


class ProductImport:
    """What to ask next, and what became of it. Pure: whoever has the seat asks and tells the answer.

    A product that the engine refuses by name is left out and the rest asked for again: a wrong one takes no
    other along, as no row of the table does.
    """

    def __init__(self, seen: Sequence[RowChange]) -> None:
        self.refused: dict[str, str] = {}
        """Product → why the engine did not take it."""
        self.taken: list[CatalogueRow] = []
        rows = {each.row.product_id: each for each in seen if each.row is not None}
        asked = [each for each in rows.values() if each.state in ("new", "changed") and each.row is not None]
        self._new = {each.row.product_id for each in asked if each.state == "new" and each.row is not None}
        puts = [each.row.product(known=each.state == "changed") for each in asked if each.row is not None]
        self._rows: Mapping[str, CatalogueRow] = {
            id_: each.row for id_, each in rows.items() if each.row is not None
        }
        self._left = deque(batches(puts))
        self.total = len(puts)

    @property
    def new(self) -> int:
        """How many of those taken nobody knew when they were asked for: the catalogue has them by now."""
        return sum(row.product_id in self._new for row in self.taken)

    def next(self) -> dict[str, Any] | None:
        """The data of the next ``catalogue.put``; None when all has been asked for."""
        while self._left and not self._left[0]:
            self._left.popleft()
        return {"products": list(self._left[0])} if self._left else None

    def told(self, ok: bool, params: Mapping[str, Any], reason: str) -> bool:
        """Take the answer to what `next` gave. False: it is no one product's fault, and nothing more of the
        table can be asked for now; what was taken stays taken."""
        batch = self._left[0]
        if ok:
            self.taken += [self._rows[put["product_id"]] for put in self._left.popleft()]
            return True
        blamed = _blamed(batch, params)
        if blamed is None:
            return False
        self.refused[blamed] = reason
        self._left[0] = [put for put in batch if put["product_id"] != blamed]
        return True

    def for_cart(self, there: Sequence[str]) -> list[list[str]]:
        """Products that are not in the cart yet, parted into ``cart.add``, in the order of the table."""
        gone = {put["product_id"] for batch in self._left for put in batch} | self.refused.keys() | set(there)
        return list(batches([id_ for id_ in self._rows if id_ not in gone]))


def _blamed(batch: Sequence[Mapping[str, Any]], params: Mapping[str, Any]) -> str | None:
    """Whose fault a refusal is: it names a product of the batch, one of its SKUs, or its place."""
    place, ids = params.get("index"), [put["product_id"] for put in batch]
    if isinstance(place, int) and 0 <= place < len(ids):
        return str(ids[place])
    for put in batch:
        skus = [sku["sku_id"] for sku in put.get("skus", ())] or [put["product_id"]]
        if params.get("sku_id") in skus:
            return str(put["product_id"])
    return str(params["product_id"]) if params.get("product_id") in ids else None
