"""Download, install, rehearse, report, update, remove: on a Debian that has no Python and nothing of ours.

One root for all of them, in the order of a newcomer's evening: each test goes on where the one before
it ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from liveconsole import __version__
from liveconsole.exits import Exit
from tests.bundle.bare_root import HOME, BareRoot
from tests.services import absent

pytestmark = pytest.mark.timeout(900)
PROGRAM = "/opt/liveconsole"
DATA = f"{HOME}/room"
ON_AIR = ("liveconsole", "on-air", "--program", PROGRAM)
"""As the package asks: engines of other tests on this machine are not its own."""
BESIDE = (
    "man/man1/liveconsole.1",
    "bash-completion/completions/liveconsole",
    "zsh/vendor-completions/_liveconsole",
    "fish/vendor_completions.d/liveconsole.fish",
    "applications/liveconsole.desktop",
)


@contextmanager
def screen() -> Iterator[str]:
    """A display on this machine; who is in the root reaches it by its abstract socket."""
    reads, writes = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writes), "-ac", "-noreset", "-screen", "0", "1440x900x24"],
        pass_fds=[writes], stderr=subprocess.DEVNULL,
    ) as xvfb:  # fmt: skip
        os.close(writes)
        try:
            with os.fdopen(reads) as said:
                yield f":{said.readline().strip()}"
        finally:
            xvfb.terminate()


def ask(bare: BareRoot, what: str, **data: Any) -> Any:
    """A command to the engine of the room in there: the two share the loopback."""
    found = json.loads((bare.path / DATA[1:] / "engine.json").read_text("utf-8"))
    body = json.dumps({"id": f"t-{time.monotonic_ns()}", "type": what, "data": data}).encode()
    asked = urllib.request.Request(
        f"{found['url']}/v1/commands", body,
        {"Authorization": f"Bearer {found['tokens']['host']}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return json.load(answer)


def test_the_package_installs_and_says_what_it_needs(bare: BareRoot, built: dict[str, Any]) -> None:
    deb = Path(next(path for path in built["packages"] if path.endswith(".deb")))
    bare.apt("update")
    bare.apt("install", bare.take(deb))
    told = bare.run("dpkg-query", "-W", "-f", "${Depends} ${Status}", "live-room-console").stdout
    assert f"libc6 (>= {built['glibc']})" in told
    assert "install ok installed" in told
    assert bare.run("sh", "-c", "command -v python3 || command -v python", code=127).stdout == ""
    assert bare.run("liveconsole", "-V", user=True).stdout.strip() == __version__
    assert built["bytes"] <= 140_000_000
    for place in BESIDE:
        assert (bare.path / "usr/share" / place).stat().st_size > 100, place


def test_doctor_names_what_is_missing_and_is_content_then(bare: BareRoot) -> None:
    lacking = bare.run("liveconsole", "doctor", "--lang", "en", user=True, code=1).stdout
    assert "no Chinese font" in lacking
    assert "apt-get install" in lacking
    assert "PySide6" in lacking, "Qt's own libraries are all there"
    bare.apt("install", "fonts-droid-fallback")
    told = json.loads(bare.run("liveconsole", "doctor", "--json", user=True).stdout)
    assert told["ok"]


def test_a_rehearsal_its_report_and_the_exit_codes(bare: BareRoot) -> None:
    folder = f"{HOME}/rehearsed"
    said = bare.run(
        "liveconsole", "rehearse", "--headless", "--seconds", "240", "--data", folder, user=True, within=300
    )
    played = json.loads(said.stdout.splitlines()[-1])
    assert played["paid"] > 10
    bare.run("liveconsole", "report", "--data", folder, "--out", f"{HOME}/report", user=True)
    report = bare.path / HOME[1:] / "report"
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (report / "report.xlsx").read_bytes().startswith(b"PK")
    assert "<html" in (report / "report.html").read_text("utf-8")[:200]
    bare.run("liveconsole", "verify-log", "--data", folder, user=True)
    bare.run("liveconsole", "no-such", user=True, code=2)
    assert "from a checkout" in bare.run("liveconsole", "bench", user=True, code=1).stderr
    assert (
        "LESSER GENERAL PUBLIC" in bare.run("liveconsole", "licenses", "pyside6-essentials", user=True).stdout
    )
    bare.run("liveconsole", "tail", "--data", f"{HOME}/none", user=True, code=Exit.NO_ENGINE)


def test_the_desk_opens_on_a_screen_and_says_so_without_one(bare: BareRoot) -> None:
    without = bare.run("liveconsole-desk", user=True, code=1)
    assert len(without.stderr.strip().splitlines()) <= 3
    assert "Traceback" not in without.stderr
    with screen() as display:
        bare.run("liveconsole-desk", "--data", f"{HOME}/desk", "--role", "host", "--seconds", "5",
                 "--screenshot", f"{HOME}/desk.png", user=True, DISPLAY=display)  # fmt: skip
    picture = (bare.path / HOME[1:] / "desk.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000, "a window with something on it"


@contextmanager
def served(bare: BareRoot) -> Iterator[subprocess.Popen[bytes]]:
    words = bare.words("liveconsole", "serve", "--data", DATA, user=True)
    with subprocess.Popen(words, stdout=subprocess.PIPE) as engine:
        assert engine.stdout is not None
        try:
            assert json.loads(engine.stdout.readline())["ready"]
            yield engine
        finally:
            engine.terminate()


def test_nothing_is_replaced_or_removed_on_air(bare: BareRoot, newer: Path) -> None:
    file = bare.take(newer)
    program = bare.path / PROGRAM[1:] / "_internal/liveconsole.pyz"
    with served(bare):
        bare.run("liveconsole", "serve", "--data", DATA, user=True, code=3)
        ask(bare, "broadcast.open", title="今晚")
        before = program.stat().st_ino
        bare.run(*ON_AIR, code=3)
        refused = bare.apt("install", file, code=100)
        assert "A live room is on air" in refused.stdout + refused.stderr
        refused = bare.apt("remove", "live-room-console", code=100)
        assert "有直播间正在直播" in refused.stdout + refused.stderr
        assert program.stat().st_ino == before
        status = bare.run("dpkg-query", "-W", "-f", "${Version} ${Status}", "live-room-console").stdout
        assert status == f"{__version__} install ok installed"
        ask(bare, "broadcast.close")
        bare.run(*ON_AIR)
        bare.apt("install", file)
        assert program.stat().st_ino != before
        # The engine that runs goes on with its own modules, those too that it had not loaded yet.
        ask(bare, "broadcast.open", title="还是这台")
        bare.run(*ON_AIR, code=3)
        ask(bare, "broadcast.close")


def test_it_goes_and_what_the_user_made_stays(bare: BareRoot) -> None:
    bare.apt("remove", "--purge", "live-room-console")
    assert not (bare.path / PROGRAM[1:]).exists()
    assert not list((bare.path / "usr/bin").glob("liveconsole*"))
    assert (bare.path / DATA[1:] / "room.db").stat().st_size > 0


def test_the_rpm_holds_the_same_and_asks_the_same(built: dict[str, Any]) -> None:
    rpm = next(path for path in built["packages"] if path.endswith(".rpm"))
    deb = next(path for path in built["packages"] if path.endswith(".deb"))
    try:
        listed = subprocess.run(
            ["rpm", "-qlp", rpm], check=True, capture_output=True, text=True
        ).stdout.split("\n")
        asks = subprocess.run(
            ["rpm", "-qp", "--requires", "--scripts", rpm], check=True, capture_output=True, text=True
        )
    except FileNotFoundError:
        absent("no rpm: apt-get install rpm")
    there = subprocess.run(
        ["dpkg-deb", "-c", deb], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    in_deb = {line.split()[5].removeprefix(".") for line in there if not line.startswith("d")}
    assert in_deb <= {path for path in listed if path}
    assert f"glibc >= {built['glibc']}" in asks.stdout
    assert asks.stdout.count("on-air --program") == 2
