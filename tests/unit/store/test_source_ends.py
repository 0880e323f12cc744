"""Up to where the log has a source, by a look that has a bound, on both stores."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liveconsole.messages.joining import Checkpoint
from liveconsole.store import EventRow, Store, Write, source_ends

Make = Callable[..., EventRow]


def _put(store: Store, rows: list[EventRow]) -> None:
    store.commit(Write(expected_seq=store.last_seq(), events=rows, persons={}))


def test_it_is_the_newest_of_its_own_and_of_nobody_else_s(store: Store, comment: Make) -> None:
    # Ids that do not grow as they are written: 9 stands behind 10 in an index.
    _put(store, [comment(n, source="/a" if n % 2 else "/a/b") for n in range(1, 12)])
    _put(store, [comment(0, source="/b")])
    with_reader = store.open_reader()
    try:
        ended = with_reader.newest_of("/a")
        assert (ended.seq, ended.id, ended.why) == (11, "11", "")
        assert ended.at == comment(0).at
        assert with_reader.newest_of("/a/b").id == "10"
        assert with_reader.newest_of("/b").seq == 12
        assert with_reader.newest_of("/never") == Checkpoint("/never", why="never")
        assert with_reader.newest_of("' OR 1=1 --").why == "never"
    finally:
        with_reader.close()


def test_what_is_long_past_is_said_to_be_unknown_and_not_to_be_nothing(
    store: Store, comment: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_ends, "SPAN", 10)
    _put(store, [comment(0, source="/old"), *(comment(n, source="/new") for n in range(1, 10))])
    reader = store.open_reader()
    try:
        assert reader.newest_of("/old").seq == 1, "it is the tenth from the end"
        _put(store, [comment(10, source="/new")])
        assert reader.newest_of("/old") == Checkpoint("/old", why="long_ago", looked_from=2)
    finally:
        reader.close()
