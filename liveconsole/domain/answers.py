"""The answer library, and the drafts that come of answers that were given."""

from __future__ import annotations

from typing import Final

from liveconsole.domain.comment_desk import GivenAnswer, LibraryAnswer
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.overrides import overridden
from liveconsole.domain.room import Room
from liveconsole.messages.answers import (
    ANSWER_LONG,
    QUESTION_LONG,
    AnswerPut,
    AnswerRemove,
    AnswerRemoved,
    AnswerWritten,
)
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rundown import QuestionAnswered

ANSWERS_LIMIT: Final = 500
DRAFTS_KEPT: Final = 100


def put(room: Room, data: AnswerPut, ctx: Context) -> Decision | Refused:
    question, zh, en = data.question.strip(), data.zh.strip(), data.en.strip()
    for name, text, longest in (("question", question, QUESTION_LONG), ("text", zh or en, ANSWER_LONG)):
        if not text or len(text) > longest:
            return Refused("bad_shape", {"detail": name})
    if len(en) > ANSWER_LONG:
        return Refused("bad_shape", {"detail": "en"})
    if data.product_id is not None and data.product_id not in room.products:
        return Refused("unknown_product", {"product_id": data.product_id})
    library = room.comment_desk.answers
    same = next(
        (
            one.answer_id
            for one in library.values()
            if (one.product_id, one.question) == (data.product_id, question)
        ),
        None,
    )
    answer_id = data.answer_id or same or f"a{ctx.chance.fresh(8).hex()}"
    if answer_id not in library and len(library) >= ANSWERS_LIMIT:
        return Refused("over_limit", {"detail": f"answers: {ANSWERS_LIMIT + 1} > {ANSWERS_LIMIT}"})
    written = AnswerWritten(answer_id, question, zh, en, data.product_id)
    found = [ctx.event("answer.put", written), *overridden(ctx, "answer.put", data.override)]
    return Decision(found, {"answer_id": answer_id})


def remove(room: Room, data: AnswerRemove, ctx: Context) -> Decision | Refused:
    there = data.answer_id in room.comment_desk.answers
    return Decision([ctx.event("answer.removed", AnswerRemoved(data.answer_id))] if there else [], {})


def given(room: Room, data: QuestionAnswered, event: Event) -> None:
    """An answer went out with a question: a draft, unless the library or another draft says the same."""
    if not data.reply or not (question := data.text or data.group):
        return
    desk = room.comment_desk
    known = {text for one in desk.answers.values() for text in (one.zh, one.en)}
    drafts = [one for one in desk.drafts if (one.product_id, one.question) != (data.product_id, question)]
    if data.reply not in known:
        drafts.append(GivenAnswer(data.product_id, question, data.reply, event.at))
    desk.drafts = drafts[-DRAFTS_KEPT:]


def _put(room: Room, data: AnswerWritten, event: Event) -> None:
    desk = room.comment_desk
    desk.answers[data.answer_id] = LibraryAnswer(
        data.answer_id, data.product_id, data.question, data.zh, data.en, event.actor, event.at
    )
    desk.drafts = [
        one for one in desk.drafts if (one.product_id, one.question) != (data.product_id, data.question)
    ]


def _removed(room: Room, data: AnswerRemoved, event: Event) -> None:
    room.comment_desk.answers.pop(data.answer_id, None)


COMMANDS: Final[dict[str, Rule]] = {"answer.put": put, "answer.remove": remove}
FOLDS: Final[dict[str, Fold]] = {"answer.put": _put, "answer.removed": _removed}
