"""Who may ask the made-up shop, and how often."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.worlds.wechat_shop.clients import Asker, HandClock
from tests.worlds.wechat_shop.shop import SHOP, Shop


def test_a_token_lasts_two_hours_and_the_old_one_overlaps_the_new_by_five_minutes(
    shop: Shop, ask: Asker, clock: HandClock
) -> None:
    first = ask.tokens["shop"]
    clock.go(6000)
    assert ask.token(SHOP.appid, SHOP.secret) == first
    clock.go(901)
    second = ask.token(SHOP.appid, SHOP.secret)
    assert second != first
    body = {"cgi_path": "/channels/ec/order/get"}
    assert ask.code("/cgi-bin/openapi/quota/get", body) == 0, "the old one is good for what is left of it"
    clock.go(300)
    assert ask.code("/cgi-bin/openapi/quota/get", body) == 42001
    ask.tokens["shop"] = second
    assert ask.code("/cgi-bin/openapi/quota/get", body) == 0


def test_forcing_a_token_takes_the_others_back_and_has_its_limits(
    shop: Shop, ask: Asker, clock: HandClock
) -> None:
    old = ask.tokens["shop"]
    assert ask.token(SHOP.appid, SHOP.secret, forced=True) != old
    assert ask.code("product/getauditquota", {"x": 1}) == 40001
    assert ask.token(SHOP.appid, SHOP.secret, forced=True) == "45011"
    for _ in range(19):
        clock.go(30)
        assert len(ask.token(SHOP.appid, SHOP.secret, forced=True)) > 100
    clock.go(30)
    assert ask.token(SHOP.appid, SHOP.secret, forced=True) == "45009"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"grant_type": "x"}, 40002),
        ({"grant_type": "client_credential"}, 41002),
        ({"grant_type": "client_credential", "appid": "wx_nobody", "secret": "?"}, 40013),
        ({"grant_type": "client_credential", "appid": SHOP.appid, "secret": "?"}, 40125),
    ],
)
def test_a_token_is_not_for_everybody(shop: Shop, asked: dict[str, Any], code: int) -> None:
    assert shop.answer("/cgi-bin/stable_token", "", json.dumps(asked).encode())["errcode"] == code


def test_who_may_not_call_is_told_why(shop: Shop, ask: Asker) -> None:
    order = json.dumps({"order_id": "1"}).encode()
    token = ask.tokens["shop"]
    assert shop.answer("/channels/ec/order/get", "", order)["errcode"] == 41001
    assert shop.answer("/channels/ec/order/nothing", token, order)["errcode"] == 40066
    assert shop.answer("/channels/ec/order/get", token, b"")["errcode"] == 44002
    assert shop.answer("/channels/ec/order/get", token, b"{")["errcode"] == 47001
    assert ask.code("order/get", {"order_id": "1"}, "assistant") == 48001
    assert ask.code("finderlive/getfinderliverecordlist", {"x": 1}, "shop") == 48001
    shop.tokens.addresses = {"198.51.100.1"}
    said = shop.answer("/channels/ec/order/get", token, order, "203.0.113.9")
    assert said["errcode"] == 61004
    assert "203.0.113.9" in said["errmsg"]


def test_quotas_are_counted_told_and_cleared(shop: Shop, ask: Asker, clock: HandClock) -> None:
    path = "/channels/ec/product/getauditquota"
    shop.tokens.quotas[path] = type(shop.tokens.default)(a_day=4, a_minute=3)
    assert [ask.code(path, {"x": 1}) for _ in range(4)] == [0, 0, 0, 45011]
    clock.go(60)
    assert [ask.code(path, {"x": 1}) for _ in range(2)] == [0, 45009]
    said = ask("/cgi-bin/openapi/quota/get", {"cgi_path": path})["quota"]
    assert said == {"daily_limit": 4, "used": 4, "remain": 0}
    assert ask.code("/cgi-bin/openapi/quota/clear", {"cgi_path": path}) == 0
    assert ask.code(path, {"x": 1}) == 0
    assert [ask.code("/cgi-bin/openapi/quota/clear", {}) for _ in range(50)][-2:] == [0, 48006]
