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

_PID: Final = rb"p[0-9a-f]{20}"
_ANY: Final = re.compile(rb'"(' + _PID + rb')"')
_PLACES: Final = re.compile(
    # an object of a person: its id, and the name right behind it where an empty one stands there
    rb'"(?P<key>id|viewer_id|buyer_id)":"(?P<named>' + _PID + rb')"(?:,"name":"")?'
    # a person by id alone: a value of its own, an element of an array, or a key
    rb'|(?P<before>"(?:pid|next|viewer|buyer)":|[\[,])"(?P<bare>' + _PID + rb')"(?=[,\]}])'
    rb'|(?P<open>[{,])"(?P<owner>' + _PID + rb')":'
)
_MAYBE: Final = b'"p'

Names = Mapping[str, tuple[str, str]]
_encode = msgspec.json.Encoder().encode


def pids_in(lines: Iterable[bytes]) -> set[str]:
    """Every pid that stands in these lines as a JSON string: what to ask names for."""
    found: set[bytes] = set()
    for line in lines:
        if _MAYBE in line:
            found.update(_ANY.findall(line))
    return {pid.decode() for pid in found}


def shown(line: bytes, names: Names) -> bytes:
    """``line`` as the outside may see it. ``names``: pid → (outside id, name).

    ``{"id": pid}`` (also ``viewer_id``, ``buyer_id``) gets the outside id and a ``name`` behind it; a pid
    elsewhere is replaced where a pid may stand (``pid``, ``next``, ``viewer``, ``buyer``, array elements,
    keys). A person who is not in ``names`` was forgotten: the pid stays, the name is "".
    """
    if _MAYBE not in line:
        return line

    def put(match: re.Match[bytes]) -> bytes:
        named = match["named"]
        if named is not None:
            pid = named.decode()
            outside, name = names.get(pid) or (pid, "")
            return b'"%b":%b,"name":%b' % (match["key"], _encode(outside), _encode(name))
        bare = match["bare"]
        pid = (bare or match["owner"]).decode()
        outside = (names.get(pid) or (pid, ""))[0]
        if bare is not None:
            return match["before"] + _encode(outside)
        return match["open"] + _encode(outside) + b":"

    return _PLACES.sub(put, line)
