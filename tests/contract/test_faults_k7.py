"""K7 at a real engine: a person is forgotten, in every byte of the data folder and in all of memory."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from liveconsole.bus.client import Client
from tests.contract.engine_process import ROOT, EngineProcess, comment, event
from tests.every_byte import holding

Make = Callable[..., EngineProcess]
HAT = {"product_id": "hat", "title": "帽子", "price_fen": 4_900, "stock": 90}
NAME, ID = "柳如是不姓柳", "wx-o9x77k"
WHO = {"id": ID, "name": NAME}


def evening(running: EngineProcess) -> None:
    """He speaks, buys, wins, is written of by hand; and so many others come that pages of the store split."""
    running.done("room.set", platform="manual", recall_seconds=0)
    running.done("catalogue.put", products=[HAT])
    running.done("broadcast.open")
    line = {"sku_id": "hat", "quantity": 1, "unit_price_fen": 4_900}
    order = {"order_id": "o1", "buyer": WHO, "lines": [line], "total_fen": 4_900}
    crowd = [comment(f"a{n}", viewer=f"other-{n}") for n in range(600)]
    facts: list[Any] = [
        *crowd[:300],
        event("c1", "comment.posted", {"viewer": WHO, "text": "多少钱"}),
        event("c2", "comment.posted", {"viewer": {"id": "other-1", "name": "小红"}, "text": f"@{NAME} 你好"}),
        event("e1", "viewer.entered", {"viewer": {**WHO, "phone": "13900008888"}, "raw": {"u": ID}}),
        event(
            "g1",
            "gift.sent",
            {"viewer": WHO, "gift": "花", "count": 1, "value_fen": 0, "text": f"{NAME} 送出花", "to": NAME},
        ),
        event("p1", "order.placed", order),
        *crowd[300:],
    ]
    assert running.post(facts)["accepted"] == len(facts)
    running.done("note.put", text=f"给{NAME}留一件")
    running.done("pledge.put", text=f"答应{NAME}（{ID}）补发")
    spec = {
        "prize": {"name": "围巾", "value_fen": 100},
        "winners": 1,
        "entry": {},
        "seconds": 60,
        "draw": "platform",
    }
    cue_id = running.done("cue.add", kind="lucky_bag", spec=spec)["cue_id"]
    running.done("cue.fire", cue_id=cue_id)
    running.done("cue.confirm", cue_id=cue_id, step="on_air", done=True)
    running.done("bag.winners", cue_id=cue_id, names=[NAME, "别人"])


def cleared(folder: Path, within: float = 20.0) -> list[tuple[str, str]]:
    """What is still found of him once the engine had a quiet moment."""
    ends = time.monotonic() + within
    while (left := holding(folder, NAME, ID, "13900008888")) and time.monotonic() < ends:
        time.sleep(0.2)
    return left


def everything_shown(running: EngineProcess) -> str:
    """State, log, report, people: all that a seat can read."""
    paths = ["/v1/state", "/v1/log?limit=10000", "/v1/broadcasts", "/v1/broadcasts/1"]
    paths += [f"/v1/search?q={quote(NAME)}", "/v1/viewers?q=%E5%B0%8F"]
    return "".join(running.call("GET", path).body.decode() for path in paths)


def resting(state: dict[str, Any]) -> dict[str, Any]:
    """The state without what an engine says of itself."""
    revisions = {name: one for name, one in state["revisions"].items() if name != "health"}
    return {**state, "health": None, "revisions": revisions}


def test_a_person_is_forgotten_everywhere_and_the_log_still_folds_to_the_same(engine_of: Make) -> None:
    """K7.1: the README said so, and no command did it."""
    running = engine_of()
    evening(running)
    assert NAME in everything_shown(running)
    assert {file for file, _ in holding(running.folder, NAME)} & {"room.db", "room.db-wal"}

    before = running.seq()
    assert running.done("viewer.forget", viewer_id=ID) == {}
    (told,) = running.log(after=before, types="viewer.forgotten")
    assert told["data"] == {"viewer_id": "forgotten", "name": "forgotten"}
    shown = everything_shown(running)
    assert NAME not in shown
    assert ID not in shown
    assert cleared(running.folder) == []

    (order,) = running.log(types="order.placed")
    assert order["data"]["buyer"] == {"id": "forgotten", "name": "forgotten"}
    state = running.state()
    assert state["notes"][-1]["text"] == f"给{'*' * 18}留一件"
    assert state["pledges"][-1]["text"] == f"答应{'*' * 18}（{'*' * len(ID)}）补发"
    (bag,) = [cue for cue in state["cues"] if cue["kind"] == "lucky_bag"]
    assert [winner["name"] for winner in bag["winners"]] == ["forgotten", "别人"]

    assert _run("verify-log", "--data", str(running.folder))[0] == 0, "the chain stays"
    state = running.state()
    running.kill()  # no snapshot of a clean stop: the log alone
    again = engine_of(folder=running.folder)
    assert resting(again.folded(state)) == resting(state)
    assert cleared(again.folder) == []


def test_who_comes_again_is_somebody_new(engine_of: Make) -> None:
    running = engine_of()
    evening(running)
    running.done("viewer.forget", viewer_id=ID)
    assert running.command("viewer.forget", viewer_id=ID)["code"] == "unknown_viewer"
    again = event("c9", "comment.posted", {"viewer": WHO, "text": "又来了"})
    assert running.post([again])["accepted"] == 1
    (last,) = running.log(after=running.seq() - 1)
    assert last["data"]["viewer"] == WHO
    first = running.log(types="order.placed")[0]["data"]["buyer"]
    assert first["id"] == "forgotten", "what was his is not given back to him"
    card = running.call("GET", f"/v1/viewers/{ID}").json
    assert (card["placed"], [said["text"] for said in card["comments"]]) == (0, ["又来了"])


def test_only_the_host_forgets_and_nobody_unknown(engine_of: Make) -> None:
    running = engine_of()
    evening(running)
    asked = {"id": "x1", "type": "viewer.forget", "data": {"viewer_id": ID}}
    for role in ("operator", "assistant"):
        assert running.call("POST", "/v1/commands", {**asked, "id": role}, role=role).status == 403
    assert running.command("viewer.forget", viewer_id="nobody")["code"] == "unknown_viewer"
    assert running.command("viewer.forget", viewer_id="")["ok"] is False
    assert running.done("viewer.forget", viewer_id="name:别人") == {}, "typed by hand alone"
    assert "别人" not in json.dumps(running.state(), ensure_ascii=False)


def test_what_the_room_knows_of_a_person(engine_of: Make) -> None:
    running = engine_of()
    evening(running)
    found = running.call("GET", f"/v1/viewers?q={quote('如是')}", role="assistant").json
    assert found == {"viewers": [{"viewer_id": ID, "name": NAME}], "more": False}
    card = running.call("GET", f"/v1/viewers/{ID}", role="operator").json
    assert (card["name"], card["placed"], card["paid"]) == (NAME, 1, 0)
    assert [order["order_id"] for order in card["orders"]] == ["o1"]
    assert [said["text"] for said in card["comments"]] == ["多少钱"]
    assert (card["bags"], card["marks"]) == ([], [])
    assert running.call("GET", "/v1/viewers/nobody").status == 404
    assert running.call("GET", f"/v1/viewers/{ID}", role="viewer").status == 403
    assert running.call("GET", "/v1/viewers?q=x", role="producer").status == 403
    assert len(running.call("GET", "/v1/viewers?q=other").json["viewers"]) == 50
    odd = "name:甲/乙?c%20"
    assert running.post([comment("odd", viewer=odd)])["accepted"] == 1

    async def ask() -> Any:
        async with Client(running.found["url"], running.tokens["host"]) as client:
            return await client.viewer(odd)

    assert asyncio.run(ask())["viewer_id"] == odd


def test_a_follower_that_lags_gets_nothing_of_him(engine_of: Make) -> None:
    """What waited for a follower when he was forgotten is read from the log."""
    running = engine_of()
    evening(running)

    async def follow() -> list[Any]:
        async with Client(running.found["url"], running.tokens["viewer"]) as client:
            await asyncio.to_thread(running.done, "viewer.forget", viewer_id=ID)
            seen: list[Any] = []
            async for batch in client.stream(0):
                seen += batch
                if any(one["type"] == "viewer.forgotten" for one in seen):
                    return seen
        return []

    assert NAME not in json.dumps(asyncio.run(follow()), ensure_ascii=False)


def test_forget_at_the_command_line_with_and_without_an_engine(engine_of: Make) -> None:
    running = engine_of()
    evening(running)
    assert _forget(running.folder, "不存在的人")[0] == 1
    code, said = _forget(running.folder, NAME)
    assert (code, json.loads(said)["ok"]) == (0, True)
    assert NAME not in said
    assert ID not in said
    assert NAME not in everything_shown(running)
    assert running.stop() == 0
    assert _forget(running.folder, "other-5")[0] == 0
    assert holding(running.folder, NAME, ID, 'other-5"') == []


def test_a_backup_from_before_forgets_again_where_it_is_restored(engine_of: Make, tmp_path: Path) -> None:
    """What a backup holds stays in it; the list beside the store is what tells the restored room."""
    running = engine_of()
    evening(running)
    kept = tmp_path / "kept.bak"
    code, said = _run("backup", str(kept), "--data", str(running.folder))
    recovery = re.search(r"\b[0-9A-Z]{4,}(?:-[0-9A-Z]{4,})+\b", said)
    assert (code, recovery is not None) == (0, True), said
    running.done("viewer.forget", viewer_id=ID)
    assert running.stop() == 0
    other = tmp_path / "other"
    assert recovery is not None
    assert _run("restore", str(kept), "--data", str(other), given=recovery[0])[0] == 0
    (other / "forgotten.json").write_bytes((running.folder / "forgotten.json").read_bytes())
    again = engine_of(folder=other)
    shown = everything_shown(again)
    assert NAME not in shown
    assert ID not in shown
    assert cleared(other) == []
    assert running.folder != other


def test_the_twin_without_the_list_a_backup_brings_him_back(engine_of: Make, tmp_path: Path) -> None:
    running = engine_of()
    evening(running)
    kept = tmp_path / "kept.bak"
    said = _run("backup", str(kept), "--data", str(running.folder))[1]
    recovery = re.search(r"\b[0-9A-Z]{4,}(?:-[0-9A-Z]{4,})+\b", said)
    assert recovery is not None
    running.done("viewer.forget", viewer_id=ID)
    assert running.stop() == 0
    assert _run("restore", str(kept), "--data", str(tmp_path / "other"), given=recovery[0])[0] == 0
    assert NAME in everything_shown(engine_of(folder=tmp_path / "other"))


def _run(*words: str, given: str = "") -> tuple[int, str]:
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "liveconsole", *words]
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, env=env, cwd=ROOT, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


def _forget(folder: Path, who: str) -> tuple[int, str]:
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "liveconsole", "forget", who, "--data", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, env=env, cwd=ROOT, timeout=60, check=False)
    return done.returncode, done.stdout


def test_orders_that_nobody_reports_are_not_none(engine_of: Make) -> None:
    """The twin is `test_who_comes_again_is_somebody_new`: where orders are told of, no order is a 0."""
    running = engine_of()
    running.done("room.set", platform="manual")
    running.done("broadcast.open")
    running.post([event("c1", "comment.posted", {"viewer": WHO, "text": "多少钱"})])
    card = running.call("GET", f"/v1/viewers/{ID}").json
    figures = [card[name] for name in ("placed", "paid", "paid_fen", "refund_fen")]
    assert (figures, card["orders"]) == ([None] * 4, [])
