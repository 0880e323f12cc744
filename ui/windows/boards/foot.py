"""This broadcast against the last one and the mean of the same hour, all at the same minute."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.boards import BoardComparison, ComparedFigure, Number
from ui import theme
from ui.i18n import t
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.widgets.when import day_words
from ui.words import boards as words

_SIDE: Final = 14.0
_TONES: Final = ("accent", "last", "mean")
_LEAST: Final = 170
"""Pixels at text scale 1 of one figure; those that have no room are in the table."""


def _tone(name: str) -> str:
    """This is blue; the others are mixes of it and grey, each seen well on its ground."""
    tokens = theme.tokens()
    if name == "accent":
        return tokens.accent
    if name == "last":
        return theme.mix(tokens.fg1, tokens.accent, 0.12)
    return theme.mix(tokens.fg2, tokens.accent, 0.1)


class ComparisonFoot(PaintedBoard):
    """Blocks side by side; the first says which bar is which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comparison: BoardComparison | None = None
        self.setAccessibleName(t("同一分钟对比"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_comparison(self, comparison: BoardComparison | None) -> None:
        """Other numbers."""
        self.comparison = comparison
        self.tell()

    def sizeHint(self) -> QSize:
        return QSize(800, round(22 + line_high("strong") + 3 * (line_high("small") + 3)))

    def minimumSizeHint(self) -> QSize:
        return QSize(400, self.sizeHint().height())

    def blocks(self) -> list[tuple[QRectF, ComparedFigure]]:
        """Which figures there are room for, and where."""
        if self.comparison is None:
            return []
        scale = theme.text_scale()
        legend, least = self._legend_wide(), _LEAST * scale
        count = max(1, min(len(self.comparison.figures), int((self.width() - legend) // least)))
        each = (self.width() - legend) / count
        return [
            (QRectF(legend + n * each, 0, each, self.height()), figure)
            for n, figure in enumerate(self.comparison.figures[:count])
        ]

    def _legend(self) -> list[str]:
        found = self.comparison
        assert found is not None
        last = t("上一场") if found.last_at is None else t("上场 {day}", day=day_words(found.last_at))
        mean = t("同时段均值 近 {n} 场", n=found.mean_of) if found.mean_of else t("同时段均值")
        return [t("本场 {day}", day=day_words(found.this_at)), last, mean]

    def _legend_wide(self) -> float:
        if self.comparison is None:
            return 0.0
        said = max(wide(each, "small") for each in self._legend()) + 22
        head = wide(self._title(), "strong")
        return float(max(said, head) + 2 * _SIDE)

    def _title(self) -> str:
        assert self.comparison is not None
        return t("都按开播 {n} 分钟比", n=self.comparison.minute)

    def placed_texts(self) -> tuple[PlacedText, ...]:
        if self.comparison is None:
            return ()
        head, line = float(line_high("strong")), line_high("small") + 3.0
        legend = self._legend_wide()
        found = [placed(self._title(), QRectF(_SIDE, 9, legend - 2 * _SIDE + 4, head), "fg0", "strong")]
        for place, said in enumerate(self._legend()):
            room = QRectF(_SIDE + 20, 11 + head + place * line, legend - 2 * _SIDE - 16, line)
            found.append(placed(said, room, "fg1", "small"))
        for box, figure in self.blocks():
            found += self._block(box, figure, head, line)
        return tuple(text for text in found if text.text)

    def _block(self, box: QRectF, figure: ComparedFigure, head: float, line: float) -> list[PlacedText]:
        left, right = box.left() + _SIDE, box.right() - _SIDE
        said, tone = words.change_words(figure.change), words.change_tone(figure.change, figure.bad_when)
        if figure.change is None and (figure.this_why or figure.last_why) is not None:
            said, tone = t("本场存疑") if figure.this_why is not None else t("上场存疑"), "warn"
        name = words.name_words(figure.name)
        took = min(wide(name, "strong") + 2.0, right - left)
        found = [
            placed(name, QRectF(left, 9, took, head), "fg0", "strong"),
            placed(said, QRectF(left + took + 6, 9, max(0.0, right - left - took - 6), head), tone,
                   "small_strong", right=True),
        ]  # fmt: skip
        values = self._values(figure)
        side = self._value_wide(figure)
        for place, (value, why) in enumerate(values):
            top = 11 + head + place * line
            shown = words.number(value, figure.unit)
            if value is None and why:
                room = QRectF(left, top, right - left - wide("—", "small_strong") - 8, line)
                found.append(placed(why, room, "fg2", "small"))
            room = QRectF(right - side, top, side, line)
            role = "small_strong" if not place else "small"
            found.append(placed(shown, room, "fg0" if not place else "fg1", role, right=True))
        return found

    def _values(self, figure: ComparedFigure) -> list[tuple[Number | None, str]]:
        return [
            (figure.this, words.why_words(figure.this_why)),
            (figure.last, words.why_words(figure.last_why)),
            (figure.mean, words.why_words(figure.mean_why)),
        ]

    def _value_wide(self, figure: ComparedFigure) -> float:
        shown = [words.number(value, figure.unit) for value, _ in self._values(figure)]
        return max(wide(each, "small_strong") for each in shown) + 4.0

    def bars(self) -> list[tuple[QRectF, str]]:
        """The bars of every block, each to its own longest."""
        head, line = float(line_high("strong")), line_high("small") + 3.0
        found = []
        for box, figure in self.blocks():
            room = box.width() - 2 * _SIDE - self._value_wide(figure) - 10
            values = [value for value, _ in self._values(figure)]
            most = max((abs(value) for value in values if value is not None), default=0)
            for place, value in enumerate(values):
                if value is None or not most or room < 10:
                    continue
                top = 11 + head + place * line + line / 2 - 3
                bar = QRectF(box.left() + _SIDE, top, max(3.0, room * abs(value) / most), 6)
                found.append((bar, _tone(_TONES[place])))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("bg1"))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS
        )
        if self.comparison is None:
            painter.end()
            return
        for box, _ in self.blocks():
            painter.fillRect(QRectF(box.left(), 1, 1, self.height() - 2), theme.colour("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        head, line = float(line_high("strong")), line_high("small") + 3.0
        for place, name in enumerate(_TONES):
            painter.setBrush(theme.colour(_tone(name)))
            top = 11 + head + place * line + line / 2 - 4
            painter.drawRoundedRect(QRectF(_SIDE, top, 13, 8), 3, 3)
        for bar, tone in self.bars():
            painter.setBrush(theme.colour(tone))
            painter.drawRoundedRect(bar, 3, 3)
        paint_texts(painter, self.placed_texts())
        painter.end()
