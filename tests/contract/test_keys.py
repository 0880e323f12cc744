"""``/v1/keys``: keys of plastic fire what they show, once, and say truthfully what came of it."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from liveconsole.bus.keys import SURFACES
from tests.contract.engine_process import ROOT, EngineProcess, event
from tests.contract.surface import surface

_numbers = itertools.count(1)
SALE = {"sku_id": "scarf", "price_fen": 5900, "quantity": 26, "per_buyer": 2, "seconds": 60}


class KeysEngine(EngineProcess):
    """With the id of the sale that a test is about, and the seq before it."""

    sale = ""
    before = 0


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeysEngine]:
    running = KeysEngine(tmp_path_factory.mktemp("keys") / "room", "--port", "0")
    running.start()
    product = {"product_id": "scarf", "title": "羊毛围巾", "price_fen": 9900, "stock": 9000}
    running.done("catalogue.put", products=[product])
    running.done("cart.add", product_ids=["scarf"])
    running.done("broadcast.open", title="晚场")
    yield running
    assert running.stop() == 0


@pytest.fixture
def room(started: KeysEngine) -> KeysEngine:
    """With nothing running, and one sale that the host wrote."""
    started.done("room.halt")
    for cue in started.state()["cues"]:
        started.command("cue.remove", cue_id=cue["cue_id"])
    started.done("room.set", recall_seconds=1)
    started.sale = f"sale-{next(_numbers)}"
    started.before = started.seq()
    started.done("cue.add", cue_id=started.sale, kind="flash_sale", spec=SALE)
    return started


async def test_an_evening_by_keys_of_plastic(room: KeysEngine) -> None:
    async with surface(room) as keys:
        ready = await keys.stands("1", "ready")
        assert (ready["title"], ready["about"], ready["does"]) == ("秒杀 ¥59 × 26", "#1 羊毛围巾", "fire")

        went = await keys.send("next")
        await keys.answered(went, "done")
        assert room.state()["pinned"]["confirmed"] == "scarf"

        fired = await keys.send("1")
        echo = await keys.send("1", shown=ready["shown"])
        assert (await keys.answered(echo, "refused"))["code"] in ("changed", "already_fired")
        counting = await keys.stands("1", "counting")
        assert counting["text"].startswith("撤回")
        assert (await keys.answered(fired, "waiting", "done"))["status"] == "waiting"
        back = await keys.send("1")
        assert (await keys.answered(back, "done"))["status"] == "done"
        assert (await keys.answered(fired, "refused"))["code"] == "recalled"

        await keys.stands("1", "ready")
        fired = await keys.send("1")
        await keys.answered(fired, "done")
        live = await keys.stands("1", "on_air")
        assert (live["text"], live["does"], live["hold_ms"]) == ("余 26", "stop", 800)
        buyer = {"id": "b1", "name": "金丝雀买家"}
        lines = [{"sku_id": "scarf", "quantity": 1}]
        asked = {"order_id": room.sale, "buyer": buyer, "lines": lines, "cue_id": room.sale}
        room.done("order.request", "producer", **asked)
        await keys.until(lambda: keys.keys["1"]["text"] == "余 25")
        assert keys.keys["1"]["shown"] == live["shown"]

        short = await keys.send("1", ms=300)
        assert (await keys.answered(short, "refused"))["text"] == "按住 0.8 秒"
        tapped = await keys.send("1")
        assert (await keys.answered(tapped, "refused"))["code"] == "hold_longer"
        stopped = await keys.send("1", ms=900)
        await keys.answered(stopped, "done")
        await keys.stands("1", "empty")
    log = [
        line for line in room.log(room.before) if line["type"] in ("cue.firing", "cue.recalled", "cue.ended")
    ]
    sale = [(line["type"], line["actor"]) for line in log if line["data"]["cue_id"] == room.sale]
    assert sale == [("cue.recalled", "keys"), ("cue.firing", "clock"), ("cue.ended", "keys")]
    told = "".join(keys.raw)
    assert "金丝雀" not in told
    assert '"b1"' not in told


async def test_what_was_edited_under_the_finger_is_not_fired(room: KeysEngine) -> None:
    async with surface(room, "en") as keys:
        old = (await keys.stands("1", "ready"))["shown"]
        room.done("cue.edit", cue_id=room.sale, spec=SALE | {"price_fen": 5000})
        pressed = await keys.send("1", shown=old)
        answer = await keys.answered(pressed, "refused", "waiting", "done")
        assert (answer["status"], answer["code"]) == ("refused", "changed")
        assert answer["text"] == "It has changed since you looked"
        again = await keys.send("1", shown=old, id_=pressed)
        assert again == pressed
        count = len(keys.answers)
        await keys.until(lambda: len(keys.answers) > count)
        assert keys.answers[-1] == answer, "the same press gets the same answer"
        await keys.until(lambda: keys.keys["1"]["shown"] != old)
        await keys.send("1", id_=pressed)  # the same name, another press
        await keys.until(lambda: keys.answers[-1]["code"] == "id_reused")
    assert not [line for line in room.log(room.before) if line["type"] == "cue.recallable"]


async def test_a_press_over_two_connections_is_one(room: KeysEngine) -> None:
    """It is sent, the cable is pulled before the answer, and it is sent again from the next connection."""
    async with surface(room) as keys:
        shown = (await keys.stands("1", "ready"))["shown"]
        await keys.send("1", id_="p-1")
    async with surface(room) as keys:
        await keys.send("1", shown=shown, id_="p-1")
        assert (await keys.answered("p-1", "done"))["status"] == "done"
    assert sum(line["type"] == "cue.recallable" for line in room.log(room.before)) == 1


async def test_frames_are_few_however_much_moves_and_come_though_nothing_does(room: KeysEngine) -> None:
    room.done("room.set", recall_seconds=0)
    room.done("cue.edit", cue_id=room.sale, spec=SALE | {"quantity": 5000})
    room.done("cue.fire", cue_id=room.sale)
    async with surface(room) as keys:
        await keys.stands("1", "on_air")
        began, before = time.monotonic(), len(keys.frames)
        posted = 0
        while time.monotonic() - began < 1.0:
            facts = []
            for n in range(posted, posted + 20):
                line = {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 5900}
                buyer = {"id": f"b{n}", "name": "x"}
                placed = {"order_id": f"o{n}", "buyer": buyer, "lines": [line], "total_fen": 5900}
                facts.append(event(f"e{n}", "order.placed", placed))
            await asyncio.to_thread(room.post, facts)
            posted += 20
        try:
            async with asyncio.timeout(0.5):
                while True:
                    await keys.hear()
        except TimeoutError:
            pass
        assert 2 <= len(keys.frames) - before <= 17, "ten a second at most"
        assert keys.keys["1"]["state"] in ("on_air", "empty")


async def test_it_is_the_keys_door_alone_and_opens_nothing_else(room: KeysEngine) -> None:
    url = room.found["url"]
    for role in ("host", "operator", "assistant", "viewer", "producer", "overlay", "metrics"):
        assert room.call("GET", "/v1/keys", role=role).status == 403, role
    assert room.call("GET", "/v1/keys", role="keys").status == 400  # it is a WebSocket
    assert room.call("GET", "/v1/keys?lang=fr", role="keys").json["code"] == "bad_shape"
    for path in ("/v1/state", "/v1/log", "/v1/stream", "/v1/viewers?q=a", "/v1/schema", "/overlay"):
        assert room.call("GET", path, role="keys").status in (401, 403), path
    fire = {"id": "x", "type": "cue.fire", "data": {"cue_id": room.sale}}
    assert room.call("POST", "/v1/commands", fire, role="keys").status == 403
    headers = {"Authorization": f"Bearer {room.tokens['keys']}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        open_ = [await session.ws_connect(f"{url}/v1/keys") for _ in range(SURFACES)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as full:
            await session.ws_connect(f"{url}/v1/keys")
        assert full.value.status == 429
        for socket in open_:
            await socket.close()
        async with asyncio.timeout(5):
            while True:
                try:
                    await (await session.ws_connect(f"{url}/v1/keys")).close()
                    break
                except aiohttp.WSServerHandshakeError:
                    await asyncio.sleep(0.05)


async def test_nonsense_is_answered_and_nothing_falls_over(room: KeysEngine) -> None:
    async with surface(room) as keys:
        for sent in ("", "[]", "{", '{"id": "a"}', '{"press": "1"}', '{"id": "x", "shown": "", "press": 1}'):
            await keys.socket.send_str(sent)
            await keys.until(lambda: bool(keys.answers))
            assert (keys.answers.pop()["status"], keys.answers) == ("refused", [])
        both = {"id": "b", "shown": "", "press": "1", "hold": "1"}
        await keys.socket.send_json(both)
        assert (await keys.answered("b", "refused"))["code"] == "bad_shape"
        for slot in ("10", "99", "host"):
            id_ = await keys.send(slot, shown="x")
            assert (await keys.answered(id_, "refused"))["code"] == "no_such_key"
        for n in range(200):
            await keys.socket.send_json({"id": f"m{n}", "shown": "x", "press": "1"})
        await keys.until(lambda: len({answer["id"] for answer in keys.answers}) >= 204)
        assert {answer["code"] for answer in keys.answers[4:]} == {"changed", "inbox_full"}
        assert room.state()["cues"][0]["status"] == "queued"
        id_ = await keys.send("halt", ms=1200)
        await keys.answered(id_, "done")


def test_the_example_in_the_docs_works_a_room(room: KeysEngine) -> None:
    """With whatever Node there is; its own WebSocket came with 20.10."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here: apt-get install nodejs")
    here = Path(__file__).parent
    words = [node, "--experimental-websocket", str(here / "keys_with_node.cjs")]
    stdin = f"{room.found['url']}\n{room.tokens['keys']}\n"
    words.append(str(ROOT / "docs/keys/keys.js"))
    ran = subprocess.run(words, input=stdin, capture_output=True, text=True, timeout=30, check=False)
    if "bad option" in ran.stderr:
        pytest.skip("this node has no WebSocket: one of 20.10 or newer has")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "late": None,
        "text": "26 left",
        "links": [{"link": True, "why": ""}],
    }
