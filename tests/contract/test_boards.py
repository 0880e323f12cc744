"""The boards through the door: one formula for the state, the report, the boards and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liveconsole.cli import import_
from tests.contract.engine_process import EngineProcess, event

SAME = {
    "gmv_fen": "gmv_fen",
    "orders_placed": "placed",
    "orders_paid": "paid",
    "orders_closed": "closed",
    "orders_refunded": "refunded",
    "orders_unpaid": "unpaid",
    "units": "units",
    "refund_fen": "refund_fen",
}
"""Tile → what the state and the report call it."""


def boards(running: EngineProcess, query: str = "", role: str = "assistant") -> Any:
    answer = running.call("GET", f"/v1/boards{query}", role=role)
    assert answer.status == 200, answer.body
    return answer.json


def tiles(page: Any) -> dict[str, Any]:
    return {t["name"]: t for level in (*page["levels"].values(), page["more"]) for t in level}


def figures(page: Any, totals: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    found = tiles(page)
    return {name: found[name]["value"] for name in SAME}, {name: totals[of] for name, of in SAME.items()}


def said(*words: str) -> Any:
    command = [sys.executable, "-m", "liveconsole", "boards", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def sell(running: EngineProcess) -> None:
    skus = [{"sku_id": f"s{n}", "title": f"{n}", "price_fen": 9900, "stock": 50} for n in range(3)]
    product = {"product_id": "p", "title": "羊毛衫", "price_fen": 9900, "floor_fen": 100, "stock": 0}
    running.done("room.set", platform="manual")
    running.done("catalogue.put", products=[{**product, "skus": skus}])
    running.done("broadcast.open", title="看板")
    facts = []
    for n in range(20):
        order_id, fen = f"o{n}", 1_000 + 33 * n
        lines = [{"sku_id": f"s{n % 3}", "quantity": 1 + n % 2, "unit_price_fen": fen}]
        if n % 5 == 0:
            lines.append({"sku_id": "s2", "quantity": 1, "unit_price_fen": 17})
        total = sum(line["quantity"] * line["unit_price_fen"] for line in lines)  # type: ignore[operator]
        placed = {"order_id": order_id, "buyer": {"id": f"b{n % 7}", "name": "小红"}, "lines": lines,
                  "total_fen": total, "scene": ("live", "window")[n % 2]}  # fmt: skip
        facts.append(event(f"p{n}", "order.placed", placed))
        if n < 15:
            facts.append(event(f"q{n}", "order.paid", {"order_id": order_id, "paid_fen": total}))
        if n in (3, 16):
            facts.append(event(f"c{n}", "order.closed", {"order_id": order_id, "reason": ""}))
        if n in (4, 5):
            facts.append(event(f"r{n}", "order.refunded", {"order_id": order_id, "refund_fen": 500}))
    facts.append(event("m", "room.measured", {"online": 300, "watched": 4_000, "impressions": 50_000}))
    running.post(facts)


def test_state_report_boards_and_command_line_have_the_same_figures(
    engine_of: Callable[..., EngineProcess],
) -> None:
    running = engine_of()
    sell(running)
    live = boards(running)
    assert figures(live, running.state()["orders"])[0] == figures(live, running.state()["orders"])[1]
    found = tiles(live)
    assert (found["viewers"]["value"], found["exposure"]["value"]) == (4_000, 50_000)
    assert "typed" not in found["exposure"], "nobody need supply it"
    running.done("broadcast.close")
    report = running.call("GET", "/v1/broadcasts/1").json
    over = boards(running, "?broadcast=1")
    assert (
        figures(over, report["totals"])[0]
        == figures(over, report["totals"])[1]
        == figures(live, report["totals"])[0]
    )
    of_goods = {row["product_id"]: row["gmv_fen"] for row in over["products"]["rows"]}
    assert of_goods == {row["product_id"]: row["gmv_fen"] for row in report["products"] if row["gmv_fen"]}
    code, out = said("--data", str(running.folder), "--broadcast", "1", "--json")
    assert code == 0
    told = json.loads(out)["tiles"]
    assert {name: told[name]["value"] for name in SAME} == figures(over, report["totals"])[0]
    assert told["stay_seconds"]["why"] == "no_source"
    running.stop()
    code, out = said("--data", str(running.folder), "--broadcast", "1", "--json")
    assert (code, json.loads(out)["tiles"]) == (0, told), "without an engine it is read from the data folder"


def test_who_may_ask_and_what_no_query_is(engine: EngineProcess) -> None:
    for role in ("viewer", "producer", "overlay"):
        assert engine.call("GET", "/v1/boards", role=role).status == 403, role
    for query in ("?broadcast=700000", "?from=2026-13-01", "?to=2026-01-01"):
        answer = engine.call("GET", f"/v1/boards{query}", role="host")
        assert (answer.status, answer.json["code"]) == (400, "bad_shape"), query
    assert said("--data", str(engine.folder), "--broadcast", "700000")[0] == 1


def test_typed_figures_are_there_after_a_kill(engine_of: Callable[..., EngineProcess]) -> None:
    running = engine_of()
    sell(running)
    running.done("board.type", "assistant", name="exposure", value=77_000)
    running.done("board.type", "assistant", name="plays", value=12_345)
    running.kill()
    again = engine_of(folder=running.folder)
    found = tiles(boards(again))
    assert (found["plays"]["value"], found["plays"]["source"]) == (12_345, "typed")
    assert found["exposure"]["value"] == 50_000, "what the platform tells stands before it"


def test_what_short_videos_brought_comes_in_by_a_file_and_stands_on_the_board(
    engine_of: Callable[..., EngineProcess], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = engine_of()
    sell(running)
    file = tmp_path / "clips.csv"
    file.write_text("场次,视频,人数,花费,成交\n1,甲,1000,10,90\n1,乙,200,20,60\n8,丙,5,1,1\n", "utf-8")
    for _ in range(2):  # a file that is read again corrects, and adds nothing
        assert import_.run([str(file), "--clips", "--data", str(running.folder)]) == 1
        out, err = capsys.readouterr()
        assert json.loads(out.splitlines()[-1]) == {"accepted": 2, "refused": 1, "broadcasts": [1]}
        assert "line 4: There is no broadcast 8" in err
        found = tiles(boards(running))
        assert (found["clip_share"]["value"], found["clip_share"]["source"]) == (1_200 / 4_000, "typed")
        assert found["clip_roi"]["value"] == 5


@pytest.mark.deep
def test_published_orders_come_in_by_the_program_and_out_as_they_were_published(
    shared: Path, tmp_path: Path
) -> None:
    file = shared / "data" / "orders_tmall_2020_02" / "tmall_order_report.csv"
    if not file.is_file():
        pytest.skip("no published orders here (../shared or $LIVECONSOLE_SHARED)")
    folder = str(tmp_path / "room")
    command = [sys.executable, "-m", "liveconsole", "import", "--data", folder, "--orders", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert json.loads(done.stdout.splitlines()[-1])["accepted"] == 28_010, done.stderr
    code, out = said("--data", folder, "--from", "2020-02-01", "--to", "2020-02-29", "--json")
    assert code == 0
    found = {name: tile["value"] for name, tile in json.loads(out)["tiles"].items()}
    assert found["orders_placed"] == 28_010
    assert found["orders_paid"] == 24_087
    assert found["orders_refunded"] == 5_646
    assert found["gmv_fen"] == 190_248_715 + 57_233_592
    assert found["refund_fen"] == 57_233_592
    assert found["aov_fen"] == 10_275
