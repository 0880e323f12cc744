"""One comment that two sources of a room tell of: which of the two is the double. Pure; time is data.

Two tools that watch one room give the platform's own id of a message, as their event's id or as
``message_id`` in its data. Where one of them has none, the same name with the same text within
``WITHIN`` seconds is the same comment, if both tools can watch the same platform; one for one, so that who
says 1 twice is heard twice.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime
from typing import Final

from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import MASKED
from liveconsole.messages.inputs import SentFact
from liveconsole.messages.tools import is_tool, may_share, tool_of

WITHIN: Final = 3.0
MOST: Final = 20_000
"""Comments that are remembered; of more the oldest go."""
_REMEMBERED: Final = 60.0
"""Seconds after which a comment without the platform's id has its double no more."""
_GLOBAL: Final = 16
"""Characters from which on an id is the platform's: shorter ones, and paths, are a tool's own."""


class _Told:
    """One comment and who told of it: tool → the id of the platform that it gave, or none."""

    __slots__ = ("at", "by", "text", "time")

    def __init__(self, text: str, at: float, time: float | None) -> None:
        self.text = text
        self.at = at
        self.time = time
        self.by: dict[str, str | None] = {}


class SameComments:
    """What was told of lately. Asked again about the same event, it says the same again."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._by_id: OrderedDict[str, _Told] = OrderedDict()
        self._said: OrderedDict[tuple[str, str], bool] = OrderedDict()
        self._by_words: dict[tuple[str, str], deque[_Told]] = {}
        self._order: deque[tuple[float, tuple[str, str]]] = deque()

    def __len__(self) -> int:
        return max(len(self._by_id), len(self._said), len(self._by_words), len(self._order))

    def is_double(self, sent: SentFact, now: datetime) -> bool:
        """Tell whether another source told of this comment before; from now on it is known."""
        tool = tool_of(sent.source)
        message = _message_id(sent)
        if message is None and not is_tool(tool):
            return False
        key = (sent.source, sent.id)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._is(sent, tool, message, now.timestamp())
            self._forget(now.timestamp())
        return said

    def remember(self, source: str, id_: str, message_id: object, text: str) -> None:
        """A comment of the log, from before this began: its double is known by the platform's id."""
        message = _named(id_, message_id)
        if message is not None:
            told = self._by_id.setdefault(message, _Told(text, -_REMEMBERED, None))
            told.by.setdefault(tool_of(source), message)

    def _is(self, sent: SentFact, tool: str, message: str | None, now: float) -> bool:
        assert isinstance(sent.data, CommentPosted)
        viewer, text = sent.data.viewer, sent.data.text
        told = self._by_id.get(message) if message is not None else None
        if told is not None:
            if told.text != text:
                return False  # an id that says something else is not the platform's
            told.by.setdefault(tool, message)
            return True
        words = (viewer.name.strip(), text)
        named = bool(words[0]) and not viewer.id.startswith(MASKED) and is_tool(tool)
        time = sent.time.timestamp() if sent.time is not None else None
        told = self._alike(words, tool, message, now, time) if named else None
        double = told is not None
        if told is None:
            told = _Told(text, now, time)
            if named:
                self._by_words.setdefault(words, deque()).append(told)
                self._order.append((now, words))
        told.by[tool] = message
        if message is not None:
            self._by_id[message] = told
        return double

    def _alike(
        self, words: tuple[str, str], tool: str, message: str | None, now: float, time: float | None
    ) -> _Told | None:
        for told in self._by_words.get(words, ()):
            near = abs(now - told.at) <= WITHIN or (
                time is not None and told.time is not None and abs(time - told.time) <= WITHIN
            )
            if (
                near
                and tool not in told.by
                and all(
                    may_share(tool, other) and not _differ(message, its) for other, its in told.by.items()
                )
            ):
                return told
        return None

    def _forget(self, now: float) -> None:
        while self._order and (len(self._order) > self._most or now - self._order[0][0] > _REMEMBERED):
            _, words = self._order.popleft()
            there = self._by_words[words]
            there.popleft()
            if not there:
                del self._by_words[words]
        while len(self._by_id) > self._most:
            self._by_id.popitem(last=False)
        while len(self._said) > self._most:
            self._said.popitem(last=False)


def _message_id(sent: SentFact) -> str | None:
    """The platform's own id of the message."""
    return _named(sent.id, sent.kept.get("message_id") if sent.kept is not None else None)


def _named(id_: str, message_id: object) -> str | None:
    name = message_id if isinstance(message_id, str) else id_
    return name if len(name) >= _GLOBAL and "/" not in name else None


def _differ(one: str | None, other: str | None) -> bool:
    """Tell whether both are ids of the same kind: then they name two comments."""
    return one is not None and other is not None and one.isdigit() == other.isdigit()
