"""A picture from outside → one of ours: decoded within bounds, encoded anew; nothing but pixels stays.

What the bytes are is told by the bytes, never by a file's name or a server's word.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Final

from liveconsole.messages.bounds import PICTURE_BYTES, PICTURE_PIXELS, PICTURE_SIDE
from liveconsole.store.rows import KeptPicture

if TYPE_CHECKING:
    from PIL import Image

FORMATS: Final = ("PNG", "JPEG", "WEBP")
KEPT_SIDE: Final = 1280
"""Pixels of the longer side of what is kept."""
SMALL, MIDDLE = 96, 480
_JPEG_QUALITY: Final = 86


class NoPicture(Exception):
    """It is not taken. ``code`` has a sentence in `messages.refusals`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def kind_of_picture(body: bytes) -> str:
    """``image/png``, ``image/jpeg`` or ``image/webp`` by the first bytes; ``""`` for anything else."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else ""


def read_picture(body: bytes) -> KeptPicture:
    """Return the picture in these bytes as it is kept: PNG where something shows through, else JPEG.

    Takes some 50 ms of a phone's photograph: ask beside the loop.

    Raises:
        NoPicture: not one of our formats, too large in bytes or pixels, or broken.
    """
    if len(body) > PICTURE_BYTES:
        raise NoPicture("picture_too_large", limit=PICTURE_BYTES // (1024 * 1024))
    if not kind_of_picture(body):
        raise NoPicture("no_picture")
    from PIL import Image  # not before somebody has a picture: a tenth of a second

    try:
        with Image.open(BytesIO(body), formats=FORMATS) as image:
            whole = _decoded(image)
    except Image.DecompressionBombError as error:
        raise NoPicture("too_many_pixels", limit=PICTURE_PIXELS // 1_000_000) from error
    except (OSError, SyntaxError, ValueError, struct.error, zlib.error, EOFError, MemoryError) as error:
        raise NoPicture("broken_picture") from error
    kept = _encoded(whole)
    return KeptPicture(
        hashlib.sha256(kept).hexdigest(),
        _encoded(_within(whole, SMALL)),
        _encoded(_within(whole, MIDDLE)),
        kept,
    )


def _decoded(image: Image.Image) -> Image.Image:
    """The pixels as a person sees them, no larger than we keep; its size is looked at before it is
    unpacked."""
    from PIL import ImageOps

    wide, high = image.size
    if wide * high > PICTURE_PIXELS or max(wide, high) > PICTURE_SIDE or min(wide, high) < 1:
        raise NoPicture("too_many_pixels", limit=PICTURE_PIXELS // 1_000_000)
    image.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
    upright = ImageOps.exif_transpose(image)
    through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if through else "RGB")
    if through and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    return _within(plain, KEPT_SIDE)


def _within(image: Image.Image, side: int) -> Image.Image:
    """The image, or one as small as that; no side falls under one pixel."""
    if max(image.size) <= side:
        return image
    from PIL import Image

    share = side / max(image.size)
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _encoded(image: Image.Image) -> bytes:
    """Pixels alone: no EXIF, no profile, no words of whoever made it."""
    out = BytesIO()
    image.info.clear()
    if image.mode == "RGBA":
        image.save(out, "PNG", optimize=False)
    else:
        image.save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()
