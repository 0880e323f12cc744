"""The comment desk in the state: who is hidden, and the answers that are given again."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from liveconsole.messages.moderation import MuteStep


class MutedState(Struct, frozen=True):
    """Somebody whose words are shown nowhere here."""

    viewer_id: str
    name: str
    by: str
    at: datetime
    reason: str
    block: bool
    """Also on evenings to come."""
    hidden: bool
    step: MuteStep | None
    """What is to be done at the platform; None: nothing."""


class AnswerState(Struct, frozen=True):
    """One answer of the library; ``question``: a group's id, or the question in words."""

    answer_id: str
    product_id: str | None
    question: str
    zh: str
    en: str
    by: str
    at: datetime


class DraftState(Struct, frozen=True):
    """What was answered lately and stands in no library."""

    product_id: str | None
    question: str
    text: str
    at: datetime


class StoryState(Struct, frozen=True):
    """What somebody told with the word. ``agreed``: he agrees that it is shown; None: nobody asked."""

    review_id: int
    viewer_id: str
    name: str
    text: str
    at: datetime
    agreed: bool | None


class StoriesState(Struct, frozen=True):
    """故事 of this broadcast, the latest first. ``keyword``: the word, also when the collecting is over;
    ``heard``: all that were told with it, since ``since``."""

    keyword: str = ""
    open: bool = False
    since: datetime | None = None
    heard: int = 0
    rows: list[StoryState] = []


class OpenQuestionState(Struct, frozen=True):
    """The question that has waited longest: ``since`` somebody asked it first and nobody answered."""

    question_id: int
    text: str
    people: int
    since: datetime
    rings_at: datetime
    """When it has waited too long."""
