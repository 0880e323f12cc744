"""Her shop's logo as a tile; without one the first letter of its name on its colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from liveconsole.messages.shop import ShopFace
from liveconsole.views.shades import contrast, legible, mix
from ui import theme
from ui.widgets.picture import letter_of, paint_picture, shelf


def ink_of(face: ShopFace, ground: str, otherwise: str = "fg0") -> str:
    """The tone of the shop's name on a ground: its colour, or the nearest shade that is read."""
    return legible(face.accent, ground) if face.accent else otherwise


class ShopMark(QWidget):
    """It says nothing: the name stands beside it."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = ShopFace()
        self.set_side(side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        shelf().arrived.connect(self._arrived)

    def set_side(self, side: int) -> None:
        """Its edge in logical pixels."""
        self.setFixedSize(side, side)

    def show_face(self, face: ShopFace) -> None:
        """Another one."""
        if face != self._face:
            self._face = face
            self.update()

    def _arrived(self, sha: str) -> None:
        if sha == self._face.logo:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square, face = QRectF(self.rect()), self._face
        if face.logo and shelf().picture(face.logo, self.width() * self.devicePixelRatioF()) is not None:
            paint_picture(painter, square, face.logo, face.name)
            painter.end()
            return
        tokens = theme.tokens()
        ground = face.accent or tokens.accent_fill
        shade = QLinearGradient(0, 0, self.width(), self.height())
        shade.setColorAt(0, theme.colour(ground))
        shade.setColorAt(1, theme.colour(mix(ground, tokens.ink, 0.25)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawRoundedRect(square, self.width() / 5, self.width() / 5)
        font = QFont(theme.font("product"))
        font.setPixelSize(max(10, round(self.height() * 0.46)))
        painter.setFont(font)
        inks = (tokens.on_fill, tokens.ink, tokens.bg0, tokens.fg0)
        painter.setPen(theme.colour(max(inks, key=lambda ink: contrast(ink, ground))))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, letter_of(face.name) or "播")
        painter.end()
