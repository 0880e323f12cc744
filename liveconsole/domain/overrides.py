"""Words that were warned of and used all the same: who did it stands on the log."""

from __future__ import annotations

from liveconsole.domain.context import Context
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import WordsOverridden


def overridden(ctx: Context, where: str, override: bool | list[str], cue_id: str = "") -> list[Event]:
    """Return the event of a command that was sent with ``override``, with the words where the seat named
    them."""
    if not override:
        return []
    terms = override if isinstance(override, list) else []
    return [ctx.event("words.overridden", WordsOverridden(where, terms, cue_id))]
