"""The log is a chain: what it is made of, what a change of it shows, and how an older log gets its links."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from liveconsole.cli import verify_log
from liveconsole.cli.backup import run as run_backup
from liveconsole.store import (
    CannotWrite,
    EventRow,
    Store,
    StoreBroken,
    Write,
    backup,
    chain,
    linking,
    open_store,
)
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.linking import LogCheck, check_log, link_older
from liveconsole.store.rows import Forgetting, StoredEvent, micros
from tests.stores import Kind
from tests.unit.store.conftest import NOW, file_only

Comment = Callable[..., EventRow]
PID = "p" + "1" * 20


def ruled(number: int) -> EventRow:
    return EventRow("note.said", NOW + timedelta(microseconds=number), "host", b'{"text":"n"}')


@pytest.fixture
def filled(store: Store, comment: Comment) -> Store:
    store.commit(Write(0, [comment(n, pid=PID) for n in range(40)], persons={PID: ("wx-77", "王小明")}))
    store.commit(Write(40, [ruled(1), comment(41, text='换行\\n"引号"\\u0001'), ruled(2)]))
    return store


def by_hand(events: list[StoredEvent]) -> list[str]:
    """The links as docs/bus.md tells them, with nothing of the program's."""
    found, before = [], hashlib.sha256(b"liveconsole/log/1").digest()
    for e in events:
        listed = [e.seq, e.type, micros(e.at), e.actor, e.source, e.id, e.time]
        line = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()
        before = hashlib.sha256(before + hashlib.sha256(e.data).digest() + line).digest()
        found.append(before.hex())
    return found


def links_of(store: Store) -> list[str]:
    return [one.link.hex() for _, one in store.chained()]


def change(store: Store, statement: str, *values: object) -> None:
    with store._file.writing() as c:
        c.exec_driver_sql(statement, values)


def test_each_event_has_the_link_that_the_documentation_says(filled: Store) -> None:
    expected = by_hand(list(filled.events_after(0)))
    assert links_of(filled) == expected
    assert filled.log_head() == (43, expected[-1])
    assert check_log(filled) == LogCheck(43, expected[-1])


def test_an_empty_log_has_a_head_too(store: Store) -> None:
    assert store.log_head() == (0, chain.BEGIN.hex())
    assert check_log(store) == LogCheck(0, chain.BEGIN.hex())


def test_however_events_are_grouped_into_commits_their_links_are_the_same(
    store: Store, comment: Comment, tmp_path: Path
) -> None:
    rows = [comment(n) if n % 3 else ruled(n) for n in range(57)]
    store.commit(Write(0, rows))
    other = open_store(tmp_path / "other", room_id="another")
    for n, row in enumerate(rows):
        other.commit(Write(n, [row]))
    assert links_of(other) == links_of(store), "nor does the store or the room matter"
    other.close()


def test_a_commit_that_fails_moves_no_link(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled.log_head()

    def full(*_: object) -> None:
        raise CannotWrite("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(filled, "_keep_beside", full)
        with pytest.raises(CannotWrite):
            filled.commit(Write(43, [ruled(3)]))
    assert filled.log_head() == before
    filled.commit(Write(43, [ruled(4)]))
    assert check_log(filled).differs is None


CHANGES: list[tuple[str, tuple[Any, ...], int, str]] = [
    ("UPDATE event SET data = ? WHERE seq = 41", (b'{"text":"m"}',), 41, "changed"),
    ("UPDATE event SET at = at + 1 WHERE seq = 7", (), 7, "changed"),
    ("UPDATE event SET actor = 'assistant' WHERE seq = 43", (), 43, "changed"),
    ("UPDATE event SET time = NULL WHERE seq = 3", (), 3, "changed"),
    ("UPDATE event SET input_id = 'x' WHERE seq = 12", (), 12, "changed"),
    (
        "UPDATE event SET type_id = (SELECT type_id FROM event WHERE seq = 1) WHERE seq = 41",
        (),
        41,
        "changed",
    ),
    ("UPDATE source SET name = '/tape/b'", (), 1, "changed"),
    ("UPDATE event SET link = ? WHERE seq = 20", (b"x" * 32,), 20, "changed"),
    ("DELETE FROM event WHERE seq = 5", (), 5, "missing"),
    ("UPDATE event SET seq = 99 WHERE seq = 43", (), 43, "missing"),
]


@pytest.mark.parametrize(("statement", "values", "seq", "why"), CHANGES)
def test_the_first_line_that_differs_is_named(
    filled: Store, statement: str, values: tuple[Any, ...], seq: int, why: str
) -> None:
    change(filled, statement, *values)
    found = check_log(filled)
    assert (found.differs, found.why, found.whole) == (seq, why, seq - 1)


def test_a_log_written_anew_from_a_line_on_is_told_by_a_head_from_elsewhere(
    filled: Store, comment: Comment, tmp_path: Path
) -> None:
    """Whoever has the key can make another chain that holds by itself: what was told of the first one shows
    it."""
    head = filled.log_head()
    other = open_store(tmp_path / "other")
    other.commit(Write(0, [comment(n, pid=PID, text="换过") for n in range(40)]))
    other.commit(Write(40, [ruled(1), ruled(2), ruled(3), ruled(4)]))
    assert check_log(other).differs is None
    assert check_log(other, {head.seq: {head.link}}) == LogCheck(42, links_of(other)[41], 43, "another")
    assert check_log(other, {99: {head.link}})[2:] == (99, "missing"), "a log that was cut off"
    other.close()


def test_a_person_is_forgotten_and_the_chain_stays(filled: Store) -> None:
    before, before_seq = links_of(filled), filled.last_seq()
    filled.commit(Write(before_seq, forgetting=Forgetting(PID, events=[(2, b"{}")])))
    assert links_of(filled) == before
    assert check_log(filled).differs is None


def test_data_that_have_to_go_leave_their_hash(filled: Store) -> None:
    before = links_of(filled)
    filled.redact([(2, b'{"viewer":{"id":"' + PID.encode() + b'"},"text":""}'), (41, b"{}")])
    filled.redact([(41, b'{"text":""}')])
    assert b'"text":""' in filled.read(1, 1)[0]
    assert links_of(filled) == before
    assert check_log(filled).differs is None
    assert b"\xe5\xa4\x9a\xe5\xb0\x91" not in b"".join(e.data for e in filled.events_after(1) if e.seq == 2)


def test_twin_data_changed_without_a_word_break_the_chain(filled: Store) -> None:
    change(filled, "UPDATE event SET data = ? WHERE seq = 2", b"{}")
    assert check_log(filled).differs == 2


# Older logs -----------------------------------------------------------------------------------------


def unlinked(store: Store) -> list[str]:
    """As an older version left it; the links that it had."""
    had = links_of(store)
    change(store, "UPDATE event SET link = NULL")
    return had


@file_only
def test_an_older_log_is_linked_when_it_is_opened(filled: Store) -> None:
    had = unlinked(filled)
    with pytest.raises(StoreBroken):
        filled.commit(Write(43, [ruled(9)]))
    again = open_store(filled.folder)
    assert links_of(again) == had
    again.commit(Write(43, [ruled(9)]))
    assert check_log(again).differs is None
    assert link_older(again._file) == 0
    again.close()


@file_only
def test_linking_goes_on_where_it_was_broken_off(
    filled: CipherStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    had = unlinked(filled)
    monkeypatch.setattr(linking, "_PAGE", 10)
    put, pages = linking._put, 0

    def dies(*args: Any) -> int:
        nonlocal pages
        pages += 1
        if pages == 3:
            raise KeyboardInterrupt
        return put(*args)

    with monkeypatch.context() as patched:
        patched.setattr(linking, "_put", dies)
        with pytest.raises(KeyboardInterrupt):
            link_older(filled._file)
    assert [bool(link) for link in links_of(filled)] == [True] * 20 + [False] * 23
    assert link_older(filled._file) == 23
    assert links_of(filled) == had


# The command ----------------------------------------------------------------------------------------


def said(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    code = verify_log.run(["--data", str(folder), "--json", *more])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else {}


@file_only
def test_the_command_names_the_line(filled: Store, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = said(filled.folder, capsys)
    assert (code, told["events"], told["head"]) == (0, 43, filled.log_head().link)
    change(filled, "UPDATE event SET at = at - 1 WHERE seq = 17")
    code, told = said(filled.folder, capsys)
    assert (code, told["differs"], told["why"]) == (1, 17, "changed")
    assert verify_log.run(["--data", str(filled.folder)]) == 1
    assert "第 17 条" in capsys.readouterr().out


@file_only
def test_a_receipt_from_elsewhere_is_held_against_the_log(
    filled: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps({"chain": {"seq": 12, "head": links_of(filled)[11]}}), "utf-8")
    assert said(filled.folder, capsys, str(file))[0] == 0
    file.write_text(json.dumps({"chain": {"seq": 12, "head": links_of(filled)[12]}}), "utf-8")
    code, told = said(filled.folder, capsys, str(file))
    assert (code, told["differs"], told["why"]) == (1, 12, "another")
    file.write_text("{}", "utf-8")
    assert verify_log.run(["--data", str(filled.folder), str(file)]) == 2
    assert verify_log.run(["--data", str(tmp_path / "nowhere")]) == 2


def test_a_restored_log_is_the_same_chain(filled: Store, tmp_path: Path, kind: Kind) -> None:
    code = backup(filled, tmp_path / "b.lcbackup")
    kind.restore(tmp_path / "b.lcbackup", code, tmp_path / "new")
    again = kind.open(tmp_path / "new")
    assert links_of(again) == links_of(filled)
    again.close()


@file_only
def test_a_backup_says_where_its_log_ends(
    filled: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = filled.log_head()
    assert run_backup([str(tmp_path / "b.lcbackup"), "--data", str(filled.folder)]) == 0
    named = f"{head.seq}:{head.link}"
    assert named in capsys.readouterr().err
    filled.commit(Write(43, [ruled(9)]))
    assert said(filled.folder, capsys, "--head", named)[0] == 0
    assert said(filled.folder, capsys, "--head", f"42:{head.link}")[1]["why"] == "another"


def test_links_go_on_from_one_another() -> None:
    """`links` for many is `link` for each."""
    events: list[chain.ChainedEvent] = [(n, "x", n, "host", "", "", None) for n in range(1, 6)]
    data = [b"%d" % n for n in range(5)]
    found = [chain.BEGIN, *chain.links(chain.BEGIN, events, data)]
    for (before, own), line, one in zip(pairwise(found), chain.canonical(events), data, strict=True):
        assert own == chain.link(before, chain.data_hash(one), line)
