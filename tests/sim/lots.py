"""What goes by the lot: which bundle or gift a line is of, and which gifts an order brings."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from tests.sim.books import Books, Data, Line
from tests.sim.broken import must
from tests.sim.stage import Cue, Stage

COUNTS_FOR = {"firing", "unknown", "on_air", "ended"}
"""An order that names its sale counts to it then."""


class Lots:
    def __init__(self, stage: Stage, books: Books) -> None:
        self._stage, self._books = stage, books

    def came_with(self, data: Data, at: datetime) -> None:
        """Whoever brings a gift has it while there are any, and nobody else has."""
        open_ = [c for c in self._stage.live.values() if c.kind == "gift" and c.open(at)]
        if len(open_) != 1:  # several may want one good: which has it is the console's to say
            return
        sale = self._books.sales[open_[0].cue_id]
        assert sale.gift is not None
        ((sku, count),) = sale.skus.items()
        lines = [Line(g["sku_id"], g["quantity"], g["unit_price_fen"], g["cue_id"]) for g in data["lines"]]
        bought = [line for line in lines if line.cue != sale.cue_id]
        buyer = data["buyer"]["id"]
        wanted = min(
            self._books.brought(sale.gift, bought),
            (sale.per_buyer - sale.buyers[buyer]) // count.lot,
        )
        goods = self._books.goods[sku]
        free = goods.on_hand - goods.held - sum(line.units for line in bought if line.sku == sku)
        due = max(0, min(wanted, min(count.left(), free) // count.lot)) * count.lot
        given = sum(line.units for line in lines if line.cue == sale.cue_id)
        must(given == due, "gifts that came with an order", data["order_id"], given, due, sale)

    def bundle_of(self, data: Data, at: datetime) -> str | None:
        """The bundle that a platform's order is of: named, or its goods for its price."""
        units: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        for sent in data["lines"]:
            units[sent["sku_id"]] += sent["quantity"]
            asked[sent["sku_id"]] += sent["quantity"] * sent["unit_price_fen"]
        named = self.counts_for(data, "bundle")
        open_ = [c for c in self._stage.live.values() if c.kind == "bundle" and c.open(at) and c is not named]
        for cue in [*([named] if named is not None else []), *open_]:
            sale = self._books.sales[cue.cue_id]
            lots = min(units[sku] // count.lot for sku, count in sale.skus.items())
            exact = all(units[sku] == lots * count.lot for sku, count in sale.skus.items())
            fair = sum(asked[sku] for sku in sale.skus) <= lots * sale.price
            if lots and (cue is named or (exact and fair)):
                return cue.cue_id
        return None

    def gift_of(self, data: Data, sent: Data, at: datetime) -> str | None:
        """The promotion that a line which cost nothing came with."""
        if sent["unit_price_fen"]:
            return None
        named = self.counts_for(data, "gift")
        open_ = [c for c in self._stage.live.values() if c.kind == "gift" and c.open(at)]
        for cue in [*([named] if named is not None else []), *open_]:
            if sent["sku_id"] in self._books.sales[cue.cue_id].skus:
                return cue.cue_id
        return None

    def counts_for(self, data: Data, kind: str) -> Cue | None:
        named = self._stage.cues.get(data.get("cue_id") or "")
        if named is None or named.kind != kind or named.cue_id in self._stage.gone:
            return None
        return named if named.status in COUNTS_FOR else None
