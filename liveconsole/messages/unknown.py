"""Fields that no message type knows: kept as sent, but within a bound, and never of a person.

What is known is read from the message types, so that a type that comes later cannot leak or swell.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct, inspect

from liveconsole.messages.bounds import UNKNOWN_BYTES
from liveconsole.messages.fields import Person

CUT_FIELDS: Final = "cut_fields"
"""The field of an event that names what was dropped of it."""
_MOST_NAMED: Final = 20
_NAME_CUT: Final = 100
_encode = msgspec.json.Encoder().encode


class KnownFields(Struct, frozen=True):
    """The fields of one type; those that hold objects with what is known of these (a list: of each)."""

    names: frozenset[str]
    inner: dict[str, KnownFields]
    person: bool


def trimmed(known: KnownFields, sent: dict[str, Any]) -> dict[str, Any]:
    """``sent`` without unknown fields of persons, and with at most `UNKNOWN_BYTES` of the others, the first
    ones first. The same object where there is nothing to drop."""
    walk = _Walk()
    kept = walk.object(known, sent, "")
    if walk.dropped:
        kept = {**kept, CUT_FIELDS: walk.dropped[:_MOST_NAMED]}
    return kept


def too_much(known: KnownFields, sent: dict[str, Any]) -> bool:
    """Tell whether something of ``sent`` would have to be dropped: a command is refused instead."""
    walk = _Walk()
    walk.object(known, sent, "")
    return bool(walk.dropped)


class _Walk:
    def __init__(self) -> None:
        self._left = UNKNOWN_BYTES
        self.dropped: list[str] = []

    def object(self, known: KnownFields, sent: dict[str, Any], path: str) -> dict[str, Any]:
        kept = sent
        if not sent.keys() <= known.names:
            kept = {
                name: value
                for name, value in sent.items()
                if name in known.names or (not known.person and self._fits(name, value, path))
            }
        for name, inner in known.inner.items():
            value = kept.get(name)
            if isinstance(value, list):
                shorter: Any = [
                    self.object(inner, one, f"{path}{name}.{place}.") if isinstance(one, dict) else one
                    for place, one in enumerate(value)
                ]
            elif isinstance(value, dict):
                shorter = self.object(inner, value, f"{path}{name}.")
            else:
                continue
            if shorter != value:
                kept = {**kept, name: shorter}
        return kept

    def _fits(self, name: str, value: Any, path: str) -> bool:
        size = len(_encode(name)) + len(_encode(value)) + 2
        if size > self._left or name == CUT_FIELDS:
            self.dropped.append((path + name)[:_NAME_CUT])
            return False
        self._left -= size
        return True


def _known(type_: inspect.Type) -> KnownFields | None:
    match type_:
        case inspect.StructType(cls=cls, fields=fields):
            inner = {
                field.encode_name: found for field in fields if (found := _known(field.type)) is not None
            }
            names = frozenset(field.encode_name for field in fields)
            return KnownFields(names, inner, issubclass(cls, Person))
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return _known(item)
        case inspect.UnionType(types=types):
            return next((found for one in types if (found := _known(one)) is not None), None)
        case _:
            return None


@cache
def known_of(shape: type[Struct]) -> KnownFields:
    """Return what is known of a message type."""
    known = _known(inspect.type_info(shape))
    assert known is not None  # it is a struct
    return known
