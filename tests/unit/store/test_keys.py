"""One key for a store, where it was put and nowhere else; never a second one."""

from __future__ import annotations

import json
import os
import sys
import threading
import types
from pathlib import Path
from typing import Any

import pytest

from liveconsole.paths import own_folder
from liveconsole.store import KeyUnavailable, NoStore, OtherRoom, StoreBroken, keys, open_store
from liveconsole.store.keys import KeyFile, SystemKeyring
from liveconsole.store.tables import HEAD
from tests.stores import Kind

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are a thing of POSIX")


class Ring:
    """A keyring as the keyring package shows one."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value


@pytest.mark.of_a_file
def test_a_new_store_gets_a_key_file_of_its_owner_where_no_keyring_is(tmp_path: Path) -> None:
    open_store(tmp_path / "a").close()
    open_store(tmp_path / "b").close()
    first, second = (keys.key_of(tmp_path / x)[1] for x in "ab")
    assert len(first) == 32
    assert first != second
    assert first.hex() not in (tmp_path / "a" / "room.db").read_bytes().hex()
    assert json.loads((tmp_path / "a" / "store.json").read_text())["key"] == "file"


@posix
@pytest.mark.of_a_file
def test_only_the_owner_may_read_anything_in_the_folder(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "a").glob("*room*")}
    store.close()
    assert {"room.db", "room.key", "room.db-wal"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


@posix
def test_a_key_file_that_others_could_read_is_narrowed_and_told(
    kind: Kind, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kind.open(tmp_path).close()
    (tmp_path / kind.keys / "room.key").chmod(0o644)
    kind.open(tmp_path).close()
    assert (tmp_path / kind.keys / "room.key").stat().st_mode & 0o777 == 0o600
    assert "narrowed" in caplog.text


def test_a_store_whose_key_file_is_gone_gets_no_other(kind: Kind, tmp_path: Path) -> None:
    kind.open(tmp_path).close()
    (tmp_path / kind.keys / "room.key").unlink()
    for _ in range(2):
        with pytest.raises(KeyUnavailable):
            kind.open(tmp_path)
    assert not (tmp_path / kind.keys / "room.key").exists()


@pytest.mark.parametrize("content", [b"", b"not hex", b"00" * 31, b"\xff\xfe"])
def test_a_broken_key_file_is_no_key_and_stays_as_it_is(kind: Kind, tmp_path: Path, content: bytes) -> None:
    kind.open(tmp_path).close()
    (tmp_path / kind.keys / "room.key").write_bytes(content)
    with pytest.raises(KeyUnavailable):
        kind.open(tmp_path)
    assert (tmp_path / kind.keys / "room.key").read_bytes() == content


@pytest.mark.of_a_file
def test_a_wrong_key_opens_nothing_and_changes_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    open_store(tmp_path).close()
    before = (tmp_path / "room.db").read_bytes()
    (tmp_path / "room.key").write_bytes(b"11" * 32)
    with pytest.raises(KeyUnavailable, match="does not fit"):
        open_store(tmp_path)
    assert (tmp_path / "room.db").read_bytes() == before
    assert capfd.readouterr().err == "", "SQLCipher keeps its own log to itself"


def test_without_store_json_the_key_file_still_opens_and_the_note_comes_back(
    kind: Kind, tmp_path: Path
) -> None:
    first = kind.open(tmp_path)
    first.close()
    (tmp_path / kind.keys / "store.json").unlink()
    kind.open(tmp_path).close()
    assert json.loads((tmp_path / kind.keys / "store.json").read_text())["store_id"] == first.meta.store_id


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"format": 1}', b'{"format": 9, "store_id": "x", "key": "file"}']
)
def test_an_unreadable_note_makes_no_new_key(kind: Kind, tmp_path: Path, content: bytes) -> None:
    kind.open(tmp_path).close()
    (tmp_path / kind.keys / "store.json").write_bytes(content)
    with pytest.raises(KeyUnavailable):
        kind.open(tmp_path)


def test_a_crash_between_key_and_database_is_taken_up(kind: Kind, tmp_path: Path) -> None:
    own_folder(tmp_path / kind.keys)
    placed = keys.place_new_key(tmp_path / kind.keys)
    key = keys.key_of(tmp_path / kind.keys)[1]
    store = kind.open(tmp_path)
    assert store.meta.store_id == placed.store_id
    store.close()
    assert keys.key_of(tmp_path / kind.keys)[1] == key


def test_a_crash_between_key_file_and_note_is_taken_up(kind: Kind, tmp_path: Path) -> None:
    own_folder(tmp_path / kind.keys)
    KeyFile(tmp_path / kind.keys).keep("x", b"k" * 32)
    kind.open(tmp_path).close()
    assert keys.key_of(tmp_path / kind.keys)[1] == b"k" * 32


def test_in_the_keyring_the_key_is_on_no_disk(kind: Kind, tmp_path: Path) -> None:
    ring = Ring()
    source = SystemKeyring(lambda: ring)
    kind.open(tmp_path, key_source=source).close()
    store = kind.open(tmp_path, key_source=SystemKeyring(lambda: ring))
    store.close()
    assert not (tmp_path / kind.keys / "room.key").exists()
    assert list(ring.kept) == [("LiveConsole", store.meta.store_id)]
    assert json.loads((tmp_path / kind.keys / "store.json").read_text())["key"] == "keyring"


def test_a_store_of_the_keyring_never_falls_back_to_a_file(kind: Kind, tmp_path: Path) -> None:
    ring = Ring()
    kind.open(tmp_path, key_source=SystemKeyring(lambda: ring)).close()
    with pytest.raises(KeyUnavailable):
        kind.open(tmp_path)  # the environment says off
    ring.kept.clear()
    with pytest.raises(KeyUnavailable):
        kind.open(tmp_path, key_source=SystemKeyring(lambda: ring))
    assert not (tmp_path / kind.keys / "room.key").exists()


def test_a_keyring_that_does_not_answer_is_waited_for_only_so_long() -> None:
    asked = threading.Event()
    never = threading.Event()

    class Locked(Ring):
        def get_password(self, service: str, name: str) -> str | None:
            asked.set()
            never.wait()
            return None

    with pytest.raises(KeyUnavailable, match="did not answer"):
        SystemKeyring(Locked, seconds=0.05).fetch("x")
    assert asked.is_set()
    never.set()


def test_a_keyring_that_fails_or_forgets_keeps_no_key() -> None:
    class Failing(Ring):
        def set_password(self, service: str, name: str, value: str) -> None:
            raise RuntimeError("D-Bus went away")

    class Forgetful(Ring):
        def set_password(self, service: str, name: str, value: str) -> None:
            pass

    with pytest.raises(KeyUnavailable, match="RuntimeError"):
        SystemKeyring(Failing).keep("x", b"k" * 32)
    with pytest.raises(KeyUnavailable, match="did not keep"):
        SystemKeyring(Forgetful).keep("x", b"k" * 32)


def _module(name: str, cls: str, priority: float) -> types.ModuleType:
    module: Any = types.ModuleType(name)
    setattr(module, cls, type(cls, (Ring,), {"priority": priority}))
    return module  # type: ignore[no-any-return]


def test_only_allowed_keyrings_that_are_usable_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(keys.ENV)
    for module, name in keys._ALLOWED:
        monkeypatch.setitem(sys.modules, module, _module(module, name, 0.5))
    monkeypatch.setitem(
        sys.modules, "keyrings.alt.file", _module("keyrings.alt.file", "PlaintextKeyring", 99)
    )
    assert keys.allowed_backend() is None
    module, name = keys._ALLOWED[2]
    monkeypatch.setitem(sys.modules, module, _module(module, name, 5))
    assert type(keys.allowed_backend()).__name__ == name
    monkeypatch.setenv(keys.ENV, "off")
    assert keys.allowed_backend() is None


@pytest.mark.of_a_file
def test_no_store_is_made_unasked_and_an_emptied_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoStore):
        open_store(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []
    open_store(tmp_path).close()
    (tmp_path / "room.db").write_bytes(b"")
    with pytest.raises(StoreBroken, match="empty"):
        open_store(tmp_path)


def test_a_store_is_of_one_room_and_real_or_simulated_for_ever(kind: Kind, tmp_path: Path) -> None:
    store = kind.open(tmp_path, room_id="r1", simulated=True)
    store.close()
    again = kind.open(tmp_path)
    assert (again.meta.room_id, again.meta.simulated) == ("r1", True)
    assert again.meta.person_key == store.meta.person_key
    assert again.meta.person_key.hex() not in repr(again.meta)
    again.close()
    with pytest.raises(OtherRoom):
        kind.open(tmp_path, room_id="r1", simulated=False)
    if kind.name == "sqlcipher":  # a database has room for others
        with pytest.raises(OtherRoom):
            kind.open(tmp_path, room_id="r2")


@pytest.mark.of_a_file
def test_doctor_hears_how_the_store_is_kept(tmp_path: Path) -> None:
    store = open_store(tmp_path / "OneDrive" / "room")
    said = store.describe()
    store.close()
    assert said["key"] == "file"
    assert said["warnings"] == ["sync_folder"]
    assert (said["journal_mode"], said["synchronous"], said["schema"]) == ("wal", 2, HEAD)
    assert keys.describe(tmp_path) == {"key": "none", "warnings": []}
