"""What an event may change of the state: event type → sections that have to be made again.

To mark too much costs a little time, for a section's revision follows from its bytes; to mark too little
shows a seat what is not so. ``alarms``, ``health`` and ``sharing`` are made for every answer
and stand here nowhere.
"""

from __future__ import annotations

from typing import Final

from liveconsole.messages.events import EVENTS
from liveconsole.messages.order_books import OF_THE_BOOKS
from liveconsole.messages.state import SECTIONS

KEPT: Final = frozenset(SECTIONS) - {"alarms", "health", "sharing"}
"""Sections that stay as they are until an event or time moves them."""

_NOTHING: Final[frozenset[str]] = frozenset()
_NOTES: Final = frozenset({"notes"})
_AUDIENCE: Final = frozenset({"audience"})
_FIGURES: Final = frozenset({"catalogue", "cues", "orders", "rundown", "discount"})
_CUES: Final = _FIGURES | {"cart", "broadcast", "law"}

MARKS: Final[dict[str, frozenset[str]]] = {
    "comment.posted": _AUDIENCE,
    "viewer.entered": _AUDIENCE,
    "viewer.followed": _AUDIENCE | {"cues"},
    "viewer.joined_club": _AUDIENCE | {"cues"},
    "viewer.shared": _AUDIENCE,
    "viewer.liked": _AUDIENCE,
    "gift.sent": _AUDIENCE,
    "room.measured": _AUDIENCE,
    "stock.measured": frozenset({"catalogue"}),
    "promotion.measured": _FIGURES,
    "aftersale.updated": frozenset({"orders"}),
    "group.joined": _FIGURES,
    "group.filled": _FIGURES,
    "bargain.helped": _FIGURES,
    "share.brought": _FIGURES,
    "room.set": KEPT,
    "broadcast.opened": KEPT,
    "broadcast.closed": KEPT,
    "catalogue.put": KEPT,
    "stock.added": _FIGURES,
    "stock.limited": _FIGURES,
    "stock.oversold": _FIGURES,
    "product.shelved": _CUES,
    "cart.added": frozenset({"cart", "rundown", "law"}),
    "cart.removed": frozenset({"cart", "rundown", "law"}),
    "cart.moved": frozenset({"cart", "rundown"}),
    "cart.renumbered": frozenset({"cart", "rundown"}),
    **{name: _FIGURES for name in EVENTS if name.startswith(("order.", "coupon."))},
    **dict.fromkeys(OF_THE_BOOKS, _NOTHING),
    "order.settled": _NOTHING,
    **{name: _CUES for name in EVENTS if name.startswith("cue.")},
    "cue.measured": _FIGURES,
    "effect.sent": frozenset({"cues"}),
    "bag.asked": _CUES,
    "bag.opened": _CUES,
    "bag.no_more": _CUES,
    "bag.series": frozenset({"cues"}),
    "bag.source": frozenset({"cues"}),
    "bag.entered": frozenset({"cues"}),
    "places.taken": frozenset({"cues"}),
    "place.freed": frozenset({"cues"}),
    "places.closed": frozenset({"cues"}),
    "pk.round": frozenset({"cues"}),
    "pk.scored": frozenset({"cues"}),
    "bag.closed": _CUES,
    "bag.settled": _CUES,
    "bag.winners": _CUES,
    "shop.asked": _NOTHING,
    "shop.sent": _NOTHING,
    "shop.settled": _NOTHING,
    "case.stepped": _NOTHING,
    "review.agreed": frozenset({"room", "stories"}),
    **dict.fromkeys(("review.shown", "review.hidden"), frozenset({"room"})),
    **dict.fromkeys(("story.collecting", "story.told"), frozenset({"stories"})),
    "prices.settled": frozenset({"cues"}),
    "shop.kept": _NOTHING,
    "bag.name_settled": _CUES,
    "connection.told": frozenset({"room", "cues", "orders", "broadcast"}) | _FIGURES,
    "drill.started": frozenset({"room"}),
    "drill.ended": frozenset({"room"}),
    "clock.stepped": _NOTHING,
    "seat.gave": _NOTHING,
    "room.restored": frozenset({"room", "cues"}),
    "rundown.put": frozenset({"rundown", "cart", "law"}),
    "rundown.moved": frozenset({"rundown", "cart", "law"}),
    "rundown.removed": frozenset({"rundown", "cart", "law"}),
    "rundown.went": frozenset({"rundown", "cart"}),
    "rundown.kept": frozenset({"rundown"}),
    "note.put": frozenset({"notes"}),
    "note.cleared": frozenset({"notes"}),
    "question.answered": _NOTES,
    "answer.put": _NOTES,
    "answer.removed": _NOTES,
    "member.joined": _NOTHING,
    "member.left": _NOTHING,
    "member.checked_in": _NOTHING,
    "member.spent": _NOTHING,
    "member.deposited": _NOTHING,
    "viewer.muted": _NOTES | {"stories"},
    "viewer.unmuted": _NOTES | {"stories"},
    "viewer.confirmed": _NOTES,
    "pledge.put": frozenset({"pledges", "rundown"}),
    "pledge.cleared": frozenset({"pledges", "rundown"}),
    "clock.repaired": KEPT,
    "viewer.forgotten": frozenset({"room", "cues", "rundown", "notes", "pledges", "stories"}),
    "words.overridden": frozenset({"cues"}),
    "world.proved": _NOTHING,
    "source.gap": _NOTHING,
    "review.noted": frozenset({"law", "cues"}),
    "right.put": frozenset({"law"}),
    "right.removed": frozenset({"law"}),
    "violation.noted": frozenset({"law"}),
    "violation.stepped": frozenset({"law"}),
    "parts.put": _NOTHING,
    "sharer.put": _CUES,
    "prepare.planned": _NOTHING,
    "prepare.dropped": _NOTHING,
    "prepare.ticked": _NOTHING,
    "rivals.put": _NOTHING,
    "board.typed": _NOTHING,
    "switchback.planned": _NOTHING,
    "switchback.dropped": _NOTHING,
    "law.read": frozenset({"law", "catalogue", "cart", "cues", "rundown"}),
}

GROUND: Final = frozenset(
    {
        "room.set",
        "connection.told",
        "broadcast.opened",
        "broadcast.closed",
        "catalogue.put",
        "product.shelved",
        "stock.added",
        "stock.limited",
        "law.read",
        "review.noted",
        "sharer.put",
    }
    | {name for name in EVENTS if name.startswith("cue.") and name != "cue.measured"}
    | {
        "bag.asked",
        "bag.opened",
        "bag.no_more",
        "bag.closed",
        "bag.settled",
        "bag.winners",
        "bag.name_settled",
    }
)
"""Events that move what prices and rights rest on, besides what orders take (`can.rests_on`) and coupons of
ended promotions that are used or given back (`sections`)."""
