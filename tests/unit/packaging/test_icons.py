"""The committed icons are what the one picture gives, in every size that a system asks for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from PySide6.QtWidgets import QApplication

from tests.unit.packaging.scripts import PACKAGING, ROOT, script

made = script("make_icons.py")
ROUNDING = 3
"""Of 255: another processor may round the edge of a curve otherwise."""


def alike(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    bands = ImageChops.difference(one.convert("RGBA"), other.convert("RGBA")).split()
    return max(max(band.tobytes()) for band in bands) <= ROUNDING


def in_ico(raw: bytes) -> Iterator[Image.Image]:
    icon: Any = Image.open(io.BytesIO(raw))
    for size in sorted(icon.info["sizes"]):
        icon.size = size
        yield icon.copy()


def in_icns(raw: bytes) -> Iterator[tuple[bytes, Image.Image]]:
    assert (raw[:4], int.from_bytes(raw[4:8])) == (b"icns", len(raw))
    at = 8
    while at < len(raw):
        length = int.from_bytes(raw[at + 4 : at + 8])
        yield raw[at : at + 4], Image.open(io.BytesIO(raw[at + 8 : at + length]))
        at += length


def test_the_files_are_what_the_script_draws(qapp: QApplication) -> None:
    wanted = {side: made.drawn(side) for side in {*made.ICO_SIDES, *made.ICNS_SIDES.values()}}
    kept = list(in_ico((PACKAGING / "windows/app.ico").read_bytes()))
    assert [one.width for one in kept] == list(made.ICO_SIDES)
    assert all(alike(one, wanted[one.width]) for one in kept)
    entries = dict(in_icns((PACKAGING / "macos/app.icns").read_bytes()))
    assert {name: one.width for name, one in entries.items()} == made.ICNS_SIDES
    assert all(alike(one, wanted[one.width]) for one in entries.values())
    for side in made.WINDOW_SIDES:
        with Image.open(ROOT / f"resources/app/{side}.png") as one:
            assert alike(one, made.drawn(side))


def test_the_twin_another_picture_is_seen(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bent = tmp_path / "bent.svg"
    bent.write_text(made.SVG.read_text("utf-8").replace("#ff4d4f", "#ff7d4f"), "utf-8")
    kept = list(in_ico((PACKAGING / "windows/app.ico").read_bytes()))
    monkeypatch.setattr(made, "SVG", bent)
    assert not alike(made.drawn(32), next(one for one in kept if one.width == 32))


def test_an_icon_is_seen_on_light_and_on_dark() -> None:
    """Its corners are clear, its middle is not, and the smallest one still has the red of its light."""
    for one in in_ico((PACKAGING / "windows/app.ico").read_bytes()):
        picture = one.convert("RGBA")
        assert picture.getpixel((0, 0))[3] == 0  # type: ignore[index]
        raw = picture.tobytes()
        assert max(red - blue for red, blue in zip(raw[::4], raw[2::4], strict=True)) > 100, one.width


def test_a_window_has_the_programs_icon(qapp: QApplication) -> None:
    from ui.program.app import app_icon

    assert {size.width() for size in app_icon().availableSizes()} == set(made.WINDOW_SIDES)
