"""What PostgreSQL and its driver say, as what it comes to for a room (`errors.error_of`)."""

from __future__ import annotations

from typing import Final

import psycopg

from liveconsole.store.errors import Cause, StoreError, error_of

_CAUSES: Final[dict[str, Cause]] = {
    "08": "away",  # connection exceptions
    "22": "bug",  # a value that it does not take
    "23": "bug",  # one that breaks a law of the tables; what the log's own laws mean is known before this
    "25006": "read_only",  # a copy that follows another server, or one that was set so
    "25P03": "away",  # it ended a transaction that waited for us
    "25P04": "away",
    "28": "no_rights",  # who we are, or our password
    "3D000": "away",  # no such database
    "3F000": "not_ours",
    "40": "busy",  # deadlocks and the like
    "42501": "no_rights",
    "42703": "not_ours",  # a column
    "42883": "not_ours",  # a function
    "42P01": "not_ours",  # a table
    "53": "server_full",
    "53100": "disk_full",
    "54": "bug",  # more than an index or a statement takes
    "55": "busy",
    "57": "away",  # it goes down, comes up, or somebody ended the connection
    "57014": "busy",  # by its own limit of time; a question that we ended ourselves is another thing
    "58": "io_error",
    "XX000": "unsure",
    "XX001": "damaged",
    "XX002": "damaged",
}
"""SQLSTATE, whole or its class → what it comes to; whatever is not here is a bug."""
_ENDED: Final = "57014"
_AT_THE_DOOR: Final[tuple[tuple[str, Cause], ...]] = (
    ("too many connections", "server_full"),
    ("too many clients", "server_full"),
    ("connection slots are reserved", "server_full"),
    ("authentication failed", "no_rights"),
    ("no password supplied", "no_rights"),
    ("no pg_hba.conf entry", "no_rights"),
    ("permission denied", "no_rights"),
    ("is not permitted to log in", "no_rights"),
    ("session is read-only", "read_only"),  # where the address asks for one that writes
)
"""What the driver passes on of a connection that was refused: a server's words alone, without their state.
In another language than English it is ``away``, with those words behind it."""


def cause_of(error: BaseException | None) -> Cause:
    """Return what one of psycopg's errors comes to. Without a state it is of the connection itself."""
    state = getattr(error, "sqlstate", None) or ""
    if state:
        return _CAUSES.get(state) or _CAUSES.get(state[:2], "bug")
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return "bug"
    said = str(error)
    return next((cause for words, cause in _AT_THE_DOOR if words in said), "away")


def was_ended(error: BaseException | None) -> bool:
    """Tell whether an error, of psycopg or around one, says that a statement ran for longer than it may."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) == _ENDED


def told(error: BaseException | None) -> StoreError:
    """Return the store's own error for one of psycopg's."""
    return error_of(cause_of(error), str(error).strip() or type(error).__name__, "database")
