"""A backup is one file under a key of its own, that of a recovery code which is shown once and kept nowhere.

The store's key never leaves its machine; a restored store gets a new one.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from liveconsole import versions
from liveconsole.paths import LOCK, MARK, own_folder
from liveconsole.store import chain, codes, keys
from liveconsole.store.cipher import CipherFile, export, faults, first_row, raw_key, touch_own
from liveconsole.store.errors import (
    BackupDamaged,
    KeyUnavailable,
    NoStore,
    StoreBroken,
    StoreError,
    StoreNewer,
    WrongCode,
)
from liveconsole.store.kept_at import FILE as IN_DATABASE
from liveconsole.store.keys import KeySource
from liveconsole.store.migrate import number_of
from liveconsole.store.opening import DATABASE, is_lost, put_in_place, remove_database, write_meta
from liveconsole.store.reader import NEWEST_LINK, LogHead
from liveconsole.store.store import Store

_NO_ROOM: Final = frozenset({LOCK, "forgotten.json", MARK})
"""What may lie in a folder for a room that is yet to come."""
_OF_A_STORE: Final = (keys.STORE_FILE, keys.KEY_FILE, keys.NEXT_FILE, f"{DATABASE}-wal", f"{DATABASE}-shm")


def backup(
    source: Store | Path, target: Path, *, key_source: KeySource | None = None, code: str | None = None
) -> str:
    """Write the store (or that of a folder) to the new file `target` and return its recovery code: a new one,
    or `code` where there is one for all backups of a schedule.

    Runs on a connection of its own: an engine goes on writing meanwhile, what it writes then is not in the
    backup. The file is checked before it gets its name. Raises FileExistsError, NoStore, KeyUnavailable,
    CannotWrite, StoreBroken, WrongCode.
    """
    if isinstance(source, Path) and not (source / DATABASE).exists():
        raise NoStore(f"no store in {source}")
    if target.exists():
        raise FileExistsError(f"{target.name} is there already")
    code = codes.new_code() if code is None else code
    phrase = codes.passphrase(code)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    touch_own(part)
    try:
        if isinstance(source, Path):
            _, key = keys.key_of(source, key_source)
            export(source / DATABASE, raw_key(key), part, phrase)
        else:
            source.copy_out(part, phrase)
        wrong = faults(part, phrase)
        if wrong:
            raise StoreBroken(f"the backup did not come out whole: {wrong[0]}")
        part.rename(target)
    finally:
        remove_database(part)
    return code


def head_of(file: Path, code: str) -> LogHead:
    """Return where the log of a backup ends, to be noted outside it: every later log has this link there.

    Raises WrongCode, BackupDamaged.
    """
    try:
        found = first_row(file, codes.passphrase(code), NEWEST_LINK)
    except KeyUnavailable as e:
        raise WrongCode("this code is of another backup") from e
    except StoreError as e:
        raise BackupDamaged(str(e)) from e
    seq, link = found or (0, chain.BEGIN)
    return LogHead(seq, (link or b"").hex())


def restore(file: Path, code: str, folder: Path, *, key_source: KeySource | None = None) -> None:
    """Make a store in `folder` from a backup, under a new key, its epoch one higher.

    It is empty, or one of ours in which no room was made yet: on a new computer the desk was opened, the
    guide read, a rehearsal played before anybody thought of the backup. A folder that lost its database
    serves as well: the key that is of no use any more is kept beside, under ``lost-…``; lists, tokens and who
    was forgotten stay.

    What the old room owed the platform may have been done since: the engine sees the epoch and asks before
    it sends. Draws that ran are void in the new one (`domain.restored`): their values stay behind. Raises
    WrongCode, BackupDamaged, StoreNewer, FileExistsError (the folder holds a room, or is not ours),
    KeyUnavailable, CannotWrite.
    """
    phrase = codes.passphrase(code)
    wrong = _faults_of(file, phrase)
    if wrong:
        raise BackupDamaged(f"this backup is cut or changed: {wrong[0]}")
    _refuse_newer(file, phrase)
    own_folder(folder)
    aside = None
    if not _waits_for_a_room(folder):
        if not is_lost(folder):
            raise FileExistsError(f"{folder} is not empty")
        aside = _put_aside(folder)
    keys.place_new_key(folder, key_source)
    store_id, key = keys.key_of(folder, key_source)
    part = folder / f".{DATABASE}.{secrets.token_hex(4)}"
    touch_own(part)
    try:
        export(file, phrase, part, raw_key(key))
        _bump(part, key, store_id)
        left = faults(part, raw_key(key))
        if left:
            raise StoreBroken(f"the restored store is not whole: {left[0]}")
        put_in_place(part, folder / DATABASE)
        keys.made(folder)
    except BaseException:
        keys.take_back(folder)  # nothing is encrypted with it yet, and the folder is empty for the next try
        if aside is not None:
            _bring_back(aside, folder)
        raise
    finally:
        remove_database(part)


def _waits_for_a_room(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    if names <= _NO_ROOM:
        return True
    return MARK in names and not names & {DATABASE, IN_DATABASE, *_OF_A_STORE}


def _refuse_newer(file: Path, phrase: str) -> None:
    """What would be made of it could not be opened here. Raises StoreNewer."""
    found = first_row(file, phrase, "SELECT version_num FROM alembic_version")
    if found and number_of(str(found[0])) > versions.SCHEMA:
        raise StoreNewer(str(file))


def _put_aside(folder: Path) -> Path:
    """Where the key of the lost database now lies: should that be found again, it is of use."""
    aside = folder / f"lost-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    aside.mkdir(mode=0o700)
    for name in _OF_A_STORE:
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    return aside


def _bring_back(aside: Path, folder: Path) -> None:
    for kept in list(aside.iterdir()):
        kept.rename(folder / kept.name)
    aside.rmdir()


def _faults_of(file: Path, phrase: str) -> list[str]:
    try:
        return faults(file, phrase)
    except KeyUnavailable as e:
        raise WrongCode("this code is of another backup, or the first page of this one is damaged") from e
    except StoreError as e:
        raise BackupDamaged(str(e)) from e


def _bump(part: Path, key: bytes, store_id: str) -> None:
    restored = CipherFile(part, key)
    try:
        with restored.writing() as c:
            epoch = int(c.exec_driver_sql("SELECT value FROM meta WHERE name = 'epoch'").scalar_one())
            write_meta(c, {"epoch": b"%d" % (epoch + 1), "store_id": store_id.encode()})
            c.exec_driver_sql("DELETE FROM secret WHERE name LIKE 'draw:%'")
    finally:
        restored.close()
