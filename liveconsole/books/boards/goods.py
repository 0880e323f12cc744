"""The goods of a board: what each brought, now and before, and how long it was explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from liveconsole.books.boards.program import GoodsNames, Program
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import GMV, PAID_FOR
from liveconsole.books.boards.told import Typed
from liveconsole.books.boards.trend import ten_minutes
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import BoardProduct, BoardWhy, ProductBoard
from liveconsole.store.order_days import SOLD_OF_LINE
from liveconsole.views.report.ledger import spread

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
_MANY = (
    "SELECT o.order_id, coalesce(l.product_id, ''), {paid}, {sold}, l.quantity * l.unit_price_fen, {gmv},"
    " o.refund_fen, coalesce(o.placed_at, 0) FROM order_row o JOIN order_line l ON l.order_id = o.order_id"
    " WHERE {where} AND o.lines > 1"
    " ORDER BY o.order_id, l.line LIMIT {most}"
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
    many lines.

    What was paid for several lines is shared over them by amount, the largest remainders first, as the report
    does it.
    """
    before, last, _ = ten_minutes(scope) or (scope.until + 1,) * 3
    values = scope.values | {"last": last, "before": before}
    words = {"paid": PAID_FOR, "gmv": GMV, "where": scope.where, "most": LINES_MOST, "sold": SOLD_OF_LINE}
    groups = [(row[0], bool(row[1]), row[2:]) for row in reader.rows(_ONE.format(**words), values)]
    found = {product: GoodsSums(*sums) for product, many, sums in groups if product is not None and not many}
    lines = reader.rows(_MANY.format(**words), values) if any(many for _, many, _ in groups) else []
    if len(lines) == LINES_MOST:
        return None
    start = 0
    for n in range(1, len(lines) + 1):
        if n == len(lines) or lines[n][0] != lines[start][0]:
            _share_out(found, lines[start:n], before, last)
            start = n
    for gmv, refund in [(sums[2], sums[3]) for product, many, sums in groups if product is None and not many]:
        if gmv or refund:
            rest = found.get("", GoodsSums())
            found[""] = rest._replace(gmv_fen=rest.gmv_fen + gmv, refund_fen=rest.refund_fen + refund)
    return found


def _share_out(found: dict[str, GoodsSums], lines: list[tuple[object, ...]], before: int, last: int) -> None:
    weights = [int(line[4]) for line in lines]  # type: ignore[call-overload]
    _, _, paid, _, _, gmv, refund, at = lines[0]
    met: set[str] = set()
    shares = zip(lines, spread(gmv, weights), spread(refund, weights), strict=True)  # type: ignore[arg-type]
    for (_, product_id, _, quantity, *_), fen, back in shares:
        product = str(product_id)
        had = found.get(product, GoodsSums())
        found[product] = GoodsSums(
            had.paid + (int(bool(paid)) if product not in met else 0),
            had.units + (int(quantity) if paid else 0),  # type: ignore[call-overload]
            had.gmv_fen + fen,
            had.refund_fen + back,
            had.last_fen + (fen if at >= last else 0),  # type: ignore[operator]
            had.before_fen + (fen if before <= at < last else 0),  # type: ignore[operator]
        )
        met.add(product)


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
