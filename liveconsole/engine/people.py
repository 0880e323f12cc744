"""Outside ids become pids on the way in; names stay beside the log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final

from liveconsole.messages.facts import PERSONS, CommentPosted, FactData
from liveconsole.messages.fields import NAME_ONLY, Person, PersonByName
from liveconsole.messages.inputs import SentFact
from liveconsole.store.people import pids_in, shown
from liveconsole.store.reader import Reader

_REMEMBERED: Final = 200_000
_PID: Final = re.compile(r"p[0-9a-f]{20}")


class KnownPerson:
    """Somebody as the log knows him.

    ``kept`` is ``{"id": pid}``, shared and never changed; ``name`` the newest one, None before the first.
    """

    __slots__ = ("kept", "name", "outside", "person", "pid")

    def __init__(self, pid: str, outside: str) -> None:
        self.pid = pid
        self.outside = outside
        self.person = PersonByName(pid) if outside.startswith(NAME_ONLY) else Person(pid)
        self.kept: dict[str, Any] = {"id": pid}
        self.name: str | None = None


class People:
    """Maps outside ids with the room's own key; remembers whom it met lately.

    ``met`` collects pid → (outside id, name) since it was last emptied: the rows that the commit keeps.
    """

    def __init__(self, person_key: bytes, reader: Reader) -> None:
        self._key = person_key
        self._reader = reader
        self._known: dict[str, KnownPerson] = {}
        self._by_pid: dict[str, KnownPerson] = {}
        self.met: dict[str, tuple[str, str]] = {}
        self.watched: set[str] = set()
        """pids whose names somebody keeps in what he made; ``renamed``: one of them has another name now."""
        self.renamed = False

    def meet(self, outside: str, name: str) -> KnownPerson:
        """Tell who this is; ``name`` may be empty where it is not known."""
        known = self._known.get(outside) or self._new(outside)
        if known.name != name and (name or known.name is None):
            known.name = name
            self.met[known.pid] = (outside, name)
            if known.pid in self.watched:
                self.renamed = True
        return known

    def pid(self, outside: str) -> str:
        """Return the pid of an outside id, without meeting anybody."""
        known = self._known.get(outside)
        return known.pid if known is not None else self._pid(outside)

    def inside(self, id_: str) -> str:
        """Return the pid for an id that a seat sent back: an outside id, or a pid that it was shown."""
        return id_ if _PID.fullmatch(id_) else self.pid(id_)

    def names(self, pids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """pid → (outside id, name), as far as anybody knows."""
        found, missing = {}, []
        for pid in pids:
            known = self._by_pid.get(pid)
            if known is None or not known.name:
                missing.append(pid)
            else:
                found[pid] = (known.outside, known.name)
        if missing:
            stored = self._reader.names(missing)
            for pid in missing:
                known = self._by_pid.get(pid)
                if pid in stored:
                    found[pid] = stored[pid]
                elif known is not None and known.name is not None:
                    found[pid] = (known.outside, known.name)
        return found

    def shown(self, line: bytes) -> bytes:
        """JSON with outside ids and names in place of pids."""
        pids = pids_in((line,))
        return shown(line, self.names(pids)) if pids else line

    def forget_unwritten(self) -> None:
        """A commit failed: what was met has no row."""
        for pid in self.met:
            self._by_pid[pid].name = None
        self.renamed = self.renamed or not self.watched.isdisjoint(self.met)
        self.met = {}

    def written(self) -> None:
        """A commit kept what was met."""
        self.met = {}

    def take_in(self, fact: SentFact) -> tuple[FactData, dict[str, Any]]:
        """Return the fact's data and kept object with pids and without names."""
        data, sent = fact.data, fact.kept
        if sent is None:  # a plain comment, as nearly all of them are
            assert isinstance(data, CommentPosted)
            viewer, text = data.viewer, data.text
            known = self._known.get(viewer.id)
            if known is None or known.name != viewer.name:
                known = self.meet(viewer.id, viewer.name)
            return CommentPosted(known.person, text), {"viewer": known.kept, "text": text}
        met = {}
        for field in PERSONS.get(type(data), ()):
            person = getattr(data, field)
            if person is not None:
                met[field] = self.meet(person.id, person.name)
        if not met:
            return data, sent
        mapped = {name: getattr(data, name) for name in data.__struct_fields__}
        mapped |= {field: known.person for field, known in met.items()}
        return type(data)(**mapped), {**sent, **{field: known.kept for field, known in met.items()}}

    def ask_in(self, type_: str, data: Any) -> Any:
        """Return a command's data with pids; what has not the right shape is left for the rules to refuse."""
        if not isinstance(data, dict):
            return data
        if type_ in ("order.request", "coupon.claim"):
            field = "buyer" if type_ == "order.request" else "viewer"
            who = data.get(field)
            if not isinstance(who, dict) or not isinstance(who.get("id"), str) or not who["id"]:
                return data
            name = who.get("name", "")
            known = self.meet(who["id"], name if isinstance(name, str) else "")
            return {**data, field: known.kept}
        if type_ == "bag.settle" and isinstance(data.get("viewer_id"), str) and data["viewer_id"]:
            return {**data, "viewer_id": self.inside(data["viewer_id"])}
        if type_ == "rundown.put" and isinstance(data.get("segments"), list):
            return {**data, "segments": [self._segment_in(segment) for segment in data["segments"]]}
        mapped = dict(data)
        for field in ("spec", "expect"):
            if field in data:
                mapped[field] = self._spec_in(data[field])
        return mapped

    def _segment_in(self, segment: Any) -> Any:
        if not isinstance(segment, dict) or not isinstance(segment.get("cues"), list):
            return segment
        cues = [
            {**cue, "spec": self._spec_in(cue["spec"])} if isinstance(cue, dict) and "spec" in cue else cue
            for cue in segment["cues"]
        ]
        return {**segment, "cues": cues}

    def _spec_in(self, spec: Any) -> Any:
        """A spec whose excluded viewers are pids."""
        if not isinstance(spec, dict) or not isinstance(spec.get("exclude"), list):
            return spec
        return {**spec, "exclude": [self._excluded(id_) for id_ in spec["exclude"]]}

    def _excluded(self, id_: Any) -> Any:
        """A person kept out of a draw gets a row as well, or the spec could not be shown with outside ids."""
        if not isinstance(id_, str) or not id_ or _PID.fullmatch(id_):
            return id_
        return self.meet(id_, "").pid

    def _new(self, outside: str) -> KnownPerson:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self._by_pid = {pid: self._by_pid[pid] for pid in self.met}
        pid = self._pid(outside)
        known = self._known[outside] = self._by_pid[pid] = KnownPerson(pid, outside)
        return known

    def _pid(self, outside: str) -> str:
        return "p" + blake2b(outside.encode(), digest_size=10, key=self._key).hexdigest()
