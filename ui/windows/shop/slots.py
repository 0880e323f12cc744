"""A text with places that were filled: their letters are blue, those that wait are in brackets and amber."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.cases import TemplateSlot
from ui import theme


class SlotText(QWidget):
    """Plain letters in as many lines as the width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._slots: tuple[TemplateSlot, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_text(self, text: str, slots: Sequence[TemplateSlot]) -> None:
        """Another text."""
        if (text, tuple(slots)) != (self._text, self._slots):
            self._text, self._slots = text, tuple(slots)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def text(self) -> str:
        """The letters."""
        return self._text

    def _laid(self, width: int) -> tuple[QTextLayout, float]:
        made = QTextLayout(self._text.replace("\n", "\u2028"), theme.font("base"))
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        made.setTextOption(wrap)
        made.setFormats([self._format(slot) for slot in self._slots])
        made.beginLayout()
        y = 0.0
        while (line := made.createLine()).isValid():
            line.setLineWidth(max(20, width))
            line.setPosition(QPointF(0, y))
            y += line.height() + 2
        made.endLayout()
        return made, y

    def _format(self, slot: TemplateSlot) -> QTextLayout.FormatRange:
        look = QTextCharFormat()
        look.setForeground(QColor(theme.hexa("accent" if slot.filled else "warn")))
        look.setFont(theme.font("strong"))
        found = QTextLayout.FormatRange()
        # The layout counts in UTF-16: a letter beyond the first plane takes two places there.
        begin = _wide(self._text[: slot.begin])
        found.start, found.length = begin, _wide(self._text[slot.begin : slot.end])
        found.format = look
        return found

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._laid(width)[1])

    def sizeHint(self) -> QSize:
        wide = max(200, self.width())
        return QSize(200, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour("fg0"))
        self._laid(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()


def _wide(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
