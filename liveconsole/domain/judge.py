"""A dry run for the composer and the queue: what the rules would say, and what it could cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from liveconsole.domain import fire, pricing, time_limit
from liveconsole.domain.context import Context
from liveconsole.domain.decide import decide, parsed
from liveconsole.domain.drand import QUICKNET
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.envelope import Command
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import Spec, parse_spec


class NoChance:
    """A dry run decides nothing: its bytes are recorded nowhere."""

    chain = QUICKNET

    def fresh(self, size: int) -> bytes:
        return bytes(size)

    def secret(self, draw_id: str) -> bytes:
        return bytes(32)


def judge(room: Room, type_: str, data: dict[str, Any], now: datetime, role: str = "host") -> dict[str, Any]:
    """Return what `decide` would answer now, without any event.

    ``{"ok", "code"?, "text"?, "params"?, "also"?}``; with a spec in it (``cue.add``, ``cue.edit``) or a cue
    (``cue.fire``, ``cue.approve``) also ``lowest_fen``, ``lowest`` (sku_id, floor_fen, combination, label)
    and ``exposure_fen``; for a spec ``at_start``: what would be in its way if it were fired now. Where its
    time is over (`time_limit`) the answer is ``judge_later``, which says nothing for or against it.
    """
    found: dict[str, Any] = {}
    try:
        answer = decide(room, Command("", type_, data, role), now, NoChance())
        found["ok"] = not isinstance(answer, Refused)
        if isinstance(answer, Refused):
            found |= worded(answer)
        spec, cue = _about(room, type_, data)
        if spec is not None:
            found |= cost(room, spec, without=cue.cue_id if cue is not None else None)
            if type_ in {"cue.add", "cue.edit"}:
                found["at_start"] = _at_start(room, cue, spec, data, now)
    except time_limit.Stopped:
        return {"ok": False, **worded(Refused("judge_later"))}
    return found


def worded(refused: Refused) -> dict[str, Any]:
    """Return a refusal as the door gives it, its further reasons beside it as well."""
    params = refused.params
    return {"code": refused.code, "text": refused.text, "params": params, "also": params.get("also", [])}


def cost(room: Room, spec: Spec, *, without: str | None = None) -> dict[str, Any]:
    """Return the lowest price that a buyer could reach with it, and the most that it could give away."""
    found: dict[str, Any] = {"lowest_fen": None, "exposure_fen": pricing.exposure_fen(room, spec)}
    low = lowest(room, spec, without=without)
    if low is not None:
        found |= {"lowest_fen": low["fen"], "lowest": low}
    return found


def lowest(
    room: Room, spec: Spec, *, without: str | None = None, most: int | None = None
) -> dict[str, Any] | None:
    """Return the lowest price among the goods that ``spec`` touches, and what makes it: of goods under their
    floor the first, which a refusal names too. None for what changes no price, or touches more than ``most``
    SKUs.
    """
    touched = list(pricing.touched(room, spec))
    if most is not None and len(touched) > most:
        return None
    found = pricing.lowest_among(room, touched, assume=spec, without=without)
    if found is None:
        return None
    sku_id, low = found
    return {
        "sku_id": sku_id,
        "fen": low.fen,
        "floor_fen": pricing.floor_of(room, sku_id),
        "combination": low.combination,
        "combination_en": low.combination_en,
        "label": pricing.LABEL,
    }


def _about(room: Room, type_: str, data: dict[str, Any]) -> tuple[Spec | None, Cue | None]:
    """The spec that a command is about, as far as it can be read, and the cue that has it now."""
    cue_id = data.get("cue_id")
    cue = room.cues.get(cue_id) if isinstance(cue_id, str) and type_ != "cue.add" else None
    kind = cue.kind if cue is not None else data.get("kind")
    sent = data.get("spec")
    if type_ in {"cue.add", "cue.edit"}:
        if not isinstance(sent, dict) or not isinstance(kind, str):
            return None, cue
        try:
            return parse_spec(kind, sent), cue
        except (msgspec.ValidationError, KeyError):
            return None, cue
    if type_ in {"cue.fire", "cue.approve"} and cue is not None:
        return cue.spec, cue
    return None, None


def _at_start(
    room: Room, cue: Cue | None, spec: Spec, data: dict[str, Any], now: datetime
) -> dict[str, Any] | None:
    draft = Cue(
        cue_id=cue.cue_id if cue is not None else "",
        kind=cue.kind if cue is not None else str(data.get("kind")),
        spec=spec,
        spec_sent={},
        status="queued",
        added_at=now,
        proposed_by="host",
        at=_planned(data),
    )
    refused = fire.refusal(room, draft, Context(now, "host", NoChance()))
    return worded(refused) if refused is not None else None


def _planned(data: dict[str, Any]) -> datetime | None:
    shape = parsed("cue.edit", {"cue_id": "x", "spec": {}, "at": data.get("at")})
    at = getattr(shape, "at", None)
    return at if isinstance(at, datetime) else None
