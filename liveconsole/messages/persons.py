"""Where persons, their ids and text that people typed stand in a message: read from its type, so that one
that comes later cannot leak.

A place is found by what a field is declared to be (`fields.Person`, `PersonId`, `Pid`, `Typed`, `SpecSent`),
however deep in lists and structs it stands. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, inspect

from liveconsole.messages.fields import MARK, Person
from liveconsole.messages.specs import SPECS

Kind = Literal["person", "id", "kept_id", "pid", "typed"]
"""A person with id and name; the outside id of somebody who is there, or of somebody who gets a row by it; a
pid; text that a person at a seat wrote."""
Change = Callable[[Kind, Any], Any]
"""What stands at a place → what shall stand there."""
_SPEC: Final = "spec"


class Places(Struct, frozen=True):
    """One of three: a place itself (``kind``), an object with ``fields`` in which places are, or a list,
    tuple or object of which ``each`` value is one."""

    kind: Kind | None = None
    fields: Mapping[str, Places] = {}
    each: Places | None = None
    at: tuple[Places | None, ...] = ()
    """A tuple whose members differ."""


def changed(places: Places | None, value: Any, change: Change) -> Any:
    """Return ``value`` (JSON, or structs) with every place changed; the same object where none is."""
    if places is None or value is None:
        return value
    if places.kind is not None:
        return change(places.kind, value)
    if places.each is not None and isinstance(value, dict):
        return _if_moved(value, {name: changed(places.each, one, change) for name, one in value.items()})
    if isinstance(value, (list, tuple)):
        inner = places.at if len(places.at) == len(value) else (places.each,) * len(value)
        made = [changed(one, each, change) for one, each in zip(inner, value, strict=True)]
        moved = any(new is not old for new, old in zip(made, value, strict=True))
        return type(value)(made) if moved else value
    if isinstance(value, dict):
        inside = {
            name: changed(one, value[name], change) for name, one in places.fields.items() if name in value
        }
        return _if_moved(value, {**value, **inside})
    if isinstance(value, Struct):
        called = _attributes(type(value))
        own = {called.get(name, name): one for name, one in places.fields.items()}
        new = {name: changed(one, getattr(value, name, None), change) for name, one in own.items()}
        new = {name: one for name, one in new.items() if one is not getattr(value, name, None)}
        return msgspec.structs.replace(value, **new) if new else value
    return value


def at_places(places: Places | None, value: Any, *kinds: Kind) -> Iterator[Any]:
    """Yield what stands at the places of these kinds."""
    there: list[Any] = []

    def look(kind: Kind, one: Any) -> Any:
        if kind in kinds:
            there.append(one)
        return one

    changed(places, value, look)
    yield from there


def _if_moved(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return new if any(new[name] is not value for name, value in old.items()) else old


@cache
def _attributes(shape: type[Struct]) -> Mapping[str, str]:
    """Field on the wire → attribute, where a word of the language is in the way (``for``)."""
    pairs = zip(shape.__struct_encode_fields__, shape.__struct_fields__, strict=True)
    return {wire: name for wire, name in pairs if wire != name}


@cache
def places_of(shape: Any) -> Places | None:
    """Return the places in a type; None where there are none."""
    return _places(inspect.type_info(shape))


def _places(type_: inspect.Type) -> Places | None:
    match type_:
        case inspect.Metadata(type=inner, extra=extra):
            mark = (extra or {}).get(MARK)
            if mark == _SPEC:
                return _any_spec()
            return _places(inner) if mark is None else Places(kind=mark)
        case inspect.StructType(cls=cls, fields=fields):
            if issubclass(cls, Person):
                return Places(kind="person")
            inside = {f.encode_name: one for f in fields if (one := _places(f.type)) is not None}
            return Places(fields=inside) if inside else None
        case (
            inspect.ListType(item_type=item)
            | inspect.VarTupleType(item_type=item)
            | inspect.DictType(value_type=item)
        ):
            each = _places(item)
            return None if each is None else Places(each=each)
        case inspect.TupleType(item_types=items):
            at = tuple(_places(item) for item in items)
            return None if all(one is None for one in at) else Places(at=at)
        case inspect.UnionType(types=types):
            return _merged([one for each in types if (one := _places(each)) is not None])
        case _:
            return None


@cache
def _any_spec() -> Places | None:
    """A spec as sent, of whatever kind: what one kind calls a person, no other calls anything else."""
    return _merged([one for shape in SPECS.values() if (one := places_of(shape)) is not None])


def _merged(several: list[Places]) -> Places | None:
    """Of one of several objects, nobody knows which."""
    if len(several) < 2:
        return several[0] if several else None
    return Places(fields={name: one for places in several for name, one in places.fields.items()})
