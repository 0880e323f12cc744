"""The configuration of a broker that lets each key do what its role may and nothing else. Pure.

Each room is an account of its own: whatever its users may publish, nothing of it is in another room's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from liveconsole.bus.nats.keys import is_public
from liveconsole.bus.nats.subjects import Rights, rights_of_engine, rights_of_seat, token_of

PAYLOAD_MOST: Final = 5 * 1024 * 1024
"""One message: a picture of 4 MiB travels whole, everything that the engine says is cut at 512 KiB."""
PENDING_MOST: Final = 64 * 1024 * 1024
"""What may wait at the broker for one that listens too slowly; then it is cut off, and reads the gap."""
WRITE_SECONDS: Final = 10
CONNECTIONS_MOST: Final = 4_096
SUBSCRIPTIONS_MOST: Final = 32
"""Of one connection."""
ANSWER_SECONDS: Final = 30
"""So long an engine may answer what it was asked."""
_WRITTEN: Final = "# Written by `liveconsole nats`. What is changed here by hand is written over.\n"
RELOAD_RIGHTS: Final = Rights(("$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.*.RELOAD"), ("_INBOX_reload.>",))
"""Of the key that lets a changed configuration be read again; it sees and says nothing of any room."""


class SeatUser(NamedTuple):
    """A seat as the broker knows it."""

    key: str
    role: str
    seat: str


def broker_text(*, address: str, port: int, certificate: str, reload_key: str, rooms: Iterable[str]) -> str:
    """Return the broker's own file. ``certificate``: the file with its key and certificate. ``rooms``: names
    of the files beside it."""
    includes = "".join(f"  include {_quoted(f'rooms/{name}')}\n" for name in sorted(rooms))
    return (
        _WRITTEN
        + f"listen: {_quoted(f'{address}:{port}')}\n"
        + 'server_name: "liveconsole"\n'
        + f"max_payload: {PAYLOAD_MOST}\n"
        + f"max_pending: {PENDING_MOST}\n"
        + f"max_connections: {CONNECTIONS_MOST}\n"
        + f"max_subscriptions: {SUBSCRIPTIONS_MOST}\n"
        + f'write_deadline: "{WRITE_SECONDS}s"\n'
        + 'ping_interval: "20s"\nping_max: 2\n'
        + "tls {\n"
        + f"  cert_file: {_quoted(certificate)}\n  key_file: {_quoted(certificate)}\n"
        + '  min_version: "1.2"\n  handshake_first: true\n  timeout: 5\n}\n'
        + "authorization { timeout: 5 }\n"
        + 'system_account: "SYS"\n'
        + "accounts {\n"
        + f"  SYS {{ users: [\n{_user(reload_key, RELOAD_RIGHTS)}  ] }}\n"
        + includes
        + "}\n"
    )


def room_text(room: str, engines: Sequence[str], seats: Iterable[SeatUser], taken: Iterable[str] = ()) -> str:
    """Return the users of a room.

    ``engines``: keys of who may lead it; ``taken``: those that stand elsewhere in the configuration. A key
    that is none, or stands there twice, is left out: one wrong line would take the whole broker down.
    """
    lines, seen = [], set(taken)
    for key in engines:
        if is_public(key) and key not in seen:
            seen.add(key)
            lines.append(_user(key, rights_of_engine(room)))
    for seat in seats:
        if is_public(seat.key) and seat.key not in seen:
            seen.add(seat.key)
            lines.append(_user(seat.key, rights_of_seat(room, seat.role, seat.seat)))
    return f"{_WRITTEN}{_quoted(f'room-{token_of(room)}')}: {{ users: [\n{''.join(lines)}] }}\n"


def _user(key: str, rights: Rights) -> str:
    answers = ""
    if rights.answers:
        answers = f', allow_responses: {{ max: {rights.answers}, expires: "{ANSWER_SECONDS}s" }}'
    return (
        f"    {{ nkey: {key}, permissions: {{ publish: {{ allow: {_list(rights.publish)} }},"
        f" subscribe: {{ allow: {_list(rights.subscribe)} }}{answers} }} }}\n"
    )


def _list(subjects: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(subject) for subject in subjects) + "]"


def _quoted(text: str) -> str:
    """The broker knows no escape like ``\\u5f20``: a folder of somebody called 张 stands there as it is."""
    return json.dumps(text, ensure_ascii=False)
