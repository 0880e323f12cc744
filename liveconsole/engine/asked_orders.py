"""Which orders, after-sales and reviews are looked up before the rules see an input: rules ask nothing on
disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from liveconsole.domain import stories
from liveconsole.domain.room import Room
from liveconsole.domain.room_asks import FromBooks, KnownReview
from liveconsole.messages.inputs import CommandInput, Input
from liveconsole.store.reader import Reader

ABOUT_ORDERS: Final = "shop.answer"
ABOUT_A_REVIEW: Final = "review.show"
OF_THE_BOOKS: Final = frozenset({ABOUT_ORDERS, ABOUT_A_REVIEW})
"""Each goes in a commit of its own, so that the books have all that was before it."""
_SEQ_MOST: Final = 2**63
Terms = Callable[[str], Sequence[str]]
"""A text that viewers will see → the words in it that a list says no to."""


def asked_about(room: Room, reader: Reader, inputs: Sequence[Input], terms: Terms) -> FromBooks:
    """Return what the books have of what these inputs name, and of stories the room."""
    order_ids: list[str] = []
    aftersale_ids: list[str] = []
    reviews: dict[int, KnownReview] = {}
    for one in inputs:
        if isinstance(one, CommandInput) and one.type == ABOUT_ORDERS and isinstance(one.data, dict):
            order_id, aftersale_id = one.data.get("order_id"), one.data.get("aftersale_id")
            if isinstance(order_id, str):
                order_ids.append(order_id)
            if isinstance(aftersale_id, str):
                aftersale_ids.append(aftersale_id)
        elif isinstance(one, CommandInput) and one.type == ABOUT_A_REVIEW and isinstance(one.data, dict):
            id_ = one.data.get("review_id")
            if type(id_) is not int or not 0 < id_ < _SEQ_MOST:
                continue
            known = stories.known(room, id_) or reader.known_review(id_)
            if known is not None:
                reviews[id_] = replace(known, terms=list(dict.fromkeys(terms(known.text))))
    if order_ids or aftersale_ids:
        return replace(reader.known_of(order_ids, aftersale_ids), reviews=reviews)
    return FromBooks(True, reviews=reviews)
