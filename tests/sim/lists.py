"""A list told from the log: who said its word first there, in that order, from one source, each once."""

from __future__ import annotations

from itertools import islice

from tests.sim.bags import MATCHES, entry_id
from tests.sim.books import Data
from tests.sim.broken import must


class ComersTold:
    """``line``: everybody who came and was not taken off, the first first."""

    def __init__(self, spec: Data) -> None:
        self.spec = spec
        self.promise: Data | None = None
        self.source = ""
        self.line: list[str] = []
        self.freed: set[str] = set()
        self._expect_source = ""
        self._expected: list[str] = []

    @property
    def places(self) -> int:
        return int(self.spec["places"])

    def placed(self) -> list[str]:
        """Who has a place now."""
        return list(islice(self.line, self.places))

    def promised(self, promise: Data | None, loudest: str) -> None:
        must(promise is not None, "a list without its rules", self.spec)
        assert promise is not None
        must(self.promise is None, "a list was promised twice", promise)
        must(promise["rules"]["places"] == self.places, "other places than were promised", promise, self.spec)
        self.promise, self.source = promise, promise["rules"]["entry"].get("source", "")
        must(self.source == loudest, "not the source that said the most", self.source, loudest)

    def heard(self, source: str, pid: str, text: str) -> None:
        """A comment while it is open."""
        if self.promise is None or self.spec.get("match", "exact") not in MATCHES[text]:
            return
        if not self.source and not self._expect_source:
            self._expect_source = source
        if source != (self.source or self._expect_source):
            return
        if pid not in self.line and pid not in self._expected and pid not in self.freed:
            self._expected.append(pid)

    def bought(self, pid: str) -> None:
        """A unit at the list's price is for who has a place on it."""
        must(pid in self.placed(), "sold at the list's price to somebody without a place", pid, self.line)

    def told(self, kind: str, data: Data) -> None:
        """What the log says of it."""
        if kind == "bag.source":
            must(data["source"] == self._expect_source, "a source that brought nobody first", data)
            self.source, self._expect_source = data["source"], ""
        elif kind == "places.taken":
            assert self.promise is not None
            came = [pid for pid, _ in data["entries"]]
            must(came == self._expected, "not those who came, in the order of the log", came, self._expected)
            for pid, uuid in data["entries"]:
                must(uuid == entry_id(self.promise, pid), "an entry id that does not follow", pid, uuid)
            self.line += came
            self._expected = []
        elif kind == "place.freed":
            self._freed(data)
        else:
            self._closed(data["receipt"])

    def _freed(self, data: Data) -> None:
        pid = data["viewer_id"]
        must(pid in self.line, "somebody was taken off who is not on the list", data)
        placed = pid in self.placed()
        up = self.line[self.places] if placed and len(self.line) > self.places else None
        must(data["next"] == up, "somebody else moved up than the first who waits", data, up)
        self.line.remove(pid)
        self.freed.add(pid)

    def _closed(self, receipt: Data) -> None:
        assert self.promise is not None
        must(receipt["rules"] == self.promise["rules"], "other rules than were promised", receipt)
        ids = [entry_id(self.promise, pid) for pid in self.placed()]
        must([place["id"] for place in receipt["places"]] == ids, "the receipt names others", receipt, ids)
        must(receipt["waiting"] == max(0, len(self.line) - self.places), "others wait", receipt)

    def commit_ends(self) -> None:
        must(not self._expect_source, "the first source was not taken", self._expect_source)
        must(not self._expected, "somebody who came was left out", self._expected)
