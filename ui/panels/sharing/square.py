"""A QR code, painted: dark on white in every theme, since a camera reads no other."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

_SIDE: Final = 196
"""Pixels at text scale 1: a phone reads it at an arm's length."""
_QUIET: Final = 4
"""Light squares around it, as its standard asks."""


class QrSquare(QWidget):
    """Shows a link, and nothing for an empty one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = ""
        self._rows: list[bytes] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_link(self, link: str, name: str) -> None:
        """Another link; ``name`` says to a screen reader what it is."""
        self.setAccessibleName(name)
        if link == self._link:
            return
        self._link, self._rows = link, _rows(link) if link else []
        self.update()

    def sizeHint(self) -> QSize:
        side = round(_SIDE * theme.text_scale())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        each = self.width() / len(self._rows)
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    # A hair wider than its place: no light lines between.
                    where = QRectF(x * each, y * each, each + 0.4, each + 0.4)
                    painter.fillRect(where, Qt.GlobalColor.black)
        painter.end()


def _rows(link: str) -> list[bytes]:
    import segno  # a room is shared once an evening, and every start would wait for it

    made = segno.make_qr(link, error="m")
    return [bytes(bool(dark) for dark in row) for row in made.matrix_iter(border=_QUIET)]
