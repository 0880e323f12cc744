"""The .rpm by rpm itself: installed, refused on air, brought up to date, removed, with its own scripts run.

No distribution of rpm's can be had here, so its root is a bare Debian whose rpm keeps a database of its own:
the names by which it asks for libraries are not looked for, all the rest is as it would be.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bundle import make

from liveconsole import __version__
from tests.bundle.bare_root import HOME, BareRoot
from tests.bundle.conftest import bare_debian
from tests.bundle.test_bare_root import BESIDE, DATA, ON_AIR, PROGRAM, ask, served
from tests.services import absent

pytestmark = pytest.mark.timeout(900)
NAME = "live-room-console"
RPM = ("rpm", "--force-debian", "--nodeps")


@pytest.fixture(scope="module")
def rooted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareRoot]:
    """A root of its own where rpm is and nothing of ours: those of the other one go on from each other."""
    with bare_debian(tmp_path_factory.mktemp("rpm")) as root:
        root.apt("update")
        root.apt("install", "rpm", "libgl1", "libegl1", "libx11-xcb1", "libdbus-1-3", "libfontconfig1")
        yield root


@pytest.fixture(scope="module")
def later(built: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same program as a package of a later version."""
    return make.packed("rpm", built["glibc"], number="999.0.0", out=tmp_path_factory.mktemp("later"))


def standing(root: BareRoot) -> str:
    return root.run("rpm", "-q", "--qf", "%{VERSION}", NAME).stdout


def test_it_installs_and_runs(rooted: BareRoot, built: dict[str, Any]) -> None:
    file = rooted.take(Path(next(path for path in built["packages"] if path.endswith(".rpm"))))
    rooted.run(*RPM, "-i", file, within=300)
    assert standing(rooted) == __version__
    assert rooted.run("liveconsole", "-V", user=True).stdout.strip() == __version__
    assert (rooted.path / PROGRAM[1:] / "_internal/liveconsole/version.txt").read_text() == f"{__version__}\n"
    for place in BESIDE:
        assert (rooted.path / "usr/share" / place).stat().st_size > 100, place
    rooted.run("rpm", "-V", "--nodeps", NAME)  # each file is as the package has it
    said = rooted.run("liveconsole", "rehearse", "--headless", "--seconds", "60", "--data", f"{HOME}/r",
                      user=True, within=300).stdout  # fmt: skip
    assert '"simulated": true' in said


def test_on_air_it_is_neither_brought_up_to_date_nor_removed(rooted: BareRoot, later: Path) -> None:
    file, program = rooted.take(later), rooted.path / PROGRAM[1:] / "_internal/liveconsole.pyz"
    with served(rooted):
        ask(rooted, "broadcast.open", title="今晚")
        before = program.stat().st_ino
        rooted.run(*ON_AIR, code=3)
        for words in ((*RPM, "-U", file), (*RPM, "-e", NAME)):
            refused = rooted.run(*words, code=1, within=300)
            assert "A live room is on air" in refused.stdout + refused.stderr
            assert "有直播间正在直播" in refused.stdout + refused.stderr
            assert standing(rooted) == __version__
            assert program.stat().st_ino == before
        ask(rooted, "broadcast.close")
        rooted.run(*ON_AIR)
        rooted.run(*RPM, "-U", file, within=300)
        assert standing(rooted) == "999.0.0"
        assert program.stat().st_ino != before
        # The engine that runs goes on with its own modules, those too that it had not loaded yet.
        ask(rooted, "broadcast.open", title="还是这台")
        rooted.run(*ON_AIR, code=3)
        refused = rooted.run(*RPM, "-e", NAME, code=1)
        assert "LIVECONSOLE_FORCE=1" in refused.stderr
        rooted.run(*RPM, "-e", NAME, LIVECONSOLE_FORCE="1")
    assert not (rooted.path / PROGRAM[1:] / "liveconsole").exists()
    rooted.run("rpm", "-q", NAME, code=1)
    assert not list((rooted.path / "usr/bin").glob("liveconsole*"))
    assert (rooted.path / DATA[1:] / "room.db").stat().st_size > 0, "what the user made stays"


def test_an_engine_that_cannot_be_asked_counts_where_it_runs(rooted: BareRoot, built: dict[str, Any]) -> None:
    """A program that does not answer: nobody knows, so nothing is taken away while one of it runs."""
    file = rooted.take(Path(next(path for path in built["packages"] if path.endswith(".rpm"))))
    rooted.run(*RPM, "-i", file, within=300)
    program = rooted.path / PROGRAM[1:] / "liveconsole"
    with served(rooted):
        program.rename(program.with_name("whole"))  # the engine's own file: it still runs from this folder
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
        refused = rooted.run(*RPM, "-e", NAME, code=1)
        assert "does not say whether it is on air" in refused.stderr
    for _ in range(100):
        if not list(rooted.processes()):
            break
        time.sleep(0.1)
    rooted.run(*RPM, "-e", NAME)
    assert not list(rooted.path.glob("usr/bin/liveconsole*"))


def test_what_it_asks_for_is_what_the_deb_asks_for(built: dict[str, Any]) -> None:
    if shutil.which("rpm") is None:
        absent("no rpm: apt-get install rpm")
    rpm = next(path for path in built["packages"] if path.endswith(".rpm"))
    asked = ["rpm", "-qp", "--requires", rpm]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    for wanted in ("libglvnd-glx", "libglvnd-egl", "libX11-xcb", "dbus-libs", "fontconfig", "freetype"):
        assert wanted in said.split()
