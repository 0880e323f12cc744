"""The program's icons for Windows, macOS and its own windows, drawn from packaging/linux/liveconsole.svg.

    python packaging/make_icons.py       writes windows/app.ico and macos/app.icns here, and resources/app/

Run by the project's own Python (.venv); a test holds the files against what this draws.
"""

from __future__ import annotations

import io
import os
import struct
import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
SVG = HERE / "linux/liveconsole.svg"
ICO = HERE / "windows/app.ico"
ICNS = HERE / "macos/app.icns"
ICO_SIDES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""Pixels: those of a title bar, a task bar and a desktop at 100, 125, 150 and 200 %."""
ICNS_SIDES = {
    b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024,
    b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512,
}  # fmt: skip
"""Apple's name of an entry → its pixels; ic11 to ic14 and ic10 are those of twice as fine a screen."""
WINDOW = HERE.parent / "resources/app"
WINDOW_SIDES = (16, 32, 64, 256)
_FINER = 4


def drawn(side: int) -> Image.Image:
    """The picture with so many pixels a side, drawn four times as fine and averaged: edges as on paper."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    fine = side * _FINER
    image = QImage(fine, fine, QImage.Format.Format_RGBA8888_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter, QRectF(0, 0, fine, fine))
    painter.end()
    whole = Image.frombytes("RGBa", (fine, fine), bytes(image.constBits()))
    return whole.resize((side, side), Image.Resampling.BOX).convert("RGBA")


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False, compress_level=9)
    return out.getvalue()


def bitmap(picture: Image.Image) -> bytes:
    """As Windows keeps a small icon: rows from below, blue first, and a mask that nobody reads any more."""
    side = picture.width
    rows = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes("raw", "BGRA")
    mask = bytes((side + 31) // 32 * 4 * side)
    head = struct.pack("<IiiHHIIiiII", 40, side, side * 2, 1, 32, 0, len(rows) + len(mask), 0, 0, 0, 0)
    return head + rows + mask


def ico() -> bytes:
    bodies = [png(drawn(side)) if side >= 256 else bitmap(drawn(side)) for side in ICO_SIDES]
    at = 6 + 16 * len(bodies)
    head = struct.pack("<HHH", 0, 1, len(bodies))
    for side, body in zip(ICO_SIDES, bodies, strict=True):
        head += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(body), at)
        at += len(body)
    return head + b"".join(bodies)


def icns() -> bytes:
    bodies = {side: png(drawn(side)) for side in sorted(set(ICNS_SIDES.values()))}
    parts = [
        name + struct.pack(">I", 8 + len(bodies[side])) + bodies[side] for name, side in ICNS_SIDES.items()
    ]
    whole = b"".join(parts)
    return b"icns" + struct.pack(">I", 8 + len(whole)) + whole


def main() -> int:
    ICO.write_bytes(ico())
    ICNS.write_bytes(icns())
    WINDOW.mkdir(exist_ok=True)
    for side in WINDOW_SIDES:
        (WINDOW / f"{side}.png").write_bytes(png(drawn(side)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
