"""故事 as the room holds them: the word, and the newest of each who told one."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from liveconsole.messages.fields import Pid, Typed


class Story(Struct):
    """One of them; ``agreed`` None: nobody has asked him whether it may be shown."""

    review_id: int
    viewer_id: Pid
    text: Typed
    at: datetime
    agreed: bool | None = None


class Stories(Struct):
    """Of one broadcast, until the next one opens. ``keyword`` stays after the collecting is over: the same
    word again goes on with what is there."""

    keyword: Typed = ""
    open: bool = False
    since: datetime | None = None
    heard: int = 0
    """All that were told with the word, those among them that gave way."""
    told: dict[Pid, Story] = field(default_factory=dict)
    """By teller, the latest last; `stories.KEPT` at most."""
