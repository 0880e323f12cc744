"""Why nothing is written, in words: by the store's word for it (`store.errors.PASSING`), which stands first
in what it says."""

from __future__ import annotations

from typing import Final

WRITE_REASONS: Final[dict[str, tuple[str, str]]] = {
    "disk_full": ("磁盘满了", "the disk is full"),
    "read_only": (
        "那里只能读：只读的磁盘，或者是跟随别的服务器的只读数据库",
        "it can only be read: a read-only disk, or a database that follows another server",
    ),
    "busy": ("被别的程序占着，或者太慢", "another program holds it, or it is too slow"),
    "io_error": ("磁盘出错", "the disk fails"),
    "away": ("连不上数据库", "the database is not reached"),
    "no_rights": (
        "数据库不让我们做：看账号、密码和权限",
        "the database does not let us: see to role, password and rights",
    ),
    "server_full": ("数据库没有空余的连接或内存了", "the database has no connection or memory left"),
    "closed": ("换成别的引擎在带这个直播间", "another engine leads the room"),
}
"""reason → (zh, en)"""
_SAID_LONG: Final = 160


def why_unwritten(detail: str, *, english: bool) -> str:
    """Return it in words, with what the system said behind them; of what is no such reason the same again."""
    reason, _, said = detail.partition(": ")
    words = WRITE_REASONS.get(reason)
    if words is None:
        return detail
    said = _short(said)
    if not said:
        return words[english]
    return f"{words[english]} ({said})" if english else f"{words[english]}（{said}）"


def why_in_both(detail: str) -> str:
    """Return it in both languages, for a line of a command; what the system said stands once, behind them."""
    reason, _, said = detail.partition(": ")
    if reason not in WRITE_REASONS:
        return detail
    words = " / ".join(WRITE_REASONS[reason])
    said = _short(said)
    return f"{words} ({said})" if said else words


def _short(said: str) -> str:
    return " ".join(said.split())[:_SAID_LONG]
