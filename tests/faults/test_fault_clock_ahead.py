"""K4.8: one start with a clock that is days ahead leaves the log in the future. It is seen, and mended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from liveconsole.messages.alarms import alarm_words
from tests.contract.engine_process import ROOT, comment
from tests.faults.harness.processes import Engine
from tests.faults.harness.rooms import BUY, PRODUCTS, SALE, cue_of
from tests.faults.test_fault_clock import Clocks, clocks

__all__ = ["clocks"]

Start = Callable[..., Engine]
DAY = 86_400
SECONDS = 600
"""How long the sale runs."""
BENT = ("clock_from_file",)


def poisoned(start: Start, clocks: Clocks, ahead: float = 400 * DAY) -> Engine:
    """A sale and a hold that a wrong clock began; the engine runs at the right one now."""
    clocks.set(wall=ahead)
    engine = start(bend=BENT, env=clocks.env)
    engine.done("broadcast.open")
    engine.done("room.set", recall_seconds=0)
    engine.done("catalogue.put", products=PRODUCTS)
    engine.done("cue.add", cue_id="sale", kind="flash_sale", spec=SALE)
    engine.done("cue.fire", cue_id="sale")
    engine.done("order.request", "producer", **BUY)
    engine.post([comment("1")])
    assert engine.stop() == 0
    clocks.set()
    return start(bend=BENT, env=clocks.env)


def clock_alarms(engine: Engine) -> list[dict[str, Any]]:
    return [alarm for alarm in engine.state()["alarms"] if alarm["code"] == "clock"]


def planned(engine: Engine, at: datetime) -> Any:
    return engine.command("cue.add", kind="pin", spec={"product_id": "a"}, at=at.isoformat())


def by_now(engine: Engine) -> Any:
    """A command whose sender goes by the computer's time."""
    body = {"id": os.urandom(8).hex(), "type": "cart.renumber", "data": {}}
    body["expires_at"] = (datetime.now(UTC) + timedelta(seconds=20)).isoformat()
    return engine.call("POST", "/v1/commands", body).json


def program(*words: str) -> tuple[int, str]:
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "liveconsole", *words]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=60, check=False)
    return done.returncode, done.stdout


def off(text: str) -> float:
    """Seconds from the computer's time."""
    return (datetime.fromisoformat(text) - datetime.now(UTC)).total_seconds()


def test_it_is_said_with_its_figure_and_mended(start: Start, clocks: Clocks) -> None:
    engine = poisoned(start, clocks)
    health = engine.call("GET", "/v1/health", role=None).json
    assert (health["ok"], health["trouble"]) == (False, "clock_ahead")
    assert abs(health["clock_ahead_seconds"] - 400 * DAY) < 60
    (alarm,) = clock_alarms(engine)
    assert alarm["params"]["seconds"] == health["clock_ahead_seconds"]
    assert alarm["since"] == health["trouble_since"] is not None, "since when, like every alarm"
    assert [act["type"] for act in alarm["acts"]] == ["clock.repair"]
    assert "ahead of the computer's by" in alarm_words("clock", alarm["params"], english=True)
    assert "比电脑快" in alarm["text"]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert planned(engine, tomorrow)["code"] == "in_the_past"
    assert by_now(engine)["code"] == "expired"
    said = program("doctor", "--data", str(engine.folder), "--json")[1]
    findings = {one["name"]: one for one in json.loads(said)["findings"]}
    assert findings["clock"]["mend"] == "liveconsole repair --clock"

    code, said = program("repair", "--clock", "--data", str(engine.folder))
    assert code == 0
    assert abs(json.loads(said)["result"]["seconds"] - 400 * DAY) < 60
    assert clock_alarms(engine) == []
    assert engine.call("GET", "/v1/health", role=None).json["ok"] is True
    assert planned(engine, tomorrow)["ok"] is True
    assert by_now(engine)["ok"] is True
    last = engine.log(types="clock.repaired")[-1]
    assert abs(off(last["at"])) < 30
    sale = cue_of(engine, "sale")
    assert sale["status"] == "on_air"
    assert 0 < off(sale["ends_at"]) <= SECONDS, "what runs keeps the time it has left"
    assert sale["held"] == 1
    answer = program("repair", "--clock", "--data", str(engine.folder))
    assert (answer[0], json.loads(answer[1])["code"]) == (1, "clock_right")

    state = engine.state()
    engine.kill()
    again = start(bend=BENT, env=clocks.env)
    own = {"health": 0, "revisions": 0, "cues": 0}
    assert {**again.folded(state), **own} == {**state, **own}
    began = {"refused_since": 0}  # the engine's own start
    assert [cue | began for cue in again.state()["cues"]] == [cue | began for cue in state["cues"]]
    assert clock_alarms(again) == []
    assert by_now(again)["ok"] is True
    seqs = [line["seq"] for line in again.log()]
    assert seqs == list(range(1, len(seqs) + 1)), "order is by seq"


@pytest.mark.parametrize(("ahead", "rings"), [(8 * 3_600, True), (300, True), (20, False)])
def test_the_siblings_of_another_size(start: Start, clocks: Clocks, ahead: float, rings: bool) -> None:
    engine = poisoned(start, clocks, ahead)
    assert bool(clock_alarms(engine)) == rings
    assert engine.command("clock.repair")["ok"] is True
    assert clock_alarms(engine) == []
    assert 0 < off(cue_of(engine, "sale")["ends_at"]) <= SECONDS + 2


def test_a_wall_that_was_set_back_is_the_same_after_a_restart(start: Start, clocks: Clocks) -> None:
    engine = start(bend=BENT, env=clocks.env)
    engine.done("broadcast.open")
    clocks.set(wall=-3_600)
    assert engine.stop() == 0
    again = start(bend=BENT, env=clocks.env)
    (alarm,) = clock_alarms(again)
    assert abs(alarm["params"]["seconds"] - 3_600) < 60
    assert again.command("clock.repair")["ok"] is True
    assert clock_alarms(again) == []


def test_a_machine_that_slept_is_not_ahead(start: Start, clocks: Clocks) -> None:
    engine = start(bend=BENT, env=clocks.env)
    engine.done("broadcast.open")
    clocks.sleep(9 * 3_600)
    assert engine.command("cart.renumber")["ok"] is True
    assert clock_alarms(engine) == []
    assert engine.command("clock.repair")["code"] == "clock_right"


def test_nobody_says_what_time_it_is(start: Start, clocks: Clocks) -> None:
    """The command's own ``wall`` counts nothing, and an assistant repairs no clock."""
    engine = poisoned(start, clocks)
    assert engine.command("clock.repair", wall="2020-01-01T00:00:00+00:00")["ok"] is True
    assert abs(off(engine.log(types="clock.repaired")[-1]["at"])) < 30
    body = {"id": "a", "type": "clock.repair", "data": {}}
    assert engine.call("POST", "/v1/commands", body, role="assistant").status == 403


def test_the_twin_whose_deadlines_stay_where_they_were(start: Start, clocks: Clocks) -> None:
    """Repaired without moving what runs, the sale would go on for 400 days."""
    clocks.set(wall=400 * DAY)
    engine = start(bend=(*BENT, "repaired_moves_nothing"), env=clocks.env)
    engine.done("broadcast.open")
    engine.done("room.set", recall_seconds=0)
    engine.done("catalogue.put", products=PRODUCTS)
    engine.done("cue.add", cue_id="sale", kind="flash_sale", spec=SALE)
    engine.done("cue.fire", cue_id="sale")
    assert engine.stop() == 0
    clocks.set()
    engine = start(bend=(*BENT, "repaired_moves_nothing"), env=clocks.env)
    assert engine.command("clock.repair")["ok"] is True
    assert off(cue_of(engine, "sale")["ends_at"]) > 399 * DAY
