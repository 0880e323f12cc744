"""The log for who may see no names: that something happened, and nothing of what was said in it."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import msgspec

from liveconsole.bus.port import Follower

COMMENT: Final = "comment.posted"
SKIPPED: Final = "stream.skipped"


class _Head(msgspec.Struct, gc=False):
    """All that is kept of a line."""

    type: str
    seq: int = 0
    at: str = ""
    data: msgspec.Raw = msgspec.Raw(b"{}")


class _PlainLine(msgspec.Struct, gc=False):
    seq: int
    type: str
    at: str


_read = msgspec.json.Decoder(_Head).decode
_encode = msgspec.json.Encoder().encode


class PlainFollower:
    """Follows for a reader that sees ``seq``, ``type`` and ``at`` of each event, and of comments their
    number."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower

    async def batch(self) -> list[bytes] | None:
        """Return the next lines; None when it is over."""
        lines = await self._follower.batch()
        return None if lines is None else plain(lines)

    def close(self) -> None:
        """Stop following."""
        self._follower.close()


def plain(lines: list[bytes]) -> list[bytes]:
    """Return a frame's lines without anything that names somebody. Comments are left out and counted, with
    the seqs that the frame stands for, so that a reader goes on behind its last one."""
    counts: Counter[str] = Counter()
    first = last = 0
    kept: list[bytes] = []
    for line in lines:
        head = _read(line)
        if head.type == SKIPPED:
            said: dict[str, Any] = msgspec.json.decode(head.data)
            counts.update(said["counts"])
            first, last = first or said["from"], max(last, said["to"])
            continue
        if head.seq:
            first, last = first or head.seq, max(last, head.seq)
        if head.type == COMMENT:
            counts[COMMENT] += 1
        else:
            kept.append(_encode(_PlainLine(head.seq, head.type, head.at)))
    if not counts:
        return kept
    data = {"from": first, "to": last, "counts": dict(counts)}
    return [_encode({"type": SKIPPED, "data": data}), *kept]
