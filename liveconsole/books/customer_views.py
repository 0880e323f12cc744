"""``GET /v1/customers``: ``view`` says which of its answers is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from liveconsole.books import customers
from liveconsole.books.person import members, person
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.books.value import value


def _person(reader: BookReader, query: Mapping[str, str]) -> Any:
    if not (id_ := query.get("person", "")):
        raise BadQuery("person")
    return person(reader, id_, masked=not query.get("whole"))


_VIEWS: Final[dict[str, Callable[[BookReader, Mapping[str, str]], Any]]] = {
    "": customers.page,
    "person": _person,
    "members": members,
    "value": value,
}
_encode = msgspec.json.Encoder().encode


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """Answer: ``view`` is ``person`` (with his name where ``whole`` says so, as a viewer's card has it too),
    ``members`` or ``value``; a page of all customers without it."""
    view = _VIEWS.get(query.get("view", "person" if "person" in query else ""))
    if view is None:
        raise BadQuery("view")
    return _encode(view(reader, query))
