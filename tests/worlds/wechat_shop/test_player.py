"""The recorded month, played as a shop."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.worlds.wechat_shop.clients import Asker, HandClock
from tests.worlds.wechat_shop.player import BUSIEST, Player, recorded
from tests.worlds.wechat_shop.shop import Shop

FILE = "data/orders_tmall_2020_02/tmall_order_report.csv"


def test_the_busiest_day_comes_to_what_was_recorded(shared: Path) -> None:
    orders = recorded(shared / FILE, BUSIEST)
    assert len(orders) == 3_416
    clock = HandClock(orders[0].placed_at)
    shop = Shop(clock)
    player = Player(shop, orders, seed=1)
    clock.go(3 * 86_400)
    shop.clock.catch_up()
    assert shop.clock.ends is None
    truth = player.truth()
    by_number = {one.number: truth[player.ids[one.number]] for one in orders}
    assert len(truth) == 3_416
    for one in orders:
        came_to = by_number[one.number]
        assert came_to.paid_fen == one.paid_fen
        assert came_to.refunded_fen == one.refunded_fen
        assert came_to.total_fen == (one.total_fen if one.paid_at is None else one.paid_fen)
        assert not (came_to.closed and one.paid_at)
    assert sum(len(one.aftersales) > 1 for one in shop.orders.orders.values()) > 50
    statuses = Counter(order.status for order in shop.orders.orders.values())
    assert set(statuses) == {10, 20, 30, 60, 200, 250}


def test_prices_add_up_on_the_wire_and_seeds_differ(shared: Path) -> None:
    orders = recorded(shared / FILE, BUSIEST, most=200)

    def played(seed: int) -> list[object]:
        clock = HandClock(orders[-1].placed_at + 86_400)
        shop = Shop(clock)
        Player(shop, orders, seed)
        ask = Asker(shop)
        told: list[object] = []
        for order_id in sorted(shop.orders.orders):
            order = ask("order/get", {"order_id": order_id})["order"]
            price = order["order_detail"]["price_info"]
            lines = order["order_detail"]["product_infos"]
            assert price["product_price"] == sum(line["sale_price"] * line["sku_cnt"] for line in lines)
            assert (
                price["order_price"] == price["product_price"] - price["discounted_price"] + price["freight"]
            )
            told.append(order)
        return told

    assert played(1) == played(1)
    assert played(1) != played(2)
