"""Rows of a section as they went out last, and the revisions of it that a reader may still hold. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import msgspec
from msgspec import Struct

REVISIONS_KEPT: Final = 64
_ROWS_KEPT: Final = 20_000
"""Of all revisions together, so that a catalogue of thousands is remembered a few times only."""
_encode = msgspec.json.Encoder().encode

Rows = dict[str, bytes]
"""id → its row as JSON, in the order of the section."""


def revision_of(fragment: bytes) -> int:
    """Return the number that stands for these bytes, the same in every engine: 48 bits, exact in any JSON
    reader."""
    return int.from_bytes(blake2b(fragment, digest_size=6).digest(), "big")


class Fragment(Struct, frozen=True):
    """A section as it stands in a body: ``"key":value`` of each of its keys, and the revision of that."""

    body: bytes
    revision: int

    @classmethod
    def after(cls, before: Fragment | None, **values: bytes) -> Fragment:
        """Of these values as JSON; the one before where it is the same."""
        body = b",".join(b'"%b":%b' % (key.encode(), value) for key, value in values.items())
        return before if before is not None and before.body == body else cls(body, revision_of(body))


class KeptRevisions:
    """The rows of the last revisions, as digests: what a difference is told against."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, dict[str, int]] = OrderedDict()
        self._rows = 0

    def keep(self, revision: int, rows: Rows) -> None:
        """This is what it stands at now."""
        known = self._kept.pop(revision, None)
        if known is None:
            known = {id_: hash(row) for id_, row in rows.items()}
            self._rows += len(known)
        self._kept[revision] = known
        while len(self._kept) > REVISIONS_KEPT or (self._rows > _ROWS_KEPT and len(self._kept) > 1):
            _, oldest = self._kept.popitem(last=False)
            self._rows -= len(oldest)

    def difference(self, revision: int, rows: Rows) -> bytes | None:
        """``{"rows", "gone"}`` that makes these rows of those of ``revision``, in this order; None where that
        one is forgotten, or the order cannot be told so."""
        before = self._kept.get(revision)
        if before is None:
            return None
        if [id_ for id_ in before if id_ in rows] + [id_ for id_ in rows if id_ not in before] != list(rows):
            return None
        moved = [row for id_, row in rows.items() if before.get(id_) != hash(row)]
        gone = [id_ for id_ in before if id_ not in rows]
        return b'{"rows":%b,"gone":%b}' % (array(moved), _encode(gone))


def array(rows: Sequence[bytes]) -> bytes:
    """Rows that are JSON already, as one array."""
    return b"[%b]" % b",".join(rows)
