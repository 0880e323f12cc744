"""Files of orders: their amounts by the rule of the file's columns, their lines, and what is refused."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from liveconsole.intake.orders import COLUMN_NAMES, OrderTable, batches, is_orders, read_orders, reading
from liveconsole.intake.tables import BadChoice, TableRefused, read_choice, read_table
from tests.unit.intake.books import book

TMALL = "orders_tmall_2020_02/tmall_order_report.csv"


def read(content: bytes, columns: str = "", name: str = "o.csv", most: int = 1_000) -> OrderTable:
    table = read_table(content, name, None, is_orders, most)
    found = read_orders(table, content)
    return (
        read_orders(table, content, read_choice(columns, COLUMN_NAMES, found.columns)) if columns else found
    )


def text(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def fen(cell: str) -> int:
    return int(Decimal(cell) * 100)


def test_the_report_of_a_shop_to_the_fen(shared: Path) -> None:
    """The first part of it; the whole goes through the door in tests/end2end/test_import_orders.py."""
    lines = (shared / "data" / TMALL).read_bytes().splitlines(keepends=True)[:3_001]
    found = read(b"".join(lines), most=5_000)
    rows = list(csv.DictReader(b"".join(lines).decode().splitlines()))
    assert (len(found.orders), list(found.bad), found.net) == (len(rows), [], True)
    by_id = {order.order_id: order for order in found.orders}
    for row in rows:
        order = by_id[row["订单编号"]]
        net, back = fen(row["买家实际支付金额"]), fen(row["退款金额"])
        assert order.total_fen == fen(row["总金额"])
        assert order.refund_fen == back
        assert order.province == row["收货地址 "]
        assert (order.paid_fen is not None) == bool(row["订单付款时间 "].strip())
        assert (order.paid_fen or 0) == net + back


def test_paid_is_as_it_stands_where_no_refund_is_greater() -> None:
    head = "订单号,下单时间,总金额,实付款,退款金额"
    whole = read(text(head, "1,2026-01-02 9:05,100,100,40", "2,2026-01-02,50,0,0"))
    assert [(o.paid_fen, o.refund_fen) for o in whole.orders] == [(10_000, 4_000), (None, 0)]
    assert not whole.net
    net = read(text(head, "1,2026-01-02,100,60,40", "2,2026-01-02,50,0,50"))
    assert [(o.paid_fen, o.refund_fen) for o in net.orders] == [(10_000, 4_000), (5_000, 5_000)]
    assert net.net


def test_twin_amounts_less_refunds_taken_as_they_stand_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_is_net", lambda row: False)
    found = read(text("订单号,下单时间,总金额,实付款,退款金额", "2,2026-01-02,50,0,50"))
    assert [bad.code for bad in found.bad] == ["refund_over_paid"]


def test_without_times_and_amounts_of_payment_all_is_paid_in_full() -> None:
    (order,) = read(text("customer_id,order_date,revenue", "Brion,2004-12-20,32")).orders
    assert (order.total_fen, order.paid_fen, order.paid_at) == (3_200, 3_200, None)
    assert order.placed_at == datetime(2004, 12, 19, 16, tzinfo=UTC), "midnight in China"
    assert order.buyer is not None
    assert order.buyer.id == "Brion"


def test_an_order_without_an_id_is_its_file_and_row() -> None:
    one, two = text("下单时间,金额", "2026-01-02,5", "2026-01-02,5"), text("下单时间,金额", "2026-01-02,5")
    first, second = read(one).orders
    assert first.order_id != second.order_id
    assert read(one).orders[0].order_id == first.order_id
    assert read(two).orders[0].order_id != first.order_id, "another file"


def test_rows_of_one_order_are_its_lines_where_there_is_a_sku() -> None:
    head = "订单号,下单时间,金额,sku,数量,单价,商品名称"
    rows = ["1,2026-01-02,30,a,1,10,帽子", "1,2026-01-02,30,b,2,10,围巾", "1,2026-01-02,30,b,2,10,围巾"]
    found = read(text(head, *rows, "2,2026-01-02,8,a,4,,帽子"))
    both, single = found.orders
    assert (both.total_fen, found.doubles) == (3_000, 1), "each row shows the order's amount"
    assert [(line.sku_id, line.quantity, line.unit_price_fen) for line in both.lines] == [
        ("a", 1, 1_000),
        ("b", 2, 1_000),
    ]
    assert single.lines[0].unit_price_fen == 200, "one line is the whole order"
    (each,) = read(text(head, "1,2026-01-02,10,a,1,,", "1,2026-01-02,20,b,2,,")).orders
    assert each.total_fen == 3_000, "each row shows its own"
    assert [line.unit_price_fen for line in each.lines] == [None, None], "not said is not nought"


def test_without_skus_an_id_again_is_the_same_order() -> None:
    found = read(text("订单号,下单时间,金额", "1,2026-01-02,5", "1,2026-01-02,6"))
    assert [order.total_fen for order in found.orders] == [500]
    assert found.doubles == 1


def test_of_an_address_no_more_than_the_province_is_kept() -> None:
    street = "西湖区 文三路 1 号 林小红 13800000000"
    cells = [
        f"浙江省 杭州市 {street}",
        "上海",
        "内蒙古自治区呼和浩特市某路2号",
        "California",
        street,
        "某某家园",
    ]
    rows = [f"{n},2026-01-02,5,{cell}" for n, cell in enumerate(cells)]
    found = read(text("订单号,下单时间,金额,收货地址 ", *rows))
    assert [o.province for o in found.orders] == ["浙江省", "上海", "内蒙古自治区", "California", None, None]


def test_a_shops_own_export_is_understood_and_nobodys_telephone_is_read() -> None:
    head = (
        "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址 ,联系手机,"
        "订单创建时间,订单付款时间 ,宝贝标题 ,宝贝总数量"
    )
    who, at = "林小红,浙江省 杭州市,13800000000", "2020-02-21 10:00"
    row = f'="2020022100001",tb_1,90,100,100,交易成功,{who},{at},{at},毛毯,1'
    closed = f'="2020022100002",tb_2,90,100,0,交易关闭,{who},{at},,毛毯,1'
    found = read(text(head, row, closed))
    assert (found.refusal, list(found.bad)) == ("", [])
    first, second = found.orders
    assert (first.order_id, first.total_fen, first.paid_fen) == ("2020022100001", 10_000, 10_000)
    assert (second.closed, second.paid_fen) == (True, None)
    assert "林小红" not in repr(found.orders)
    assert "138" not in repr(found.orders)


BAD = {
    "no_id": ",2026-01-02,5,,,",
    "time": "1,昨天,5,,,",
    "no_time": "1,,5,,,",
    "money": "1,2026-01-02,五元,,,",
    "no_total": "1,2026-01-02,,,,",
    "refund_over_paid": "1,2026-01-02,5,6,,",
    "units": "1,2026-01-02,5,,a,许多",
    "value": "1,2026-01-02,#N/A,,,",
    "id_scientific": "2.02E+17,2026-01-02,5,,,",
}


@pytest.mark.parametrize("code", BAD)
def test_a_row_is_refused_with_its_reason_and_its_neighbours_are_taken(code: str) -> None:
    found = read(
        text("订单号,下单时间,金额,退款金额,sku,数量", "8,2026-01-02,5,,,", BAD[code], "9,2026-01-02,5,,,")
    )
    assert [order.order_id for order in found.orders] == ["8", "9"]
    (bad,) = found.bad
    assert (bad.code, bad.line) == (code, 3)
    assert bad.reason() != bad.reason(english=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_a_spreadsheet(encoding: str) -> None:
    content = "订单号 ,下单时间 , 金额\n1,2026年1月2日,¥1,\n".encode(encoding)
    (order,) = read(content).orders
    assert (order.order_id, order.total_fen) == ("1", 100)


def test_a_workbook_with_dates_of_its_own() -> None:
    def dated(made: Any) -> None:
        at = datetime(2026, 1, 2, 9, 5)  # noqa: DTZ001  # as sheets have them
        made.worksheets()[0].write_datetime(1, 1, at, made.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    (order,) = read(
        book({"订单": [["订单号", "下单时间", "金额"], ["7", "", 12.5]]}, dated), name="o.xlsx"
    ).orders
    assert order.placed_at == datetime(2026, 1, 2, 1, 5, tzinfo=UTC)
    assert order.total_fen == 1_250


def test_columns_that_nobody_knows_are_said_by_a_person() -> None:
    content = text("流水,何时,多少,谁", "A1,2026/01/02 08:00:00,9.9,v1")
    assert read(content).refusal == "unnamed"
    (order,) = read(content, "order=流水,placed=何时,total=多少,buyer=D").orders
    assert (order.order_id, order.total_fen, order.buyer is not None) == ("A1", 990, True)
    with pytest.raises(BadChoice):
        read(content, "order=没有")


def test_bounds_of_a_file_and_of_a_portion() -> None:
    rows = [f"{n},2026-01-02,5" for n in range(11)]
    with pytest.raises(TableRefused, match="10"):
        read(text("订单号,下单时间,金额", *rows), most=10)
    orders = read(text("订单号,下单时间,金额", *rows)).orders
    assert [len(each) for each in batches(orders, 4, 10**6)] == [4, 4, 3]
    assert max(len(each) for each in batches(orders, 500, 200)) < 4
