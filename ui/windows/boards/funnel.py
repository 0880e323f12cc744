"""From being seen to having paid: each step with the share of the one before, the missing one hatched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from liveconsole.messages.boards import Funnel
from ui import theme
from ui.i18n import t
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.words import boards as words

_SIDE: Final = 14.0


@dataclass(frozen=True, slots=True)
class FunnelLayout:
    """``bars``: (track, share of the widest; None: unknown)."""

    texts: tuple[PlacedText, ...]
    bars: tuple[tuple[QRectF, float | None], ...]
    band: QRectF | None


def lay_out(funnel: Funnel, title: str, width: int, height: int) -> FunnelLayout:
    """Everything that is painted."""
    high, base = float(line_high("heading")), float(line_high("base"))
    title_wide = float(wide(title, "heading") + 2)
    texts = [placed(title, QRectF(_SIDE, 9, title_wide, high), "fg0", "heading")]
    hint = t("右边是上一步里有多少走到这步")
    room = width - 2 * _SIDE - title_wide - 12
    if wide(hint, "small") <= room:
        box = QRectF(_SIDE + title_wide + 12, 9, room, high)
        texts.append(placed(hint, box, "fg2", "small", right=True))
    top = 18 + high
    said, tone = _worst(funnel)
    band_high = line_high("small") + 12.0 if said else 0.0
    steps = funnel.steps
    each = max(base + 4, min(46.0, (height - top - band_high - 14) / max(1, len(steps))))
    names = max([wide(words.step_words(step.name), "base") for step in steps], default=0) + 12.0
    rates = max((_rate_wide(step.rate, step.rate_last) for step in steps), default=0.0)
    side = max(40.0, width - 2 * _SIDE - names - rates - 10)
    most = max((step.value for step in steps if step.value is not None), default=0)
    bars = []
    for place, step in enumerate(steps):
        y, bar = top + place * each, min(each - 8, base + 8)
        texts.append(placed(words.step_words(step.name), QRectF(_SIDE, y, names, bar), "fg0", "base"))
        track = QRectF(_SIDE + names, y, side, bar)
        share = None if step.value is None else step.value / most if most else 0.0
        bars.append((track, share))
        shown = words.counted(step.value, step.unit) if step.value is not None else words.why_words(step.why)
        inside = track.adjusted(10 if share is None or share > 0.12 else side * share + 8, 0, -4, 0)
        role = "strong" if step.value is not None else "small"
        texts.append(placed(shown or "—", inside, "fg1" if step.value is None else "fg0", role))
        if place:
            texts += _rates(step.rate, step.rate_last, words.why_words(step.rate_why), track, width)
    band = QRectF(_SIDE, height - band_high - 10, width - 2 * _SIDE, band_high) if said else None
    if band is not None:
        texts.append(placed(said, band.adjusted(10, 0, -6, 0), tone, "small"))
    return FunnelLayout(tuple(text for text in texts if text.text), tuple(bars), band)


def _rate_wide(rate: float | None, last: float | None) -> float:
    if rate is None:
        return wide(t("— 缺上一步"), "small") + 6.0
    return wide(words.number(rate, "share"), "strong") + wide(_last(last), "small") + 14.0


def _last(last: float | None) -> str:
    return t("上场 {share}", share=words.number(last, "share")) if last is not None else ""


def _rates(rate: float | None, last: float | None, why: str, track: QRectF, width: float) -> list[PlacedText]:
    left, right = track.right() + 8, width - _SIDE
    if rate is None:
        room = QRectF(left, track.top(), right - left, track.height())
        said = f"— {why}" if why else "—"
        return [placed(said, room, "fg2", "small", right=True)]
    said = _last(last)
    took = wide(said, "small") + 4.0 if said else 0.0
    room = QRectF(left, track.top(), max(0.0, right - left - took), track.height())
    found = [placed(words.number(rate, "share"), room, "fg0", "strong", right=True)]
    if said:
        room = QRectF(right - took, track.top(), took, track.height())
        found.append(placed(said, room, "fg2", "small", right=True))
    return found


def _worst(funnel: Funnel) -> tuple[str, str]:
    """The step that fell most, and the tone of the words."""
    names = [step.name for step in funnel.steps]
    if not funnel.worst or funnel.worst_by is None or funnel.worst not in names[1:]:
        return "", ""
    at = names.index(funnel.worst)
    said = t(
        "比上场差最多的是「{before} → {step}」，少 {points} 个百分点",
        before=words.step_words(names[at - 1]),
        step=words.step_words(funnel.worst),
        points=f"{abs(funnel.worst_by) * 100:.1f}",
    )
    return said, "soft:warn"


class FunnelView(PaintedBoard):
    """A funnel under its title."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.funnel = Funnel([])
        self._kept: tuple[object, FunnelLayout] | None = None
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_funnel(self, funnel: Funnel | None) -> None:
        """Other numbers."""
        self.funnel, self._kept = funnel or Funnel([]), None
        self.updateGeometry()
        self.tell()

    def layout_now(self) -> FunnelLayout:
        """What is painted, as data."""
        of = (self.width(), self.height(), theme.text_scale())
        if self._kept is None or self._kept[0] != of:
            self._kept = of, lay_out(self.funnel, self._title, self.width(), self.height())
        return self._kept[1]

    def placed_texts(self) -> tuple[PlacedText, ...]:
        return self.layout_now().texts

    def minimumSizeHint(self) -> QSize:
        steps = (line_high("base") + 5) * max(1, len(self.funnel.steps))
        return QSize(300, round(18 + line_high("heading") + steps + line_high("small") + 28))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint().expandedTo(QSize(400, 240))

    def paintEvent(self, event: QPaintEvent) -> None:
        found, tokens = self.layout_now(), theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("bg1"))
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, theme.RADIUS, theme.RADIUS)
        for track, share in found.bars:
            if share is None:
                painter.setPen(QPen(theme.colour("fg2"), 1, Qt.PenStyle.DashLine))
                hatch = QBrush(theme.colour("bg3"), Qt.BrushStyle.BDiagPattern)
                painter.setBrush(hatch)
                painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("bg2"))
            painter.drawRoundedRect(track, 5, 5)
            painter.setBrush(theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.5 if tokens.dark else 0.3)))
            done = QRectF(track.left(), track.top(), max(8.0, track.width() * share), track.height())
            painter.drawRoundedRect(done, 5, 5)
        if found.band is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(theme.soft(tokens, "warn")[0]))
            painter.drawRoundedRect(found.band, 6, 6)
        paint_texts(painter, found.texts)
        painter.end()
