"""``python -m tests.worlds.wechat_shop``: a shop at an address, on the real clock, to be tried out."""

from __future__ import annotations

import argparse
import asyncio
import time

from tests.worlds.wechat_shop.faults import EVERY, Faults, Rule
from tests.worlds.wechat_shop.made_up import shop_with_goods
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import ASSISTANT, SHOP, Shop


def main() -> None:
    parser = argparse.ArgumentParser(description="A made-up 微信小店")
    parser.add_argument("--port", type=int, default=8199)
    parser.add_argument("--products", type=int, default=20)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two orders; 0: none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--fault", action="append", default=[], help=f"NAME or NAME=RATE, of {', '.join(EVERY)}"
    )
    given = parser.parse_args()
    rules = [
        Rule(name, float(rate or "0.05")) for name, _, rate in (one.partition("=") for one in given.fault)
    ]
    shop = shop_with_goods(time.time, given.products)
    asyncio.run(_serve(ShopServer(shop, Faults(given.seed, rules)), given.port, given.every))


async def _serve(server: ShopServer, port: int, every: float) -> None:
    url = await server.start(port)
    for account in (SHOP, ASSISTANT):
        print(f"{url}  {account.owner}: appid {account.appid}, secret {account.secret}", flush=True)
    made = 0
    try:
        while True:
            await asyncio.sleep(every or 3600)
            if every:
                _buy(server.shop, made)
                made += 1
    finally:
        await server.close()


def _buy(shop: Shop, number: int) -> None:
    """An order; every fifth is left unpaid, every tenth is given back later."""
    products = list(shop.goods.products.values())
    product = products[number % len(products)]
    order = shop.orders.place(f"oBuyer{number % 50}", [(product.product_id, next(iter(product.skus)), 1)])
    now = shop.clock.now()
    if number % 5:
        shop.clock.plan(now + 3, lambda: _paid(shop, order.order_id, number))
    else:
        shop.clock.plan(now + 900, lambda: shop.orders.close(order.order_id))


def _paid(shop: Shop, order_id: str, number: int) -> None:
    order = shop.orders.pay(order_id)
    if number % 10 == 1:
        one = shop.aftersales.open(order_id, order.price_fen)
        shop.clock.plan(shop.clock.now() + 60, lambda: shop.aftersales.give_back(one.aftersale_id))


if __name__ == "__main__":
    main()
