"""Fourteen states of a room, made by the rules: what a desk must have room for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from liveconsole.messages.state import State
from tests.ui import rooms
from tests.ui.connected_rooms import proved, troubled
from tests.ui.evening import PRICES, Evening

LONG: Final = "双面呢羊毛大衣 藏青 中长款 宽松 显瘦 加厚 女士秋冬新款 190 厘米可穿 支持七天无理由退换"


def nothing_yet() -> State:
    return rooms.empty_state()


def rich() -> State:
    """Three promotions run, one counts down, one is armed; people and orders."""
    return rooms.sample_state()


def to_do_on_the_phone() -> State:
    return rooms.manual_state()


def planned() -> State:
    """A rundown with three promotions on air and one that counts down."""
    return rooms.planned(counting=True).shown()


def sold_out() -> State:
    at = Evening(ago=60, stock={"scarf": 3})
    at.pin("scarf")
    at.fire(at.sale(quantity=3))
    for n in range(3):
        at.buys(f"o{n}", "scarf", 9900)
    at.until(0)
    return at.shown()


def drawn() -> State:
    """A bag was drawn, nobody has claimed yet."""
    at = Evening(ago=300)
    at.pin("scarf")
    at.fire(at.bag())
    at.says("驼色好看", *(f"观众{n}" for n in range(12)))
    at.until(0)
    return at.shown()


def plays() -> State:
    """What is played with the audience: a list, a PK, a group buy, a bundle, a gift, red packets."""
    at = Evening(ago=90)
    at.pin("scarf")
    lots = {"quantity": 8, "per_buyer": 1, "seconds": 600}
    pair = [{"sku_id": sku_id, "quantity": 1} for sku_id in ("gloves", "beret")]
    for kind, spec in (
        ("first_come", {"keyword": "扣1", "places": 30, "seconds": 600}),
        ("pk", {"opponent": "小美的羊绒衣橱", "seconds": 600, "rounds": 3, "stake": "输了唱一首"}),
        ("group_buy", {"sku_id": "scarf", "price_fen": 15_900, "size": 3, "groups": 10, "per_buyer": 1}),
        ("bundle", {"items": pair, "price_fen": 15_000}),
        ("gift", {"buy": {"product_ids": ["coat"]}, "gift": {"sku_id": "gloves", "quantity": 1}}),
        ("red_packet", {"total_fen": 20_000, "packets": 100, "seconds": 600}),
    ):
        more = lots if kind in ("bundle", "gift") else {"seconds": 600}
        at.fire(at.add(f"c-{kind}", kind, {**more, **spec}))
    at.says("扣1", *(f"观众{n}" for n in range(40)))
    at.until(0)
    return at.shown()


def proposals() -> State:
    """The assistant proposes five, one is armed."""
    at = Evening()
    at.pin("scarf")
    goods = [product for product in PRICES if product not in ("silk", "vest")]
    for n, product in enumerate(goods):
        at.sale(f"p{n}", sku_id=product, price_fen=PRICES[product] - 100, quantity=5)
    at.approve("p0")
    return at.shown()


def crowded() -> State:
    """Thirty wait, five run, one counts down."""
    at = Evening(ago=30)
    at.health = {"sources": rooms._HEARD}
    at.pin("scarf")
    for n in range(4):
        at.fire(
            at.coupon(f"k{n}", name=f"满 {n + 2}99 减 20", rule={"threshold_fen": 29900 + n, "off_fen": 2000})
        )
    at.fire(at.sale())
    at.ok("room.set", {"recall_seconds": 3})
    for n in range(30):
        at.approve(at.coupon(f"w{n}", name=f"周年庆回馈老客专享满减券 {n}", quantity=10))
    at.until(0.9)
    at.fire(at.sale("next", sku_id="gloves", price_fen=5900, quantity=18, seconds=600))
    at.until(0)
    return at.shown()


def long_names() -> State:
    at = Evening(ago=5)
    at.ok(
        "catalogue.put",
        {"products": [{"product_id": "coat", "title": LONG, "price_fen": 128000, "stock": 46}]},
    )
    at.pin("coat")
    at.fire(at.sale(sku_id="coat", price_fen=119900, quantity=20))
    at.approve(at.coupon(name=LONG[:30], scope={"product_ids": ["coat"]}))
    at.until(0)
    return at.shown()


def rehearsed() -> State:
    at = Evening("rehearsal")
    at.pin("scarf")
    at.fire(at.sale())
    return at.shown()


def oversold() -> State:
    """The shop sold more than there was, and nobody answers for a while."""
    at = Evening(ago=120, stock={"gloves": 2})
    at.health = {"sources": rooms._HEARD}
    at.pin("gloves")
    at.fire(at.sale(sku_id="gloves", price_fen=5900, quantity=2))
    for n in range(5):
        at.buys(f"o{n}", "gloves", 5900)
    at.until(0)
    return at.shown()


def second_evening() -> State:
    """The evening before was closed with orders of its own; this one has just begun."""
    at = Evening(ago=3000)
    at.pin("scarf")
    at.fire(at.sale())
    for n in range(5):
        at.buys(f"o{n}", "scarf", 9900)
    at.until(900)
    at.ok("broadcast.close", {})
    at.until(300)
    at.ok("broadcast.open", {"title": "第二晚"})
    at.approve(at.coupon("k2"))
    at.until(0)
    return at.shown()


def all_at_once() -> State:
    """On a second evening: winners to claim, a card to do on the phone, a sale sold out, one asked for."""
    at = Evening("manual", ago=3600, stock={"scarf": 3})
    at.pin("scarf", "c-before")
    at.confirm("c-before")
    at.until(3000)
    at.ok("broadcast.close", {})
    at.until(2400)
    at.ok("broadcast.open", {"title": "第二晚"})
    at.health = {"sources": rooms._HEARD}
    at.pin("scarf")
    at.confirm("c-pin")
    at.until(300)
    at.fire(at.bag())
    at.confirm("c-bag")
    at.says("驼色好看", *(f"观众{n}" for n in range(12)))
    at.until(200)
    at.fire(at.sale(quantity=3))
    at.confirm("c-sale")
    for n in range(3):
        at.buys(f"o{n}", "scarf", 9900)
    at.until(60)
    at.approve(at.coupon())
    at.fire(at.sale("c-next", sku_id="gloves", price_fen=5900, quantity=18, seconds=600))
    at.until(0)
    return at.shown()


def out_of_the_console() -> State:
    """The console page is logged out: a pin is a person's, with what the browser showed; OBS streams."""
    at = troubled()
    at.pin("scarf")
    at.until(0)
    obs = proved().health["connections"]["obs"]
    at.health = {**at.health, "connections": {**at.health["connections"], "obs": obs}}
    return at.shown()


SCENES: Final[dict[str, Callable[[], State]]] = {
    scene.__name__: scene
    for scene in (
        nothing_yet, rich, to_do_on_the_phone, planned, sold_out, drawn, proposals, crowded, long_names,
        rehearsed, oversold, second_evening, all_at_once, out_of_the_console, plays,
    )
}  # fmt: skip
