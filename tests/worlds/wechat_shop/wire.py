"""What is read out of a request's body, and how the shop refuses."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final

Body = dict[str, Any]
Reply = dict[str, Any]
Answerer = Callable[[Body], Reply]

BAD_ARGUMENTS: Final = 10020051
"""Also where the page of an endpoint names no code of its own for a wrong argument."""


class Refused(Exception):
    """An ``errcode`` other than 0."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


def whole(body: Body, name: str, low: int, high: int, absent: int | None = None) -> int:
    """A number, which the platform also takes quoted."""
    value = body.get(name, absent)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Refused(BAD_ARGUMENTS, f"invalid {name}")
    return value


def ident(body: Body, name: str, code: int = BAD_ARGUMENTS) -> str:
    """An id: a string, which is also taken as a number."""
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value:
        raise Refused(code, f"invalid {name}")
    return value


def inner(body: Body, name: str) -> Body:
    value = body.get(name)
    if not isinstance(value, dict):
        raise Refused(BAD_ARGUMENTS, f"invalid {name}")
    return value


def rows(body: Body, name: str) -> list[Body]:
    value = body.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        raise Refused(BAD_ARGUMENTS, f"invalid {name}")
    return value


class Pages:
    """Lists that are handed out page by page, each under a key of its own. A list stands as it was when it
    was first asked for."""

    _MOST: Final = 2000

    def __init__(self) -> None:
        self.disorder: Callable[[Sequence[str]], list[str]] = list
        """What a shop that shuffles and repeats makes of a list before it is cut into pages."""
        self._rest: OrderedDict[str, list[str]] = OrderedDict()
        self._keys = 0

    def first(self, ids: Sequence[str], size: int) -> tuple[list[str], str]:
        return self._cut(self.disorder(ids), size)

    def next(self, key: str, size: int) -> tuple[list[str], str]:
        """The page under a key, the same as often as it is asked; and the key of the next one."""
        if key not in self._rest:
            raise Refused(BAD_ARGUMENTS, "invalid next_key")
        return self._cut(self._rest[key], size)

    def page(self, key: object, size: int, ids: Callable[[], Sequence[str]]) -> tuple[list[str], str]:
        if key in (None, ""):
            return self.first(ids(), size)
        return self.next(str(key), size)

    def _cut(self, ids: list[str], size: int) -> tuple[list[str], str]:
        if len(ids) <= size:
            return ids, ""
        self._keys += 1
        key = f"CAE{self._keys:08d}"
        self._rest[key] = ids[size:]
        while len(self._rest) > self._MOST:
            self._rest.popitem(last=False)
        return ids[:size], key
