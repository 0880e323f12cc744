"""The picture of a product, the same wherever it stands: decoded beside the Qt thread, kept within a bound.

Until it is there, and where there is none, a tile with the first letter of the title.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QImage, QImageReader, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole import tasks
from ui import theme

log = logging.getLogger(__name__)

SIZES: Final = (96, 480)
"""Pixels along the longer side that the engine serves."""
SHELF_BYTES: Final = 48 * 1024 * 1024
_AT_ONCE: Final = 4
_WAITING_MAX: Final = 256
_AGAIN: Final = 30.0
"""Seconds after which a picture that did not come is asked for again, when something shows it."""
_LARGEST: Final = 2048
_FRAME: Final = 6.0, 8.0
"""Radius of a small tile, and from `_LARGE` pixels on."""
_LARGE: Final = 64

Fetch = Callable[[str, int], Awaitable[bytes | None]]
"""The bytes of a picture by its hash, at one of `SIZES`; None where it cannot be had."""


class PictureShelf(QObject):
    """Pictures that were fetched, the ones not looked at for longest leave first."""

    arrived = Signal(str)
    """A picture is there now: who shows its hash paints again."""

    def __init__(self, parent: QObject | None = None, *, most: int = SHELF_BYTES) -> None:
        super().__init__(parent)
        self._most = most
        self._held: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._bytes = 0
        self._fetch: Fetch | None = None
        self._coming: dict[tuple[str, int], None] = {}
        self._loading = 0
        self._failed: dict[tuple[str, int], float] = {}

    @property
    def held(self) -> int:
        """Bytes of decoded pictures."""
        return self._bytes

    def ask_of(self, fetch: Fetch | None) -> None:
        """Whom to ask from now on; whatever could not be had before is asked for anew."""
        self._fetch = fetch
        self._coming.clear()
        self._failed.clear()

    def picture(self, sha: str | None, pixels: float) -> QImage | None:
        """The picture for a tile of so many device pixels, or None and it is on its way: `arrived` tells."""
        if not sha:
            return None
        key = (sha, next((size for size in SIZES if pixels <= size), SIZES[-1]))
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
            return found
        self._want(key)
        others = (self._held.get((sha, size)) for size in SIZES)  # better coarse than none
        return next((other for other in others if other is not None), None)

    def give(self, sha: str, body: bytes) -> None:
        """A picture that is here already, such as her shop's logo, is asked of nobody."""
        for side in SIZES:
            if (sha, side) not in self._held and (image := decoded(body, side)) is not None:
                self._keep((sha, side), image)
        self.arrived.emit(sha)

    def _want(self, key: tuple[str, int]) -> None:
        if self._fetch is None or key in self._coming:
            return
        if monotonic() - self._failed.get(key, -_AGAIN) < _AGAIN:
            return
        if len(self._coming) >= _WAITING_MAX:
            return  # painted again sooner or later, and then asked for
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return  # a picture of a window, taken while nothing runs
        self._coming[key] = None
        self._go_on()

    def _go_on(self) -> None:
        waiting = list(self._coming)[self._loading :]
        for key in waiting[: _AT_ONCE - self._loading]:
            self._loading += 1
            tasks.spawn(self._load(key), name="product picture")

    async def _load(self, key: tuple[str, int]) -> None:
        fetch, image = self._fetch, None
        try:
            body = await fetch(*key) if fetch is not None else None
            if body is not None:
                image = await asyncio.to_thread(decoded, body, key[1])
        finally:
            if shiboken6.isValid(self):
                self._loading -= 1
                self._coming.pop(key, None)
        if not shiboken6.isValid(self):
            return
        if image is None:
            log.info("no picture %s", key[0][:12])
            self._failed[key] = monotonic()
            while len(self._failed) > _WAITING_MAX:
                self._failed.pop(next(iter(self._failed)))
        else:
            self._keep(key, image)
            self.arrived.emit(key[0])
        self._go_on()

    def _keep(self, key: tuple[str, int], image: QImage) -> None:
        self._held[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most and len(self._held) > 1:
            _, gone = self._held.popitem(last=False)
            self._bytes -= gone.sizeInBytes()


def decoded(body: bytes, side: int, *, most: int = _LARGEST) -> QImage | None:
    """An image of at most ``side`` pixels along its longer side; None where this is no picture of ours, or
    one with a side over ``most``.

    Any thread may ask.
    """
    data = QByteArray(body)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if bytes(reader.format().data()) not in (b"png", b"jpeg", b"webp"):
        return None
    if not size.isValid() or max(size.width(), size.height()) > most:
        return None
    reader.setAutoTransform(True)
    if max(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return None
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


_shelf: PictureShelf | None = None


def shelf() -> PictureShelf:
    """The one shelf of this window's process."""
    global _shelf
    if _shelf is None or not shiboken6.isValid(_shelf):
        _shelf = PictureShelf(QApplication.instance())
    return _shelf


def paint_picture(
    painter: QPainter, square: QRectF, sha: str | None, title: str, *, quiet: bool = False
) -> None:
    """A product's picture as a rounded tile that fills ``square``, or its letter; for delegates.

    Whoever paints so repaints when `PictureShelf.arrived` tells (a `RowsList` does by itself).
    """
    ratio = painter.device().devicePixelRatioF()
    image = shelf().picture(sha, max(square.width(), square.height()) * ratio)
    if image is None:
        _paint_letter(painter, square, title, quiet=quiet)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tile = QPainterPath()
    tile.addRoundedRect(square, _radius(square), _radius(square))
    painter.setClipPath(tile, Qt.ClipOperation.IntersectClip)
    painter.fillPath(tile, theme.colour("bg3"))
    if quiet:
        painter.setOpacity(0.55)
    painter.drawImage(square, image, _filling(image, square))
    painter.restore()


def _filling(image: QImage, square: QRectF) -> QRectF:
    """The middle of the image that has the tile's shape: nothing is stretched."""
    wide, high = image.width(), image.height()
    scale = min(wide / square.width(), high / square.height())
    part_wide, part_high = square.width() * scale, square.height() * scale
    return QRectF((wide - part_wide) / 2, (high - part_high) / 2, part_wide, part_high)


def _radius(square: QRectF) -> float:
    return _FRAME[1] if square.width() >= _LARGE else _FRAME[0]


def _paint_letter(painter: QPainter, square: QRectF, title: str, *, quiet: bool) -> None:
    tokens = theme.tokens()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(tokens.bg2 if quiet else tokens.bg3))
    painter.drawRoundedRect(square, _radius(square), _radius(square))
    font = QFont(theme.font("product"))
    font.setPixelSize(max(10, round(square.height() * 0.46)))
    painter.setPen(theme.colour(tokens.fg2 if quiet else tokens.fg1))
    painter.setFont(font)
    painter.drawText(square, Qt.AlignmentFlag.AlignCenter, letter_of(title))


def letter_of(title: str) -> str:
    """What stands on a tile without a picture."""
    return next((c for c in title if c.isalpha()), "")


class ProductPicture(QWidget):
    """One product's picture in a layout. It says nothing: the title stands beside it."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sha: str | None = None
        self._title = ""
        self._quiet = False
        self.set_side(side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        shelf().arrived.connect(self._arrived)

    def set_side(self, side: int) -> None:
        """Its edge in logical pixels."""
        self.setFixedSize(side, side)

    def show_product(self, sha: str | None, title: str, *, quiet: bool = False) -> None:
        """``sha``: the product's ``image``, where it has one."""
        if (sha, title, quiet) != (self.sha, self._title, self._quiet):
            self.sha, self._title, self._quiet = sha, title, quiet
            self.update()

    def _arrived(self, sha: str) -> None:
        if sha == self.sha:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_picture(painter, QRectF(self.rect()), self.sha, self._title, quiet=self._quiet)
