"""下一品: the key, what it will do before it is pressed, and what each step came to afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.i18n import t
from ui.kinds.phrases import label
from ui.seat.room import RoomView
from ui.widgets import Chip, FireButton, FlowRow, PlainLabel, Separator, set_tip
from ui.words.next import StepWords, plan, steps_done


class NextBox(QWidget):
    """Below the rundown and below the cart. ``asked`` when its key is pressed; it fires no money."""

    SECTIONS: Final = ("broadcast", "cart", "catalogue", "cues", "rundown")

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[StepWords] = []
        self._says = self._kept = ""
        self.product_id = ""
        """The product that the key names."""
        self.key = FireButton(t("下一品"), key="PgDn", role="kpi")
        self.key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.key.fired.connect(self.asked)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.says = PlainLabel("", role="small", tone="fg2", lines=2, align=centre)
        self._done = QWidget()
        self._done.setAccessibleName(t("下一品的结果"))
        self._flow = FlowRow(self._done, gap=6)
        self.why = PlainLabel("", role="small", tone="live", lines=0)
        self.why.hide()
        self._done.hide()
        column = QVBoxLayout()
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        for each in (self._done, self.why, self.key, self.says):
            column.addWidget(each)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Separator())
        outer.addLayout(column)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """What the key would do now, and what it did when it came here."""
        coming = plan(room)
        self.product_id = coming.product_id or ""
        self.key.block(coming.blocked)
        if coming.blocked:
            self.key.show_as(t("没有下一品") if room.is_open else t("下一品"))
            self._says = coming.blocked if room.is_open else t("开播后：PgDn 讲下一品")
        else:
            # Its number first: that is whole however narrow the key is.
            numbered = self.product_id in room.numbers
            named = f"{label(self.product_id, room)} {coming.title}" if numbered else coming.title
            self.key.show_as(t("下一品 · {title}", title=named))
            self._says = " → ".join(coming.steps)
        self._say()
        set_tip(self.key, self.key.face)
        self._show_steps(steps_done(room))

    def show_kept(self, reason: str) -> None:
        """Why PgDn is not 下一品 just now; the button still is."""
        if reason != self._kept:
            self._kept = reason
            self._say()

    def _say(self) -> None:
        self.says.setText(self._kept or self._says)
        self.says.set_tone("warn" if self._kept else "fg2")
        set_tip(self.says, self.says.text())

    def _show_steps(self, steps: list[StepWords]) -> None:
        if steps == self._steps:
            return
        self._steps = steps
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        # What went well is no news, and what was refused is told whole below.
        told = [step for step in steps if step.tone == "warn" or (step.tone == "live" and not step.why)]
        for step in told:
            chip = Chip(step.text, tone=step.tone, icon=step.icon)
            chip.setAccessibleName(f"{step.text} {step.why}".strip())
            set_tip(chip, step.why)
            self._flow.addWidget(chip)
        said = [
            t("{what}：{why}", what=step.text, why=step.why)
            for step in steps
            if step.why and step.tone == "live"
        ]
        self.why.setText("\n".join(said))
        self.why.setVisible(bool(said))
        self._done.setVisible(bool(told))

    @property
    def done(self) -> list[str]:
        """The words of every step that was made."""
        return [step.text for step in self._steps]
