"""What runs: three places, each a ring that empties, with what is left of it underneath."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import t
from ui.kinds import kind_of
from ui.widgets import KindMark, Ring
from ui.windows.host.facts import RunningPromotion
from ui.windows.host.large import LargeLabel

PLACES: Final = 3
_RING: Final = 94
_MARK: Final = 24


class RingPlace(QWidget):
    """One place; empty until something runs in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cue_id = ""
        self.ring = Ring(role="host_price")
        self.mark = KindMark("pin")
        self.name = LargeLabel("", px=25, least=16, tone="fg1")
        self.says = LargeLabel("", px=25, least=20, bold=True, align=Qt.AlignmentFlag.AlignHCenter)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addStretch(1)
        head.addWidget(self.mark)
        head.addWidget(self.name)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.says)
        for each in (self.ring, self.mark):
            # Hidden, it keeps its room: an empty place stays as large as a full one.
            policy = each.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            each.setSizePolicy(policy)
        self.set_scale(1.0)
        self._fill(None)

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        self.ring.setFixedSize(round(_RING * scale), round(_RING * scale))
        self.mark.setFixedSize(round(_MARK * scale), round(_MARK * scale))

    def show_running(self, cue: RunningPromotion | None, now: datetime) -> None:
        """Another promotion, the same one further on, or none."""
        self._fill(cue)
        self.ring.tick(now)

    def _fill(self, cue: RunningPromotion | None) -> None:
        self.cue_id = cue.cue_id if cue is not None else ""
        for each in (self.ring, self.mark):
            each.setVisible(cue is not None)
        self.name.setText(cue.name if cue is not None else "")
        self.says.setText(cue.says if cue is not None else "")
        if cue is not None:
            self.mark.set_kind(cue.kind)
            self.says.set_tone(cue.tone)
            self.ring.set_tone(kind_of(cue.kind).TONE)
            self.ring.set_span(cue.starts, cue.ends)
        self.setAccessibleName(f"{cue.name} {cue.says}" if cue is not None else "")


class PromotionRings(QFrame):
    """A promotion keeps its place until it leaves; what finds no place is counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.setAccessibleName(t("正在进行"))
        self.places = [RingPlace() for _ in range(PLACES)]
        self.more = LargeLabel("", px=25, tone="warn")
        self.more.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(4)
        for place in self.places:
            row.addWidget(place, 1)
        row.addWidget(self.more)
        self.quiet = LargeLabel(
            t("没有在进行的促销"), px=25, tone="fg2", align=Qt.AlignmentFlag.AlignHCenter, parent=self
        )

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        for place in self.places:
            place.set_scale(scale)

    def show_running(self, found: list[RunningPromotion], now: datetime) -> None:
        """Everything that runs, in the order of the state."""
        by_id = {cue.cue_id: cue for cue in found}
        kept = {place.cue_id for place in self.places if place.cue_id in by_id}
        waiting = [cue for cue in found if cue.cue_id not in kept]
        for place in self.places:
            cue = by_id.get(place.cue_id) or (waiting.pop(0) if waiting else None)
            place.show_running(cue, now)
        self.more.setText(f"+{len(waiting)}")
        self.more.setVisible(bool(waiting))
        self.quiet.setVisible(not found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.quiet.setGeometry(self.rect())

    def tick(self, now: datetime) -> None:
        """Move the rings."""
        for place in self.places:
            if place.cue_id:
                place.ring.tick(now)
