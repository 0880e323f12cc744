"""`/overlay`: a page for OBS with a narrow view, and nothing about any person."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.contract.engine_process import EngineProcess, comment


def test_the_page_needs_its_own_token(engine: EngineProcess) -> None:
    assert engine.call("GET", "/overlay", role=None).status == 401
    assert engine.call("GET", "/overlay?token=wrong", role=None).status == 401
    for role in ("host", "viewer", "producer"):
        assert engine.call("GET", f"/overlay?token={engine.tokens[role]}", role=None).status == 403
    answer = engine.call("GET", f"/overlay?token={engine.tokens['overlay']}", role=None)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    for token in engine.tokens.values():
        assert token.encode() not in answer.body
    for word in (b"innerHTML", b"outerHTML", b"insertAdjacent", b"document.write", b"eval("):
        assert word not in answer.body


def test_its_own_origin_may_ask_for_the_page_only(engine: EngineProcess) -> None:
    own = {"Origin": f"http://127.0.0.1:{engine.port}"}
    path = f"/overlay?token={engine.tokens['overlay']}"
    assert engine.call("GET", path, role=None, headers=own).status == 200
    for origin in ("https://evil.example", "null", f"https://127.0.0.1:{engine.port}", "http://127.0.0.1:1"):
        assert engine.call("GET", path, role=None, headers={"Origin": origin}).status == 403


async def _views(running: EngineProcess, steps: list[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """What the overlay is told while things happen: (do this, until the view looks so) one after another."""
    url = running.found["url"] + "/overlay/stream"
    protocols = ("liveconsole.overlay", running.tokens["overlay"])
    found: list[dict[str, Any]] = []
    async with (
        asyncio.timeout(20),
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=protocols, origin=running.found["url"]) as socket,
    ):
        assert socket.protocol == "liveconsole.overlay"
        found.append(json.loads((await socket.receive()).data))
        for act, wanted in steps:
            await asyncio.to_thread(act)
            while not wanted(found[-1]):
                found.append(json.loads((await socket.receive()).data))
    return found


def _opened(running: EngineProcess) -> str:
    running.done("broadcast.open")
    running.done("room.set", recall_seconds=0)
    products = [{"product_id": "a", "title": "羊毛衫<script>", "price_fen": 19900, "stock": 10}]
    running.done("catalogue.put", products=products)
    running.done("cart.add", product_ids=["a"])
    spec = {"sku_id": "a", "price_fen": 9900, "quantity": 3, "per_buyer": 1, "seconds": 60}
    return str(running.done("cue.add", kind="flash_sale", spec=spec)["cue_id"])


async def test_the_view_shows_pin_countdown_and_what_is_left(engine_of: Any) -> None:
    running = engine_of("--rehearsal")
    await asyncio.to_thread(running.done, "room.set", platform="own")
    cue_id = await asyncio.to_thread(_opened, running)
    order = {
        "order_id": "o1",
        "buyer": {"id": "secret-buyer", "name": "秘密"},
        "lines": [{"sku_id": "a", "quantity": 1}],
    }
    views = await _views(
        running,
        [
            (lambda: running.done("cart.pin", product_id="a"), lambda view: view["pinned"]),
            (lambda: running.done("cue.fire", cue_id=cue_id), lambda view: view["running"]),
            (
                lambda: running.done("order.request", **order, cue_id=cue_id),
                lambda view: view["running"][0]["left"] == 2,
            ),
        ],
    )
    assert all(view["simulated"] is True for view in views)
    assert views[0]["pinned"] is None
    pinned = views[-1]["pinned"]
    assert pinned == {"title": "羊毛衫<script>", "price_fen": 19900, "number": 1}
    (sale,) = next(view["running"] for view in views if view["running"])
    assert (sale["kind"], sale["price_fen"], sale["left"], sale["quantity"]) == ("flash_sale", 9900, 3, 3)
    assert sale["ends_at"] > views[-1]["now"]
    assert "秘密" not in json.dumps(views, ensure_ascii=False)
    assert "secret-buyer" not in json.dumps(views)


@pytest.mark.parametrize("protocols", [(), ("wrong",), ("liveconsole.overlay",)])
async def test_the_stream_needs_its_token(engine: EngineProcess, protocols: tuple[str, ...]) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as error:
            await session.ws_connect(engine.found["url"] + "/overlay/stream", protocols=protocols)
    assert error.value.status == 401


async def test_the_stream_takes_no_other_origin_and_no_other_role(engine: EngineProcess) -> None:
    url = engine.found["url"] + "/overlay/stream"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as error:
            await session.ws_connect(
                url, protocols=(engine.tokens["overlay"],), origin="https://evil.example"
            )
        assert error.value.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError) as error:
            await session.ws_connect(url, protocols=(engine.tokens["viewer"],))
        assert error.value.status == 403
    assert engine.post([comment("after-overlay")])["accepted"] == 1
