"""What is played with the audience, large: who has a place on a list, or the score of a PK."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.specs import FirstComeSpec, PkSpec
from liveconsole.messages.state import CueState
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.kinds.phrases import number
from ui.seat.room import RoomView
from ui.windows.host.large import LargeLabel

_NAMED = 6
"""So many of a list are named, those who came last."""


@dataclass(frozen=True, slots=True)
class PlayOnAir:
    """``large``: the one thing to read; ``beside``: what goes with it. Names come from outside."""

    kind: str
    large: str
    beside: str


def play_on_air(room: RoomView) -> PlayOnAir | None:
    """The list or PK that was fired last and runs."""
    running = [cue for cue in room.cues.values() if cue.status == "on_air"]
    running.sort(key=lambda cue: cue.on_air_at or cue.at, reverse=True)
    return next((found for cue in running if (found := _said(cue)) is not None), None)


def _said(cue: CueState) -> PlayOnAir | None:
    terms = cue.terms
    if isinstance(terms, FirstComeSpec):
        large = t(
            "扣“{word}” {n} / {of} 位", word=clean(terms.keyword, 20), n=len(cue.places), of=terms.places
        )
        first = len(cue.places) - len(cue.places[-_NAMED:]) + 1
        names = [
            f"{order}. {clean(place.name or '—', 16)}"
            for order, place in enumerate(cue.places[-_NAMED:], first)
        ]
        waiting = [t("候补 {n}", n=number(cue.waiting))] if cue.waiting else []
        return PlayOnAir(cue.kind, large, "   ".join([*waiting, *names]))
    if isinstance(terms, PkSpec):
        large = f"{number(cue.ours)} : {number(cue.theirs)}  {clean(terms.opponent, 24)}"
        rounds = t("第 {n} / {of} 局", n=max(1, len(cue.rounds)), of=terms.rounds) if terms.rounds > 1 else ""
        stake = t("赌注 {stake}", stake=clean(terms.stake, 40)) if terms.stake else ""
        return PlayOnAir(cue.kind, large, "   ".join(part for part in (rounds, stake) if part))
    return None


class PlayBand(QFrame):
    """Takes no room while nothing is played."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.kind = LargeLabel("", px=25, tone="fg1")
        self.large = LargeLabel("", px=56, least=30, bold=True)
        self.beside = LargeLabel("", px=25, least=20, tone="fg1")
        row, column = QHBoxLayout(), QVBoxLayout(self)
        row.setSpacing(18)
        row.addWidget(self.kind)
        row.addWidget(self.large, 1)
        column.setContentsMargins(18, 4, 18, 6)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.beside)
        self.hide()

    def show_play(self, found: PlayOnAir | None) -> None:
        """Another one, the same further on, or none."""
        self.setVisible(found is not None)
        if found is None:
            return
        self.kind.setText(name_of(found.kind))
        self.large.setText(found.large)
        self.large.set_tone(kind_of(found.kind).TONE)
        self.beside.setText(found.beside)
        self.beside.setVisible(bool(found.beside))
        self.setAccessibleName(f"{name_of(found.kind)} {found.large} {found.beside}")
