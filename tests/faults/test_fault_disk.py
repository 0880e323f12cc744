"""The disk is full and has room again; the database may not be written, or is damaged."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.contract.engine_process import BATCH, comment
from tests.faults.harness.processes import Engine, until
from tests.faults.harness.rooms import log_of

Start = Callable[..., Engine]
Mounted = Callable[..., Path]
PAGE = 4096


# Full ----------------------------------------------------------------------------------------------


def full_disk(start: Start, place: Path, *bend: str) -> None:
    """Fill it while events come, look at what is answered, make room again."""
    engine = start(place / "room", bend=bend)
    engine.done("broadcast.open")
    assert engine.post([comment("before")])["accepted"] == 1
    ballast = place / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * PAGE)
    taken: list[str] = []
    for n in range(200):
        sent = [comment(f"{n}-{k}", "满" * 400) for k in range(20)]
        answer = engine.call("POST", "/v1/events", sent, role="producer", kind=BATCH)
        if answer.status != 200:
            break
        taken += [fact["id"] for fact in sent]
    assert answer.status == 507, "a full disk was not told"
    assert answer.json["code"] == "cannot_write"
    asked = {"id": "goods", "type": "catalogue.put", "data": {"products": goods()}}
    assert engine.call("POST", "/v1/commands", asked).status == 507
    assert engine.state()["catalogue"]["products"] == [], "a refused command shows"
    said = engine.call("GET", "/v1/health", role=None).json
    assert (said["ok"], said["trouble"]) == (False, "cannot_write")
    ballast.unlink()
    assert engine.post(sent)["accepted"] == 20, "what was refused was kept all the same"
    assert engine.call("POST", "/v1/commands", asked).json["ok"]
    until(lambda: engine.call("GET", "/v1/health", role=None).json["ok"])
    found = [line["id"] for line in log_of(engine) if "id" in line]
    assert sorted(found) == sorted(["before", *taken, *(fact["id"] for fact in sent)])
    assert engine.stop() == 0
    assert [line["id"] for line in log_of(start(place / "room")) if "id" in line] == found


def goods() -> list[dict[str, Any]]:
    return [{"product_id": f"p{n}", "title": "货" * 200, "price_fen": 100, "stock": 1} for n in range(200)]


def test_a_full_disk_takes_nothing_and_recovers(start: Start, mounted: Mounted) -> None:
    full_disk(start, mounted("-t", "tmpfs", "-o", "size=3m", "none"))


def test_twin_a_full_disk_that_is_not_told(start: Start, mounted: Mounted) -> None:
    with pytest.raises(AssertionError, match="a full disk was not told"):
        full_disk(start, mounted("-t", "tmpfs", "-o", "size=3m", "none"), "nothing_refused_by_the_disk")


# Not to be written ---------------------------------------------------------------------------------


@pytest.fixture
def kept(start: Start, tmp_path: Path) -> Path:
    """A folder whose log is longer than its newest snapshot needs: 1,000 comments."""
    engine = start()
    for n in range(20):
        engine.post([comment(f"{n}-{k}", "字" * 100, viewer=f"v{n}-{k}") for k in range(50)])
    assert engine.stop() == 0
    return tmp_path / "room"


def all_files(folder: Path) -> dict[str, str]:
    """What matters in a data folder, by its content."""
    names = ("room.db", "room.key", "store.json", "bus.json")
    return {name: sha256((folder / name).read_bytes()).hexdigest() for name in names}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of files are POSIX's")
def test_without_the_right_to_write_it_says_so_and_makes_nothing_else(start: Start, kept: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("giving up rights needs root")
    before = all_files(kept)
    for path in [kept, *kept.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    for path in [kept, *kept.parents]:
        if path.stat().st_uid == 0 and "pytest" in str(path):
            path.chmod(0o755)
    engine = start(kept, ready=False, bend=("as_nobody",))
    assert engine.process.wait() == 1
    assert "cannot use" in engine.errors()
    assert "Traceback" not in engine.errors()
    assert engine.said() == b""
    assert all_files(kept) == before


def test_a_read_only_disk_is_told(start: Start, mounted: Mounted) -> None:
    place = mounted("-t", "tmpfs", "-o", "size=8m", "none")
    engine = start(place / "room")
    engine.post([comment("1")])
    assert engine.stop() == 0
    before = all_files(place / "room")
    bound = mounted("--bind", "-o", "ro", str(place / "room"))
    if os.access(bound, os.W_OK):
        pytest.skip("this kernel mounts nothing read-only beside itself")
    engine = start(bound, ready=False)
    assert engine.process.wait() == 1
    assert "cannot" in engine.errors()
    assert "Traceback" not in engine.errors()
    assert all_files(place / "room") == before


# Damaged -------------------------------------------------------------------------------------------


def flipped(whole: bytes, *pages: int) -> bytes:
    changed = bytearray(whole)
    for page in pages:
        changed[page * PAGE + 1000] ^= 1
    return bytes(changed)


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "emptied": (lambda whole: b"", 1, "the log is gone"),
    "cut": (lambda whole: whole[: len(whole) // 2], 1, "the file is damaged"),
    "every page": (lambda whole: flipped(whole, *range(1, len(whole) // PAGE)), 1, "the file is damaged"),
    "first page": (lambda whole: flipped(whole, 0), 4, "first page is damaged"),
    "other bytes": (lambda whole: sha256(whole).digest() * (len(whole) // 32), 4, "first page is damaged"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_database_is_told_and_left_alone(start: Start, kept: Path, damage: str) -> None:
    damaged(start, kept, damage)


@pytest.mark.parametrize("damage", ["emptied", "every page"])
def test_twin_a_damaged_database_that_is_made_anew(start: Start, kept: Path, damage: str) -> None:
    with pytest.raises(AssertionError, match="it runs on nothing"):
        damaged(start, kept, damage, "remake_what_is_damaged")


def damaged(start: Start, folder: Path, damage: str, *bend: str) -> None:
    spoil, code, words = DAMAGE[damage]
    path = folder / "room.db"
    path.write_bytes(spoil(path.read_bytes()))
    before = all_files(folder)
    engine = start(folder, ready=False, bend=bend)
    until(lambda: engine.said() or engine.process.poll() is not None)
    assert not engine.said(), "it runs on nothing"
    assert engine.process.wait() == code
    assert words in engine.errors()
    assert "Traceback" not in engine.errors()
    assert all_files(folder) == before, "the damaged original was touched"


def test_a_page_that_fails_under_a_running_engine_is_told_with_words(start: Start, kept: Path) -> None:
    """A page that the start does not need: the room goes on, the log says what it cannot read."""
    path = kept / "room.db"
    whole = path.read_bytes()
    path.write_bytes(flipped(whole, len(whole) // PAGE // 2))
    engine = start(kept)
    assert engine.state()["health"]["trouble"] == ""
    answer = engine.call("GET", "/v1/log?limit=10000")
    assert answer.status == 503
    assert engine.state()["health"]["trouble"] == "log_damaged"
    assert answer.json["code"] == "log_unreadable"
    assert engine.state()["seq"] == 1000
    assert engine.post([comment("after")])["accepted"] == 1
