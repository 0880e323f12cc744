"""A lucky bag told from the log: who may be in it, frozen at the close, drawn once, and by the receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from liveconsole.verify_draw import check_log, check_receipt, root_of
from tests.sim.books import Data, moment
from tests.sim.broken import must

MATCHES: dict[str, set[str]] = {
    "福到了": {"exact", "lenient", "contains"},
    " 福到了\u200b": {"exact", "lenient", "contains"},
    "福到了！！": {"lenient", "contains"},
    "我要 福到了": {"contains"},
    "福 到了": {"lenient"},
    "主播好": set(),
    "多少钱": set(),
}
"""Every text that the crowd says, and under which kinds of match it holds the word 福到了."""
KEYWORD = "福到了"
_GENESIS = datetime.fromtimestamp(1_692_803_367, UTC)


class Bag:
    def __init__(self, spec: Data) -> None:
        self.spec = spec
        self.excluded: set[str] = set(spec.get("exclude", ()))
        self.promise: Data | None = None
        self.source = ""
        self.entries: dict[str, str] = {}
        self.root: str | None = None
        self.closed_at: datetime | None = None
        self.typed = False
        self.receipt: Data | None = None
        self.winners: list[str] = []
        self.alternates: list[str] = []
        self.settled: set[str] = set()
        self.until: dict[str, datetime] = {}
        self.lines: list[Data] = []
        self._expect_source = ""
        self._expected: list[str] = []

    def promised(self, promise: Data | None, loudest: str) -> None:
        must(
            (promise is None) == (self.spec.get("draw") == "platform"),
            "a promise where none belongs",
            promise,
        )
        must(self.promise is None, "a bag was promised twice", promise)
        self.promise = promise
        if promise is not None:
            self.source = promise["rules"]["entry"].get("source", "")
            must(self.source == loudest, "not the source that said the most", self.source, loudest)

    def heard(self, source: str, pid: str, text: str) -> None:
        """A comment while it is open."""
        if self.promise is None or self.root is not None:
            return
        entry = self.spec["entry"]
        if entry.get("keyword") is not None and entry.get("match", "exact") not in MATCHES[text]:
            return
        if not self.source and not self._expect_source:
            self._expect_source = source
        if source != (self.source or self._expect_source):
            return
        if pid not in self.entries and pid not in self._expected and pid not in self.excluded:
            self._expected.append(pid)

    def bag_source(self, data: Data, at: datetime) -> None:
        must(not self.source, "a bag took a second source", data)
        must(
            data["source"] == self._expect_source,
            "a source that brought no first entry",
            data,
        )
        self.source, self._expect_source = data["source"], ""

    def bag_entered(self, data: Data, at: datetime) -> None:
        must(self.root is None, "somebody entered after the close", data)
        assert self.promise is not None
        for pid, uuid in data["entries"]:
            must(pid in self._expected, "somebody entered who may not", pid, data)
            must(uuid == entry_id(self.promise, pid), "an entry id that does not follow", pid, uuid)
            self._expected.remove(pid)
            self.entries[pid] = uuid

    def bag_closed(self, data: Data, at: datetime) -> None:
        must(self.root is None, "a bag was closed twice", data)
        assert self.promise is not None
        ids = sorted(self.entries.values())
        must(data["entries"] == ids, "the frozen entrants are not those who entered", data, ids)
        root = root_of(self.promise["draw_id"], [(uuid, 1) for uuid in ids])
        must(data["root"] == root, "the root does not follow from the entrants", data)
        self.root, self.closed_at = root, at

    def cue_drawn(self, data: Data, at: datetime) -> None:
        must(self.receipt is None, "a bag was drawn twice", data["cue_id"])
        must(self.root is not None, "drawn before its entrants were frozen", data["cue_id"])
        receipt = self.receipt = data["receipt"]
        for holds, _, english in check_receipt(receipt):
            must(holds, f"the receipt does not verify: {english}", receipt)
        pid_of = {uuid: pid for pid, uuid in self.entries.items()}
        for name in ("winners", "alternates"):
            told = [w["viewer_id"] for w in data[name]]
            must(told == [pid_of[uuid] for uuid in receipt[name]], f"other {name} than drawn", data)
            setattr(self, name, told)
        until = moment(data["claim_until"])
        self.until = dict.fromkeys(self.winners, until) if until is not None else {}

    def bag_settled(self, data: Data, at: datetime) -> None:
        pid = data["viewer_id"]
        must(pid in self.winners and pid not in self.settled, "settled who holds no open prize", data)
        self.settled.add(pid)
        if data["ok"]:
            must(at < self.until[pid], "confirmed after the time to claim", data)
            return
        must(data["reason"] != "claim_over" or at >= self.until[pid], "passed over too early", data)
        up = self.alternates.pop(0) if self.alternates else None
        must(data["next"] == up, "somebody else moved up than the next alternate", data, up)
        self.winners.remove(pid)
        if up is not None:
            self.winners.append(up)
            until = moment(data["claim_until"])
            assert until is not None
            self.until[up] = until

    def commit_ends(self) -> None:
        must(not self._expect_source, "the first source was not taken", self._expect_source)
        must(not self._expected, "somebody who entered was left out", self._expected)

    def told(self, line: Data) -> None:
        """Every line about this bag, for the second implementation."""
        self.lines.append(line)

    def verify(self) -> None:
        """The draw against the log, by the program that anybody can run."""
        if self.receipt is not None:
            for holds, _, english in check_log(self.receipt, self.lines):
                must(holds, f"the log tells another draw: {english}", self.receipt["draw_id"])

    def due(self, ends_at: datetime | None) -> datetime | None:
        """When the clock next moves it while it is on air."""
        if self.root is None or self.promise is None or self.promise["round"] is None:
            return ends_at
        return _GENESIS + timedelta(seconds=3 * (self.promise["round"] - 1) + 30)

    def claims_due(self) -> datetime | None:
        open_ = [self.until[pid] for pid in self.winners if pid not in self.settled]
        return min(open_, default=None)


def entry_id(promise: dict[str, Any], pid: str) -> str:
    """By the published form."""
    name = f"liveconsole/entry/1\0{promise['draw_id']}\0{promise['salt']}\0{pid}"
    raw = bytearray(sha256(name.encode()).digest()[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x40, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
