"""Pictures that load at once: flat surfaces and type need a palette, not millions of colours."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

_COLOURS, _FREQUENT = 256, 150


def save(picture: QImage, file: Path) -> None:
    """Write it with the colours it has most of; any other becomes the nearest of those. Raises OSError."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    table = _table(Counter(memoryview(plain.constBits()).cast("I")))
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    few = plain.convertToFormat(QImage.Format.Format_Indexed8, table, flags)
    if not few.save(str(file), "PNG", 0):  # type: ignore[call-overload]
        raise OSError(f"{file} could not be written")


def _table(seen: Counter[int]) -> list[int]:
    """The most frequent ones, then of what is left one of every shade, so that small things keep theirs."""
    table = [colour for colour, _ in seen.most_common(_FREQUENT)]
    have = {_shade(colour) for colour in table}
    shades: dict[int, Counter[int]] = {}
    for colour, count in seen.items():
        if _shade(colour) not in have:
            shades.setdefault(_shade(colour), Counter())[colour] = count
    rest = sorted(shades.values(), key=lambda shade: -shade.total())
    table += [shade.most_common(1)[0][0] for shade in rest[: _COLOURS - len(table)]]
    more = (colour for colour, _ in seen.most_common(_COLOURS * 2) if colour not in table)
    return table + list(islice(more, _COLOURS - len(table)))


def _shade(colour: int) -> int:
    return colour & 0xF0F0F0
