"""The cart as viewers see it, 讲解, and 下一品."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from liveconsole.domain import cue as cues
from liveconsole.domain import fire
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.law import qualified
from liveconsole.domain.room import CartItem, Cue, Room
from liveconsole.messages import commands, events
from liveconsole.messages.cart import CartAdded, CartMoved, CartRemoved, CartRenumbered
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import PinSpec


def item(room: Room, product_id: str) -> CartItem | None:
    return next((i for i in room.cart if i.product_id == product_id), None)


def add(room: Room, data: commands.CartAdd, ctx: Context) -> Decision | Refused:
    """Products that are in the cart already keep their place and number."""
    if data.numbers is not None and (bad := _not_theirs(room, data, data.numbers)) is not None:
        return bad
    there = {i.product_id for i in room.cart}
    new: list[str] = []
    for product_id in dict.fromkeys(data.product_ids):
        if (refused := fire.off_shelf(room, [product_id])) is not None:
            return refused
        if product_id not in there:
            new.append(product_id)
    had = dict(zip(data.product_ids, data.numbers, strict=True)) if data.numbers is not None else {}
    items = [(had.get(id_, room.next_number + place), id_) for place, id_ in enumerate(new)]
    found = [ctx.event("cart.added", CartAdded(items))] if items else []
    if data.to is not None and data.to <= len(room.cart):
        moved = ((id_, data.to + n) for n, id_ in enumerate(new))
        found += [ctx.event("cart.moved", CartMoved(id_, to)) for id_, to in moved]
    return Decision(found, {"items": [{"number": n, "product_id": p} for n, p in items]})


def _not_theirs(room: Room, data: commands.CartAdd, numbers: list[int]) -> Refused | None:
    """A number comes back that was given out before, to nobody else meanwhile."""
    if len(numbers) != len(data.product_ids) or len(set(numbers)) != len(numbers):
        return Refused("bad_shape", {"detail": "numbers: one each of product_ids"})
    holders = {i.number: i.product_id for i in room.cart}
    for number, product_id in zip(numbers, data.product_ids, strict=True):
        if number >= room.next_number or holders.get(number, product_id) != product_id:
            return Refused("number_moved", {"number": number, "product_id": holders.get(number)})
    return None


def remove(room: Room, data: commands.CartRemove, ctx: Context) -> Decision | Refused:
    if item(room, data.product_id) is None:
        return Refused("not_in_cart", {"product_id": data.product_id})
    found = [ctx.event("cart.removed", CartRemoved(data.product_id))]
    if room.pinned.wanted == data.product_id:
        found = unpin_events(room, ctx, "removed") + found
    return Decision(found, {"product_id": data.product_id})


def move(room: Room, data: commands.CartMove, ctx: Context) -> Decision | Refused:
    if item(room, data.product_id) is None:
        return Refused("not_in_cart", {"product_id": data.product_id})
    to = min(data.to, len(room.cart))
    result = {"product_id": data.product_id, "to": to}
    if room.cart[to - 1].product_id == data.product_id:
        return Decision([], result)
    return Decision([ctx.event("cart.moved", CartMoved(data.product_id, to))], result)


def renumber(room: Room, data: commands.Nothing, ctx: Context) -> Decision | Refused:
    numbered = [{"number": n, "product_id": i.product_id} for n, i in enumerate(room.cart, 1)]
    same = all(i.number == n for n, i in enumerate(room.cart, 1)) and room.next_number == len(room.cart) + 1
    found = [] if same else [ctx.event("cart.renumbered", CartRenumbered())]
    return Decision(found, {"items": numbered})


def pin(room: Room, data: commands.CartPin, ctx: Context) -> Decision | Refused:
    product_id = data.product_id
    if product_id is None and data.number is None:
        return Refused("bad_shape", {"detail": "product_id or number"})
    if data.number is not None:
        numbered = next((i for i in room.cart if i.number == data.number), None)
        expected = data.expect_product_id or product_id
        if numbered is None:
            if expected is not None and (moved := item(room, expected)) is not None:
                return Refused("number_moved", {"number": data.number, "now": moved.number})
            return Refused("not_in_cart", {"number": data.number})
        if expected is not None and numbered.product_id != expected:
            return Refused("number_moved", {"number": data.number, "product_id": numbered.product_id})
        product_id = numbered.product_id
    assert product_id is not None
    if data.expect_product_id is not None and data.expect_product_id != product_id:
        return Refused("changed", {"product_id": product_id})
    if (refused := fire.cannot_show(room, product_id, ctx)) is not None:
        return refused
    if room.broadcast.status != "open":
        return Refused("not_open")
    cue_id, found = pin_events(room, product_id, ctx)
    return Decision(found, {"cue_id": cue_id, "product_id": product_id})


def pin_events(room: Room, product_id: str, ctx: Context) -> tuple[str, list[Event]]:
    """Make a pin cue of its own, fired at once."""
    cue_id = f"pin{ctx.chance.fresh(8).hex()}"
    sent = {"product_id": product_id}
    cue = Cue(cue_id, "pin", PinSpec(product_id), sent, "approved", ctx.now, ctx.role)
    found = [
        ctx.event("cue.queued", events.CueQueued(cue_id, "pin", sent)),
        ctx.event("cue.approved", events.CueOnlyEvent(cue_id)),
        *fire.go(room, cue, ctx),
    ]
    return cue_id, found


def unpin(room: Room, data: commands.Nothing, ctx: Context) -> Decision | Refused:
    return Decision(unpin_events(room, ctx), {"product_id": room.pinned.wanted})


def unpin_events(room: Room, ctx: Context, reason: str = "") -> list[Event]:
    return [fire.end(room, c, ctx, "stopped", reason) for c in fire.pins(room)]


def next_product(room: Room) -> CartItem | None:
    """Return the item after the one that is, or was last, explained; products that are off the shelf, or lack
    a qualification, are passed.

    Off air the next broadcast is meant, which begins at the first.
    """
    last = (room.pinned.wanted or room.pinned.last) if room.broadcast.status == "open" else None
    place = next((n for n, i in enumerate(room.cart) if i.product_id == last), None)
    after = room.cart if place is None else room.cart[place + 1 :]
    return next((i for i in after if _can_be_shown(room, i.product_id)), None)


def _can_be_shown(room: Room, product_id: str) -> bool:
    return room.products[product_id].on_shelf and qualified.passes(room, product_id)


def go_next(room: Room, data: commands.GoNext, ctx: Context) -> Decision | Refused:
    """下一品 of a room without a rundown (`rundown.go_next` has the command)."""
    if room.broadcast.status != "open":
        return Refused("not_open")
    coming = next_product(room)
    if coming is None:
        return Refused("nothing_next")
    expected = data.expect.get("product_id") if isinstance(data.expect, dict) else data.expect
    if expected is not None and expected != coming.product_id:
        return Refused("changed", {"product_id": coming.product_id, "number": coming.number})
    if (refused := fire.cannot_show(room, coming.product_id, ctx)) is not None:
        return refused
    cue_id, found = pin_events(room, coming.product_id, ctx)
    approved, armed, left_out = arm(room, coming.product_id, ctx)
    found += approved + _to_the_front(room, armed, ctx)
    result = {
        "cue_id": cue_id,
        "product_id": coming.product_id,
        "number": coming.number,
        "armed": armed,
        "not_armed": left_out,
    }
    return Decision(found, result)


def arm(
    room: Room, product_id: str, ctx: Context, *, without: Collection[str] = ()
) -> tuple[list[Event], list[str], list[dict[str, str]]]:
    """Approves what waits in the queue about the product: the events, the cues armed, and those left out."""
    found: list[Event] = []
    armed: list[str] = []
    left_out: list[dict[str, str]] = []
    for other in map(room.cues.__getitem__, room.queue):
        if not kind_of(other).ARMED or other.cue_id in without or product_id not in cues.goods(room, other):
            continue
        if other.status == "queued" and other.at is None:
            refused = cues.approval(room, other, ctx)
            if refused is not None:
                left_out.append({"cue_id": other.cue_id, "code": refused.code})
                continue
            found.append(ctx.event("cue.approved", events.CueOnlyEvent(other.cue_id)))
            room = cues.with_approved(room, other)
        elif other.status != "approved":
            continue
        armed.append(other.cue_id)
    return found, armed, left_out


def _to_the_front(room: Room, cue_ids: list[str], ctx: Context) -> list[Event]:
    rest = [cue_id for cue_id in room.queue if cue_id not in cue_ids]
    if not rest or room.queue[: len(cue_ids)] == cue_ids:
        return []
    return [ctx.event("cue.moved", events.CueMoved(cue_id, rest[0])) for cue_id in cue_ids]


def _added(room: Room, data: CartAdded, event: Event) -> None:
    for number, product_id in data.items:
        room.cart.append(CartItem(number, product_id))
        room.next_number = max(room.next_number, number + 1)


def _removed(room: Room, data: CartRemoved, event: Event) -> None:
    room.cart = [i for i in room.cart if i.product_id != data.product_id]


def _moved(room: Room, data: CartMoved, event: Event) -> None:
    moved = item(room, data.product_id)
    if moved is not None:
        room.cart.remove(moved)
        room.cart.insert(data.to - 1, moved)


def _renumbered(room: Room, data: CartRenumbered, event: Event) -> None:
    for number, found in enumerate(room.cart, 1):
        found.number = number
    room.next_number = len(room.cart) + 1


COMMANDS: Final[dict[str, Rule]] = {
    "cart.add": add,
    "cart.remove": remove,
    "cart.move": move,
    "cart.renumber": renumber,
    "cart.pin": pin,
    "cart.unpin": unpin,
}
FOLDS: Final[dict[str, Fold]] = {
    "cart.added": _added,
    "cart.removed": _removed,
    "cart.moved": _moved,
    "cart.renumbered": _renumbered,
}
