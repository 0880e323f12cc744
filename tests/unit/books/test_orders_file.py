"""Orders as a file: no names unasked, no formulas, and what comes back in is what went out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liveconsole.cli import export
from liveconsole.intake.orders import is_orders, read_orders
from liveconsole.intake.tables import read_table
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings

NAME = "林小红是她的名字"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIVECONSOLE_KEYRING", "off")
    folder = tmp_path / "data"
    store = open_store(folder)
    evenings = Evenings(store)
    evenings.open()
    who = {"id": "=cmd|buyer", "name": NAME}
    line = {"sku_id": "b", "quantity": 2, "unit_price_fen": 5_005}
    evenings.fact(
        "order.placed", order_id="=1+1", buyer=who, lines=[line], total_fen=10_010, province="+浙江"
    )
    evenings.paid("=1+1", 10_010)
    evenings.fact("order.shipment", order_id="=1+1", status="shipped", carrier="@SF", waybill="SF-SECRET")
    evenings.ok("order.note", order_id="=1+1", text=f"{NAME}要发票", tags=["急"])
    evenings.placed("o2")
    store.close()
    return folder


def exported(folder: Path, name: str, *words: str) -> bytes:
    file = folder.parent / name
    assert export.run(["--orders", str(file), "--data", str(folder), *words]) == 0
    return file.read_bytes()


def test_nobody_is_in_a_file_that_does_not_ask_for_names(folder: Path, capsys: Any) -> None:
    text = exported(folder, "o.csv").decode("utf-8-sig")
    for secret in (NAME, "buyer", "SF-SECRET", "要发票"):
        assert secret not in text
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"orders": 2, "names": False}
    head, first, second = text.splitlines()
    assert head.startswith("订单号,状态,下单时间,付款时间,总金额,实付,退款")
    assert first.startswith("'=1+1,已发货,")
    assert ",100.10,100.10,0.00,2,羊毛衫 ×2,,,'+浙江,'@SF" in first
    assert second.startswith("o2,待付款,")
    whole = exported(folder, "n.csv", "--names").decode("utf-8-sig")
    for told in (NAME, "'=cmd|buyer", "SF-SECRET", "要发票"):
        assert told in whole


def test_a_workbook_holds_no_formula(folder: Path) -> None:
    content = exported(folder, "o.xlsx", "--names", "--english")
    table = read_table(content, "o.xlsx", None, is_orders)
    assert table.lines[0].cells[:4] == ["order id", "state", "placed at", "paid at"]
    assert table.lines[1].cells[0] == "=1+1"
    assert table.lines[1].odd.get(0) is None, "a text, not what a formula came to"


def test_filters_and_what_is_asked_wrongly(folder: Path, capsys: Any) -> None:
    text = exported(folder, "o.csv", "--state", "unpaid").decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["o2"]
    words = ["--orders", str(folder / "x.csv"), "--data", str(folder)]
    assert export.run([*words, "--from", "gestern"]) == 2
    assert export.run(["--orders", "x.pdf", "--data", str(folder)]) == 2
    assert export.run(["--orders", "x.csv", "--data", str(folder / "none")]) == 1
    capsys.readouterr()


def test_a_file_has_a_bound(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(export, "ORDERS_MOST", 1)
    assert export.run(["--orders", str(folder / "x.csv"), "--data", str(folder)]) == 1
    assert not (folder / "x.csv").exists()
    assert "1 orders" in capsys.readouterr().err


def test_what_goes_out_can_come_in(folder: Path) -> None:
    content = exported(folder, "o.csv", "--names")
    found = read_orders(read_table(content, "o.csv", None, is_orders), content)
    assert (list(found.bad), found.refusal) == ([], "")
    assert [(o.order_id, o.total_fen, o.paid_fen) for o in found.orders] == [
        ("=1+1", 10_010, 10_010),
        ("o2", 9_900, None),
    ]
