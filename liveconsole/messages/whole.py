"""Types are made ready by one thread before several may need them.

msgspec plans a type when it is decoded into first, and shows the plan to other threads before it is whole:
two threads that need a new type at the same moment end the process (segmentation fault, msgspec 0.22,
CPython 3.11). So what a thread beside the first decodes into is planned beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct


def make_whole(types: Iterable[type[Struct]]) -> None:
    """Plan these types and all that they hold; of those that stand already it costs nothing to speak of."""
    for each in types:
        try:
            msgspec.json.Decoder(each)
        except (TypeError, NameError):
            # It is never decoded as one: it holds a union of structs without tags, or names that only a
            # type checker reads.
            continue


def known_types() -> Iterator[type[Struct]]:
    """Yield every type that was imported so far."""
    waiting = [Struct]
    while waiting:
        for each in waiting.pop().__subclasses__():
            yield each
            waiting.append(each)
