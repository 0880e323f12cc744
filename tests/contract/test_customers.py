"""Customers and members at a real engine's door, and by ``liveconsole customers``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from liveconsole.cli import customers
from tests.contract.engine_process import EngineProcess, event

Make = Callable[..., EngineProcess]
ME = "wx-o9x77k"


def paid(n: int, buyer: str, name: str, fen: int) -> list[Any]:
    line = {"sku_id": "nobody-knows", "quantity": 1, "unit_price_fen": fen}
    order = {"order_id": f"o-{n:04}", "buyer": {"id": buyer, "name": name}, "lines": [line], "total_fen": fen}
    return [
        event(f"placed-{n}", "order.placed", order),
        event(f"paid-{n}", "order.paid", {"order_id": f"o-{n:04}", "paid_fen": fen}),
    ]


def words(running: EngineProcess, *args: str) -> tuple[int, str]:
    """The command beside the engine's process; its exit code and what stands on stdout."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    with redirect_stdout(out):
        code = customers.run(["--data", str(running.folder), *args])
    out.flush()
    return code, out.buffer.getvalue().decode()


def filled(engine_of: Make) -> EngineProcess:
    running = engine_of()
    running.done("broadcast.open")
    facts = [*paid(1, ME, "小明", 60_000), *paid(2, ME, "小明", 1_000), *paid(3, "wx-2", "=1+1", 2_000)]
    assert running.post(facts)["accepted"] == 6
    return running


def test_customers_are_listed_without_names_and_for_seats_only(engine_of: Make) -> None:
    running = filled(engine_of)

    def asked(query: str = "", role: str = "assistant") -> Any:
        return running.call("GET", f"/v1/customers{query}", role=role)

    page = asked().json
    assert [(row["orders"], row["amount_fen"], row["name"]) for row in page["rows"]] == [
        (2, 61_000, "小**"),
        (1, 2_000, "=**"),
    ]
    assert (page["customers"], page["orders"], page["amount_fen"]) == (2, 3, 63_000)
    assert ME not in str(page)
    assert "小明" not in str(page)
    tiers = asked("?rfm=seed").json
    assert [(group["name"], group["expected"]) for group in tiers["groups"]] == [
        ("high", 15), ("potential", 35), ("new", 50),
    ]  # fmt: skip
    assert {row["first_order"] for row in tiers["rows"]} == {True}
    for role in ("viewer", "producer"):
        assert asked(role=role).status == 403
    for wrong in ("?rfm=x", "?on=yesterday", "?view=x", "?view=person", "?after=x"):
        assert asked(wrong).status == 400


def test_a_member_is_kept_by_his_yes_and_gone_when_forgotten(engine_of: Make) -> None:
    running = filled(engine_of)

    def person(role: str = "host") -> Any:
        return running.call("GET", f"/v1/customers?person={ME}", role=role).json["person"]

    def member() -> Any:
        return (person() or {}).get("member")

    assert member() is None
    assert running.command("member.join", viewer_id=ME, consent=False)["code"] == "no_consent"
    for unsure in ("name:小明", "masked:1"):
        assert running.command("member.join", viewer_id=unsure, consent=True)["code"] == "only_a_name"
    running.done("member.join", role="assistant", viewer_id=ME, consent=True, birthday="05-20")
    assert running.done("member.checkin", role="assistant", viewer_id=ME)["points"] == 5
    assert running.done("member.spend", role="assistant", viewer_id=ME, points=600)["points"] == 15
    assert running.command("member.spend", viewer_id=ME, points=16)["code"] == "too_few_points"
    refused = {"type": "member.deposit", "data": {"viewer_id": ME, "amount_fen": 1}, "id": "a"}
    assert running.call("POST", "/v1/commands", refused, role="assistant").status == 403
    running.done("member.deposit", viewer_id=ME, amount_fen=100_000)
    kept = member()
    assert [kept[name] for name in ("growth", "points", "level", "balance_fen", "birthday", "to_next")] == [
        610, 15, "银卡会员", 106_000, "05-20", 1_390,
    ]  # fmt: skip
    running.post([event("back", "order.refunded", {"order_id": "o-0001", "refund_fen": 20_000})])
    assert (member()["growth"], member()["level"]) == (410, "普通会员")
    shown = running.call("GET", "/v1/customers").json["rows"]
    assert [(row.get("member", False), row.get("level", "")) for row in shown] == [
        (True, "普通会员"),
        (False, ""),
    ]
    value = running.call("GET", "/v1/customers?view=value&cost_fen=3000").json
    assert (value["members"], value["arpu_members_fen"], value["arpu_others_fen"]) == (1, 41_000, 2_000)
    assert (value["first_orders"], value["cpa_fen"], value["ltv_fen"], value["repeat_rate"]) == (
        2,
        1_500,
        None,
        0.5,
    )
    running.kill()

    again = engine_of(folder=running.folder)
    running = again
    assert member()["birthday"] == "05-20"
    shown = person()["viewer_id"]
    again.done("member.checkin", viewer_id=shown)  # by the pid that a page shows
    born = [
        [
            row["viewer_id"]
            for row in again.call("GET", f"/v1/customers?view=members&birthday={day}").json["rows"]
        ]
        for day in ("05-20", "05-21")
    ]
    assert born == [[shown], []]
    assert again.call("GET", "/v1/customers?view=members").json["birthday_coupon_yuan"] == 20
    assert again.call("GET", "/v1/customers?view=members").json["members"] == 1
    again.done("viewer.forget", viewer_id=ME)
    assert person() is None
    assert again.call("GET", "/v1/customers?view=members").json["rows"] == []
    again.kill()
    for file in running.folder.glob("room.db*"):
        assert b"05-20" not in file.read_bytes()
    last = engine_of(folder=running.folder)
    assert last.call("GET", "/v1/customers?view=members").json["members"] == 0
    assert last.call("GET", "/v1/customers").json["customers"] == 2


def test_the_command_reads_beside_a_running_engine_and_after_it(engine_of: Make) -> None:
    running = filled(engine_of)
    running.done("member.join", viewer_id=ME, consent=True)
    told = words(running, "--csv", "-")
    assert told[0] == 0
    rows = list(csv.DictReader(io.StringIO(told[1])))
    assert list(rows[0]) == ["customer", "segment", "rfm_score", "orders", "recency_days", "amount_fen"]
    assert [(row["customer"], row["orders"], row["amount_fen"]) for row in rows] == [
        (ME, "2", "61000"),
        ("wx-2", "1", "2000"),
    ]
    code, out = words(running, "--person", ME)
    mine = json.loads(out)
    assert (code, mine["name"], mine["member"]["level"], len(mine["shown"])) == (0, "小明", "银卡会员", 2)
    assert words(running, "--person", "nobody")[0] == 1
    assert words(running, "--rfm", "seed", "--english")[1].startswith("High value")
    assert "按收入，没有填毛利率" in words(running, "--value")[1]
    running.done("viewer.forget", viewer_id=ME)
    running.stop()
    file = running.folder / "customers.csv"
    assert words(running, "--csv", str(file))[0] == 0
    lines = file.read_text("utf-8").splitlines()
    assert [row["customer"] for row in csv.DictReader(lines)] == ["", "wx-2"]
