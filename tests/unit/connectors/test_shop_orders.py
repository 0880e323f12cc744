"""Orders and after-sales as the documents have them → facts, to the fen, and nothing of the buyer beside."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.bus.decode import read_events
from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.wechat_shop.aftersales import aftersale_seen
from liveconsole.connectors.wechat_shop.orders import Step, facts_of, order_seen
from liveconsole.messages.inputs import FactsInput

SOURCE = "/wechat_shop/wx1"
ORDER: dict[str, Any] = {
    "order_id": "37423523451235145",
    "status": 20,
    "create_time": 1658505600,
    "update_time": 1658509200,
    "openid": "OPENID",
    "order_detail": {
        "product_infos": [{"product_id": "234245", "sku_id": "23424", "sku_cnt": 10, "sale_price": 2000}],
        "pay_info": {"transaction_id": "131456479687", "pay_time": 1658509200, "payment_method": 1},
        "price_info": {
            "product_price": 20000,
            "order_price": 10500,
            "freight": 500,
            "discounted_price": 10000,
        },
        "delivery_info": {"address_info": {"user_name": "陈先生", "province_name": "广东"}},
        "ext_info": {"live_id": "export/UzFf", "order_scene": 2, "customer_notes": "发顺丰"},
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    order = deepcopy(ORDER)
    at: Any = order
    *inner, last = path.split(".")
    for name in inner:
        at = at[int(name) if name.isdigit() else name]
    at[last] = value
    return order


def placed(order: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = facts_of(order, (), SOURCE)[0]["data"]
    return data


def taken(events: list[CloudEvent]) -> FactsInput:
    """As the door reads them: every one is a fact."""
    read = read_events("application/cloudevents-batch+json", json.dumps(events).encode(), simulated=False)
    assert isinstance(read, FactsInput)
    assert read.problems == []
    assert len(read.facts) == len(events)
    return read


def test_the_order_of_the_documents(shared: Path) -> None:
    order = json.loads((shared / "samples/channels_ec_api/order_get_response.json").read_text("utf-8"))[
        "order"
    ]
    events = facts_of(order, (), SOURCE)
    taken(events)
    assert [(one["id"], one["type"]) for one in events] == [
        ("37423523451235145/placed", "order.placed"),
        ("37423523451235145/paid", "order.paid"),
        ("37423523451235145/shipped/134654612313", "order.shipment"),
    ]
    assert events[2]["data"] == {
        "order_id": "37423523451235145",
        "status": "shipped",
        "waybill": "134654612313",
        "carrier": "STO",
    }
    assert events[2]["time"] == "2021-05-11T13:01:20Z"
    assert events[0]["time"] == "2022-07-22T16:00:00Z"
    assert events[0]["data"] == {
        "order_id": "37423523451235145",
        "buyer": {"id": "OPENID", "name": ""},
        "lines": [{"sku_id": "23424", "quantity": 10, "unit_price_fen": 2000}],
        "total_fen": 10500,
        "freight_fen": 500,
        "discounts": [{"kind": "shop_coupon", "fen": 10000, "id": "301234567890"}],
        "scene": "live",
        "live_id": order["order_detail"]["ext_info"]["live_id"],
        "province": "广东",
        "payment": "wechat",
    }
    assert events[1]["data"] == {
        "order_id": "37423523451235145",
        "paid_fen": 10500,
        "payment_id": "131456479687",
    }
    sent = json.dumps(events, ensure_ascii=False)
    for secret in ("陈先生", "海珠", "大塘", "24534252", "发顺丰", "SHARER"):
        assert secret not in sent


@pytest.mark.parametrize(
    ("status", "paid_at", "types"),
    [
        (10, 0, ["placed"]),
        (12, 1658509200, ["placed", "paid"]),
        (13, 0, ["placed"]),
        (20, 1658509200, ["placed", "paid"]),
        (21, 0, ["placed", "paid"]),
        (30, 1658509200, ["placed", "paid"]),
        (60, 0, ["placed"]),
        (60, 1658509200, ["placed", "paid"]),
        (100, 1658509200, ["placed", "paid"]),
        (190, 1658509200, ["placed", "paid", "closed"]),
        (200, 1658509200, ["placed", "paid", "closed"]),
        (250, 0, ["placed", "closed"]),
        (7777, 0, ["placed"]),
    ],
)
def test_a_status_is_what_it_says_and_an_unknown_one_says_nothing(
    status: int, paid_at: int, types: list[str]
) -> None:
    order = changed("status", status)
    order["order_detail"]["pay_info"] = {"pay_time": paid_at} if paid_at else {}
    events = facts_of(order, (), SOURCE)
    taken(events)
    assert [one["type"].removeprefix("order.") for one in events] == types


def test_what_was_told_is_not_told_again_and_ids_are_the_same() -> None:
    order = changed("status", 200)
    all_of_it = facts_of(order, (), SOURCE)
    assert facts_of(order, ("placed", "paid"), SOURCE) == all_of_it[2:]
    assert facts_of(order, ("placed", "paid", "closed"), SOURCE) == []
    again = order_seen(order, SOURCE)
    assert again is not None
    assert again.events == all_of_it
    assert again.closed
    assert again.steps == frozenset({"placed", "paid", "closed"})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("order_id", 37423523451235145),
        ("create_time", "1658505600"),
        ("order_detail.price_info.order_price", "10500"),
        ("order_detail.product_infos.0.sku_id", 23424),
        ("order_detail.product_infos.0.sku_cnt", "10"),
        ("order_detail.pay_info.pay_time", "1658509200"),
        ("order_detail.ext_info.order_scene", "2"),
        ("status", "20"),
    ],
)
def test_quoted_or_not_it_is_the_same(path: str, value: Any) -> None:
    assert facts_of(changed(path, value), (), SOURCE) == facts_of(ORDER, (), SOURCE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("order_id", ""),
        ("order_id", None),
        ("create_time", 0),
        ("order_detail.price_info.order_price", -1),
        ("order_detail.price_info.order_price", None),
        ("order_detail.product_infos", []),
        ("order_detail.product_infos.0.sku_cnt", 0),
        ("order_detail.product_infos.0.sku_id", True),
        ("order_detail.product_infos.0.sale_price", "20.00"),
        ("order_detail", None),
    ],
)
def test_half_an_order_is_none(path: str, value: Any) -> None:
    assert order_seen(changed(path, value), SOURCE) is None


@pytest.mark.parametrize(
    ("path", "value", "field", "told"),
    [
        ("order_detail.ext_info.order_scene", 6, "scene", "article"),
        ("order_detail.ext_info.order_scene", 99, "scene", "99"),
        ("order_detail.pay_info.payment_method", 2, "payment", "later"),
        ("order_detail.pay_info.payment_method", 9, "payment", "9"),
        ("is_present", True, "gift", True),
        ("openid", "", "buyer", {"id": "order:37423523451235145", "name": ""}),
        ("order_detail.delivery_info", {}, "province", None),
        ("order_detail.ext_info.live_id", "", "live_id", None),
    ],
)
def test_open_lists_are_kept_and_what_is_not_there_is_not_told(
    path: str, value: Any, field: str, told: Any
) -> None:
    assert placed(changed(path, value)).get(field) == told


def test_the_layers_of_a_price_are_told_apart() -> None:
    order = deepcopy(ORDER)
    order["order_detail"]["price_info"] |= {
        "order_price": 10500,
        "discounted_price": 6000,
        "deduction_price": 1000,
        "national_subsidy_discounted_price": 1500,
        "cash_coupon_discounted_price": 1000,
    }
    assert placed(order)["discounts"] == [
        {"kind": "shop_coupon", "fen": 6000},
        {"kind": "member", "fen": 1000},
        {"kind": "subsidy", "fen": 1500},
        {"kind": "platform", "fen": 1000},
        {"kind": "other", "fen": 500},
    ]


def test_a_layer_that_is_part_of_another_is_counted_once() -> None:
    order = changed("order_detail.price_info.finder_discounted_price", 3000)
    assert placed(order)["discounts"] == [
        {"kind": "shop_coupon", "fen": 7000},
        {"kind": "platform", "fen": 3000},
    ]


def test_what_a_flash_sale_took_off_is_in_the_price_of_the_unit() -> None:
    order = changed("order_detail.product_infos.0.limited_discount_discounted_price", 5000)
    order["order_detail"]["price_info"]["discounted_price"] = 5000
    data = placed(order)
    assert data["lines"][0]["unit_price_fen"] == 1500
    assert data["discounts"] == [{"kind": "shop_coupon", "fen": 5000}]
    order["order_detail"]["price_info"]["discounted_price"] = 10000
    assert placed(order)["lines"][0]["unit_price_fen"] == 2000, "it is not in there any more"


@given(
    prices=st.lists(st.tuples(st.integers(0, 50_000), st.integers(1, 9)), min_size=1, max_size=4),
    freight=st.integers(0, 2_000),
    offs=st.dictionaries(
        st.sampled_from(
            [
                "discounted_price",
                "deduction_price",
                "finder_discounted_price",
                "vip_discounted_price",
                "change_down_price",
            ]
        ),
        st.integers(0, 30_000),
    ),
    rest=st.integers(0, 100_000),
)
def test_lines_freight_and_layers_add_up(
    prices: list[tuple[int, int]], freight: int, offs: dict[str, int], rest: int
) -> None:
    goods = sum(price * count for price, count in prices)
    order = deepcopy(ORDER)
    detail = order["order_detail"]
    detail["product_infos"] = [
        {"sku_id": str(n), "sku_cnt": count, "sale_price": price} for n, (price, count) in enumerate(prices)
    ]
    total = max(0, goods - rest) + freight
    detail["price_info"] = {"order_price": total, "freight": freight, **offs}
    data = placed(order)
    taken(facts_of(order, (), SOURCE))
    lines = sum(line["unit_price_fen"] * line["quantity"] for line in data["lines"])
    off = sum(one["fen"] for one in data.get("discounts", ()))
    assert lines + data.get("freight_fen", 0) - off == data["total_fen"] == total


AFTERSALE = {
    "after_sale_order_id": "123456",
    "status": "MERCHANT_REFUND_SUCCESS",
    "order_id": 1768683047558651,
    "product_info": {"sku_id": "4740", "count": 1},
    "refund_info": {"amount": 11},
    "create_time": 1591319454,
    "update_time": 1612754444,
    "reason": "NO_LONGER_WANT",
    "type": "REFUND",
    "openid": "OPENID",
    "details": {"desc": "太大了", "tel_number": "13800000000"},
}


def test_the_aftersale_of_the_documents(shared: Path) -> None:
    body = json.loads((shared / "samples/channels_ec_api/aftersale_order_response.json").read_text("utf-8"))
    for one in (body["after_sale_order"], AFTERSALE):
        seen = aftersale_seen(one, SOURCE)
        assert seen is not None
        taken(seen.events)
        updated, refunded = seen.events
        assert updated["data"] == {
            "aftersale_id": "123456",
            "order_id": "1768683047558651",
            "kind": "refund",
            "status": "refunded",
            "reason": "NO_LONGER_WANT",
            "amount_fen": 11,
            "lines": [{"sku_id": "4740", "quantity": 1}],
        }
        assert refunded["id"] == "aftersale/123456/refunded"
        assert refunded["data"] == {"order_id": "1768683047558651", "refund_fen": 11, "refund_id": "123456"}
        assert "太大了" not in json.dumps(seen.events, ensure_ascii=False)


@pytest.mark.parametrize(
    ("status", "told", "refunded", "over"),
    [
        ("MERCHANT_PROCESSING", "asked", False, False),
        ("USER_CANCELD", "closed", False, True),
        ("RETURN_CLOSED", "closed", False, True),
        ("USER_WAIT_RETURN", "buyer", False, False),
        ("MERCHANT_WAIT_RECEIPT", "returned", False, False),
        ("MERCHANT_OVERDUE_REFUND", "seller", False, False),
        ("MERCHANT_REJECT_RETURN", "rejected", False, False),
        ("PLATFORM_REFUNDING", "platform", False, False),
        ("PLATFORM_REFUND_FAIL", "platform", False, False),
        ("MERCHANT_RETURN_SUCCESS", "refunded", True, True),
        ("补寄待商家发货", "补寄待商家发货", False, False),
    ],
)
def test_money_goes_back_where_it_is_said_to_be_back(
    status: str, told: str, refunded: bool, over: bool
) -> None:
    seen = aftersale_seen({**AFTERSALE, "status": status}, SOURCE)
    assert seen is not None
    taken(seen.events)
    assert seen.events[0]["data"]["status"] == told
    assert [one["type"] for one in seen.events[1:]] == (["order.refunded"] if refunded else [])
    assert seen.closed is over


def test_an_aftersale_that_cannot_be_read_is_none() -> None:
    for name in ("after_sale_order_id", "order_id", "status"):
        assert aftersale_seen({**AFTERSALE, name: None}, SOURCE) is None


def test_a_parcel_is_told_with_every_reading_and_known_by_its_waybill() -> None:
    """Also of an order whose steps were told: a second parcel may come later."""
    sent = {"waybill_id": "SF1", "delivery_id": "SF", "delivery_time": 1_700_000_000}
    other = {"waybill_id": "SF2", "delivery_id": "SF", "delivery_time": 1_700_090_000}
    order: dict[str, Any] = {
        "order_id": "7",
        "status": 30,
        "create_time": 1_699_999_000,
        "update_time": 1_700_000_000,
        "order_detail": {
            "product_infos": [{"sku_id": "s", "sku_cnt": 1, "sale_price": 100}],
            "price_info": {"order_price": 100},
            "delivery_info": {"delivery_product_info": [sent, {"delivery_id": "no waybill"}]},
        },
    }
    told: tuple[Step, ...] = ("placed", "paid")
    assert [one["id"] for one in facts_of(order, told, SOURCE)] == ["7/shipped/SF1"]
    order["order_detail"]["delivery_info"]["delivery_product_info"] = [sent, other]
    order["status"] = 100
    events = facts_of(order, told, SOURCE)
    taken(events)
    assert [one["id"] for one in events] == ["7/shipped/SF1", "7/shipped/SF2", "7/delivered"]
    assert events[-1]["data"] == {"order_id": "7", "status": "delivered"}
    order["order_detail"]["delivery_info"] = {}
    assert facts_of(order, told, SOURCE) == [], "of what was never sent nobody says that it came"
