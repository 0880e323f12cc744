"""故事: which comments are one, and whose is kept.

A comment is a story when it has the announced word in it, compared as a bag's 口令 is, and more letters than
that. A person has one, his latest; once he agreed to it being shown, that one stands, for to another he has
not. Who is masked could be many, and nobody could ask him: he has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.keywords import matcher, wanted
from liveconsole.domain.room import Room
from liveconsole.domain.room_asks import KnownReview
from liveconsole.domain.room_stories import Stories, Story
from liveconsole.messages.after_order import CASE_TEXT_LONG
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import PersonMasked
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import Entry
from liveconsole.messages.stories import StoryCollect, StoryCollecting, StoryTold
from liveconsole.messages.text import letters_only

KEPT: Final = 200
"""Tellers whose story the room holds: who has not agreed gives way first, the oldest of them."""


def collect(room: Room, data: StoryCollect, ctx: Context) -> Decision | Refused:
    """Begin with a word, or end; what is so already is said for nothing."""
    there = room.stories
    if data.keyword is None:
        ends = [ctx.event("story.collecting", StoryCollecting(""))] if there.open else []
        return Decision(ends, {"keyword": None})
    if room.broadcast.status != "open":
        return Refused("not_open")
    keyword = data.keyword.strip()
    if not wanted(_entry(keyword)):
        return Refused("bad_shape", {"detail": "keyword：口令里没有可比对的字"})
    begins = [] if there.open and there.keyword == keyword else [StoryCollecting(keyword)]
    return Decision([ctx.event("story.collecting", one) for one in begins], {"keyword": keyword})


def is_story(keyword: str, text: str) -> bool:
    """Tell whether a comment is a story: the word, and something that is told with it."""
    if not matcher(_entry(keyword))(text):
        return False
    word = letters_only(keyword)
    letters = letters_only(text)
    return bool(letters.replace(word, "") if word else letters)


def follow(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    """Return what a run of comments tells: at most one story of each, his latest."""
    there = room.stories
    if not there.open:
        return []
    found: dict[str, str] = {}
    for fact in facts:
        data = fact.data
        if type(data) is not CommentPosted or fact.double or isinstance(data.viewer, PersonMasked):
            continue
        if is_story(there.keyword, data.text):
            found.pop(data.viewer.id, None)
            found[data.viewer.id] = data.text[:CASE_TEXT_LONG]
    return [
        ctx.event("story.told", StoryTold(pid, text))
        for pid, text in found.items()
        if (one := there.told.get(pid)) is None or not (one.agreed or one.text == text)
    ]


def known(room: Room, review_id: int) -> KnownReview | None:
    """Return a story as what a review is to the rules: it has no stars and is of no product."""
    one = _by_id(room, review_id)
    return None if one is None else KnownReview(review_id, "", 0, one.text, bool(one.agreed), one.viewer_id)


def agreed(room: Room, review_id: int, *, yes: bool) -> None:
    """Note what its teller says to its being shown."""
    if (one := _by_id(room, review_id)) is not None:
        one.agreed = yes


def forgotten(room: Room, pid: str) -> None:
    """Let go what somebody told who is forgotten."""
    room.stories.told.pop(pid, None)


def opened(room: Room) -> None:
    """Another broadcast: its stories are its own."""
    room.stories = Stories()


def closed(room: Room) -> None:
    """Nobody is asked for one any more; those that are there can still be agreed to and shown."""
    room.stories.open = False


def _entry(keyword: str) -> Entry:
    return Entry(keyword, "contains")


def _by_id(room: Room, review_id: int) -> Story | None:
    return next((one for one in room.stories.told.values() if one.review_id == review_id), None)


def _collecting(room: Room, data: StoryCollecting, event: Event) -> None:
    there = room.stories
    if not data.keyword:
        there.open = False
    elif data.keyword == there.keyword:
        there.open = True
    else:
        room.stories = Stories(data.keyword, True, event.at)


def _told(room: Room, data: StoryTold, event: Event) -> None:
    there = room.stories
    there.heard += 1
    there.told.pop(data.viewer_id, None)
    if len(there.told) >= KEPT:
        waits = (pid for pid, one in there.told.items() if not one.agreed)
        del there.told[next(waits, next(iter(there.told)))]
    there.told[data.viewer_id] = Story(event.seq, data.viewer_id, data.text, event.at)


COMMANDS: Final[dict[str, Rule]] = {"story.collect": collect}
FOLDS: Final[dict[str, Fold]] = {"story.collecting": _collecting, "story.told": _told}
