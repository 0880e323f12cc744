"""What a report proposes for the next rundown: the host ticks some, one key writes them into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liveconsole.views.report import Proposal
from liveconsole.views.report.words import ReportWords
from ui.i18n import language, t
from ui.widgets import PlainLabel, button, set_tip

Commands = list[tuple[str, dict[str, Any]]]


class ProposalList(QWidget):
    """Nothing is ticked by itself. ``asked`` with the commands of what is; they are of the rundown only."""

    asked = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ticks: list[tuple[QCheckBox, Proposal]] = []
        self._held: list[QWidget] = []
        self.title = PlainLabel(t("下一场可以改的"), role="strong")
        self.said = PlainLabel("", role="small", tone="fg1", elide=True)
        self.write = button(t("写进排品表"), "primary")
        self.write.clicked.connect(self._ask)
        set_tip(self.write, "W")
        self._lines = QWidget()
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(2, 2, 2, 2)
        self._column.setSpacing(4)
        around = QScrollArea()
        around.setWidgetResizable(True)
        around.setFrameShape(QFrame.Shape.NoFrame)
        around.setMaximumHeight(132)
        around.setWidget(self._lines)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.said, 1)
        head.addWidget(self.write)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(around)
        self.hide()

    def show_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Show them with the figures that they come from; none of them: nothing stands here."""
        for held in self._held:
            held.hide()
            held.deleteLater()
        self._held = []
        words = ReportWords(english=language() == "en")
        self.ticks = [self._line(each, words.proposal(each)) for each in proposals]
        self.say("", "fg1")
        self.setVisible(bool(proposals))
        self._count()

    def _line(self, proposal: Proposal, words: str) -> tuple[QCheckBox, Proposal]:
        held = QWidget()
        tick, text = QCheckBox(), PlainLabel(words, role="small", elide=True)
        tick.setAccessibleName(words)
        tick.toggled.connect(lambda _: self._count())
        text.setMinimumWidth(1)
        set_tip(text, words)
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(tick)
        row.addWidget(text, 1)
        self._column.addWidget(held)
        self._held.append(held)
        return tick, proposal

    def _count(self) -> None:
        self.write.setEnabled(any(tick.isChecked() for tick, _ in self.ticks))

    @property
    def commands(self) -> Commands:
        """What is ticked as commands: the changes of one segment in one, then what moves."""
        put: dict[str, dict[str, Any]] = {}
        moves: Commands = []
        for tick, proposal in self.ticks:
            if not tick.isChecked():
                continue
            if proposal.type == "rundown.move":
                moves.append((proposal.type, proposal.data))
            for row in proposal.data.get("segments", []):
                put.setdefault(row["segment_id"], {}).update(row)
        return [*([("rundown.put", {"segments": list(put.values())})] if put else []), *moves]

    def _ask(self) -> None:
        if commands := self.commands:
            self.write.setEnabled(False)
            self.asked.emit(commands)

    def say(self, words: str, tone: str) -> None:
        """What became of it."""
        self.said.set_tone(tone)
        self.said.setText(words)

    def written(self, refused: str) -> None:
        """Say what the engine answered; what was written is not offered again."""
        if refused:
            self.say(refused, "live")
            self._count()
            return
        for tick, _ in self.ticks:
            if tick.isChecked():
                tick.setChecked(False)
                tick.setEnabled(False)
        self.say(t("写进排品表了"), "ok")
