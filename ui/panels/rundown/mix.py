"""The mix of minutes against 3:5:2, planned and so far: two bars of three parts with their words in them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.views.rundown import MIX_WANTED, Mix, short_of
from ui import theme
from ui.i18n import t
from ui.panels.rundown.rows import TAGS, tag_name
from ui.widgets import set_tip
from ui.widgets.cut import elided

_TONES: Final = {"explain": "accent", "proof": "ok", "benefit": "flash"}


class MixLine(Struct, frozen=True):
    """One bar: its name, and the minutes of its parts in their order."""

    name: str
    minutes: dict[str, float]

    @property
    def whole(self) -> float:
        return sum(self.minutes.values())

    def said(self) -> str:
        """``计划 60 分：讲解 20，证言 30，福利 10``."""
        parts = [f"{tag_name(tag)} {round(self.minutes.get(tag, 0))}" for tag in TAGS]
        return t("{name} {n} 分：{parts}", name=self.name, n=round(self.whole), parts=t("，").join(parts))


def mix_lines(mix: Mix) -> list[MixLine]:
    """The bars of a mix: planned, and what was really spent once something was."""
    lines = [MixLine(t("计划"), dict(mix.planned)), MixLine(t("已讲"), dict(mix.spent))]
    return [line for line in lines if line.whole >= 0.05]


def mix_advice(lines: list[MixLine]) -> str:
    """What the plan lacks most, in words; what it should come to where it lacks nothing."""
    aim = ":".join(str(part) for part in MIX_WANTED.values())
    if not lines:
        return ""
    tag, minutes = short_of(lines[0].minutes)
    if not tag:
        return t("接近 {aim}", aim=aim)
    return t("按 {aim} {tag}还差 {n} 分", aim=aim, tag=tag_name(tag), n=round(minutes))


class MixBar(QWidget):
    """Words stand in every part that has room for them; notches below show where 3:5:2 would part it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[MixLine] = []
        self.advice = ""
        self._fits = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_mix(self, mix: Mix) -> None:
        """Minutes of a rundown; nothing stands there while no segment has minutes."""
        lines = mix_lines(mix)
        if lines == self.lines:
            return
        if len(lines) != len(self.lines):
            self.updateGeometry()
        self.lines, self.advice = lines, mix_advice(lines)
        said = "\n".join([*(line.said() for line in lines), self.advice])
        self.setAccessibleName(t("时长配比"))
        self.setAccessibleDescription(said)
        set_tip(self, said)
        self.setVisible(self._fits and bool(lines))
        self.update()

    def fit(self, fits: bool) -> None:
        """In a low window the list of segments comes first."""
        if fits != self._fits:
            self._fits = fits
            self.setVisible(fits and bool(self.lines))

    def _measures(self) -> tuple[QFontMetrics, int, int]:
        """Metrics, the height of a bar, and the notch below the last."""
        metrics = QFontMetrics(theme.font("small"))
        return metrics, metrics.height() + 4, max(4, metrics.height() // 3)

    def sizeHint(self) -> QSize:
        metrics, high, notch = self._measures()
        return QSize(160, (high + 3) * len(self.lines) + notch + metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics, high, notch = self._measures()
        font = theme.font("small")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        names = max((metrics.horizontalAdvance(line.name) for line in self.lines), default=0) + 8
        sums = max((metrics.horizontalAdvance(_minutes(line.whole)) for line in self.lines), default=0) + 8
        bar = QRectF(names, 0, max(20.0, self.width() - names - sums), high)
        for line in self.lines:
            painter.setPen(theme.colour("fg2"))
            across = QRectF(0, bar.top(), self.width(), high)
            painter.drawText(across, Qt.AlignmentFlag.AlignVCenter, line.name)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(across, right, _minutes(line.whole))
            _bar(painter, bar, line, metrics)
            bar.translate(0, high + 3)
        self._aim(painter, bar, notch)
        painter.setPen(theme.colour("fg1"))
        below = QRectF(names, bar.top() + notch, self.width() - names, metrics.height() + 2)
        words = elided(self.advice, metrics, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _aim(self, painter: QPainter, bar: QRectF, notch: int) -> None:
        """Notches that point up at where the parts should end."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("fg1"))
        upto, parts = 0, list(MIX_WANTED.values())
        for part in parts[:-1]:
            upto += part
            x = bar.left() + bar.width() * upto / sum(parts)
            top, side = bar.top() - 2, notch * 0.7
            tip = [QPointF(x, top), QPointF(x - side, top + notch), QPointF(x + side, top + notch)]
            painter.drawPolygon(QPolygonF(tip))


def _bar(painter: QPainter, room: QRectF, line: MixLine, metrics: QFontMetrics) -> None:
    tokens = theme.tokens()
    x = room.left()
    for tag in TAGS:
        minutes = line.minutes.get(tag, 0.0)
        if minutes <= 0:
            continue
        part = QRectF(x, room.top(), room.width() * minutes / line.whole, room.height())
        x = part.right()
        ground, ink = theme.soft(tokens, _TONES[tag])
        inner = part.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.colour(_TONES[tag]), 1))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(inner, 3, 3)
        number = str(round(minutes))
        name = tag_name(tag)
        for text in (f"{name} {number}", f"{name[:1]} {number}", name[:1]):
            if metrics.horizontalAdvance(text) + 6 <= inner.width():
                painter.setPen(theme.colour(ink))
                painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)
                break


def _minutes(minutes: float) -> str:
    return t("{n} 分", n=round(minutes))
