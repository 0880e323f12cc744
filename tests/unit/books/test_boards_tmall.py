"""28,010 published orders: every tile that they can tell, against a plain SQL script over the file itself."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from liveconsole.books.boards import page_of
from liveconsole.books.boards.scope import scope_of
from liveconsole.books.reading import BookReader
from liveconsole.cli.boards import run, tiles_told
from liveconsole.domain.china import CHINA
from liveconsole.store import Store, open_store
from liveconsole.store.order_flags import COUNTED, PAID, PLACED
from liveconsole.store.rows import OrderRow, ToldOfOrder, Write

FILE = Path("data") / "orders_tmall_2020_02" / "tmall_order_report.csv"
ASKED = """
SELECT count(*), sum(paid_at <> ''), sum(refund > 0),
  sum(CASE WHEN paid_at <> '' THEN kept + refund ELSE 0 END),
  sum(refund), sum(paid_at = '')
FROM orders WHERE substr(placed_at, 1, 10) BETWEEN ? AND ?
"""
"""What a buyer paid is what the shop kept and what went back: a whole refund leaves 实际支付 0."""


@pytest.fixture(scope="module")
def published(shared: Path) -> list[dict[str, str]]:
    if not (shared / FILE).is_file():
        pytest.skip("no published orders here (../shared or $LIVECONSOLE_SHARED)")
    with (shared / FILE).open(encoding="utf-8", newline="") as lines:
        return [{name.strip(): cell for name, cell in row.items()} for row in csv.DictReader(lines)]


@pytest.fixture(scope="module")
def plain(published: list[dict[str, str]]) -> Iterator[sqlite3.Connection]:
    """The file as it is in a table of its own: nothing of the house."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE orders (placed_at TEXT, paid_at TEXT, kept INTEGER, refund INTEGER)")
    database.executemany(
        "INSERT INTO orders VALUES (?, ?, ?, ?)",
        [
            (
                row["订单创建时间"],
                row["订单付款时间"],
                round(float(row["买家实际支付金额"]) * 100),
                round(float(row["退款金额"]) * 100),
            )
            for row in published
        ],
    )
    yield database
    database.close()


@pytest.fixture(scope="module")
def store(published: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("tmall")
    store = open_store(folder, room_id="room")
    store.fill_books(
        Write(0, orders=[_order(row) for row in published], told=[_told(row) for row in published])
    )
    yield store
    store.close()


def _fen(text: str) -> int:
    return int(Decimal(text) * 100)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def _order(row: dict[str, str]) -> OrderRow:
    paid, refund = bool(row["订单付款时间"]), _fen(row["退款金额"])
    return OrderRow(
        row["订单编号"],
        "paid" if paid else "placed",
        "",
        _fen(row["总金额"]),
        _fen(row["买家实际支付金额"]) + refund if paid else 0,
        refund,
        None,
        _moment(row["订单创建时间"]),
        0,
        0,
        1,
        PLACED | COUNTED | (PAID if paid else 0),
    )


def _told(row: dict[str, str]) -> ToldOfOrder:
    paid_at = _moment(row["订单付款时间"]) if row["订单付款时间"] else None
    return ToldOfOrder(row["订单编号"], paid_at, None, row["收货地址"], past=True)


def told(store: Store, first: str, last: str) -> dict[str, dict[str, Any]]:
    now = datetime(2020, 3, 1, tzinfo=UTC)
    reader = BookReader(store.beside(), simulated=False, now=lambda: now, seconds=30)
    try:
        return tiles_told(page_of(reader, scope_of(reader, {"from": first, "to": last})))
    finally:
        reader.close()


def expected(plain: sqlite3.Connection, first: str, last: str) -> dict[str, Any]:
    placed, paid, refunded, gmv, refund, unpaid = plain.execute(ASKED, (first, last)).fetchone()
    return {
        "orders_placed": placed,
        "orders_paid": paid,
        "orders_refunded": refunded,
        "gmv_fen": gmv,
        "refund_fen": refund,
        "orders_unpaid": unpaid,
        "aov_fen": int(Decimal(gmv) / paid + Decimal("0.5")) if paid else None,
        "units": paid,
        "units_per_order": 1.0 if paid else None,
    }


def test_the_whole_month_is_what_was_published(store: Store, plain: sqlite3.Connection) -> None:
    found = told(store, "2020-02-01", "2020-02-29")
    assert {name: found[name]["value"] for name in expected(plain, "2020-02-01", "2020-02-29")} == expected(
        plain, "2020-02-01", "2020-02-29"
    )
    assert (found["orders_placed"]["value"], found["orders_paid"]["value"]) == (28_010, 24_087)
    assert (found["orders_refunded"]["value"], found["refund_fen"]["value"]) == (5_646, 57_233_592)
    assert found["gmv_fen"]["value"] == 190_248_715 + 57_233_592
    assert found["buyers"] == {"value": None, "source": "orders", "at": None, "why": "no_buyers"}


def test_every_day_is_too_and_the_days_are_the_whole(store: Store, plain: sqlite3.Connection) -> None:
    days = [f"2020-02-{day:02}" for day in range(1, 30)]
    sums = dict.fromkeys(("gmv_fen", "orders_placed"), 0)
    for day in days:
        found, wanted = told(store, day, day), expected(plain, day, day)
        if not wanted["orders_placed"]:
            assert found["gmv_fen"]["why"] == "no_orders_told", "nobody tells that nothing was sold"
            continue
        assert {name: found[name]["value"] for name in wanted} == wanted, day
        for name in sums:
            sums[name] += found[name]["value"]
    whole = told(store, days[0], days[-1])
    assert sums == {name: whole[name]["value"] for name in sums}


def test_the_command_says_the_same(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(store.folder)
    assert run(["--data", folder, "--from", "2020-02-01", "--to", "2020-02-29", "--json"]) == 0
    said = json.loads(capfd.readouterr().out)
    assert said == {"tiles": json.loads(json.dumps(told(store, "2020-02-01", "2020-02-29")))}
    assert run(["--data", folder, "--from", "2020-02-01", "--to", "2020-02-29", "--english"]) == 0
    assert "¥2,474,823.07" in capfd.readouterr().out
