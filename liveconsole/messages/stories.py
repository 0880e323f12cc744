"""故事: what viewers write with a word that the host announced: what a seat sends, and what stands on the log
of it. Consent and the picture are the reviews' own (`messages.after_order`)."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Pid, Text, Typed

KEYWORD_LONG: Final = 20
"""Characters of the word."""


class StoryCollect(Struct, frozen=True):
    """Collect comments with this word from now on; null: no more of them. Another word begins anew."""

    keyword: Annotated[Text, msgspec.Meta(min_length=1, max_length=KEYWORD_LONG)] | None


class StoryCollecting(Struct, frozen=True):
    """``story.collecting``: the word that counts from here on; empty: none does."""

    keyword: Typed


class StoryTold(Struct, frozen=True):
    """``story.told``: what somebody wrote with the word, in the place of what he had told. Its seq is its
    ``review_id``; the teller never leaves the engine but to the desk, where he is asked for his yes."""

    viewer_id: Pid
    text: Typed


COMMANDS: Final[dict[str, type[Struct]]] = {"story.collect": StoryCollect}
EVENTS: Final[dict[str, type[Struct]]] = {"story.collecting": StoryCollecting, "story.told": StoryTold}
