"""What names a person, and how it reads without him: pure but for what `found` reads off the store.

Text that people at a seat typed gives way wherever it names him. Of what the outside told, all text of his
own events and where others call him by ``@``: a word that is also somebody's name must not go out of every
comment. The same is done to the room in memory, so that it equals the fold of the log as it now is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.domain.room import Cue, Room
from liveconsole.engine.people import People
from liveconsole.messages.events import EVENTS
from liveconsole.messages.facts import FACTS
from liveconsole.messages.fields import FORGOTTEN, NAME_ONLY
from liveconsole.messages.persons import Kind, Places, at_places, changed, places_of
from liveconsole.store.reader import LoggedData, Reader
from liveconsole.store.rows import Forgetting

_WORD_LONG: Final = 2
"""Characters from which a name is looked for inside a text; a shorter one has to be the whole of it."""
_NUMBER_LONG: Final = 5
"""A shorter number is a price or a size wherever it stands in a text, though it be somebody's id."""
_STARS: Final = "*"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def _holds_typed(places: Places | None) -> bool:
    if places is None:
        return False
    inner = (*places.fields.values(), places.each, *places.at)
    return places.kind == "typed" or any(map(_holds_typed, inner))


@cache
def _typed_events() -> dict[str, Places | None]:
    """Events that hold text which a person typed; ``broadcast.opened`` promotions in the room's own words."""
    carried = Places(fields={"carried": Places(fields={"cues": Places(each=places_of(Cue))})})
    return {
        name: places
        for name, shape in EVENTS.items()
        if name not in FACTS and _holds_typed(places := places_of(shape))
    } | {"broadcast.opened": carried}


class Mentions:
    """The ways in which a text names somebody."""

    def __init__(self, outside: str, name: str) -> None:
        words = {outside, outside.removeprefix(NAME_ONLY), name, name.strip()} - {""}
        self.words = sorted(words, key=len, reverse=True)
        self._telling = [word for word in self.words if _tells(word)]
        inside = "|".join(map(_bounded, self._telling))
        self._inside = re.compile(inside, re.IGNORECASE) if inside else None
        self._called = re.compile(rf"[@＠](?:{inside})", re.IGNORECASE) if inside else None

    @property
    def sought(self) -> list[bytes]:
        """Return them as they stand in JSON."""
        return [_encode(word)[1:-1] for word in self._telling]

    def without(self, text: str) -> str:
        """Return ``text`` with stars where it names him, or `FORGOTTEN` where it is his name alone."""
        if text.strip() in self.words:
            return FORGOTTEN
        return text if self._inside is None else self._inside.sub(_starred, text)

    def uncalled(self, text: str) -> str:
        """Return the same for what somebody else said: where he is called by ``@``."""
        return text if self._called is None else self._called.sub(_starred, text)


def _tells(word: str) -> bool:
    return len(word) >= (_NUMBER_LONG if word.isdigit() else _WORD_LONG)


def _bounded(word: str) -> str:
    """A word of Latin letters or digits stands alone: ``ann`` is not in ``planned``."""
    start = r"(?<![0-9A-Za-z_])" if re.match(r"[0-9A-Za-z_]", word) else ""
    end = r"(?![0-9A-Za-z_])" if re.search(r"[0-9A-Za-z_]\Z", word) else ""
    return f"{start}{re.escape(word)}{end}"


def _starred(match: re.Match[str]) -> str:
    """As many as the name has bytes: an event of the same length is overwritten where it stands."""
    return _STARS * (len(_encode(match[0])) - 2)


class Whom(Struct, frozen=True):
    """Somebody who is to be forgotten; ``known``: he has a row; ``by_name``: he was asked for by a bare name
    (``name:…``), under which he may have been typed in, and nothing else."""

    pid: str
    known: bool
    by_name: bool
    mentions: Mentions


def whom(people: People, data: Any) -> Whom | None:
    """Return whom a ``viewer.forget`` of this data means; None where it names nobody."""
    asked = data.get("viewer_id") if isinstance(data, dict) else None
    if not isinstance(asked, str) or not asked:
        return None
    pid = people.inside(asked)
    row = people.names([pid]).get(pid)
    outside, name = row or (asked if asked != pid else "", "")
    return Whom(pid, row is not None, asked.startswith(NAME_ONLY), Mentions(outside, name))


def found(reader: Reader, whom: Whom, looked_through: tuple[list[int], int]) -> Forgetting:
    """Return what goes with him. ``looked_through``: facts that may name him, and up to where they were
    looked for."""
    facts, upto = looked_through
    later, _ = reader.facts_with(whom.mentions.sought, upto)
    return _forgetting(reader, whom.pid, whom.mentions, [*facts, *later])


def expected(people: People, room: Room, data: Any) -> Any:
    """Return a ``cue.fire`` whose ``expect`` names by his pid whom the seat saw as `FORGOTTEN`, where the
    room has somebody forgotten in that very place: what was shown has not changed."""
    expect = data.get("expect") if isinstance(data, dict) else None
    cue_id = data.get("cue_id") if isinstance(data, dict) else None
    cue = room.cues.get(cue_id) if isinstance(cue_id, str) else None
    if cue is None or not isinstance(expect, dict) or not isinstance(shown := expect.get("exclude"), list):
        return data
    own = cue.spec_sent.get("exclude")
    if FORGOTTEN not in shown or not isinstance(own, list) or len(own) != len(shown):
        return data
    back = [
        pid if one == FORGOTTEN and pid in people.forgotten else one
        for one, pid in zip(shown, own, strict=True)
    ]
    return {**data, "expect": {**expect, "exclude": back}}


def _forgetting(reader: Reader, pid: str, mentions: Mentions, facts: Sequence[int]) -> Forgetting:
    """What has to change on disk; ``facts``: the seqs of those in which one of his words stands."""
    events = [
        (row.seq, data)
        for row in (*reader.of_types(_typed_events()), *(reader.data_at(facts) if facts else ()))
        if (data := _event_without(row, pid, mentions)) is not None
    ]
    place = partial(changed, places_of(Cue), change=partial(_typed, mentions))
    cues = [
        (cue_id, _encode(without))
        for cue_id, body in reader.all_cue_bodies()
        if (without := place(old := _decode(body))) is not old
    ]
    answers = [
        (id_, _encode(_texts_without(_decode(answer), mentions.without)))
        for id_, answer in reader.answers_with(mentions.sought)
    ]
    return Forgetting(pid, events, cues, answers)


def room_without(room: Room, mentions: Mentions) -> Room:
    """Return the room as the log now tells of it."""
    without: Room = changed(places_of(Room), room, partial(_typed, mentions))
    return without


def _typed(mentions: Mentions, kind: Kind, value: Any) -> Any:
    if kind != "typed" or not isinstance(value, str):
        return value
    without = mentions.without(value)
    return value if without == value else without


def _event_without(row: LoggedData, pid: str, mentions: Mentions) -> bytes | None:
    """The event's data without him; None where they do not name him."""
    data = _decode(row.data)
    if row.type not in FACTS:
        without = changed(_typed_events()[row.type], data, partial(_typed, mentions))
    else:
        own = pid in _pids(at_places(places_of(FACTS[row.type]), data, "person", "id", "kept_id"))
        without = _texts_without(data, mentions.without if own else mentions.uncalled)
    return None if without == data else _encode(without)


def _pids(people: Iterable[Any]) -> set[str]:
    return {one["id"] if isinstance(one, dict) else one for one in people}


def _texts_without(value: Any, without: Any, key: str = "") -> Any:
    """Every text in it but ids."""
    if isinstance(value, str):
        return value if key == "id" or key.endswith("_id") else without(value)
    if isinstance(value, dict):
        return {name: _texts_without(one, without, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts_without(one, without, key) for one in value]
    return value
