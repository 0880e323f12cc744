"""Money as people read it. Amounts are whole 分 everywhere; only here do they become text."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """``128000`` → ``¥1,280.00``: two places always, so that digits stand under digits."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}¥{whole:,}.{rest:02}"


def yuan_short(fen: int) -> str:
    """``128000`` → ``¥1,280``, ``9950`` → ``¥99.50``: for labels where room is dear."""
    text = yuan(fen)
    return text[:-3] if text.endswith(".00") else text
