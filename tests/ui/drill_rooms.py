"""Rehearsals with a drill in them, by the rules: one that runs, and one that has its mark."""

from __future__ import annotations

from typing import Any

from liveconsole.messages.drills import DRILLS
from tests.ui.evening import Evening

OWN = "drill1-a"


def drilling(drill: str = "cut_line", *, ago: float = 20) -> Evening:
    """It was begun ``ago`` seconds before now, its sale is out, and nobody says what became of it."""
    at = _fired(drill, ago)
    at.until(0)
    return at


def drilled(*, told: bool = False, begun: bool = False) -> Evening:
    """A cut line behind us: with a note or without, settled by the platform or said not to have begun."""
    seconds = DRILLS["cut_line"].seconds
    at = _fired("cut_line", seconds + 5)
    if told:
        at.ok("note.put", {"text": "断线，等平台", "to": "host"})
        at.ok("note.clear", {})
    at.until(seconds - 40)
    if begun:
        at.ok("effect.answered", {**effect(at), "outcome": "done"}, "platform")
    else:
        at.ok("cue.confirm", {"cue_id": OWN, "step": "on_air", "done": False})
    at.until(0)
    return at


def _fired(drill: str, ago: float) -> Evening:
    at = Evening("rehearsal", ago=ago)
    at.pin("scarf")
    at.ok("drill.start", {"drill": drill})
    at.approve(at.sale(OWN))
    at.ok("cue.fire", {"cue_id": OWN})
    at.until(max(0.0, ago - 12))
    at.ok("effect.answered", {**effect(at), "outcome": "unknown"}, "platform")
    return at


def effect(at: Evening) -> dict[str, Any]:
    owed = at.room.cues[OWN].owed
    assert owed is not None
    return {"key": owed.key, "cue_id": OWN, "step": owed.step}
