"""K4 and K1.7 at a real engine: what nobody reported is unknown, what was read off counts, orders are
checked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.contract.engine_process import EngineProcess
from tests.contract.test_faults_k2 import order

Make = Callable[..., EngineProcess]
PRODUCTS = [
    {"product_id": "cup", "title": "杯子", "price_fen": 9_900, "floor_fen": 4_000, "stock": 60},
    {"product_id": "hat", "title": "帽子", "price_fen": 4_900, "stock": 5},
]
SALE: dict[str, Any] = {"sku_id": "cup", "price_fen": 5_900, "quantity": 30, "per_buyer": 30, "seconds": 600}
COUPON: dict[str, Any] = {
    "name": "减五", "rule": {"off_fen": 500}, "quantity": 40, "per_buyer": 1, "seconds": 600,
}  # fmt: skip


def stocked(running: EngineProcess, **settings: Any) -> EngineProcess:
    running.done("room.set", recall_seconds=0, **settings)
    running.done("catalogue.put", products=PRODUCTS)
    running.done("cart.add", product_ids=["cup", "hat"])
    running.done("broadcast.open", title="晚场")
    return running


def fired(running: EngineProcess, cue_id: str, kind: str, spec: dict[str, Any]) -> None:
    running.done("cue.add", cue_id=cue_id, kind=kind, spec=spec)
    running.done("cue.fire", cue_id=cue_id)
    if running.state()["room"]["platform"] == "manual":
        running.done("cue.confirm", cue_id=cue_id, step="on_air", done=True)


def fact(type_: str, id_: str, **data: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "source": "/shop", "id": id_, "type": type_, "data": data}


def bought(order_id: str, fen: int, units: int = 1, **more: Any) -> dict[str, Any]:
    lines = [{"sku_id": "cup", "quantity": units, "unit_price_fen": fen}]
    body = {"order_id": order_id, "buyer": {"id": f"b-{order_id}", "name": "小红"}, "lines": lines}
    return fact("order.placed", order_id, **body, **{"total_fen": fen * units, **more})


def cup(running: EngineProcess) -> dict[str, Any]:
    found: dict[str, Any] = next(
        p for p in running.state()["catalogue"]["products"] if p["product_id"] == "cup"
    )
    return found


def said(running: EngineProcess, *words: str) -> str:
    """What the program's command line says about the running engine's folder."""
    line = [sys.executable, "-m", "liveconsole", *words, "--data", str(running.folder)]
    return subprocess.run(line, capture_output=True, check=True, timeout=60).stdout.decode()


def test_what_a_person_reads_off_moves_stock_and_nothing_else_is_nought(engine_of: Make) -> None:
    """K4.1: strip ¥0, stock stayed 60, 交接单 「成交 0 单」, report 0/30; K4.2: 领取 0, 0.0 %."""
    running = stocked(engine_of(), platform="manual")
    fired(running, "sale", "flash_sale", SALE)
    fired(running, "券", "coupon", COUPON)
    running.done("cue.measure", cue_id="sale", sold=27, left=3)
    running.done("cue.stop", cue_id="sale")
    running.done("cue.confirm", cue_id="sale", step="ended", done=True)
    state = running.state()
    assert cup(running)["available"] == cup(running)["stock"] == 33
    again = running.command("cue.add", kind="flash_sale", spec=SALE | {"quantity": 34})
    assert again["code"] == "over_stock", "the twin: 60 were promised"
    orders = state["orders"]
    assert not orders["known"]
    assert {orders[n] for n in ("placed", "paid", "units", "gift_units", "gmv_fen", "refund_fen")} == {None}
    assert state["discount"]["given_fen"] is None
    (sale,) = [cue for cue in state["cues"] if cue["cue_id"] == "sale"]
    assert (sale["sold"], sale["left"], sale["measured"]["sold"]) == (27, 3, 27)
    report = running.call("GET", "/v1/broadcasts/1", role="viewer").json
    assert (report["orders_known"], report["totals"]["gmv_fen"], report["totals"]["followed"]) == (
        False, None, None,
    )  # fmt: skip
    promotions = {p["cue_id"]: p for p in report["promotions"]}
    assert (promotions["sale"]["sold"], promotions["sale"]["told"]) == (27, "hand")
    assert (promotions["券"]["claimed"], promotions["券"]["used"]) == (None, None)
    (summary,) = running.call("GET", "/v1/broadcasts", role="viewer").json
    assert (summary["gmv_fen"], summary["paid"]) == (None, None)
    handover = said(running, "history", "1")
    assert "成交 —：没有来源报订单" in handover
    assert "人工读数：售出 27 件" in handover
    assert "— 单已付 —" in said(running, "history")


def test_the_next_source_of_orders_takes_none_of_them_twice(engine_of: Make) -> None:
    running = stocked(engine_of(), platform="manual")
    fired(running, "sale", "flash_sale", SALE)
    running.done("cue.measure", cue_id="sale", sold=27)
    running.post([bought("o1", 5_900, 20), fact("order.paid", "p1", order_id="o1", paid_fen=118_000)])
    assert cup(running)["stock"] == 33
    running.done("cue.measure", cue_id="sale", sold=29)
    assert cup(running)["stock"] == 31, "a second reading corrects"


def test_sold_out_is_said_everywhere_at_once(engine_of: Make) -> None:
    """K4.5: available 0, and the overlay went on with title and price."""
    running = stocked(engine_of())
    running.done("cart.pin", product_id="hat")
    lines = [{"sku_id": "hat", "quantity": 5}]
    running.done("order.request", order_id="o1", buyer={"id": "b"}, lines=lines)
    state = running.state()
    hat = next(p for p in state["catalogue"]["products"] if p["product_id"] == "hat")
    assert (hat["available"], hat["sold_out"], state["pinned"]["wanted"]) == (0, True, "hat")
    refused = running.command("order.request", **order("o2", "hat", "c"))
    assert refused["code"] == "sold_out"


def test_orders_off_the_promise_and_off_the_floor_ring_and_are_settled(engine_of: Make) -> None:
    """K1.7: orders that a platform reports below the floor or below the promise raised nothing."""
    running = stocked(engine_of(), platform="manual")
    fired(running, "sale", "flash_sale", SALE)
    running.post([
        bought("fair", 5_900, cue_id="sale"),
        bought("dear", 9_900, cue_id="sale"),
        bought("cheap", 5_900, cue_id="sale", total_fen=4_900, discounts=[{"kind": "member", "fen": 1_000}]),
        bought("own", 5_900, cue_id="sale", total_fen=3_900, discounts=[{"kind": "subsidy", "fen": 2_000}]),
        bought("floor", 3_500, cue_id="sale", scene="live", province="浙江", payment="wechat", gift=False),
    ])  # fmt: skip
    rung = {(a["code"], a["order_id"]): a for a in running.state()["alarms"] if a.get("order_id")}
    assert set(rung) == {("floor_broken", "floor"), ("below_promise", "cheap"), ("above_promise", "dear")}
    below = rung["below_promise", "cheap"]
    assert (below["params"]["count"], below["params"]["most_fen"]) == (2, 2_400), (
        "the one below the floor too"
    )
    assert "会员价 10.00" in below["text"]
    assert rung["above_promise", "dear"]["params"]["by_fen"] == 4_000
    assert [act["type"] for act in below["acts"]] == ["cue.stop", "prices.settle"]
    viewer = [a for a in running.call("GET", "/v1/state", role="viewer").json["alarms"] if a.get("order_id")]
    assert [alarm["code"] for alarm in viewer] == ["floor_broken", "below_promise", "above_promise"]
    assert all("acts" not in alarm for alarm in viewer)
    for alarm in rung.values():
        act = next(act for act in alarm["acts"] if act["type"] == "prices.settle")
        running.done(act["type"], **act["data"])
    assert not [a for a in running.state()["alarms"] if a.get("order_id")]
    kept = running.log(types="order.placed")[-1]["data"]
    assert (kept["scene"], kept["province"], kept["payment"]) == ("live", "浙江", "wechat")


def test_payments_and_refunds_with_ids_add_up(engine_of: Make) -> None:
    """K9.8: two refunds of 10 came to 10, two payments of 60 and 40 to 60."""
    running = stocked(engine_of())
    running.post([
        bought("o1", 9_900),
        fact("order.paid", "1", order_id="o1", paid_fen=5_900, payment_id="a"),
        fact("order.paid", "2", order_id="o1", paid_fen=4_000, payment_id="b"),
        fact("order.paid", "3", order_id="o1", paid_fen=4_000, payment_id="b"),
        fact("order.refunded", "4", order_id="o1", refund_fen=1_000, refund_id="r1"),
        fact("order.refunded", "5", order_id="o1", refund_fen=1_000, refund_id="r2"),
        bought("o2", 9_900),
        fact("order.paid", "6", order_id="o2", paid_fen=5_900),
        fact("order.paid", "7", order_id="o2", paid_fen=9_900),
    ])  # fmt: skip
    orders = running.state()["orders"]
    assert (orders["gmv_fen"], orders["refund_fen"]) == (19_800, 2_000)
