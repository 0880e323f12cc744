"""Law and rules through the door: what regulated goods lack, the rules on the log, a person's own file."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.engine_process import EngineProcess
from tests.unit.domain.desk import product

Make = Callable[..., EngineProcess]
WHOLE = {"kind": "food_licence", "number": "JY1", "image": "a" * 64}


def opened(engine: EngineProcess, platform: str = "manual") -> None:
    engine.done("room.set", platform=platform, recall_seconds=0)
    engine.done("catalogue.put", products=[product("nuts", 4900, 20), product("hat", 4900, 20)])
    engine.done("cart.add", product_ids=["nuts", "hat"])
    engine.done("broadcast.open", title="晚场")


def row(engine: EngineProcess, product_id: str = "nuts") -> dict[str, Any]:
    goods = engine.state()["catalogue"]["products"]
    found: dict[str, Any] = next(one for one in goods if one["product_id"] == product_id)
    return found


def test_a_room_that_names_no_category_has_no_rules_on_its_log(engine_of: Make) -> None:
    running = engine_of()
    opened(running)
    running.done("cart.pin", product_id="nuts")
    assert running.log(types="law.read") == []


def test_regulated_goods_wait_for_their_licence(engine_of: Make) -> None:
    """By an assistant's put, over a kill, and back again once the licence is there."""
    running = engine_of()
    opened(running)
    put = {"product_id": "nuts", "category": "食品"}
    running.done("catalogue.put", "assistant", products=[put])
    types = [one["type"] for one in running.log()]
    assert types[-2:] == ["law.read", "catalogue.put"], "the rule stands before what it is about"
    no = running.command("cart.pin", product_id="nuts")
    assert (no["ok"], no["code"]) == (False, "unqualified")
    assert "《食品安全法》" in no["text"]
    assert row(running)["lacks"][0]["why"] == "missing"
    running.kill()
    again = engine_of()
    assert again.command("cart.pin", product_id="nuts")["code"] == "unqualified"
    again.done("catalogue.put", products=[{"product_id": "nuts", "qualifications": [WHOLE]}])
    assert "lacks" not in row(again)
    again.done("cart.pin", product_id="nuts")
    assert len(again.log(types="law.read")) == 1


def test_a_file_of_ones_own_holds_from_the_moment_it_is_saved(engine_of: Make) -> None:
    running = engine_of()
    opened(running)
    running.done("catalogue.put", products=[{"product_id": "nuts", "category": "坚果"}])
    running.done("cart.pin", product_id="nuts")
    running.done("cart.unpin")
    (running.folder / "law").mkdir()
    (running.folder / "law" / "categories.toml").write_text(
        '[[category]]\nid = "nuts"\nzh = "坚果"\nen = "nuts"\nrule = "《自订》"\nrule_en = "own"\n'
        '[[category.need]]\nkinds = ["paper"]\nzh = "纸"\nen = "paper"\n',
        "utf-8",
    )
    ends = time.monotonic() + 15
    while len(running.log(types="law.read")) < 2:
        assert time.monotonic() < ends, "the file was not read"
        time.sleep(0.1)
    assert running.command("cart.pin", product_id="nuts")["code"] == "unqualified"
    assert row(running, "nuts")["lacks"][0]["text"] == "缺纸"


def test_texts_are_read_by_the_machine_by_itself_and_by_two_people(engine_of: Make) -> None:
    """From the setting to the pin, over a kill: what is missing is told each time."""
    running = engine_of()
    opened(running)
    running.done("catalogue.put", products=[{"product_id": "hat", "title": "全网最好的帽子"}])
    running.done("room.set", review="required")
    until(lambda: steps(running, "product:nuts").keys() == {"machine"})
    until(lambda: steps(running, "product:hat").keys() == {"machine"})
    assert steps(running, "product:nuts")["machine"]["passed"]
    assert not steps(running, "product:hat")["machine"]["passed"], "a word of the lists is in it"
    running.kill()
    again = engine_of()
    note = {"subject": "product:nuts", "verdict": "passed"}
    assert again.command("cart.pin", product_id="nuts")["code"] == "not_reviewed"
    again.done("review.note", "assistant", **note, step="person")
    denied = {"id": "l1", "type": "review.note", "data": {**note, "step": "legal", "name": "林"}}
    assert again.call("POST", "/v1/commands", denied, role="assistant").status == 403
    again.done("review.note", "operator", **note, step="legal", name="林律师")
    again.done("cart.pin", product_id="nuts")
    assert again.command("cart.pin", product_id="hat")["code"] == "not_reviewed"
    again.done("catalogue.put", products=[{"product_id": "hat", "title": "帽子"}])
    until(lambda: steps(again, "product:hat").get("machine", {}).get("passed"))


@pytest.mark.deep
def test_a_word_that_is_let_be_lets_the_text_through_the_machine(engine_of: Make) -> None:
    running = engine_of()
    opened(running)
    running.done("catalogue.put", products=[{"product_id": "hat", "title": "全网最好的帽子"}])
    running.done("room.set", review="warn")
    until(lambda: steps(running, "product:hat"))
    (running.folder / "words").mkdir()
    (running.folder / "words" / "allow.txt").write_text("全网最好的帽子\n", "utf-8")
    until(lambda: steps(running, "product:hat")["machine"]["passed"])


@pytest.mark.deep
def test_a_warning_of_the_platform_is_a_card_that_outlives_a_kill(engine_of: Make) -> None:
    running = engine_of()
    opened(running)
    running.done("cart.pin", product_id="nuts")
    card = running.done("violation.note", "assistant", text="说了「最」", appeal_hours=48)
    running.kill()
    again = engine_of()
    (shown,) = again.state()["law"]["violations"]
    assert (shown["violation_id"], shown["product_id"]) == (card["violation_id"], "nuts")
    again.done("violation.step", "assistant", **card, step="stopped")
    assert list(again.state()["law"]["violations"][0]["steps"]) == ["stopped"]


def steps(engine: EngineProcess, subject: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        (one.get("steps", {}) for one in engine.state()["law"]["reviews"] if one["subject"] == subject), {}
    )
    return found


def until(holds: Callable[[], Any], within: float = 15.0) -> None:
    ends = time.monotonic() + within
    while not holds():
        assert time.monotonic() < ends, "it did not come to hold"
        time.sleep(0.1)
