"""The feed: committed events folded into a bounded ring of rows.

The comment path costs under 2 µs an event, so that 10,000 a second leave a core free. A row never changes its
place; a repeat counts up where the first one stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from liveconsole.messages.envelope import DOUBLE, LATE
from liveconsole.messages.gifts import adds
from liveconsole.messages.state import CartState, CatalogueState, CueState
from liveconsole.messages.statuses import VOIDED
from liveconsole.views import highlights, questions
from liveconsole.views.feed.counts import Counts
from liveconsole.views.feed.orders import Orders, PlacedOrder
from liveconsole.views.feed.rows import BIG_FEN, COMMENT, ENTER, GIFT, ORDER, SYSTEM, FeedRow

CAPACITY: Final = 50_000
ANEW: Final = 2_000
"""Comments that other lists are read over: some milliseconds."""
STREAK: Final = 120
"""Seconds in which a combo is about gifts that were told one by one."""
WINDOW: Final = 5
"""Seconds in which identical repeats and like orders are one row."""
SEEN_MAX: Final = 100_000
"""Viewers remembered to tell who speaks for the first time; beyond them nobody is called new."""
NAMED: Final = 3
"""Buyers of a group of orders who are named."""
_NAME_LONG: Final = 12
STRANGE_MAX: Final = 50
"""Rows about unknown promotions in one broadcast: a source gone wild does not fill the feed."""
_MERGEABLE: Final = 4_000
"""Different texts remembered for merging before the window turns early."""

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


class Feed:
    """The ring and what is counted beside it. One thread; the time is the events' own."""

    def __init__(
        self, capacity: int = CAPACITY, *, big_fen: int = BIG_FEN, look: highlights.CommentMarks | None = None
    ) -> None:
        self.capacity, self.big_fen = capacity, big_fen
        self.look = look or highlights.CommentMarks(questions.built_in(), highlights.built_in())
        self._numbers: dict[str, str] = {}
        self._cues: dict[str, tuple[str, str]] = {}
        self._muted: frozenset[str] = frozenset()
        self.members: Mapping[str, str] = {}
        """Outside id → the words of his level, of those who are members of the shop."""
        self.clear()

    def clear(self) -> None:
        """Let everything go that was folded, names and all; what is known of goods and promotions stays."""
        self.counts = Counts(group.id for group in self.look.questions.groups)
        self._ring: list[FeedRow] = []
        self.begun = 0
        """The seq of the first event that the groups were counted from; 0 before any."""
        self.added = 0
        """Rows ever added: the index after the newest. The newest ``len(feed)`` of them are kept."""
        self._others = 0
        self.merged = 0
        self.skipped = 0
        """Comments that the bus left out for this seat, which was too slow for them."""
        self._stamp = ""
        self._second = 0
        self._recent: dict[str, FeedRow] = {}
        self._older: dict[str, FeedRow] = {}
        self._turned = 0
        self._groups: dict[tuple[str, str], FeedRow] = {}
        self._streaks: dict[str, int] = {}
        """Viewer and gift → when one was last told by itself."""
        self.orders = Orders()
        self._order_rows: dict[str, FeedRow] = {}
        self._strange: set[str] = set()
        """Promotions that nobody here made and that were told of."""
        self._seen: set[str] = set()
        self._whole = False
        self.heard: dict[str, int] = {}
        """Highlight rule → when it last struck, seconds since the epoch."""

    def __len__(self) -> int:
        return len(self._ring)

    def read_by(self, look: highlights.CommentMarks) -> None:
        """Other lists from now on. The newest comments are looked at anew; groups are counted from the next
        event on, and `take_earlier` fills in what was asked before."""
        self.look, self.begun, self._stamp = look, 0, ""
        self.counts.regroup(group.id for group in look.questions.groups)
        self.heard = {rule: at for rule, at in self.heard.items() if rule in look.highlights.rules}
        for index in range(max(self.first, self.added - ANEW), self.added):
            row = self.row(index)
            if row.kind == COMMENT:
                row.topic, row.mark = look(row.text)
                row.let_be, row.reason = look.signs.lets_be(row.text), None
                row.signed = row.lured = row.fraud = -1

    def mute(self, people: Iterable[str]) -> bool:
        """These are hidden (outside ids), and nobody else: their rows say so from now on, and what they say
        next makes none and counts in no group. Return whether that is news."""
        muted = frozenset(people)
        if muted == self._muted:
            return False
        self._muted = muted
        for row in self._ring:
            if row.kind == COMMENT:
                row.hidden = row.pid in muted
        return True

    @property
    def muted(self) -> frozenset[str]:
        """Who is hidden."""
        return self._muted

    @property
    def first(self) -> int:
        """The index of the oldest row that is kept."""
        return self.added - len(self._ring)

    @property
    def received(self) -> int:
        """Messages folded, repeats and all."""
        return self.counts.comments + self.counts.running + self._others

    @property
    def comments(self) -> int:
        """Comments as of the last second, or of the last look at the rates."""
        return self.counts.comments

    def row(self, index: int) -> FeedRow:
        """Return the row of an index between ``first`` and ``added``."""
        return self._ring[index % self.capacity]

    def rows(self) -> list[FeedRow]:
        """Return the kept rows, oldest first."""
        cut = self.added % self.capacity if len(self._ring) == self.capacity else 0
        return self._ring[cut:] + self._ring[:cut]

    def learn(self, catalogue: CatalogueState, cart: CartState, cues: Iterable[CueState]) -> None:
        """Which SKU is which number in the cart, and what the cues are."""
        carted = {item.product_id: str(item.number) for item in cart.items}
        for product in catalogue.products:
            number = carted.get(product.product_id, "")
            for sku in product.skus:
                self._numbers[sku.sku_id] = number
        for cue in cues:
            self._cues[cue.cue_id] = (cue.kind, self._about(cue.spec))

    def fold(self, events: Iterable[Mapping[str, Any]]) -> int:
        """Take committed events in order; returns how many rows that added."""
        before = self.added
        recent, older, seen, look = self._recent, self._older, self._seen, self.look
        counts, muted, lets_be = self.counts, self._muted, look.signs.lets_be
        for event in events:
            kind = event["type"]
            if kind == "stream.skipped":
                self._skip(event)
                continue
            at: str = event["at"]
            if at[:19] != self._stamp:
                self._tick(at)
                self.begun = self.begun or event["seq"]
                recent, older = self._recent, self._older
            if kind != "comment.posted":
                self._other(event)
                continue
            if event.get("actor") == DOUBLE:
                continue
            data = event["data"]
            text: str = data["text"]
            viewer = data["viewer"]
            pid: str = viewer["id"]
            if muted and pid in muted:
                counts.running += 1
                continue
            new = pid not in seen
            if new:
                seen.add(pid)
            counts.running += 1
            row = recent.get(text) or older.get(text)
            if row is not None and not row.hidden and self._second - row.second <= WINDOW:
                row.count += 1
                self.merged += 1
            else:
                row = FeedRow(event["seq"], at, COMMENT, viewer["name"], text, pid)
                row.second = self._second
                row.topic, row.mark = look(text)
                row.let_be = lets_be(text)
                if new:
                    row.new = self._whole and pid != ""
                if row.mark:
                    self.heard[row.mark] = self._second
                recent[text] = row
                self._add(row)
            if row.topic:
                counts.asked[row.topic] += 1
            if text in _ONES:
                counts.ones.add(pid)
        return self.added - before

    def take_earlier(self, comments: Iterable[Mapping[str, Any]]) -> None:
        """Count what groups were asked in comments from before `begun`, and which were answered then; they
        make no rows."""
        comments = list(comments)
        for event in comments:
            if event["type"] == "question.answered" and (group := event["data"].get("group")):
                self.counts.answer_earlier(group, event["seq"], _second(event))
        for event in comments:
            if event["type"] != "comment.posted" or event.get("actor") == DOUBLE:
                continue
            if event["data"]["viewer"]["id"] in self._muted:
                continue
            group, _ = self.look(event["data"]["text"])
            if group:
                self.counts.add_earlier(group, _second(event), event["seq"])

    def unpaid(self) -> list[PlacedOrder]:
        """Orders that are neither paid nor closed, oldest first."""
        return list(self.orders.unpaid.values())

    # Inside -------------------------------------------------------------------------------------------

    def _add(self, row: FeedRow) -> None:
        if len(self._ring) < self.capacity:
            self._ring.append(row)
        else:
            self._ring[self.added % self.capacity] = row
        self.added += 1

    def _tick(self, at: str) -> None:
        """Another second began: windows turn, old counts leave."""
        self._stamp = at[:19]
        # Never back: a log that is caught up on may hold a step of the wall clock.
        self._second = now = max(self._second, int(datetime.fromisoformat(at).timestamp()))
        # In a flood a text is long out of sight when it is said again: no need to remember ten seconds of it.
        if now - self._turned > WINDOW or len(self._recent) > _MERGEABLE:
            self._older = self._recent if now - self._turned <= 2 * WINDOW else {}
            self._recent = {}
            self._groups = {key: row for key, row in self._groups.items() if now - row.second <= WINDOW}
            self._streaks = {key: at for key, at in self._streaks.items() if now - at <= STREAK}
            self._turned = now
        self.orders.begin(now // 60)
        if len(self._seen) > SEEN_MAX:
            self._seen.clear()
            self._whole = False
        self.counts.begin(now)

    def _back(self, at: str) -> None:
        """The room's time was set right, and went back: what windows and rates hold is of no time."""
        self._recent, self._older, self._groups = {}, {}, {}
        self._second = self._turned = int(datetime.fromisoformat(at).timestamp())
        self.counts = Counts(group.id for group in self.look.questions.groups)
        self.begun = 0

    def _group(
        self, event: Mapping[str, Any], kind: int, what: str, about: str, *, name: str = "", by: int = 1
    ) -> FeedRow:
        """The running row of like things, or a new one."""
        row = self._groups.get((what, about))
        if row is not None and self._second - row.second <= WINDOW:
            row.count += by
            return row
        row = FeedRow(event["seq"], event["at"], kind, name, about, what=what, count=by, second=self._second)
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
        elif event.get("actor", "").startswith(LATE):
            return  # of an earlier broadcast: nothing of this one
        elif kind in ("order.placed", "order.granted"):
            self._placed(event, data)
        elif kind in ("order.paid", "order.closed", "order.refunded", "order.lapsed"):
            self._moved(event, kind.removeprefix("order."), data)
        elif kind == "cue.queued":
            self._cues[data["cue_id"]] = (data["kind"], self._about(data["spec"]))
        elif kind == "question.answered":
            if data.get("group"):
                self.counts.answer(data["group"], event["seq"])
        elif kind == "clock.repaired":
            self._back(event["at"])
        elif kind in _TOLD:
            self._system(event, kind, data)
        elif kind == "promotion.measured":
            self._measured(event, data)
        elif kind == "source.gap":
            row = FeedRow(event["seq"], event["at"], SYSTEM, text=data["source"], what=kind)
            row.pid = "/".join((data["from"], data["to"] or "", data["why"]))
            self._add(row)

    def _gift(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        viewer = data["viewer"]
        key = ("gift", f"{viewer['id']}\0{data['gift']}")
        row = self._groups.get(key)
        if not adds(data):
            self._combo(event, data, key)
            return
        self._streaks[key[1]] = self._second
        if row is not None and self._second - row.second <= WINDOW:
            row.count += data["count"]
            row.fen += data["value_fen"]
            return
        row = FeedRow(
            event["seq"], event["at"], GIFT, viewer["name"], data["gift"], viewer["id"], "gift", data["count"]
        )
        row.fen, row.second = data["value_fen"], self._second
        self._groups[key] = row
        self._add(row)

    def _combo(self, event: Mapping[str, Any], data: Mapping[str, Any], key: tuple[str, str]) -> None:
        """A streak as its platform sums it up: it stands for no gift of its own. Where its gifts were not
        told one by one it has a row, whose text says how many, and which follows the streak."""
        if self._streaks.get(key[1], -STREAK) > self._second - STREAK:
            return
        text = f"{data['gift']} ×{data['count']:,}"
        row = self._groups.get(("combo", key[1]))
        if row is not None and self._second - row.second <= WINDOW:
            row.text, row.second = text, self._second
            return
        viewer = data["viewer"]
        row = FeedRow(event["seq"], event["at"], GIFT, viewer["name"], text, viewer["id"], "combo", 0)
        row.second = self._second
        self._groups["combo", key[1]] = row
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

    def _order_row(self, event: Mapping[str, Any], what: str, about: str, fen: int) -> FeedRow:
        if fen >= self.big_fen:
            row = FeedRow(event["seq"], event["at"], ORDER, text=about, what=what, fen=fen, big=True)
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
        row = FeedRow(event["seq"], event["at"], SYSTEM, cue_kind, about, what=kind)
        reason = data.get("reason", "")
        row.pid = reason if reason in VOIDED else data.get("because", "")
        self._add(row)

    def _measured(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Figures of a promotion that nobody here made: said once a promotion, however often they come."""
        cue_id = data["cue_id"]
        if cue_id in self._cues or cue_id in self._strange or len(self._strange) >= STRANGE_MAX:
            return
        self._strange.add(cue_id)
        self._add(FeedRow(event["seq"], event["at"], SYSTEM, text=cue_id, what="promotion.measured"))

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


def _second(event: Mapping[str, Any]) -> int:
    return int(datetime.fromisoformat(event["at"]).timestamp())


def _name(row: FeedRow, name: str) -> None:
    """One more buyer of a group, ``、`` between; each once, the first `NAMED`."""
    name = name.replace("、", "")[:_NAME_LONG]
    named = row.name.split("、") if row.name else []
    if name and name not in named and len(named) < NAMED:
        row.name = "、".join([*named, name])
