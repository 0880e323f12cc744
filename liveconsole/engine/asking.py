"""What the room asks now, followed along the log whenever somebody wants to know. Used on the reading thread
only: the writer does nothing for it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.store.reader import Reader
from liveconsole.views.room_questions import SPAN, RoomQuestions

MOST: Final = 20_000
"""Events that one look goes through: of a flood the newest are looked at, and how many were not is said."""
FIRST: Final = 60_000
"""Events that the first look goes back: of most rooms more than five minutes."""
_MICRO: Final = 1_000_000


class _Viewer(Struct, frozen=True):
    id: str = ""


class _Said(Struct):
    text: str | None = None
    viewer: _Viewer = _Viewer()


_decode = msgspec.json.Decoder(_Said).decode
_encode = msgspec.json.Encoder().encode


class AskingRoom:
    """`look` whenever a seat wants to know: all are told the same."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._questions = RoomQuestions()
        self._seq = -1
        self._forgot = 0
        self._left_out: list[tuple[int, int]] = []
        """Moments (seconds) and how many events were not looked at then."""

    def look(self, now: datetime) -> bytes:
        """Return ``{"questions": [...], "left_out"}`` as of ``now``, as JSON. ``left_out``: events of the
        last five minutes that came too fast to be looked at; the counts are then at least."""
        second = int(now.timestamp())
        last = self._reader.last_seq()
        if self._seq < 0:
            self._seq = max(0, last - FIRST)
        elif last - self._seq > MOST:
            self._left_out.append((second, last - MOST - self._seq))
            self._seq = last - MOST
        while self._seq < last:
            self._follow(second - SPAN)
        self._left_out = [(at, n) for at, n in self._left_out if at > second - SPAN]
        asked = self._questions.asked(second)
        return _encode({"questions": asked, "left_out": sum(n for _, n in self._left_out)})

    def _follow(self, since: int) -> None:
        rows, end = self._reader.said_after(self._seq, MOST)
        forgot = max((row.seq for row in rows if row.type == "viewer.forgotten"), default=0)
        if forgot > self._forgot:  # no word of his stays in memory: read anew, as the log has it now
            self._questions.clear()
            self._forgot, self._seq = forgot, max(0, end - FIRST)
            return
        self._seq = end
        for seq, type_, at, data in rows:
            second = at // _MICRO
            if type_ == "comment.posted":
                if second > since:
                    said = _decode(data)
                    self._questions.comment(seq, second, said.viewer.id, said.text or "")
            elif type_ == "question.answered":
                if (text := _decode(data).text) is not None:
                    self._questions.answer(second, text)
            elif type_ != "viewer.forgotten":  # another broadcast, or a time that was set back
                self._questions.clear()
