"""What every test gets: own data folder, no keyring, no screen, and a check that it left nothing behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, settings

from tests import services, starter, stores

stores.put_all_on_postgres()

ROOT = Path(__file__).resolve().parent.parent

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("dev", deadline=None, print_blob=True)
# The build must give the same answer twice; finding new examples is for the desk of a developer.
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
settings.register_profile(
    "deep", deadline=None, print_blob=True, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    stores.leave_out_files(items)
    if os.environ.get("LIVECONSOLE_DEEP") == "1":
        return
    for item in items:
        if item.get_closest_marker("deep"):
            item.add_marker(pytest.mark.skip(reason="a long variant: make prove runs it"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded rooms and samples, which is not part of the project."""
    folder = Path(os.environ.get("LIVECONSOLE_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip("the recorded rooms (../shared or $LIVECONSOLE_SHARED) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def _data_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("liveconsole-data")


@pytest.fixture(autouse=True)
def _own_world(
    monkeypatch: pytest.MonkeyPatch, _data_base: Path, request: pytest.FixtureRequest
) -> Iterator[None]:
    """No test sees the user's data, keyring or language, nor another test's data folder."""
    folder = _data_base / f"{len(os.listdir(_data_base))}-{abs(hash(request.node.nodeid)) % 10**8}"
    monkeypatch.setenv("LIVECONSOLE_DATA", str(folder))
    monkeypatch.setenv("LIVECONSOLE_KEYRING", "off")
    monkeypatch.delenv("LIVECONSOLE_LANG", raising=False)
    children, threads = _children(), set(threading.enumerate())
    yield
    _nothing_left(children, threads)


@pytest.fixture(autouse=True)
def _databases_go() -> Iterator[None]:
    yield
    stores.let_go()


_swept: list[Path] = []
"""The file of the last test."""


@pytest.fixture(autouse=True)
def _garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """As the desk's sweeper does: in a worker the collector would destroy what is Qt's own thread's. Here a
    test's widgets go after it, when no loop turns, and not in the middle of another one's.

    Some fifty objects of each test stay until the session ends. A sweep that walked them would take longer
    from test to test, fifty times as long after two thousand of them; so what files have left is frozen.
    """
    if "PySide6" not in sys.modules:
        yield
        return
    if _swept != [request.path]:
        _swept[:] = [request.path]
        gc.disable()
        gc.collect()
        if not _windows():
            gc.freeze()
    yield
    gc.collect()


def _windows() -> bool:
    """A window that somebody still holds must be swept when it is let go of: half of it gone, it would be
    told of the next one's focus and take the process down. While there is one nothing is frozen."""
    from PySide6.QtWidgets import QApplication

    return QApplication.instance() is not None and bool(QApplication.topLevelWidgets())


def _children() -> set[psutil.Process]:
    """Ours and theirs. To ask the system for them is to read of every process there is, so first for any."""
    if sys.platform == "linux":
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return set()
    return set(psutil.Process().children(recursive=True))


def _parent(process: psutil.Process) -> int | None:
    try:
        parent: int = process.ppid()
    except psutil.NoSuchProcess:
        return None
    return parent


def _nothing_left(children: set[psutil.Process], threads: set[threading.Thread]) -> None:
    deadline = time.monotonic() + 3
    for thread in set(threading.enumerate()) - threads:
        if not thread.daemon:
            thread.join(max(0.0, deadline - time.monotonic()))
    lost = [t.name for t in set(threading.enumerate()) - threads if not t.daemon]

    # What an engine of the whole module starts goes with it; what the starter forks has its own end.
    older = {process.pid for process in children if not starter.is_ours(process)}
    left = [p for p in _children() - children if not _is_pythons_own(p) and _parent(p) not in older]
    _, alive = psutil.wait_procs(left, timeout=1 if left else 0)
    told = [f"{p.pid} {_words(p)}" for p in alive]
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=5)
    if told or lost:
        pytest.fail(f"the test left behind: processes {told}, threads {lost}", pytrace=False)


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return "(gone)"


def _is_pythons_own(process: psutil.Process) -> bool:
    """multiprocessing's resource tracker is started once and lives as long as the interpreter, and so do a
    server that tests have begun (`tests.services`) and what forks engines for them (`tests.starter`)."""
    tracker = "multiprocessing.resource_tracker" in _words(process)
    return tracker or services.is_ours(process) or starter.is_ours(process)
