"""What a role may do to a promotion now: the answer that the rules would give, asked without doing. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from liveconsole.domain.decide import decide
from liveconsole.domain.judge import NoChance
from liveconsole.domain.prizes import unsettled
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.envelope import Command
from liveconsole.messages.refusals import Refused
from liveconsole.messages.state import CanState, May, RefusalState

_ACTS: Final[dict[str, str]] = {
    "approve": "cue.approve",
    "reject": "cue.reject",
    "fire": "cue.fire",
    "recall": "cue.recall",
    "stop": "cue.stop",
    "confirm": "cue.confirm",
    "edit": "cue.edit",
    "remove": "cue.remove",
    "settle": "bag.settle",
}


def can_state(room: Room, cue: Cue, role: str, now: datetime) -> CanState:
    return CanState(**{act: _may(room, cue, act, role, now) for act in _ACTS})


def _may(room: Room, cue: Cue, act: str, role: str, now: datetime) -> May:
    command = Command("", _ACTS[act], _data(cue, act), role)
    answer = decide(room, command, now, NoChance())
    return RefusalState(answer.code, answer.text, answer.params) if isinstance(answer, Refused) else True


def _data(cue: Cue, act: str) -> dict[str, Any]:
    """The command as a seat would send it, with whatever it has to name."""
    data: dict[str, Any] = {"cue_id": cue.cue_id}
    if act == "stop":
        data["reason"] = "-"  # a bag needs one, which the seat asks for
    elif act == "confirm":
        data |= {"step": cue.owed.step if cue.owed is not None else "on_air", "done": True}
    elif act == "edit":
        data["spec"] = cue.spec_sent
    elif act == "settle":
        waiting = unsettled(cue.bag) if cue.bag is not None else []
        data |= {"viewer_id": waiting[0].viewer_id if waiting else "", "ok": True}
    return data
