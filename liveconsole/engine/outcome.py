"""What one commit gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from liveconsole.messages.inputs import Answer
from liveconsole.store.errors import StoreBroken, StoreError


class Committed:
    """Events of one commit, seq ``first`` and up, as lines ready for the door (names in).

    ``lines`` may be given as what makes them: that is called once, when somebody wants them, so that who
    commits does not pay for followers that are not there. Read it on one thread at a time. ``size``: their
    bytes, about.
    """

    __slots__ = ("_lines", "first", "size", "types")

    def __init__(
        self,
        first: int,
        types: list[str],
        lines: list[bytes] | Callable[[], list[bytes]],
        size: int | None = None,
    ) -> None:
        self.first = first
        self.types = types
        self._lines = lines
        self.size = sum(map(len, lines)) if isinstance(lines, list) else size or 0

    @property
    def lines(self) -> list[bytes]:
        if callable(self._lines):
            self._lines = self._lines()
        return self._lines

    @property
    def last(self) -> int:
        return self.first + len(self.types) - 1


class Outcome(Struct, frozen=True):
    """``answers`` in the order of the inputs; an input of the engine's own has None."""

    answers: list[Answer | None]
    committed: Committed


def one_after_another(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what several commits gave, as one outcome."""
    return Outcome([answer for outcome in outcomes for answer in outcome.answers], joined(outcomes))


def joined(outcomes: Sequence[Outcome]) -> Committed:
    """Return commits that follow one another, as one."""
    types = [type_ for outcome in outcomes for type_ in outcome.committed.types]
    return Committed(
        outcomes[0].committed.first,
        types,
        lambda: [line for outcome in outcomes for line in outcome.committed.lines],
        sum(outcome.committed.size for outcome in outcomes),
    )


class Fenced(Exception):
    """Another writer appended to the log: this engine must stop, nothing of the batch was written."""


class WriteLost(Exception):
    """The disk failed to keep what was written: nobody knows whether the batch is on it. This engine must
    stop; the next one reads what is there."""


class Unwritten(Exception):
    """The store could not write, or not be read: nothing of the batch happened, the room stands as before."""


def said_of(error: StoreError) -> WriteLost | Unwritten:
    """Return what a batch hears where the store failed, in a question or in its commit."""
    return WriteLost(str(error)) if isinstance(error, StoreBroken) else Unwritten(str(error))
