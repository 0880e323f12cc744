"""``liveconsole import``: good rows into the catalogue, bad ones told with their reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).resolve().parents[2] / "resources/samples/products.csv"


def test_the_sample_goes_into_catalogue_and_cart_of_a_running_engine(program: Any) -> None:
    program.serve()
    result = program.run("import", str(SAMPLE), "--cart")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == {"rows": 6, "good": 6, "bad": 0}
    state = program.ask("/v1/state")
    products = {product["product_id"]: product for product in state["catalogue"]["products"]}
    assert products["W01"]["price_fen"] == 19900
    assert products["W01"]["floor_fen"] == 8900
    assert products["W05"]["floor_fen"] is None
    assert [item["product_id"] for item in state["cart"]["items"]] == [
        "W01",
        "W02",
        "W03",
        "W04",
        "W05",
        "W06",
    ]


def test_bad_rows_are_told_and_the_good_ones_taken_without_an_engine_running(program: Any) -> None:
    file = program.folder / "in.csv"
    file.write_bytes("编号,名称,价格,库存\nA1,保温杯,59.9,3\nA2,坏的,十块,3\n".encode("gb18030"))
    result = program.run("import", str(file))
    assert result.returncode == 1
    assert "line 3" in result.stderr
    assert "价格不是金额" in result.stderr
    assert json.loads(result.stdout) == {"rows": 2, "good": 1, "bad": 1}
    assert not (program.folder / "engine.json").exists()
    program.serve()
    assert [p["title"] for p in program.ask("/v1/state")["catalogue"]["products"]] == ["保温杯"]


def test_a_check_changes_nothing(program: Any) -> None:
    assert program.run("import", str(SAMPLE), "--check").returncode == 0
    assert not (program.folder / "room.db").exists()
    assert program.run("import", "no such file").returncode == 1
