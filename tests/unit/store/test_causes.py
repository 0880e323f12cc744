"""One rule in both stores for what a driver says: what passes, what nobody knows, what is our own mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import psycopg
import pytest
from psycopg import errors as pg
from sqlcipher3 import dbapi2

from liveconsole.messages.refusals import word
from liveconsole.messages.unwritten import WRITE_REASONS
from liveconsole.store import CannotWrite, EventRow, Store, StoreBroken, StoreError, Write, cipher
from liveconsole.store.errors import CLOSED, PASSING, Cause, StoreBug, TookTooLong, error_of
from liveconsole.store.postgres import causes

SAME: list[tuple[Cause, list[int], list[str]]] = [
    ("disk_full", [13], ["53100"]),
    ("read_only", [3, 8, 8 | 1 << 8, 8 | 4 << 8], ["25006"]),
    ("busy", [5, 6, 5 | 2 << 8, 15, 17], ["55P03", "40P01", "40001", "55006", "57014"]),
    ("io_error", [7, 10, 10 | 1 << 8, 10 | 3 << 8, 14, 22], ["58030", "58P01"]),
    ("away", [], ["08006", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "3D000"]),
    ("no_rights", [], ["28P01", "28000", "42501"]),
    ("server_full", [], ["53200", "53300", "53400", "53000"]),
    ("too_long", [9], []),
    ("unsure", [10 | 4 << 8, 10 | 5 << 8], ["XX000"]),
    ("damaged", [11, 11 | 1 << 8, 26], ["XX001", "XX002"]),
    ("not_ours", [], ["42P01", "42703", "42883", "3F000"]),
    (
        "bug",
        [1, 2, 18, 19, 20, 21, 25],
        ["42601", "42804", "22003", "22P05", "54000", "25P02", "0A000", "23502"],
    ),
]
"""Cause → whole codes of SQLite, states of PostgreSQL."""


def from_sqlite(code: int, said: str = "said") -> StoreError:
    error = dbapi2.OperationalError(said)
    error.sqlite_errorcode = code
    return cipher.told(error)


def from_postgres(state: str) -> StoreError:
    return causes.told(pg.lookup(state)("said"))


def like(error: StoreError) -> tuple[type, str]:
    return type(error), getattr(error, "reason", "")


@pytest.mark.parametrize(("cause", "codes", "states"), SAME, ids=[one[0] for one in SAME])
def test_the_same_cause_is_the_same_error_in_both(cause: Cause, codes: list[int], states: list[str]) -> None:
    wanted = like(error_of(cause, "said"))
    assert [like(from_sqlite(code)) for code in codes] == [wanted] * len(codes)
    assert [like(from_postgres(state)) for state in states] == [wanted] * len(states)


def test_every_cause_is_in_the_table_and_is_one_of_four_errors() -> None:
    assert [one[0] for one in SAME] == list(get_args(Cause))
    kinds = {cause: type(error_of(cause, "")) for cause in get_args(Cause)}
    assert set(kinds.values()) == {CannotWrite, TookTooLong, StoreBroken, StoreBug}
    assert {cause for cause, kind in kinds.items() if kind is CannotWrite} == PASSING


def test_whatever_the_drivers_may_say_is_told() -> None:
    """No state and no code is left without an answer, and none passes for another's by its class alone."""
    states = {getattr(error, "sqlstate", None) for error in vars(pg).values() if isinstance(error, type)}
    for state in {one for one in states if isinstance(one, str)}:
        assert isinstance(from_postgres(state), StoreError)
    for code in range(1, 0x3000):
        assert isinstance(from_sqlite(code), StoreError)
    for error in (psycopg.OperationalError("the server closed"), psycopg.InterfaceError("closed")):
        assert like(causes.told(error)) == (CannotWrite, "away")
    assert like(causes.told(ValueError("x"))) == (StoreBug, "")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("FATAL:  sorry, too many clients already", "server_full"),
        (
            "FATAL:  remaining connection slots are reserved for roles with X",
            "server_full",
        ),
        ('FATAL:  password authentication failed for user "engine"', "no_rights"),
        ("fe_sendauth: no password supplied", "no_rights"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', "no_rights"),
        ('FATAL:  permission denied for database "live"', "no_rights"),
        ("session is read-only", "read_only"),
        ("FATAL:  the database system is starting up", "away"),
        ("FATAL:  le système de bases de données démarre", "away"),
        ("could not translate host name", "away"),
    ],
)
def test_a_connection_that_was_refused_says_by_its_words_why(said: str, reason: str) -> None:
    """The driver passes no state on of it."""
    assert like(causes.told(psycopg.OperationalError(said))) == (CannotWrite, reason)


def test_each_reason_has_words_of_its_own_in_both_languages() -> None:
    assert set(WRITE_REASONS) == {*PASSING, CLOSED}
    for english in (False, True):
        said = [
            word("cannot_write", {"detail": str(CannotWrite(one, "x\n\ny"))}, english=english)
            for one in WRITE_REASONS
        ]
        assert len(set(said)) == len(said)
        assert not [one for one in said if any(reason in one for reason in PASSING)]
        assert all("x y" in one for one in said)
        long = word("cannot_write", {"detail": str(CannotWrite("away", "x" * 5_000))}, english=english)
        assert len(long) < 300
    assert word("cannot_write", {"detail": "a fault of the program"}, english=True).endswith(
        "a fault of the program"
    )


def test_a_misspelt_question_is_a_bug_and_no_full_disk(store: Store) -> None:
    with pytest.raises(StoreError) as caught, store._file.reading() as c:
        c.exec_driver_sql("SELEC 1")
    assert type(caught.value) is StoreBug
    with store._file.writing() as c:
        c.exec_driver_sql("SELECT 1")


def test_a_value_that_it_does_not_take_is_a_bug_and_nothing_is_written(
    store: Store, comment: Callable[..., EventRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    def misspelt(_self: Store, c: Any, _write: Any) -> None:
        c.exec_driver_sql("INSERT INTO secret (name, valeu) SELECT 'a', 'b' WHERE")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_keep_beside", misspelt)
        with pytest.raises(StoreBug):
            store.commit(Write(0, [comment(1)]))
    assert store.last_seq() == 0
    store.commit(Write(0, [comment(1)]))
    assert store.last_seq() == 1


def test_a_closed_store_says_that_it_is_closed(tmp_path: Path, kind: Any) -> None:
    store = kind.open(tmp_path / "closed")
    store.close()
    with pytest.raises(CannotWrite) as caught:
        store.last_seq()
    assert caught.value.reason == CLOSED
