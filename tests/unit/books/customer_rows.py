"""Orders of the past straight in the read tables, for books that read them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from liveconsole.domain.china import begin_of
from liveconsole.store.rows import OrderRow, Write
from liveconsole.store.store import Store

PAID = 3


class Order(NamedTuple):
    buyer: str
    day: date
    fen: int
    refund_fen: int = 0
    status: str = "paid"


def pid(name: str) -> str:
    return "p" + hashlib.sha256(name.encode()).hexdigest()[:20]


def fill(store: Store, orders: Iterable[Order], begin: int = 0) -> None:
    """Commit them with their buyers, each at noon of its day."""
    rows, persons = [], {}
    for number, order in enumerate(orders, begin):
        persons[pid(order.buyer)] = (order.buyer, order.buyer)
        at: datetime = begin_of(order.day) + timedelta(hours=12)
        told = (order.status, pid(order.buyer), order.fen, order.fen, order.refund_fen)
        rows.append(OrderRow(f"o{number}", *told, None, at, 0, 0, 1, PAID))
    store.commit(Write(store.last_seq(), persons=persons, orders=rows))


def published(shared: Path) -> list[Order]:
    with (shared / "data/orders_rfm_rpkg/rfm_data_orders.csv").open(encoding="utf-8") as file:
        return [
            Order(row["customer_id"], date.fromisoformat(row["order_date"]), int(row["revenue"]) * 100)
            for row in csv.DictReader(file)
        ]
