"""Winners stand back, and what a platform drew is told, corrected and settled: through the door."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liveconsole import cli, verify_draw
from tests.contract.engine_process import EngineProcess, comment

Engines = Callable[..., EngineProcess]
Json = dict[str, Any]
VIEWERS = [f"v{i}" for i in range(6)]


def opened(running: EngineProcess, **settings: Any) -> EngineProcess:
    running.done("room.set", recall_seconds=0, **settings)
    running.done("broadcast.open")
    return running


def draw(running: EngineProcess, name: str, winners: int = 1, **entry: Any) -> Json:
    """One bag that everybody enters; its receipt."""
    spec = {
        "prize": {"name": "杯", "value_fen": 100}, "winners": winners, "alternates": 0,
        "entry": {"keyword": "要", **entry}, "seconds": 1, "claim": {"seconds": 86_000},
    }  # fmt: skip
    running.done("cue.add", cue_id=name, kind="lucky_bag", spec=spec)
    running.done("cue.fire", cue_id=name)
    running.post([comment(f"{name}-{viewer}", "要", viewer=viewer) for viewer in VIEWERS])
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for line in running.log(types="cue.drawn"):
            if line["data"]["cue_id"] == name:
                return dict(line["data"])
        time.sleep(0.1)
    raise AssertionError("never drawn")


def who(drawn: Json) -> set[str]:
    ids = [person["viewer_id"] for person in drawn["winners"]]
    return {str(one["id"] if isinstance(one, dict) else one) for one in ids}


def test_nobody_wins_twice_in_a_broadcast_where_winners_stand_back(
    engine_of: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = opened(engine_of(), stand_back="broadcast")
    first, second, third = (draw(running, f"bag{n}", winners=2) for n in range(3))
    assert len(who(first) | who(second) | who(third)) == 6  # six viewers, two a bag
    for drawn, back in ((first, 0), (second, 2), (third, 4)):
        rules = drawn["receipt"]["rules"]
        assert rules["entry"]["stand_back"] == "broadcast"
        assert len(rules["stood_back"]) == back
        assert set(rules["stood_back"]) <= set(rules["excluded"])
        assert len(drawn["receipt"]["entries"]) == 6 - back
    file, log = tmp_path / "receipt.json", tmp_path / "log"
    assert cli.main(["receipt", "bag2", "--out", str(file), "--data", str(running.folder)]) == 0
    log.write_text("\n".join(json.dumps(line) for line in running.log()), "utf-8")
    capsys.readouterr()
    assert verify_draw.main([str(file), "--log", str(log)]) == 0
    assert capsys.readouterr().out.count("won before and stood back") == 4
    # The twin: without the option they enter again, in this same room.
    again = draw(running, "bag3", winners=2, stand_back="none")
    assert len(again["receipt"]["entries"]) == 6
    assert "stood_back" not in again["receipt"]["rules"]
    # Another broadcast: this evening's stand back no longer, those of the last days do.
    running.done("broadcast.close")
    running.done("broadcast.open")
    assert len(draw(running, "bag4")["receipt"]["entries"]) == 6
    assert draw(running, "bag5", stand_back="days:7")["receipt"]["entries"] == []
    for wrong in ("days:0", "days:31", "weeks:1", "Broadcast"):
        assert running.command("room.set", stand_back=wrong)["ok"] is False


def test_a_winner_who_was_passed_over_may_enter_again(engine_of: Engines) -> None:
    running = opened(engine_of(), stand_back="broadcast")
    (first,) = who(draw(running, "bag0"))
    running.done("bag.settle", cue_id="bag0", viewer_id=first, ok=False, reason="不要了")
    assert len(draw(running, "bag1")["receipt"]["entries"]) == 6


def test_a_restart_and_a_new_broadcast_remember_who_won(engine_of: Engines, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    running = opened(engine_of(folder=folder), stand_back="days:3")
    draw(running, "bag0", winners=2)
    running.done("broadcast.close")
    running.done("broadcast.open")
    running.kill()
    running = engine_of(folder=folder)
    assert len(draw(running, "bag1")["receipt"]["entries"]) == 4


# A platform's draw ----------------------------------------------------------------------------------


def platform_bag(running: EngineProcess, name: str = "theirs") -> str:
    spec = {
        "prize": {"name": "杯", "value_fen": 100}, "winners": 2, "entry": {}, "seconds": 3000,
        "draw": "platform",
    }  # fmt: skip
    running.done("cue.add", cue_id=name, kind="lucky_bag", spec=spec)
    running.done("cue.fire", cue_id=name)
    return name


def cue_of(running: EngineProcess, cue_id: str) -> Json:
    return next(cue for cue in running.state()["cues"] if cue["cue_id"] == cue_id)


@pytest.mark.parametrize("names", [[], ["小红"], ["小红", "小明", "小刚"]])
def test_another_number_of_names_than_planned_is_told(engine_of: Engines, names: list[str]) -> None:
    running = opened(engine_of())
    cue_id = platform_bag(running)
    assert running.done("bag.winners", cue_id=cue_id, names=names) == {"planned": 2, "names": len(names)}
    cue = cue_of(running, cue_id)
    assert [winner["name"] for winner in cue.get("winners", [])] == names
    running.done("broadcast.close")
    report = running.call("GET", "/v1/broadcasts/1").json
    (difference,) = [one for one in report["differences"] if one["code"] == "winners"]
    assert (difference["wanted"], difference["shown"]) == (2, len(names))


def test_as_many_names_as_planned_are_no_difference(engine_of: Engines) -> None:
    running = opened(engine_of())
    running.done("bag.winners", cue_id=platform_bag(running), names=["小红", "小明"])
    running.done("broadcast.close")
    assert running.call("GET", "/v1/broadcasts/1").json["differences"] == []


def test_the_names_are_corrected_once_and_settled_by_name(engine_of: Engines) -> None:
    running = opened(engine_of())
    cue_id = platform_bag(running)
    running.done("bag.winners", cue_id=cue_id, names=["小红", "小名"])
    running.done("bag.settle", cue_id=cue_id, name="小红", ok=True)
    assert cue_of(running, cue_id).get("corrected", False) is False
    running.done("bag.winners", cue_id=cue_id, names=["小明", "小红"])
    cue = cue_of(running, cue_id)
    assert cue["corrected"] is True
    assert [(one["name"], one.get("settled")) for one in cue["winners"]] == [("小明", None), ("小红", True)]
    refused = running.command("bag.winners", cue_id=cue_id, names=["别人"])
    assert (refused["code"], "更正过一次" in refused["text"]) == ("already_settled", True)
    running.done("bag.settle", cue_id=cue_id, name="小明", ok=False, reason="没来领")
    assert [one["settled"] for one in cue_of(running, cue_id)["winners"]] == [False, True]
    assert running.command("bag.settle", cue_id=cue_id, name="小明", ok=True)["code"] == "already_settled"
    assert running.command("bag.settle", cue_id=cue_id, name="小刚", ok=True)["code"] == "not_a_winner"
    assert running.command("bag.settle", cue_id=cue_id, viewer_id="v1", ok=True)["code"] == "bad_shape"


def test_what_is_said_of_the_wrong_bag_is_true(engine_of: Engines) -> None:
    running = opened(engine_of())
    draw(running, "ours")
    said = running.command("bag.winners", cue_id="ours", names=["我"])
    assert (said["code"], "本机开奖" in said["text"], "lucky_bag" in said["text"]) == (
        "wrong_kind",
        True,
        False,
    )
    theirs = platform_bag(running)
    said = running.command("bag.source", cue_id=theirs, source="/a")
    assert (said["code"], "平台开奖" in said["text"]) == ("wrong_kind", True)
    running.done("catalogue.put", products=[{"product_id": "a", "title": "A", "price_fen": 1, "stock": 1}])
    running.done("cart.add", product_ids=["a"])
    pin = running.done("cart.pin", product_id="a")["cue_id"]
    for type_, data in (("bag.winners", {"names": []}), ("bag.settle", {"viewer_id": "v", "ok": True})):
        assert running.command(type_, cue_id=pin, **data)["text"] == "这不是福袋"
