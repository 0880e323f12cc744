"""Presses of a surface's keys: each is carried out once, and its outcome followed until it is known.

They belong to the engine and not to a connection: a surface that comes back and sends a press again is told
of the one that it made, and nothing happens twice.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from liveconsole.bus.port import RoomPort
from liveconsole.messages.inputs import CommandInput, NotTaken
from liveconsole.messages.key_surface import KeyPress
from liveconsole.messages.refusals import word
from liveconsole.messages.state import State
from liveconsole.tasks import cancel_all, spawn
from liveconsole.views.key_outcome import PressOutcome, outcome
from liveconsole.views.keys import AskedOfKey, asked, keys_frame

ROLE: Final = "keys"
PRESSES: Final = 10
"""Presses that may be carried out at once, of all surfaces; nobody has more fingers."""
_KEPT: Final = 256
_LIFE: Final = timedelta(seconds=5)
"""A press that comes to the rules later than this does nothing."""
_WATCHED: Final = 600.0
"""Seconds for which an outcome is waited for."""
_STARTS: Final = ("cue.fire", "go.next")

_encode = msgspec.json.Encoder().encode
Look = Callable[[], Awaitable[tuple[State, datetime]]]
"""The room as it stands now, and the engine's time."""


class Pressed:
    """One press and what is known of it."""

    def __init__(self, press: KeyPress, now: float) -> None:
        self.press, self.since = press, now
        self.outcome: PressOutcome | None = None
        """None: nobody knows yet whether it is taken."""
        self.asked: AskedOfKey | None = None
        """While its outcome is waited for."""


class Presses:
    """Used on the event loop only. ``told`` is called when an outcome is another one."""

    def __init__(self, room: RoomPort, look: Look, told: Callable[[], None]) -> None:
        self._room, self._look, self._told = room, look, told
        self._kept: OrderedDict[str, Pressed] = OrderedDict()
        self._doing: set[asyncio.Task[None]] = set()

    def take(self, press: KeyPress) -> PressOutcome | None:
        """Take a press. None: its outcome stands, or will stand, in `of`; else it was not taken, and why."""
        known = self._kept.get(press.id)
        if known is not None:
            return None if known.press == press else refused("id_reused")
        if len(self._doing) >= PRESSES:
            return refused("inbox_full")
        pressed = self._kept[press.id] = Pressed(press, asyncio.get_running_loop().time())
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        task = spawn(self._do(pressed), name="key press")
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)
        return None

    def of(self, id: str) -> Pressed | None:
        """Return a press and what is known of it; None where it was forgotten."""
        return self._kept.get(id)

    def settle(self, state: State) -> None:
        """Look what has become of those that are waited for."""
        now = asyncio.get_running_loop().time()
        for one in self._kept.values():
            if one.asked is None:
                continue
            found = outcome(one.asked, state)
            over = now - one.since > _WATCHED
            if found.status in ("done", "refused") or over:
                one.asked = None
            if over and found.status == "waiting":
                found = msgspec.structs.replace(found, status="unknown")
            self._tell(one, found)

    async def close(self) -> None:
        """Stop waiting; what was asked is carried out all the same."""
        await cancel_all(list(self._doing))

    def _tell(self, one: Pressed, found: PressOutcome) -> None:
        if one.outcome != found:
            one.outcome = found
            self._told()

    async def _do(self, one: Pressed) -> None:
        try:
            state, now = await self._look()
            no = _refusal(one.press, state, now)
            of = asked(state, _slot_of(one.press)) if no is None else None
            if of is None:
                self._tell(one, no or refused("key_blocked"))
                return
            await self._ask(one, of, now)
        except NotTaken as error:
            # Of an engine that stops nobody here can say whether it was still carried out.
            found = refused(error.code, detail=error.detail)
            lost = one.asked is None and error.code == "engine_stopped"
            self._tell(one, msgspec.structs.replace(found, status="unknown") if lost else found)

    async def _ask(self, one: Pressed, of: AskedOfKey, now: datetime) -> None:
        digest = hashlib.sha256(_encode([ROLE, of.type, of.data])).digest()
        id_ = f"{ROLE}:{one.press.id}"
        answer = await self._room.ask(CommandInput(id_, of.type, of.data, ROLE, digest, now + _LIFE))
        said: dict[str, Any] = msgspec.json.decode(answer.body)
        if not answer.ok:
            self._tell(one, refused(answer.code, **(said.get("params") or {})))
            return
        if of.type == "go.next":
            of = msgspec.structs.replace(of, cue_id=said["result"].get("cue_id") or "")
        one.asked = of
        self.settle((await self._look())[0])


def _slot_of(press: KeyPress) -> str:
    return press.press or press.hold or ""


def _refusal(press: KeyPress, state: State, now: datetime) -> PressOutcome | None:
    if (press.press is None) == (press.hold is None):
        return refused("bad_shape", detail="press | hold")
    zh, en = (keys_frame(state, now, lang).keys for lang in ("zh", "en"))
    key = next((key for key in zh if key.slot == _slot_of(press)), None)
    if key is None:
        return refused("no_such_key")
    if key.shown != press.shown:
        return refused("changed")
    if not key.does:
        in_english = next(each.why for each in en if each.slot == key.slot)
        return (
            PressOutcome("refused", "key_blocked", (key.why, in_english))
            if key.why
            else refused("key_blocked")
        )
    if key.hold_ms and (press.hold is None or press.ms < key.hold_ms):
        return refused("hold_longer", seconds=f"{key.hold_ms / 1000:g}")
    return None


def refused(code: str, **params: Any) -> PressOutcome:
    """Return the refusal of a code, in both languages."""
    return PressOutcome("refused", code, (word(code, params), word(code, params, english=True)))
