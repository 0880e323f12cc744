"""Damage on disk is found, never read as data. The twin shows what a plain SQLite file lets pass."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from liveconsole.store import EventRow, KeyUnavailable, StoreBroken, Write, keys, open_store
from liveconsole.store.cipher import faults, raw_key

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PRICE = b'{"price_fen":9900}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = open_store(tmp_path)
    rows = [EventRow("order.placed", NOW, "producer", PRICE, "/s", str(n)) for n in range(1_000)]
    store.commit(Write(0, rows))
    store.close()
    return tmp_path


def test_one_flipped_bit_anywhere_is_found(folder: Path) -> None:
    path, key = folder / "room.db", raw_key(keys.key_of(folder)[1])
    whole = path.read_bytes()
    assert faults(path, key) == []
    for at in range(7, len(whole), 1_999):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        try:
            found = bool(faults(path, key))
        except KeyUnavailable:  # the first page cannot be told from a wrong key
            found = at < 4_096
        assert found, at


def test_a_damaged_page_stops_the_reading_and_changes_no_price(folder: Path) -> None:
    path = folder / "room.db"
    whole = path.read_bytes()
    stopped = 0
    for page in range(1, len(whole) // 4_096):
        at = page * 4_096 + 1_000
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        store = None
        try:
            store = open_store(folder)
            assert all(e.data == PRICE for e in store.events_after(0))
        except StoreBroken:
            stopped += 1
        finally:
            if store is not None:
                store.close()
    assert stopped > 10


def test_twin_a_plain_file_shows_another_price_and_calls_itself_whole(tmp_path: Path) -> None:
    path = tmp_path / "plain.db"
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, data BLOB)")
    plain.executemany("INSERT INTO event VALUES (?, ?)", [(n, PRICE) for n in range(1_000)])
    plain.commit()
    plain.close()
    whole = path.read_bytes()
    at = whole.index(b"9900", 4_096)
    path.write_bytes(whole[:at] + b"1900" + whole[at + 4 :])
    plain = sqlite3.connect(path)
    assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert plain.execute("SELECT count(*) FROM event WHERE data <> ?", (PRICE,)).fetchone() == (1,)
    plain.close()
