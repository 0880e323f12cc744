"""Field types that every message shares, so that a limit stands in one place."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""An id from outside: opaque, never parsed."""
FEN_MOST: Final = 10**12
"""The bound of every amount, and of what an order or one of its lines comes to: so that all sums of a room,
a snapshot and the read tables have room for them (64 bits)."""
Fen = Annotated[int, msgspec.Meta(ge=0, le=FEN_MOST)]
"""Money in 分."""
Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=30 * 86_400)]
Text = str
"""Free text; cut in facts and refused in commands over ``text.TEXT_LIMIT`` characters."""

MARK: Final = "place"
"""In the ``extra`` of a field's type: what stands there concerns a person (`messages.persons`)."""
Pid = Annotated[str, msgspec.Meta(extra={MARK: "pid"})]
"""Somebody as the log knows him."""
PersonId = Annotated[str, msgspec.Meta(min_length=1, max_length=200, extra={MARK: "id"})]
"""In a command: the outside id of somebody who is there."""
AnyPersonId = Annotated[str, msgspec.Meta(min_length=1, max_length=200, extra={MARK: "kept_id"})]
"""In a command: the outside id of somebody who need not have come yet; on the log his pid."""
Typed = Annotated[str, msgspec.Meta(extra={MARK: "typed"})]
"""Text that a person at a seat wrote, and that may name a viewer: it gives way when he is forgotten."""
SpecSent = Annotated[dict[str, Any], msgspec.Meta(extra={MARK: "spec"})]
"""The spec of a promotion as sent."""

FORGOTTEN: Final = "forgotten"
"""What readers see in place of the id and the name of somebody who was forgotten."""

Override = Annotated[list[Text], msgspec.Meta(max_length=100)] | bool
"""The words that were warned of and are used all the same; true: without naming them."""


class Person(msgspec.Struct, frozen=True, gc=False):
    """A viewer or buyer: outside the engine with platform id and name, inside with a pid and no name."""

    id: Id
    name: str = ""


NAME_ONLY = "name:"
"""Prefix of an outside id that a source made of a name because it knows nothing better."""

MASKED = "masked:"
"""Prefix of an outside id that a source made of a message: neither an id nor a whole name is known, so
whoever wrote two of them may be two people."""


class PersonByName(Person, frozen=True, gc=False):
    """Inside only: somebody known by name alone. Two people may share the name, so he enters unverified."""


class PersonMasked(Person, frozen=True, gc=False):
    """Inside only: somebody whose id and name the platform hides. A prize could be handed to nobody."""
