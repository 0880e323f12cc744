"""A dry run for the composer and the queue: what the rules would say, and what it could cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from liveconsole.domain import budget, case_coupons, fire, pricing, shop_asks, time_limit
from liveconsole.domain.context import Context
from liveconsole.domain.decide import decide, parsed
from liveconsole.domain.drand import QUICKNET
from liveconsole.domain.kind import BySku, Repair, SkuVerdict, kind_of
from liveconsole.domain.naming import named
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.after_order import CaseCoupon, ShopAnswer
from liveconsole.messages.envelope import Command
from liveconsole.messages.refusals import Refused
from liveconsole.messages.repeats import Repeat
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
    and ``exposure_fen``; for a spec ``at_start``: what would be in its way if it were fired now, and for one
    that is composed by SKUs what `_by_sku` says. A coupon of ``shop.answer`` is judged by itself, with
    ``repairs`` (``off_fen``: the most that it may take off) where it is refused. Where its time is over
    (`time_limit`) the answer is ``judge_later``, which says nothing for or against it.
    """
    found: dict[str, Any] = {}
    try:
        answer = decide(room, Command("", type_, data, role), now, NoChance())
        found["ok"] = not isinstance(answer, Refused)
        if isinstance(answer, Refused):
            found |= worded(answer)
        if type_ == "shop.answer" and (coupon := _coupon(data)) is not None:
            return found | _of_coupon(room, coupon, found)
        spec, cue = _about(room, type_, data)
        if spec is not None:
            without = cue.cue_id if cue is not None else None
            found |= cost(room, spec, without=without)
            times = _times(cue, data)
            if over := budget.beyond(room, spec, now, without=without, times=times):
                found["over_budget_fen"] = over
            if type_ in {"cue.add", "cue.edit"}:
                draft = _draft(cue, spec, data, now)
                found["at_start"] = _at_start(room, draft, now)
                found |= _by_sku(room, draft, now, found.get("code"))
    except time_limit.Stopped:
        return {"ok": False, **worded(Refused("judge_later"))}
    return found


def _coupon(data: dict[str, Any]) -> CaseCoupon | None:
    shape = parsed("shop.answer", data)
    return shape.coupon if isinstance(shape, ShopAnswer) else None


def _of_coupon(room: Room, coupon: CaseCoupon, found: dict[str, Any]) -> dict[str, Any]:
    """What is to be said of it though the order is the books' alone, which a dry run does not read."""
    if (refused := shop_asks.forbids_coupon(room, coupon)) is not None:
        said = {"ok": False, **worded(named(room, refused)), "repairs": []}
        return said | {"repairs": case_coupons.repairs(room, coupon, refused)}
    return cost(room, shop_asks.coupon_spec(coupon)) if found.get("code") in (None, "judge_later") else {}


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


def _times(cue: Cue | None, data: dict[str, Any]) -> int:
    """How often it comes: as a form says, else as the promotion stands."""
    if "repeat" in data:
        shape = parsed("cue.edit", {"cue_id": "x", "spec": {}, "repeat": data["repeat"]})
        repeat = getattr(shape, "repeat", None)
        return budget.times_left(repeat if isinstance(repeat, Repeat) else None)
    return budget.times_left(cue.repeat, cue.nth) if cue is not None else 1


def _draft(cue: Cue | None, spec: Spec, data: dict[str, Any], now: datetime) -> Cue:
    return Cue(
        cue_id=cue.cue_id if cue is not None else "",
        kind=cue.kind if cue is not None else str(data.get("kind")),
        spec=spec,
        spec_sent={},
        status="queued",
        added_at=now,
        proposed_by="host",
        at=_planned(data),
    )


def _at_start(room: Room, draft: Cue, now: datetime) -> dict[str, Any] | None:
    refused = fire.refusal(room, draft, Context(now, "host", NoChance()))
    return worded(named(room, refused)) if refused is not None else None


def _by_sku(room: Room, draft: Cue, now: datetime, refused: str | None) -> dict[str, Any]:
    """``skus`` (each with its lowest price, floor, free units and faults), ``repairs`` (each a value that is
    ready to be put in), ``mended`` (the spec with all of them) and ``fine`` (what was looked at and is well).

    Nothing of it where the kind has no SKUs, or where the time is over: the rest of the answer stands.
    """
    try:
        found = kind_of(draft).rows(room, draft, now)
    except time_limit.Stopped:
        return {}
    if found is None:
        return {}
    mended = found.mended
    return {
        "skus": [_row(room, row) for row in found.skus],
        "repairs": [_repair(room, each) for each in found.repairs],
        "mended": _mended(room, mended) if mended is not None else None,
        "fine": _fine(found, refused),
    }


def _row(room: Room, row: SkuVerdict) -> dict[str, Any]:
    faults = [worded(named(room, refused)) for refused in row.faults]
    if row.at_start:
        faults[-1]["at_start"] = True
    return {
        "sku_id": row.sku_id,
        "lowest_fen": row.lowest_fen,
        "floor_fen": row.floor_fen,
        "free": row.free,
        "faults": faults,
    }


def _repair(room: Room, each: Repair) -> dict[str, Any]:
    fix = {"price_fen": each.price_fen, "quantity": each.quantity, "off_fen": each.off_fen}
    values = {name: value for name, value in fix.items() if value is not None}
    because = named(room, each.because)
    return {"code": because.code, "sku_id": each.sku_id, "params": because.params, "fix": values}


def _mended(room: Room, spec: Spec) -> dict[str, Any]:
    sent: dict[str, Any] = msgspec.to_builtins(spec)
    sent.pop("kind", None)
    units = sum(sku.quantity for sku in getattr(spec, "skus", ())) or getattr(spec, "quantity", 0)
    return {"spec": sent, "quantity": units, "exposure_fen": pricing.exposure_fen(room, spec)}


def _fine(rows: BySku, refused: str | None) -> list[dict[str, Any]]:
    """Codes: ``skus`` (so many without a fault) and ``overlap`` (none of its kind is in the way). Where a
    floor is broken by none of them, as a gift breaks that of what brings it, none is called well."""
    elsewhere = refused == "below_price_floor" and not rows.repairs
    well = 0 if elsewhere else sum(not row.faults for row in rows.skus)
    found: list[dict[str, Any]] = [{"code": "skus", "params": {"n": well}}] if well else []
    return found if rows.overlaps else [*found, {"code": "overlap", "params": {}}]


def _planned(data: dict[str, Any]) -> datetime | None:
    shape = parsed("cue.edit", {"cue_id": "x", "spec": {}, "at": data.get("at")})
    at = getattr(shape, "at", None)
    return at if isinstance(at, datetime) else None
