"""Which texts of a message are for viewers, told from its type: a field of another kind needs no list here.

Every plain text (`fields.Text`) is taken for one that is read or heard in the room; ids, numbers and choices
are none. Values are walked as they were sent, so that a draft is looked at while it is still being written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from msgspec import Struct, inspect

from liveconsole.messages import commands, specs
from liveconsole.messages.answers import AnswerPut
from liveconsole.messages.rundown import RundownPut

_EACH: Final = "*"
_INTERNAL: Final = frozenset({"override", "image", "code", "groups"})
"""Texts that no viewer meets: what was warned of, and the shop's own marks on a product."""
TEXTS_LIMIT: Final = 20_000
"""Texts of one message that are walked; 5,000 products with their points have fewer."""

_SEEN: Final[dict[str, type[Struct]]] = {
    "broadcast.open": commands.BroadcastOpen,
    "room.set": commands.RoomSet,
    "cue.stop": commands.CueStop,
    "catalogue.put": commands.CataloguePut,
    "rundown.put": RundownPut,
    "answer.put": AnswerPut,
}
"""Commands whose own texts leave the desk; those of a promotion stand in its spec."""


def texts_of_spec(kind: str, sent: object) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of a promotion's spec; nothing for a kind that there is not."""
    shape = specs.SPECS.get(kind)
    if shape is not None:
        yield from _texts(shape, sent)


def texts_of_command(type_: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of a command's own fields, of products as they are put, and of a rundown's
    promotions."""
    shape = _SEEN.get(type_)
    if shape is None:
        return
    yield from _texts(shape, data)
    for place, product in enumerate(_list(data.get("products")) if type_ == "catalogue.put" else ()):
        for path, text in _texts(commands.ProductPut, product):
            yield f"products.{place}.{path}", text
    for place, segment in enumerate(_list(data.get("segments")) if type_ == "rundown.put" else ()):
        cues = _list(segment.get("cues")) if isinstance(segment, Mapping) else []
        for number, cue in enumerate(cues):
            if isinstance(cue, Mapping):
                for path, text in texts_of_spec(str(cue.get("kind")), cue.get("spec")):
                    yield f"segments.{place}.cues.{number}.spec.{path}", text


def _texts(shape: type[Struct], sent: object) -> Iterator[tuple[str, str]]:
    left = TEXTS_LIMIT
    for path in text_paths(shape):
        for found in _at(sent, path, ""):
            left -= 1
            if left < 0:
                return
            yield found


@cache
def text_paths(shape: type[Struct]) -> tuple[tuple[str, ...], ...]:
    """Return where texts stand in values of a type; ``*`` is every member of a list."""
    return tuple(_paths(inspect.type_info(shape)))


def _paths(kind: inspect.Type) -> Iterator[tuple[str, ...]]:
    if isinstance(kind, inspect.StrType):
        if kind.min_length is None and kind.max_length is None and kind.pattern is None:
            yield ()
    elif isinstance(kind, inspect.StructType):
        for field in kind.fields:
            if field.name not in _INTERNAL:
                yield from ((field.name, *rest) for rest in _paths(field.type))
    elif isinstance(kind, inspect.ListType):
        yield from ((_EACH, *rest) for rest in _paths(kind.item_type))
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _paths(one)
    elif isinstance(kind, inspect.Metadata):
        yield from _paths(kind.type)


def _at(value: object, path: tuple[str, ...], said: str) -> Iterator[tuple[str, str]]:
    if not path:
        if isinstance(value, str):
            yield said, value
        return
    first, *rest = path
    if first == _EACH:
        for place, part in enumerate(_list(value)):
            yield from _at(part, tuple(rest), f"{said}.{place}")
    elif isinstance(value, Mapping):
        yield from _at(value.get(first), tuple(rest), f"{said}.{first}" if said else first)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
