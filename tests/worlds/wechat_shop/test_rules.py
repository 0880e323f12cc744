"""The made-up shop lists, prices and refuses as the documents say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.worlds.wechat_shop.clients import Asker, HandClock, evening
from tests.worlds.wechat_shop.made_up import HOUR, LIVE, PRODUCT, SKU, coupon_body, task_body
from tests.worlds.wechat_shop.shop import CHANGES, Shop


def test_orders_are_listed_by_ids_in_windows_of_at_most_seven_days(
    shop: Shop, ask: Asker, clock: HandClock
) -> None:
    placed = []
    for _ in range(25):
        placed.append(shop.orders.place("oBuyer", [(PRODUCT, SKU, 1)]).order_id)
        clock.go(1)
    now = shop.clock.now()
    window = {"update_time_range": {"start_time": now - 100, "end_time": now}, "page_size": 10}
    pages = [ask("order/list/get", window)]
    while pages[-1]["has_more"]:
        pages.append(ask("order/list/get", {**window, "next_key": pages[-1]["next_key"]}))
    assert [len(page["order_id_list"]) for page in pages] == [10, 10, 5]
    assert [one for page in pages for one in page["order_id_list"]] == placed
    again = ask("order/list/get", {**window, "next_key": pages[0]["next_key"]})
    assert again["order_id_list"] == pages[1]["order_id_list"], "asked again"
    shop.orders.pay(placed[0])
    only = {"update_time_range": {"start_time": now, "end_time": now}, "page_size": 100}
    assert ask("order/list/get", only)["order_id_list"] == [placed[0]]
    for wrong in (
        {"page_size": 10},
        {**window, "page_size": 101},
        {**window, "update_time_range": {"start_time": now - 7 * 86_400 - 1, "end_time": now}},
        {**window, "update_time_range": {"start_time": now, "end_time": now - 1}},
        {**window, "next_key": "no key of ours"},
    ):
        assert ask.code("order/list/get", wrong) == 10020051, wrong


def test_an_orders_price_adds_up_with_task_coupon_and_freight(
    shop: Shop, ask: Asker, clock: HandClock
) -> None:
    ids = evening(shop, ask, clock)
    order = ask("order/get", {"order_id": ids["order_id"]})["order"]["order_detail"]
    price = order["price_info"]
    assert order["product_infos"][0]["sale_price"] == 3_900, "the task's price"
    assert price["product_price"] == 7_800
    assert price["discounted_price"] == 1_000
    assert price["order_price"] == 7_800 - 1_000 + 500
    assert order["ext_info"]["live_id"] == LIVE
    assert order["ext_info"]["order_scene"] == 2


def test_after_sales_are_listed_for_a_day_at_most(shop: Shop, ask: Asker, clock: HandClock) -> None:
    ids = evening(shop, ask, clock)
    now = shop.clock.now()
    path = "aftersale/getaftersalelist"
    assert ask(path, {"begin_create_time": now - 86_400, "end_create_time": now})["after_sale_order_id_list"]
    assert ask.code(path, {"begin_create_time": now - 86_401, "end_create_time": now}) == 10020004
    assert ask.code("aftersale/getaftersaleorder", {"after_sale_order_id": "5"}) == 10020003
    clock.go(60)
    shop.aftersales.give_back(ids["after_sale_order_id"])
    listed = ask(path, {"begin_update_time": now + 60, "end_update_time": now + 60})
    assert listed["after_sale_order_id_list"] == [ids["after_sale_order_id"]]
    read = ask("aftersale/getaftersaleorder", {"after_sale_order_id": ids["after_sale_order_id"]})
    assert read["after_sale_order"]["status"] == "MERCHANT_REFUND_SUCCESS"
    assert read["after_sale_order"]["refund_info"]["amount"] == 100


def test_an_order_that_was_given_back_whole_is_200_and_its_units_are_there_again(
    shop: Shop, ask: Asker, clock: HandClock
) -> None:
    order = shop.orders.place("oBuyer", [(PRODUCT, SKU, 3)])
    shop.orders.pay(order.order_id)
    one = shop.aftersales.open(order.order_id, order.price_fen, count=3)
    assert ask("product/stock/get", {"product_id": PRODUCT, "sku_id": SKU})["data"]["normal_stock_num"] == 997
    shop.aftersales.give_back(one.aftersale_id)
    assert ask("order/get", {"order_id": order.order_id})["order"]["status"] == 200
    assert (
        ask("product/stock/get", {"product_id": PRODUCT, "sku_id": SKU})["data"]["normal_stock_num"] == 1000
    )


def test_a_task_waits_runs_ends_and_locks_its_product(shop: Shop, ask: Asker, clock: HandClock) -> None:
    now = shop.clock.now()
    base = "product/limiteddiscounttask/"
    task_id = ask(base + "add", task_body(shop, start_time=now + 60, end_time=now + 120))["task_id"]
    locked = {"product_id": PRODUCT, "skus": [{"sku_id": SKU, "sale_price": 100}]}

    def status() -> int:
        return int(ask(base + "list/get", {"page_size": 50})["limited_discount_tasks"][0]["status"])

    assert status() == 0
    assert ask.code("product/auditfree", locked) == 10020014
    assert ask.code(base + "add", task_body(shop)) == 10020051, "one unfinished task for each product"
    clock.go(60)
    assert status() == 1
    assert ask.code(base + "delete", {"task_id": task_id}) == 10020077
    stock = ask("product/stock/get", {"product_id": PRODUCT, "sku_id": SKU})["data"]
    assert (stock["normal_stock_num"], stock["limited_discount_stock_num"]) == (950, 50)
    shop.orders.place("oBuyer", [(PRODUCT, SKU, 2)])
    assert ask.code(base + "stop", {"task_id": task_id}) == 0
    assert status() == 2
    stock = ask("product/stock/get", {"product_id": PRODUCT, "sku_id": SKU})["data"]
    assert (stock["normal_stock_num"], stock["limited_discount_stock_num"]) == (998, 0)
    assert ask.code(base + "stop", {"task_id": task_id}) == 10020077
    assert ask.code(base + "delete", {"task_id": task_id}) == 0
    assert ask.code(base + "stop", {"task_id": task_id}) == 10020076
    assert ask.code("product/auditfree", locked) == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"product_id": "1"}, 10020052),
        ({"start": -601}, 10020051),
        ({"start": 366 * 86_400}, 10020051),
        ({"end": 24 * HOUR + 1}, 10020051),
        ({"end": 0}, 10020051),
        ({"sale_price": 589}, 10020051),
        ({"sale_price": 5_016}, 10020051),
        ({"sale_stock": 1_001}, 10020051),
        ({"sale_stock": 0}, 10020051),
        ({"sku_id": "1"}, 10020051),
        ({"sale_price": 4_900}, 0),
        ({"sale_price": 590}, 0),
        ({"start": -600}, 0),
    ],
)
def test_the_rules_of_a_task(shop: Shop, ask: Asker, changed: dict[str, Any], code: int) -> None:
    now = shop.clock.now()
    sku = {"sku_id": SKU, "sale_price": 3_900, "sale_stock": 50}
    start = now + changed.get("start", 0)
    end = start + changed.get("end", HOUR)
    sku |= {name: value for name, value in changed.items() if name in sku}
    body = task_body(shop, start_time=start, end_time=end, limited_discount_skus=[sku])
    if "product_id" in changed:
        body["product_id"] = changed["product_id"]
    assert ask.code("product/limiteddiscounttask/add", body) == code


def test_a_task_is_changed_only_by_who_knows_its_status(shop: Shop, ask: Asker, clock: HandClock) -> None:
    base = "product/limiteddiscounttask/"
    now = shop.clock.now()
    task_id = ask(base + "add", task_body(shop))["task_id"]
    row = {"product_id": PRODUCT, "sku_id": SKU, "sale_price": 2_900, "sale_stock": 20}
    change = {"task_id": task_id, "start_time": now, "end_time": now + HOUR, "limited_discount_skus": [row]}
    assert ask.code(base + "update", {**change, "status": 0}) == 10020077
    assert ask.code(base + "update", {**change, "status": 1}) == 0
    listed = ask(base + "list/get", {"status": 1, "page_size": 10})["limited_discount_tasks"][0]
    assert listed["limited_discount_skus"] == [{"sku_id": SKU, "sale_price": 2_900, "sale_stock": 20}]
    assert ask("product/stock/get", {"product_id": PRODUCT, "sku_id": SKU})["data"]["normal_stock_num"] == 980


def test_a_coupon_is_not_live_until_its_status_says_so(shop: Shop, ask: Asker, clock: HandClock) -> None:
    coupon_id = ask("coupon/create", coupon_body(shop))["data"]["coupon_id"]
    assert ask("coupon/get", {"coupon_id": coupon_id})["coupon"]["status"] == 1
    assert shop.coupons.receive(coupon_id, "oBuyer") is None
    assert ask.code("coupon/update_status", {"coupon_id": coupon_id, "status": 2}) == 0
    assert ask.code("coupon/update_status", {"coupon_id": coupon_id, "status": 2}) == 10021037
    assert shop.coupons.receive(coupon_id, "oBuyer") is not None
    assert shop.coupons.receive(coupon_id, "oBuyer") is None, "one for each person"
    stock = ask("coupon/get", {"coupon_id": coupon_id})["coupon"]["stock_info"]
    assert stock == {"issued_num": 100, "receive_num": 1, "used_num": 0}
    assert ask.code("coupon/update_status", {"coupon_id": coupon_id, "status": 4}) == 0
    assert ask.code("coupon/update_status", {"coupon_id": coupon_id, "status": 2}) == 10021003
    assert ask.code("coupon/get", {"coupon_id": "5"}) == 10021001
    late = ask("coupon/create", coupon_body(shop))["data"]["coupon_id"]
    clock.go(HOUR)
    assert ask.code("coupon/update_status", {"coupon_id": late, "status": 2}) == 10021034


@pytest.mark.parametrize(
    "changed",
    [
        {"type": 5},
        {"name": "一二三四五六七八九十一"},
        {"type": 104},
        {"discount_info": {"discount_condition": {"product_ids": [PRODUCT]}, "discount_fee": 20_001}},
        {"discount_info": {"discount_condition": {"product_ids": ["1"]}, "discount_fee": 1_000}},
        {
            "type": 3,
            "discount_info": {"discount_condition": {"product_ids": [PRODUCT]}, "discount_num": 1_900},
        },
        {
            "type": 3,
            "discount_info": {"discount_condition": {"product_ids": [PRODUCT]}, "discount_num": 8_050},
        },
        {
            "type": 2,
            "discount_info": {
                "discount_condition": {"product_ids": [PRODUCT], "product_cnt": 2, "product_price": 100},
                "discount_fee": 50,
            },
        },
        {"valid_info": {"valid_type": 2}},
        {"valid_info": {"valid_type": 1, "valid_day_num": 3}},
        {"promote_info": {"promote_type": 2}},
    ],
)
def test_the_rules_of_a_coupon(shop: Shop, ask: Asker, changed: dict[str, Any]) -> None:
    assert ask.code("coupon/create", coupon_body(shop, **changed)) in (10020051, 10020052)
    assert shop.coupons.coupons == {}


def test_stock_is_added_to_taken_from_and_set(shop: Shop, ask: Asker) -> None:
    one = {"product_id": PRODUCT, "sku_id": SKU}

    def left() -> int:
        return int(ask("product/stock/get", one)["data"]["normal_stock_num"])

    assert ask.code("product/stock/update", {**one, "diff_type": 1, "num": 10}) == 0
    assert left() == 1010
    assert ask.code("product/stock/update", {**one, "diff_type": 2, "num": 11}) == 0
    assert left() == 999
    assert ask.code("product/stock/update", {**one, "diff_type": 3, "num": 5}) == 0
    assert left() == 5
    assert ask.code("product/stock/update", {**one, "diff_type": 2, "num": 6}) == 10020054
    assert ask.code("product/stock/update", {**one, "diff_type": 4, "num": 6}) == 10020051


def test_the_big_screen_is_told_in_both_forms(shop: Shop, ask: Asker, clock: HandClock) -> None:
    evening(shop, ask, clock)
    body = {"export_id": LIVE}
    old = ask("/channels/livedashboard/getlivedata", body, "assistant")
    shop.lives.as_strings = False
    new = ask("/channels/livedashboard/getlivedata", body, "assistant")
    assert isinstance(old["live_ec_data_summary"], str)
    assert json.loads(old["live_ec_data_summary"]) == new["live_ec_data_summary"]
    assert new["live_ec_data_summary"]["total_gmv"] == 7_300
    assert new["live_comparison_index"]["on_air"]["gmv"]["last_n_mins_value"] == 7_300
    assert ask.code("/channels/livedashboard/getlivedata", {"export_id": "export/x"}, "assistant") == 5
    assert ask.code("/channels/livedashboard/getlivelist", {"ds": 20231231}, "assistant") == 1


def test_a_product_that_is_not_ready_is_not_changed(shop: Shop, ask: Asker) -> None:
    product = shop.goods.products[PRODUCT]
    one = {"product_id": PRODUCT}
    stock = {**one, "sku_id": SKU, "diff_type": 1, "num": 1}
    product.edit_status = 7
    assert ask.code("product/auditfree", {**one, "skus": []}) == 10020067
    assert ask.code("product/delisting", one) == 10020067
    product.edit_status = 2
    assert ask.code("product/listing", one) == 10020011
    assert ask.code("product/stock/update", stock) == 10020091
    assert ask.code("product/limiteddiscounttask/add", task_body(shop)) == 10020049
    product.edit_status, product.status = 4, 0
    assert ask.code("product/stock/update", stock) == 10020091
    assert ask.code("product/listing", one) == 0
    assert ask.code("product/stock/update", stock) == 0
    assert ask.code("product/delisting", one) == 0
    assert ask.code("product/delisting", one) == 10020047


def test_a_shop_that_is_closed_and_a_path_that_is_banned_say_so(shop: Shop, ask: Asker) -> None:
    shop.refuses["/channels/ec/coupon/"] = (48004, "api forbidden")
    assert ask.code("coupon/get", {"coupon_id": "1"}) == 48004
    assert ask.code("product/get", {"product_id": PRODUCT}) == 0
    shop.refuses["/channels/"] = (10080001, "shop is closed")
    assert ask.code("product/get", {"product_id": PRODUCT}) == 10080001


def test_what_changes_something_is_named(shop: Shop) -> None:
    """A path that is in neither would be let through by every test that nothing else was changed."""
    tells = ("get", "list", "get_list", "batchget", "getflow", "getauditquota", "get_user_coupon_list")
    for path in shop.paths():
        told = path.rsplit("/", 1)[-1] in tells or "/get" in path or path == "/cgi-bin/stable_token"
        assert told != (path in CHANGES), path
