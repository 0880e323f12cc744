"""The report on paper: rich text and one chart through Qt's own layout and PDF writer.

No window and no event loop: `liveconsole report --pdf` starts it by name, on a machine with or without a
screen. Whatever comes from outside was escaped before it got here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer

from ui.theme.fonts import FAMILIES
from ui.widgets.picture import decoded

_DPI: Final = 300
_SHARP: Final = 3
"""Pixels of the chart's picture per unit of its own size."""
_SIDE: Final = 96
"""Pixels of a product's picture along its longer side."""
_MARGINS: Final = QMarginsF(12, 12, 12, 12)  # mm
_HEAD: Final = 22.0
"""Points kept free at the top and the bottom of a page for what stands on every one."""


def pdf(
    body: str,
    chart: str,
    chart_size: tuple[int, int],
    title: str,
    mark: str,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The document as bytes: A4, lying.

    Args:
        body: HTML that shows ``chart`` once, as an image of that name.
        chart: an SVG.
        mark: stands on every page in red; "" for none.
        pictures: what the body shows besides, each under its name.
    """
    app = QGuiApplication.instance() or _application()
    assert app is not None
    out = QByteArray()
    device = QBuffer(out)
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(device)
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Landscape,
            _MARGINS,
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(title)
    writer.setCreator("LiveConsole")
    scale = _DPI / 72
    size = QSizeF(writer.width() / scale, writer.height() / scale)
    text = QSizeF(size.width(), size.height() - 2 * _HEAD)
    document = _document(body, chart, chart_size, text, pictures)
    painter = QPainter(writer)
    try:
        pages = document.pageCount()
        for page in range(pages):
            if page:
                writer.newPage()
            painter.save()
            painter.scale(scale, scale)
            _frame(painter, size, title, mark, f"{page + 1} / {pages}")
            painter.translate(0, _HEAD - page * text.height())
            document.drawContents(painter, QRectF(0, page * text.height(), text.width(), text.height()))
            painter.restore()
    finally:
        painter.end()
        device.close()
    return bytes(out.data())


def _application() -> QGuiApplication:
    if sys.platform.startswith("linux"):
        # Nothing is shown, so no screen is asked for. Elsewhere the native fonts need the native platform.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication(sys.argv[:1])


class _Sealed(QTextDocument):
    """Loads nothing: the pictures in it are handed to it."""

    def loadResource(self, type: int, name: QUrl | str) -> QImage:
        """An empty picture: Qt would read any file that the page names, also where it is told of none."""
        nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        nothing.fill(0)
        return nothing


def _document(
    body: str,
    chart: str,
    chart_size: tuple[int, int],
    page: QSizeF,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> QTextDocument:
    document = _Sealed()
    # One unit of the document is one point, whatever the screen of this machine has.
    document.documentLayout().setPaintDevice(_points())
    document.setDocumentMargin(0)
    document.setDefaultFont(_font(8))
    width, height = chart_size
    shown = page.width() / width
    picture = QImage(width * _SHARP, height * _SHARP, QImage.Format.Format_ARGB32)
    picture.fill(QColor("#FFFFFF"))
    brush = QPainter(picture)
    QSvgRenderer(QByteArray(chart.encode())).render(brush)
    brush.end()
    document.addResource(QTextDocument.ResourceType.ImageResource, QUrl("chart"), picture)
    for name, data in pictures.items():
        if (image := decoded(data, _SIDE)) is not None:
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    # The document takes a picture's size in dots of 96 to the inch.
    dots = 96 / 72
    sized = f'<img src="chart" width="{page.width() * dots:.0f}" height="{height * shown * dots:.0f}">'
    document.setHtml(body.replace('<img src="chart">', sized))
    document.setPageSize(page)
    return document


def _points() -> QImage:
    """A device of 72 dots an inch, to measure text on."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    per_metre = round(72 / 0.0254)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    return image


def _font(points: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(points)
    font.setBold(bold)
    return font


def _frame(painter: QPainter, size: QSizeF, title: str, mark: str, number: str) -> None:
    """Title and mark at the top, the page's number at the bottom."""
    painter.setFont(_font(8))
    painter.setPen(QColor("#566172"))
    top = QRectF(0, 0, size.width(), _HEAD - 8)
    bottom = QRectF(0, size.height() - _HEAD + 8, size.width(), _HEAD - 8)
    painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
    painter.drawText(bottom, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
    if mark:
        painter.setFont(_font(9, bold=True))
        painter.setPen(QColor("#C8102E"))
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, mark)
