"""Over a network a command is asked again until it expires, by the engine's time, and not longer."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from liveconsole.bus import client as clients
from liveconsole.bus.client import Client
from liveconsole.bus.errors import EngineGone
from tests.goals import within


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_FIRST_WAIT", 0.02)
    monkeypatch.setattr(clients, "_COMMAND_SECONDS", 0.2)


class Away(Client):
    """Nobody answers."""

    def __init__(self) -> None:
        super().__init__("https://192.168.0.2:1", "t", trusted=ssl.create_default_context())
        self.bodies: list[Any] = []

    async def _ask(self, *words: Any, **more: Any) -> Any:
        self.bodies.append(more["data"])
        raise EngineGone("cut")


async def lasted(client: Away, expires_at: datetime | None) -> float:
    began = time.monotonic()
    with pytest.raises(EngineGone):
        await client.command("note.put", {"text": "a"}, "id", expires_at)
    assert set(client.bodies) == {client.bodies[0]}, "the same command each time"
    return time.monotonic() - began


async def test_a_command_is_asked_again_until_it_expires() -> None:
    short = await lasted(Away(), None)
    assert short >= 0.1
    within(short, 0.5)
    took = await lasted(Away(), datetime.now(UTC) + timedelta(seconds=1.0))
    assert took >= 0.6
    within(took, 1.3)
    gone = Away()
    await lasted(gone, datetime.now(UTC) - timedelta(seconds=5))
    assert len(gone.bodies) == 1, "one that has expired already is told so by the engine, or nobody"


async def test_it_is_the_engines_time_that_counts() -> None:
    """A desk whose clock is an hour behind gives a command 8 s by the engine's time, and not an hour."""
    engine = datetime.now(UTC) + timedelta(hours=1)
    client = Away()
    client._engine_time = engine, time.monotonic()
    took = await lasted(client, engine + timedelta(seconds=0.5))
    assert took >= 0.2
    within(took, 1.0)
    behind = Away()
    behind._engine_time = engine - timedelta(hours=2), time.monotonic()
    assert behind._life(engine) == clients._COMMAND_MOST, "and two minutes are enough for any"
