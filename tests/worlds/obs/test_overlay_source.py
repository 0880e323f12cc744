"""The overlay's source, made by one key and kept right."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from liveconsole.messages.connections import ObsConnection
from tests.worlds.obs.room import (
    DeskRoom,
    announce,
    followed,
    until,
)
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import Studio


async def test_the_overlay_is_made_by_one_key_in_the_size_of_the_canvas(obs: FakeObs, room: DeskRoom) -> None:
    announce(room.folder)
    async with followed(obs, room) as made:
        answered = await made.act("overlay", {})
        assert answered.ok is True, answered
        assert answered.params == {
            "source": "LiveConsole",
            "scene": "主机位",
            "width": 720,
            "height": 1280,
        }
        source = obs.studio.sources["LiveConsole"]
        page = room.folder / "overlay-waiting.html"
        assert source.settings["url"].startswith(f"{page.as_uri()}?")
        assert "overlay-token" in page.read_text()
        assert "overlay-token" not in source.settings["url"]
        assert page.stat().st_mode & 0o077 == 0
        obs.studio.by_hand("商品")
        assert (await made.act("overlay", {})).ok is True
        assert list(obs.studio.scenes["商品"].values()) == ["LiveConsole"], "the same source there too"
        assert (await made.act("overlay", {})).ok is True
        assert list(obs.studio.scenes["商品"].values()) == ["LiveConsole"], "and not twice"


@pytest.mark.parametrize(("port", "token"), [(4500, "overlay-token"), (4400, "renewed")])
async def test_an_engine_on_another_port_has_its_overlay_loaded_anew_and_no_other_source(
    obs: FakeObs, room: DeskRoom, port: int, token: str
) -> None:
    announce(room.folder)
    async with followed(obs, room) as made:
        await made.act("overlay", {})
    source = obs.studio.sources["LiveConsole"]
    before = source.settings["url"]
    async with followed(obs, room):
        await asyncio.sleep(0.1)
    assert source.settings["url"] == before, "nothing is loaded anew without need"
    announce(room.folder, port, token)
    async with followed(obs, room):
        await until(lambda: source.settings["url"] != before)
        page = (room.folder / "overlay-waiting.html").read_text()
        assert f"127.0.0.1:{port}" in page
        assert token in page
    source.settings["url"] = "http://127.0.0.1:1/hers"
    announce(room.folder, 4600)
    async with followed(obs, room):
        await asyncio.sleep(0.1)
    assert source.settings["url"] == "http://127.0.0.1:1/hers"


async def test_an_engine_that_comes_to_listen_later_is_found(obs: FakeObs, room: DeskRoom) -> None:
    async with followed(obs, room) as made:
        assert (await made.act("overlay", {})).code == "no_address"
        announce(room.folder)
        await until(lambda: (room.folder / "overlay-waiting.html").exists())


async def test_where_the_overlay_cannot_be_made_it_is_said(room: DeskRoom, tmp_path: Path) -> None:
    announce(room.folder)
    obs = await FakeObs(Studio(browser=False)).start()
    try:
        async with followed(obs, room) as made:
            assert (await made.act("overlay", {})).code == "no_browser_source"
            obs.studio.kinds.append("browser_source")
            obs.studio.add_source("LiveConsole")
            assert (await made.act("overlay", {})).code == "name_taken"
            del obs.studio.sources["LiveConsole"]
            made._settings = ObsConnection(address="192.0.2.1:4455")
            assert (await made.act("overlay", {})).code == "elsewhere"
    finally:
        await obs.stop()
