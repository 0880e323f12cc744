"""What each line of a tape becomes, and what is said of the lines that are none."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.connectors.tape.lines import BrokenLine, TapeFact, TapeName, parse_line, parse_row
from liveconsole.connectors.tape.orders import Header, header, parse_order
from liveconsole.messages.facts import FACTS

TAPE = TapeName("0123456789abcdef")


def line(**fields: object) -> bytes:
    return json.dumps({"seq": 7, "t": 1.5, "time": "2021-12-30T19:34:43+08:00", **fields}).encode()


@pytest.mark.parametrize(
    ("fields", "type_", "data"),
    [
        (
            {"type": "comment", "name": "糖糖", "text": "好看", "color": "455ff6"},
            "comment.posted",
            {"viewer": {"id": "name:糖糖", "name": "糖糖"}, "text": "好看"},
        ),
        (
            {"type": "enter_vip", "uid": 42, "name": "雨", "text": "欢迎"},
            "viewer.entered",
            {"viewer": {"id": "42", "name": "雨"}},
        ),
        (
            {"type": "gift", "uid": 42, "name": "雨", "gift": "牛哇", "num": 3, "total_coin": 300},
            "gift.sent",
            {"viewer": {"id": "42", "name": "雨"}, "gift": "牛哇", "count": 3, "value_fen": 30},
        ),
        (
            {"type": "gift", "uid": 4, "name": "雨", "gift": "辣", "num": 3, "coin_type": "silver"},
            "gift.sent",
            {"viewer": {"id": "4", "name": "雨"}, "gift": "辣", "count": 3, "value_fen": 0},
        ),
        (
            {"type": "guard_buy", "uid": 42, "name": "雨", "gift": "舰长", "num": 2, "price": 198000},
            "gift.sent",
            {"viewer": {"id": "42", "name": "雨"}, "gift": "舰长", "count": 2, "value_fen": 39600},
        ),
        (
            {"type": "super_chat", "uid": 42, "name": "雨", "text": "好看！", "price": 50},
            "gift.sent",
            {
                "viewer": {"id": "42", "name": "雨"}, "gift": "super_chat", "count": 1, "value_fen": 5000,
                "text": "好看！",
            },
        ),
        (
            {"type": "gift_combo", "uid": 42, "name": "雨", "gift": "心", "num": 21, "combo": 21},
            "gift.sent",
            {"viewer": {"id": "42", "name": "雨"}, "gift": "心", "count": 21, "value_fen": 0, "combo": True},
        ),
        ({"type": "online_rank_count", "count": 704}, "room.measured", {"online": 704}),
        ({"type": "room_fans", "fans": 6781214, "fans_club": 1}, "room.measured", {"followers": 6781214}),
    ],
)  # fmt: skip
def test_each_kind_becomes_its_fact(fields: dict[str, object], type_: str, data: dict[str, object]) -> None:
    played = parse_line(line(**fields), TAPE)
    assert played == TapeFact(
        1.5,
        {
            "specversion": "1.0", "id": "7", "source": "/tape/0123456789ab", "type": type_,
            "time": "2021-12-30T19:34:43+08:00", "data": data,
        },
    )  # fmt: skip
    msgspec.convert(data, FACTS[type_])


def test_another_take_of_a_tape_is_another_source() -> None:
    assert TapeName("0123456789abcdef", "二").source == "/tape/0123456789ab/二"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"Expecting value: line 1 column 25 (char 24)", "not_json"),
        (b"{'name': '', 'content': b'x'}", "not_json"),
        (b"=============", "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b"[" * 5000, "not_json"),
        (b"[1]", "no_object"),
        (b'{"type":"comment","name":"a","text":"b"}', "no_seq"),
        (line(seq=True, type="comment", name="a", text="b"), "no_seq"),
        (line(type="like", name="a"), "unknown_type"),
        (line(name="a"), "unknown_type"),
        (line(type=["comment"]), "unknown_type"),
        (line(type="comment", name="a"), "bad_field"),
        (line(type="comment", name=None, text="b"), "bad_field"),
        (line(type="gift", uid=1, name="a", gift="x", num=-1), "bad_field"),
        (line(type="online_rank_count", count="704"), "bad_field"),
    ],
)
def test_a_broken_line_names_its_reason(raw: bytes, code: str) -> None:
    broken = parse_line(raw, TAPE)
    assert isinstance(broken, BrokenLine)
    assert broken.code == code


@given(st.binary(max_size=200))
def test_no_bytes_make_the_parser_fail(raw: bytes) -> None:
    assert isinstance(parse_line(raw, TAPE), TapeFact | BrokenLine)
    assert isinstance(parse_row(raw, 1, TAPE), TapeFact | BrokenLine)


def test_every_line_of_the_recorded_room_is_a_fact_of_the_right_shape(shared: Path) -> None:
    path = shared / "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
    ids, before = [], 0.0
    with path.open("rb") as lines:
        for raw in lines:
            played = parse_line(raw, TAPE)
            assert isinstance(played, TapeFact), raw
            assert played.t >= before
            before = played.t
            msgspec.convert(played.event["data"], FACTS[played.event["type"]])
            ids.append(int(played.event["id"]))
    assert len(ids) == len(set(ids)) == 44_147
    assert ids == sorted(ids)


def test_the_unquoted_csv_loses_only_its_five_ambiguous_rows(shared: Path) -> None:
    path = shared / "data/danmaku_bili_11365_20211230/danmaku_raw_unquoted.csv"
    with path.open("rb") as lines:
        next(lines)
        rows = [parse_row(raw, number, TAPE) for number, raw in enumerate(lines, 1)]
    broken = [row for row in rows if isinstance(row, BrokenLine)]
    assert [row.code for row in broken] == ["columns"] * 5
    assert len(rows) - len(broken) == 30_598
    with_cr = [row for row in rows if isinstance(row, TapeFact) and "\r" in row.event["data"]["text"]]
    assert len(with_cr) == 1


COLUMNS = header(
    "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额\r\n".encode()
)


def test_an_unpaid_order_is_only_placed_and_a_refunded_one_was_paid_in_full() -> None:
    assert isinstance(COLUMNS, Header)
    unpaid = parse_order("1,178.8,0.0,上海,2020-02-21 00:00:00,,0.0\r\n".encode(), COLUMNS)
    assert isinstance(unpaid, list)
    assert [step.event(TAPE) for step in unpaid] == [
        {
            "specversion": "1.0", "id": "1/placed", "source": "/tape/0123456789ab", "type": "order.placed",
            "time": "2020-02-21T00:00:00+08:00",
            "data": {
                "order_id": "1", "buyer": {"id": "tmall:1", "name": ""},
                "lines": [{"sku_id": "tmall", "quantity": 1, "unit_price_fen": 17880}], "total_fen": 17880,
            },
        }
    ]  # fmt: skip
    refunded = parse_order("2,21.0,5.5,上海,2020-02-20 23:59:54,2020-02-21 00:00:02,15.5".encode(), COLUMNS)
    assert isinstance(refunded, list)
    assert [(s.event(TAPE)["type"], s.fen) for s in refunded] == [
        ("order.placed", 2100), ("order.paid", 2100), ("order.refunded", 1550),
    ]  # fmt: skip
    assert sorted(refunded) == refunded


@pytest.mark.parametrize(
    "row",
    [
        "1,2,3", ",1,0,上海,2020-02-21 00:00:00,,0", "1,x,0,上海,2020-02-21 00:00:00,,0",
        "1,1,0,上海,gestern,,0", "1,1,1,上海,2020-02-21 00:00:00,,0", "1,-1,0,上海,2020-02-21 00:00:00,,0",
    ],
)  # fmt: skip
def test_a_broken_order_row_is_not_guessed_at(row: str) -> None:
    assert isinstance(COLUMNS, Header)
    assert isinstance(parse_order(row.encode(), COLUMNS), BrokenLine)


def test_the_recorded_orders_add_up_to_the_published_figures(shared: Path) -> None:
    path = shared / "data/orders_tmall_2020_02/tmall_order_report.csv"
    count = {"order.placed": 0, "order.paid": 0, "order.refunded": 0}
    fen = dict(count)
    with path.open("rb") as lines:
        columns = header(next(lines))
        assert columns is not None
        for raw in lines:
            steps = parse_order(raw, columns)
            assert isinstance(steps, list), raw
            for step in steps:
                event = step.event(TAPE)
                msgspec.convert(event["data"], FACTS[event["type"]])
                count[event["type"]] += 1
                fen[event["type"]] += step.fen
    assert count == {"order.placed": 28_010, "order.paid": 24_087, "order.refunded": 5_646}
    assert fen["order.placed"] == 299_576_061
    assert fen["order.paid"] - fen["order.refunded"] == 190_248_715
