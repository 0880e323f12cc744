"""What the room asks and wishes for now, followed along the log whenever somebody wants to know. Used on the
reading thread only: the writer does nothing for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.advice import after_order
from liveconsole.advice.seller_files import BadSellerFile
from liveconsole.domain.comment_desk import GivenAnswer, LibraryAnswer
from liveconsole.domain.room import Room
from liveconsole.messages.state import OpenQuestionState
from liveconsole.store.reader import Reader
from liveconsole.views.answers import KnownGoods, product_of, suggested
from liveconsole.views.delivery import NO_DELIVERY, Delivery
from liveconsole.views.questions import Questions, built_in
from liveconsole.views.room_questions import (
    SPAN,
    AnswerableQuestion,
    AskedQuestion,
    RoomQuestions,
    SuggestedAnswer,
)
from liveconsole.views.wishes import Wish, Wishes

log = logging.getLogger(__name__)

MOST: Final = 20_000
"""Events that one look goes through: of a flood the newest are looked at, and how many were not is said."""
FIRST: Final = 60_000
"""Events that the first look goes back: of most rooms more than five minutes."""
EXPLAINED_KEPT: Final = 50
ANSWERS_KEPT: Final = 1_000
"""Questions whose answers are remembered between two looks."""
STALE: Final = timedelta(seconds=15)
"""Nobody looked for so long: what waited then may be answered by now."""
_MICRO: Final = 1_000_000


class _Viewer(Struct, frozen=True):
    id: str = ""


class _Said(Struct):
    text: str | None = None
    viewer: _Viewer = _Viewer()


class AskedIn(Struct, frozen=True):
    """What of the room bears on its questions, as it stood at one moment."""

    broadcast: int
    open: bool
    simulated: bool
    hidden: frozenset[str]
    """pids whose words count nowhere here."""
    explained: KnownGoods | None
    since: int
    """Second from which that product is explained."""
    numbers: dict[int, str]
    titles: tuple[str, ...]
    answers: tuple[LibraryAnswer, ...]
    drafts: tuple[GivenAnswer, ...]


class AskedAnswer(Struct, frozen=True):
    """The answer to ``GET /v1/questions``. ``left_out``: events of the last five minutes that came too fast
    to be looked at; the counts are then at least."""

    questions: list[AnswerableQuestion]
    left_out: int
    waits: OpenQuestionState | None = None
    wishes: list[Wish] = []
    simulated: bool = False


_decode = msgspec.json.Decoder(_Said).decode
_encode = msgspec.json.Encoder().encode


def in_room(room: Room) -> AskedIn:
    """Look between two commits."""
    desk, pinned = room.comment_desk, room.pinned
    product = room.products.get(pinned.confirmed or "")
    return AskedIn(
        room.broadcast.number,
        room.broadcast.status == "open",
        room.simulated,
        frozenset(pid for pid, one in desk.muted.items() if one.hidden),
        product_of(product.product_id, product.title, product.sent) if product is not None else None,
        int(pinned.confirmed_at.timestamp()) if pinned.confirmed_at is not None else 0,
        {item.number: item.product_id for item in room.cart},
        tuple(product.title for product in room.products.values()),
        tuple(desk.answers.values()),
        tuple(desk.drafts),
    )


class AskingRoom:
    """`look` whenever a seat wants to know: all are told the same."""

    def __init__(
        self, reader: Reader, groups: Callable[[], Questions] = built_in, folder: Path | None = None
    ) -> None:
        """``folder``: the data folder, whose own file of days to each province is read."""
        self._reader = reader
        self._groups = groups
        self._folder = folder
        self._delivery = NO_DELIVERY
        self._read: tuple[int, Questions] = (-1, groups())
        self._questions = RoomQuestions()
        self._wishes = Wishes(self._read[1].wishes)
        self._seq = -1
        self._forgot = 0
        self._hidden: frozenset[str] = frozenset()
        self._explained: list[tuple[int, str]] = []
        """Second from which each product was explained, oldest first."""
        self._left_out: list[tuple[int, int]] = []
        """Moments (seconds) and how many events were not looked at then."""
        self._oldest: tuple[datetime, OpenQuestionState] | None = None
        self._goods: tuple[tuple[str, ...], Questions] = ((), self._read[1])
        self._answers: dict[str, SuggestedAnswer | None] = {}
        self._answered_from: object = None
        """What those answers were taken from: with other goods or another library they are sought anew."""

    def look(self, now: datetime, room: AskedIn) -> bytes:
        """Return `AskedAnswer` as of ``now``, as JSON."""
        groups, second = self._groups_of(room), int(now.timestamp())
        self._note(room)
        last = self._reader.last_seq()
        if self._seq < 0:
            self._seq = max(0, last - FIRST)
        elif last - self._seq > MOST:
            self._left_out.append((second, last - MOST - self._seq))
            self._seq = last - MOST
        while self._seq < last:
            self._follow(second - SPAN, room.numbers)
        self._left_out = [(at, n) for at, n in self._left_out if at > second - SPAN]
        self._keep_oldest(now, second, groups, room)
        explained = room.explained.product_id if room.explained is not None else None
        taken_from = (room.explained, room.answers, room.drafts, room.titles)
        if taken_from != self._answered_from or len(self._answers) > ANSWERS_KEPT:
            self._answered_from, self._answers = taken_from, {}
        told = AskedAnswer(
            [self._answered(one, room, groups) for one in self._questions.asked(second)],
            sum(n for _, n in self._left_out),
            self._oldest[1] if self._oldest is not None else None,
            self._wishes.told(least=groups.waiting.wishes, explained=explained, hidden=self._hidden),
            room.simulated,
        )
        return _encode(told)

    def open_question(self, now: datetime) -> OpenQuestionState | None:
        """Return the question that has waited longest as of the last look, unless that is long ago. Any
        thread may ask."""
        known = self._oldest
        return known[1] if known is not None and now - known[0] <= STALE else None

    def _groups_of(self, room: AskedIn) -> Questions:
        """Read the lists again for every broadcast."""
        if self._read[0] != room.broadcast:
            self._read = room.broadcast, self._groups()
            self._delivery, self._answers = _delivery(self._folder), {}
            self._wishes = Wishes(self._read[1].wishes)
            self._seq = -1
            self._questions.clear()
            self._goods = (), self._read[1]
        if room.titles != self._goods[0]:
            self._goods = room.titles, self._read[1].of_goods(room.titles)
        return self._goods[1]

    def _note(self, room: AskedIn) -> None:
        """What is explained, and who is hidden: whoever is hidden now counts in nothing that was asked."""
        now_on = (room.since, room.explained.product_id if room.explained is not None else "")
        if not self._explained or self._explained[-1] != now_on:
            self._explained = [*self._explained, now_on][-EXPLAINED_KEPT:]
        if room.hidden != self._hidden:
            self._hidden = room.hidden
            self._begin_anew(self._seq)

    def _begin_anew(self, end: int) -> None:
        self._questions.clear()
        self._answers = {}
        self._wishes.clear()
        if self._seq >= 0:
            self._seq = max(0, end - FIRST)

    def _explained_at(self, second: int) -> str | None:
        return next((id_ for since, id_ in reversed(self._explained) if since <= second), None) or None

    def _keep_oldest(self, now: datetime, second: int, groups: Questions, room: AskedIn) -> None:
        one = self._questions.oldest_open(second, groups.waiting.people) if room.open else None
        if one is None or one.since is None:
            self._oldest = None
            return
        rings = one.since + timedelta(seconds=groups.waiting.seconds)
        self._oldest = now, OpenQuestionState(one.question_id, one.text, one.people, one.since, rings)

    def _answered(self, one: AskedQuestion, room: AskedIn, groups: Questions) -> AnswerableQuestion:
        if one.text not in self._answers:
            self._answers[one.text] = suggested(
                one.text, room.explained, room.answers, room.drafts, groups, self._delivery
            )
        answer = self._answers[one.text]
        return AnswerableQuestion(one.question_id, one.text, one.people, one.answered, one.since, answer)

    def _follow(self, since: int, numbers: dict[int, str]) -> None:
        rows, end = self._reader.said_after(self._seq, MOST)
        forgot = max((row.seq for row in rows if row.type == "viewer.forgotten"), default=0)
        if forgot > self._forgot:  # no word of his stays in memory: read anew, as the log has it now
            self._forgot = forgot
            self._begin_anew(end)
            return
        self._seq = end
        for seq, type_, at, data in rows:
            second = at // _MICRO
            if type_ == "comment.posted":
                self._comment(seq, second, _decode(data), since, numbers)
            elif type_ == "question.answered":
                if (text := _decode(data).text) is not None:
                    self._questions.answer(second, text)
            elif type_ != "viewer.forgotten":  # another broadcast, or a time that was set back
                self._questions.clear()
                self._wishes.clear()

    def _comment(self, seq: int, second: int, said: _Said, since: int, numbers: dict[int, str]) -> None:
        person, text = said.viewer.id, said.text or ""
        if person in self._hidden:
            return
        self._wishes.comment(person, text, self._explained_at(second), numbers)
        if second > since:
            self._questions.comment(seq, second, person, text)


def _delivery(folder: Path | None) -> Delivery:
    """The seller's table; one that cannot be used gives way to the program's own."""
    try:
        table = after_order.load(folder).provinces
    except (BadSellerFile, OSError) as error:
        log.warning("the days to each province cannot be read: %s", error)
        table = after_order.load(None).provinces
    return Delivery(table.days, table.sent_from)
