"""Money and what is to come at a real engine's door: settlements, parts, plans, rivals by a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liveconsole.cli import import_, settlement, sharers
from tests.contract.engine_process import EngineProcess, event

Make = Callable[..., EngineProcess]
COAT = {"product_id": "coat", "title": "羊绒大衣", "price_fen": 19_900, "stock": 50, "category": "女装"}
RIVALS = """周榜
店铺,商品名称,到手价,销量,名次
隔壁,【爆款】羊绒大衣,159.00,1.2万,TOP1
隔壁,帽子,不知道,5,2
,空,1,1,3
"""


def _sell(running: EngineProcess) -> None:
    line = {"sku_id": "coat", "quantity": 1, "unit_price_fen": 19_900}
    buyer = {"id": "wx-o9x77k", "name": "小明"}
    placed = {"order_id": "o1", "buyer": buyer, "lines": [line], "total_fen": 19_900}
    facts = [
        event("p", "order.placed", placed),
        event("q", "order.paid", {"order_id": "o1", "paid_fen": 19_900}),
    ]
    assert running.post(facts)["accepted"] == 2


def test_an_evening_settles_at_the_door_and_is_the_same_after_a_kill(
    engine_of: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = engine_of()
    running.done("catalogue.put", products=[COAT])
    running.done("broadcast.open")
    _sell(running)
    running.done("parts.put", parts=[{"who": "host", "percent": "30"}], since="2026-01-01")

    def asked(path: str, role: str = "host") -> dict[str, object]:
        found: dict[str, object] = running.call("GET", path, role=role).json
        return found

    told = asked("/v1/settlement?broadcast=1", "assistant")
    assert (told["paid_fen"], told["orders"], told["settled"]) == (19_900, 1, 0)
    low, high = told["low_fen"], told["high_fen"]
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert low < high < 19_900
    assert "小明" not in str(told)
    assert "wx-o9x77k" not in str(told)
    settled = {"order_id": "o1", "settled_fen": 18_801, "fee_fen": 1_099}
    assert running.post([event("s", "order.settled", settled)])["accepted"] == 1
    told = asked("/v1/settlement")
    assert (told["low_fen"], told["high_fen"]) == (18_801, 18_801)
    parts = told["parts"]
    assert isinstance(parts, list)
    assert [(part["who"], part["low_fen"]) for part in parts] == [("host", 5_640), ("", 13_161)]

    at = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    running.done("prepare.plan", "assistant", at=at, title="下一场")
    running.done("prepare.tick", "assistant", item="video", done=True)
    file = tmp_path / "rivals.csv"
    file.write_text(RIVALS, "utf-8")
    assert import_.run([str(file), "--rivals", "--data", str(running.folder), "--week", "2026-11-25"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out.splitlines()[-1]) == {"accepted": 1, "refused": 2}
    assert ("line 4: Not a price" in err, "line 5: Neither" in err) == (True, True)
    page = asked("/v1/prepare")
    plans = page["plans"]
    assert isinstance(plans, list)
    (plan,) = plans
    assert (plan["title"], [item["id"] for item in plan["items"] if item["done"]]) == ("下一场", ["video"])
    week = page["rivals"]
    assert isinstance(week, dict)
    (goods,) = week["shops"][0]["goods"]
    assert (goods["sold"], goods["rank"], goods["ours"], goods["ours_fen"]) == (12_000, 1, "羊绒大衣", 19_900)

    running.kill()
    running = engine_of(folder=running.folder)
    again = asked("/v1/settlement")
    assert {**again, "at": 0} == {**told, "at": 0}
    assert {**asked("/v1/prepare"), "at": 0} == {**page, "at": 0}


def test_only_seats_ask_and_only_for_what_there_is(engine_of: Make) -> None:
    running = engine_of()
    running.done("broadcast.open")
    for path in ("/v1/settlement", "/v1/prepare"):
        assert [running.call("GET", path, role=role).status for role in ("viewer", "producer")] == [403, 403]
        assert running.call("GET", path, role="operator").status == 200
    assert running.call("GET", "/v1/settlement?broadcast=7").status == 400
    assert running.call("GET", "/v1/settlement?broadcast=x").status == 400
    body = {"id": "c1", "type": "parts.put", "data": {"parts": []}}
    assert running.call("POST", "/v1/commands", body, role="assistant").status == 403


def test_sharers_are_told_by_sums_and_handed_out_one_by_one(
    engine_of: Make, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    running = engine_of()
    running.done("catalogue.put", products=[COAT])
    running.done("broadcast.open")
    goods = [{"sku_id": "coat", "price_fen": 19_900, "percent": "10"}]
    running.done("sharer.put", viewer_id="wx-sharer", goods=goods)
    viewer, by = {"id": "wx-o9x77k", "name": "小明"}, {"id": "wx-sharer", "name": "会分享的"}
    running.post([event("b", "share.brought", {"cue_id": "c", "viewer": viewer, "by": by})])
    _sell(running)
    (row,) = running.call("GET", "/v1/sharers", role="assistant").json["rows"]
    assert (row["sharer"], row["visits"], row["orders"], row["amount_fen"]) == ("wx-sharer", 1, 1, 19_900)
    assert (row["commission_fen"], row["goods"][0]["title"]) == (1_990, "羊绒大衣")
    assert running.call("GET", "/v1/sharers", role="viewer").status == 403
    refused = running.command("sharer.put", viewer_id="wx-sharer", goods=[])
    assert refused["code"] == "goods_fixed"

    def file(*words: str, code: int = 0) -> str:
        assert sharers.run(["--data", str(running.folder), *words]) == code
        return capsysbinary.readouterr().out.decode("utf-8-sig")

    asked = file()
    assert asked.splitlines()[1].split(",")[:6] == ["wx-sharer", "会分享的", "1", "1", "199.00", "19.90"]
    assert "小明" not in asked
    assert "wx-o9x77k" not in asked
    assert file("--sharer", "wx-sharer") == asked
    assert file("--sharer", "nobody", code=1) == ""
    running.stop()
    assert file("--csv", str(tmp_path / "s.csv")) == ""
    assert (tmp_path / "s.csv").read_text("utf-8-sig").splitlines() == asked.splitlines()


def test_a_shell_is_told_what_a_broadcast_brings(
    engine_of: Make, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    running = engine_of()
    running.done("catalogue.put", products=[COAT])
    running.done("broadcast.open")
    _sell(running)
    folder = ["--data", str(running.folder)]
    assert settlement.run([*folder, "--json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert told["broadcast"] == 1
    assert settlement.run(folder) == 0
    living = capsysbinary.readouterr().out.decode()
    assert "到手 ¥" in living
    assert "分成 —" in living
    assert settlement.run([*folder, "--parts", "host=30,机构=12.5", "--since", "2026-01-01"]) == 0
    assert settlement.run([*folder, "--parts", "host=130"]) == 1
    assert settlement.run([*folder, "--parts", "host"]) == 1
    capsysbinary.readouterr()
    assert settlement.run(folder) == 0
    living = capsysbinary.readouterr().out.decode()
    assert "机构 12.5 %" in living
    assert settlement.run([*folder, "7"]) == 1
    capsysbinary.readouterr()
    running.stop()
    assert settlement.run([*folder, "1"]) == 0
    assert capsysbinary.readouterr().out.decode() == living


def test_a_bill_settles_an_evening_once(
    engine_of: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = engine_of()
    running.done("catalogue.put", products=[COAT])
    running.done("broadcast.open")
    _sell(running)
    file = tmp_path / "bill.csv"
    file.write_text("订单号,结算金额,技术服务费\no1,189.05,9.95\no9,不知道,1\n", "utf-8")

    def brought_in() -> object:
        assert import_.run([str(file), "--settled", "--data", str(running.folder)]) == 1
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    assert brought_in() == {"accepted": 1, "duplicates": 0, "refused": 1}
    told = running.call("GET", "/v1/settlement").json
    assert (told["low_fen"], told["high_fen"], told["settled"]) == (18_905, 18_905, 1)
    assert brought_in() == {"accepted": 0, "duplicates": 1, "refused": 1}
