"""Outside ids become pids on the way in; names stay beside the log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final

from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.facts import CommentPosted, FactData
from liveconsole.messages.fields import FORGOTTEN, MASKED, NAME_ONLY, Person, PersonByName, PersonMasked
from liveconsole.messages.inputs import SentFact
from liveconsole.messages.persons import Kind, changed, places_of
from liveconsole.store.people import pids_in, shown
from liveconsole.store.reader import Reader

_REMEMBERED: Final = 200_000
_PID: Final = re.compile(r"p[0-9a-f]{20}")


def _person(pid: str, outside: str) -> Person:
    if outside.startswith(NAME_ONLY):
        return PersonByName(pid)
    return PersonMasked(pid) if outside.startswith(MASKED) else Person(pid)


class KnownPerson:
    """Somebody as the log knows him.

    ``kept`` is ``{"id": pid}``, shared and never changed; ``name`` the newest one, None before the first.
    """

    __slots__ = ("kept", "name", "outside", "person", "pid")

    def __init__(self, pid: str, outside: str) -> None:
        self.pid = pid
        self.outside = outside
        self.person = _person(pid, outside)
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
        self.forgotten = reader.forgotten()
        """pids that are nobody's any more: who comes again gets another one."""
        self._just_forgotten: set[str] = set()

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
        """A commit failed: what was met has no row, and nobody was forgotten."""
        for pid in self.met:
            self._by_pid[pid].name = None
        self.renamed = self.renamed or not self.watched.isdisjoint(self.met)
        self.met = {}
        if self._just_forgotten:
            self.forgotten -= self._just_forgotten
            self._just_forgotten = set()
            self._known, self._by_pid = {}, {}

    def written(self) -> None:
        """A commit kept what was met."""
        self.met = {}
        self._just_forgotten = set()

    def forget(self, pid: str) -> None:
        """From here on nobody knows who this is; the commit drops the row."""
        known = self._by_pid.pop(pid, None)
        if known is not None:
            self._known.pop(known.outside, None)
        self.met.pop(pid, None)
        self.forgotten.add(pid)
        self._just_forgotten.add(pid)
        self.renamed = True

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
        places = places_of(type(data))
        if places is None:
            return data, sent
        return changed(places, data, self._told), changed(places, sent, self._told)

    def _told(self, kind: Kind, value: Any) -> Any:
        """A person in a fact, whose shape is known to be right."""
        if kind == "person":
            if isinstance(value, Person):
                return self.meet(value.id, value.name).person
            return self.meet(value["id"], value.get("name", "")).kept
        return self.meet(value, "").pid if kind in ("id", "kept_id") else value

    def ask_in(self, type_: str, data: Any) -> Any:
        """Return a command's data with pids; what has not the right shape is left for the rules to refuse."""
        shape = COMMANDS.get(type_)
        return data if shape is None else changed(places_of(shape), data, self._asked)

    def _asked(self, kind: Kind, value: Any) -> Any:
        if kind == "person":
            if not isinstance(value, dict) or not isinstance(value.get("id"), str) or not value["id"]:
                return value
            name = value.get("name", "")
            return self.meet(value["id"], name if isinstance(name, str) else "").kept
        if not isinstance(value, str) or not value or value == FORGOTTEN:
            return value
        if kind == "id":
            return self.inside(value)
        if kind == "kept_id" and not _PID.fullmatch(value):
            # He gets a row as well, or the spec could not be shown with outside ids.
            return self.meet(value, "").pid
        return value

    def _new(self, outside: str) -> KnownPerson:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self._by_pid = {pid: self._by_pid[pid] for pid in self.met}
        pid = self._pid(outside)
        known = self._known[outside] = self._by_pid[pid] = KnownPerson(pid, outside)
        return known

    def _pid(self, outside: str) -> str:
        """Of somebody who was forgotten and comes again, one that nothing ties to the one before."""
        times = 0
        while (pid := self._hashed(outside + "\0" * times)) in self.forgotten:
            times += 1
        return pid

    def _hashed(self, text: str) -> str:
        return "p" + blake2b(text.encode(), digest_size=10, key=self._key).hexdigest()
