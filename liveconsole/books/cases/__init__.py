"""``GET /v1/cases``: what waits for somebody after the order, with its clocks, next steps and texts.

Cases are no rows of their own: they follow from orders, shipments, after-sales and reviews as the tables
have them, by the rules of `domain.aftersale` and `domain.shipping`. So a case of three weeks ago is the same
after a restart, and the room's memory holds none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from liveconsole.books.cases.card import card_of
from liveconsole.books.cases.page import page_of
from liveconsole.books.reading import BadQuery, BookReader

_encode = msgspec.json.Encoder().encode


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """Answer with a page of a group, or with one case (``case``).

    Raises:
        BadQuery: a field of the query is none, or there is no such case.
        TookTooLong: it could not be read in time.
    """
    if case_id := query.get("case", ""):
        card = card_of(reader, case_id)
        if card is None:
            raise BadQuery("case")
        return _encode(card)
    return _encode(page_of(reader, query))
