"""The schema at head, the way there, and what an open does and does not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from liveconsole.store import CannotWrite, StoreNewer, UnsafeLibrary, Write, cipher, open_store
from liveconsole.store.cipher import CipherFile, is_outside_reset_bug, touch_own
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.migrate import SCRIPTS, revision_of, upgrade
from liveconsole.store.tables import HEAD, METADATA
from tests.unit.store.conftest import file_only

KEY = b"k" * 32
STEP = f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "r9002", {HEAD!r}, None, None
def upgrade():
    op.add_column("person", sa.Column("note", sa.Text))
    with op.batch_alter_table("order_row") as t:
        t.alter_column("status", new_column_name="state")
"""


@pytest.fixture
def file(tmp_path: Path) -> CipherFile:
    touch_own(tmp_path / "x.db")
    return CipherFile(tmp_path / "x.db", KEY)


def schema_of(file: CipherFile) -> list[tuple[str, str]]:
    with file.reading() as c:
        return [
            (name, " ".join((sql or "").split()))
            for name, sql in c.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name")
        ]


def columns_of(file: CipherFile) -> dict[str, list[object]]:
    with file.reading() as c:
        return {
            table: [tuple(row) for row in c.exec_driver_sql(f"PRAGMA table_xinfo({table})")]
            + [tuple(row)[1:] for row in c.exec_driver_sql("SELECT * FROM pragma_table_list(?)", (table,))]
            for table in METADATA.tables
        }


def more(tmp_path: Path, step: str) -> Path:
    """The scripts folder with one more revision."""
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text((SCRIPTS / "env.py").read_text("utf-8"), "utf-8")
    for script in (SCRIPTS / "versions").glob("*.py"):
        (scripts / "versions" / script.name).write_text(script.read_text("utf-8"), "utf-8")
    (scripts / "versions" / "r9002_more.py").write_text(step, "utf-8")
    return scripts


@file_only
def test_the_revisions_lead_to_the_schema_that_a_new_store_gets(file: CipherFile, store: CipherStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    assert upgrade(file) is None
    assert revision_of(file) == HEAD
    with file.reading() as c:
        assert compare_metadata(MigrationContext.configure(c), METADATA) == []
    assert columns_of(file) == columns_of(store._file), (
        "STRICT, WITHOUT ROWID, types and order are the same too"
    )
    assert [name for name, _ in schema_of(file)] == [name for name, _ in schema_of(store._file)]
    file.close()


def test_head_is_the_newest_script() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


@file_only
def test_an_older_store_is_copied_then_upgraded_with_its_rows(store: CipherStore, tmp_path: Path) -> None:
    store.commit(Write(0, persons={"p" + "1" * 20: ("wx", "甲")}))
    kept = upgrade(store._file, scripts=more(tmp_path, STEP), head="r9002")
    assert revision_of(store._file) == "r9002"
    assert store.names(["p" + "1" * 20]) == {"p" + "1" * 20: ("wx", "甲")}
    assert kept is not None
    copy = CipherFile(kept, store._file._key)
    assert revision_of(copy) == HEAD
    copy.close()


@file_only
def test_a_failing_step_leaves_the_schema_as_it_was(store: CipherStore, tmp_path: Path) -> None:
    before = schema_of(store._file)
    step = STEP + '    raise RuntimeError("halfway")\n'
    with pytest.raises(RuntimeError, match="halfway"):
        upgrade(store._file, scripts=more(tmp_path, step), head="r9002")
    assert schema_of(store._file) == before
    store.keep_secret("still", b"writable")


@pytest.mark.of_a_file
def test_a_store_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path / "room")
    with store._file.writing() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num = 'r9999'")
    store.close()
    before = (tmp_path / "room" / "room.db").read_bytes()
    with pytest.raises(StoreNewer, match="schema 9999"):
        open_store(tmp_path / "room")
    assert (tmp_path / "room" / "room.db").read_bytes() == before


@pytest.mark.of_a_file
def test_making_and_opening_a_store_loads_neither_alembic_nor_the_orm(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from liveconsole.store import open_store\n"
        f"for _ in range(2): open_store(Path({str(tmp_path)!r})).close()\n"
        "print([m for m in ('alembic', 'sqlalchemy.orm', 'keyring', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.of_a_file
def test_full_and_wal_are_read_back_at_every_open(tmp_path: Path) -> None:
    for _ in range(2):
        store = open_store(tmp_path)
        assert (store._file.pragma("journal_mode"), store._file.pragma("synchronous")) == (["wal"], [2])
        reader = store.open_reader()
        assert isinstance(reader._file, CipherFile)
        assert reader._file.pragma("synchronous") == [2]
        reader.close()
        store.close()


@pytest.mark.of_a_file
def test_a_connection_that_will_not_keep_full_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(tmp_path).close()
    monkeypatch.setattr(cipher, "_FULL", 3)
    with pytest.raises(UnsafeLibrary, match="synchronous=2"):
        open_store(tmp_path)


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), False), ((3, 53, 0), True)],
)
def test_the_range_of_the_wal_reset_bug(version: tuple[int, ...], safe: bool) -> None:
    assert is_outside_reset_bug(version) is safe


@pytest.mark.of_a_file
def test_a_sqlite_with_the_bug_or_without_a_cipher_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "library_versions", lambda: {"sqlite": "3.53.4", "cipher": ""})
    with pytest.raises(UnsafeLibrary, match="no cipher"):
        open_store(tmp_path / "a")
    monkeypatch.setattr(dbapi2, "sqlite_version", "3.51.2")
    with pytest.raises(UnsafeLibrary, match=r"3\.51\.2"):
        open_store(tmp_path / "b")


@pytest.mark.of_a_file
def test_a_wal_of_an_earlier_database_is_not_played_into_a_new_one(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.keep_secret("old", b"1")
    wal = (tmp_path / "room.db-wal").read_bytes()
    store.close()
    for left in tmp_path.iterdir():  # with its key there, a database that is gone is missed, not made anew
        left.unlink()
    (tmp_path / "room.db-wal").write_bytes(wal)
    again = open_store(tmp_path)
    assert again.secret("old") is None
    again.close()


@file_only
def test_busy_is_told_and_not_waited_for_for_ever(
    store: CipherStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "BUSY_MS", 1)
    other = open_store(store.folder)
    with store._file.writing(), pytest.raises(CannotWrite) as caught:
        other.keep_secret("x", b"1")
    assert caught.value.reason == "busy"
    other.keep_secret("x", b"1")
    other.close()
