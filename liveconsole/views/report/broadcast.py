"""What is counted of one broadcast while its events go by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liveconsole.messages.gifts import adds
from liveconsole.messages.tally import SOURCES, more
from liveconsole.views import good_words
from liveconsole.views.good_words import GoodWords
from liveconsole.views.questions import Questions, asks
from liveconsole.views.report.good_comments import Moods
from liveconsole.views.report.model import Action, Clip, Difference, Minute, ReportGap, ReportPledge, Totals
from liveconsole.views.report.reach import Reach
from liveconsole.views.report.rundown import SegmentSoFar
from liveconsole.views.report.violations import ReportViolation


class BroadcastFold:
    """One broadcast: from the end of the last one to the next opening, so that late facts have a home.

    Its minutes begin at the opening. In a log without an opening they begin with the first event.
    """

    def __init__(self, broadcast: int, questions: Questions, good: GoodWords | None = None) -> None:
        own = questions.good
        self.good = good or (GoodWords(own) if own is not None else good_words.built_in())
        self.broadcast = broadcast
        self.groups = questions
        self.title = ""
        self.opened_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.first_seq = self.last_seq = 0
        self.comments = 0
        self.heard = False
        """A source told of anything in the room: it would have told of comments."""
        self.reach = Reach()
        self.reach_at_close: Reach | None = None
        """What is set after the close tells nothing of the evening."""
        self.orders_told = False
        self.asking = 0
        self.topics = {group.id: 0 for group in questions.groups}
        self.counts = Totals()
        self.minutes: dict[int, Minute] = {}
        self.early = 0
        """Comments before the opening."""
        self.late = 0
        self.told_by: dict[str, dict[str, int]] = {}
        self.gaps: dict[tuple[str, str], ReportGap] = {}
        self.spoke: dict[str, datetime] = {}
        """Source of comments → its first one."""
        self.follows: list[str] = []
        """Who followed, in order."""
        self.actions: list[Action] = []
        self.clips: list[Clip] = []
        self.on_screen: Clip | None = None
        self.differences: list[Difference] = []
        self.clock_steps: list[tuple[datetime, float]] = []
        self.oversold: list[tuple[datetime, str, int, str | None]] = []
        """(at, SKU, units, cue)"""
        self.skipped = 0
        self.pledges: dict[str, ReportPledge] = {}
        self.violations: dict[str, ReportViolation] = {}
        self.segments: dict[str, SegmentSoFar] = {}
        """Its rundown."""
        self.moods = Moods()

    def group_by(self, questions: Questions) -> None:
        """Other groups from now on, as the goods are others; what was counted of those that stay, stays."""
        self.groups = questions
        self.topics = {**self.topics, **{g.id: self.topics.get(g.id, 0) for g in questions.groups}}

    @property
    def coming(self) -> int:
        """The broadcast that is being prepared: the next one, once this is closed."""
        return self.broadcast + (self.closed_at is not None)

    @property
    def start(self) -> datetime | None:
        return self.opened_at or self.first

    @property
    def orders_known(self) -> bool:
        """Tell whether figures of orders mean anything, as the state does (`platforms.orders_known`)."""
        return self.orders_told or (self.reach_at_close or self.reach).can.reports_orders

    def passed(self, seq: int, at: datetime) -> None:
        """Another event of this evening."""
        if self.first is None:
            self.first, self.first_seq = at, seq
        self.last, self.last_seq = at, seq

    def open(self, at: datetime, title: str) -> None:
        """The broadcast begins: what was counted so far stands before it."""
        self.opened_at, self.title = at, title
        self.early, self.minutes = self.comments, {}

    def minute(self, at: datetime) -> Minute | None:
        """Return the minute of a moment on the axis; None before the opening and after the close."""
        start = self.start
        if start is None or at < start or (self.closed_at is not None and at > self.closed_at):
            return None
        index = int((at - start).total_seconds() // 60)
        found = self.minutes.get(index)
        if found is None:
            found = self.minutes[index] = Minute(start)
        return found

    def comment(self, text: str, at: datetime) -> bool:
        """``comment.posted``; whether it asks something."""
        self.comments += 1
        self.heard = True
        minute = self.minute(at)
        if minute is not None:
            minute.comments = (minute.comments or 0) + 1
        elif self.closed_at is not None:
            self.late += 1
        else:
            self.early += 1
        about = self.groups.topic(text)
        if about:
            self.topics[about] += 1
        if minute is not None:
            self.moods.comment(text, self.good)
        asking = asks(text)
        self.asking += asking
        return asking

    def spoken_by(self, source: str, at: datetime) -> None:
        """A comment, its double too. Of sources without end only the first are told apart."""
        if source not in self.spoke and len(self.spoke) < SOURCES:
            self.spoke[source] = at

    def gap(self, data: dict[str, Any]) -> None:
        """``source.gap``: its beginning, and once more with its end."""
        start = datetime.fromisoformat(data["from"])
        end = datetime.fromisoformat(data["to"]) if data["to"] is not None else None
        self.gaps[data["source"], data["from"]] = ReportGap(data["source"], start, end, data["why"])

    def audience(self, kind: str, data: dict[str, Any], at: datetime, source: str) -> None:
        """``room.measured``, ``viewer.*`` and ``gift.sent``."""
        counts = self.counts
        self.heard = True
        if kind == "room.measured":
            minute = self.minute(at)
            if minute is not None and data.get("online") is not None:
                minute.online = data["online"]
                counts.online_peak = max(counts.online_peak or 0, data["online"])
        elif kind == "viewer.followed":
            counts.followed = (counts.followed or 0) + self._more(kind, source, 1)
            self.follows.append(data["viewer"]["id"])
        elif kind == "viewer.entered":
            counts.entered = (counts.entered or 0) + self._more(kind, source, 1)
        elif kind == "viewer.shared":
            counts.shared = (counts.shared or 0) + self._more(kind, source, 1)
        elif kind == "gift.sent" and adds(data):
            counts.gifts = (counts.gifts or 0) + self._more(kind, source, data["count"])
            value = self._more("value", source, data["value_fen"])
            counts.gift_value_fen = (counts.gift_value_fen or 0) + value

    def _more(self, kind: str, source: str, count: int) -> int:
        return more(self.told_by.setdefault(kind, {}), source, count)

    def cut(self, clip: Clip, at: datetime) -> None:
        """A clip ends; it knew the comments that were there before it."""
        clip.end = at
        clip.comments = (clip.comments or 0) + self.comments
        if self.on_screen is clip:
            self.on_screen = None

    def given_by(self, data: Mapping[str, Any], seq: int) -> None:
        """The events right before ``seq`` came of a command of a shared seat."""
        for action in reversed(self.actions):
            if action.seq < seq - data["events"]:
                break
            action.seat = data["seat_id"]

    def forget_same_moment(self, cue_id: str, at: datetime) -> None:
        """Take back the last lines about one cue that stand at one moment."""
        while self.actions and self.actions[-1].cue_id == cue_id and self.actions[-1].at == at:
            self.actions.pop()
