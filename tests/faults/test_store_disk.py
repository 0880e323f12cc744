"""The disk says no: nothing half-written stays, and the store works again when it says yes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event as hooks
from sqlcipher3 import dbapi2

from liveconsole.store import CannotWrite, EventRow, StoreBroken, Write, open_store
from liveconsole.store.cipher_store import CipherStore

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PID = "p" + "1" * 20


def facts(first: int, count: int) -> list[EventRow]:
    return [
        EventRow("x", NOW, "producer", b'"%b"' % (b"." * 400), "/s", str(first + n)) for n in range(count)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CipherStore]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def fill(store: CipherStore) -> int:
    """Commit until the disk is full; how many events are acknowledged."""
    for seq in range(0, 100_000, 50):
        try:
            store.commit(
                Write(seq, facts(seq, 50), persons={PID: ("wx", str(seq))}, secrets={"n": b"%d" % seq})
            )
        except CannotWrite as e:
            if e.reason != "disk_full":
                raise
            return seq
    raise AssertionError("the disk never filled")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB, where the machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(place)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root on Linux")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_really_full_disk_loses_nothing_acknowledged(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    store = open_store(small_disk / "room")
    ballast.write_bytes(b"\0" * (1 << 20))
    seq = fill(store)
    assert store.last_seq() == seq
    ballast.unlink()
    store.commit(Write(seq, facts(seq, 50)))
    store.close()
    again = open_store(small_disk / "room")
    assert [e.seq for e in again.events_after(0)] == list(range(1, seq + 51))
    again.close()


def test_a_read_only_file_is_told_and_recovers(store: CipherStore) -> None:
    store._file.pragma("query_only=ON")
    with pytest.raises(CannotWrite) as caught:
        store.commit(Write(0, facts(0, 1)))
    assert caught.value.reason == "read_only"
    store._file.pragma("query_only=OFF")
    store.commit(Write(0, facts(0, 1)))


def fail_commits(store: CipherStore, code: int) -> Callable[[object], None]:
    """The next COMMITs fail as the driver tells of a failing disk."""

    def fail(_connection: object) -> None:
        error = dbapi2.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    hooks.listen(store._file._engine, "commit", fail)
    return fail


IOERR_WRITE, IOERR_FSYNC, IOERR_DIR_FSYNC = 10 | 3 << 8, 10 | 4 << 8, 10 | 5 << 8


def test_a_failed_write_may_be_tried_again(store: CipherStore) -> None:
    fail = fail_commits(store, IOERR_WRITE)
    with pytest.raises(CannotWrite) as caught:
        store.commit(Write(0, facts(0, 5)))
    assert caught.value.reason == "io_error"
    hooks.remove(store._file._engine, "commit", fail)
    assert store.last_seq() == 0
    store.commit(Write(0, facts(0, 5)))
    assert store.last_seq() == 5


@pytest.mark.parametrize("code", [IOERR_FSYNC, IOERR_DIR_FSYNC])
def test_after_a_failed_fsync_this_store_never_writes_again(store: CipherStore, code: int) -> None:
    fail = fail_commits(store, code)
    with pytest.raises(StoreBroken):
        store.commit(Write(0, facts(0, 5)))
    hooks.remove(store._file._engine, "commit", fail)
    with pytest.raises(StoreBroken):
        store.commit(Write(0, facts(0, 5)))
    with pytest.raises(StoreBroken):
        store.keep_secret("x", b"1")
    again = open_store(store.folder)
    assert again.last_seq() == 0, "opened anew, the file says what is true"
    again.close()
