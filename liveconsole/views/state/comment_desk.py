"""What the comment desk keeps, as the state shows it."""

from __future__ import annotations

import msgspec

from liveconsole.domain.room import Room
from liveconsole.messages.state import AnswerState, DraftState, MutedState, StoriesState, StoryState
from liveconsole.views.kinds.kind import People


def muted_state(room: Room, people: People) -> list[MutedState]:
    """Return those who are hidden, and those of whom the platform is still to be told."""
    return [
        MutedState(*people.get(pid, (pid, "")), one.by, one.at, one.reason, one.block, one.hidden, one.step)
        for pid, one in room.comment_desk.muted.items()
    ]


def answers_state(room: Room) -> list[AnswerState]:
    """Return the library, oldest first."""
    return [AnswerState(**msgspec.structs.asdict(one)) for one in room.comment_desk.answers.values()]


def drafts_state(room: Room) -> list[DraftState]:
    """Return answers that were given, oldest first."""
    return [DraftState(**msgspec.structs.asdict(one)) for one in room.comment_desk.drafts]


def stories_state(room: Room, people: People) -> StoriesState:
    """Return the stories, the latest first, without those of who is hidden here."""
    there, muted = room.stories, room.comment_desk.muted
    rows = [
        StoryState(one.review_id, *people.get(pid, (pid, "")), one.text, one.at, one.agreed)
        for pid, one in reversed(there.told.items())
        if pid not in muted or not muted[pid].hidden
    ]
    return StoriesState(there.keyword, there.open, there.since, there.heard, rows)
