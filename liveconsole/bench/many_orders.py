"""Very many orders of very many people, put into the read tables by SQL: no log stands behind them.

What the rules make of a year goes through the engine in `years`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from liveconsole.store import goods_days, order_days, parcel_days
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.rows import micros
from liveconsole.store.store import Store

DAYS: Final = 730
PRODUCTS: Final = 400
_DAY: Final = 86_400_000_000
_AT_ONCE: Final = 20_000

_NUMBERED: Final = (
    "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < %s - 1)"
)


def _padded(number: str, digits: int) -> str:
    """A number with its zeros, in words that SQLite and PostgreSQL both know."""
    return f"substr(CAST(1{'0' * digits} + {number} AS TEXT), 2)"


_GOODS = (
    _NUMBERED % ":products" + " INSERT INTO goods_row (sku_id, product_id, title, sku_title)"
    " SELECT 'sku-' || i, 'prod-' || i,"
    " CASE i % 4 WHEN 0 THEN '羊绒围巾' WHEN 1 THEN '保温杯' WHEN 2 THEN '帆布包'"
    " ELSE '毛毯' END || i || '号', '' FROM n"
)
_ORDERS = (
    _NUMBERED
    % ":orders"
    + " INSERT INTO order_row (order_id, status, buyer, total_fen, paid_fen, refund_fen, placed_at, seq,"
    " broadcast, units, flags, paid_at, scene, province, payment, past, ship, delivered_at, tail,"
    " shipped_at, ship_told)"
    f" SELECT '37' || {_padded('i * 7919 % 100000000', 8)}, CASE WHEN i % 100 < 9 THEN 'closed'"
    " WHEN i > :orders - 3000 AND i % 10 = 0 THEN 'placed' ELSE 'paid' END,"
    f" 'p0000' || {_padded('i * 31 % :people', 16)}, 9900 + i % 50, 9900,"
    " CASE i % 20 WHEN 1 THEN 9900 ELSE 0 END,"
    " :first + i * :step, i, 1 + i / 2000, 1, 19, :first + i * :step + 60000000,"
    " CASE i % 3 WHEN 0 THEN 'live' ELSE 'window' END, '浙江省', 'wechat', 0,"
    " CASE WHEN i > :orders - 4000 THEN NULL WHEN i > :orders - 9000 THEN 'shipped'"
    " WHEN i > :orders - 9500 THEN 'out_for_delivery' WHEN i % 5000 = 77 THEN 'exception'"
    " ELSE 'delivered' END,"
    " CASE WHEN i > :orders - 9500 OR i % 5000 = 77 THEN NULL ELSE :first + i * :step + 3 * :day END,"
    f" {_padded('i * 7919 % 10000', 4)},"
    " CASE WHEN i <= :orders - 4000 THEN :first + i * :step + :day END,"
    " CASE WHEN i <= :orders - 4000 THEN :first + i * :step + :day END FROM n"
)
_LINES = (
    "INSERT INTO order_line (order_id, line, product_id, sku_id, quantity, unit_price_fen)"
    " SELECT o.order_id, 1, 'prod-' || k, 'sku-' || k, 1, 9900"
    " FROM (SELECT order_id, rowid % :products * (rowid % :products) / :products k FROM order_row) o"
)
_SHIPMENTS = (
    "INSERT INTO shipment (order_id, status, carrier, waybill, eta, text, at, shipped_at, delivered_at, seq)"
    " SELECT order_id, ship, '顺丰', 'SF' || rowid, NULL, '', placed_at + :day,"
    " placed_at + :day, delivered_at, rowid FROM order_row WHERE ship IS NOT NULL"
)
_AFTERSALES = (
    "INSERT INTO aftersale (aftersale_id, order_id, kind, status, reason, amount_fen, asked_at, answered_at,"
    " closed_at, due_at, at, seq, disputed_at) SELECT 'as' || rowid, order_id, 'return',"
    " CASE WHEN rowid < :orders - 60000 THEN 'refunded' WHEN rowid % 7 = 0 THEN 'platform' ELSE 'asked' END,"
    " '大小不合适', 9900, placed_at + :day, NULL, CASE WHEN rowid < :orders - 60000 THEN placed_at + 2 * :day"
    " END, NULL, placed_at + :day, rowid, CASE WHEN rowid % 7 = 0 THEN placed_at + :day END"
    " FROM order_row WHERE rowid % 28 = 1 AND rowid < :orders - 1500"
)
_REVIEWS = (
    "INSERT INTO review (seq, order_id, product_id, stars, text, at) SELECT rowid, order_id,"
    " 'prod-' || rowid % :products, CASE WHEN rowid % 20 = 0 THEN 1 ELSE 5 END, '有点薄',"
    " placed_at + :day FROM order_row WHERE rowid % 2 = 0 AND rowid < :orders - 1500"
)
_STEPS = (
    "INSERT INTO case_step (case_id, step, done_by, done, at, seq) SELECT 'aftersale/' || aftersale_id,"
    " 'look', 'assistant', 1, asked_at, seq FROM aftersale WHERE seq % 3 = 0"
    " UNION ALL SELECT 'review/' || seq, 'thank', 'assistant', 1, at, seq FROM review"
    " WHERE stars = 1 AND seq % 3 = 0"
)


def fill(store: Store, newest: datetime, *, orders: int, people: int) -> None:
    """Put in so many orders of the two years up to ``newest``, into a store of either kind."""
    step = DAYS * _DAY // orders
    values = {
        "orders": orders,
        "people": people,
        "products": PRODUCTS,
        "first": micros(newest) - step * orders,
        "step": step,
        "day": _DAY,
    }
    file = store._file if isinstance(store, CipherStore) else None
    if file is not None:
        file.pragma("synchronous=OFF")  # made to be measured, not to be kept: no disk is waited for
    with store._file.writing() as c:
        for start in range(0, people, _AT_ONCE):
            store._put_persons(c, dict(map(_buyer, range(start, min(start + _AT_ONCE, people)))), 0)
        for sql in (_GOODS, _ORDERS, _LINES, _SHIPMENTS):
            c.exec_driver_sql(sql, _named_in(sql, values))
        ids = [row[0] for row in c.exec_driver_sql("SELECT order_id FROM order_row ORDER BY rowid")]
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            order_days.enter(c, some, order_days.Leaving())
            goods_days.enter(c, some, left=False)
            parcel_days.enter(c, some, left=False)
    if file is not None:
        file.pragma("synchronous=FULL")
    store.checkpoint()


def _buyer(number: int) -> tuple[str, tuple[str, str]]:
    name = f"{'林陈黄张李王吴刘蔡杨'[number % 10]}{'红梅兰竹菊云霞雪月风'[number // 10 % 10]}的小店{number}"
    return f"p{number:020}", (f"buyer-{number}", name)


def _named_in(sql: str, values: Mapping[str, int]) -> dict[str, int]:
    return {name: value for name, value in values.items() if f":{name}" in sql}


def open_cases(store: Store) -> None:
    """Open cases beside those of orders and parcels: after-sales and low reviews of the last weeks, some of
    them begun, and those of the years before, which are over."""
    with store._file.writing() as c:
        orders = c.exec_driver_sql("SELECT count(*) FROM order_row").scalar_one()
        values = {"orders": orders, "products": PRODUCTS, "day": _DAY}
        for sql in (_AFTERSALES, _REVIEWS, _STEPS):
            c.exec_driver_sql(sql, _named_in(sql, values))
    store.checkpoint()
