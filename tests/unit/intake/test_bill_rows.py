"""A shop's bill: one fact a row, the same row the same fact, and nothing guessed at."""

from __future__ import annotations

import pytest

from liveconsole.intake.bill_rows import REASONS, Bill, is_bill, read_bill
from liveconsole.intake.tables import read_table


def _read(text: str) -> Bill:
    return read_bill(read_table(text.encode(), "bill.csv"))


def test_a_row_is_what_the_shop_paid_out_of_an_order() -> None:
    (event,) = _read(
        "结算时间,订单号,结算金额,技术服务费,佣金\n2026-11-28 10:00:00,'370533,18.80,-0.20,1\n"
    ).events
    assert (event["type"], event["source"]) == ("order.settled", "/bill")
    assert event["data"] == {
        "order_id": "370533", "settled_fen": 1_880, "fee_fen": 20, "commission_fen": 100,
        "settled_at": "2026-11-28T10:00:00+08:00",
    }  # fmt: skip


def test_an_amount_below_nought_is_taken_and_what_is_not_said_is_not_nought() -> None:
    (event,) = _read("订单号,结算金额\no1,-3.50\n").events
    assert event["data"] == {"order_id": "o1", "settled_fen": -350}


def test_the_same_row_is_the_same_fact_and_a_corrected_one_another() -> None:
    first = _read("订单号,结算金额\no1,3.50\no1,3.50\n")
    assert (len(first.events), first.doubles) == (1, 1)
    assert _read("订单号,结算金额\no1,3.5\n").events == first.events
    assert _read("订单号,结算金额\no1,3.51\n").events[0]["id"] != first.events[0]["id"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",3.50,", "nothing"),
        ("o1,三块,", "amount"),
        ("o1,,", "amount"),
        ("o1,3.50,昨天", "time"),
        ("o1,3.50,2026-13-01", "time"),
        ("3.70533E+18,3.50,", "digits"),
    ],
)
def test_a_row_that_cannot_be_taken_has_its_reason(line: str, code: str) -> None:
    bill = _read(f"订单号,结算金额,结算时间\n{line}\no2,1.00,2026-11-28\n")
    assert [(bad.line, bad.code) for bad in bill.bad] == [(2, code)]
    assert [event["data"]["order_id"] for event in bill.events] == ["o2"]
    assert all(REASONS[code])


def test_without_a_header_nothing_is_guessed_at() -> None:
    assert [bad.code for bad in _read("o1,3.50\n").bad] == ["columns"]
    assert not is_bill(read_table(b"o1,3.50\n", "a.csv").lines)
