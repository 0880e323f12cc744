"""Money that is told in parts: with ids the parts add up, each once; without ids each telling is the whole so
far. Both may come of one order, in any order and any number of times, and the larger sum holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from liveconsole.messages.fields import FEN_MOST

PARTS_KEPT: Final = 200
"""Ids remembered of one order; of more the amounts still add up, but one that is told again counts again."""
_REST: Final = ""


class ToldAmount(Struct):
    whole_fen: int = 0
    """The largest that was told without an id."""
    parts: dict[str, int] = field(default_factory=dict)
    """id → 分, the largest that was told of it."""

    @property
    def fen(self) -> int:
        """The sum so far; beyond `FEN_MOST` no more is counted."""
        return min(max(self.whole_fen, sum(self.parts.values())), FEN_MOST)

    def told(self, fen: int, part_id: str | None) -> None:
        """Take one telling."""
        if part_id is None:
            self.whole_fen = max(self.whole_fen, fen)
        elif part_id in self.parts or len(self.parts) < PARTS_KEPT:
            self.parts[part_id] = max(self.parts.get(part_id, 0), fen)
        else:
            self.parts[_REST] = min(self.parts.get(_REST, 0) + fen, FEN_MOST)

    @classmethod
    def so_far(cls, fen: int) -> ToldAmount:
        """Go on from a sum whose parts are not known any more."""
        return cls(fen, {_REST: fen} if fen else {})


def spread(fen: int, weights: Sequence[int]) -> list[int]:
    """``fen`` shared by weight, the largest remainders getting the 分 that are left: adds up exactly.

    Where nothing weighs anything, the last share (what is not known) gets it all.
    """
    whole = sum(weights)
    if whole == 0:
        return [*([0] * (len(weights) - 1)), fen]
    shares = [fen * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(fen * weights[i] % whole), i))
    for i in by_remainder[: fen - sum(shares)]:
        shares[i] += 1
    return shares
