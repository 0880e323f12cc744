"""The one writer's store: a commit is one transaction, and nothing is acknowledged before it is on disk.

`Store` is what the engine knows; `cipher_store` and `postgres.store` are the two that there are.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence, Set
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from liveconsole.failpoints import failpoint
from liveconsole.store import chain
from liveconsole.store.errors import InputTaken, SeqTaken
from liveconsole.store.filling import add, empty, fill, forget, many, marks
from liveconsole.store.port import KeptSeats, Link
from liveconsole.store.read_access import ReadAccess
from liveconsole.store.reader import Reader
from liveconsole.store.rows import (
    CardRow,
    EventRow,
    Forgetting,
    KeptPicture,
    Meta,
    Write,
    micros,
)
from liveconsole.store.tables import BOOKS, BOOKS_VERSION, FIRST_RARE_TYPE, NOISY

SNAPSHOTS_KEPT: Final = 2
_PERSONS_REMEMBERED: Final = 200_000
_ADD_ANSWERS: Final = many("INSERT INTO answer (command_id, body_hash, answer)", marks(3))
_BOOKS = "books"
_BEGUN = "epoch_begun"
_ADD_DENIAL = "INSERT INTO denial (role, type, at, code) VALUES (?, ?, ?, ?)"
_REDACT = "UPDATE event SET data = ?, data_hash = coalesce(data_hash, ?) WHERE seq = ?"
_DATA = "SELECT data FROM event WHERE seq = ?"
_PUT_CARD = "INSERT OR REPLACE INTO card (number, mark, body) VALUES (?, ?, ?)"
_PUT_BODY = "UPDATE cue_row SET body = ? WHERE cue_id = ?"
_PUT_ANSWER = "UPDATE answer SET answer = ? WHERE command_id = ?"
_HAS_META = "SELECT 1 FROM meta WHERE name = ?"
_TO_CLEAR: Final = "to_clear"
_PUT_SECRET = "INSERT OR REPLACE INTO secret (name, value) VALUES (?, ?)"
_KNOWN = (
    "SELECT e.input_id, e.digest FROM json_each(?) j CROSS JOIN event e"
    " ON e.source_id = ? AND e.input_id = j.value"
)
_KNOWN_ONE = "SELECT digest FROM event WHERE source_id = ? AND input_id = ?"
_ANSWERS = (
    "SELECT command_id, body_hash, answer FROM answer WHERE command_id IN (SELECT value FROM json_each(?))"
)
_HAS_PICTURE = "SELECT 1 FROM picture WHERE sha256 = ?"
_PICTURES = "SELECT sha256 FROM picture ORDER BY number"
_ADD_PICTURE = (
    "INSERT INTO picture (sha256, number, small, middle, whole)"
    " VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM picture), ?, ?, ?)"
)
_SNAPSHOT = (
    "SELECT blob, seq FROM snapshot WHERE fold_version = ?"
    " AND seq <= (SELECT coalesce(max(seq), 0) FROM event) ORDER BY seq DESC LIMIT 1"
)


StoredRow = tuple[object, ...]
"""An event's columns: seq, type, at, actor, source, id, time, data, digest, link; numbers for words."""


class Store(Reader, ABC):
    """The log of one room and what is kept beside it, opened by ``open_store`` or `postgres.opening`.

    One thread at a time. Every method may raise StoreBroken (a damaged file, a failed fsync).
    """

    def __init__(self, file: Link, folder: Path, meta: Meta) -> None:
        super().__init__(file)
        self.folder, self.meta = folder, meta
        self._types: dict[str, int] = {}
        self._sources: dict[str, int] = {}
        self._persons: dict[str, tuple[str, str]] = {}
        self.to_clear = self._leaves_to_clear()
        """Somebody was forgotten, and the files may still hold bytes of him: `clear_what_is_left`."""
        with file.reading() as c:
            self._types = {name: id_ for id_, name in c.exec_driver_sql("SELECT id, name FROM type")}
            self._sources = {name: id_ for id_, name in c.exec_driver_sql("SELECT id, name FROM source")}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def commit(self, write: Write) -> None:
        """Append and keep, in one transaction; on disk when this returns, untouched when it raises.

        Raises SeqTaken (another writer), InputTaken (a (source, id) or a command id is known), CannotWrite
        (disk full, read-only, busy, I/O: try again later) or StoreBroken (close it).
        """
        seq = write.expected_seq
        persons = self._news_of(write.persons)
        types, sources = self._types, self._sources
        try:
            with self._appending(write) as (c, link):
                if write.events:
                    types, sources = _worded(c, write.events, types, sources)
                    self._put_events(c, _event_rows(write.events, seq, link, types, sources))
                if persons:
                    self._put_persons(c, persons, seq + len(write.events))
                self._keep_beside(c, write)
                if write.forgetting is not None:
                    _forget(c, write.forgetting)
                failpoint("in transaction", lambda: [row.type for row in write.events])
        except IntegrityError as e:
            collision = self._file.collision(e)
            if collision == "seq":
                raise SeqTaken(seq, seq + 1) from e
            if collision == "input":
                raise InputTaken(str(e.orig)) from e
            raise
        self._types, self._sources = types, sources
        self._remember(persons)
        if write.forgetting is not None:
            self._persons.pop(write.forgetting.pid, None)
            self.to_clear = True

    def _keep_beside(self, c: Connection, write: Write) -> None:
        if write.answers:
            add(c, _ADD_ANSWERS, write.answers)
        if write.denials:
            c.exec_driver_sql(_ADD_DENIAL, [(d.role, d.type, micros(d.at), d.code) for d in write.denials])
        fill(c, write)
        if write.secrets:
            c.exec_driver_sql(_PUT_SECRET, [(n, self._kept(n, value)) for n, value in write.secrets.items()])

    def _news_of(self, persons: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
        """Those of `persons` that the table does not have like this already, as far as we remember."""
        seen = self._persons
        news = {}
        for pid, who in persons.items():
            had = seen.get(pid)
            if had is None or (had != who and (who[1] or had[0] != who[0])):
                news[pid] = who
        return news

    def _remember(self, persons: Mapping[str, tuple[str, str]]) -> None:
        if len(self._persons) > _PERSONS_REMEMBERED:
            self._persons.clear()
        self._persons.update(persons)

    def known(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """Of these (source, id) those that stand in the log, each with the digest it came with."""
        by_source: dict[str, list[str]] = {}
        for source, id_ in keys:
            if source in self._sources:
                by_source.setdefault(source, []).append(id_)
        if not by_source:
            return {}
        found: dict[tuple[str, str], bytes] = {}
        with self._file.reading() as c:
            for source, ids in by_source.items():
                number = self._sources[source]
                rows = c.exec_driver_sql(_KNOWN, (json.dumps(ids), number)).all()
                found.update({(source, id_): digest or b"" for id_, digest in rows})
                for id_ in ids:
                    if "\0" in id_:  # SQLite's JSON ends a text at NUL
                        row = c.exec_driver_sql(_KNOWN_ONE, (number, id_)).first()
                        found.update({(source, id_): row[0] or b""} if row else {})
        return found

    def answers(self, ids: Sequence[str]) -> dict[str, tuple[bytes, bytes]]:
        """Command id → (hash of its body, its answer), for those that were answered."""
        if not ids:
            return {}
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_ANSWERS, (json.dumps(list(ids)),))
            return {command_id: (body_hash, answer) for command_id, body_hash, answer in rows}

    def load(self, fold_version: int) -> tuple[bytes | None, int]:
        """Return the newest snapshot that this version of the fold made, and its seq; (None, 0) without
        one."""
        with self._file.reading() as c:
            row = c.exec_driver_sql(_SNAPSHOT, (fold_version,)).first()
        return (row[0], row[1]) if row else (None, 0)

    def snapshot(self, seq: int, fold_version: int, blob: bytes) -> None:
        """Keep a folded room; the newest two stay, should one of them prove unreadable."""
        with self._file.writing() as c:
            c.exec_driver_sql("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?)", (seq, fold_version, blob))
            c.exec_driver_sql(
                "DELETE FROM snapshot WHERE seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?)",
                (SNAPSHOTS_KEPT,),
            )

    def books_version(self) -> int:
        """Return the version that filled the read tables; 0: none has, or not to the end."""
        with self._file.reading() as c:
            row = c.exec_driver_sql("SELECT value FROM meta WHERE name = ?", (_BOOKS,)).first()
        return int(row[0]) if row else 0

    def empty_books(self) -> None:
        """Before the read tables are filled again from the log."""
        with self._file.writing() as c:
            c.exec_driver_sql("DELETE FROM meta WHERE name = ?", (_BOOKS,))
            empty(c, BOOKS)

    def fill_books(self, write: Write) -> None:
        """Put in what a page of the log comes to."""
        with self._file.writing() as c:
            self._keep_beside(c, write)

    def close_books(self) -> None:
        """The read tables are filled to the end of the log."""
        with self._file.writing() as c:
            value = b"%d" % BOOKS_VERSION
            c.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_BOOKS, value))

    def secret(self, name: str) -> bytes | None:
        """Return what ``keep_secret`` or a commit kept under `name`, outside the log."""
        with self._file.reading() as c:
            row = c.exec_driver_sql("SELECT value FROM secret WHERE name = ?", (name,)).first()
        return self._read(name, row[0]) if row else None

    def keep_picture(self, picture: KeptPicture, shown: Set[str], most: int) -> bool:
        """On disk when this returns. Where there would be more than ``most``, the oldest that are not
        ``shown`` give way; False, and nothing is kept, where all are."""
        with self._file.writing() as c:
            if c.exec_driver_sql(_HAS_PICTURE, (picture.sha256,)).first() is not None:
                return True
            there = [row[0] for row in c.exec_driver_sql(_PICTURES)]
            over = len(there) + 1 - most
            if over > 0:
                gone = [sha for sha in there if sha not in shown][:over]
                if len(gone) < over:
                    return False
                c.exec_driver_sql("DELETE FROM picture WHERE sha256 = ?", [(sha,) for sha in gone])
            c.exec_driver_sql(_ADD_PICTURE, tuple(picture))
        return True

    def keep_cards(self, cards: Sequence[CardRow]) -> None:
        """On disk when this returns; replaces what was kept of those broadcasts."""
        if cards:
            with self._file.writing() as c:
                c.exec_driver_sql(_PUT_CARD, list(cards))

    def snapshot_seq(self, fold_version: int) -> int:
        """Return the seq of the snapshot that `load` would give; 0: none."""
        with self._file.reading() as c:
            row = c.exec_driver_sql(_SNAPSHOT.replace("blob, seq", "seq", 1), (fold_version,)).first()
        return row[0] if row else 0

    def has_begun(self) -> bool:
        """Tell whether the room has gone on in the epoch of its store."""
        with self._file.reading() as c:
            row = c.exec_driver_sql("SELECT value FROM meta WHERE name = ?", (_BEGUN,)).first()
        return int(row[0] if row else 1) >= self.meta.epoch

    def begin(self) -> None:
        """The room goes on in this epoch; what had to be said of it stands on the log."""
        with self._file.writing() as c:
            value = b"%d" % self.meta.epoch
            c.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_BEGUN, value))

    def keep_secret(self, name: str, value: bytes) -> None:
        """On disk when this returns; replaces what was there."""
        with self._file.writing() as c:
            c.exec_driver_sql(_PUT_SECRET, (name, self._kept(name, value)))

    def _leaves_to_clear(self) -> bool:
        with self._file.reading() as c:
            return c.exec_driver_sql(_HAS_META, (_TO_CLEAR,)).first() is not None

    @abstractmethod
    def clear_what_is_left(self) -> None:
        """Do away with what a forgotten person left besides rows, as far as this store can."""

    def redact(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """The data of these seqs give way to other data, in one transaction. The hash of what they were stays
        in the chain."""
        with self._file.writing() as c:
            _redact(c, rows)

    @abstractmethod
    def copy_out(self, part: Path, phrase: str) -> None:
        """Copy everything into the empty file `part`, under a passphrase; this store goes on meanwhile."""

    @abstractmethod
    def checkpoint_by_hand(self, latest: int) -> None:
        """From now on the caller calls `checkpoint` when it suits him; by itself the store does its own
        upkeep only where ``latest`` pages have gathered."""

    def seats(self) -> KeptSeats | None:
        """Return where the seats of this room lie in it; None: they lie beside its file."""
        return None

    def let_go(self) -> None:
        """Read and write nothing more, here and in what was opened beside it; who waits for an answer of a
        server is told that the connection is lost. On any thread."""

    def size(self) -> int | None:
        """Return the bytes of the store's files; None where they cannot be looked at. On any thread."""
        return None

    @abstractmethod
    def pages_written(self) -> int:
        """Pages that wait for a `checkpoint`."""

    @abstractmethod
    def checkpoint(self) -> None:
        """Bring what was written to its place. Holds no reader up."""

    def open_reader(self) -> Reader:
        """Return a read-only connection of its own, for another thread; the caller closes it."""
        return Reader(self._file.beside())

    def beside(self) -> Link:
        """Return a read-only connection without a reader's questions (`books` has its own); as above."""
        return self._file.beside()

    @abstractmethod
    def access(self) -> ReadAccess:
        """Return what a process of its own needs to read this store."""

    @abstractmethod
    def describe(self) -> dict[str, object]:
        """For ``doctor``: how the store is kept and what it holds. No key, no personal data."""

    @abstractmethod
    def _appending(self, write: Write) -> AbstractContextManager[tuple[Connection, bytes]]:
        """One transaction that appends at the seq a write expects; gives the link before. Raises SeqTaken."""

    @abstractmethod
    def _put_events(self, c: Connection, rows: Sequence[StoredRow]) -> None: ...

    @abstractmethod
    def _put_persons(self, c: Connection, persons: Mapping[str, tuple[str, str]], seen_seq: int) -> None: ...

    def _kept(self, name: str, value: bytes) -> bytes:
        """A secret as it stands in its table."""
        return value

    def _read(self, name: str, kept: bytes) -> bytes:
        return kept


def _forget(c: Connection, who: Forgetting) -> None:
    """Drop the row, put what names him as it reads without him; snapshots hold it as it was and go."""
    c.exec_driver_sql("DELETE FROM person WHERE pid = ?", (who.pid,))
    _redact(c, who.events)
    forget(c, who.events)
    for statement, rows in ((_PUT_BODY, who.cues), (_PUT_ANSWER, who.answers)):
        if rows:
            c.exec_driver_sql(statement, [(data, key) for key, data in rows])
    c.exec_driver_sql("DELETE FROM snapshot")
    c.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES (?, x'01')", (_TO_CLEAR,))


def _redact(c: Connection, rows: Sequence[tuple[int, bytes]]) -> None:
    for seq, data in rows:
        was = c.exec_driver_sql(_DATA, (seq,)).scalar_one()
        c.exec_driver_sql(_REDACT, (data, chain.data_hash(was), seq))


def _worded(
    c: Connection, events: Sequence[EventRow], types: dict[str, int], sources: dict[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Both vocabularies with every type and source of `events` in them. The caller keeps them only if the
    transaction lives."""
    new_types = {row.type for row in events} - types.keys()
    new_sources = {row.source for row in events if row.source} - sources.keys()
    if new_types:
        types = dict(types)
        for name in sorted(new_types):
            types[name] = _numbered(c, "type", name, NOISY.get(name), FIRST_RARE_TYPE)
    if new_sources:
        sources = dict(sources)
        for name in sorted(new_sources):
            sources[name] = _numbered(c, "source", name, None, 1)
    return types, sources


def _numbered(c: Connection, table: str, name: str, number: int | None, first: int) -> int:
    if number is None:
        highest = c.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table}").scalar_one()
        number = max(first, highest + 1)
    c.exec_driver_sql(f"INSERT INTO {table} (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (number, name))
    return int(c.exec_driver_sql(f"SELECT id FROM {table} WHERE name = ?", (name,)).scalar_one())


def _event_rows(
    events: Sequence[EventRow], seq: int, link: bytes, types: dict[str, int], sources: dict[str, int]
) -> list[tuple[object, ...]]:
    """One tuple a row. A group shares its ``at``, so that is converted once."""
    chained: list[chain.ChainedEvent] = []
    last_at, us = None, 0
    for number, (type_, at, actor, _, source, id_, time, _) in enumerate(events, seq + 1):
        if at is not last_at:
            last_at, us = at, micros(at)
        chained.append((number, type_, us, actor, source, id_ if source else "", time))
    links = chain.links(link, chained, [event.data for event in events])
    rows: list[tuple[object, ...]] = []
    for (number, type_, us, actor, source, id_, time), event, own in zip(chained, events, links, strict=True):
        if source:
            place = sources[source]
            rows.append((number, types[type_], us, actor, place, id_, time, event.data, event.digest, own))
        else:
            rows.append((number, types[type_], us, actor, None, None, time, event.data, None, own))
    return rows
