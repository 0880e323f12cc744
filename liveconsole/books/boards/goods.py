"""The goods of a board: what each brought, now and before, and how long it was explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from liveconsole.books.boards.program import GoodsNames, Program
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import GMV, days_of, kept_of
from liveconsole.books.boards.told import Typed
from liveconsole.books.boards.trend import ten_minutes
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import BoardProduct, BoardWhy, ProductBoard
from liveconsole.store.goods_days import LINES, shared

GOODS_MOST: Final = 100
LINES_MOST: Final = 200_000
"""Lines of orders of several, of twenty minutes, that are shared out one by one."""
_KEPT: Final = (
    "SELECT product_id, sum(paid), sum(units), sum(gmv_fen), sum(refund_fen) FROM product_day"
    " WHERE {sums} AND orders > 0 GROUP BY product_id"
)
_WITHIN: Final = "o.broadcast = :number AND o.placed_at >= :before"
_LATEST: Final = (
    f"SELECT coalesce(o.only_product, ''), sum(CASE WHEN o.placed_at >= :last THEN {GMV} ELSE 0 END),"
    f" sum(CASE WHEN o.placed_at < :last THEN {GMV} ELSE 0 END)"
    f" FROM order_row o WHERE {_WITHIN} AND o.lines < 2 GROUP BY 1"
)
_LATEST_LINES: Final = f"{LINES.format(where=_WITHIN)} LIMIT {LINES_MOST}"


class GoodsSums(NamedTuple):
    """Of one product; an order of several goods counts with each."""

    paid: int = 0
    units: int = 0
    gmv_fen: int = 0
    refund_fen: int = 0


class LatestGmv(NamedTuple):
    """分 of one product in the last ten minutes, and in the ten before."""

    last_fen: int = 0
    before_fen: int = 0


def goods_sums(reader: BookReader, scope: BoardScope) -> dict[str, GoodsSums]:
    """Return product → its sums, "" for what no product is known of; together they are the whole. They are
    read from the sums that the store keeps of each day and broadcast.

    What was paid for several lines is shared over them by amount, the largest remainders first, as the report
    does it.
    """
    values = scope.values if scope.number is not None else days_of(scope)
    return {row[0]: GoodsSums(*row[1:]) for row in reader.rows(_KEPT.format(sums=kept_of(scope)), values)}


def latest_gmv(reader: BookReader, scope: BoardScope) -> dict[str, LatestGmv] | None:
    """Return product → what it brought of late, where it brought anything; None where a broadcast has no ten
    minutes yet or more orders of several lines in them than are gone through."""
    spans = ten_minutes(scope)
    if spans is None:
        return None
    before, last, _ = spans
    values = scope.values | {"last": last, "before": before}
    lines = reader.rows(_LATEST_LINES, values)
    if len(lines) == LINES_MOST:
        return None
    found = {row[0]: LatestGmv(*row[1:]) for row in reader.rows(_LATEST, values)}
    for share in shared(lines):
        late, early = found.get(share.product_id, LatestGmv())
        is_late = share.at >= last
        found[share.product_id] = LatestGmv(
            late + share.gmv_fen * is_late, early + share.gmv_fen * (not is_late)
        )
    return found


def goods_board(
    sums: Mapping[str, GoodsSums],
    latest: Mapping[str, LatestGmv] | None,
    goods: GoodsNames,
    program: Program,
    typed: Typed,
    left: Mapping[str, tuple[int, str]],
    *,
    known: bool,
) -> ProductBoard:
    """The most sold in the last ten minutes first. ``left``: product → units free, and its stock alarm."""
    found = {product_id for product_id in (*sums, *program.explained) if product_id}
    rows = []
    for product_id in found:
        mine = sums.get(product_id, GoodsSums())
        late = latest.get(product_id, LatestGmv()) if known and latest is not None else None
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
                last_fen=None if late is None else late.last_fen,
                before_fen=None if late is None else late.before_fen,
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
