"""packaging/release/make_latest.py: what is signed is what lies there, and programs believe it."""

from __future__ import annotations

import base64
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from msgspec.structs import replace

from liveconsole import __version__
from liveconsole.updates import checking
from liveconsole.updates.notice import ReleaseSource
from tests.unit.updates.made_notices import NOW, OURS, SOURCE, THEIRS

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "packaging/release/make_latest.py"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_latest", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    for name in ("live-room-console_{}_amd64.deb", "LiveConsole-{}-win64.exe", "LiveConsole-{}.dmg"):
        (tmp_path / name.format(__version__)).write_bytes(name.encode())
    (tmp_path / "build.log").write_text("no part of it", "utf-8")
    return tmp_path


def test_a_release_is_signed_believed_and_checked_against_its_files(made: ModuleType, dist: Path) -> None:
    made.sign(dist, OURS, "first", SOURCE, NOW)
    raw = (dist / "latest.json").read_bytes()
    offer, notice = checking.offer_of(raw, SOURCE, NOW, running="0.8.0")
    assert offer is not None
    assert notice.version == __version__
    assert {file.system for file in notice.files} == {"linux", "windows", "macos"}
    assert notice.notes.zh.startswith("第一个")
    assert made.check(dist, SOURCE, NOW) == notice
    (deb,) = dist.glob("*.deb")
    deb.write_bytes(b"another")
    with pytest.raises(made.NotMade, match="lies beside"):
        made.check(dist, SOURCE, NOW)


def test_what_programs_would_refuse_is_not_made(made: ModuleType, dist: Path) -> None:
    with pytest.raises(made.NotMade, match="unknown_key"):
        made.sign(dist, OURS, "second", SOURCE, NOW)
    with pytest.raises(made.NotMade, match="bad_signature"):
        made.sign(dist, THEIRS, "first", SOURCE, NOW)
    with pytest.raises(made.NotMade, match="not_set_up"):
        made.sign(dist, OURS, "first", ReleaseSource(SOURCE.address), NOW)
    assert not (dist / "latest.json").exists()
    (dist / "LiveConsole-0.0.1-win64.exe").write_bytes(b"old")
    with pytest.raises(made.NotMade, match="not of version"):
        made.sign(dist, OURS, "first", SOURCE, NOW)
    with pytest.raises(made.NotMade, match="no notes"):
        made.notes_of("7.7.7")
    (empty := dist / "empty").mkdir()
    with pytest.raises(made.NotMade, match="nothing to give out"):
        made.given_out(empty)


def test_the_sums_are_those_that_sha256sum_checks(made: ModuleType, dist: Path) -> None:
    assert len(made.sums(dist)) == 3
    if sys.platform == "linux":
        subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=dist, check=True)


def test_a_key_is_made_once_and_is_its_owners_alone(made: ModuleType, dist: Path) -> None:
    """By the command, as a person types it; without a key in the program nothing is signed with it yet."""
    key = dist / "release.key"
    run = [sys.executable, str(SCRIPT)]
    said = subprocess.run([*run, "key", str(key), "k2026"], capture_output=True, text=True, check=True).stdout
    keys = msgspec.json.decode(f"{{{said.strip()}}}")
    assert list(keys) == ["k2026"]
    if os.name == "posix":
        assert key.stat().st_mode & 0o777 == 0o600
    source = msgspec.structs.replace(SOURCE, keys=keys)
    made.sign(dist, made.key_in(key), "k2026", source, NOW)
    with pytest.raises(made.NotMade, match="never written over"):
        made.make_key(key, "k2026")
    with pytest.raises(made.NotMade, match="no key"):
        made.key_in(dist / "build.log")


def test_nothing_is_built_for_people_that_could_never_hear_of_the_next_version(made: ModuleType) -> None:
    secret = base64.b64encode(OURS.private_bytes_raw()).decode()
    source = replace(SOURCE, address="https://shop.example.net/latest.json")
    made.ready(source, f"{secret}\n", "first")
    wrong = [
        (replace(source, address=""), secret, "no address"),
        (replace(source, address="http://shop.example.net/latest.json"), secret, "no address"),
        (replace(source, address="http://localhost/latest.json"), secret, "nobody's"),
        (SOURCE, secret, "nobody's"),
        (replace(source, keys={}), secret, "no key first"),
        (source, "", "not given"),
        (source, "AQEB", "no key"),
        (source, base64.b64encode(THEIRS.private_bytes_raw()).decode(), "not the other half"),
    ]
    for given, key, why in wrong:
        with pytest.raises(made.NotMade, match=why):
            made.ready(given, key, "first")

    with pytest.raises(made.NotMade, match=r"docs/releasing\.md"):
        made.page_of(ReleaseSource(""))
