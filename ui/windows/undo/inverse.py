"""What takes an edit back: commands worked out of the state before it. Pure.

Each command stands in `BACK` or, with the reason, in `NEVER`. What was edited must stand as the edit left it,
or nothing is given: another seat may have meant what it did since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from liveconsole.messages.rundown import CueTemplate
from liveconsole.messages.specs import SPECS
from liveconsole.messages.state import CueState, SegmentState, State
from liveconsole.messages.statuses import PLANNED, TURNED_BACK
from ui.i18n import t
from ui.panels.rundown.writing import written
from ui.seat.room import RoomView
from ui.windows.undo import comments
from ui.windows.undo.edit import Edit, Json, Undo
from ui.words import cues as words
from ui.words.next import segment_title, template_words

_EDITABLE: Final = PLANNED | TURNED_BACK


@dataclass(frozen=True, slots=True)
class CannotUndo:
    """An edit that no command takes back."""

    what: str
    why: str


def inverse(edit: Edit) -> Undo | CannotUndo | None:
    """What takes `edit` back; None for what is no edit of cart, rundown or queue, or has changed nothing."""
    back = BACK.get(edit.type)
    return back(edit) if back is not None else None


# The cart -----------------------------------------------------------------------------------------------


def _titles(room: RoomView, ids: Sequence[str]) -> str:
    """One by its title, more by their number."""
    return room.title(ids[0]) if len(ids) == 1 else t("{n} 件", n=len(ids))


def _carted(state: State) -> list[str]:
    return [item.product_id for item in state.cart.items]


def _cart_added(edit: Edit) -> Undo | None:
    new = [str(item["product_id"]) for item in edit.result.get("items", [])]
    if not new:
        return None
    return Undo(
        t("加进购物车 · {title}", title=_titles(edit.room, new)),
        tuple(("cart.remove", {"product_id": product_id}) for product_id in new),
        lambda now: set(new) <= set(_carted(now)) and now.pinned.wanted not in new,
    )


def _cart_removed(edit: Edit) -> Undo | None:
    product_id = edit.data["product_id"]
    places = _carted(edit.before)
    if product_id not in places:
        return None
    place = places.index(product_id)
    number = edit.before.cart.items[place].number
    return Undo(
        t("移出购物车 · {title}", title=edit.room.title(product_id)),
        (("cart.add", {"product_ids": [product_id], "numbers": [number], "to": place + 1}),),
        lambda now: all(product_id != i.product_id and number != i.number for i in now.cart.items),
    )


def _cart_moved(edit: Edit) -> Undo | None:
    product_id, places = edit.data["product_id"], _carted(edit.before)
    to = min(edit.data["to"], len(places)) - 1
    if product_id not in places or (old := places.index(product_id)) == to:
        return None
    return Undo(
        t("移动购物车 · {title}", title=edit.room.title(product_id)),
        (("cart.move", {"product_id": product_id, "to": old + 1}),),
        lambda now: _carted(now)[to : to + 1] == [product_id],
    )


# The queue ----------------------------------------------------------------------------------------------


def _cue(state: State, cue_id: str) -> CueState | None:
    return next((cue for cue in state.cues if cue.cue_id == cue_id and cue.status != "removed"), None)


def _queue(state: State) -> list[str]:
    return [cue.cue_id for cue in state.cues if cue.status not in ("on_air", "ended", "removed")]


def _behind(order: Sequence[str], one: str) -> str | None:
    place = order.index(one) + 1
    return order[place] if place < len(order) else None


def _as_left(edit: Edit, cue_id: str, spec: Json | None) -> Callable[[State], bool]:
    """The promotion waits as it was written, and nobody else has said yes to it."""

    def stands(now: State) -> bool:
        cue = _cue(now, cue_id)
        if cue is None or cue.status not in _EDITABLE:
            return False
        return (spec is None or cue.spec == spec) and cue.approved_by in (None, edit.role)

    return stands


def _cue_added(edit: Edit) -> Undo | None:
    cue_id = edit.result.get("cue_id")
    if not cue_id:
        return None
    kind, spec = edit.data["kind"], edit.data["spec"]
    title = template_words(CueTemplate(kind, spec), edit.room) if kind in SPECS else str(kind)
    return Undo(
        t("加进待上 · {title}", title=title),
        (("cue.remove", {"cue_id": cue_id}),),
        _as_left(edit, cue_id, spec),
    )


def _cue_again(edit: Edit) -> Undo | None:
    cue_id, first = edit.result.get("cue_id"), _cue(edit.before, edit.data["cue_id"])
    if not cue_id or first is None:
        return None
    what = t("返场 · {title}", title=words.title(first, edit.room))
    return Undo(what, (("cue.remove", {"cue_id": cue_id}),), _as_left(edit, cue_id, None))


def _planned(cue: CueState) -> str | None:
    """When it goes out by itself."""
    return cue.fires_at.isoformat() if cue.status in PLANNED and cue.fires_at is not None else None


def _rest_of_plan(cue: CueState) -> Json:
    """The times that its plan had left; the last one is no plan any more."""
    if cue.repeat is None or (left := cue.repeat.times - cue.nth + 1) < 2:
        return {}
    return {"repeat": {"minutes": cue.repeat.minutes, "times": left}}


def _cue_edited(edit: Edit) -> Undo | None:
    cue = _cue(edit.before, edit.data["cue_id"])
    at = edit.data.get("at", msgspec.UNSET)
    if cue is None:
        return None
    beat = msgspec.to_builtins(cue.repeat)
    after = cue.only_after or None
    same = at in (msgspec.UNSET, _planned(cue)) and edit.data.get("repeat", beat) == beat
    same = same and edit.data.get("only_after", after) == after
    if cue.spec == edit.data["spec"] and same:
        return None
    back = {"cue_id": cue.cue_id, "spec": cue.spec, "at": _planned(cue), "repeat": beat}
    back["only_after"] = after
    return Undo(
        t("修改 · {title}", title=words.title(cue, edit.room)),
        (("cue.edit", back),),
        _as_left(edit, cue.cue_id, edit.data["spec"]),
    )


def _cue_moved(edit: Edit) -> Undo | None:
    cue, order = _cue(edit.before, edit.data["cue_id"]), _queue(edit.before)
    to = edit.data.get("before")
    if cue is None or cue.cue_id not in order or (old := _behind(order, cue.cue_id)) == to:
        return None
    return Undo(
        t("移动待上 · {title}", title=words.title(cue, edit.room)),
        (("cue.move", {"cue_id": cue.cue_id} | ({"before": old} if old else {})),),
        lambda now: _stands_before(_queue(now), cue.cue_id, to) and (old is None or old in _queue(now)),
    )


def _stands_before(order: Sequence[str], one: str, other: str | None) -> bool:
    return one in order and _behind(order, one) == other


def _cue_removed(edit: Edit) -> Undo | None:
    cue, order = _cue(edit.before, edit.data["cue_id"]), _queue(edit.before)
    if cue is None or cue.cue_id not in order:
        return None
    new, behind = edit.fresh(), _behind(order, cue.cue_id)
    at = ({"at": planned} if (planned := _planned(cue)) else {}) | _rest_of_plan(cue)
    at |= {"only_after": cue.only_after} if cue.only_after else {}
    back: list[tuple[str, Json]] = [("cue.add", {"cue_id": new, "kind": cue.kind, "spec": cue.spec} | at)]
    back += [("cue.move", {"cue_id": new, "before": behind})] if behind else []
    return Undo(
        t("移出待上 · {title}", title=words.title(cue, edit.room)),
        tuple(back),
        lambda now: _cue(now, cue.cue_id) is None and (behind is None or behind in _queue(now)),
    )


# The rundown --------------------------------------------------------------------------------------------


def _segments(state: State) -> dict[str, SegmentState]:
    return {segment.segment_id: segment for segment in state.rundown.segments}


def _told(segments: Sequence[SegmentState], room: RoomView) -> str:
    return segment_title(segments[0], room) if len(segments) == 1 else t("{n} 段", n=len(segments))


def _begun(segments: Sequence[SegmentState]) -> bool:
    return any(segment.current or segment.done or segment.started_at for segment in segments)


def _says(segment: SegmentState | None, sent: Json) -> bool:
    """Whether a segment is there and says what was sent of it."""
    if segment is None:
        return False
    plan = written(segment)
    return all(plan[name] == sent[name] for name in plan if name in sent and name != "segment_id")


def _rundown_put(edit: Edit) -> Undo | CannotUndo | None:
    ids = [str(segment_id) for segment_id in edit.result.get("segment_ids", [])]
    sent = dict(zip(ids, edit.data["segments"], strict=False))
    before = _segments(edit.before)
    if edit.data.get("replace"):
        return _rundown_replaced(edit, ids, sent)
    new = [segment_id for segment_id in ids if segment_id not in before]
    changed = [before[i] for i in ids if i in before and not _says(before[i], sent[i])]
    if not new and not changed:
        return None
    back: list[tuple[str, Json]] = []
    back += [("rundown.put", {"segments": [written(segment) for segment in changed]})] if changed else []
    back += [("rundown.remove", {"segment_ids": new})] if new else []
    touched = [*new, *(segment.segment_id for segment in changed)]

    def stands(now: State) -> bool:
        there = _segments(now)
        fresh = [there[segment_id] for segment_id in new if segment_id in there]
        return all(_says(there.get(i), sent[i]) for i in touched) and not _begun(fresh)

    said = _told(changed, edit.room) if not new else t("{n} 段", n=len(touched))
    return Undo(t("写进排品表 · {title}", title=said), tuple(back), stands)


def _rundown_replaced(edit: Edit, ids: list[str], sent: dict[str, Json]) -> Undo | CannotUndo:
    what = t("换掉排品表 · {title}", title=t("{n} 段", n=len(ids)))
    before = list(_segments(edit.before).values())
    if _begun([segment for segment in before if segment.segment_id not in ids]):
        return CannotUndo(what, t("讲过的段落放不回原样"))

    def stands(now: State) -> bool:
        there = _segments(now)
        fresh = [there[i] for i in ids if i in there and i not in _segments(edit.before)]
        return list(there) == ids and all(_says(there[i], sent[i]) for i in ids) and not _begun(fresh)

    back = {"segments": [written(segment) for segment in before], "replace": True}
    return Undo(what, (("rundown.put", back),), stands)


def _segment_moved(edit: Edit) -> Undo | None:
    segment_id, to = edit.data["segment_id"], edit.data.get("before")
    segments = _segments(edit.before)
    if segment_id not in segments or (old := _behind(list(segments), segment_id)) == to:
        return None

    def stands(now: State) -> bool:
        order = list(_segments(now))
        return _stands_before(order, segment_id, to) and (old is None or old in order)

    return Undo(
        t("移动排品表 · {title}", title=segment_title(segments[segment_id], edit.room)),
        (("rundown.move", {"segment_id": segment_id} | ({"before": old} if old else {})),),
        stands,
    )


def _segments_removed(edit: Edit) -> Undo | CannotUndo | None:
    order, before = list(_segments(edit.before)), _segments(edit.before)
    gone = [before[i] for i in order if i in edit.data["segment_ids"]]
    if not gone:
        return None
    what = t("移出排品表 · {title}", title=_told(gone, edit.room))
    if _begun(gone):
        return CannotUndo(what, t("讲过的段落放不回原样"))
    back: list[tuple[str, Json]] = []
    for segment in reversed(gone):  # the last first: each finds the one behind it
        behind = _behind(order, segment.segment_id)
        put = {"segments": [written(segment)]} | ({"before": behind} if behind else {})
        back.append(("rundown.put", put))
    ids = {segment.segment_id for segment in gone}
    needed = {_behind(order, segment_id) for segment_id in ids} - ids - {None}

    def stands(now: State) -> bool:
        there = set(_segments(now))
        return not ids & there and needed <= there

    return Undo(what, tuple(back), stands)


def _segment_copied(edit: Edit) -> Undo | None:
    new, first = edit.result.get("segment_id"), _segments(edit.before).get(edit.data["segment_id"])
    if not new or first is None:
        return None
    plan = written(first)

    def stands(now: State) -> bool:
        copy = _segments(now).get(new)
        return copy is not None and _says(copy, plan) and not _begun([copy])

    what = t("复制一段 · {title}", title=segment_title(first, edit.room))
    return Undo(what, (("rundown.remove", {"segment_ids": [new]}),), stands)


def _anchor_kept(edit: Edit) -> Undo | None:
    """The plan as it was, whichever way was taken."""
    touched = [str(segment_id) for segment_id in edit.result.get("segment_ids", [])]
    segment, before = _segments(edit.before).get(edit.data["segment_id"]), _segments(edit.before)
    if segment is None or not touched:
        return None
    way = next((w for a in edit.before.rundown.anchors for w in a.ways if w.way == edit.data["way"]), None)

    def stands(now: State) -> bool:
        """Nobody has changed what it left: minutes, what is passed over, the two that changed places."""
        there = _segments(now)
        if list(there) != _swapped(list(before), way.swaps if way is not None else []):
            return False
        same = ("product_id", "title", "script", "cues", "conditions")
        return all(getattr(there[i], name) == getattr(before[i], name) for i in touched for name in same)

    back = {"segments": [written(each) for each in before.values()], "replace": True}
    return Undo(
        t("守住定点 · {title}", title=segment_title(segment, edit.room)), (("rundown.put", back),), stands
    )


def _swapped(order: list[str], swaps: Sequence[str]) -> list[str]:
    if swaps:
        one, other = (order.index(segment_id) for segment_id in swaps)
        order[one], order[other] = order[other], order[one]
    return order


BACK: Final[dict[str, Callable[[Edit], Undo | CannotUndo | None]]] = {
    "cart.add": _cart_added,
    "cart.remove": _cart_removed,
    "cart.move": _cart_moved,
    "cue.add": _cue_added,
    "cue.again": _cue_again,
    "cue.edit": _cue_edited,
    "cue.move": _cue_moved,
    "cue.remove": _cue_removed,
    "rundown.put": _rundown_put,
    "rundown.move": _segment_moved,
    "rundown.remove": _segments_removed,
    "rundown.duplicate": _segment_copied,
    "rundown.keep": _anchor_kept,
    "viewer.mute": comments.viewer_muted,
    "viewer.unmute": comments.viewer_unmuted,
    "answer.put": comments.answer_put,
    "answer.remove": comments.answer_removed,
}
"""command → what takes it back."""
_ON_AIR: Final = "it is seen on the platform, or ends what is"
_MONEY: Final = "it is a price, a stock, an order or a prize: whoever changes one again says so"
_SAID: Final = "it is a decision or a statement of a person, and stands"
_ROOM: Final = "it is of the room as a whole, not an edit"
NEVER: Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            "cart.pin", "cart.unpin", "cart.renumber", "go.next", "product.shelf", "cue.fire", "cue.recall",
            "cue.stop", "room.halt",
        ),
        _ON_AIR,
    ),
    **dict.fromkeys(
        (
            "stock.limit",
            "catalogue.put", "stock.add", "order.request", "coupon.claim", "prices.settle", "bag.settle",
            "bag.winners", "bag.source",
            "bag.no_more",
            "place.free",
            "member.spend", "member.deposit",
        ),
        _MONEY,
    ),
    **dict.fromkeys(
        (
            "cue.approve", "cue.reject", "cue.confirm", "cue.measure", "note.put", "note.clear", "order.note",
            "question.answer", "pledge.put", "pledge.clear", "shop.keep", "viewer.confirm",
            "shop.answer", "shop.confirm", "case.step", "review.consent",
            "review.show", "review.hide", "story.collect",
            "review.note", "right.put", "right.remove", "violation.note", "violation.step",
            "prepare.plan",
            "prepare.drop",
            "prepare.tick",
            "rivals.put",
            "board.type",
            "switchback.plan",
            "switchback.drop",
            "parts.put",
            "sharer.put",
            "member.join", "member.leave", "member.checkin",
        ),
        _SAID,
    ),
    **dict.fromkeys(
        (
            "orders.import",
            "room.set", "broadcast.open", "broadcast.close", "viewer.forget", "clock.repair", "drill.start",
            "drill.stop",
        ),
        _ROOM,
    ),
}  # fmt: skip
"""command → why none does; a renumbered cart has had its numbers read out."""
