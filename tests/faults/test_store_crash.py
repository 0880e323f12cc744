"""kill -9 in the middle of commits: what was acknowledged is there, whole writes only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from liveconsole.store import open_store

# Acknowledges on stdout after each commit, until killed. With "early" it acknowledges before, as it must not.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from liveconsole.store import EventRow, Write, open_store

store = open_store(Path(sys.argv[1]))
early = sys.argv[2] == "early"
now = datetime.now(UTC)
seq = store.last_seq()
while True:
    rows = [EventRow("x", now, "producer", b'"%d"' % n, "/s", str(n)) for n in range(seq, seq + 40)]
    if early:
        print(seq + 40, flush=True)
    store.commit(Write(seq, rows, secrets={"acknowledged": b"%d" % (seq + 40)}))
    seq += 40
    if not early:
        print(seq, flush=True)
"""


def killed_after(folder: Path, lines: int, mode: str) -> int:
    """The last acknowledged seq of a writer that was killed after `lines` acknowledgements were read."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), mode], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        said += writer.stdout.readlines()
    return int([line for line in said if line.endswith(b"\n")][-1])


@pytest.mark.parametrize("lines", [1, 7, 60])
def test_nothing_acknowledged_is_lost_and_no_write_is_half_there(tmp_path: Path, lines: int) -> None:
    for _ in range(2):  # the second writer starts on what the first one's death left
        acknowledged = killed_after(tmp_path, lines, "after")
        store = open_store(tmp_path)
        last = store.last_seq()
        assert last >= acknowledged
        assert last % 40 == 0
        assert [e.seq for e in store.events_after(0)] == list(range(1, last + 1))
        assert store.secret("acknowledged") == b"%d" % last
        store.close()


def test_twin_acknowledged_before_the_commit_something_is_lost(tmp_path: Path) -> None:
    lost = False
    for attempt in range(20):
        acknowledged = killed_after(tmp_path / str(attempt), 1, "early")
        store = open_store(tmp_path / str(attempt))
        lost = store.last_seq() < acknowledged
        store.close()
        if lost:
            break
    assert lost
