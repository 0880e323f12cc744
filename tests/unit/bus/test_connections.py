"""The door to connections: who may press what, and that a secret goes in and never comes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from liveconsole.bus.client import Client, Denied, Rejected
from liveconsole.bus.connections import NotConnected
from liveconsole.bus.presence import Presence
from liveconsole.bus.server import BusServer
from liveconsole.messages.connection_acts import ACTS, ConnectionSaid
from liveconsole.messages.differences import DifferencePage
from tests.unit.bus.test_server import NOW, TOKENS, FakeRoom, client


class FakeConnections:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    async def act(self, name: str, action: str, data: dict[str, Any]) -> ConnectionSaid:
        """Whatever it is asked for: which acts there are the door knows itself."""
        if name == "obs":
            raise NotConnected(name)
        return ConnectionSaid(True, f"{name} {action}", data)

    async def differences(self, after: int, limit: int, *, kept: bool) -> DifferencePage:
        if limit == 1:
            raise TimeoutError
        return DifferencePage(total=limit, kept=int(kept), next=after)

    async def secrets(self) -> dict[str, list[str]]:
        return {name: sorted(values) for name, values in self.kept.items()}

    async def keep_secret(self, name: str, values: dict[str, str]) -> str:
        if name == "bank":
            raise LookupError(name)
        if "full" in values:
            raise OSError("no room")
        if "wrong" in values:
            raise ValueError("no such secret")
        self.kept[name] = values
        return "file"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    door = BusServer(
        FakeRoom(),
        tokens=TOKENS,
        proof_key="key",
        schema=lambda: b"{}",
        overlay_page=lambda _theme: (b"", ""),
        stop=lambda: None,
        present=Presence(lambda: NOW),
        connections=FakeConnections(),
    )
    yield await door.open(0)
    await door.close()


async def rejected(calling: Any) -> str:
    with pytest.raises((Rejected, Denied)) as raised:
        await calling
    return raised.value.code


async def test_a_host_presses_and_the_connection_answers(port: int) -> None:
    async with client(port, "host") as host:
        said = await host.act("shop", "check", {"deep": True})
        assert said == ConnectionSaid(True, "shop check", {"deep": True})
        assert await rejected(host.act("obs", "check")) == "not_connected"
        assert await rejected(host.act("shop", "pay")) == "not_found"
        assert await rejected(host.act("shop", "check/more")) == "not_found"


async def test_a_secret_goes_in_by_the_host_and_never_comes_out(port: int) -> None:
    async with client(port, "host") as host:
        assert await host.keep_secret("obs", {"password": "hidden word"}) == "file"
        assert await host.secrets() == {"obs": ["password"]}
        assert await rejected(host.keep_secret("bank", {"pin": "1"})) == "not_found"
        assert await rejected(host.keep_secret("obs", {"wrong": "1"})) == "bad_shape"
        assert await rejected(host.keep_secret("obs", {"password": 1})) == "bad_shape"  # type: ignore[dict-item]


async def test_where_the_shops_goods_differ_every_seat_may_see(port: int) -> None:
    for role in ("host", "assistant"):
        async with client(port, role) as seat:
            told = await seat.shop_differences(500, 100, kept=True)
            assert told == DifferencePage(total=100, kept=1, next=500)
    async with client(port, "viewer") as viewer:
        assert await rejected(viewer.shop_differences()) == "forbidden"
    async with client(port, "host") as host:
        assert await rejected(host.shop_differences(-1)) == "bad_shape"
        assert await rejected(host.shop_differences(10**12)) == "bad_shape"
        assert await rejected(host.shop_differences(0, 1)) == "no_answer"


async def test_an_act_that_no_connection_has_reaches_none(port: int) -> None:
    """The desk once sent ``part`` for ``add_part``: nobody could add the browser part there."""
    async with client(port, "host") as host:
        for name, acts in ACTS.items():
            for act in acts:
                if name != "obs":
                    assert (await host.act(name, act)).code == f"{name} {act}"
            assert await rejected(host.act(name, "part")) == "not_found"


@pytest.mark.parametrize("role", ["assistant", "viewer", "producer", "overlay"])
async def test_nobody_else_presses_or_keeps(port: int, role: str) -> None:
    async with client(port, role) as seat:
        await _refused(seat)


async def _refused(seat: Client) -> None:
    for calling in (seat.act("shop", "check"), seat.keep_secret("obs", {"password": "p"}), seat.secrets()):
        assert await rejected(calling) == "forbidden"
