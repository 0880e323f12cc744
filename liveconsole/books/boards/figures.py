"""What a shop measures its boards by: an editable file (``seller/boards.toml``; the data folder's own copy
wins)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.paths import own_folders
from liveconsole.respath import resources

FOLDER: Final = "seller"
FILE: Final = "boards.toml"

_Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class BadBoardFigures(ValueError):
    """A file that cannot be used; the text says where."""


class ThresholdFigures(Struct, frozen=True, forbid_unknown_fields=True):
    low_percent: _Percent
    high_percent: _Percent
    broadcasts: Annotated[int, msgspec.Meta(ge=1, le=30)]
    least_orders: _Count


class MixFigures(Struct, frozen=True, forbid_unknown_fields=True):
    """Parts of the minutes."""

    explain: _Percent
    proof: _Percent
    benefit: _Percent


class LineFigures(Struct, frozen=True, forbid_unknown_fields=True):
    finished_3min_percent: _Percent
    likes_percent: _Percent
    good_comments_percent: _Percent
    shared_percent: _Percent
    clip_visitors_percent: _Percent
    clip_roi_times: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 5


class ScoreFigures(Struct, frozen=True, forbid_unknown_fields=True):
    broadcasts: Annotated[int, msgspec.Meta(ge=1, le=30)]


class StockFigures(Struct, frozen=True, forbid_unknown_fields=True):
    z: Annotated[float, msgspec.Meta(ge=0, le=5)]
    sigma_days: Annotated[int, msgspec.Meta(ge=7, le=90)]
    average_days: Annotated[int, msgspec.Meta(ge=7, le=90)]
    unsold_days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    weeks: Annotated[int, msgspec.Meta(ge=1, le=13)]
    low_percent: _Percent
    very_low_percent: _Percent


class SwitchbackFigures(Struct, frozen=True, forbid_unknown_fields=True):
    enough: Annotated[int, msgspec.Meta(ge=2, le=100)]


class BoardFigures(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    checked: date
    source: str
    threshold: ThresholdFigures
    mix: MixFigures
    lines: LineFigures
    scores: ScoreFigures
    stock: StockFigures
    switchback: SwitchbackFigures


def parse(text: str) -> BoardFigures:
    """
    Raises:
        BadBoardFigures: it is no TOML, or a figure is none.
    """
    try:
        return msgspec.convert(tomllib.loads(text), BoardFigures)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadBoardFigures(str(error)) from error


def load(data: Path | None = None) -> BoardFigures:
    """
    Raises:
        BadBoardFigures: the file cannot be used.
        OSError: it cannot be read.
    """
    for folder in own_folders(data) if data is not None else ():
        if (own := folder / FOLDER / FILE).is_file():
            return parse(own.read_text("utf-8-sig"))
    return parse((resources() / FOLDER / FILE).read_text("utf-8"))
