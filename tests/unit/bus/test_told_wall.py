"""What an engine does beside its commits goes on after a moment in which the room could not be looked at."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from liveconsole.cli import running
from liveconsole.cli.running import EngineRun, Lead, Relief, _tell_wall
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.wall import WallRoom
from liveconsole.tasks import cancel_all, spawn


class Parts:
    """A wall's parts of a room, whatever its body says."""

    have = ""

    def take(self, _body: bytes) -> None: ...

    def shown(self, id_: str, name: str) -> WallRoom:
        return WallRoom(id_, name, "off_air")


class Room:
    """An engine whose room cannot be looked at the first times."""

    def __init__(self) -> None:
        self.refusals, self.looks = 2, 0

    def health(self) -> dict[str, Any]:
        return {"room": "room"}

    async def state(self, _role: str, _have: str) -> tuple[bytes, None]:
        self.looks += 1
        if self.looks <= self.refusals:
            raise NotTaken("cannot_write", "away")
        return b"{}", None


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WallParts", Parts)
    monkeypatch.setattr(running, "_WALL_SECONDS", 0.01)
    monkeypatch.setattr(running, "_LISTS_SECONDS", 0.01)


async def test_the_wall_is_told_again(tmp_path: Path) -> None:
    told = asyncio.Event()
    leader: Any = type("Leader", (), {"tell": lambda self, body: told.set()})()
    room: Any = Room()
    task = spawn(_tell_wall(room, Lead(leader, None, Relief())), name="wall")
    async with asyncio.timeout(5):
        await told.wait()
    assert not task.done()
    await cancel_all([task])
    assert room.looks > room.refusals


async def test_edited_lists_are_looked_at_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    looked = asyncio.Event()
    loop, room = asyncio.get_running_loop(), Room()

    async def law_news(_self: EngineRun, _engine: object) -> None:
        await room.state("host", "")

    class Advice:
        def look(self) -> None:
            if room.looks > room.refusals:
                loop.call_soon_threadsafe(looked.set)

    monkeypatch.setattr(EngineRun, "_law_news", law_news)
    monkeypatch.setattr(running, "member_figures", lambda folder: None)
    made: Any = EngineRun.__new__(EngineRun)
    made._advice, made._folder = Advice(), tmp_path
    task = spawn(made._follow_lists(None), name="word lists")
    async with asyncio.timeout(5):
        await looked.wait()
    assert not task.done()
    await cancel_all([task])
