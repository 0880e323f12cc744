"""What waits for the next commit: bounded, and money before comments."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from liveconsole.messages.facts import ORDER_FACTS
from liveconsole.messages.inputs import Answer, FactsInput, Input, NotTaken

COMMENTS_LIMIT: Final = 20_000
"""Facts other than orders that may wait; beyond it they are answered 429."""
URGENT_LIMIT: Final = 50_000
"""Commands and order facts that may wait."""
BATCH: Final = 2_000
"""Facts in one commit: a few dozen milliseconds of work, so that a deadline or a command waits no longer."""


class Waiting(Struct):
    one: Input
    weight: int
    answer: asyncio.Future[Answer | None]


class Inbox:
    """Two queues, each in order: commands and orders go first, comments fill the rest of a commit."""

    def __init__(self) -> None:
        self._urgent: deque[Waiting] = deque()
        self._comments: deque[Waiting] = deque()
        self.urgent = 0
        self.comments = 0

    def __bool__(self) -> bool:
        return bool(self._urgent or self._comments)

    def put(self, one: Input, *, own: bool = False) -> asyncio.Future[Answer | None]:
        """Queue an input; the future has its answer. ``own``: from the engine itself, never refused.

        Raises:
            NotTaken: inbox_full.
        """
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        weight = max(1, len(one.facts)) if isinstance(one, FactsInput) else 1
        if _is_urgent(one):
            if not own and self.urgent + weight > URGENT_LIMIT:
                raise NotTaken("inbox_full", retry_after=1)
            self.urgent += weight
            self._urgent.append(Waiting(one, weight, answer))
        else:
            if self.comments + weight > COMMENTS_LIMIT and self.comments:
                raise NotTaken("inbox_full", retry_after=1)
            self.comments += weight
            self._comments.append(Waiting(one, weight, answer))
        return answer

    def drain(self, comments: int | None = None) -> list[Waiting]:
        """Return what goes into the next commit.

        A post is committed whole, so that the last one may go beyond `BATCH`. ``comments``: room for this
        many of them, and for none more; a post that does not fit waits, be it the first.
        """
        taken: list[Waiting] = []
        room = BATCH
        while self._urgent and room > 0:
            waiting = self._urgent.popleft()
            self.urgent -= waiting.weight
            room -= waiting.weight
            taken.append(waiting)
        room = room if comments is None else min(room, comments)
        while self._comments and room > 0:
            if comments is not None and self._comments[0].weight > room:
                break
            waiting = self._comments.popleft()
            self.comments -= waiting.weight
            room -= waiting.weight
            taken.append(waiting)
        return taken


def _is_urgent(one: Input) -> bool:
    if isinstance(one, FactsInput):
        return any(fact.type in ORDER_FACTS for fact in one.facts)
    return True


def fail(batch: Sequence[Waiting], error: NotTaken) -> None:
    """Tell all who wait that it was not taken."""
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(NotTaken(error.code, error.detail, error.retry_after))
