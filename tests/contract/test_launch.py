"""Joining or starting the engine of a data folder, and one that ends when everybody has left."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

from liveconsole.bus import starting
from liveconsole.bus.client import Client, EngineGone, Json
from liveconsole.bus.discovery import look_up
from liveconsole.bus.launch import find_or_start, running
from liveconsole.bus.server import BusServer
from liveconsole.bus.starting import LOG
from liveconsole.cli import running as running_module
from liveconsole.cli.running import EngineRun
from liveconsole.store.opening import open_store
from tests.contract.engine_process import EngineProcess


async def _end(folder: Path) -> None:
    found = look_up(folder)
    assert found is not None
    process = psutil.Process(found.pid)
    async with Client(found.url, found.tokens["host"], found.proof_key) as host:
        await host.stop()
    await asyncio.to_thread(process.wait, 20)


async def test_it_is_started_once_and_joined_by_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    first, second = await asyncio.gather(find_or_start(folder), find_or_start(folder))
    try:
        assert first[0] == second[0]
        assert sorted([first[1], second[1]]) == [False, True]
        assert await find_or_start(folder) == (first[0], False)
        assert (folder / LOG).exists()
    finally:
        await _end(folder)
    assert await running(folder) is None


async def test_after_a_crash_a_new_one_is_started(tmp_path: Path) -> None:
    crashed = EngineProcess(tmp_path / "room", "--port", "0")
    await asyncio.to_thread(crashed.start)
    crashed.kill()
    assert await running(crashed.folder) is None
    found, ours = await find_or_start(crashed.folder, options=["--with-desk"])
    try:
        assert ours
        assert found.pid != crashed.found["pid"]
        assert found.tokens == crashed.found["tokens"]
    finally:
        await _end(crashed.folder)


async def test_who_came_up_on_a_crashed_engines_port_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed = EngineProcess(tmp_path / "room", "--port", "0")
    await asyncio.to_thread(crashed.start)
    crashed.kill()
    new = EngineProcess(crashed.folder)  # the port that the folder had
    health = Client.health

    async def slowly(client: Client) -> Json:
        """The address was read; before the knock at the door, the new engine stands behind it."""
        if not new.found:
            await asyncio.to_thread(new.start)
        return await health(client)

    monkeypatch.setattr(Client, "health", slowly)
    try:
        found = await running(crashed.folder)
        assert new.port == crashed.port
        assert found is not None
        assert found.pid == new.found["pid"]
    finally:
        assert await asyncio.to_thread(new.stop) == 0


async def test_a_crashed_engines_address_is_gone_before_the_new_one_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "room"
    folder.mkdir(mode=0o700)
    (folder / "engine.json").write_text("{}")
    alone, stood = EngineRun(folder, open_store(folder), port=0, with_desk=False), []
    opened = BusServer.open

    async def seen(door: BusServer, port: int) -> int:
        stood.append((folder / "engine.json").exists())
        return await opened(door, port)

    monkeypatch.setattr(BusServer, "open", seen)
    assert await alone.run(ready=lambda url: alone.stop()) == 0
    assert stood == [False]


@pytest.mark.of_a_file
async def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    open_store(folder).close()
    (folder / "room.key").unlink()
    with pytest.raises(EngineGone, match="key"):
        await find_or_start(folder)


@pytest.mark.parametrize("with_desk", [True, False])
async def test_a_desks_engine_ends_when_it_is_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_desk: bool
) -> None:
    monkeypatch.setattr(running_module, "LONELY_SECONDS", 0.2)
    monkeypatch.setattr(running_module, "_LOOK_SECONDS", 0.02)
    folder = tmp_path / "room"
    folder.mkdir(mode=0o700)
    alone = EngineRun(folder, open_store(folder), port=0, with_desk=with_desk)
    ready = asyncio.Event()
    task = asyncio.get_running_loop().create_task(alone.run(ready=lambda url: ready.set()))
    await ready.wait()
    found = look_up(folder)
    assert found is not None
    async with Client(found.url, found.tokens["host"], found.proof_key) as seat:
        await seat.command("broadcast.open", {})
        stream = seat.stream(0)
        await anext(stream)
        await seat.command("broadcast.close", {})
        done, _ = await asyncio.wait([task], timeout=0.5)
        assert not done, "a seat is there"
        await stream.aclose()  # type: ignore[attr-defined]
    done, _ = await asyncio.wait([task], timeout=5 if with_desk else 0.6)
    assert bool(done) is with_desk
    alone.stop()
    assert await task == 0
    assert not (folder / "engine.json").exists()


async def test_what_was_started_ahead_is_waited_for_not_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "room"
    starting.start_ahead(folder, ["--with-desk"])
    (child,) = [one for one in starting._started if str(folder) in one.args]  # type: ignore[operator]
    monkeypatch.setattr(starting, "_start", lambda *_: pytest.fail("a second child was started"))
    found, ours = await find_or_start(folder, options=["--with-desk"])
    try:
        assert ours
        assert child.poll() is None
        starting.start_ahead(folder, ["--with-desk"])
        assert await find_or_start(folder) == (found, False)
    finally:
        await _end(folder)


async def test_a_child_started_ahead_that_died_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    starting.start_ahead(folder, ["--with-desk"])
    (child,) = [one for one in starting._started if str(folder) in one.args]  # type: ignore[operator]
    child.kill()
    await asyncio.to_thread(child.wait)
    found, ours = await find_or_start(folder, options=["--with-desk"])
    try:
        assert ours
        assert found.pid != child.pid
    finally:
        await _end(folder)
