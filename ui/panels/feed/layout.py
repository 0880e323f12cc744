"""Where the texts of a feed row stand: data in, rectangles out. `paint` paints them, tests look at them.

A row is measured once and laid out again only where its width, its badges or its sentence change.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption

from ui import theme
from ui.clean import is_ordinary
from ui.widgets.cut import elided

Badges = list[tuple[str, str]]
"""Words and tones."""

LINES_MOST: Final = 3
"""A longer comment is cut, and stands whole in its tip."""
_HIGH: Final = 1.46
"""A row of one line, in heights of a line."""
_SIDE: Final = 0.95
"""The margin with the signs, in heights of a line."""
_NARROW: Final = 15
"""A view of fewer characters leaves the clock out: what was said is worth more."""
_NAME: Final = 3
"""The longest name takes one in so many of the width; of orders, where the names are news, one in two."""
_WORDS: Final = 5
"""What was said has so much room beside its name and badges, in heights of a line, or stands under them."""
_THIN: Final = 3
"""Pixels of the thinnest letter that is reckoned with: a text of thinner ones is cut sooner."""
_GAP: Final = 8
_BADGE: Final = 10
_TIMES: Final = 14


class RowWords(Struct):
    """What a row says. ``end`` stands at the right edge."""

    clock: str = ""
    name: str = ""
    badges: Badges = []
    text: str = ""
    end: str = ""
    counted: bool = False
    """Its right edge is kept free, whether anything stands there yet or not."""
    named: bool = False
    """Its name is what it tells, as of orders."""
    muted: bool = False
    """What it says stands for a text that is kept back."""


class LaidText(Struct, gc=False):
    """One text of a row, in pixels from the row's own corner."""

    text: str
    lines: tuple[str, ...]
    """As they are painted; the last may be cut."""
    left: int
    top: int
    wide: int
    high: int
    full: bool = True
    """Whether nothing of it is cut."""

    def rect(self, at: QPoint) -> QRect:
        """Where it stands when the row's corner is ``at``."""
        return QRect(at.x() + self.left, at.y() + self.top, self.wide, self.high)


class LaidRow(Struct):
    """A row that is laid out. ``lines``: of its text."""

    high: int
    lines: int
    clock: LaidText | None
    name: LaidText | None
    badges: list[tuple[LaidText, str]]
    """With their tones."""
    said: LaidText

    def texts(self) -> list[LaidText]:
        """All of them, from left to right."""
        parts = [self.clock, self.name, *(badge for badge, _ in self.badges), self.said]
        return [part for part in parts if part is not None and part.text]


class RowSizes:
    """The theme's fonts and what follows from them; made anew when it changes."""

    def __init__(self) -> None:
        self.font, self.small = theme.font("base"), theme.font("small")
        self.metrics, self.small_metrics = QFontMetrics(self.font), QFontMetrics(self.small)
        self.line = self.metrics.height()
        self.row = round(self.line * _HIGH)
        self.side = round(self.line * _SIDE)
        self.clock = self.small_metrics.horizontalAdvance("00:00") + _GAP
        self._widest = max(map(self.metrics.horizontalAdvance, "宽W—"))

    def high(self, lines: int) -> int:
        """Of a row whose text has so many lines."""
        return self.row + (lines - 1) * self.line

    def fits(self, text: str, room: int) -> bool:
        """Whether it surely fits in one line; measured only where its letters could be too many."""
        if len(text) * self._widest <= room and is_ordinary(text):
            return True
        return len(text) <= room and self.metrics.horizontalAdvance(text) <= room


def lay_out(words: RowWords, width: int, end: int, sizes: RowSizes, lines: int = 0) -> LaidRow:
    """Lay a row out for a view of ``width`` whose texts end at ``end``, where what counts begins.

    ``lines``: as many as it had when it came into sight, whatever its words are now; 0: as many as it needs.
    """
    narrow = width < _NARROW * sizes.line
    x = sizes.side + (0 if narrow else sizes.clock)
    badges = [
        (word, tone, sizes.small_metrics.horizontalAdvance(word) + _BADGE) for word, tone in words.badges
    ]
    most = (end - x) // (2 if words.named else _NAME)
    name = _cut(words.name, most, sizes)
    name_wide = sizes.metrics.horizontalAdvance(name)
    head = x + (name_wide + _GAP if name_wide else 0)
    left = head + sum(wide + _GAP for _, _, wide in badges)
    most = lines or LINES_MOST
    over = 1 if most > 1 and _crowded(words, left, end, width, sizes) and left > x else 0
    if over:
        left = x
    elif most == 1:  # came into sight before its badges did: the first ones go, what is wrong with it stays
        while len(badges) > 1 and _crowded(words, left, end, width, sizes):
            left -= badges.pop(0)[2] + _GAP
    room = max(sizes.line, end - left)
    edge = width - sizes.side - left
    if not words.end and sizes.fits(words.text, edge):
        said, full, room = _whole(words.text), True, edge  # what counts up later is worth a few letters of it
    else:
        said, full = _broken(words.text, room, most - over, sizes)
    high = sizes.high(lines or over + len(said))
    top, tall = (high - (over + len(said)) * sizes.line) // 2, len(said) * sizes.line
    head_at = (top, sizes.line) if over else (0, high)
    return LaidRow(
        high,
        lines or over + len(said),
        None if narrow else _line(words.clock, words.clock, sizes.side, sizes.clock - _GAP, *head_at),
        _line(words.name, name, x, name_wide, *head_at) if name_wide else None,
        _badges(badges, head, *head_at),
        LaidText(words.text, said, left, top + over * sizes.line, room, tall, full),
    )


def _crowded(words: RowWords, left: int, end: int, width: int, sizes: RowSizes) -> bool:
    """Whether so little room is left for what was said that nobody could read it."""
    if end - left >= _WORDS * sizes.line:
        return False
    return not sizes.fits(words.text, end - left if words.end else width - sizes.side - left)


def lay_end(text: str, width: int, high: int, sizes: RowSizes) -> LaidText:
    """What stands at the right edge, in the middle of the row."""
    wide = sizes.small_metrics.horizontalAdvance(text) + _TIMES
    return _line(text, text, width - sizes.side + 6 - wide, wide, 0, high)


def end_room(widest: str, sizes: RowSizes) -> int:
    """What is kept free for it, whether there is one or not, so that a repeat moves no text."""
    return sizes.small_metrics.horizontalAdvance(widest) + _TIMES + sizes.side - 6 + _GAP // 2


def _whole(text: str) -> tuple[str, ...]:
    return (text,)


def _line(text: str, shown: str, left: int, wide: int, top: int, high: int) -> LaidText:
    return LaidText(text, (shown,), left, top, wide, high, shown == text)


def _badges(badges: list[tuple[str, str, int]], x: int, top: int, high: int) -> list[tuple[LaidText, str]]:
    found = []
    for word, tone, wide in badges:
        found.append((_line(word, word, x, wide, top, high), tone))
        x += wide + _GAP
    return found


def _cut(text: str, room: int, sizes: RowSizes) -> str:
    if sizes.fits(text, room):
        return text
    return elided(text[: max(8, room)], sizes.metrics, room)


def _broken(text: str, room: int, most: int, sizes: RowSizes) -> tuple[tuple[str, ...], bool]:
    """A text in at most so many lines, and whether that is all of it."""
    if sizes.fits(text, room):
        return (text,), True
    if most == 1:
        return (_cut(text, room, sizes),), False
    found, begin, end = [], 0, 0
    for begin, end in _lines(text[: most * max(8, room // _THIN)], room, most, sizes.font):
        found.append(text[begin:end].rstrip())
    if end < len(text):
        found[-1] = _cut(text[begin:], room, sizes)
    return tuple(found), end >= len(text)


def _lines(text: str, room: int, most: int, font: QFont) -> list[tuple[int, int]]:
    """Where its first lines begin and end, as the rules of its script break them."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.beginLayout()
    found: list[tuple[int, int]] = []
    while len(found) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        found.append((line.textStart(), line.textStart() + line.textLength()))
    layout.endLayout()
    return found
