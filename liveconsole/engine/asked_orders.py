"""Which orders and after-sales are looked up before the rules see an input: rules ask nothing on disk."""

from __future__ import annotations

from collections.abc import Sequence

from liveconsole.domain.room_asks import FromBooks
from liveconsole.messages.inputs import CommandInput, Input
from liveconsole.store.reader import Reader

ABOUT_ORDERS = "shop.answer"
"""It goes in a commit of its own, so that the books have all that was before it."""


def asked_about(reader: Reader, inputs: Sequence[Input]) -> FromBooks:
    """Return what the books have of what these inputs name."""
    order_ids: list[str] = []
    aftersale_ids: list[str] = []
    for one in inputs:
        if isinstance(one, CommandInput) and one.type == ABOUT_ORDERS and isinstance(one.data, dict):
            order_id, aftersale_id = one.data.get("order_id"), one.data.get("aftersale_id")
            if isinstance(order_id, str):
                order_ids.append(order_id)
            if isinstance(aftersale_id, str):
                aftersale_ids.append(aftersale_id)
    return reader.known_of(order_ids, aftersale_ids) if order_ids or aftersale_ids else FromBooks(True)
