"""Another key for a store: killed at any moment, it opens with one of the two, and nothing of it is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from liveconsole.engine.lease import Lease
from liveconsole.failpoints import POINTS, VARIABLE
from liveconsole.store import keys, open_store, rotation
from liveconsole.store.backup import backup, restore
from liveconsole.store.cipher import opens
from liveconsole.store.errors import KeyUnavailable, StoreError
from liveconsole.store.keys import SystemKeyring
from liveconsole.store.rows import Write
from tests.contract.engine_process import ROOT
from tests.unit.store.test_keys import Ring

POINTS_OF_KEYS = [point for point in POINTS if point.startswith("K")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = open_store(tmp_path / "room")
    store.commit(Write(0, persons={"p" + "1" * 20: ("wx-1", "小明")}))
    store.keep_secret("draw", b"s" * 32)
    store.close()
    return tmp_path / "room"


def rotated(folder: Path, *, failpoint: str = "") -> int:
    env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT), VARIABLE: failpoint}
    words = [sys.executable, "-m", "liveconsole", "keys", "--rotate", "--data", str(folder)]
    return subprocess.run(words, capture_output=True, env=env, cwd=ROOT, timeout=60, check=False).returncode


def holds(folder: Path) -> bool:
    store = open_store(folder, create=False)
    try:
        return store.secret("draw") == b"s" * 32 and store.names(["p" + "1" * 20]) != {}
    finally:
        store.close()


def test_the_old_key_opens_nothing_any_more(folder: Path) -> None:
    old = keys.key_of(folder)[1]
    copy = folder / "room.before-r0001.db"
    copy.write_bytes((folder / "room.db").read_bytes())
    room = open_store(folder)
    meta = room.meta
    room.close()
    assert rotated(folder) == 0
    new = keys.key_of(folder)[1]
    assert new != old
    assert not opens(folder / "room.db", old)
    assert opens(folder / "room.db", new)
    assert not copy.exists(), "under the old key it would hold what it held for ever"
    assert holds(folder)
    again = open_store(folder)
    assert (again.meta.store_id, again.meta.person_key) == (meta.store_id, meta.person_key)
    again.close()
    assert {path.name for path in folder.iterdir()} <= {
        *("room.db", "room.key", "store.json", "engine.lock", ".making.lock", "version.json")
    }
    if os.name == "posix":
        assert (folder / "room.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("point", POINTS_OF_KEYS)
def test_killed_at_any_moment_it_opens(folder: Path, point: str) -> None:
    old = keys.key_of(folder)[1]
    assert rotated(folder, failpoint=f"{point}:kill") != 0
    reader = keys.key_of(folder)[1]
    assert opens(folder / "room.db", reader), "who only reads finds the key that fits"
    assert holds(folder)
    assert not (folder / "room.key.next").exists()
    assert not (folder / ".room.db.rotating").exists()
    first = keys.key_of(folder)[1]
    assert (first == old) == (point in ("K0", "K1"))
    assert rotated(folder) == 0, "and it may be tried again"
    assert keys.key_of(folder)[1] not in (old, first)
    assert holds(folder)


@pytest.mark.parametrize("point", POINTS_OF_KEYS)
def test_the_twin_that_knows_one_key_only(folder: Path, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a look at the key beside it, a store killed behind the rename is shut for ever."""
    rotated(folder, failpoint=f"{point}:kill")
    monkeypatch.setattr(keys, "has_next", lambda *_: False)
    monkeypatch.setattr(rotation, "finish", lambda *_, **__: None)
    if point == "K2":
        with pytest.raises(KeyUnavailable):
            open_store(folder)
    else:
        assert holds(folder)


def test_an_engine_that_runs_keeps_its_key(folder: Path) -> None:
    lease = Lease(folder)
    before = keys.key_of(folder)[1]
    assert rotated(folder) == 3
    lease.release()
    assert keys.key_of(folder)[1] == before
    assert rotated(folder.parent / "nothing") == 1
    assert not (folder.parent / "nothing").exists()


def test_backups_open_with_their_own_codes_before_and_after(folder: Path, tmp_path: Path) -> None:
    first = backup(folder, tmp_path / "first.bak")
    assert rotated(folder) == 0
    second = backup(folder, tmp_path / "second.bak")
    for name, code in (("first", first), ("second", second)):
        restore(tmp_path / f"{name}.bak", code, tmp_path / name)
        assert holds(tmp_path / name)


@pytest.fixture
def ring() -> Iterator[SystemKeyring]:
    class Deleting(Ring):
        def delete_password(self, service: str, name: str) -> None:
            del self.kept[service, name]

    kept = Deleting()
    yield SystemKeyring(lambda: kept)
    assert len(kept.kept) == 1, "one key and no more"


def test_in_a_keyring_as_well(tmp_path: Path, ring: SystemKeyring) -> None:
    open_store(tmp_path, key_source=ring).close()
    old = keys.key_of(tmp_path, ring)[1]
    rotation.rotate(tmp_path, "room.db", key_source=ring)
    assert keys.key_of(tmp_path, ring)[1] != old
    open_store(tmp_path, key_source=ring).close()
    assert not (tmp_path / "room.key").exists()


def test_a_disk_that_is_full_leaves_it_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = keys.key_of(folder)[1]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rotation, "export", full)
    with pytest.raises((OSError, StoreError)):
        rotation.rotate(folder, "room.db")
    assert keys.key_of(folder)[1] == old
    assert not (folder / "room.key.next").exists()
    assert holds(folder)
