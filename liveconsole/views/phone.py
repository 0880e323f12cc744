"""What a phone shows of a room (`messages.phone`), from the room in memory. Pure.

What a seat may do is what `can` says of it; nothing is decided here. Names of viewers are there for a role
that sees them, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from liveconsole.domain import asked
from liveconsole.domain.kind import kind_of
from liveconsole.domain.naming import cue_title, sku_title
from liveconsole.domain.platforms import does, orders_known
from liveconsole.domain.room import Cue, Product, Room
from liveconsole.domain.stock import available, sold_out
from liveconsole.messages.phone import (
    NOTES,
    QUEUED,
    TASKS,
    WINNERS,
    PhoneClocks,
    PhoneCopy,
    PhoneDraw,
    PhoneNote,
    PhoneProduct,
    PhoneRow,
    PhoneTask,
    PhoneView,
    PhoneWinner,
)
from liveconsole.messages.refusals import word
from liveconsole.messages.rights import MAY, PLAIN
from liveconsole.messages.state import CanState, May, RundownState, SaleSkuState, WinnerState
from liveconsole.messages.statuses import WAITING
from liveconsole.views.instructions import instruction
from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds.kind import People, ProductNames
from liveconsole.views.masks import plain_line
from liveconsole.views.rundown import pace

_LINE: Final = 80
_GOODS: Final = 2
_HOST_FIRES: Final = ("等主播开抢", "The host fires this")
_LOOK: Final = (
    "平台没有回话。请在手机上看一眼：它开始了吗？",
    "The platform did not answer. Look at the phone: did it start?",
)
_YES: Final = {True: ("已完成", "Done"), False: ("开始了", "It started")}
_NO: Final = {True: ("没成功", "Not done"), False: ("没开始", "It did not")}
"""By whether a person does it there."""


class PhoneInputs(Struct, frozen=True):
    """What it is made from at one moment. ``can``: cue → what the role may do to it; ``people``: of the
    winners, for a role that sees names."""

    room: Room
    now: datetime
    role: str
    can: Mapping[str, CanState]
    rundown: RundownState
    people: People = {}
    english: bool = False


def sees_names(role: str) -> bool:
    """Tell whether a seat of this role is shown names of viewers."""
    return role not in PLAIN


def winners_in(room: Room) -> Iterator[str]:
    """Yield the pids of everybody whose prize the phone may show."""
    for cue in room.cues.values():
        for bag in cue.bags:
            yield from (winner.viewer_id for winner in bag.winners)


def phone_view(seen: PhoneInputs) -> PhoneView:
    """Return what stands there now for a role."""
    room, may = seen.room, MAY.get(seen.role, frozenset())
    tasks = _tasks(seen)
    waiting = [cue for cue in map(room.cues.__getitem__, room.queue) if cue.status in WAITING]
    waiting = [cue for cue in waiting if cue.owed is None]
    return PhoneView(
        role=seen.role,
        names=sees_names(seen.role),
        fires="cue.fire" in may,
        writes="note.put" in may,
        title=plain_line(room.settings.shop_face.name or room.settings.title, _LINE),
        status=room.broadcast.status,
        simulated=room.simulated,
        opened_at=room.broadcast.opened_at,
        pinned=_pinned(room),
        clocks=_clocks(seen),
        tasks=[_task(seen, cue) for cue in tasks[:TASKS]],
        tasks_more=max(0, len(tasks) - TASKS),
        queue=[_row(seen, cue) for cue in waiting[:QUEUED]],
        queue_more=max(0, len(waiting) - QUEUED),
        draws=list(_draws(seen)),
        notes=_notes(seen),
    )


def _pinned(room: Room) -> PhoneProduct | None:
    product = room.products.get(room.pinned.confirmed or room.pinned.wanted or "")
    if product is None:
        return None
    number = next((item.number for item in room.cart if item.product_id == product.product_id), None)
    title, image = plain_line(product.title, _LINE), _image(product)
    if sold_out(room, product):
        return PhoneProduct(title, None, number, image=image, left=0)
    if (sold := _on_sale(room, product)) is not None:
        rows, measured = sold
        known = [row.left for row in rows if row.left is not None]
        struck = [row.struck_fen for row in rows if row.struck_fen is not None]
        return PhoneProduct(
            title,
            min(row.price_fen for row in rows),
            number,
            min(struck) if len(struck) == len(rows) else None,
            len({row.price_fen for row in rows}) > 1,
            image,
            sum(known) if len(known) == len(rows) else measured,
            sum(row.quantity for row in rows),
        )
    prices = {room.skus[sku_id].price_fen for sku_id in product.sku_ids}
    return PhoneProduct(
        title,
        product.price_fen,
        number,
        asked.struck(product.list_price_fen, product.price_fen, asked.before_now(room, product)),
        len(prices) > 1,
        image,
        sum(available(room, sku_id) for sku_id in product.sku_ids) if orders_known(room) else None,
    )


def _on_sale(room: Room, product: Product) -> tuple[list[SaleSkuState], int | None] | None:
    """Return the product's SKUs in what runs with a price of its own for its units, and what a person read
    off the platform as left, where that is of these alone."""
    for cue in _running(room):
        if not cue.sale or not _about_it(room, cue, product):
            continue
        told = WORDS[cue.kind].state(room, cue, people={}, turned_away=None)
        every: list[SaleSkuState] = [row for row in told.get("skus", ()) if not row.lot and not row.by_name]
        rows = [row for row in every if row.sku_id in product.sku_ids]
        if rows:
            alone = len(rows) == len(every)
            return rows, cue.measured.left if alone and cue.measured is not None else None
    return None


def _running(room: Room) -> list[Cue]:
    return [cue for cue_id in sorted(room.live) if (cue := room.cues[cue_id]).status == "on_air"]


def _about_it(room: Room, cue: Cue, product: Product) -> bool:
    return product.product_id in kind_of(cue).goods(room, cue.spec)


def _image(product: Product) -> str | None:
    image = product.sent.get("image")
    return image if isinstance(image, str) and len(image) == 64 else None


def _clocks(seen: PhoneInputs) -> PhoneClocks:
    ends = [cue for cue in _running(seen.room) if cue.ends_at is not None and cue.kind != "pin"]
    first = min(ends, key=lambda cue: cue.ends_at or seen.now, default=None)
    open_ = seen.room.broadcast.status == "open"
    return PhoneClocks(
        ends=_said(WORDS[first.kind].TITLE, seen) if first is not None else "",
        kind=first.kind if first is not None else "",
        ends_at=first.ends_at if first is not None else None,
        shown_since=seen.room.pinned.confirmed_at if seen.room.pinned.confirmed else None,
        ahead_seconds=pace(seen.rundown, seen.now).ahead_seconds if open_ else None,
    )


def _tasks(seen: PhoneInputs) -> list[Cue]:
    """Return the steps that a person is asked about, the oldest first."""
    found = []
    for cue_id in seen.room.live:
        cue = seen.room.cues[cue_id]
        if cue.owed is None:
            continue
        nobody_said = cue.status == "unknown" and cue.owed.step == "on_air"
        if nobody_said or does(seen.room, cue) == "person":
            found.append((cue.owed.since, cue.cue_id, cue))
    return [cue for _, _, cue in sorted(found, key=lambda each: each[:2])]


def _task(seen: PhoneInputs, cue: Cue) -> PhoneTask:
    owed, by_hand = cue.owed, does(seen.room, cue) == "person"
    assert owed is not None
    next_bag = cue.series is not None and owed.step == "on_air" and cue.status == "on_air"
    spec = {**cue.spec_sent, "series": None} if next_bag else cue.spec_sent
    told = instruction(cue.kind, owed.step, spec, _names(seen.room, kind_of(cue).goods(seen.room, cue.spec)))
    words = _said(told.path, seen) or (told.en if seen.english else told.zh)
    fields = [
        PhoneCopy(_said(field.label, seen), field.value, _said(field.unit, seen)) for field in told.fields
    ]
    return PhoneTask(
        cue.cue_id,
        cue.kind,
        owed.step,
        _title(seen, cue),
        words if by_hand else _said(_LOOK, seen),
        owed.since,
        fields if by_hand else [],
        _said(_YES[by_hand], seen),
        _said(_NO[by_hand], seen) if owed.step == "on_air" else "",
        _why_not(seen, _can(seen, cue, "confirm")),
    )


def _names(room: Room, product_ids: Iterable[str]) -> ProductNames:
    """Return the words for these goods alone: a shop has ten thousand."""
    numbers = {item.product_id: item.number for item in room.cart}
    titles: dict[str, str] = {}
    prices: dict[str, int] = {}
    counted: dict[str, int] = {}
    for product_id in product_ids:
        product = room.products.get(product_id)
        if product is None:
            continue
        titles[product_id] = product.title
        for sku_id in product.sku_ids:
            titles[sku_id] = product.title if len(product.sku_ids) < 2 else sku_title(room, sku_id)
            prices[sku_id] = room.skus[sku_id].price_fen
            if product_id in numbers:
                counted[sku_id] = numbers[product_id]
        if product_id in numbers:
            counted[product_id] = numbers[product_id]
    return ProductNames(titles, counted, prices)


def _row(seen: PhoneInputs, cue: Cue) -> PhoneRow:
    goods = sorted(kind_of(cue).goods(seen.room, cue.spec))
    pictures = [_image(seen.room.products[id_]) for id_ in goods if id_ in seen.room.products]
    return PhoneRow(
        cue.cue_id,
        cue.kind,
        _title(seen, cue),
        _about(seen, cue, goods),
        _said(WORDS[cue.kind].FIRE, seen),
        _why_no_fire(seen, cue),
        next((image for image in pictures if image is not None), None),
        cue.fires_at or (cue.at if cue.status in ("standby", "approved", "queued") else None),
        cue.status == "recallable" and _can(seen, cue, "recall") is True,
    )


def _title(seen: PhoneInputs, cue: Cue) -> str:
    """``秒杀 ¥59 × 18``; of a prize or a coupon what it is called."""
    words, sent = WORDS[cue.kind], cue.spec_sent
    name = (sent.get("prize") or {}).get("name") or sent.get("name") or ""
    parts = (_said(words.TITLE, seen), str(name), words.offer(sent, english=seen.english))
    if not any(parts[1:]):
        return plain_line(_said(cue_title(seen.room, cue), seen), _LINE)
    return plain_line(" ".join(part for part in parts if part), _LINE)


def _about(seen: PhoneInputs, cue: Cue, goods: list[str]) -> str:
    names = _names(seen.room, goods[:_GOODS])
    if keyword := (cue.spec_sent.get("entry") or {}).get("keyword") or cue.spec_sent.get("keyword"):
        return plain_line(f"keyword “{keyword}”" if seen.english else f"口令「{keyword}」", _LINE)
    if goods:
        shown = ("，" if not seen.english else ", ").join(
            _said(names.thing(id_), seen) for id_ in goods[:_GOODS]
        )
        more = len(goods) - _GOODS
        tail = "" if more <= 0 else f" and {more} more" if seen.english else f" 等 {len(goods)} 款"
        return plain_line(shown + tail, _LINE)
    conditions = WORDS[cue.kind].conditions(cue.spec_sent)
    return plain_line(" · ".join(_said(each, seen) for each in conditions), _LINE)


def _why_no_fire(seen: PhoneInputs, cue: Cue) -> str:
    """What the key of its number does the phone's does, where it fires; else why it does not."""
    can = seen.can.get(cue.cue_id)
    if can is None:
        return _why_not(seen, None)
    if can.fire is not True:
        return _said(_HOST_FIRES, seen) if can.fire.code == "forbidden" else _why_not(seen, can.fire)
    # The engine would take it, and what somebody else proposed is agreed to first: the phone has no yes.
    return "" if can.key == "fire" else word("not_approved", {}, english=seen.english)


def _can(seen: PhoneInputs, cue: Cue, act: str) -> May | None:
    can = seen.can.get(cue.cue_id)
    found: May | None = getattr(can, act) if can is not None else None
    return found


def _why_not(seen: PhoneInputs, may: May | None) -> str:
    if may is True:
        return ""
    if may is None:
        return "…"
    return plain_line(word(may.code, may.params, english=True) if seen.english else may.text, _LINE * 2)


def _draws(seen: PhoneInputs) -> Iterator[PhoneDraw]:
    """Yield the draws of this broadcast whose prizes somebody still has to claim."""
    opened = seen.room.broadcast.opened_at
    for cue in seen.room.cues.values():
        if not cue.bags or (opened is not None and cue.ended_at is not None and cue.ended_at < opened):
            continue
        told = WORDS[cue.kind].state(seen.room, cue, people=seen.people, turned_away=None)
        winners: list[WinnerState] = [w for w in told.get("winners", ()) if w.settled is not False]
        if not any(winner.settled is None for winner in winners):
            continue
        name = (cue.spec_sent.get("prize") or {}).get("name") or ""
        shown = winners[:WINNERS] if sees_names(seen.role) else []
        yield PhoneDraw(
            plain_line(str(name), _LINE),
            len(winners),
            sum(winner.settled is None for winner in winners),
            [PhoneWinner(plain_line(w.name, _LINE), w.settled, w.claim_until) for w in shown],
            cue.bag.receipt_code if cue.bag is not None else "",
        )


def _notes(seen: PhoneInputs) -> list[PhoneNote]:
    """Return the last ones. Who sees no names sees none: what people type may name somebody."""
    if not sees_names(seen.role):
        return []
    return [PhoneNote(note.text, note.by, note.to, note.at) for note in seen.room.notes[-NOTES:]]


def _said(words: tuple[str, str], seen: PhoneInputs) -> str:
    return words[seen.english]
