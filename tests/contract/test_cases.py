"""After the order at a real engine: what waits, what is asked of the shop, who may, what a kill leaves."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.contract.engine_process import EngineProcess, event
from tests.contract.test_cli import run

Make = Callable[..., EngineProcess]


def cases(running: EngineProcess, query: str = "", role: str = "assistant") -> dict[str, Any]:
    body: dict[str, Any] = running.call("GET", f"/v1/cases?{query}", role=role).json
    return body


def fact(running: EngineProcess, type_: str, *, at: str | None = None, **data: Any) -> None:
    told = event(f"{type_}/{len(running.log())}", type_, data)
    assert running.post([{**told, "time": at} if at else told])["accepted"] == 1


def bells(running: EngineProcess) -> dict[str, int]:
    health = running.call("GET", "/v1/state", role="host").json["health"]
    return {name: health[name]["count"] for name in ("cases_overdue", "cases_soon") if name in health}


def test_an_after_sale_is_worked_off_and_outlives_a_kill(engine_of: Make) -> None:
    running = engine_of()
    goods = {"product_id": "p1", "title": "羊绒围巾", "price_fen": 9900, "stock": 5}
    running.done("catalogue.put", products=[goods])
    running.done("broadcast.open")
    lines = [{"sku_id": "p1", "quantity": 1, "unit_price_fen": 9900}]
    buyer = {"id": "v1", "name": "林小姐"}
    fact(running, "order.placed", order_id="o1", buyer=buyer, lines=lines, total_fen=9900, province="浙江")
    fact(running, "order.paid", order_id="o1", paid_fen=9900)
    back: dict[str, Any] = {
        "aftersale_id": "a1",
        "order_id": "o1",
        "kind": "return",
        "status": "asked",
        "amount_fen": 9900,
    }
    fact(running, "aftersale.updated", **back, reason="大小不合适")
    page = cases(running)
    (row,) = page["rows"]
    assert (row["case_id"], row["clock"]["rule"], row["buyer"]) == ("aftersale/a1", "first_answer", "林**")
    assert "林小姐" not in str(page)
    assert {group["group"]: group["count"] for group in page["groups"]}["urgent"] == 1
    running.done("shop.answer", role="assistant", act="answer", aftersale_id="a1", text="马上看")
    asked = running.done("shop.answer", role="assistant", act="accept", aftersale_id="a1")
    no = running.command("shop.answer", role="assistant", act="reject", aftersale_id="a1", reason="超过 7 天")
    assert "already_asked" in str(no)
    running.done("case.step", role="assistant", case_id="aftersale/a1", step="receive", note="收到，完好")
    running.kill()

    again = engine_of(folder=running.folder)
    card = cases(again, "case=aftersale/a1")
    assert [(ask["act"], ask["status"]) for ask in card["asks"]] == [("accept", "owed"), ("answer", "done")]
    assert {step["step"]: step["note"] for step in card["steps"] if step["note"]} == {"receive": "收到，完好"}
    again.done("shop.confirm", role="assistant", ask_id=asked["ask_id"], done=True)
    fact(again, "aftersale.updated", **{**back, "status": "refunded"})
    assert cases(again, "group=solution")["rows"] == []
    for role in ("viewer", "producer", "overlay"):
        assert again.call("GET", "/v1/cases", role=role).status == 403
    assert again.call("GET", "/v1/cases?group=all", role="host").status == 400
    assert again.stop() == 0


def test_what_is_beyond_its_time_rings_on_every_seat(engine_of: Make) -> None:
    """The buyer asked an hour ago, by the source's own word: nobody was there to hear it."""
    running = engine_of()
    running.done("broadcast.open")
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3_600))
    back: dict[str, Any] = {"aftersale_id": "a1", "order_id": "o1", "kind": "refund", "status": "asked"}
    fact(running, "aftersale.updated", at=at, **back)
    until = time.monotonic() + 20
    while not bells(running) and time.monotonic() < until:
        time.sleep(0.2)
    assert bells(running) == {"cases_overdue": 1}
    alarms = running.call("GET", "/v1/state", role="host").json["alarms"]
    assert [alarm["code"] for alarm in alarms] == ["cases_overdue"]
    assert running.stop() == 0


def test_parcels_come_in_by_a_file_once(engine_of: Make, tmp_path: Path) -> None:
    running = engine_of()
    running.done("broadcast.open")
    file = tmp_path / "物流.csv"
    file.write_text("订单号,快递公司,运单号,状态\no1,顺丰,SF1,异常\no2,顺丰,,\n", "utf-8")
    words = ("import", "--shipments", str(file), "--data", str(running.folder))
    done = run(*words, code=1)
    assert done.stdout.strip() == b'{"accepted": 1, "duplicates": 0, "refused": 1}'
    assert "第 3 行" in done.stderr.decode() or "line 3" in done.stderr.decode()
    assert run(*words, code=1).stdout.strip() == b'{"accepted": 0, "duplicates": 1, "refused": 1}'
    (row,) = cases(running, "group=stuck")["rows"]
    assert (row["case_id"], row["status"]) == ("order/o1", "exception")
    assert running.stop() == 0
