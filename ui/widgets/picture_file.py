"""A picture in a file of hers: looked at beside the Qt thread before it goes anywhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImageWriter

from liveconsole.messages.bounds import PICTURE_BYTES, PICTURE_SIDE
from ui.i18n import t
from ui.widgets.picture import decoded


class PictureRefused(Exception):
    """It is not taken; ``code`` is the engine's for the same thing."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def kinds() -> list[str]:
    """What a chooser of pictures offers."""
    return [t("图片 (*.png *.jpg *.jpeg *.webp)"), t("所有文件 (*)")]


async def read_picture(path: str) -> bytes:
    """The bytes of a picture as it lies there. The engine judges it again and keeps its own.

    Raises:
        PictureRefused: it cannot be read, is too large, or is no picture of ours.
    """
    return await asyncio.to_thread(_read, Path(path))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(PICTURE_BYTES + 1)
    except OSError as why:
        raise PictureRefused("unreadable_file") from why
    if len(body) > PICTURE_BYTES:
        raise PictureRefused("picture_too_large", limit=PICTURE_BYTES // (1024 * 1024))
    if decoded(body, 96, most=PICTURE_SIDE) is None:
        raise PictureRefused("no_picture")
    return body


async def shrunk(body: bytes, side: int) -> bytes:
    """The same picture as a PNG of at most ``side`` pixels: nothing but pixels is kept of it."""
    return await asyncio.to_thread(_shrunk, body, side)


def _shrunk(body: bytes, side: int) -> bytes:
    image = decoded(body, side, most=PICTURE_SIDE)
    if image is None:
        raise PictureRefused("no_picture")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"PNG").write(image)
    return bytes(buffer.data().data())
