"""分 as 元 without sign or separator: the one place where an amount's digits are made."""

from __future__ import annotations


def plain_yuan(fen: int) -> str:
    """``128000`` → ``1280.00``: as a person types it at a platform, and as refusals say it."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
