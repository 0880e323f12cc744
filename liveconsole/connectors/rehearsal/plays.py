"""What the simulated platform's own page shows of a PK and of red packets, and tells as a source. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

from liveconsole.connectors.rehearsal.moment import Outbox
from liveconsole.connectors.rehearsal.view import PacketView, PkView, RehearsalRoom

TELLS_EVERY: Final = timedelta(seconds=3)


class PlayedThere:
    """Scores that grow, packets that are taken; told every few seconds while they run."""

    def __init__(self, seed: int, out: Outbox) -> None:
        self._dice = Random(f"{seed}/plays")
        self._out = out
        self._told: dict[str, datetime] = {}
        self._scores: dict[tuple[str, int], tuple[int, int]] = {}
        self._taken: dict[str, int] = {}

    def step(self, now: datetime, view: RehearsalRoom) -> None:
        """Tell what is due."""
        running: list[PkView | PacketView] = [*view.pks, *view.packets]
        for one in running:
            last = self._told.get(one.cue_id)
            if last is not None and now - last < TELLS_EVERY:
                continue
            self._told[one.cue_id] = now
            if isinstance(one, PkView):
                self._score(one)
            else:
                self._packets(one)

    def _score(self, pk: PkView) -> None:
        ours, theirs = self._scores.get((pk.cue_id, pk.round), (0, 0))
        grown = ours + self._dice.randrange(120), theirs + self._dice.randrange(110)
        self._scores[pk.cue_id, pk.round] = grown
        self._out.fact("pk.scored", {"cue_id": pk.cue_id, "ours": grown[0], "theirs": grown[1]})

    def _packets(self, one: PacketView) -> None:
        taken = min(one.packets, self._taken.get(one.cue_id, 0) + self._dice.randrange(8))
        self._taken[one.cue_id] = taken
        figures = {"cue_id": one.cue_id, "claimed": taken, "left": one.packets - taken}
        self._out.fact("promotion.measured", figures)
