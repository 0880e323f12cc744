"""The feed: committed events folded into a bounded ring of rows.

The comment path costs under 2 µs an event, so that 10,000 a second leave a core free. Rows carry codes and
numbers, not sentences: the words are the desk's. A row never changes its place; a repeat counts up where the
first one stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.views import highlights, questions
from liveconsole.views.feed_lures import lures
from liveconsole.views.feed_orders import Orders, Placed
from liveconsole.views.questions import TOPICS, asks

CAPACITY: Final = 50_000
ANEW: Final = 2_000
"""Comments that other lists are read over: some milliseconds."""
WINDOW: Final = 5
"""Seconds in which identical repeats and like orders are one row."""
BIG_FEN: Final = 100_000
"""An order of this much stands alone and is called 大额."""
RATE_SECONDS: Final = 60
TOPIC_MINUTES: Final = 10
SEEN_MAX: Final = 100_000
"""Viewers remembered to tell who speaks for the first time; beyond them nobody is called new."""
NAMED: Final = 3
"""Buyers of a group of orders who are named."""
_NAME_LONG: Final = 12
STRANGE_MAX: Final = 50
"""Rows about unknown promotions in one broadcast: a source gone wild does not fill the feed."""
_MERGEABLE: Final = 4_000
"""Different texts remembered for merging before the window turns early."""

COMMENT, ORDER, GIFT, ENTER, SYSTEM = range(5)
_ONES: Final = frozenset({"1", "１", "扣1", "11", "111", "1111"})
_VIEWERS: Final = frozenset({"viewer.entered", "viewer.followed", "viewer.shared"})
_MESSAGES: Final = _VIEWERS | {"gift.sent", "order.placed", "order.granted", "order.paid", "order.closed"}
_TOLD: Final = frozenset(
    {
        "broadcast.opened", "broadcast.closed", "cue.on_air", "cue.ended", "cue.refused", "cue.unknown",
        "cue.missed", "cue.drawn", "cue.recalled", "stock.oversold", "clock.stepped",
    }
)  # fmt: skip
"""Events that get a row of their own kind."""


class Row(Struct, gc=False):
    """One line of the feed. ``what`` is a code: ``placed``, ``entered``, an event's type."""

    seq: int
    at: str
    kind: int
    name: str = ""
    text: str = ""
    pid: str = ""
    what: str = ""
    count: int = 1
    """How many it stands for."""
    fen: int = 0
    open: int = 0
    """Orders of a ``placed`` row that are neither paid nor closed."""
    big: bool = False
    topic: str = ""
    second: int = 0
    """When its window began, seconds since the epoch."""
    asked: int = -1
    """Whether it asks: not yet looked at, no, yes (see ``is_question``)."""
    lured: int = -1
    """The same for luring elsewhere (see ``is_lure``)."""
    mark: str = ""
    """The highlight rule that it falls under."""
    new: bool = False
    """The viewer's first comment of this broadcast."""


def is_question(row: Row) -> bool:
    """Whether a row is a comment that asks; looked at once a row, and only when somebody wants to know."""
    if row.asked < 0:
        row.asked = int(row.kind == COMMENT and asks(row.text))
    return row.asked == 1


def is_lure(row: Row) -> bool:
    """Whether a row is a comment that invites people off the platform; looked at as late as a question."""
    if row.lured < 0:
        row.lured = int(row.kind == COMMENT and lures(row.text))
    return row.lured == 1


FILTERS: Final[dict[str, Callable[[Row], bool]]] = {
    "question": is_question,
    "order": lambda row: row.kind == ORDER,
    "big": lambda row: row.big,
    "unpaid": lambda row: row.open > 0,
    "marked": lambda row: row.mark != "" or is_lure(row),
    **{f"topic:{name}": lambda row, name=name: row.topic == name for name in TOPICS},  # type: ignore[misc]
}
"""Name → which rows. Filters leave rows out and never reorder them."""


def matching(name: str, words: str = "") -> Callable[[Row], bool]:
    """Which rows a filter keeps: a name of ``FILTERS``, ``topic:`` with any group's id, or ``all``; with
    ``words``, only those in whose text or name they stand, in any case of letters."""
    if name.startswith("topic:"):
        wanted = name.removeprefix("topic:")
        by_name: Callable[[Row], bool] = lambda row: row.topic == wanted  # noqa: E731
    else:
        by_name = FILTERS.get(name, lambda row: True)
    if not (sought := words.strip().casefold()):
        return by_name
    return lambda row: (sought in row.text.casefold() or sought in row.name.casefold()) and by_name(row)


class Feed:
    """The ring and what is counted beside it. One thread; the time is the events' own."""

    def __init__(
        self, capacity: int = CAPACITY, *, big_fen: int = BIG_FEN, look: highlights.Look | None = None
    ) -> None:
        self.capacity, self.big_fen = capacity, big_fen
        self.look = look or highlights.Look(questions.built_in(), highlights.built_in())
        self._ids = tuple(group.id for group in self.look.questions.groups)
        self._ring: list[Row] = []
        self.added = 0
        """Rows ever added: the index after the newest. The newest ``len(feed)`` of them are kept."""
        self.comments = 0
        self._others = 0
        self.merged = 0
        self.skipped = 0
        """Comments that the bus left out for this seat, which was too slow for them."""
        self._stamp = ""
        self._second = 0
        self._recent: dict[str, Row] = {}
        self._older: dict[str, Row] = {}
        self._turned = 0
        self._groups: dict[tuple[str, str], Row] = {}
        self.orders = Orders()
        self._order_rows: dict[str, Row] = {}
        self._numbers: dict[str, str] = {}
        self._cues: dict[str, tuple[str, str]] = {}
        self._strange: set[str] = set()
        """Promotions that nobody here made and that were told of."""
        self._seen: set[str] = set()
        self._whole = False
        self.heard: dict[str, int] = {}
        """Highlight rule → when it last struck, seconds since the epoch."""
        self.answered: dict[str, int] = {}
        """Group → when it was last answered, seconds since the epoch."""
        self._rates: dict[int, int] = {}
        self._ones: dict[int, set[str]] = {}
        self._topics: dict[int, dict[str, int]] = {}
        self._counted = 0

    def __len__(self) -> int:
        return len(self._ring)

    def read_by(self, look: highlights.Look) -> None:
        """Other lists from now on. The newest comments are looked at anew, the groups' counts begin again."""
        self.look = look
        self._ids = tuple(group.id for group in look.questions.groups)
        self._topics = {self._second // 60: dict.fromkeys(self._ids, 0)}
        self.heard = {rule: at for rule, at in self.heard.items() if rule in look.highlights.rules}
        self.answered = {group: at for group, at in self.answered.items() if group in self._ids}
        for index in range(max(self.first, self.added - ANEW), self.added):
            row = self.row(index)
            if row.kind == COMMENT:
                row.topic, row.mark = look(row.text)

    @property
    def first(self) -> int:
        """The index of the oldest row that is kept."""
        return self.added - len(self._ring)

    @property
    def received(self) -> int:
        """Messages folded, repeats and all."""
        return self.comments + self._counted + self._others

    def row(self, index: int) -> Row:
        """The row of an index between ``first`` and ``added``."""
        return self._ring[index % self.capacity]

    def rows(self) -> list[Row]:
        """The kept rows, oldest first."""
        cut = self.added % self.capacity if len(self._ring) == self.capacity else 0
        return self._ring[cut:] + self._ring[:cut]

    def learn(self, state: Mapping[str, Any]) -> None:
        """Which SKU is which number in the cart, and what the cues are: the body of ``GET /v1/state``."""
        carted = {item["product_id"]: str(item["number"]) for item in state["cart"]["items"]}
        for product in state["catalogue"]["products"]:
            number = carted.get(product["product_id"], "")
            for sku in product["skus"]:
                self._numbers[sku["sku_id"]] = number
        for cue in state["cues"]:
            self._cues[cue["cue_id"]] = (cue["kind"], self._about(cue["spec"]))

    def fold(self, events: Iterable[Mapping[str, Any]]) -> int:
        """Take committed events in order; returns how many rows that added."""
        before = self.added
        recent, older, seen, look = self._recent, self._older, self._seen, self.look
        for event in events:
            kind = event["type"]
            if kind == "stream.skipped":
                self._skip(event)
                continue
            at: str = event["at"]
            if at[:19] != self._stamp:
                self._tick(at)
                recent, older = self._recent, self._older
            if kind != "comment.posted":
                self._other(event)
                continue
            data = event["data"]
            text: str = data["text"]
            viewer = data["viewer"]
            pid: str = viewer["id"]
            new = pid not in seen
            if new:
                seen.add(pid)
            self._counted += 1
            row = recent.get(text) or older.get(text)
            if row is not None and self._second - row.second <= WINDOW:
                row.count += 1
                self.merged += 1
            else:
                row = Row(event["seq"], at, COMMENT, viewer["name"], text, pid)
                row.second = self._second
                row.topic, row.mark = look(text)
                if new:
                    row.new = self._whole and pid != ""
                if row.mark:
                    self.heard[row.mark] = self._second
                recent[text] = row
                self._add(row)
            if row.topic:
                self._topics[self._second // 60][row.topic] += 1
            if text in _ONES:
                self._ones[self._second].add(pid)
        return self.added - before

    # What is counted beside the rows ------------------------------------------------------------------

    def rates(self, now: datetime, seconds: int = RATE_SECONDS) -> list[int]:
        """Comments a second over the last whole seconds before ``now``, oldest first."""
        self._settle()
        end = int(now.timestamp())
        return [self._rates.get(second, 0) for second in range(end - seconds, end)]

    def ones(self, now: datetime, span: int = 10, points: int = 30) -> tuple[int, list[int]]:
        """How many people said 1 in the last ``span`` seconds, and in each of the last ``points`` seconds."""
        end = int(now.timestamp())
        people: set[str] = set()
        for second in range(end - span + 1, end + 1):
            people |= self._ones.get(second, set())
        return len(people), [len(self._ones.get(s, ())) for s in range(end - points + 1, end + 1)]

    def topics(self) -> dict[str, int]:
        """Comments a group in the last ten minutes, since it was last answered."""
        return {name: sum(minute[name] for minute in self._topics.values()) for name in self._ids}

    def answer(self, group: str) -> None:
        """The host has answered what this group asks: its count begins again from here."""
        self.answered[group] = self._second
        for minute in self._topics.values():
            if group in minute:
                minute[group] = 0

    def unpaid(self) -> list[Placed]:
        """Orders that are neither paid nor closed, oldest first."""
        return list(self.orders.unpaid.values())

    # Inside -------------------------------------------------------------------------------------------

    def _add(self, row: Row) -> None:
        if len(self._ring) < self.capacity:
            self._ring.append(row)
        else:
            self._ring[self.added % self.capacity] = row
        self.added += 1

    def _settle(self) -> None:
        if self._counted:
            self.comments += self._counted
            self._rates[self._second] = self._rates.get(self._second, 0) + self._counted
            self._counted = 0

    def _tick(self, at: str) -> None:
        """Another second began: windows turn, old counts leave."""
        self._settle()
        self._stamp = at[:19]
        # Never back: a log that is caught up on may hold a step of the wall clock.
        self._second = now = max(self._second, int(datetime.fromisoformat(at).timestamp()))
        # In a flood a text is long out of sight when it is said again: no need to remember ten seconds of it.
        if now - self._turned > WINDOW or len(self._recent) > _MERGEABLE:
            self._older = self._recent if now - self._turned <= 2 * WINDOW else {}
            self._recent = {}
            self._groups = {key: row for key, row in self._groups.items() if now - row.second <= WINDOW}
            self._turned = now
        self.orders.begin(now // 60)
        if len(self._seen) > SEEN_MAX:
            self._seen.clear()
            self._whole = False
        self._ones.setdefault(now, set())
        self._topics.setdefault(now // 60, dict.fromkeys(self._ids, 0))
        for old in [second for second in self._ones if now - second > RATE_SECONDS]:
            del self._ones[old]
        for old in [second for second in self._rates if now - second > 2 * RATE_SECONDS]:
            del self._rates[old]
        for old in [minute for minute in self._topics if now // 60 - minute >= TOPIC_MINUTES]:
            del self._topics[old]

    def _group(
        self, event: Mapping[str, Any], kind: int, what: str, about: str, *, name: str = "", by: int = 1
    ) -> Row:
        """The running row of like things, or a new one."""
        row = self._groups.get((what, about))
        if row is not None and self._second - row.second <= WINDOW:
            row.count += by
            return row
        row = Row(event["seq"], event["at"], kind, name, about, what=what, count=by, second=self._second)
        self._groups[what, about] = row
        self._add(row)
        return row

    def _other(self, event: Mapping[str, Any]) -> None:
        kind, data = event["type"], event["data"]
        self._others += kind in _MESSAGES
        if kind in _VIEWERS:
            self._group(event, ENTER, kind.removeprefix("viewer."), "", name=data["viewer"]["name"])
        elif kind == "gift.sent":
            self._gift(event, data)
        elif kind in ("order.placed", "order.granted"):
            self._placed(event, data)
        elif kind in ("order.paid", "order.closed", "order.refunded", "order.lapsed"):
            self._moved(event, kind.removeprefix("order."), data)
        elif kind == "cue.queued":
            self._cues[data["cue_id"]] = (data["kind"], self._about(data["spec"]))
        elif kind in _TOLD:
            self._system(event, kind, data)
        elif kind == "promotion.measured":
            self._measured(event, data)

    def _gift(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        viewer = data["viewer"]
        key = ("gift", f"{viewer['id']}\0{data['gift']}")
        row = self._groups.get(key)
        if row is not None and self._second - row.second <= WINDOW:
            row.count += data["count"]
            row.fen += data["value_fen"]
            return
        row = Row(
            event["seq"], event["at"], GIFT, viewer["name"], data["gift"], viewer["id"], "gift", data["count"]
        )
        row.fen, row.second = data["value_fen"], self._second
        self._groups[key] = row
        self._add(row)

    def _placed(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        numbers = dict.fromkeys(self._numbers.get(line["sku_id"], "") for line in data["lines"])
        about = "、".join(number for number in numbers if number)
        placed = self.orders.place(event, about)
        if placed is None:
            return
        row = self._order_row(event, "placed", about, placed.fen)
        if placed.name:
            _name(row, placed.name)
        row.open += 1
        self._order_rows[placed.order_id] = row

    def _moved(self, event: Mapping[str, Any], what: str, data: Mapping[str, Any]) -> None:
        placed, waited = self.orders.move(what, data["order_id"])
        about = placed.about if placed is not None else ""
        if waited:
            row = self._order_rows.pop(data["order_id"])
            row.open = max(0, row.open - 1)
        if what == "refunded":
            self.orders.refunded(self._second // 60)
        fen = data.get("paid_fen") or data.get("refund_fen") or 0
        self._order_row(event, "closed" if what == "lapsed" else what, about, fen)

    def _order_row(self, event: Mapping[str, Any], what: str, about: str, fen: int) -> Row:
        if fen >= self.big_fen:
            row = Row(event["seq"], event["at"], ORDER, text=about, what=what, fen=fen, big=True)
            self._add(row)
            return row
        row = self._group(event, ORDER, what, about)
        row.fen += fen
        return row

    def _system(self, event: Mapping[str, Any], kind: str, data: Mapping[str, Any]) -> None:
        if kind == "broadcast.opened":
            # Followed from here on: who has not spoken yet is known to be new.
            self._whole = True
            self._seen.clear()
            self._strange.clear()
        cue_kind, about = self._cues.get(data.get("cue_id", ""), ("", ""))
        row = Row(event["seq"], event["at"], SYSTEM, cue_kind, about, what=kind)
        row.pid = data.get("because", "")
        self._add(row)

    def _measured(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Figures of a promotion that nobody here made: said once a promotion, however often they come."""
        cue_id = data["cue_id"]
        if cue_id in self._cues or cue_id in self._strange or len(self._strange) >= STRANGE_MAX:
            return
        self._strange.add(cue_id)
        self._add(Row(event["seq"], event["at"], SYSTEM, text=cue_id, what="promotion.measured"))

    def _skip(self, event: Mapping[str, Any]) -> None:
        """The bus left comments out: not an event of the log, it stands between two of them."""
        told = event.get("data", event)
        count = sum(told["counts"].values())
        self.skipped += count
        at = event.get("at") or datetime.fromtimestamp(self._second, UTC).isoformat()
        self._group({"seq": told["to"], "at": at}, SYSTEM, "stream.skipped", "", by=count)

    def _about(self, spec: Mapping[str, Any]) -> str:
        """A cue's short subject: the numbers of its SKUs, its name or its prize."""
        skus = spec.get("skus") or ([spec] if "sku_id" in spec else [])
        numbers = [self._numbers.get(sku["sku_id"], "") for sku in skus]
        if found := "、".join(dict.fromkeys(number for number in numbers if number)):
            return found
        name = spec.get("name") or spec.get("prize", {}).get("name", "")
        return str(name)


def _name(row: Row, name: str) -> None:
    """One more buyer of a group, ``、`` between; each once, the first `NAMED`."""
    name = name.replace("、", "")[:_NAME_LONG]
    named = row.name.split("、") if row.name else []
    if name and name not in named and len(named) < NAMED:
        row.name = "、".join([*named, name])


class Filtered:
    """The rows of one filter (see ``matching``), in the feed's order. ``refresh`` looks at new rows only."""

    def __init__(self, feed: Feed, name: str, words: str = "") -> None:
        self._feed, self._matches = feed, matching(name, words)
        self._looked = feed.first
        self._kept: list[Row] = []
        self.added = 0
        """Rows ever added."""
        self._leaves = name == "unpaid"

    def __len__(self) -> int:
        return len(self._kept)

    def refresh(self) -> None:
        """Take in what the feed added since; rows that the feed let go leave here too."""
        feed = self._feed
        for index in range(max(self._looked, feed.first), feed.added):
            row = feed.row(index)
            if self._matches(row):
                self._kept.append(row)
                self.added += 1
        self._looked = feed.added
        if self._leaves:
            self._kept = [row for row in self._kept if row.open > 0]
        if len(self._kept) > feed.capacity:
            del self._kept[: len(self._kept) - feed.capacity]

    def rows(self) -> list[Row]:
        """The rows, oldest first."""
        return list(self._kept)

    def tail(self, count: int) -> list[Row]:
        """The newest rows, oldest first."""
        return self._kept[-count:] if count else []
