"""The state as it is served: sections kept with their revisions, and only what changed made again.

An event marks what it may have changed (`marks`), and time what it moves by itself (`moments`); only marked
sections are made, row by row where they are long, and a row that is equal to the one before keeps its bytes.
A revision is the digest of a section's bytes: it moves when and only when they do, over a restart as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final

import msgspec

from liveconsole.domain.kind import kind_of
from liveconsole.domain.room import Room
from liveconsole.messages.sharing import NOT_SHARED, sharing_for
from liveconsole.messages.state import SECTIONS, CanState, RundownState
from liveconsole.views.rundown import rundown_state
from liveconsole.views.state import alarms, comment_desk, figures
from liveconsole.views.state import room as rooms
from liveconsole.views.state.broken_floors import Broken
from liveconsole.views.state.inputs import StateInputs
from liveconsole.views.state.law import law_state
from liveconsole.views.state.marks import GROUND, KEPT, MARKS
from liveconsole.views.state.moments import Horizon
from liveconsole.views.state.order_prices import off_prices
from liveconsole.views.state.revisions import Fragment, KeptRevisions
from liveconsole.views.state.rows import CueRows, ProductRows, SeatRows

_BY_TIME: Final = frozenset({"cues", "discount", "rundown", "catalogue", "cart", "law"})
_LONGEST: Final = 2_000
"""Characters of ``have``: more than every section's revision takes."""
_encode = msgspec.json.Encoder().encode


class Sections:
    """Every section as it stands, for every role that asked; one thread at a time."""

    def __init__(self, log_id: str) -> None:
        self._log_id = log_id
        self._marked = set(KEPT)
        self._ground = 0
        self._lent: frozenset[str] = frozenset()
        self._turned_away = 0
        self._lists: object = None
        self._horizon: Horizon | None = None
        self._fragments: dict[str, Fragment] = {}
        self._products = ProductRows()
        self._catalogue = KeptRevisions()
        self._cues = CueRows()
        self._broken = Broken()
        self._rundown = RundownState([], None, None, [])
        self._oversold: list[alarms.Alarm] = []
        self._priced: list[alarms.Alarm] = []
        self._seats: dict[str, _Seat] = {}

    def mark(self, types: Iterable[str]) -> None:
        """Events of these types were folded."""
        for type_ in types:
            self._marked |= MARKS[type_]
            if type_ in GROUND:
                self._ground += 1

    def seen(self, look: StateInputs, role: str) -> tuple[Mapping[str, CanState], RundownState]:
        """Return what a role may do to each promotion that is listed, and the rundown, as they stand."""
        seat = self._seat(look, role)
        return seat.cues.can(), self._rundown

    def _seat(self, look: StateInputs, role: str) -> _Seat:
        self._refresh(look)
        seat = self._seats.get(role)
        if seat is None:
            seat = self._seats[role] = _Seat(role, _log_of(self._log_id, role))
        seat.refresh(look, self._cues, self._ground)
        return seat

    def answer(self, look: StateInputs, role: str, have: str) -> bytes:
        """Return the body for a role; what ``have`` names and still stands is left out, or told as a
        difference."""
        seat = self._seat(look, role)
        told = figures.health_state(look.health, look.room, look.now)
        broken = self._broken.of(look.room, self._ground)
        found = alarms.alarms(
            look.room, look.now, told, broken=broken, priced=self._priced, beyond=self._oversold
        )
        fragments = {**self._fragments, **seat.fragments}
        fragments["alarms"] = seat.kept("alarms", alarms=_encode(alarms.shown(found, role)))
        fragments["health"] = seat.kept("health", health=_encode(told))
        shared = sharing_for(role, look.health.get("sharing", NOT_SHARED))
        fragments["sharing"] = seat.kept("sharing", sharing=_encode(shared))
        known = known_of(have, seat.log)
        parts = [b'"seq":%d' % look.room.seq, _revisions(seat.log, fragments)]
        deltas: list[bytes] = []
        for name in SECTIONS:
            fragment = fragments[name]
            revision = known.get(name)
            if revision == fragment.revision:
                continue
            delta = self._delta(seat, name, revision) if revision is not None else None
            if delta is not None and len(delta) < len(fragment.body):
                deltas.append(b'"%b":%b' % (name.encode(), delta))
                if name == "cues":
                    parts.append(seat.unknown_cues)
            else:
                parts.append(fragment.body)
        if deltas:
            parts.append(b'"delta":{%b}' % b",".join(deltas))
        return b"{%b}" % b",".join(parts)

    def _delta(self, seat: _Seat, name: str, revision: int) -> bytes | None:
        if name == "catalogue":
            return self._catalogue.difference(revision, self._products.rows)
        return seat.history.difference(revision, seat.cues.rows) if name == "cues" else None

    def _refresh(self, look: StateInputs) -> None:
        """Make what is marked, and what time has moved."""
        room, now = look.room, look.now
        if look.names.renamed():
            self._marked |= {"cues", "rundown", "notes", "stories"}
            self._cues.forget()
        if self._horizon is None or self._horizon.passed(room, now):
            self._ground += 1
            self._marked |= _BY_TIME
        if look.turned_away is not None:
            turned_away = sum(look.turned_away[0].values())
            if turned_away != self._turned_away:
                self._turned_away = turned_away
                self._marked.add("cues")
        if look.words is not None and look.words.lists is not self._lists:
            self._lists = look.words.lists
            self._marked |= {"cues", "law"}
        if not self._marked:
            return
        lent = _lent(room)
        if lent != self._lent:
            # Coupons of what has ended count in prices while somebody has one.
            self._lent = lent
            self._ground += 1
            self._marked |= {"cues", "rundown"}
        marked, self._marked = self._marked, set()
        for name in marked:
            self._make(name, look)
        self._horizon = Horizon(room, now)

    def _make(self, name: str, look: StateInputs) -> None:
        room = look.room
        if name == "catalogue":
            if self._products.refresh(room, look.now):
                self._keep(name, catalogue=b'{"products":%b}' % self._products.array)
                self._catalogue.keep(self._fragments[name].revision, self._products.rows)
        elif name == "cues":
            self._cues.refresh(look, self._ground)
            self._oversold = list(alarms.oversold(room))
            self._priced = list(off_prices(room))
        elif name == "room":
            self._keep(name, room=_encode(rooms.room_state(room)))
        elif name == "broadcast":
            self._keep(name, broadcast=_encode(rooms.broadcast_state(room)))
        elif name == "cart":
            self._keep(name, cart=_encode(rooms.cart_state(room)), pinned=_encode(rooms.pinned_state(room)))
            self._priced = list(off_prices(room))  # the cards name goods by their numbers
        elif name == "orders":
            self._keep(name, orders=_encode(figures.orders_state(room)))
        elif name == "audience":
            self._keep(name, audience=_encode(figures.audience_state(room)))
        elif name == "rundown":
            self._rundown = rundown_state(room, look.now)
            self._keep(name, rundown=look.names.shown(_encode(self._rundown)))
        elif name == "notes":
            muted = comment_desk.muted_state(room, look.names.names(room.comment_desk.muted))
            self._keep(
                name,
                notes=_encode(figures.notes_state(room)),
                muted=_encode(muted),
                answers=_encode(comment_desk.answers_state(room)),
                drafts=_encode(comment_desk.drafts_state(room)),
            )
        elif name == "stories":
            people = look.names.names(room.stories.told)
            self._keep(name, stories=_encode(comment_desk.stories_state(room, people)))
        elif name == "law":
            files = look.words.rules if look.words is not None else None
            self._keep(name, law=_encode(law_state(room, look.now, files)))
        elif name == "pledges":
            self._keep(name, pledges=_encode(figures.pledges_state(room)))
        else:
            assert name == "discount", name
            self._keep(name, discount=_encode(figures.discount_state(room, look.now)))

    def _keep(self, name: str, **values: bytes) -> None:
        self._fragments[name] = Fragment.after(self._fragments.get(name), **values)


class _Seat:
    """What is one role's own: what it may do, and which revisions of that it may hold."""

    def __init__(self, role: str, log: str) -> None:
        self.role = role
        self.log = log
        self.cues = SeatRows(role)
        self.history = KeptRevisions()
        self.fragments: dict[str, Fragment] = {}
        self.unknown_cues = b""

    def refresh(self, look: StateInputs, cues: CueRows, ground: int) -> None:
        if self.cues.refresh(look, cues, ground):
            unknown = _encode(figures.unknown_cues_state(look.room))
            self.unknown_cues = b'"unknown_cues":%b' % unknown
            kept = self.kept("cues", cues=self.cues.array, unknown_cues=unknown)
            self.history.keep(kept.revision, self.cues.rows)

    def kept(self, name: str, **values: bytes) -> Fragment:
        fragment = self.fragments[name] = Fragment.after(self.fragments.get(name), **values)
        return fragment


def known_of(have: str, log: str) -> Mapping[str, int]:
    """section → the revision that a reader has. What cannot be read, or is of another log or role, is not
    known: it comes whole."""
    pairs = dict(pair.split(":", 1) for pair in have[:_LONGEST].split(",") if ":" in pair)
    if pairs.pop("log", "") != log:
        return {}
    return {
        name: int(value)
        for name, value in pairs.items()
        if name in SECTIONS and value.isascii() and value.isdigit()
    }


def _log_of(log_id: str, role: str) -> str:
    """Names a log and a role, and tells neither."""
    return blake2b(f"{log_id} {role}".encode(), digest_size=8).hexdigest()


def _revisions(log: str, fragments: Mapping[str, Fragment]) -> bytes:
    numbers = b",".join(b'"%b":%d' % (name.encode(), fragments[name].revision) for name in SECTIONS)
    return b'"revisions":{"log":"%b",%b}' % (log.encode(), numbers)


def _lent(room: Room) -> frozenset[str]:
    return frozenset(
        cue.cue_id
        for cue in room.cues.values()
        if cue.status == "ended" and kind_of(cue).outlasts(cue, room.at)
    )
