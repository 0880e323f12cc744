"""A backup opens with its recovery code and nothing else, and says so when it is not whole."""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.paths import mark_folder
from liveconsole.store import (
    BackupDamaged,
    CannotWrite,
    EventRow,
    NoStore,
    Store,
    StoreError,
    Write,
    WrongCode,
    backup,
    codes,
    keys,
    open_store,
    restore,
)
from tests.stores import Kind
from tests.unit.store.conftest import file_only

backups = importlib.import_module("liveconsole.store.backup")  # the package's name of it is the function
Comment = Callable[..., EventRow]
PID = "p" + "1" * 20


@pytest.fixture
def filled(store: Store, comment: Comment) -> Store:
    store.commit(Write(0, [comment(n, pid=PID) for n in range(500)], persons={PID: ("wx", "王小明")}))
    store.keep_secret("draw", b"s" * 32)
    return store


def test_a_restored_store_is_the_same_log_under_another_key(
    filled: Store, tmp_path: Path, kind: Kind
) -> None:
    code = backup(filled, tmp_path / "b.lcbackup")
    kind.restore(tmp_path / "b.lcbackup", code, tmp_path / "new")
    again = kind.open(tmp_path / "new")
    assert list(again.events_after(0)) == list(filled.events_after(0))
    assert again.read(0, 1) == filled.read(0, 1)
    assert again.known([("/tape/a", "7")]) == filled.known([("/tape/a", "7")])
    assert again.secret("draw") == b"s" * 32
    assert again.meta.person_key == filled.meta.person_key, "pids stay what they were"
    assert again.meta.epoch == filled.meta.epoch + 1
    assert again.meta.store_id != filled.meta.store_id
    assert keys.key_of(again.folder / kind.keys)[1] != keys.key_of(filled.folder / kind.keys)[1]
    again.commit(Write(500))
    again.close()


def test_a_backup_shows_nothing_without_its_code(filled: Store, tmp_path: Path, kind: Kind) -> None:
    file = tmp_path / "b.lcbackup"
    code = backup(filled, file)
    content = file.read_bytes()
    for word in ("王小明", "comment.posted", "SQLite format 3", code, codes.passphrase(code)):
        assert word.encode() not in content
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["b.lcbackup"]


def test_another_backups_code_is_refused_and_leaves_no_store(
    filled: Store, tmp_path: Path, kind: Kind
) -> None:
    first = backup(filled, tmp_path / "1.lcbackup")
    second = backup(filled, tmp_path / "2.lcbackup")
    assert first != second
    with pytest.raises(WrongCode):
        kind.restore(tmp_path / "1.lcbackup", second, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@file_only
@pytest.mark.parametrize("keep", [0, 100, 4096 * 3, 4096 * 20, -1, -4096])
def test_a_cut_backup_is_refused(filled: Store, tmp_path: Path, keep: int) -> None:
    file = tmp_path / "b.lcbackup"
    code = backup(filled, file)
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(BackupDamaged):
        restore(file, code, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@file_only
def test_a_changed_byte_anywhere_is_found(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "b.lcbackup"
    code = backup(filled, file)
    whole = file.read_bytes()
    for at in range(50, len(whole), len(whole) // 9):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((BackupDamaged, WrongCode)):
            restore(file, code, tmp_path / "new")
    file.write_bytes(whole)
    restore(file, code, tmp_path / "new")


@file_only
def test_a_folder_that_holds_something_is_left_alone(filled: Store, tmp_path: Path) -> None:
    code = backup(filled, tmp_path / "b.lcbackup")
    before = sorted(p.name for p in filled.folder.iterdir())
    with pytest.raises(FileExistsError):
        restore(tmp_path / "b.lcbackup", code, filled.folder)
    assert sorted(p.name for p in filled.folder.iterdir()) == before
    with pytest.raises(FileExistsError):
        backup(filled, tmp_path / "b.lcbackup")
    with pytest.raises(NoStore):
        backup(tmp_path / "nowhere", tmp_path / "c.lcbackup")


@file_only
def test_a_new_computers_folder_takes_a_backup_after_the_desk_was_opened_there(
    filled: Store, tmp_path: Path
) -> None:
    code = backup(filled, tmp_path / "b.lcbackup")
    new = tmp_path / "new"
    for place in (new / "guide", new / "rehearsal"):
        place.mkdir(parents=True)
    (new / "update.json").write_text("{}")
    with pytest.raises(FileExistsError):
        restore(tmp_path / "b.lcbackup", code, new)  # without the mark it is somebody's folder
    mark_folder(new)
    for room in ("database.json", "room.db", "store.json"):
        (new / room).write_text("{}")
        with pytest.raises((FileExistsError, StoreError)):
            restore(tmp_path / "b.lcbackup", code, new)
        assert (new / room).read_text() == "{}"
        (new / room).unlink()
    restore(tmp_path / "b.lcbackup", code, new)
    with open_store(new, create=False) as store:
        assert store.last_seq() == filled.last_seq()
    assert (new / "update.json").read_text() == "{}"


@file_only
def test_a_restore_that_fails_halfway_leaves_an_empty_folder_for_the_next_try(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = backup(filled, tmp_path / "b.lcbackup")

    def full(*_: object) -> None:
        raise CannotWrite("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(backups, "export", full)
        with pytest.raises(CannotWrite):
            restore(tmp_path / "b.lcbackup", code, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []
    restore(tmp_path / "b.lcbackup", code, tmp_path / "new")


def test_a_backup_beside_a_writer_is_one_moment_of_the_log(
    store: Store, comment: Comment, tmp_path: Path, kind: Kind
) -> None:
    """Written while commits go on: seqs without a gap, every fact known, both from the same moment."""
    store.commit(Write(0, [comment(n) for n in range(3_000)]))
    stop = threading.Event()

    def write_on() -> None:
        seq = 3_000
        while not stop.is_set():
            store.commit(Write(seq, [comment(seq)], secrets={"last": b"%d" % (seq + 1)}))
            seq += 1

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        code = backup(store, tmp_path / "b.lcbackup")
    finally:
        stop.set()
        writer.join()
    kind.restore(tmp_path / "b.lcbackup", code, tmp_path / "new")
    again = kind.open(tmp_path / "new")
    seqs = [e.seq for e in again.events_after(0)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) >= 3_000
    assert int(again.secret("last") or b"3000") == len(seqs)
    again.close()


def test_a_code_is_forgiving_to_a_hand_and_strict_to_a_slip() -> None:
    for _ in range(50):
        code = codes.new_code()
        assert len(code.replace("-", "")) == 28
        typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert codes.passphrase(typed) == codes.passphrase(code) == code.replace("-", "")
    full_width = "".join(chr(ord(x) + 0xFEE0) if x != "-" else "－" for x in code)
    assert codes.passphrase(full_width) == codes.passphrase(code)
    for at in (0, 13, 27):
        letters = list(code.replace("-", ""))
        letters[at] = "2" if letters[at] != "2" else "3"
        with pytest.raises(WrongCode):
            codes.passphrase("".join(letters))
    for wrong in ("", "ABC", code + "0", "U" * 28):
        with pytest.raises(WrongCode):
            codes.passphrase(wrong)


@file_only
def test_any_sqlcipher_opens_a_backup_with_the_code_as_its_passphrase(filled: Store, tmp_path: Path) -> None:
    """What docs promise about the key: SQLCipher's own derivation, nothing of ours in between."""
    from sqlcipher3 import dbapi2

    code = backup(filled, tmp_path / "b.lcbackup")
    raw = dbapi2.connect(str(tmp_path / "b.lcbackup"))
    raw.execute(f"PRAGMA key = '{code.replace('-', '')}'")
    (count,) = raw.execute("SELECT count(*) FROM event").fetchone()
    raw.close()
    assert count == 500
    assert "room.key" not in json.dumps([p.name for p in tmp_path.iterdir()])
