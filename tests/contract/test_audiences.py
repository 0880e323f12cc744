"""Kept for some, counted down to, within a budget: through the door, over evenings and over a kill."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from liveconsole import cli, verify_draw
from liveconsole.messages.audiences import BADGES
from tests.contract.engine_process import EngineProcess, comment, event

Engines = Callable[..., EngineProcess]
Json = dict[str, Any]
GOODS = [
    {"product_id": "cup", "title": "杯子", "price_fen": 9900, "stock": 100},
    {"product_id": "mug", "title": "马克杯", "price_fen": 9900, "stock": 100},
]
COUPON = {"name": "新人券", "rule": {"off_fen": 2000}, "quantity": 50, "per_buyer": 1, "seconds": 600}
SALE = {"sku_id": "cup", "price_fen": 5900, "quantity": 20, "per_buyer": 1, "seconds": 600}


def opened(running: EngineProcess, **settings: Any) -> EngineProcess:
    running.done("room.set", recall_seconds=0, **settings)
    running.done("catalogue.put", products=GOODS)
    running.done("cart.add", product_ids=["cup"])
    running.done("broadcast.open")
    return running


def fired(running: EngineProcess, cue_id: str, kind: str, spec: Json) -> None:
    running.done("cue.add", cue_id=cue_id, kind=kind, spec=spec)
    running.done("cue.approve", cue_id=cue_id)
    running.done("cue.fire", cue_id=cue_id)


def buys(running: EngineProcess, order_id: str, who: str, **more: Any) -> Any:
    lines = [{"sku_id": "cup", "quantity": 1}]
    return running.command(
        "order.request", "producer", order_id=order_id, buyer={"id": who, "name": who}, lines=lines, **more
    )


def pays(running: EngineProcess, order_id: str, fen: int) -> None:
    running.post([event(f"p-{order_id}", "order.paid", {"order_id": order_id, "paid_fen": fen})])


def claims(running: EngineProcess, cue_id: str, who: str) -> Any:
    return running.command("coupon.claim", "producer", cue_id=cue_id, viewer={"id": who, "name": who})


def cue_of(running: EngineProcess, cue_id: str) -> Json:
    return next(cue for cue in running.state()["cues"] if cue["cue_id"] == cue_id)


def until_status(running: EngineProcess, cue_id: str, status: str, seconds: float = 20) -> Json:
    end = time.monotonic() + seconds
    while (cue := cue_of(running, cue_id))["status"] != status:
        assert time.monotonic() < end, cue
        time.sleep(0.1)
    return cue


def test_books_and_a_countdown_go_on_over_a_kill(engine_of: Engines) -> None:
    running = opened(engine_of())
    total = buys(running, "o1", "old")["result"]["total_fen"]
    pays(running, "o1", total)
    buys(running, "o2", "unpaid")
    running.done("broadcast.close")
    running.done("broadcast.open")
    fired(running, "s", "flash_sale", SALE | {"sku_id": "mug", "countdown_seconds": 10})
    counts = cue_of(running, "s")
    assert counts["status"] == "recallable"
    running.kill()
    running.start()
    assert cue_of(running, "s")["fires_at"] == counts["fires_at"]
    fired(running, "new", "coupon", COUPON | {"audience": "new"})
    assert cue_of(running, "new")["checked_by"] == "books"
    refused = claims(running, "new", "old")
    assert (refused["code"], refused["text"]) == ("not_for_you", "只给新人")
    assert claims(running, "new", "unpaid")["result"]["audience"] == "yes", (
        "an order that nobody paid is none"
    )
    assert claims(running, "new", "first")["result"]["audience"] == "yes"
    fired(running, "old", "flash_sale", SALE | {"audience": "bought"})
    assert buys(running, "o3", "first", cue_id="old")["code"] == "not_for_you"
    assert buys(running, "o4", "first")["result"]["total_fen"] == 9900, "the shop's price is everybody's"
    assert buys(running, "o5", "old", cue_id="old")["result"]["total_fen"] == 5900
    # Given back whole, it is no purchase any more.
    running.post([event("r1", "order.refunded", {"order_id": "o1", "refund_fen": total})])
    assert buys(running, "o6", "old", cue_id="old")["code"] in ("not_for_you", "buyer_limit")
    began = datetime.fromisoformat(until_status(running, "s", "on_air")["on_air_at"])
    assert 0 <= (began - datetime.fromisoformat(counts["fires_at"])).total_seconds() < 2
    assert len(running.log(types="cue.recallable")) == 1, "it counted down once"


def test_each_is_played_in_a_rehearsal_to_its_line_in_the_report(engine_of: Engines) -> None:
    running = opened(engine_of("--rehearsal"), platform="rehearsal")
    for name in BADGES:
        fired(running, name, "coupon", COUPON | {"audience": name})
    for name in BADGES:
        books = dict.fromkeys(("new", "bought", "members"), "books")
        by = {**books, "birthday": "list"}.get(name, "platform")
        assert until_status(running, name, "on_air")["checked_by"] == by
        answer = claims(running, name, "shopper")
        if name in ("bought", "members", "birthday"):
            assert answer["code"] == "not_for_you", "a rehearsal's books are whole"
        else:
            assert answer["result"]["audience"] == ("yes" if name == "new" else "unknown")
        running.done("cue.stop", cue_id=name)
    report = running.call("GET", "/v1/broadcasts/1").json
    told = {row["cue_id"]: row for row in report["promotions"]}
    assert [told[name]["claimed"] for name in BADGES] == [1, 0, 1, 0, 0, 1, 1, 1]


def test_each_is_done_by_a_person_or_refused_in_words(engine_of: Engines) -> None:
    running = opened(engine_of(), platform="manual")
    for name in BADGES:
        added = running.command(
            "cue.add", cue_id=f"s-{name}", kind="flash_sale", spec=SALE | {"audience": name}
        )
        if name in ("bought", "followers", "birthday", "club"):
            assert added["code"] == "audience_unchecked"
            assert "核对" in added["text"]
        else:
            assert added["ok"]
        fired(running, name, "coupon", COUPON | {"audience": name})
        owed = cue_of(running, name)["owed"]
        assert (owed["by"], owed["step"]) == ("person", "on_air")
        running.done("cue.confirm", cue_id=name, step="on_air", done=True)
        running.done("cue.measure", cue_id=name, claimed=7)
        running.done("cue.stop", cue_id=name)
        running.done("cue.confirm", cue_id=name, step="ended", done=True)
    report = running.call("GET", "/v1/broadcasts/1").json
    told = [row["claimed"] for row in report["promotions"] if row["kind"] == "coupon"]
    assert told == [7] * len(BADGES)


def test_who_a_bag_kept_out_is_explained_by_the_log(
    engine_of: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = opened(engine_of())
    total = buys(running, "o1", "old")["result"]["total_fen"]
    pays(running, "o1", total)
    spec = {"prize": {"name": "杯", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"},
            "seconds": 2, "audience": "new"}  # fmt: skip
    fired(running, "bag", "lucky_bag", spec)
    running.post([comment("k1", "要", viewer="old"), comment("k2", "要", viewer="young")])
    until_status(running, "bag", "ended")
    (entered,) = running.log(types="bag.entered")
    assert [one["id"] if isinstance(one, dict) else one for one in entered["data"]["kept_out"]] == ["old"]
    file, log = tmp_path / "receipt.json", tmp_path / "log"
    assert cli.main(["receipt", "bag", "--out", str(file), "--data", str(running.folder)]) == 0
    log.write_text("\n".join(json.dumps(line) for line in running.log()), "utf-8")
    capsys.readouterr()
    assert verify_draw.main([str(file), "--log", str(log)]) == 0
    assert "not among those for whom the bag was kept" in capsys.readouterr().out


def test_the_budget_is_told_by_the_state_the_alarm_and_a_dry_run(engine_of: Engines) -> None:
    running = opened(engine_of(), budget={"fen": 10_000, "gmv_percent": 90})
    fired(running, "s", "flash_sale", SALE | {"quantity": 3})
    for n in range(2):
        pays(running, f"o{n}", buys(running, f"o{n}", f"b{n}", cue_id="s")["result"]["total_fen"])
    state = running.state()
    stands = state["discount"]["budget"]
    assert (stands["limit_fen"], stands["used_fen"], stands["percent"]) == (10_000, 8000, 80)
    assert [alarm["code"] for alarm in state["alarms"] if alarm["code"].startswith("budget")] == [
        "budget_near"
    ]
    asked = running.call("POST", "/v1/judge", {"type": "cue.add", "data": {"kind": "coupon", "spec": COUPON}})
    assert asked.json["over_budget_fen"] == 12_000 + 100_000 - 10_000
    running.done("room.set", budget={"fen": 10_000, "hard": True})
    running.done("cue.add", cue_id="c", kind="coupon", spec=COUPON)
    assert running.command("cue.fire", cue_id="c")["code"] == "over_budget"
    running.done("cue.stop", cue_id="s")
    running.done("broadcast.close")
    report = running.call("GET", "/v1/broadcasts/1").json
    assert (report["totals"]["budget_fen"], report["totals"]["discount_fen"]) == (10_000, 8000)
