"""From the first run to the draw, on a rehearsal that the desk itself starts; and a desk that is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt

from liveconsole.bus.discovery import look_up
from tests.contract.engine_process import ROOT, EngineProcess
from tests.end2end.desk_person import CTRL, SHIFT, Person, leave, live
from ui.panels.composer.bag import BagForm
from ui.seat import session
from ui.windows.check import KEYS
from ui.windows.shell import Shell


def test_from_the_first_run_to_the_draw(tmp_path: Path) -> None:
    async def life() -> None:
        shell = Shell(tmp_path, session.load(tmp_path))
        person = Person(shell)
        try:
            shell.show()
            shell.activateWindow()
            shell.begin()
            assert shell.welcome is not None
            assert shell.welcome.choice == session.StartChoice("rehearsal", "host")
            await person.click(shell.welcome.begin)
            await person.sees(lambda: shell.check is not None)
            await check_keys(person)
            assert shell.check is not None
            await person.click(shell.check.go)
            await rehearse(person)
        finally:
            if shell.seat is not None:
                await shell.seat.stop_engine()
            await leave(shell)

    live(life)
    assert session.load(tmp_path).choice == session.StartChoice("rehearsal", "host", checked=True)
    folder = session.folder(tmp_path, "rehearsal")
    deadline = time.monotonic() + 10
    while look_up(folder) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert look_up(folder) is None


async def check_keys(person: Person) -> None:
    """The key test lights up, and does nothing else."""
    check = person.shell.check
    assert check is not None
    await person.press(Qt.Key.Key_PageDown)
    await person.press(Qt.Key.Key_1, CTRL)
    await person.press(Qt.Key.Key_1, CTRL | SHIFT)
    await person.press(Qt.Key.Key_Escape)
    await person.press(Qt.Key.Key_F12)
    await person.press(Qt.Key.Key_Question)
    assert [check._caps[name][1].text() for name in KEYS] == ["收到"] * len(KEYS)


async def rehearse(person: Person) -> None:
    """Pin, compose, approve, fire, recall, stop, and see a draw, with an audience that lives by itself."""
    desk = person.desk
    await person.sees(lambda: person.joined and person.state.cart.items, within=30)
    await person.sees(lambda: person.state.broadcast.status == "open")
    assert person.state.room.simulated
    assert "排练" in desk.strip.pill.text()
    await person.press(Qt.Key.Key_PageDown)
    first = person.state.cart.items[0].product_id
    await person.sees(lambda: person.state.pinned.confirmed == first, within=20)

    sheet = await person.composes("flash_sale")
    before = set(person.statuses())
    await person.sees(sheet.approve_it.isEnabled)
    await person.click(sheet.approve_it)
    await person.sees(lambda: person.of("flash_sale", "approved"))
    ours = next(c for c in person.of("flash_sale", "approved") if f"flash_sale {c.cue_id}" not in before)
    assert ours.slot is not None
    key = Qt.Key(Qt.Key.Key_0 + ours.slot)
    await person.press(key, CTRL)
    await person.sees(lambda: desk.queue.to_recall() == ours.cue_id)
    await person.press(Qt.Key.Key_Escape)
    await person.sees(lambda: desk.queue.to_recall() is None)
    await person.press(key, CTRL)
    await person.sees(lambda: ours.cue_id in {c.cue_id for c in person.of("flash_sale", "on_air")}, within=25)
    await person.press(key, CTRL | SHIFT)
    await person.sees(lambda: ours.cue_id in {c.cue_id for c in person.of("flash_sale", "ended")})

    sheet = await person.composes("lucky_bag")
    form = sheet.form
    assert isinstance(form, BagForm)
    form.prize.setText("贝雷帽")
    form.value.setText("69")
    form.lasts_entry.set_seconds(4)
    before = set(person.statuses())
    await person.sees(sheet.approve_it.isEnabled)
    await person.click(sheet.approve_it)
    await person.sees(lambda: set(person.statuses()) - before)
    bag = next(iter(set(person.statuses()) - before)).split()[1]
    await person.sees(lambda: desk.queue.row(bag) and person.slot(bag) is not None)
    await person.press(Qt.Key(Qt.Key.Key_0 + (person.slot(bag) or 0)), CTRL)
    await person.sees(lambda: bag in {c.cue_id for c in person.of("lucky_bag", "ended")}, within=25)
    drawn = next(c for c in person.of("lucky_bag", "ended") if c.cue_id == bag)
    assert drawn.ended_because == "drawn"
    assert drawn.entrants
    assert desk.feed.feed.comments > 0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0").start()
    yield running
    if running.process.poll() is None:
        running.stop()


def test_a_killed_desk_takes_nothing_with_it_and_a_new_one_joins(
    engine: EngineProcess, tmp_path: Path
) -> None:
    opened = engine.call(
        "POST", "/v1/commands", {"id": "1", "type": "broadcast.open", "data": {"title": "killed"}}
    )
    assert opened.json["ok"]
    desk = _desk(engine.folder, "--seconds", "60")
    try:
        _until(lambda: engine.call("GET", "/v1/state").json["health"].get("followers", 1) and _joined(desk))
    finally:
        desk.kill()
        desk.wait(10)
        _close(desk)
    assert engine.process.poll() is None
    assert engine.call("GET", "/v1/state").json["broadcast"]["status"] == "open"
    picture = tmp_path / "again.png"
    again = _desk(engine.folder, "--seconds", "4", "--screenshot", str(picture))
    assert again.wait(40) == 0
    _close(again)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert engine.process.poll() is None


def test_a_killed_engine_is_brought_back_by_the_desk_with_all_it_had(engine: EngineProcess) -> None:
    assert engine.call("POST", "/v1/commands", {"id": "1", "type": "broadcast.open", "data": {}}).json["ok"]
    desk = _desk(engine.folder, "--seconds", "60")
    again = EngineProcess(engine.folder)
    try:
        _until(lambda: _joined(desk))
        engine.kill()
        _until(lambda: _brought(again, engine.found["pid"]) and _joined(desk))
        assert again.call("GET", "/v1/state").json["broadcast"]["status"] == "open"
    finally:
        desk.kill()
        desk.wait(10)
        _close(desk)
    brought = psutil.Process(again.found["pid"])
    assert again.call("POST", "/v1/stop").status == 200
    brought.wait(20)


def _brought(engine: EngineProcess, gone: int) -> bool:
    """Whether another engine than ``gone`` stands in the folder's ``engine.json`` by now."""
    found = look_up(engine.folder)
    if found is None or found.pid == gone:
        return False
    engine.found = {"url": found.url, "tokens": found.tokens, "pid": found.pid}
    return True


def _desk(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "ui", "--data", str(folder), "--role", "host", *words]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _joined(desk: subprocess.Popen[bytes]) -> bool:
    """Whether the desk holds a connection to the engine's port: what it does when it follows the log."""
    return any(c.status == "ESTABLISHED" for c in psutil.Process(desk.pid).net_connections("tcp"))


def _until(true: object, within: float = 30.0) -> None:
    assert callable(true)
    ends = time.monotonic() + within
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
