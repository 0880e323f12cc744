"""K2 at a real engine: what a desk once worked out for itself stands in the state, and it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liveconsole.messages.wording import rule_words
from liveconsole.views.feed import Feed
from tests.contract.engine_process import EngineProcess, comment

Make = Callable[..., EngineProcess]
PRODUCTS = [
    {"product_id": "cup", "title": "杯子", "price_fen": 29_900, "stock": 10},
    {"product_id": "hat", "title": "帽子", "price_fen": 4_900, "stock": 90},
    {"product_id": "coat", "title": "大衣", "price_fen": 59_900, "stock": 9},
]
BOTH: dict[str, Any] = {
    "skus": [
        {"sku_id": "cup", "price_fen": 9_900, "quantity": 10},
        {"sku_id": "hat", "price_fen": 3_900, "quantity": 90},
    ],
    "per_buyer": 2,
    "seconds": 600,
}


def stocked(running: EngineProcess, **settings: Any) -> EngineProcess:
    running.done("room.set", recall_seconds=0, **settings)
    running.done("catalogue.put", products=PRODUCTS)
    running.done("cart.add", product_ids=[each["product_id"] for each in PRODUCTS])
    running.done("broadcast.open")
    return running


def order(order_id: str, sku_id: str, buyer: str, quantity: int = 1) -> dict[str, Any]:
    lines = [{"sku_id": sku_id, "quantity": quantity}]
    return {"order_id": order_id, "buyer": {"id": buyer}, "lines": lines}


def test_of_a_sale_of_several_goods_each_has_its_own_left(engine_of: Make) -> None:
    """K2.2: with the cup pinned the host's screen said 「秒杀还剩 100 / 10」."""
    running = stocked(engine_of())
    running.done("cart.pin", product_id="cup")
    running.done("cue.add", cue_id="both", kind="flash_sale", spec=BOTH)
    running.done("cue.fire", cue_id="both")
    for n in range(3):
        running.done("order.request", **order(f"cup-{n}", "cup", f"b{n}"))
    running.done("order.request", **order("hat-0", "hat", "b0"))
    state = running.state()
    (sale,) = [cue for cue in state["cues"] if cue["cue_id"] == "both"]
    assert state["pinned"]["wanted"] == "cup"
    assert {sku["sku_id"]: (sku["left"], sku["quantity"]) for sku in sale["skus"]} == {
        "cup": (7, 10), "hat": (89, 90),
    }  # fmt: skip
    # The twin: the sale's own figure, which was shown for the product's, is neither's.
    assert sale["left"] == 96


def test_a_sale_composed_of_skus_says_how_many_one_buyer_may_have(engine_of: Make) -> None:
    """K2.3: the desk looked where only a sale of one SKU has it."""
    running = stocked(engine_of())
    running.done("cue.add", cue_id="both", kind="flash_sale", spec=BOTH)
    running.done("cue.fire", cue_id="both")
    (sale,) = running.state()["cues"]
    assert sale["spec"]["per_buyer"] == 2
    assert "sku_id" not in sale["spec"]
    running.done("order.request", **order("two", "cup", "b", 2))
    third = running.command("order.request", **order("one", "cup", "b"))
    assert (third["ok"], third["code"]) == (False, "buyer_limit")


def test_a_number_worked_out_by_counting_is_another_on_a_desk_that_joins_later(engine_of: Make) -> None:
    """K2.4, and its twin."""
    running = stocked(engine_of())
    for cue_id in ("f1", "f2", "f3"):
        spec = {"sku_id": "hat", "price_fen": 3_900, "quantity": 5, "per_buyer": 1, "seconds": 60}
        running.done("cue.add", cue_id=cue_id, kind="flash_sale", spec=spec)
    early = running.state()["cues"]
    running.done("cue.remove", cue_id="f1")
    late = running.state()["cues"]
    numbers = {cue["cue_id"]: cue["slot"] for cue in early}
    assert {cue["cue_id"]: cue["slot"] for cue in late if cue["status"] == "queued"} == {
        "f2": numbers["f2"], "f3": numbers["f3"],
    }  # fmt: skip
    counted = {cue["cue_id"]: n for n, cue in enumerate(late, 1)}
    assert counted["f3"] == 2 != numbers["f3"]


def test_a_group_of_questions_has_one_count_whenever_a_desk_joined(engine_of: Make) -> None:
    """K2.5: 75 on one desk, 16 on another that joined later."""
    running = stocked(engine_of())
    for page in range(3):
        running.post([comment(f"q-{page}-{n}", f"多少钱 {page} {n}", viewer=f"u{n}") for n in range(25)])
    lines = running.log(types="comment.posted")
    early, late, alone = Feed(), Feed(), Feed()
    early.fold(lines)
    for feed in (late, alone):
        feed.fold(lines[-16:])
    late.take_earlier(lines[:-16])
    assert [feed.counts.topics()["price"] for feed in (early, late)] == [75, 75]
    # The twin: what it saw itself is not the room's.
    assert alone.counts.topics()["price"] == 16


def test_a_coupon_of_the_shop_is_worded_wherever_it_is_said(engine_of: Make) -> None:
    """K2.6: 满 299 减 20 of the shop stood in the check and on the desk as 「None 折」."""
    running = stocked(engine_of(), shop_coupons=[{"rule": {"threshold_fen": 29_900, "off_fen": 2_000}}])
    spec = {"sku_id": "cup", "price_fen": 29_900, "quantity": 5, "per_buyer": 1, "seconds": 60}
    asked = {"type": "cue.add", "data": {"kind": "flash_sale", "spec": spec}}
    judged = running.call("POST", "/v1/judge", asked).json
    running.done("cue.add", cue_id="sale", kind="flash_sale", spec=spec)
    state = running.state()
    (sale,) = state["cues"]
    assert sale["lowest"]["combination"] == judged["lowest"]["combination"]
    assert sale["lowest_fen"] == judged["lowest_fen"] == 27_900
    for said in (judged["lowest"], sale["lowest"]):
        assert said["combination"] == "原价 299.00 + 店铺已有 满减 20.00"
        assert "None" not in said["combination_en"]
    (shop,) = state["room"]["shop_coupons"]
    assert rule_words(shop["rule"])[0] == "满 299 减 20"
