"""What the comment desk keeps in the room: who is hidden here, and answers that are given again."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from liveconsole.messages.fields import Pid, Typed
from liveconsole.messages.moderation import MuteStep


class MutedViewer(Struct):
    """Somebody whose words no seat shows. They stay on the log; in draws, orders and money he is like all."""

    viewer_id: Pid
    by: str
    at: datetime
    reason: Typed = ""
    block: bool = False
    """It outlives the evening."""
    hidden: bool = True
    """False: he is shown again here, and only the platform is still to be told."""
    step: MuteStep | None = None
    """What a person has yet to do at the platform."""
    there: bool = False
    """A person said that it is done at the platform."""


class LibraryAnswer(Struct):
    """What is said to a question. ``product_id`` None: of whatever is sold; ``question``: a group's id, or
    the question in words."""

    answer_id: str
    product_id: str | None
    question: Typed
    zh: Typed
    en: Typed
    by: str
    at: datetime


class GivenAnswer(Struct):
    """An answer that was given on air or in writing and stands in no library yet: a draft of one."""

    product_id: str | None
    question: Typed
    text: Typed
    at: datetime


class CommentDesk(Struct):
    """Of no broadcast alone: each list has its bound beside its rule."""

    muted: dict[str, MutedViewer] = field(default_factory=dict)
    """By pid; those of earlier broadcasts are blocked for good (`viewers.begin_evening`)."""
    answers: dict[str, LibraryAnswer] = field(default_factory=dict)
    """By id, oldest first."""
    drafts: list[GivenAnswer] = field(default_factory=list)
    """Oldest first."""
