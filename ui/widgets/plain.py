"""The one door for text on the screen: plain, cleaned, capped, never mark-up, never a shortcut."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from ui import theme
from ui.clean import CAP, clean
from ui.widgets.cut import elided, elided_before

_BETWEEN: Final = re.compile("(?<= · )|(?<= → )")


def set_tip(widget: QWidget, text: str) -> None:
    """A tooltip that is shown as written: Qt reads anything that looks like mark-up as mark-up."""
    tip = plain_tip(text)
    if tip != widget.toolTip():  # the same one again would be told to everybody as another
        widget.setToolTip(tip)


@lru_cache(maxsize=512)
def plain_tip(text: str) -> str:
    """The text escaped for Qt's tooltips, which guess at mark-up."""
    cleaned = clean(text, lines=True)
    return f"<p style='white-space:pre-wrap'>{html.escape(cleaned)}</p>" if cleaned else ""


def break_lines(text: str, font: QFont, width: int, most: int) -> list[str]:
    """The text in at most ``most`` lines of ``width`` pixels (0: as many as needed), the last elided."""
    metrics = QFontMetrics(font)
    if most == 1:
        return [elided(text, metrics, width)]
    if by_parts := _by_parts(text, metrics, width, most):
        return by_parts
    found: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    for part in text.split("\n"):
        layout = QTextLayout(part, font)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            start, length = line.textStart(), line.textLength()
            if most and len(found) == most - 1:
                found.append(elided(part[start:], metrics, width))
                break
            found.append(part[start : start + length].rstrip())
        layout.endLayout()
        if most and len(found) >= most:
            break
    return found or [""]


def _by_parts(text: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """Lines that end where a thing of a list does (``a · b``, ``a → b``), the last of ``most`` elided; none
    where a thing is too wide for a line."""
    if "\n" in text or not _BETWEEN.search(text):
        return []
    lines: list[str] = []
    line = ""
    parts = _BETWEEN.split(text)
    for at, part in enumerate(parts):
        if metrics.horizontalAdvance(_ended(part)) > width:
            return []
        if line and metrics.horizontalAdvance(_ended(line + part)) > width:
            lines.append(_ended(line))
            if most and len(lines) == most - 1:
                return [*lines, elided("".join(parts[at:]), metrics, width)]
            line = ""
        line += part
    return [*lines, line]


def _ended(line: str) -> str:
    """A line without the point between it and the next."""
    return line.removesuffix(" · ").rstrip()


def _letters(text: str) -> str:
    return "".join(text.replace("·", "").split())


class PlainLabel(QLabel):
    """A label for any text, from us or from outside.

    ``lines``: 1 = one line; n = n lines are always reserved, the last elided; 0 = wraps as far as it needs.
    ``elide`` lets a single line become narrower than its text. ``tone`` is a token name or ``#RRGGBB``.
    ``most``: characters that are shown; what is cut off is seen to be.
    """

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "base",
        tone: str = "fg0",
        lines: int = 1,
        elide: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        struck: bool = False,
        most: int = CAP,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        super().setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._tone, self._lines, self._elide, self._align = tone, lines, elide, align
        self._most = most
        self._broken: tuple[str, int, list[str]] | None = None
        self._shorter: tuple[str, ...] = ()
        self._given: str | None = None
        """The text as it was given last: the same one again is neither cleaned nor measured."""
        self._formed: tuple[object, ...] = ()
        self._end = ""
        self._heights_of: tuple[str, int, int] | None = None
        self._heights: dict[int, int] = {}
        """Width → height of the present text: layouts ask a hundred times a frame."""
        self._struck = struck
        self.set_role(role)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(
            QSizePolicy.Policy.Preferred if lines == 1 and not elide else QSizePolicy.Policy.Expanding
        )
        policy.setVerticalPolicy(QSizePolicy.Policy.Fixed if lines else QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(lines == 0)
        self.setSizePolicy(policy)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text; whatever is in it, it is painted as letters."""
        if text == self._given and not self._shorter:
            return
        whole = text if len(text) <= self._most else f"{text[: self._most - 1]}…"
        cleaned = clean(whole, self._most, lines=self._lines == 0)
        self._given, self._shorter, self._formed = text, (), ()
        if cleaned != self.text():
            super().setText(cleaned)

    def set_forms(self, text: str, *shorter: str, end: str = "") -> None:
        """One line that says the same in fewer words where it is narrow, the shortest last; that one always
        has room. ``text()`` and the tip stay the whole. ``end``: what they end with, never cut."""
        formed = (text, *shorter, end, self.font().pixelSize())
        if formed == self._formed:
            return
        self.setText(text)
        self._formed, self._shorter, self._end = formed, tuple(map(clean, shorter)), clean(end)
        self._broken = None
        widths = map(QFontMetrics(self.font()).horizontalAdvance, (self.text(), *self._shorter))
        self.setMinimumWidth(min(widths) + 1)
        self.update()

    def setTextFormat(self, format: Qt.TextFormat) -> None:
        """Only plain text: anything else is a mistake of ours."""
        if format != Qt.TextFormat.PlainText:
            raise ValueError("a PlainLabel shows plain text only")

    def set_tone(self, tone: str) -> None:
        """Paint in another token's colour."""
        if tone != self._tone:
            self._tone = tone
            self.update()

    def set_role(self, role: str) -> None:
        """Another role of type (``ui.theme.fonts.ROLES``)."""
        font = theme.font(role)
        font.setStrikeOut(self._struck)
        self._given = self._broken = None
        self.setFont(font)

    def set_lines(self, lines: int) -> None:
        """Another number of reserved lines, at least one; a single one is elided."""
        if lines != self._lines:
            self._lines, self._elide = lines, lines == 1
            self._given = self._broken = None
            self.updateGeometry()
            self.update()

    @property
    def tone(self) -> str:
        """The token, or colour, that the text is painted in."""
        return self._tone

    @property
    def may_elide(self) -> bool:
        """Whether it may be narrower than its text; its tip then tells the whole."""
        return self._elide or self._lines > 1 or bool(self._shorter)

    def is_cut(self) -> bool:
        """Whether the label is too narrow for its text at its present size."""
        # The point between two things is left out where a line ends there.
        shown = "".join(self._pieces(self.width()))
        return _letters(shown) != _letters(self.text())

    def _pieces(self, width: int) -> list[str]:
        text = self.text()
        if self._broken is None or self._broken[:2] != (text, width):
            measure = QFontMetrics(self.font()).horizontalAdvance
            forms = (text, *self._shorter)
            said = next((form for form in forms if measure(form) < width), forms[-1])
            if self._shorter and self._lines == 1:
                pieces = [elided_before(said, self._end, QFontMetrics(self.font()), width)]
            else:
                pieces = break_lines(said if self._shorter else text, self.font(), width, self._lines)
            self._broken = (text, width, pieces)
        return self._broken[2]

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(part) for part in self.text().split("\n")), default=0)
        # One pixel of air: advances are fractional and rounding down would elide a text that fits.
        wide = widest + (1 if widest else 0)
        if self._lines != 1:
            wide = min(wide, metrics.averageCharWidth() * 60)
        return QSize(
            wide, self.heightForWidth(wide) if self._lines == 0 else self._lines * metrics.lineSpacing()
        )

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        if self._lines == 1 and not self._elide:
            return hint
        metrics = QFontMetrics(self.font())
        return QSize(
            min(hint.width(), metrics.horizontalAdvance("字字…")), max(1, self._lines) * metrics.lineSpacing()
        )

    def heightForWidth(self, width: int) -> int:
        text, font = self.text(), self.font()
        of = (text, font.pixelSize(), self._lines)
        if of != self._heights_of:
            self._heights_of, self._heights = of, {}
        if width not in self._heights:
            spacing = QFontMetrics(font).lineSpacing()
            self._heights[width] = spacing * (self._lines or len(break_lines(text, font, width, 0)))
        return self._heights[width]

    def hasHeightForWidth(self) -> bool:
        return self._lines == 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_text(painter, self.rect(), theme.colour(self._tone if self.isEnabled() else "fg2").name())
        painter.end()

    def paint_text(self, painter: QPainter, room: QRect, colour: str) -> None:
        """Paint the lines into ``room``: one line in the middle, several from the top."""
        painter.setPen(theme.colour(colour))
        painter.setFont(self.font())
        metrics = QFontMetrics(self.font())
        pieces = self._pieces(room.width())
        spacing = metrics.lineSpacing()
        slack = max(0, room.height() - spacing * len(pieces))
        top = room.top() + (slack // 2 if self._lines == 1 else 0)
        for index, piece in enumerate(pieces):
            left = room.left()
            if self._align != Qt.AlignmentFlag.AlignLeft:
                spare = room.width() - metrics.horizontalAdvance(piece)
                left += spare if self._align == Qt.AlignmentFlag.AlignRight else spare // 2
            painter.drawText(QPointF(left, top + index * spacing + metrics.ascent()), piece)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and not self.toolTip():
            if self.is_cut():
                QToolTip.showText(QPoint(event.globalPos()), plain_tip(self.text()), self)
                return True
            QToolTip.hideText()
        return super().event(event)
