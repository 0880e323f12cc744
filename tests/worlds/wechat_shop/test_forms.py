"""The made-up shop answers the documented bodies, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.worlds.wechat_shop.clients import Asker, HandClock, evening
from tests.worlds.wechat_shop.made_up import HOUR, LIVE, PRODUCT, SKU, coupon_body, task_body
from tests.worlds.wechat_shop.shop import SHOP, Shop


@pytest.fixture
def samples(shared: Path) -> Path:
    return shared / "samples/channels_ec_api"


def documented(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return loaded


def missing(documented: Any, said: Any, where: str = "") -> list[str]:
    """What is in a documented body and not in ours: a key, or a value of another type."""
    if isinstance(documented, dict) and isinstance(said, dict):
        found = [f"{where}.{key}" for key in documented if key not in said]
        for key in documented.keys() & said.keys():
            found += missing(documented[key], said[key], f"{where}.{key}")
        return found
    if isinstance(documented, list) and isinstance(said, list):
        if documented and said:
            return missing(documented[0], said[0], f"{where}[]")
        return []
    same = type(documented) is type(said)
    return [] if same else [f"{where}: {type(said).__name__}, documented as {type(documented).__name__}"]


def test_every_documented_answer_is_given_key_by_key(
    shop: Shop, ask: Asker, clock: HandClock, samples: Path
) -> None:
    ids = evening(shop, ask, clock)
    now = shop.clock.now()
    window = {"start_time": now - HOUR, "end_time": now}
    asked: list[tuple[str, str, dict[str, Any], str]] = [
        ("order_list_get_response", "order/list/get", {"update_time_range": window, "page_size": 10}, "shop"),
        ("order_get_response", "order/get", {"order_id": ids["order_id"]}, "shop"),
        (
            "aftersale_list_response",
            "aftersale/getaftersalelist",
            {"begin_update_time": now - HOUR, "end_update_time": now},
            "shop",
        ),
        (
            "aftersale_order_response",
            "aftersale/getaftersaleorder",
            {"after_sale_order_id": ids["after_sale_order_id"]},
            "shop",
        ),
        ("product_list_get_response", "product/list/get", {"status": 5, "page_size": 3}, "shop"),
        ("product_get_response", "product/get", {"product_id": PRODUCT}, "shop"),
        ("product_getauditquota_response", "product/getauditquota", {"x": 1}, "shop"),
        ("product_stock_get_response", "product/stock/get", {"product_id": PRODUCT, "sku_id": SKU}, "shop"),
        ("product_stock_batchget_response", "product/stock/batchget", {"product_id": [PRODUCT]}, "shop"),
        (
            "product_stock_getflow_response",
            "product/stock/getflow",
            {
                "product_id": PRODUCT,
                "sku_id": SKU,
                "begin_time": now - HOUR,
                "end_time": now,
                "page_size": 10,
            },
            "shop",
        ),
        (
            "limiteddiscounttask_list_response",
            "product/limiteddiscounttask/list/get",
            {"page_size": 10},
            "shop",
        ),
        ("coupon_get_list_response", "coupon/get_list", {"status": 2, "page": 1, "page_size": 10}, "shop"),
        ("coupon_get_response", "coupon/get", {"coupon_id": ids["coupon_id"]}, "shop"),
        (
            "coupon_get_user_coupon_list_response",
            "coupon/get_user_coupon_list",
            {"openid": "oBuyer", "page": 1, "page_size": 20},
            "shop",
        ),
        (
            "coupon_get_user_coupon_response",
            "coupon/get_user_coupon",
            {"openid": "oBuyer", "user_coupon_id": ids["user_coupon_id"]},
            "shop",
        ),
        ("finderlive_record_list_response", "finderlive/getfinderliverecordlist", {"x": 1}, "assistant"),
        (
            "livedashboard_getlivedata_response",
            "/channels/livedashboard/getlivedata",
            {"export_id": LIVE},
            "assistant",
        ),
        (
            "livedashboard_getlivelist_response",
            "/channels/livedashboard/getlivelist",
            {"ds": shop.clock.day()},
            "assistant",
        ),
    ]
    # Documented of products of many warehouses, of orders with a sharer, of goods with papers: not of ours.
    other = ("warehouse_stocks", "sharer_info", "finder_total_num", "move_to_stock_sub_type")
    for name, path, body, owner in asked:
        said = ask(path, body, owner)
        assert said["errcode"] in (0, "0"), (path, said)
        lacks = [
            one for one in missing(documented(samples, name), said) if not any(word in one for word in other)
        ]
        assert lacks == [], name
        assert type(said["errcode"]) is type(documented(samples, name)["errcode"]), name


def test_what_makes_things_answers_as_documented(shop: Shop, ask: Asker, samples: Path) -> None:
    made = ask("product/limiteddiscounttask/add", task_body(shop))
    assert missing(documented(samples, "limiteddiscounttask_add_response"), made) == []
    made = ask("coupon/create", coupon_body(shop))
    assert missing(documented(samples, "coupon_create_response"), made) == []
    said = shop.answer(
        "/cgi-bin/stable_token",
        "",
        json.dumps(
            {**documented(samples, "stable_token_request"), "appid": SHOP.appid, "secret": SHOP.secret}
        ).encode(),
    )
    assert said.keys() == documented(samples, "stable_token_response").keys()
    refused = shop.answer("/channels/ec/order/get", "no token of ours", b"{}")
    assert refused["errcode"] == documented(samples, "error_response")["errcode"]
    assert " rid: " in refused["errmsg"]
