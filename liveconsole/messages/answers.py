"""The answer library: what a seat sends, and what stands on the log of it."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Id, Override, Text, Typed

QUESTION_LONG: Final = 60
ANSWER_LONG: Final = 300


class AnswerPut(Struct, frozen=True):
    """``question``: a group's id, or the question in words. ``product_id`` not sent: of whatever is sold.
    One with the same id, or of the same product and question, is written over."""

    question: Text
    zh: Text = ""
    en: Text = ""
    product_id: Id | None = None
    answer_id: Id | None = None
    override: Override = False


class AnswerRemove(Struct, frozen=True):
    answer_id: Id


class AnswerWritten(Struct, frozen=True):
    answer_id: str
    question: Typed
    zh: Typed
    en: Typed
    product_id: str | None = None


class AnswerRemoved(Struct, frozen=True):
    answer_id: str


class SizeTable(Struct, frozen=True):
    """As the shop shows it: ``columns`` and under them ``rows``, the size first."""

    columns: Annotated[list[Text], msgspec.Meta(max_length=12)] = []
    rows: Annotated[
        list[Annotated[list[Text], msgspec.Meta(max_length=12)]], msgspec.Meta(max_length=40)
    ] = []


Parameters = Annotated[dict[str, Text], msgspec.Meta(max_length=40)]
"""材质 → 纯棉."""
COMMANDS: Final[dict[str, type[Struct]]] = {"answer.put": AnswerPut, "answer.remove": AnswerRemove}
EVENTS: Final[dict[str, type[Struct]]] = {"answer.put": AnswerWritten, "answer.removed": AnswerRemoved}
