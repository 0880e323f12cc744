"""Names come in on the way out. The log holds pids only; what leaves the house shows outside ids and names.

Pure, and on bytes: a line of the log is never parsed for this. It rests on two things: the JSON is compact,
as ``msgspec.json.encode`` writes it, and inside a JSON string every quote is escaped, so that no text of a
viewer can look like a key or an element.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

_PERSON: Final = re.compile(rb'"(p[0-9a-f]{20})"')
_MAYBE: Final = b'"p'
_EMPTY_NAME: Final = b',"name":""'
_NAMED: Final = frozenset({b"id", b"viewer_id", b"buyer_id"})
"""Keys of an object that shows a person: a name goes behind."""
_BARE: Final = frozenset({b"pid", b"next", b"viewer", b"buyer"})
"""Keys whose value is a person's id alone."""

Names = Mapping[str, tuple[str, str]]
_encode = msgspec.json.Encoder().encode


def pids_in(lines: Iterable[bytes]) -> set[str]:
    """Return every pid that stands in these lines as a JSON string: what to ask names for."""
    found: set[bytes] = set()
    for line in lines:
        if _MAYBE in line:
            found.update(_PERSON.findall(line))
    return {pid.decode() for pid in found}


def shown(line: bytes, names: Names) -> bytes:
    """``line`` as the outside may see it. ``names``: pid → (outside id, name).

    ``{"id": pid}`` (also ``viewer_id``, ``buyer_id``) gets the outside id and a ``name`` behind it; a pid
    elsewhere is replaced where a pid may stand (``pid``, ``next``, ``viewer``, ``buyer``, array elements,
    keys). A person who is not in ``names`` was forgotten: the pid stays, the name is "".
    """
    if _MAYBE not in line:
        return line

    parts: list[bytes] = []
    done = 0
    for match in _PERSON.finditer(line):
        start, end = match.span()
        before, after = line[start - 1 : start], line[end : end + 1]
        key = line[line.rfind(b'"', 0, start - 2) + 1 : start - 2] if before == b":" else b""
        named = key in _NAMED
        element_or_key = before in b"[,{" and after in b",]:"
        if not (named or element_or_key or key in _BARE):
            continue
        pid = match[1].decode()
        outside, name = names.get(pid) or (pid, "")
        parts += (line[done:start], _encode(outside))
        done = end
        if named:
            parts += (b',"name":', _encode(name))
            if line.startswith(_EMPTY_NAME, end):
                done += len(_EMPTY_NAME)
    parts.append(line[done:])
    return b"".join(parts)
