"""``liveconsole customers`` over orders that came in from a file: every published segment, name by name."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.unit.books.customer_rows import published
from tests.unit.books.test_customers import by_hand

COLUMNS = "buyer=customer_id,placed=order_date,total=revenue"
ON = "2006-12-31"


@pytest.mark.deep
@pytest.mark.timeout(120)
def test_a_file_without_order_ids_gives_every_published_segment(program: Any, shared: Any) -> None:
    folder = shared / "data/orders_rfm_rpkg"
    file = folder / "rfm_data_orders.csv"
    brought = program.run("import", "--orders", str(file), "--columns", COLUMNS)
    assert json.loads(brought.stdout.splitlines()[-1]) == {"accepted": 4906, "duplicates": 0, "refused": 0}
    told = program.run("customers", "--rfm", "quintiles", "--on", ON, "--csv", "-")
    assert told.returncode == 0, told.stderr
    rows = {row["customer"]: row for row in csv.DictReader(io.StringIO(told.stdout))}
    expected = by_hand(published(shared), (folder / "SOURCE.md").read_text("utf-8"))
    assert {name: (row["segment"], row["rfm_score"]) for name, row in rows.items()} == expected
    with (folder / "expected_first10_customers.csv").open(encoding="utf-8") as first:
        for line in csv.DictReader(first):
            row = rows[line["customer_id"]]
            assert row["orders"] == line["transaction_count"]
            assert row["recency_days"] == line["recency_days"]
            assert row["amount_fen"] == line["amount"] + "00"
    seed = program.run("customers", "--rfm", "seed", "--on", ON, "--csv", "-")
    assert {row["segment"] for row in csv.DictReader(io.StringIO(seed.stdout))} <= {
        "high",
        "potential",
        "new",
    }
