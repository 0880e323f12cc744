"""A database that is not whole never gets a room's name: a full disk left its changes in a -wal beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liveconsole.store.cipher import CipherFile
from liveconsole.store.errors import CannotWrite
from liveconsole.store.opening import open_store, put_in_place


@pytest.mark.of_a_file
def test_what_could_not_be_closed_whole_makes_no_room_and_the_next_start_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVECONSOLE_KEYRING", "off")
    reading: list[Any] = []
    close = CipherFile.close

    def cannot_bring_it_home(file: CipherFile) -> None:
        """With another reader open SQLite leaves its -wal at the end, as it does where the disk is full."""
        other = CipherFile(file.path, file._key)
        reading.append((other, other.reading()))
        reading[-1][1].__enter__().exec_driver_sql("SELECT name FROM meta").fetchall()
        close(file)

    with monkeypatch.context() as full:
        full.setattr(CipherFile, "close", cannot_bring_it_home)
        with pytest.raises(CannotWrite, match="disk_full"):
            open_store(tmp_path, simulated=True)
    assert not (tmp_path / "room.db").exists()
    for other, inside in reading:
        inside.__exit__(None, None, None)
        close(other)
    store = open_store(tmp_path, simulated=True)
    assert store.meta.simulated
    store.close()


def test_what_stood_there_stays(tmp_path: Path) -> None:
    old, fresh = tmp_path / "room.db", tmp_path / ".room.db.1"
    old.write_bytes(b"old")
    fresh.write_bytes(b"half")
    (tmp_path / ".room.db.1-wal").write_bytes(b"the other half")
    with pytest.raises(CannotWrite):
        put_in_place(fresh, old)
    assert old.read_bytes() == b"old"
    (tmp_path / ".room.db.1-wal").write_bytes(b"")
    put_in_place(fresh, old)
    assert old.read_bytes() == b"half"
