"""The host's keys for a surface beside the desk: which there are, how each stands, what a press asks for.

Pure.
The state says what a number does (`CanState.key`); here it gets a face of a few words and a colour's name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final, cast

import msgspec
from msgspec import Struct

from liveconsole.messages.key_surface import KeyAct, KeyColour, KeysFrame, KeyStands, SurfaceKey
from liveconsole.messages.refusals import word
from liveconsole.messages.specs import Announced
from liveconsole.messages.state import CueState, RefusalState, State
from liveconsole.messages.statuses import RUNNING, STATUS_WORDS
from liveconsole.views.goods import Goods, goods_of
from liveconsole.views.kinds import WORDS, title
from liveconsole.views.masks import plain_line
from liveconsole.views.next_up import NextUp, next_up

SLOTS: Final = 9
"""Numbers that have a key, at the desk and here."""
STOP_MS: Final = 800
HALT_MS: Final = 1_000
"""As long as F12 is held at the desk."""
SURE_MS: Final = 600
"""What cannot be taken back is held."""
LANGS: Final = ("zh", "en")
_LONG: Final = 40
"""Letters of a line; a key of plastic shows fewer."""


class AskedOfKey(Struct, frozen=True):
    """What a press of a key asks the engine for. ``cue_id``: whose outcome is waited for."""

    type: str
    data: dict[str, Any]
    cue_id: str = ""


def keys_frame(state: State, now: datetime, lang: str) -> KeysFrame:
    """Return all keys as they stand at ``now``; the same state and second give the same frame."""
    page = _Page(state, now, english=lang == "en")
    return KeysFrame(
        at=now,
        lang=lang,
        room=state.room.room_id,
        simulated=state.room.simulated,
        open=state.broadcast.status == "open",
        alarms=len(state.alarms),
        keys=page.keys(),
    )


def asked(state: State, slot: str) -> AskedOfKey | None:
    """Return what the key of ``slot`` asks for as the state stands; None where it asks for nothing."""
    if slot == "halt":
        return AskedOfKey("room.halt", {})
    if slot == "next":
        going = _going(state)
        return None if going.code else AskedOfKey("go.next", {"expect": going.expect})
    cue = _newest_recallable(state) if slot == "recall" else _in_slot(state, slot)
    if cue is None:
        return None
    data: dict[str, Any] = {"cue_id": cue.cue_id}
    if cue.can.key == "fire":
        return AskedOfKey("cue.fire", data | {"expect": cue.spec}, cue.cue_id)
    if cue.can.key in ("recall", "stop"):
        return AskedOfKey(f"cue.{cue.can.key}", data, cue.cue_id)
    return None


def counts_down(frame: KeysFrame) -> bool:
    """Tell whether a key shows seconds that go by."""
    return any(key.until is not None for key in frame.keys)


class _Page:
    """One frame being made."""

    def __init__(self, state: State, now: datetime, *, english: bool) -> None:
        self._state, self._now, self._english = state, now, english
        self._goods = goods_of(state.catalogue, state.cart)

    def keys(self) -> list[SurfaceKey]:
        numbers = [self._number(str(n)) for n in range(1, SLOTS + 1)]
        return [*numbers, self._next(), self._recall(), self._halt()]

    def _t(self, name: str, **params: object) -> str:
        return _TEXTS[name][self._english].format_map(params)

    def _why(self, refused: RefusalState) -> str:
        return _line(word(refused.code, refused.params, english=self._english), 120)

    def _number(self, slot: str) -> SurfaceKey:
        cue = _in_slot(self._state, slot)
        if cue is None:
            return SurfaceKey(slot)
        words = WORDS.get(cue.kind)
        name = title(cue.kind)[self._english]
        offer = words.offer(cue.spec, english=self._english) if words is not None else ""
        called = cast(Any, _Called(self._goods))
        about = words.about(cue.spec, called) if words is not None else ""
        key = self._standing(slot, cue)
        return msgspec.structs.replace(
            key, title=_line(f"{name} {offer}"), about=_line(about), shown=_shown(slot, key.does, cue)
        )

    def _standing(self, slot: str, cue: CueState) -> SurfaceKey:
        if cue.status == "recallable":
            return self._counting(slot, cue)
        if cue.status == "firing":
            return self._fired(slot, cue, "asked", "counting", self._t("asked"))
        if cue.status == "unknown":
            return self._fired(slot, cue, "unknown", "alarm", self._t("unknown"))
        if cue.status == "on_air":
            return self._fired(slot, cue, "on_air", "live", self._figure(cue))
        return self._waits(slot, cue)

    def _waits(self, slot: str, cue: CueState) -> SurfaceKey:
        planned = cue.status == "standby" and cue.fires_at is not None
        text = STATUS_WORDS[cue.status][self._english]
        if planned:
            text = self._t("planned", time=self._until(cue.fires_at))
        refused = cue.refusal("fire")
        if cue.can.key != "fire" or refused is not None:
            why = self._why(refused) if refused is not None else self._t("at_the_desk")
            return SurfaceKey(slot, text=text, colour="blocked", state="blocked", why=why)
        state: KeyStands = "planned" if planned else "ready"
        sure = 0 if recall_window(cue, self._state.room.recall_seconds) else SURE_MS
        until = cue.fires_at if planned else None
        return SurfaceKey(
            slot, text=text, colour="ready", state=state, does="fire", hold_ms=sure, until=until
        )

    def _counting(self, slot: str, cue: CueState) -> SurfaceKey:
        until = cue.fires_at
        since = count_began(cue, self._state.room.recall_seconds)
        does, why = _does(cue, "recall"), ""
        if not does and (refused := cue.refusal("recall")) is not None:
            why = self._why(refused)
        text = self._t("counting", time=self._until(until))
        return SurfaceKey(slot, "", "", text, "counting", "counting", does, 0, why, since, until)

    def _fired(self, slot: str, cue: CueState, state: KeyStands, colour: KeyColour, text: str) -> SurfaceKey:
        does, why = _does(cue, "stop"), ""
        if not does:
            refused = cue.refusal("stop")
            why = self._why(refused) if refused is not None else self._t("needs_reason")
        timed = state == "on_air" and cue.ends_at is not None
        return SurfaceKey(
            slot,
            text=text,
            colour=colour,
            state=state,
            does=does,
            hold_ms=STOP_MS if does else 0,
            why=why,
            since=cue.on_air_at if timed else None,
            until=cue.ends_at if timed else None,
            share=_gone(cue) if state == "on_air" else None,
        )

    def _figure(self, cue: CueState) -> str:
        """The one figure of what runs; what nobody reports gives way to its time."""
        if cue.left is not None:
            return self._t("left", n=f"{cue.left:,}")
        if cue.entrants is not None:
            return self._t("entrants", n=f"{cue.entrants:,}")
        if cue.ends_at is not None:
            return self._t("ends", time=self._until(cue.ends_at))
        return self._t("runs")

    def _next(self) -> SurfaceKey:
        going = _going(self._state)
        name = self._t("next")
        if going.code:
            why = word(going.code, {}, english=self._english)
            return SurfaceKey("next", name, colour="blocked", state="blocked", why=why)
        product_id = going.product_id
        segment = going.segment
        good = self._goods.products.get(product_id or "")
        about = (segment.title if segment is not None else "") or (good.title if good is not None else "")
        number = self._goods.number_of(product_id) if product_id is not None else None
        text = self._t("number", n=number) if number is not None else ""
        shown = _digest(["next", going.expect])
        return SurfaceKey("next", name, _line(about), text, "ready", "ready", "next", shown=shown)

    def _recall(self) -> SurfaceKey:
        cue, name = _newest_recallable(self._state), self._t("recall")
        if cue is None:
            return SurfaceKey("recall", name)
        key = self._counting("recall", cue)
        about = title(cue.kind)[self._english]
        return msgspec.structs.replace(key, title=name, about=about, shown=_shown("recall", key.does, cue))

    def _halt(self) -> SurfaceKey:
        """It acts at any time: who needs it looks for no reason."""
        running = sum(cue.status in RUNNING or cue.status == "recallable" for cue in self._state.cues)
        text = self._t("running", n=running) if running else ""
        colour: KeyColour = "alarm" if running else "off"
        shown = _digest(["halt"])
        return SurfaceKey("halt", self._t("halt"), "", text, colour, "ready", "halt", HALT_MS, shown=shown)

    def _until(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        left = max(0, math.ceil((moment - self._now).total_seconds()))
        if left < 60:
            return self._t("seconds", n=left)
        minutes, seconds = divmod(left, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class _Called:
    """Goods by the names that a line of a report gives them."""

    def __init__(self, goods: Goods) -> None:
        self._goods = goods

    def called(self, id_: str) -> str:
        found = self._goods.owner(id_)
        good = found[0] if found is not None else self._goods.products.get(id_)
        if good is None:
            return id_
        number = self._goods.number_of(good.product_id)
        said = good.title
        if found is not None and len(good.skus) > 1:
            said = f"{said} {found[1].title}"
        return said if number is None else f"#{number} {said}"


def _in_slot(state: State, slot: str) -> CueState | None:
    return next((cue for cue in state.cues if cue.slot is not None and str(cue.slot) == slot), None)


def counted(cue: CueState) -> int | None:
    """Return for how many seconds viewers see it count down; None for what is not announced."""
    return cue.terms.countdown_seconds if isinstance(cue.terms, Announced) else None


def recall_window(cue: CueState, usual: int) -> int:
    """Return for how many seconds it can be taken back: as long as viewers see it count down, else as the
    room has it (``usual``)."""
    return counted(cue) or usual


def count_began(cue: CueState, usual: int) -> datetime:
    """Return when its recall window began."""
    return (cue.fires_at or cue.at) - timedelta(seconds=recall_window(cue, usual))


def recalled_in_order(cues: Iterable[CueState], usual: int) -> list[CueState]:
    """Return what can be taken back, in the order in which Esc does: what was pressed last first."""
    found = [cue for cue in cues if cue.status == "recallable"]
    return sorted(found, key=lambda cue: count_began(cue, usual), reverse=True)


def _newest_recallable(state: State) -> CueState | None:
    return next(iter(recalled_in_order(state.cues, state.room.recall_seconds)), None)


def _going(state: State) -> NextUp:
    return next_up(state.rundown, state.cart, is_open=state.broadcast.status == "open")


def _does(cue: CueState, act: KeyAct) -> KeyAct:
    return act if cue.can.key == act else ""


def _gone(cue: CueState) -> float | None:
    if cue.left is None:
        return None
    gone = (cue.sold or 0) + (cue.held or 0) + (cue.claimed or 0)
    whole = cue.left + gone
    return round(gone / whole, 3) if whole else None


def _shown(slot: str, does: KeyAct, cue: CueState) -> str:
    """What a press names. Figures may move under a finger; what it does, to what, may not."""
    return _digest([slot, does, cue.cue_id, cue.spec if does == "fire" else None])


def _digest(of: Iterable[object]) -> str:
    return blake2b(msgspec.json.encode(list(of), order="sorted"), digest_size=8).hexdigest()


def _line(text: str, most: int = _LONG) -> str:
    """On one line, nothing unseen in it: it comes from outside."""
    return plain_line(text, most)


_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "next": ("下一品", "Next"),
    "recall": ("撤回", "Recall"),
    "halt": ("全停", "Stop all"),
    "running": ("{n} 个在进行", "{n} running"),
    "number": ("{n} 号", "No. {n}"),
    "counting": ("撤回 {time}", "Recall {time}"),
    "planned": ("定时 {time}", "In {time}"),
    "asked": ("等平台", "Asked"),
    "unknown": ("没有回话", "No answer"),
    "left": ("余 {n}", "{n} left"),
    "entrants": ("{n} 人", "{n} in"),
    "ends": ("剩 {time}", "{time} to go"),
    "runs": ("进行中", "Running"),
    "seconds": ("{n} s", "{n} s"),
    "at_the_desk": ("在主播台上处理", "See to it at the desk"),
    "needs_reason": ("停要写原因，在主播台上停", "Its stop needs a reason: stop it at the desk"),
}
