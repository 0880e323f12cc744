"""The forking starter, the deep variants, and at the end of a session what ran here and what could not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.harness.processes import Engine, Zygote
from tests.faults.harness.rooms import World, make_bag, make_sale

HERE = Path(__file__).parent
_told: dict[str, list[str]] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if HERE in item.path.parents and (report.when == "call" or report.skipped):
        reason = f": {report.longrepr[2]}" if report.skipped and isinstance(report.longrepr, tuple) else ""
        said = f"{report.outcome}{reason.removeprefix(': Skipped')}"
        _told.setdefault(item.path.stem, []).append(said)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which faults were tried on this machine, and which were not and why."""
    if not _told:
        return
    terminalreporter.section("faults on the real thing")
    for name, said in sorted(_told.items()):
        counts = ", ".join(f"{said.count(one)} {one}" for one in sorted(set(said)))
        terminalreporter.write_line(f"{name.removeprefix('test_'):<28} {counts}")


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote | None]:
    """None where the system has no fork: then every start is a whole one."""
    if not hasattr(os, "fork"):
        yield None
        return
    started = Zygote()
    yield started
    started.close()


@pytest.fixture(scope="session")
def rooms(zygote: Zygote | None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Rooms by name, each made when it is first asked for."""
    base = tmp_path_factory.mktemp("rooms")
    makers: dict[str, Callable[[Path], None]] = {
        "approved sale": lambda folder: make_sale(zygote, folder, on_air=False, platform="rehearsal"),
        "sale on air": lambda folder: make_sale(zygote, folder, on_air=True, platform="own"),
        "approved bag": lambda folder: make_bag(zygote, folder, on_air=False),
        "bag at its close": lambda folder: make_bag(zygote, folder, on_air=True),
    }

    def room(name: str) -> Path:
        folder = base / name.replace(" ", "-")
        if not folder.exists():
            makers[name](folder)
        return folder

    return room


@pytest.fixture
def world(
    zygote: Zygote | None, rooms: Callable[[str], Path], tmp_path: Path
) -> Iterator[Callable[[str], World]]:
    """A copy of a room of that name."""
    made: list[World] = []

    def copy(name: str) -> World:
        made.append(World(zygote, rooms(name), tmp_path / f"world{len(made)}"))
        return made[-1]

    yield copy
    for one in made:
        one.close()


@pytest.fixture
def start(zygote: Zygote | None, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Starts an engine on a folder (default: a fresh one)."""
    made: list[Engine] = []

    def engine(folder: Path | None = None, *words: str, ready: bool = True, **more: Any) -> Engine:
        one = Engine(zygote, folder or tmp_path / "room", "--port", "0", *words, **more)
        made.append(one)
        return one.start(ready=ready)

    yield engine
    for one in made:
        one.revive()
        one.process.kill()
        one.process.wait(10)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mounts something at a folder of its own; skips where this machine lets nobody."""
    places: list[Path] = []

    def mount(*words: str) -> Path:
        place = tmp_path / f"mount{len(places)}"
        place.mkdir()
        if not sys.platform.startswith("linux") or os.geteuid() != 0:
            pytest.skip("mounting needs root on Linux")
        if shutil.which("mount") is None:
            pytest.skip("no mount here: apt-get install mount")
        done = subprocess.run(["mount", *words, str(place)], capture_output=True)
        if done.returncode != 0:
            pytest.skip(f"mount {' '.join(words[:4])}: {done.stderr.decode(errors='replace').strip()[:120]}")
        places.append(place)
        return place

    yield mount
    for place in reversed([place for place in places if place.is_mount()]):
        subprocess.run(["umount", "-l", str(place)], check=True)
