"""A store in a folder of its own, and rows to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from liveconsole.store import EventRow, Store
from tests import stores

NOW = datetime(2026, 11, 22, 9, 0, 0, 123_456, tzinfo=UTC)


file_only = pytest.mark.parametrize("kind", ["sqlcipher"], indirect=True)
"""For a test of what only a file has: its key over all of it, its pages, its -wal file."""


@pytest.fixture(params=stores.KINDS)
def kind(request: pytest.FixtureRequest) -> stores.Kind:
    """How a store is opened in a folder: the same test runs on every kind there is."""
    return stores.kind_of(request.param)


@pytest.fixture
def store(tmp_path: Path, kind: stores.Kind) -> Iterator[Store]:
    opened = kind.open(tmp_path / "room")
    yield opened
    opened.close()


@pytest.fixture
def comment() -> Callable[..., EventRow]:
    """Make a comment's row: number, and what shall differ."""

    def make(
        number: int, *, pid: str = "p" + "0" * 20, source: str = "/tape/a", text: str = "多少钱"
    ) -> EventRow:
        data = f'{{"viewer":{{"id":"{pid}"}},"text":"{text}"}}'.encode()
        digest = number.to_bytes(16, "big")
        return EventRow(
            "comment.posted", NOW, "producer", data, source, str(number), "2026-11-22T17:00:00+08:00", digest
        )

    return make
