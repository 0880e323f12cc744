"""Short facts on one line, each in its own colour: where it is narrow, whole facts go, the least first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.clean import clean
from ui.widgets.cut import elided
from ui.widgets.plain import set_tip

_BETWEEN: Final = " · "


@dataclass(frozen=True, slots=True)
class ShortFact:
    """One fact. The one of the highest ``goes`` is left out first; one of 0 stays, cut if it must be."""

    text: str
    tone: str = "fg1"
    goes: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """Where a fact, or the point between two, is painted."""

    text: str
    left: int
    width: int
    tone: str
    strong: bool
    elided: bool


def lay_out(
    facts: Sequence[ShortFact], width: int, plain: QFontMetrics, strong: QFontMetrics
) -> list[PlacedFact]:
    """What is painted in so much width, from the left."""
    between = plain.horizontalAdvance(_BETWEEN)
    wide = {fact: (strong if fact.strong else plain).horizontalAdvance(fact.text) + 1 for fact in facts}
    kept = list(facts)
    while len(kept) > 1 and sum(wide[fact] for fact in kept) + between * (len(kept) - 1) > width:
        # Of equals the last goes; what must stay goes only where not even it has room beside the first.
        kept.pop(max(range(len(kept)), key=lambda at: (kept[at].goes, at)))
    placed: list[PlacedFact] = []
    left = 0
    for fact in kept:
        if placed:
            placed.append(PlacedFact(_BETWEEN, left, between, "fg2", False, False))
            left += between
        room = min(wide[fact], max(0, width - left))
        metrics = strong if fact.strong else plain
        text = fact.text if room >= wide[fact] else elided(fact.text, metrics, room)
        placed.append(PlacedFact(text, left, room, fact.tone, fact.strong, text != fact.text))
        left += room
    return placed


class FactLine(QWidget):
    """Facts side by side. What has no room stands in the tip, which says all of them then."""

    def __init__(
        self, *, role: str = "small", strong: str = "small_strong", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._role, self._strong = role, strong
        self._facts: tuple[ShortFact, ...] = ()
        self._more = ""
        self._placed: tuple[tuple[object, ...], list[PlacedFact]] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: Sequence[ShortFact], tip: str = "") -> None:
        """Other facts. ``tip``: what there is to say besides."""
        new = tuple(
            ShortFact(cleaned, fact.tone, fact.goes, fact.strong)
            for fact in facts
            if (cleaned := clean(fact.text))
        )
        if (new, tip) != (self._facts, self._more):
            self._facts, self._more = new, tip
            self._placed = None
            self.setAccessibleName(self.text())
            self.updateGeometry()
            self.update()
            self._show_tip()

    def text(self) -> str:
        """All of it, whatever has room."""
        return _BETWEEN.join(fact.text for fact in self._facts)

    def facts(self) -> tuple[ShortFact, ...]:
        """All of it, by parts."""
        return self._facts

    def placed(self) -> list[PlacedFact]:
        """What is painted at the present width."""
        key = (self._facts, self.width(), theme.text_scale())
        if self._placed is None or self._placed[0] != key:
            plain, strong = self._metrics()
            self._placed = (key, lay_out(self._facts, self.width(), plain, strong))
        return self._placed[1]

    def is_cut(self) -> bool:
        """Whether something of it has no room."""
        return "".join(each.text for each in self.placed()) != self.text()

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(theme.font(self._role)), QFontMetrics(theme.font(self._strong))

    def _show_tip(self) -> None:
        parts = [self.text() if self.is_cut() else "", self._more]
        set_tip(self, "\n".join(part for part in parts if part))

    def resizeEvent(self, event: object) -> None:
        self._show_tip()

    def sizeHint(self) -> QSize:
        plain, strong = self._metrics()
        wide = sum((strong if f.strong else plain).horizontalAdvance(f.text) + 1 for f in self._facts)
        between = plain.horizontalAdvance(_BETWEEN) * max(0, len(self._facts) - 1)
        return QSize(wide + between, max(plain.lineSpacing(), strong.lineSpacing()))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        plain, strong = self._metrics()
        for each in self.placed():
            metrics = strong if each.strong else plain
            painter.setFont(theme.font(self._strong if each.strong else self._role))
            painter.setPen(theme.colour(each.tone if self.isEnabled() else "fg2"))
            base = (self.height() + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(each.left, base), each.text)
        painter.end()
