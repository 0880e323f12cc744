"""``liveconsole import --orders``: orders of the past into the books, and never twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liveconsole.store import open_store

TMALL = "data/orders_tmall_2020_02/tmall_order_report.csv"
HEAD = "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额,买家id,昵称\n"


def told(result: Any) -> dict[str, int]:
    counts: dict[str, int] = json.loads(result.stdout.splitlines()[-1])
    return counts


def sums(folder: Path) -> tuple[int, ...]:
    store = open_store(folder, create=False)
    try:
        with store._file.reading() as c:
            row = c.exec_driver_sql(
                "SELECT count(*), sum(paid_at IS NOT NULL), sum(refund_fen > 0), sum(total_fen),"
                " sum(paid_fen - refund_fen), sum(refund_fen) FROM order_row WHERE past = 1 AND broadcast = 0"
            ).one()
        return tuple(row)
    finally:
        store.close()


def test_a_running_engine_takes_a_file_once_and_says_which_rows_it_does_not(program: Any) -> None:
    program.serve()
    program.command(
        "catalogue.put", products=[{"product_id": "a", "title": "帽", "price_fen": 1, "stock": 5}]
    )
    program.command("broadcast.open")
    before = program.ask("/v1/state")
    file = program.folder / "in.csv"
    rows = "1,10,10,浙江,2020-02-20 23:00:00,2020-02-20 23:01:00,0,v1,小林秘密\n2,9,0,上海,2020-02-21,,0,,\n"
    file.write_bytes((HEAD + rows + "3,九块,0,上海,2020-02-21,,0,,\n").encode("gb18030"))
    result = program.run("import", "--orders", str(file))
    assert result.returncode == 1
    assert told(result) == {"accepted": 2, "duplicates": 0, "refused": 1}
    assert "line 4" in result.stderr
    assert "总金额不是金额" in result.stderr
    assert told(program.run("import", "--orders", str(file))) == {
        "accepted": 0,
        "duplicates": 2,
        "refused": 1,
    }
    other = program.folder / "b.csv"
    other.write_text("order id,date,total\n2,2020-02-20,5\n3,2020-02-20,5\n", "utf-8")
    assert told(program.run("import", "--orders", str(other))) == {
        "accepted": 1,
        "duplicates": 1,
        "refused": 0,
    }
    after = program.ask("/v1/state")
    for section in ("orders", "catalogue", "cart", "cues", "broadcast", "audience"):
        assert after[section] == before[section], "nothing of the room moved"
    room = program.folder / "data" / "room.db"
    assert "小林秘密".encode() not in (room.read_bytes() if room.exists() else b"")


@pytest.mark.deep
@pytest.mark.timeout(120)
def test_the_whole_report_of_a_shop(program: Any, shared: Path) -> None:
    result = program.run("import", "--orders", str(shared / TMALL))
    assert (result.returncode, told(result)) == (0, {"accepted": 28_010, "duplicates": 0, "refused": 0})
    assert told(program.run("import", "--orders", str(shared / TMALL)))["duplicates"] == 28_010
    assert sums(program.folder) == (28_010, 24_087, 5_646, 299_576_061, 190_248_715, 57_233_592)
