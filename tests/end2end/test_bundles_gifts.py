"""组合价 and 买赠 from the queue to their end: in a rehearsal, whose shoppers take them up, and at the door
of a real engine, where a person does them on the phone or the console decides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from liveconsole.connectors.rehearsal import scenario
from liveconsole.connectors.rehearsal.headless import run_headless
from liveconsole.connectors.rehearsal.moment import Ask
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.store.opening import open_store
from liveconsole.views.instructions import ProductNames, instruction
from tests.contract.engine_process import EngineProcess

Data = dict[str, Any]
BUNDLE: Data = {
    "items": [{"sku_id": "a", "quantity": 1}, {"sku_id": "b", "quantity": 2}],
    "price_fen": 14_001, "quantity": 2, "per_buyer": 1, "seconds": 600,
}  # fmt: skip
GIFT: Data = {
    "buy": {"product_ids": ["a"], "units": 1}, "gift": {"sku_id": "c", "quantity": 1},
    "quantity": 2, "per_buyer": 1, "seconds": 600,
}  # fmt: skip


# In a rehearsal --------------------------------------------------------------------------------------


def _seat() -> Any:
    """Somebody who adds, approves and fires one of each in the first seconds."""
    first, second, third = (product for product in scenario.products()[:3])
    bundle = BUNDLE | {
        "items": [{"sku_id": first.id, "quantity": 1}, {"sku_id": second.id, "quantity": 2}],
        "price_fen": (first.price_fen + 2 * second.price_fen) * 9 // 10,
        "quantity": 3,
    }
    cheap = min(scenario.products(), key=lambda product: product.price_fen)
    gift = GIFT | {"buy": {"product_ids": [third.id]}, "gift": {"sku_id": cheap.id}, "quantity": 6}
    steps: list[tuple[float, str, Data, str]] = []
    for n, (kind, spec) in enumerate((("bundle", bundle), ("gift", gift))):
        only = {"cue_id": kind}
        steps += [
            (2.0 + n, "cue.add", {**only, "kind": kind, "spec": spec}, "assistant"),
            (4.0 + n, "cue.approve", only, "host"),
            (6.0 + n, "cue.fire", only, "host"),
        ]
    steps.sort(key=lambda step: step[0])

    def sit(now: float, view: RehearsalRoom) -> Sequence[Ask]:
        due = [step for step in steps if step[0] <= now]
        del steps[: len(due)]
        return [Ask(f"{at}", type_, data, role) for at, type_, data, role in due]

    return sit


def test_shoppers_of_a_rehearsal_take_both_up(tmp_path: Path) -> None:
    run_headless(7, "default", 100, tmp_path, seat=_seat())
    store = open_store(tmp_path)
    try:
        events = [json.loads(line) for line in store.read(0, 1_000_000)]
    finally:
        store.close()
    granted = [event["data"] for event in events if event["type"] == "order.granted"]
    paid = {event["data"]["order_id"] for event in events if event["type"] == "order.paid"}
    for kind, most in (("bundle", 3), ("gift", 6)):
        mine = [one for one in granted if any(line["cue_id"] == kind for line in one["lines"])]
        assert mine, kind
        assert paid & {one["order_id"] for one in mine}
        assert len(mine) <= most + 20, "what lapses comes back"
    free = [line for one in granted for line in one["lines"] if line["cue_id"] == "gift"]
    assert {line["unit_price_fen"] for line in free} == {0}
    ended = {e["data"]["cue_id"]: e["data"]["because"] for e in events if e["type"] == "cue.ended"}
    assert ended.get("bundle") == "sold_out"


# At the door -----------------------------------------------------------------------------------------


@pytest.fixture
def running(tmp_path: Path) -> Iterator[EngineProcess]:
    engine = EngineProcess(tmp_path / "room", "--port", "0").start()
    yield engine
    if engine.process.poll() is None:
        engine.kill()
    engine._close_pipes()


def opened(engine: EngineProcess, platform: str) -> None:
    engine.done("room.set", platform=platform, recall_seconds=0)
    goods = [("a", 9_900), ("b", 4_900), ("c", 1_900)]
    products = [{"product_id": id_, "title": id_, "price_fen": fen, "stock": 20} for id_, fen in goods]
    engine.done("catalogue.put", products=products)
    engine.done("cart.add", product_ids=["a", "b", "c"])
    engine.done("broadcast.open", title="晚场")


def fired(engine: EngineProcess, cue_id: str, spec: Data) -> None:
    engine.done("cue.add", "assistant", cue_id=cue_id, kind=cue_id, spec=spec)
    engine.done("cue.approve", cue_id=cue_id)
    engine.done("cue.fire", cue_id=cue_id)


def seen(engine: EngineProcess, cue_id: str) -> Data:
    found: Data = next(cue for cue in engine.state()["cues"] if cue["cue_id"] == cue_id)
    return found


def asks(engine: EngineProcess, order_id: str, buyer: str, units: dict[str, int], **more: Any) -> Data:
    lines = [{"sku_id": sku, "quantity": count} for sku, count in units.items()]
    who = {"id": buyer, "name": buyer}
    found: Data = engine.done("order.request", "producer", order_id=order_id, buyer=who, lines=lines, **more)
    return found


def told(engine: EngineProcess, number: str, type_: str, data: Data) -> None:
    body = {"specversion": "1.0", "id": number, "source": "/shop", "type": type_, "data": data}
    engine.post([body])


def test_where_the_console_decides_both_go_from_form_to_end(running: EngineProcess) -> None:
    opened(running, "own")
    judged = running.call(
        "POST", "/v1/judge", {"type": "cue.add", "data": {"kind": "bundle", "spec": BUNDLE}}
    )
    assert (judged.json["ok"], judged.json["lowest"]["combination"]) == (True, "组合价 34.82")
    fired(running, "bundle", BUNDLE)
    fired(running, "gift", GIFT)
    assert [seen(running, kind)["status"] for kind in ("bundle", "gift")] == ["on_air", "on_air"]
    first = asks(running, "o1", "ann", {"a": 1, "b": 2}, cue_id="bundle")
    assert first["total_fen"] == 14_001
    assert [line for line in first["lines"] if line.get("gift")] == [
        {"sku_id": "c", "quantity": 1, "unit_price_fen": 0, "total_fen": 0, "cue_id": "gift", "gift": True}
    ]
    asks(running, "o2", "bob", {"a": 1, "b": 2}, cue_id="bundle")
    assert (seen(running, "bundle")["held"], seen(running, "gift")["left"]) == (2, 0)
    last = asks(running, "o3", "cy", {"a": 1})
    assert (last["total_fen"], last["gift_gone"]) == (9_900, ["gift"])
    running.kill()
    again = EngineProcess(running.folder, "--port", "0").start()
    try:
        for n, id_ in enumerate(("o1", "o2")):
            told(again, f"p{n}", "order.paid", {"order_id": id_, "paid_fen": 14_001})
        for kind, given in (("bundle", 11_398), ("gift", 3_800)):
            cue = seen(again, kind)
            assert (cue["status"], cue["ended_because"], cue["sold"]) == ("ended", "sold_out", 2), kind
            assert cue["discount"]["given_fen"] == given
        stock = {p["product_id"]: p["skus"][0]["stock"] for p in again.state()["catalogue"]["products"]}
        assert stock == {"a": 18, "b": 16, "c": 18}
    finally:
        again.kill()


def test_where_a_person_does_it_the_phone_says_what_and_what_was_read_counts(running: EngineProcess) -> None:
    opened(running, "manual")
    for kind, spec, path in (("bundle", BUNDLE, "组合商品"), ("gift", GIFT, "买赠活动")):
        fired(running, kind, spec)
        owed = seen(running, kind)
        assert owed["status"] == "firing"
        assert path in instruction(kind, "on_air", owed["spec"], ProductNames()).zh
        running.done("cue.confirm", "assistant", cue_id=kind, step="on_air", done=True)
        assert seen(running, kind)["status"] == "on_air"
        assert seen(running, kind)["left"] is None, "nobody has told"
        running.done("cue.measure", "assistant", cue_id=kind, sold=1, left=1)
        assert (seen(running, kind)["sold"], seen(running, kind)["left"]) == (1, 1)
    stock = {p["product_id"]: p["skus"][0]["stock"] for p in running.state()["catalogue"]["products"]}
    assert stock == {"a": 19, "b": 18, "c": 19}, "a bundle and a gift have left it"
    for kind in ("bundle", "gift"):
        running.done("cue.stop", cue_id=kind, reason="说完了")
        running.done("cue.confirm", "assistant", cue_id=kind, step="ended", done=True)
        assert seen(running, kind)["status"] == "ended"
