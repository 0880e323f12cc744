"""The machine's step of 三级审核: the word lists are held against what is to come, as soon as it is there and
again when the lists are others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from liveconsole.domain.law.reviews import ReviewedText, returned_by_machine, unread
from liveconsole.engine.core import RoomCore
from liveconsole.engine.engine import Engine
from liveconsole.messages.law import REMARK_LIMIT

_LOOK_SECONDS: Final = 1.0
TEXTS_MOST: Final = 100
"""Texts of one look."""
_FOUND_MOST: Final = 50


class WordFinder(Protocol):
    """The lists as they were read last; another ``lists`` once they were read anew."""

    @property
    def lists(self) -> object: ...
    def terms(self, text: str) -> Sequence[str]: ...


async def review_by_machine(engine: Engine, words: WordFinder) -> None:
    """Read until cancelled; nothing is looked at while the log rests and the lists are the same."""
    seen: tuple[int, object] | None = None
    lists: object = None
    while True:
        changed = words.lists is not lists
        now = (await engine.view(lambda core: core.room.seq), words.lists)
        if now != seen:
            texts = await engine.view(_again if changed else _new)
            lists = words.lists
            if texts:
                await engine.ask_self("review.machine", {"read": [read_by(one, words) for one in texts]})
            if len(texts) < TEXTS_MOST:
                seen = now
        await asyncio.sleep(_LOOK_SECONDS)


def _new(core: RoomCore) -> list[ReviewedText]:
    return unread(core.room, TEXTS_MOST)


def _again(core: RoomCore) -> list[ReviewedText]:
    found = _new(core)
    return found + returned_by_machine(core.room, TEXTS_MOST - len(found))


def read_by(one: ReviewedText, words: WordFinder) -> dict[str, object]:
    """Return what the lists find in a text, as ``review.machine`` has it."""
    found = [term[:REMARK_LIMIT] for term in dict.fromkeys(words.terms(one.text))]
    return {"subject": one.subject, "sha256": one.sha256, "found": found[:_FOUND_MOST]}
