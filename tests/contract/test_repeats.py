"""整点秒杀 and 定点 through the door: what outlives a kill, a skip that says why, a moment kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.contract.engine_process import EngineProcess, event
from tests.contract.test_plays import Engines, opened, reported, seen, until

SALE = {"sku_id": "scarf", "price_fen": 5900, "quantity": 2, "per_buyer": 2, "seconds": 1}


def soon(seconds: float) -> str:
    """So long from now."""
    here = datetime.now(UTC)
    return (here + timedelta(seconds=seconds)).isoformat()


def rounds(running: EngineProcess) -> list[dict[str, Any]]:
    found = [cue for cue in running.state()["cues"] if cue.get("plan_id") == "first"]
    return sorted(found, key=lambda cue: int(cue["nth"]))


def planned(running: EngineProcess, seconds: float = 1.0) -> None:
    beat = {"minutes": 1, "times": 3}
    data: dict[str, Any] = {"cue_id": "first", "kind": "flash_sale", "spec": SALE}
    running.done("cue.add", "assistant", **data, at=soon(seconds), repeat=beat)
    running.done("cue.approve", "operator", cue_id="first")


def test_a_plan_fires_by_one_approval_and_its_next_time_outlives_a_kill(engine_of: Engines) -> None:
    running = opened(engine_of(), "own")
    planned(running)
    until(running, "first", "on_air")
    order = {"lines": [{"sku_id": "scarf", "quantity": 2}], "cue_id": "first"}
    running.done("order.request", "producer", order_id="o", buyer={"id": "a"}, **order)
    running.post([event("p", "order.paid", {"order_id": "o", "paid_fen": 11_800})])
    until(running, "first", "ended")
    first, second = rounds(running)
    assert (second["status"], second["nth"], second["approved_by"]) == ("standby", 2, "operator")
    begins = datetime.fromisoformat(second["fires_at"]) - datetime.fromisoformat(first["on_air_at"])
    assert abs(begins - timedelta(minutes=1)) < timedelta(seconds=1)
    running.kill()
    running.start()
    again = seen(running, second["cue_id"])
    assert (again["status"], again["fires_at"]) == ("standby", second["fires_at"])
    assert len(rounds(running)) == 2
    running.done("cue.fire", "operator", cue_id=second["cue_id"])
    assert [cue["nth"] for cue in rounds(running)] == [1, 2, 3]
    running.done("cue.remove", "operator", cue_id=rounds(running)[2]["cue_id"])
    until(running, second["cue_id"], "ended")
    row = reported(running, "first")
    assert (row["nth"], row["times"], row["sold"], row["outcome"]) == (1, 3, 2, "sold_out")
    (plan,) = running.call("GET", "/v1/broadcasts/1").json["plans"]
    assert (plan["fired"], plan["times"], plan["sold"]) == (2, 3, 2)


def test_by_hand_each_time_asks_the_phone_and_a_skipped_one_says_why(engine_of: Engines) -> None:
    running = opened(engine_of(), "manual")
    planned(running)
    cue = until(running, "first", "firing")
    assert (cue["owed"]["by"], cue["nth"]) == ("person", 1)
    running.done("cue.confirm", "assistant", cue_id="first", step="on_air", done=True)
    assert until(running, "first", "ended")["owed"]["step"] == "ended"
    running.done("stock.add", sku_id="scarf", by=-20)
    second = rounds(running)[1]["cue_id"]
    assert seen(running, second)["can"]["fire"]["code"] == "over_stock"
    assert running.command("cue.fire", "operator", cue_id=second)["code"] == "over_stock"


def test_a_moment_that_slips_is_kept_by_one_command(engine_of: Engines) -> None:
    running = opened(engine_of(), "own")
    plan = [
        {"segment_id": "a", "title": "开场", "minutes": 4, "least_minutes": 1},
        {"segment_id": "b", "title": "闲聊", "minutes": 4, "tag": "proof"},
        {"segment_id": "c", "product_id": "scarf", "minutes": 5, "anchor_at": soon(330)},
    ]
    running.done("rundown.put", segments=plan)
    running.done("go.next")
    for way in ("shorten", "skip", "swap"):
        (told,) = running.state()["rundown"]["anchors"]
        assert (told["segment_id"], told["standing"], told["problem"]) == ("c", "slipping", None)
        assert 140 <= told["slips_seconds"] <= 150
        offered = {one["way"]: one for one in told["ways"]}
        assert set(offered) == {"shorten", "skip", "swap"}
        wrong = running.command("rundown.keep", segment_id="c", way=way, expect=["c"])
        assert wrong["code"] == "changed"
        running.done("rundown.keep", segment_id="c", way=way, expect=offered[way]["segment_ids"])
        assert running.state()["rundown"]["anchors"][0]["standing"] == "ahead"
        back = [{**row, "skip": False} for row in plan]
        running.done("rundown.put", segments=back, replace=True)
    kept = running.log(types="rundown.kept")
    assert [(line["data"]["way"], line["actor"]) for line in kept] == [
        ("shorten", "host"),
        ("skip", "host"),
        ("swap", "host"),
    ]
