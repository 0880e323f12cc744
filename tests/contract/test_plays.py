"""A list, a PK and red packets through the door: composed, fired, taken up, ended, in the report."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liveconsole import cli
from tests.contract.engine_process import EngineProcess, comment, event

Engines = Callable[..., EngineProcess]
Json = dict[str, Any]
SCARF = {"product_id": "scarf", "title": "围巾", "price_fen": 9900, "floor_fen": 4000, "stock": 20}


def opened(running: EngineProcess, platform: str) -> EngineProcess:
    running.done("room.set", platform=platform, recall_seconds=0)
    running.done("catalogue.put", products=[SCARF])
    running.done("cart.add", product_ids=["scarf"])
    running.done("broadcast.open")
    return running


def fired(running: EngineProcess, kind: str, spec: Json) -> Json:
    running.done("cue.add", "assistant", cue_id=kind, kind=kind, spec=spec)
    running.done("cue.approve", "operator", cue_id=kind)
    running.done("cue.fire", "operator", cue_id=kind)
    return seen(running, kind)


def seen(running: EngineProcess, cue_id: str) -> Json:
    return next(dict(cue) for cue in running.state()["cues"] if cue["cue_id"] == cue_id)


def until(running: EngineProcess, cue_id: str, status: str) -> Json:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if (cue := seen(running, cue_id))["status"] == status:
            return cue
        time.sleep(0.1)
    raise AssertionError(f"{cue_id} never was {status}: {cue['status']}")


def named(entries: list[Any]) -> list[tuple[str, str]]:
    """(outside id, entry id) of each."""
    return [(who if isinstance(who, str) else who["id"], entry) for who, entry in entries]


def reported(running: EngineProcess, cue_id: str) -> Json:
    """The promotion's row of the report."""
    report = running.call("GET", "/v1/broadcasts/1").json
    return next(dict(row) for row in report["promotions"] if row["cue_id"] == cue_id)


@pytest.mark.parametrize("platform", ["manual"])
def test_a_list_is_ours_wherever_the_room_is(engine_of: Engines, tmp_path: Path, platform: str) -> None:
    running = opened(engine_of(), platform)
    spec = {"keyword": "1", "places": 3, "seconds": 2, "sku_id": "scarf", "price_fen": 4900}
    assert running.command("cue.add", kind="first_come", spec={**spec, "price_fen": 100})["code"] == (
        "below_price_floor"
    )
    assert fired(running, "first_come", spec)["status"] == "on_air", "no phone is pressed"
    said = [comment(f"c{n}", text, viewer=who) for n, (who, text) in enumerate(
        [("a", "1"), ("b", "1 "), ("a", "1"), ("x", "在吗"), ("c", "1"), ("d", "1"), ("e", "1")]
    )]  # fmt: skip
    running.post(said[:3])
    running.post(said[3:])
    cue = seen(running, "first_come")
    assert [place["viewer_id"] for place in cue["places"]] == ["a", "b", "c"]
    assert cue["waiting"] == 2
    running.done("place.free", "assistant", cue_id="first_come", viewer_id="b")
    assert [place["viewer_id"] for place in seen(running, "first_come")["places"]] == ["a", "c", "d"]
    lines = [{"sku_id": "scarf", "quantity": 1}]
    order: Any = {"lines": lines, "cue_id": "first_come"}
    assert running.command("order.request", "producer", order_id="o1", buyer={"id": "e"}, **order)[
        "code"
    ] == ("not_in_list")
    got = running.done("order.request", "producer", order_id="o2", buyer={"id": "d"}, **order)
    assert got["total_fen"] == 4900
    assert running.command("order.request", "producer", order_id="o3", buyer={"id": "d"}, **order)[
        "code"
    ] == ("buyer_limit")
    running.post([event("p", "order.paid", {"order_id": "o2", "paid_fen": 4900})])
    ended = until(running, "first_come", "ended")
    assert (ended["ended_because"], ended.get("owed")) == ("time_up", None)
    file = tmp_path / "receipt.json"
    assert cli.main(["receipt", "first_come", "--out", str(file), "--data", str(running.folder)]) == 0
    receipt = json.loads(file.read_text("utf-8"))
    assert len(receipt["places"]) == 3
    assert receipt["code"] == seen(running, "first_come")["draw"]["receipt_code"]
    entries = dict(
        one for line in running.log(types="places.taken") for one in named(line["data"]["entries"])
    )
    assert [place["id"] for place in receipt["places"]] == [entries[who] for who in "acd"]
    (sealed,) = running.log(types="places.closed")
    assert 0 < receipt["chain"]["seq"] < sealed["seq"]
    assert (ended["ended_because"], len(receipt["chain"]["head"])) == ("time_up", 64)
    row = reported(running, "first_come")
    assert (row["entrants"], row["quantity"], row["outcome"]) == (4, 3, "time_up")
    assert row["sold"] == 1
    assert list(entries) == ["a", "b", "c", "d", "e"]


def test_a_pk_by_hand_is_confirmed_told_and_ended_by_a_person(engine_of: Engines) -> None:
    running = opened(engine_of(), "manual")
    spec = {"opponent": "小美的店", "seconds": 2, "stake": "唱一首"}
    cue = fired(running, "pk", spec)
    assert (cue["status"], cue["owed"]["step"], cue["owed"]["by"]) == ("firing", "on_air", "person")
    running.done("cue.confirm", "assistant", cue_id="pk", step="on_air", done=True)
    cue = seen(running, "pk")
    assert (cue["ours"], cue["theirs"], cue["rounds"][0]["won"]) == (None, None, None)
    running.done("cue.measure", "assistant", cue_id="pk", ours=0, theirs=0)
    assert (seen(running, "pk")["ours"], seen(running, "pk")["theirs"]) == (0, 0)
    running.post([event("s1", "pk.scored", {"cue_id": "pk", "ours": 520, "theirs": 88})])
    ended = until(running, "pk", "ended")
    assert (ended["rounds"][0]["won"], ended["owed"]["step"]) == ("ours", "ended")
    running.done("cue.confirm", "assistant", cue_id="pk", step="ended", done=True)
    assert seen(running, "pk").get("owed") is None
    assert reported(running, "pk")["rounds"] == [[520, 88]]
    (scored,) = running.log(types="pk.scored")
    assert (scored["data"], scored["source"]) == ({"cue_id": "pk", "ours": 520, "theirs": 88}, "/test/room")


def test_red_packets_by_hand_count_whole_until_they_are_read(engine_of: Engines) -> None:
    running = opened(engine_of(), "manual")
    cue = fired(running, "red_packet", {"total_fen": 20_000, "packets": 50, "seconds": 2})
    assert (cue["status"], cue["owed"]["by"]) == ("firing", "person")
    running.done("cue.confirm", "assistant", cue_id="red_packet", step="on_air", done=True)
    cue = seen(running, "red_packet")
    assert (cue["claimed"], cue["left"]) == (None, None)
    assert cue["discount"] == {"given_fen": None, "held_fen": None, "most_fen": 20_000}
    running.done("cue.measure", "assistant", cue_id="red_packet", claimed=50)
    cue = seen(running, "red_packet")
    assert (cue["claimed"], cue["left"], cue["discount"]["given_fen"]) == (50, 0, 20_000)
    until(running, "red_packet", "ended")
    running.done("cue.confirm", "assistant", cue_id="red_packet", step="ended", done=True)
    row = reported(running, "red_packet")
    assert (row["claimed"], row["quantity"]) == (50, 50)
