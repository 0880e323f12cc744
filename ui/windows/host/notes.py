"""Notes to the host: what was written to her, and picked questions, which are notes marked as such.

A note goes over the bus, so that every desk and every process sees the same questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liveconsole.messages.state import NoteState
from ui.clean import clean

MARK: Final = "【问】"
_TIMES: Final = " ×"
_CAP: Final = 200


def as_note(text: str, count: int = 1) -> str:
    """The text of the note that puts a question before the host. Nobody's name goes into it: a note stays
    on the log, where a person who asks to be forgotten could not be found in it."""
    asked = clean(text, _CAP).strip()
    # One that ends like a count itself is given one, so that it comes back as it went.
    plain = count == 1 and _counted(asked) == (asked, 1)
    return f"{MARK}{asked}" if plain else f"{MARK}{asked}{_TIMES}{count}"


def _counted(text: str) -> tuple[str, int]:
    """A question and how often it was said."""
    said, _, times = text.rpartition(_TIMES)
    if said and times.isascii() and times.isdigit() and len(times) < 8:
        return said, int(times)
    return text, 1


@dataclass(frozen=True, slots=True)
class PickedQuestion:
    """A picked question; ``count``: how often it was said when it was picked."""

    note_id: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class HostNote:
    """What somebody wrote to the host. ``by`` is a role."""

    note_id: str
    text: str
    by: str


def read(notes: Iterable[NoteState]) -> tuple[list[PickedQuestion], list[HostNote]]:
    """The notes to the host, oldest first: what was asked, and what was written."""
    asked: list[PickedQuestion] = []
    written: list[HostNote] = []
    for note in notes:
        if note.to != "host":
            continue
        if not note.text.startswith(MARK):
            written.append(HostNote(note.note_id, note.text, note.by))
            continue
        asked.append(PickedQuestion(note.note_id, *_counted(note.text.removeprefix(MARK))))
    return asked, written
