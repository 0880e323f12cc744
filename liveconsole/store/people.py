"""Names come in on the way out. The log holds pids only; what leaves the house shows outside ids and names.

Pure, and on bytes: a line of the log is never parsed for this. It rests on two things: the JSON is compact,
as ``msgspec.json.encode`` writes it, and inside a JSON string every quote is escaped, so that no text of a
viewer can look like a key or an element.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

import msgspec

from liveconsole.domain.room import Room
from liveconsole.messages.events import EVENTS
from liveconsole.messages.fields import FORGOTTEN
from liveconsole.messages.persons import Places, places_of

_PERSON: Final = re.compile(rb'"(p[0-9a-f]{20})"')
_MAYBE: Final = b'"p'
_EMPTY_NAME: Final = b',"name":""'
_NAMED: Final = frozenset({b"id", b"viewer_id", b"buyer_id"})
"""Keys of an object that shows a person: a name goes behind."""

Names = Mapping[str, tuple[str, str]]
_NOBODY: Final = (FORGOTTEN, FORGOTTEN)
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
    elsewhere is replaced where a pid may stand (fields that are declared so, array elements, keys). Of a
    person who is not in ``names`` both are `FORGOTTEN`.
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
        if not (named or element_or_key or key in _bare()):
            continue
        pid = match[1].decode()
        outside, name = names.get(pid, _NOBODY)
        parts += (line[done:start], _encode(outside))
        done = end
        if named:
            parts += (b',"name":', _encode(name))
            if line.startswith(_EMPTY_NAME, end):
                done += len(_EMPTY_NAME)
    parts.append(line[done:])
    return b"".join(parts)


def _keys(places: Places | None, key: str = "") -> Iterator[str]:
    """Keys under which a person's id stands alone."""
    if places is None:
        return
    if places.kind in ("pid", "id", "kept_id"):
        yield key
    for name, inner in places.fields.items():
        yield from _keys(inner, name)
    for each in (places.each, *places.at):
        yield from _keys(each)


@cache
def _bare() -> frozenset[bytes]:
    """Keys under which a pid may stand alone, read from the types: what a new one calls a person is shown as
    all others. Read when somebody is shown first: it takes 60 ms, which most programs never need."""
    shapes = (*EVENTS.values(), Room)
    return frozenset(key.encode() for shape in shapes for key in _keys(places_of(shape)) if key) | {b"pid"}
