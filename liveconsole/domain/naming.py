"""What a refusal is about, by its title: a person knows no ids. Params keep the ids for programs. Pure."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import stock
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.refusals import Refused, names_in
from liveconsole.messages.specs import SPECS

_LONGEST: Final = 60


def named(room: Room, refused: Refused) -> Refused:
    """Return a refusal whose params say the titles that its sentence names, as far as the room knows them."""
    refused = stock.limited(room, refused)
    params = refused.params
    names = names_in(refused.code, params)
    found = titles(room, params) if names else {}
    found = {name: title for name, title in found.items() if name.removesuffix("_en") in names}
    if also := params.get("also"):
        found["also"] = [{**each, **_worded(room, each)} for each in also]
    return replace(refused, params={**params, **found}) if found else refused


def titles(room: Room, params: dict[str, Any]) -> dict[str, Any]:
    """Return ``cue``, ``product``, ``sku`` and ``segment`` of the ids in ``params``; ``…_en`` in English."""
    found: dict[str, Any] = {}
    cue = room.cues.get(_id(params, "cue_id"))
    if cue is not None:
        found["cue"], found["cue_en"] = cue_title(room, cue)
    product = room.products.get(_id(params, "product_id"))
    if product is not None:
        found["product"] = _short(product.title)
    sku = room.skus.get(_id(params, "sku_id"))
    if sku is not None:
        found["sku"] = _short(sku_title(room, sku.sku_id))
    segment = room.rundown.segments.get(_id(params, "segment_id"))
    if segment is not None and segment.written.title:
        found["segment"] = _short(segment.written.title)
    return found


def sku_title(room: Room, sku_id: str) -> str:
    """Return a SKU's title behind its product's, where it has one of its own."""
    sku = room.skus[sku_id]
    product = room.products.get(sku.product_id)
    if product is None or product.title in sku.title:
        return sku.title
    return f"{product.title} {sku.title}"


def cue_title(room: Room, cue: Cue) -> tuple[str, str]:
    """Return a promotion in short, Chinese and English: its kind, and its name or what it is about."""
    zh, en = SPECS[cue.kind].title if cue.kind in SPECS else (cue.kind, cue.kind)
    what = _short(_about(room, cue.spec_sent))
    return f"{zh} {what}".strip(), f"{en} {what}".strip()


def _about(room: Room, sent: dict[str, Any]) -> str:
    if name := sent.get("name") or (sent.get("prize") or {}).get("name"):
        return str(name)
    rows = [sent, *(row for row in sent.get("skus") or () if isinstance(row, dict))]
    for row in rows:
        product = room.products.get(_id(row, "product_id"))
        if product is not None:
            return product.title
        sku = room.skus.get(_id(row, "sku_id"))
        if sku is not None:
            of = room.products.get(sku.product_id)
            return of.title if of is not None else sku.title
    return ""


def _worded(room: Room, each: dict[str, Any]) -> dict[str, Any]:
    """A further reason, as the door gives it, with its titles."""
    whole = named(room, Refused(each["code"], each.get("params") or {}))
    return {"params": whole.params, "text": whole.text}


def _id(params: dict[str, Any], name: str) -> str:
    value = params.get(name)
    return value if isinstance(value, str) else ""


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
