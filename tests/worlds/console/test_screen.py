"""The big screen of 罗盘 opens by itself once the console says which live is on; what it receives reaches the
room, and pins go on whatever becomes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from liveconsole.connectors.browser import maps, part
from liveconsole.connectors.browser.connector import BrowserConnector
from liveconsole.connectors.browser.mappings import figures, told
from liveconsole.connectors.browser.screen import screen_id
from liveconsole.messages.connections import BrowserConnection
from liveconsole.respath import resources
from liveconsole.tasks import cancel_all, spawn
from tests.worlds.console.rooms import PaperRoom
from tests.worlds.console.world import Console

ENTERED = {"msg_id": "2", "nick_name": "甲", "user_id": "9"}
ORDER = {"order_id": "55", "order_status": 1, "order_ts": 1_700_000_000, "product_id": "1"}
SCREEN = maps.Screen("promotions_v2?", ["data", "room_id"], "https://x/screen?live_room_id={id}")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"data": {"room_id": "7301"}}', "7301"),
        (b'{"data": {"room_id": 7301}}', "7301"),
        (b'{"data": {"room_id": ""}}', None),
        (b'{"data": {"room_id": "../passport?"}}', None),
        (b'{"data": []}', None),
        (b"<html>", None),
    ],
)
def test_an_id_is_what_an_address_may_hold(body: bytes, found: str | None) -> None:
    assert screen_id(SCREEN, body) == found


@pytest.mark.parametrize("flavour", ["buyin", "douyin_shop"])
def test_the_shipped_maps_name_it(flavour: str) -> None:
    screen = maps.load(flavour).screen
    assert screen is not None
    assert "{id}" in screen.address
    text = (resources() / maps.FOLDER / f"{flavour}.toml").read_bytes()
    with pytest.raises(maps.BadPageMap, match="screen"):
        maps.parse(text.replace(b"compass.jinritemai.com/screen", b"elsewhere.example/screen"), "map")


async def test_it_opens_for_each_live_and_its_entries_and_orders_come(
    executable: str, tmp_path: Path
) -> None:
    if not part.use(tmp_path):
        pytest.skip("no Playwright with a driver here: python dev.py setup brings both")
    room = PaperRoom(tmp_path, ["帽子", "围巾"])
    environ = {"LIVECONSOLE_BROWSER": executable, "LIVECONSOLE_BROWSER_WINDOW": "none"}
    async with Console("buyin", ["帽子", "围巾"]) as console:
        console.room_id = 7301
        console.screen = {
            "message": {"data": {"messages": {"room_enter": [ENTERED]}}},
            "live_order_stream": {"data": [ORDER]},
        }
        console.put_map(tmp_path)
        made = BrowserConnector(
            BrowserConnection("buyin", consent=True), tmp_path, told, figures, environ=environ
        )
        running = spawn(made.run(room), name="connection")
        try:
            async with asyncio.timeout(40):
                while not made.state().figures.orders_without_amount or not room.events:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                assert made.state().code == "ready", "the products' page is what pins are done on"
                console.room_id = "7302"
                while console.screens[-1] != "talent 7302":
                    made._watch._screen._read_at = float("-inf")  # type: ignore[union-attr]
                    await asyncio.sleep(0.05)
        finally:
            await cancel_all([running])
    assert {(event["type"], event["source"]) for event in room.events} == {
        ("viewer.entered", "/browser/buyin/screen")
    }
    assert made.state().figures.orders_without_amount == 1
    assert console.screens == ["talent 7301", "talent 7302"]
