"""Field types that every message shares, so that a limit stands in one place."""

from __future__ import annotations

from typing import Annotated, get_args

import msgspec
from msgspec.structs import fields

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""An id from outside: opaque, never parsed."""
Fen = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
"""Money in 分."""
Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=30 * 86_400)]
Text = str
"""Free text; cut in facts and refused in commands over ``text.TEXT_LIMIT`` characters."""

Override = Annotated[list[Text], msgspec.Meta(max_length=100)] | bool
"""The words that were warned of and are used all the same; true: without naming them."""


class Person(msgspec.Struct, frozen=True, gc=False):
    """A viewer or buyer: outside the engine with platform id and name, inside with a pid and no name."""

    id: Id
    name: str = ""


NAME_ONLY = "name:"
"""Prefix of an outside id that a source made of a name because it knows nothing better."""


class PersonByName(Person, frozen=True, gc=False):
    """Inside only: somebody known by name alone. Two people may share the name, so he enters unverified."""


def persons_of(shape: type[msgspec.Struct]) -> tuple[str, ...]:
    """Names of the fields of a message type that hold a `Person`."""
    return tuple(
        field.name
        for field in fields(shape)
        if any(
            isinstance(one, type) and issubclass(one, Person) for one in (field.type, *get_args(field.type))
        )
    )
