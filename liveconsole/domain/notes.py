"""Words between seats: notes that the host has in front of her, and which questions were answered."""

from __future__ import annotations

from typing import Final

from liveconsole.domain import answers
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Note, Room
from liveconsole.messages.answers import ANSWER_LONG
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rundown import (
    NoteClear,
    NoteCleared,
    NotePut,
    NoteWritten,
    QuestionAnswer,
    QuestionAnswered,
)

KEPT: Final = 20


def put(room: Room, data: NotePut, ctx: Context) -> Decision | Refused:
    if not data.text.strip():
        return Refused("bad_shape", {"detail": "text"})
    note_id = f"n{ctx.chance.fresh(8).hex()}"
    written = NoteWritten(note_id, data.text, data.to)
    return Decision([ctx.event("note.put", written)], {"note_id": note_id})


def clear(room: Room, data: NoteClear, ctx: Context) -> Decision | Refused:
    there = [n.note_id for n in room.notes if data.note_id is None or n.note_id == data.note_id]
    found = [ctx.event("note.cleared", NoteCleared(data.note_id))] if there else []
    return Decision(found, {"note_ids": there})


def answer(room: Room, data: QuestionAnswer, ctx: Context) -> Decision | Refused:
    text = (data.text or "").strip()
    if bool(text) == (data.group is not None):
        return Refused("bad_shape", {"detail": "text"})
    reply = (data.reply or "").strip()
    if len(reply) > ANSWER_LONG:
        return Refused("bad_shape", {"detail": "reply"})
    answered = QuestionAnswered(
        text or None, data.group, reply or None, room.pinned.wanted if reply else None
    )
    return Decision([ctx.event("question.answered", answered)], {})


def _put(room: Room, data: NoteWritten, event: Event) -> None:
    room.notes = [*room.notes, Note(data.note_id, data.text, event.actor, data.to, event.at)][-KEPT:]


def _cleared(room: Room, data: NoteCleared, event: Event) -> None:
    room.notes = [n for n in room.notes if data.note_id is not None and n.note_id != data.note_id]


COMMANDS: Final[dict[str, Rule]] = {"note.put": put, "note.clear": clear, "question.answer": answer}
FOLDS: Final[dict[str, Fold]] = {
    "note.put": _put,
    "note.cleared": _cleared,
    "question.answered": answers.given,
}
