"""The goods of a board: what each brought, now and before, and how long it was explained."""

from __future__ import annotations

from collections.abc import Mapping
from operator import add
from typing import Final, NamedTuple

from liveconsole.books.boards.program import GoodsNames, Program
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import GMV, PAID_FOR, days_of
from liveconsole.books.boards.told import Typed
from liveconsole.books.boards.trend import ten_minutes
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import BoardProduct, BoardWhy, ProductBoard
from liveconsole.store.goods_days import LINES, shared

GOODS_MOST: Final = 100
LINES_MOST: Final = 200_000
"""Lines of orders of several that are shared out one by one."""
_ONE = (
    "SELECT o.only_product, o.lines > 1, sum({paid}), sum(CASE WHEN {paid} THEN o.only_units ELSE 0 END),"
    " sum({gmv}), sum(o.refund_fen), sum(CASE WHEN o.placed_at >= :last THEN {gmv} ELSE 0 END),"
    " sum(CASE WHEN o.placed_at >= :before AND o.placed_at < :last THEN {gmv} ELSE 0 END)"
    " FROM order_row o WHERE {where} GROUP BY 1, 2"
)
"""By the product of the only line, null where nobody told of any; orders of several lines apart."""
_OF_DAYS: Final = (
    "SELECT product_id, sum(paid), sum(units), sum(gmv_fen), sum(refund_fen) FROM product_day"
    " WHERE day >= :first AND day < :behind AND orders > 0 GROUP BY product_id"
)


class GoodsSums(NamedTuple):
    """Of one product; an order of several goods counts with each."""

    paid: int = 0
    units: int = 0
    gmv_fen: int = 0
    refund_fen: int = 0
    last_fen: int = 0
    before_fen: int = 0


def goods_sums(reader: BookReader, scope: BoardScope) -> dict[str, GoodsSums] | None:
    """Return product → its sums, "" for what no product is known of; together they are the whole. None: too
    many orders or lines of one broadcast. Days are read from the sums that the store keeps of each.

    What was paid for several lines is shared over them by amount, the largest remainders first, as the report
    does it.
    """
    if scope.number is None:
        return {row[0]: GoodsSums(*row[1:]) for row in reader.rows(_OF_DAYS, days_of(scope))}
    before, last, _ = ten_minutes(scope) or (scope.until + 1,) * 3
    values = scope.values | {"last": last, "before": before}
    words = {"paid": PAID_FOR, "gmv": GMV, "where": scope.where}
    groups = [(row[0], bool(row[1]), row[2:]) for row in reader.rows(_ONE.format(**words), values)]
    found = {product: GoodsSums(*sums) for product, many, sums in groups if product is not None and not many}
    several = f"{LINES.format(where=scope.where)} LIMIT {LINES_MOST}"
    lines = reader.rows(several, values) if any(many for _, many, _ in groups) else []
    if len(lines) == LINES_MOST:
        return None
    for share in shared(lines):
        fen = share.gmv_fen
        late, early = share.at >= last, before <= share.at < last
        mine = GoodsSums(*share[2:], last_fen=fen if late else 0, before_fen=fen if early else 0)
        had = found.get(share.product_id, GoodsSums())
        found[share.product_id] = GoodsSums(*map(add, had, mine))
    for gmv, refund in [(sums[2], sums[3]) for product, many, sums in groups if product is None and not many]:
        if gmv or refund:
            rest = found.get("", GoodsSums())
            found[""] = rest._replace(gmv_fen=rest.gmv_fen + gmv, refund_fen=rest.refund_fen + refund)
    return found


def goods_board(
    sums: Mapping[str, GoodsSums] | None,
    goods: GoodsNames,
    program: Program,
    typed: Typed,
    left: Mapping[str, tuple[int, str]],
    scope: BoardScope,
    *,
    known: bool,
) -> ProductBoard:
    """The most sold in the last ten minutes first. ``left``: product → units free, and its stock alarm."""
    if sums is None:
        return ProductBoard([], 0, why=BoardWhy("too_many"))
    found = {product_id for product_id in (*sums, *program.explained) if product_id}
    ten = ten_minutes(scope) is not None
    rows = []
    for product_id in found:
        mine = sums.get(product_id, GoodsSums())
        clicks = typed.of("clicks", product_id)
        units, alarm = left.get(product_id, (None, ""))
        explained = program.explained.get(product_id)
        paid = mine.paid if known else None
        rows.append(
            BoardProduct(
                product_id,
                program.numbers.get(product_id),
                goods.called(product_id),
                image=goods.images.get(product_id),
                pinned=product_id == program.pinned,
                explained_seconds=None if explained is None else round(explained),
                clicks=None if clicks is None else clicks.value,
                paid=paid,
                units=mine.units if known else None,
                clicks_to_paid=None
                if clicks is None or not clicks.value or paid is None
                else paid / clicks.value,
                gmv_fen=mine.gmv_fen if known else None,
                last_fen=mine.last_fen if known and ten else None,
                before_fen=mine.before_fen if known and ten else None,
                refund_fen=mine.refund_fen if known else None,
                left=units,
                stock_alarm=alarm,  # type: ignore[arg-type]
                why=BoardWhy("no_clicks") if clicks is None else None,
            )
        )
    rows.sort(key=lambda r: (-(r.last_fen or 0), -(r.gmv_fen or 0), r.number or 1 << 30, r.product_id))
    other = sums.get("", GoodsSums()).gmv_fen
    shown = sum(row.gmv_fen or 0 for row in rows[GOODS_MOST:])
    clicks_at = max((t.at for t in typed.goods("clicks")), default=None)
    return ProductBoard(rows[:GOODS_MOST], len(rows), clicks_at, other + shown if known else None)
