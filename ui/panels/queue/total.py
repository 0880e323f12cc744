"""The line under the queue: what was given away, the most it can come to, and what the ready ones may add."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout

from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.seat.room import RoomView
from ui.widgets import FactLine, ShortFact, set_tip
from ui.widgets.cost import CostBar
from ui.words import costs as cost_words


class TotalLine(QFrame):
    """Keeps its place at the foot of the queue. Before the broadcast it says only what waits."""

    HIGH = 31

    def __init__(self) -> None:
        super().__init__()
        self._wanted, self._folded = True, False
        self.setObjectName("rule_above")
        self.given, self.ahead = FactLine(), FactLine()
        self.bar = CostBar()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self.given, 3)
        row.addWidget(self.bar)
        row.addWidget(self.ahead, 4)
        self.remeasure()

    def remeasure(self) -> None:
        """Type has another size."""
        self.setFixedHeight(round(self.HIGH * theme.text_scale()))

    def set_folded(self, folded: bool) -> None:
        """Make room, or come back."""
        self._folded = folded
        self.setVisible(self._wanted and not folded)

    def show_room(self, room: RoomView, ready: Sequence[int | None]) -> None:
        """The room's own sums; ``ready``: the most that each of those that can go would give away."""
        self._wanted = room.is_open or any(ready)
        self.setVisible(self._wanted and not self._folded)
        known = sum(fen for fen in ready if fen)
        said = t("能发的 {n} 条最多再让 {money}", n=len(ready), money=yuan_short(known))
        self.ahead.show_facts([ShortFact(said, "fg1")] if known else [])
        if not room.is_open:
            self.given.show_facts([])
            self.bar.hide()
            return
        cost = cost_words.broadcast(room)
        most = t("在跑的最多 {money}", money=yuan_short(cost.whole))
        parts = [ShortFact(cost.words, "fg0", 0, strong=True)]
        self.given.show_facts([*parts, *([ShortFact(most, "fg1", 1)] if cost.whole else [])], cost.tip)
        self.bar.show()
        self.bar.show_cost(cost_words.with_ready(cost, known))
        set_tip(self.bar, cost.tip)

    @property
    def said(self) -> str:
        """All of the line."""
        return " · ".join(part for part in (self.given.text(), self.ahead.text()) if part)
