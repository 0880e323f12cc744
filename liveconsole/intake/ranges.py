"""「1-20,33」: numbers of the cart as people write many of them. Pure."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from liveconsole.messages.text import folded_with_places

MOST_NUMBERS: Final = 1_000
_PIECE: Final = re.compile(r"[^,，、;；\s]+(?:\s*[-~至到—–]\s*[^,，、;；\s]+)*")
_ONE: Final = re.compile(r"(?:第|#|no\.?)?\s*(\d{1,6})\s*(?:号(?:链接|商品)?)?", re.ASCII)
_RANGE: Final = re.compile(
    r"(?:第|#)?\s*(\d{1,6})\s*号?\s*[-~至到—–]\s*(?:第|#)?\s*(\d{1,6})\s*(?:号(?:链接|商品)?)?", re.ASCII
)

REASONS: Final[dict[str, tuple[str, str]]] = {
    "unread": ("看不懂：{text}", "Cannot read: {text}"),
    "backwards": ("从大到小：{text}", "The wrong way round: {text}"),
    "zero": ("编号从 1 开始：{text}", "Numbers begin at 1: {text}"),
    "too_many": ("一次最多 1000 个", "1000 at most in one go"),
}


class BadPiece(Struct, frozen=True):
    """A piece that is no number: where it stands in the text, and why (``REASONS``)."""

    at: int
    text: str
    code: str

    def reason(self, *, english: bool = False) -> str:
        zh, en = REASONS[self.code]
        return (en if english else zh).format(text=self.text)


def numbers(text: str) -> tuple[list[int], list[BadPiece]]:
    """Every number once, in the order in which it was first said, and the pieces that could not be read."""
    folded, places = folded_with_places(text)
    found: dict[int, None] = {}
    wrong: list[BadPiece] = []
    for piece in _PIECE.finditer(folded):
        said = text[places[piece.start()] : places[piece.end()]].strip()
        at = places[piece.start()]
        one, many = _ONE.fullmatch(piece[0]), _RANGE.fullmatch(piece[0])
        if one is not None:
            first = last = int(one[1])
        elif many is not None:
            first, last = int(many[1]), int(many[2])
        else:
            wrong.append(BadPiece(at, said, "unread"))
            continue
        if first == 0:
            wrong.append(BadPiece(at, said, "zero"))
        elif last < first:
            wrong.append(BadPiece(at, said, "backwards"))
        elif len(found) + last - first + 1 > MOST_NUMBERS:
            wrong.append(BadPiece(at, said, "too_many"))
        else:
            found.update(dict.fromkeys(range(first, last + 1)))
    return list(found), wrong
