"""The newest event that the log has of one source, for a program that goes on where it ended."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.joining import Checkpoint
from liveconsole.store.port import Link
from liveconsole.store.rows import moment

SPAN: Final = 25_000
"""Events from the newest on that are looked at: no reader of the log waits long behind it."""
_NAMED = "SELECT id FROM source WHERE name = ?"
_LAST = "SELECT coalesce(max(seq), 0) FROM event"
# Without the sign SQLite would gather all that the source ever told, to order it.
_NEWEST = (
    "SELECT e.seq, e.input_id, e.at FROM event e WHERE e.seq >= ? AND +e.source_id = ?"
    " ORDER BY e.seq DESC LIMIT 1"
)


class SourceEnds:
    """The part of a reader that knows sources."""

    _file: Link

    def newest_of(self, source: str) -> Checkpoint:
        """Return where a source ends in the log, at most `SPAN` events back."""
        with self._file.reading() as c:
            known = c.exec_driver_sql(_NAMED, (source,)).scalar()
            if known is None:
                return Checkpoint(source, why="never")
            start = max(1, int(c.exec_driver_sql(_LAST).scalar_one()) - SPAN + 1)
            found = c.exec_driver_sql(_NEWEST, (start, known)).first()
        if found is not None:
            return Checkpoint(source, found[0], found[1], moment(found[2]))
        return Checkpoint(source, why="long_ago" if start > 1 else "never", looked_from=start)
