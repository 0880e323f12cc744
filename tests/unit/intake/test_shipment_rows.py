"""Files of parcels: their words, their moments, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liveconsole.intake.shipment_rows import REASONS, ShipmentTable, is_shipments, read_shipments
from liveconsole.intake.tables import read_table


def read(text: str) -> ShipmentTable:
    return read_shipments(read_table(text.encode(), "物流.csv", None, is_shipments))


def test_a_row_is_a_word_of_a_parcel() -> None:
    found = read(
        "订单号,快递公司,运单号,物流状态,更新时间,最新物流\n"
        "o1,顺丰,SF1,派送中,2026-11-29 9:05,杭州派件\n"
        "o2,中通,Z2,,2026/11/28,\n"
        "o3,,,签收,,\n"
        "o4,圆通,Y4,放到驿站,,\n"
    )
    assert found.bad == []
    assert [(data["order_id"], data["status"]) for _, _, data in found.facts] == [
        ("o1", "out_for_delivery"),
        ("o2", "shipped"),
        ("o3", "delivered"),
        ("o4", "放到驿站"),
    ]
    (id_, at, data) = found.facts[0]
    assert at == datetime(2026, 11, 29, 1, 5, tzinfo=UTC)
    assert data == {
        "order_id": "o1",
        "status": "out_for_delivery",
        "carrier": "顺丰",
        "waybill": "SF1",
        "text": "杭州派件",
    }
    again = read("运单号,订单号,状态,时间,说明\nSF1,o1,派件中,2026-11-29 9:05,杭州派件\n")
    assert again.facts[0][0] == id_, "the same word has the same id"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",顺丰,1,,", "nothing"),
        ("o1,顺丰,,,", "says_nothing"),
        ("o1,,1,,下周", "time"),
        (f"o1,,{'1' * 201},,", "long"),
    ],
)
def test_a_row_that_says_nothing_is_named(row: str, code: str) -> None:
    found = read(f"订单号,快递公司,运单号,状态,时间\n{row}\no2,顺丰,2,,\n")
    assert [(one.line, one.code) for one in found.bad] == [(2, code)]
    assert len(found.facts) == 1, "the others are taken"
    assert found.bad[0].reason() != found.bad[0].reason(english=True)


def test_a_list_of_something_else_is_not_guessed_at() -> None:
    found = read("编号,名称\n1,围巾\n")
    assert [one.code for one in found.bad] == ["columns"]
    assert set(REASONS) == {"columns", "nothing", "says_nothing", "time", "long"}
