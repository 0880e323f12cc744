"""Words that were warned of and used all the same: who did it is on the log, and before who approves it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from liveconsole.domain.context import Context, Fold
from liveconsole.domain.room import Cue, Room, WordsUsed
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import WordsOverridden

KEPT: Final = 20
"""Overrides that a promotion, and the room, remember: the newest. The log has them all."""
_TERM_LONG: Final = 40
"""Characters of a term that are remembered: it is the word of a list, whatever a program sends."""


def overridden(ctx: Context, where: str, override: bool | list[str], cue_id: str = "") -> list[Event]:
    """Return the event of a command that was sent with ``override``, with the words where the seat named
    them."""
    if not override:
        return []
    terms = override if isinstance(override, list) else []
    return [ctx.event("words.overridden", WordsOverridden(where, terms, cue_id))]


def used_for(room: Room, cue: Cue, terms: Collection[str]) -> list[WordsUsed]:
    """Return the overrides that stand behind a promotion in which ``terms`` are found, oldest first: its own,
    and those of its goods and its segment that name one of the terms, or none."""
    elsewhere = [
        used
        for used in room.words_used
        if (used.where == "catalogue.put" or (used.where == "rundown.put" and cue.segment_id))
        and terms
        and (not used.terms or not set(terms).isdisjoint(used.terms))
    ]
    return sorted([*cue.words_used, *elsewhere], key=lambda used: used.at)


def _folded(room: Room, data: WordsOverridden, event: Event) -> None:
    used = WordsUsed(event.actor, event.at, data.where, [term[:_TERM_LONG] for term in data.terms])
    cue = room.cues.get(data.cue_id)
    there = cue.words_used if cue is not None else room.words_used
    there.append(used)
    del there[:-KEPT]


FOLDS: Final[dict[str, Fold]] = {"words.overridden": _folded}
