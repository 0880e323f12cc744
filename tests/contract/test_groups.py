"""拼团 and 砍价 through the door: added, approved, fired, taken up, ended, and in the report."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.contract.engine_process import EngineProcess, event

Engines = Callable[..., EngineProcess]
Json = dict[str, Any]
GROUP = {"sku_id": "scarf", "price_fen": 5900, "size": 2, "groups": 3, "per_buyer": 1, "seconds": 300}
BARGAIN = {"sku_id": "hat", "price_fen": 1900, "friends": 2, "per_buyer": 1, "seconds": 300}


def opened(running: EngineProcess, platform: str = "own") -> EngineProcess:
    running.done("room.set", recall_seconds=0, platform=platform)
    products = [
        {"product_id": "scarf", "title": "围巾", "price_fen": 9900, "stock": 20},
        {"product_id": "hat", "title": "帽子", "price_fen": 4900, "stock": 20},
    ]
    running.done("catalogue.put", products=products)
    running.done("cart.add", product_ids=["scarf", "hat"])
    running.done("broadcast.open")
    return running


def fired(running: EngineProcess, cue_id: str, kind: str, spec: Json) -> None:
    running.done("cue.add", "assistant", cue_id=cue_id, kind=kind, spec=spec)
    running.done("cue.approve", cue_id=cue_id)
    running.done("cue.fire", cue_id=cue_id)


def asked(running: EngineProcess, order_id: str, buyer: str, sku_id: str, **more: Any) -> Json:
    data = {"order_id": order_id, "buyer": {"id": buyer, "name": f"买家{buyer}"}, **more}
    answer: Json = running.command(
        "order.request", "producer", lines=[{"sku_id": sku_id, "quantity": 1}], **data
    )
    return answer


def cue(running: EngineProcess, cue_id: str) -> Json:
    return next(row for row in running.state()["cues"] if row["cue_id"] == cue_id)


def promotion(running: EngineProcess, cue_id: str) -> Json:
    report = running.call("GET", "/v1/broadcasts/1").json
    return next(row for row in report["promotions"] if row["cue_id"] == cue_id)


def test_a_group_is_joined_filled_and_reported_and_one_that_is_not_full_is_owed_back(
    engine_of: Engines,
) -> None:
    running = opened(engine_of())
    fired(running, "g", "group_buy", GROUP)
    assert asked(running, "plain", "zed", "scarf")["result"]["total_fen"] == 9900
    assert asked(running, "a1", "ann", "scarf", cue_id="g")["code"] == "group_needed"
    assert asked(running, "a1", "ann", "scarf", cue_id="g", group_id="一")["result"]["total_fen"] == 5900
    assert asked(running, "a2", "ann", "scarf", cue_id="g", group_id="一")["code"] == "already_joined"
    assert asked(running, "b1", "bob", "scarf", cue_id="g", group_id="一")["ok"]
    assert asked(running, "c0", "cat", "scarf", cue_id="g", group_id="一")["code"] == "group_full"
    assert asked(running, "c1", "cat", "scarf", cue_id="g", group_id="二")["ok"]
    running.post([
        event(f"pay-{order}", "order.paid", {"order_id": order, "paid_fen": 5900}) for order in ("a1", "c1")
    ])  # fmt: skip
    row = cue(running, "g")
    assert (row["sold"], row["held"], row["groups"]["filled"], row["groups"]["joined"]) == (2, 1, 1, 1)
    running.done("cue.stop", cue_id="g")
    end = time.monotonic() + 10
    while not (closed := running.log(types="order.closed")) and time.monotonic() < end:
        time.sleep(0.05)
    assert [(line["data"]["order_id"], line["data"]["reason"]) for line in closed] == [
        ("c1", "group_unfilled")
    ]
    state = running.state()
    assert state["orders"]["refund_owed_fen"] == 5900
    (alarm,) = [one for one in state["alarms"] if one["code"] == "group_refunds"]
    assert (alarm["cue_id"], alarm["params"]["count"]) == ("g", 1)
    said = promotion(running, "g")
    assert (said["sold"], said["filled"], said["groups"], said["gmv_fen"]) == (1, 1, 3, 11_800)
    running.kill()  # what waits for a group stands after a crash as it stood
    again = engine_of(folder=running.folder)
    assert again.state()["orders"]["refund_owed_fen"] == 5900
    assert [one["code"] for one in again.state()["alarms"] if one["code"] == "group_refunds"]


def test_a_bargain_is_helped_by_others_and_reported(engine_of: Engines) -> None:
    running = opened(engine_of())
    fired(running, "k", "bargain", BARGAIN)
    refused = asked(running, "a1", "ann", "hat", cue_id="k")
    assert (refused["code"], refused["params"]["missing"]) == ("not_reached", 2)
    helped = [("h1", "bob", {"id": "ann"}), ("h2", "ann", {"id": "ann"}), ("h3", "bob", {"id": "ann"})]
    running.post([event(i, "bargain.helped", _help(by, whom)) for i, by, whom in helped])
    assert asked(running, "a2", "ann", "hat", cue_id="k")["params"]["missing"] == 1
    running.post([event("h4", "bargain.helped", _help("cat", "ann"))])  # by his id alone
    assert asked(running, "a3", "ann", "hat", cue_id="k")["result"]["total_fen"] == 1900
    assert cue(running, "k")["helped"] == {"needed": 2, "people": 1, "helpers": 2, "reached": 1}
    body = running.call("GET", "/v1/state", role="viewer").body.decode()
    assert "看客" not in body, "nobody is named"
    running.post([event("p", "order.paid", {"order_id": "a3", "paid_fen": 1900})])
    running.done("cue.stop", cue_id="k")
    said = promotion(running, "k")
    assert (said["sold"], said["helpers"], said["reached"], said["discount_fen"]) == (1, 2, 1, 3000)


def _help(by: str, whom: object) -> Json:
    return {"cue_id": "k", "viewer": {"id": by, "name": f"看客{by}"}, "for": whom}


def test_a_person_does_both_on_the_phone_and_nobody_tells_figures(engine_of: Engines) -> None:
    running = opened(engine_of(), "manual")
    for cue_id, kind, spec in (("g", "group_buy", GROUP), ("k", "bargain", BARGAIN)):
        fired(running, cue_id, kind, spec)
        assert cue(running, cue_id)["status"] == "firing"
        running.done("cue.confirm", "assistant", cue_id=cue_id, step="on_air", done=True)
    assert (cue(running, "g")["groups"], cue(running, "g")["sold"]) == (None, None)
    assert (cue(running, "k")["helped"], cue(running, "k")["sold"]) == (None, None)
    running.done("cue.measure", "assistant", cue_id="g", sold=4)
    assert cue(running, "g")["sold"] == 4
    for cue_id in ("g", "k"):
        running.done("cue.stop", cue_id=cue_id)
        assert cue(running, cue_id)["owed"]["step"] == "ended"
        running.done("cue.confirm", "assistant", cue_id=cue_id, step="ended", done=True)
    assert (promotion(running, "g")["sold"], promotion(running, "g")["told"]) == (4, "hand")
    assert promotion(running, "g")["filled"] is None
