"""A picture that the engine keeps, whole: what a browser showed, say."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets.picture import shelf

_SIDE: Final = 480
_HIGH: Final = 0.6
"""Height of its place, of its width: what is higher or wider stands in the middle of it."""


class WholePicture(QWidget):
    """Gone where there is none. It says what it shows by ``name``; letters in it are not read out."""

    def __init__(self, name: str, *, widest: int = _SIDE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sha: str | None = None
        self._widest = widest
        self.setAccessibleName(name)
        self.setVisible(False)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumWidth(widest)
        shelf().arrived.connect(self._arrived)

    def show_picture(self, sha: str | None) -> None:
        """Show another one."""
        self.setVisible(bool(sha))
        if sha != self.sha:
            self.sha = sha
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._widest, self.heightForWidth(self._widest))

    def heightForWidth(self, width: int) -> int:
        return round(min(width, self._widest) * _HIGH)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(120))

    def _arrived(self, sha: str) -> None:
        if sha == self.sha:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("bg3"))
        painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        image = shelf().picture(self.sha, _SIDE)
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), image)
        painter.end()
