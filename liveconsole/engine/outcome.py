"""What one commit gave."""

from __future__ import annotations

from msgspec import Struct

from liveconsole.messages.inputs import Answer


class Committed(Struct, frozen=True):
    """Events of one commit, seq ``first`` and up, as lines ready for the door (names in)."""

    first: int
    types: list[str]
    lines: list[bytes]

    @property
    def last(self) -> int:
        return self.first + len(self.types) - 1


class Outcome(Struct, frozen=True):
    """``answers`` in the order of the inputs; an input of the engine's own has None."""

    answers: list[Answer | None]
    committed: Committed


class Fenced(Exception):
    """Another writer appended to the log: this engine must stop, nothing of the batch was written."""


class Lost(Exception):
    """The disk failed to keep what was written: nobody knows whether the batch is on it. This engine must
    stop; the next one reads what is there."""


class Unwritten(Exception):
    """The store could not write: nothing of the batch happened, the room stands as before."""
