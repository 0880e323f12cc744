"""Drawn pictures of what is sold on the evening of the pictures: placeholders for a shop's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from ui.windows.welcome import art

Draw = Callable[[QPainter, QRectF, QColor], None]

_SIDE: Final = 480
_SHAPES: Final[tuple[tuple[str, Draw], ...]] = (
    ("围巾", art.scarf), ("围脖", art.scarf), ("手套", art.scarf), ("帽", art.beret), ("大衣", art.coat),
    ("外套", art.coat), ("马甲", art.coat), ("睡衣", art.coat), ("", art.sweater),
)  # fmt: skip
_CLOTH: Final = ("#c9a26b", "#8d5b4c", "#6d7f95", "#a8705c", "#7c8a66", "#b08aa0", "#5b6f7f", "#c58f7a")


@cache
def picture(place: int, title: str) -> tuple[str, bytes]:
    """Its hash and a PNG: the shape that its title names, in camel where it says so, else of its place."""
    draw = next(shape for word, shape in _SHAPES if word in title)
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = QLinearGradient(0, 0, 0, _SIDE)
    shade.setColorAt(0, QColor("#efe9df"))
    shade.setColorAt(1, QColor("#cfc6b6"))
    painter.fillRect(image.rect(), shade)
    edge = _SIDE * 0.16
    draw(
        painter,
        QRectF(image.rect()).adjusted(edge, edge, -edge, -edge),
        QColor(_CLOTH[0 if "驼" in title or "燕麦" in title else place % len(_CLOTH)]),
    )
    painter.end()
    into = QBuffer()
    into.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(into, "PNG")  # type: ignore[call-overload]
    body = bytes(into.data().data())
    return hashlib.sha256(body).hexdigest(), body


def dressed(products: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same products, each with the hash of its picture."""
    return [
        product | {"image": picture(place, str(product["title"]))[0]}
        for place, product in enumerate(products)
    ]


def pictures(products: list[dict[str, Any]]) -> dict[str, bytes]:
    """Hash → picture, of all of them."""
    return dict(picture(place, str(product["title"])) for place, product in enumerate(products))
