"""What has become of a press: told of the state, never of what was hoped for. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from liveconsole.messages.key_surface import PressStands
from liveconsole.messages.state import CueState, State
from liveconsole.messages.statuses import STATUS_WORDS
from liveconsole.views.keys import AskedOfKey


class PressOutcome(Struct, frozen=True):
    """``text``: zh, en."""

    status: PressStands
    code: str = ""
    text: tuple[str, str] = ("", "")


_DONE: Final = PressOutcome("done")
_END_OWED: Final = PressOutcome("waiting", "owed_end", ("等平台上结束", "To be ended at the platform"))
_NOT_THERE: Final = PressOutcome("unknown", "unknown_cue", ("引擎里没有它了", "The engine has it no more"))


def outcome(asked: AskedOfKey, state: State) -> PressOutcome:
    """Tell how a command stands that the engine took.

    ``state`` is not older than the engine's answer to it.
    """
    return _BY_TYPE[asked.type](asked, state)


def _of_start(asked: AskedOfKey, state: State) -> PressOutcome:
    """Of a promotion, or of the pin that 下一品 made; a segment without a product starts nothing."""
    if not asked.cue_id:
        return _DONE
    cue = _cue(asked, state)
    if cue is None:
        return _NOT_THERE
    text = STATUS_WORDS[cue.status]
    if cue.status in ("recallable", "firing"):
        return PressOutcome("waiting", cue.status, text)
    if cue.status == "unknown":
        return PressOutcome("unknown", "unknown", text)
    if cue.status == "on_air" or (cue.status == "ended" and cue.on_air_at is not None):
        return _DONE
    return PressOutcome("refused", cue.status, (cue.reason_text, text[1]) if cue.reason_text else text)


def _of_stop(asked: AskedOfKey, state: State) -> PressOutcome:
    cue = _cue(asked, state)
    if cue is None:
        return _NOT_THERE
    if cue.status == "ended":
        return _END_OWED if cue.owed is not None else _DONE
    if cue.status == "recalled":
        return _DONE
    return PressOutcome("waiting", cue.status, STATUS_WORDS[cue.status])


def _of_halt(asked: AskedOfKey, state: State) -> PressOutcome:
    owed = any(cue.owed is not None and cue.owed.step == "ended" for cue in state.cues)
    return _END_OWED if owed else _DONE


def _cue(asked: AskedOfKey, state: State) -> CueState | None:
    return next((cue for cue in state.cues if cue.cue_id == asked.cue_id), None)


_BY_TYPE: Final[dict[str, Callable[[AskedOfKey, State], PressOutcome]]] = {
    "cue.fire": _of_start,
    "go.next": _of_start,
    "cue.recall": lambda _asked, _state: _DONE,
    "cue.stop": _of_stop,
    "room.halt": _of_halt,
}
