"""K1, row by row: what strangers did to get goods under their floor. Told once, for the door and for a room
in the test's own process, where each mend can be taken away to see the row fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Data = dict[str, Any]


class Said(Protocol):
    """What a room answered: ``code`` is empty for yes."""

    code: str
    params: Data
    result: Data


class AnyRoom(Protocol):
    """A room on a real engine or in this process."""

    def ask(self, type_: str, role: str = "host", /, **data: Any) -> Said: ...
    def tell(self, type_: str, /, **data: Any) -> None:
        """Tell a fact."""

    def state(self) -> Data: ...
    def wait(self, seconds: float) -> None: ...


def done(room: AnyRoom, type_: str, role: str = "host", /, **data: Any) -> Data:
    said = room.ask(type_, role, **data)
    assert said.code == "", (type_, data, said.code, said.params)
    return said.result


def good(product_id: str, price_fen: int, floor_fen: int | None = None, **more: Any) -> Data:
    found: Data = {"product_id": product_id, "title": product_id, "price_fen": price_fen, "stock": 50, **more}
    return found if floor_fen is None else found | {"floor_fen": floor_fen}


def sku(sku_id: str, price_fen: int, **more: Any) -> Data:
    return {"sku_id": sku_id, "title": sku_id, "price_fen": price_fen, "stock": 50, **more}


def coupon(threshold_fen: int, off_fen: int, **more: Any) -> Data:
    rule = {"threshold_fen": threshold_fen, "off_fen": off_fen} if threshold_fen else {"off_fen": off_fen}
    return {"name": "券", "rule": rule, "quantity": 100, "per_buyer": 5, "seconds": 3_600, **more}


def sale(sku_id: str, price_fen: int, **more: Any) -> Data:
    return {"sku_id": sku_id, "price_fen": price_fen, "quantity": 5, "per_buyer": 1, "seconds": 600, **more}


def opened(room: AnyRoom, *goods: Data, **settings: Any) -> None:
    done(room, "room.set", recall_seconds=0, **settings)
    done(room, "catalogue.put", products=list(goods))
    done(room, "broadcast.open")


def run(room: AnyRoom, cue_id: str, kind: str, spec: Data) -> None:
    done(room, "cue.add", cue_id=cue_id, kind=kind, spec=spec)
    done(room, "cue.fire", cue_id=cue_id)
    if room.state()["room"]["platform"] == "manual":
        done(room, "cue.confirm", cue_id=cue_id, step="on_air", done=True)


def under_floor(said: Said, sku_id: str, fen: int) -> None:
    assert said.code == "below_price_floor", (said.code, said.result)
    assert (said.params["sku_id"], said.params["final_fen"]) == (sku_id, fen)
    assert said.params["combination"]


def other_goods_fill_the_basket_up(room: AnyRoom) -> None:
    """K1.1: B at 1.00 in a sale, and A with it for 99.50."""
    opened(room, good("a", 19_900, 14_000), good("b", 29_900))
    run(room, "coupon", "coupon", coupon(20_000, 10_000))
    under_floor(room.ask("cue.add", cue_id="b1", kind="flash_sale", spec=sale("b", 100)), "a", 9_950)
    asked = room.ask("cue.add", cue_id="b2", kind="flash_sale", spec=sale("b", 29_000))
    assert asked.code == ""
    edit = room.ask("cue.edit", cue_id="b2", spec=sale("b", 100))
    under_floor(edit, "a", 9_950)


def a_draft_from_before_the_coupon(room: AnyRoom) -> None:
    """K1.1 by its siblings: drafts that were harmless when they were written."""
    opened(room, good("a", 19_900, 14_000), good("b", 29_900))
    for cue_id in ("fired", "approved"):
        done(room, "cue.add", cue_id=cue_id, kind="flash_sale", spec=sale("b", 100))
    put = {"segments": [{"segment_id": "s", "cues": [{"kind": "flash_sale", "spec": sale("b", 100)}]}]}
    done(room, "rundown.put", **put)
    run(room, "coupon", "coupon", coupon(20_000, 10_000))
    under_floor(room.ask("cue.fire", cue_id="fired"), "a", 9_950)
    under_floor(room.ask("cue.approve", cue_id="approved"), "a", 9_950)
    under_floor(room.ask("cue.again", cue_id="fired"), "a", 9_950)
    armed = done(room, "go.next")
    assert [one["code"] for one in armed["not_armed"]] == ["below_price_floor"]


def new_goods_fill_the_basket_up(room: AnyRoom, platform: str) -> None:
    """K1.2: the assistant puts X at 40, or lowers B, or brings a 补差价 of 1.00."""
    opened(room, good("y", 6_000, 3_500), good("b", 29_900), platform=platform)
    run(room, "coupon", "coupon", coupon(10_000, 5_000))
    for put in (good("x", 4_000), good("b", 100), good("diff", 100)):
        said = room.ask("catalogue.put", "assistant", products=[put])
        under_floor(said, "y", 3_000)
        assert (said.params["product_id"], said.params["index"]) == (put["product_id"], 0)
    fine, bad = good("fine", 9_900), good("x", 4_000, stock=0)
    said = room.ask("catalogue.put", "assistant", products=[fine, bad, good("last", 8_800)])
    assert (said.params["product_id"], said.params["index"]) == ("x", 1), "the row that makes it is named"
    assert "fine" not in {product["product_id"] for product in room.state()["catalogue"]["products"]}
    done(room, "catalogue.put", "assistant", products=[fine, good("last", 8_800)])


def shop_coupons_and_another_platform(room: AnyRoom) -> None:
    """K1.2 by its siblings: what the shop has, and a platform where two coupons may meet."""
    opened(room, good("y", 6_000, 3_500), good("b", 29_900))
    run(room, "goods", "coupon", coupon(0, 2_000, scope={"product_ids": ["y"]}))
    under_floor(room.ask("room.set", shop_coupons=[{"off_fen": 600}]), "y", 3_400)
    done(room, "cue.add", cue_id="shop", kind="coupon", spec=coupon(0, 600))
    done(room, "cue.approve", cue_id="shop")
    done(room, "cue.stop", cue_id="goods")
    done(room, "cue.add", cue_id="again", kind="coupon", spec=coupon(0, 2_000, scope={"product_ids": ["y"]}))
    done(room, "cue.approve", cue_id="again")
    under_floor(room.ask("room.set", platform="manual"), "y", 3_400)


def broken(room: AnyRoom) -> list[Data]:
    return [alarm for alarm in room.state()["alarms"] if alarm["code"] == "floor_broken"]


def press(room: AnyRoom, alarm: Data) -> None:
    done(room, alarm["acts"][0]["type"], **alarm["acts"][0]["data"])


def a_raised_floor_rings(room: AnyRoom) -> None:
    """K1.3: a breach that stands, of a SKU that no promotion is about, with the key that ends it."""
    opened(room, good("a", 19_900, 9_000), good("b", 29_900))
    run(room, "coupon", "coupon", coupon(20_000, 10_000, scope={"product_ids": ["a", "b"]}))
    run(room, "sale", "flash_sale", sale("b", 100))
    assert broken(room) == []
    done(room, "catalogue.put", products=[good("a", 19_900, 14_000)])
    (alarm,) = broken(room)
    assert (alarm["params"]["sku_id"], alarm["params"]["final_fen"]) == ("a", 9_950)
    lines = [{"sku_id": "a", "quantity": 1}, {"sku_id": "b", "quantity": 1}]
    owned = done(room, "coupon.claim", "producer", cue_id="coupon", viewer={"id": "v"})
    order = {"order_id": "o", "buyer": {"id": "v"}, "lines": lines, **owned}
    under_floor(room.ask("order.request", "producer", **order), "a", 9_950)
    taken = {s["sku_id"]: s["held"] for p in room.state()["catalogue"]["products"] for s in p["skus"]}
    assert taken == {"a": 0, "b": 0}, "nothing is taken"
    done(room, "catalogue.put", products=[good("c", 7_700)])  # what stands already is nobody else's fault
    press(room, alarm)
    (alarm,) = broken(room)
    assert alarm["acts"][0]["data"] == {"cue_id": "sale"}, "v has a coupon: what fills the basket up is left"
    press(room, alarm)
    assert broken(room) == []


def coupons_in_hands(room: AnyRoom) -> None:
    """K1.4: 直减20 under ``manual``, 40 claimed and 2 used; after its end a sale at 40 over a floor of 35."""
    opened(room, good("y", 9_900, 3_500), platform="manual")
    run(room, "coupon", "coupon", coupon(0, 2_000, valid_seconds=86_400, per_buyer=1))
    done(room, "cue.measure", cue_id="coupon", claimed=40, used=2)
    done(room, "cue.stop", cue_id="coupon")
    spec = {"kind": "flash_sale", "spec": sale("y", 4_000)}
    under_floor(room.ask("cue.add", **spec), "y", 2_000)
    done(room, "cue.confirm", cue_id="coupon", step="ended", done=True)
    under_floor(room.ask("cue.add", **spec), "y", 2_000)
    done(room, "room.set", platform="own")  # who gave them out does not change with the room's platform
    under_floor(room.ask("cue.add", **spec), "y", 2_000)
    done(room, "cue.measure", cue_id="coupon", claimed=40, used=40)
    done(room, "cue.add", **spec)
    done(room, "cue.measure", cue_id="coupon", used=39)
    under_floor(room.ask("cue.add", **spec), "y", 2_000)


def never_dearer_than_the_shop(room: AnyRoom) -> None:
    """K1.5: the sale at 50, and then the shop at 40."""
    opened(room, good("y", 9_900))
    run(room, "sale", "flash_sale", sale("y", 5_000))
    said = room.ask("catalogue.put", "assistant", products=[good("y", 4_000)])
    assert said.code == "dearer_than_shop"
    assert said.params["cue_id"] == "sale"
    done(room, "catalogue.put", products=[good("y", 5_000)])
    bought = done(
        room, "order.request", order_id="o", buyer={"id": "v"}, lines=[{"sku_id": "y", "quantity": 1}]
    )
    assert bought["total_fen"] == 5_000
    done(room, "cue.stop", cue_id="sale")
    done(room, "cue.add", cue_id="late", kind="flash_sale", spec=sale("y", 5_000))
    done(room, "catalogue.put", products=[good("y", 4_000)])
    for step in ("cue.approve", "cue.fire"):
        assert room.ask(step, cue_id="late").code == "dearer_than_shop"


def one_coupon_one_order(room: AnyRoom) -> None:
    """K1.6: three paid orders with one coupon, and ``used`` 0."""
    opened(room, good("y", 9_900), hold_seconds=1)
    run(room, "coupon", "coupon", coupon(0, 400, quantity=1, per_buyer=1))
    owned = done(room, "coupon.claim", "producer", cue_id="coupon", viewer={"id": "v"})
    order: Data = {"buyer": {"id": "v"}, "lines": [{"sku_id": "y", "quantity": 1}], **owned}
    for order_id in ("o1", "o2"):
        done(room, "order.request", "producer", order_id=order_id, **order)
        room.wait(1.5)
    room.tell("order.paid", order_id="o1", paid_fen=9_500)
    assert used(room) == 1, "it takes the coupon again"
    assert room.ask("order.request", "producer", order_id="o3", **order).code == "coupon_used"
    room.tell("order.paid", order_id="o2", paid_fen=9_500)
    (alarm,) = [alarm for alarm in room.state()["alarms"] if alarm["code"] == "coupon_overused"]
    assert (alarm["order_id"], alarm["params"]["other_id"]) == ("o2", "o1")
    assert used(room) == 1
    room.tell("order.refunded", order_id="o2", refund_fen=9_500)
    assert "coupon_overused" not in {alarm["code"] for alarm in room.state()["alarms"]}


def used(room: AnyRoom) -> int:
    (found,) = [cue["used"] for cue in room.state()["cues"] if cue["cue_id"] == "coupon"]
    return int(found)


def floors_are_remembered(room: AnyRoom) -> None:
    """K1.8: drop the SKU and add it again, no SKUs at all, another name, in one put or in two."""
    both = [sku("A", 19_900, floor_fen=14_000), sku("B", 9_900, floor_fen=5_000)]
    opened(room, good("q", 19_900, skus=both))
    cheap = sku("A", 19_900, floor_fen=1)

    def lowers(*puts: Data) -> None:
        said = room.ask("catalogue.put", "assistant", products=list(puts))
        assert said.code == "forbidden", (puts, said.result)

    lowers(good("q", 19_900, skus=[both[1]]), good("q", 19_900, skus=[cheap, both[1]]))
    lowers(good("q", 19_900, skus=[cheap, both[1]]))
    lowers(good("q", 19_900, skus=[sku("A2", 19_900, floor_fen=1), both[1]]))
    lowers(good("q", 19_900, skus=[sku("A2", 19_900, floor_fen=None), both[1]]))
    lowers({"product_id": "q", "skus": [], "floor_fen": 1})
    done(room, "catalogue.put", "assistant", products=[good("q", 19_900, skus=[both[1]])])
    lowers(good("q", 19_900, skus=[cheap, both[1]]))
    done(room, "catalogue.put", "assistant", products=[good("q", 19_900, skus=[sku("A2", 19_900)])])
    assert floors(room) == {"A2": 14_000}
    done(room, "catalogue.put", "assistant", products=[{"product_id": "q", "skus": []}])
    assert floors(room) == {"q": 14_000}
    lowers(good("q", 19_900, skus=[cheap]))
    lowers(good("q", 19_900, 1))
    lowers({"product_id": "q", "floor_fen": None})
    done(room, "catalogue.put", products=[good("q", 19_900, skus=[sku("A", 19_900, floor_fen=9_000)])])
    assert floors(room) == {"A": 9_000}, "a host may"


def floors(room: AnyRoom) -> dict[str, int | None]:
    (product,) = room.state()["catalogue"]["products"]
    return {one["sku_id"]: one["floor_fen"] for one in product["skus"]}


def who_wrote_it_does_not_approve_it(room: AnyRoom) -> None:
    """K1.9: an edit of nothing by the assistant, and the host approves his own sale."""
    opened(room, good("y", 9_900), four_eyes=True)
    spec = sale("y", 5_000)
    done(room, "cue.add", cue_id="mine", kind="flash_sale", spec=spec)
    for same in (spec, spec | {"via": "task"}, spec | {"note": "x"}):
        done(room, "cue.edit", "assistant", cue_id="mine", spec=same)
        assert room.ask("cue.approve", cue_id="mine").code == "four_eyes"
    done(room, "cue.edit", "assistant", cue_id="mine", spec=spec | {"quantity": 4})
    assert room.ask("cue.approve", cue_id="mine").code == "four_eyes", "the price is still the host's"
    again = done(room, "cue.again", "assistant", cue_id="mine")["cue_id"]
    assert room.ask("cue.approve", cue_id=again).code == "four_eyes"
    done(room, "cue.approve", "operator", cue_id="mine")
    template = {"segment_id": "s", "cues": [{"kind": "flash_sale", "spec": sale("y", 6_000)}]}
    done(room, "rundown.put", segments=[template])
    done(room, "rundown.put", "assistant", segments=[{"segment_id": "s", "title": "touched"}])
    done(room, "rundown.put", "assistant", segments=[template])
    copied = done(room, "rundown.duplicate", "assistant", segment_id="s")["segment_id"]
    for segment_id in ("s", copied):
        armed = done(room, "go.next", to=segment_id)
        assert [one["code"] for one in armed["not_armed"]] == ["four_eyes"], segment_id


def bundle(price_fen: int, **units: int) -> Data:
    items = [{"sku_id": sku_id, "quantity": count} for sku_id, count in units.items()]
    return {"items": items, "price_fen": price_fen, "quantity": 5, "per_buyer": 1, "seconds": 600}


def a_bundle_fills_the_basket_up(room: AnyRoom) -> None:
    """A and B together for 200.00: A's share is 80.00; then 满 200 减 40 meets it, and any coupon of A."""
    opened(room, good("a", 10_000, 8_000), good("b", 15_000))
    under_floor(room.ask("cue.add", cue_id="x", kind="bundle", spec=bundle(19_998, a=1, b=1)), "a", 7_999)
    run(room, "set", "bundle", bundle(20_000, a=1, b=1))
    whole = coupon(20_000, 4_000)
    under_floor(room.ask("cue.add", cue_id="k", kind="coupon", spec=whole), "a", 6_400)
    said = room.ask("room.set", shop_coupons=[{"rule": whole["rule"]}])
    under_floor(said, "a", 6_400)
    said = room.ask("catalogue.put", products=[good("b", 15_010)])  # the same price, and less of it on A
    assert said.code == "below_price_floor", said.params
    assert room.ask("catalogue.put", products=[good("b", 14_999)]).code == ""


def a_gift_comes_off_what_brings_it(room: AnyRoom) -> None:
    """G is worth 30.00: with A at 100.00, and with a dearer G, a sale of A, a coupon, all of them asked."""
    opened(room, good("a", 10_000, 7_000), good("g", 3_000))
    units = {"quantity": 5, "per_buyer": 1, "seconds": 600}
    gift = {"buy": {"product_ids": ["a"]}, "gift": {"sku_id": "g", "quantity": 1}, **units}
    two = gift | {"gift": {"sku_id": "g", "quantity": 2}}
    under_floor(room.ask("cue.add", cue_id="x", kind="gift", spec=two), "a", 4_000)
    run(room, "gift", "gift", gift)
    under_floor(room.ask("catalogue.put", products=[good("g", 3_001)]), "a", 6_999)
    under_floor(room.ask("cue.add", cue_id="s", kind="flash_sale", spec=sale("a", 9_999)), "a", 6_999)
    under_floor(room.ask("cue.add", cue_id="k", kind="coupon", spec=coupon(0, 1)), "a", 6_999)
    under_floor(room.ask("cue.add", cue_id="t", kind="bundle", spec=bundle(12_999, a=1, g=1)), "a", 6_999)


ROWS: dict[str, Callable[[AnyRoom], None]] = {
    "1 other goods": other_goods_fill_the_basket_up,
    "1 drafts": a_draft_from_before_the_coupon,
    "2 new goods": lambda room: new_goods_fill_the_basket_up(room, "own"),
    "2 new goods, manual": lambda room: new_goods_fill_the_basket_up(room, "manual"),
    "2 shop coupons": shop_coupons_and_another_platform,
    "3 alarm": a_raised_floor_rings,
    "4 in hands": coupons_in_hands,
    "5 dearer": never_dearer_than_the_shop,
    "6 one coupon": one_coupon_one_order,
    "8 floors": floors_are_remembered,
    "bundles": a_bundle_fills_the_basket_up,
    "gifts": a_gift_comes_off_what_brings_it,
    "9 four eyes": who_wrote_it_does_not_approve_it,
}
