"""How long a dry run may take. Rules that look at many goods ask here between two of them.

Only a dry run is ever stopped: a command is judged to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Stopped(Exception):
    """The dry run has had its time."""


_over: ContextVar[Callable[[], bool] | None] = ContextVar("over", default=None)


def ask() -> None:
    """Raise `Stopped` where the time of this dry run is over."""
    over = _over.get()
    if over is not None and over():
        raise Stopped


@contextmanager
def until(over: Callable[[], bool]) -> Iterator[None]:
    """What is done inside is stopped once ``over`` is true."""
    before = _over.set(over)
    try:
        yield
    finally:
        _over.reset(before)
