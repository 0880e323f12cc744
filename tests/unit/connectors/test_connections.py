"""Connections follow the room's settings, and one that breaks takes nothing with it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.connections import NotConnected
from liveconsole.connectors import connections
from liveconsole.connectors.connection import RoomDoor
from liveconsole.connectors.connections import ConnectedPlatform, Connections
from liveconsole.domain.effects import Effect
from liveconsole.domain.room import Settings
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import BrowserConnection, ConnectionState, ObsConnection, ShopConnection
from liveconsole.messages.specs import PinSpec


class Made:
    """A connection that writes down what happens to it."""

    all: list[Made]

    def __init__(self, setting: Any, folder: Path) -> None:
        self.setting, self.runs, self.breaks, self.asked = setting, False, asyncio.Event(), list[str]()
        Made.all.append(self)

    def state(self) -> ConnectionState:
        return ConnectionState("connected")

    async def run(self, room: RoomDoor) -> None:
        self.runs = True
        try:
            await self.breaks.wait()
            raise RuntimeError("a bug")
        finally:
            self.runs = False

    async def act(self, action: str, data: dict[str, Any]) -> ConnectionSaid:
        if action == "sleep":
            await asyncio.sleep(60)
        if action != "check":
            raise LookupError(action)
        return ConnectionSaid(True, **data)

    async def ask(self, effect: Effect) -> PlatformSaid:
        self.asked.append(effect.key)
        return PlatformSaid("done")

    query = ask


class Told:
    """A room that only hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []

    async def ask_self(self, type_: str, data: dict[str, Any]) -> None:
        self.heard.append((type_, data))


@pytest.fixture
def made(tmp_path: Path) -> Connections:
    Made.all = []
    return Connections(tmp_path, Told(), {"shop": Made, "browser": Made})  # type: ignore[arg-type]


SHOP = ShopConnection("wechat_shop", "wx1")


async def test_they_start_stop_and_start_anew_as_the_settings_say(made: Connections) -> None:
    await made.turn(Settings())
    assert Made.all == []
    await made.turn(Settings(shop=SHOP, obs=ObsConnection()))
    await asyncio.sleep(0)
    assert [(one.setting, one.runs) for one in Made.all] == [(SHOP, True)]
    await made.turn(Settings(shop=SHOP))
    assert len(Made.all) == 1
    other = ShopConnection("wechat_shop", "wx2")
    await made.turn(Settings(shop=other))
    await asyncio.sleep(0)
    assert [(one.setting.appid, one.runs) for one in Made.all] == [("wx1", False), ("wx2", True)]
    assert made.states()["shop"].state == "connected"
    await made.turn(Settings())
    assert made.states() == {}
    assert not Made.all[1].runs


async def test_one_that_broke_says_so_and_is_made_again_after_a_while(
    made: Connections, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await made.turn(Settings(shop=SHOP, browser=BrowserConnection("taobao")))
    await asyncio.sleep(0)
    Made.all[0].breaks.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert made.states()["shop"].state == "failed"
    assert made.states()["browser"].state == "connected"
    await made.turn(Settings(shop=SHOP, browser=BrowserConnection("taobao")))
    assert len(Made.all) == 2
    monkeypatch.setattr(connections, "_AGAIN", 0.0)
    await made.turn(Settings(shop=SHOP, browser=BrowserConnection("taobao")))
    assert len(Made.all) == 3
    assert made.states()["shop"].state == "connected"
    assert "a bug" in caplog.text
    await made.turn(Settings())


async def test_what_broke_or_cannot_be_made_is_a_persons_and_takes_no_other_along(tmp_path: Path) -> None:
    Made.all = []

    def cannot(setting: Any, folder: Path) -> Made:
        raise ImportError("a part that is not there")

    room = Told()
    both = Connections(tmp_path, room, {"shop": cannot, "browser": Made})  # type: ignore[arg-type]
    settings = Settings(shop=SHOP, browser=BrowserConnection("taobao"))
    await both.turn(settings)
    await asyncio.sleep(0)
    await both.turn(settings)
    assert {name: one.state for name, one in both.states().items()} == {
        "shop": "failed",
        "browser": "connected",
    }
    assert both.get("shop") is None
    told = {"name": "shop", "cannot": ["sales", "coupons", "orders"], "code": "failed"}
    assert room.heard == [("connection.told", told)]
    await both.turn(Settings())


async def test_an_action_is_bounded_and_needs_its_connection(
    made: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LookupError):
        await made.act("bank", "check", {})
    with pytest.raises(NotConnected):
        await made.act("shop", "check", {})
    await made.turn(Settings(shop=SHOP))
    assert await made.act("shop", "check", {"facts": 1}) == ConnectionSaid(True, facts=1)
    with pytest.raises(LookupError):
        await made.act("shop", "pay", {})
    monkeypatch.setattr(connections, "ACT_SECONDS", 0.01)
    assert await made.act("shop", "sleep", {}) == ConnectionSaid(False, "no_answer")
    await made.turn(Settings())


async def test_each_kind_of_promotion_is_asked_of_its_own_connection(
    made: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_STARTS_WITHIN", 0.1)
    platform = ConnectedPlatform(made)
    since = datetime(2026, 11, 11, tzinfo=UTC)
    pin = Effect("k", "c", "on_air", "pin", PinSpec("p"), since, False)
    assert (await platform.ask(pin)).outcome == "unknown"
    await made.turn(Settings(shop=SHOP, browser=BrowserConnection("taobao")))
    assert (await platform.ask(pin)).outcome == "done"
    assert [one.asked for one in Made.all] == [[], ["k"]]
    await made.turn(Settings())


@pytest.mark.parametrize(
    ("code", "proves"), [("follows", True), ("not_yet", False), ("nothing_wanted", False)]
)
async def test_a_picture_that_was_read_back_is_proved(tmp_path: Path, code: str, proves: bool) -> None:
    """A check that OBS follows proves the picture, on disk before the person is answered; no other does."""
    told: list[tuple[str, dict[str, Any]]] = []

    class Door:
        async def ask_self(self, type_: str, data: dict[str, Any]) -> None:
            told.append((type_, data))

    Made.all = []
    made = Connections(tmp_path, Door(), {"obs": Made})  # type: ignore[arg-type]
    await made.turn(Settings(obs=ObsConnection()))
    assert (await made.act("obs", "check", {"code": code})).code == code
    assert told == ([("world.proved", {"world": "picture", "by": "obs"})] if proves else [])
    await made.turn(Settings())


async def test_a_connection_is_told_of_secrets_that_were_handed_in(
    made: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("liveconsole.credentials.keep", lambda folder, name, values: "file")
    monkeypatch.setattr(Made, "secrets_kept", lambda self: told.append(self.setting), raising=False)
    assert await made.keep_secret("wechat_shop", {"secret": "s"}) == "file"
    assert told == [], "nothing is connected"
    await made.turn(Settings(shop=SHOP, browser=BrowserConnection("taobao")))
    await asyncio.sleep(0)
    await made.keep_secret("wechat_shop", {"secret": "s"})
    await made.keep_secret("relay", {"key": "k"})
    assert told == [SHOP, SHOP]
    await made.keep_secret("obs", {"password": "p"})
    assert told == [SHOP, SHOP]
    await made.turn(Settings())
