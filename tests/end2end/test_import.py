"""``liveconsole import``: good rows into the catalogue, bad ones told with their reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.contract.test_images import picture
from tests.unit.intake.books import OLD_BOOK, book

SAMPLES = Path(__file__).resolve().parents[2] / "resources/samples"
SAMPLE = SAMPLES / "products.csv"


def test_the_sample_goes_into_catalogue_and_cart_of_a_running_engine(program: Any) -> None:
    program.serve()
    result = program.run("import", str(SAMPLE), "--cart")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == {"rows": 6, "good": 6, "bad": 0, "new": 6, "changed": 0, "same": 0}
    state = program.ask("/v1/state")
    products = {product["product_id"]: product for product in state["catalogue"]["products"]}
    assert products["W01"]["price_fen"] == 19900
    assert products["W01"]["floor_fen"] == 8900
    assert products["W05"]["floor_fen"] is None
    assert [item["product_id"] for item in state["cart"]["items"]] == [f"W0{n}" for n in range(1, 7)]

    # The same catalogue again, with one price changed and one product that is promised.
    program.command("stock.add", sku_id="W01", by=5)
    again = program.folder / "again.csv"
    again.write_text(SAMPLE.read_text("utf-8-sig").replace("男女同款,99", "男女同款,89"), "utf-8")
    result = program.run("import", str(again))
    assert json.loads(result.stdout) == {"rows": 6, "good": 6, "bad": 0, "new": 0, "changed": 2, "same": 4}
    products = {p["product_id"]: p for p in program.ask("/v1/state")["catalogue"]["products"]}
    assert (products["W03"]["price_fen"], products["W01"]["stock"]) == (8900, 300)


def test_a_catalogue_with_skus_goes_in_and_a_second_time_nothing_changes(program: Any) -> None:
    program.serve()
    result = program.run("import", str(SAMPLES / "catalogue.csv"), "--cart")
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["new"] == 45
    state = program.ask("/v1/state")
    (scarf,) = [p for p in state["catalogue"]["products"] if p["product_id"] == "S001"]
    assert [(sku["sku_id"], sku["title"], sku["price_fen"]) for sku in scarf["skus"]] == [
        ("S001-1", "驼色", 19900), ("S001-2", "深灰", 19900), ("S001-3", "酒红", 19900),
    ]  # fmt: skip
    assert scarf["list_price_fen"] == 39900
    assert len(state["cart"]["items"]) == 45
    assert json.loads(program.run("import", str(SAMPLES / "catalogue.csv")).stdout)["same"] == 45


def test_bad_rows_are_told_and_the_good_ones_taken_without_an_engine_running(program: Any) -> None:
    file = program.folder / "in.csv"
    file.write_bytes("编号,名称,价格,库存\nA1,保温杯,59.9,3\nA2,坏的\x1b[31m,十块,3\n".encode("gb18030"))
    result = program.run("import", str(file))
    assert result.returncode == 1
    assert "line 3 (C3)" in result.stderr
    assert "价格不是金额" in result.stderr
    assert "\x1b" not in result.stderr
    counts = json.loads(result.stdout)
    assert (counts["rows"], counts["good"], counts["bad"]) == (2, 1, 1)
    assert not (program.folder / "engine.json").exists()
    program.serve()
    assert [p["title"] for p in program.ask("/v1/state")["catalogue"]["products"]] == ["保温杯"]


def test_a_word_that_should_not_leave_is_told_and_refuses_nothing(program: Any) -> None:
    file = program.folder / "in.csv"
    file.write_text("编号,名称,价格,库存,卖点\nA1,全网最低价围巾,59.9,3,软糯\nA2,手套,9,3,御寒\n", "utf-8")
    result = program.run("import", str(file), "--check")
    (told,) = result.stderr.splitlines()
    assert told.startswith("line 2: note: “全网最低")
    assert "Advertising law" in told
    assert "广告法" in told
    assert (result.returncode, json.loads(result.stdout)["good"]) == (0, 2)
    mine = program.folder / "words" / "sensitive.txt"
    mine.parent.mkdir()
    mine.write_text("御寒 = 保暖\n", "utf-8")
    told = program.run("import", str(file), "--check").stderr.splitlines()[-1]
    assert "line 3" in told
    assert "可以说「保暖」" in told


def test_what_the_engine_refuses_takes_no_other_row_along(program: Any) -> None:
    program.serve()
    cup = {"product_id": "A1", "title": "杯", "price_fen": 100, "stock": 5}
    red = {"sku_id": "X", "title": "红", "price_fen": 100, "stock": 5}
    program.command("catalogue.put", products=[{**cup, "skus": [red]}])
    file = program.folder / "in.xlsx"
    head = ["编号", "名称", "规格", "SKU编码", "价格", "库存"]
    file.write_bytes(book({"s": [head, ["A2", "碗", "蓝", "X", 9, 1], ["A3", "盘", "大", "Y", 9, 1]]}))
    result = program.run("import", str(file))
    assert result.returncode == 1
    assert "line 2: The engine refused it" in result.stderr
    assert {p["product_id"] for p in program.ask("/v1/state")["catalogue"]["products"]} == {"A1", "A3"}


def test_a_check_changes_nothing(program: Any) -> None:
    assert program.run("import", str(SAMPLE), "--check").returncode == 0
    assert not (program.folder / "room.db").exists()
    assert program.run("import", "no such file").returncode == 1


def test_old_and_broken_workbooks(program: Any) -> None:
    old, broken = program.folder / "old.xls", program.folder / "broken.xlsx"
    old.write_bytes(OLD_BOOK)
    assert json.loads(program.run("import", str(old), "--check").stdout) == {"rows": 1, "good": 1, "bad": 0}
    broken.write_bytes(b"PK\3\4nothing")
    result = program.run("import", str(broken), "--check")
    assert result.returncode == 1
    assert "export it again" in result.stderr
    assert "Traceback" not in result.stderr
    result = program.run("import", str(old), "--check", "--sheet", "别的")
    assert "No such sheet: 别的" in result.stderr


def test_a_table_whose_price_is_not_known_is_refused_and_told_by_columns(program: Any) -> None:
    file = program.folder / "in.csv"
    file.write_text("商品编号,商品名称,备货数,挂牌数\nA1,杯,5,99\n", "utf-8")
    refused = program.run("import", str(file), "--check")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["rows"] == 0
    assert "没有认出价格列" in refused.stderr
    assert "column 挂牌数: 99" in refused.stderr
    program.serve()
    told = program.run("import", str(file), "--columns", "price=挂牌数,stock=C")
    assert (told.returncode, told.stderr) == (0, "")
    (product,) = program.ask("/v1/state")["catalogue"]["products"]
    assert (product["price_fen"], product["stock"]) == (9900, 5)
    for wrong in ("price=没有", "cost=C"):
        answer = program.run("import", str(file), "--check", "--columns", wrong)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert wrong.rpartition("=")[2 if wrong.startswith("price") else 0] in answer.stderr


def test_ids_that_a_sheet_has_bent_keep_the_floor_of_their_product(program: Any) -> None:
    program.serve()
    first, again = program.folder / "first.csv", program.folder / "again.csv"
    first.write_text("编号,名称,价格,库存,底价\n1001,杯,99,5,50\nAB-1,锅,89,6,60\n", "utf-8")
    again.write_text("编号,名称,价格,库存\n1001.0,杯,1,5\nAB\u20111,锅,80,6\nAB -1,锅,1,6\n", "utf-8")
    assert program.run("import", str(first)).returncode == 0
    result = program.run("import", str(again))
    assert json.loads(result.stdout) == {"rows": 3, "good": 1, "bad": 2, "new": 0, "changed": 1, "same": 0}
    products = {p["product_id"]: p for p in program.ask("/v1/state")["catalogue"]["products"]}
    assert {id_: (p["price_fen"], p["floor_fen"]) for id_, p in products.items()} == {
        "1001": (9900, 5000), "AB-1": (8000, 6000),
    }  # fmt: skip


def test_pictures_come_along_and_one_that_cannot_is_told_and_takes_nothing_with_it(program: Any) -> None:
    program.serve()
    (program.folder / "a.png").write_bytes(picture())
    (program.folder / "b.png").write_text("<svg/>")
    file = program.folder / "in.csv"
    rows = "A1,羊毛衫,99,3,a.png\nA2,手套,59,3,b.png\nA3,袜子,9,3,http://127.0.0.1/c.png\n"
    file.write_text("编号,名称,价格,库存,图片\n" + rows, "utf-8")
    result = program.run("import", str(file))
    assert json.loads(result.stdout)["new"] == 3
    assert "A2: no picture" in result.stderr
    assert "A3: no picture" in result.stderr
    products = {p["product_id"]: p for p in program.ask("/v1/state")["catalogue"]["products"]}
    assert len(products["A1"]["image"]) == 64
    assert "image" not in products["A2"]
    assert "image" not in products["A3"]
    assert json.loads(program.run("import", str(file)).stdout)["same"] == 3
