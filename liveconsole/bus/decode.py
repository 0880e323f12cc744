"""Bytes from outside into facts and commands, or into a word about what is wrong with them.

The hot path decodes a whole post in one go with typed structs; only where that fails is it read one event at
a time, so that one bad event never takes its neighbours with it. Pure: no I/O, no clock.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from liveconsole.messages.bounds import REFUSALS
from liveconsole.messages.facts import (
    BY_ID_ALONE,
    FACTS,
    CommentPosted,
    FactData,
    GiftSent,
    OrderClosed,
)
from liveconsole.messages.fields import Id, Person
from liveconsole.messages.inputs import CommandInput, FactsInput, Problem, SentFact
from liveconsole.messages.persons import Kind, at_places, changed, places_of
from liveconsole.messages.refusals import word
from liveconsole.messages.rights import PLAIN, actor_of
from liveconsole.messages.sources import SIMULATED, is_own
from liveconsole.messages.text import TEXT_LIMIT, cut
from liveconsole.messages.unknown import known_of, trimmed

DEPTH_LIMIT: Final = 16
_COMMENTS_DEEP: Final = 4
BODY_LIMIT: Final = 1024 * 1024

_SINGLE: Final = "application/cloudevents+json"
_BATCH: Final = "application/cloudevents-batch+json"
_LINES: Final = "application/x-ndjson"
_PLAIN: Final = "application/json"

_STRING: Final = rb'"(?:[^"\\]++|\\.)*+"?'
"""A string in JSON, to its end or the body's: where it must match, an open one is read once and not again
from each of its quotes."""
_STRINGS: Final = re.compile(_STRING, re.DOTALL)
_TOKENS: Final = re.compile(_STRING + rb"|[\[\]{},]", re.DOTALL)
_COMMAND_ID: Final = re.compile(r"[\x20-\x7e]{1,64}")
_TEXT_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    CommentPosted: ("text",),
    GiftSent: ("gift", "text"),
    OrderClosed: ("reason",),
}
_SHORTEST: Final = len(b'{"specversion":"1.0","id":"1","source":"s","type":"t","data":{}}')
"""No event is shorter than this."""
_TIME_LIMIT: Final = 64
_EARLIEST, _LATEST = 1970, 9998  # years that survive a change of offset


class WireEvent(Struct, gc=False):
    """One CloudEvent; its unknown attributes are let go, the unknown fields of its data are kept."""

    specversion: Literal["1.0"]
    id: Id
    source: Id
    type: str
    data: dict[str, Any]
    time: str | None = None


_ShortText = Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT)]


class _NamedViewer(Person, frozen=True, gc=False, forbid_unknown_fields=True):
    id: Id
    name: _ShortText


class _PlainComment(CommentPosted, frozen=True, gc=False, forbid_unknown_fields=True):
    """A comment that says what nearly every comment says, nothing besides, and nothing to be cut."""

    viewer: _NamedViewer
    text: _ShortText


class _WireComment(Struct, gc=False):
    specversion: Literal["1.0"]
    id: Id
    source: Id
    type: Literal["comment.posted"]
    data: _PlainComment
    time: str | None = None


class WireCommand(Struct):
    id: str
    type: str
    data: dict[str, Any] | UnsetType = UNSET
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class UnreadableBody(Exception):
    """The whole body is refused with 400; ``code`` is the contract's word."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(word(code, params))
        self.code = code
        self.text = word(code, params)


_decode_comments = msgspec.json.Decoder(list[_WireComment]).decode
_decode_batch = msgspec.json.Decoder(list[WireEvent]).decode
_decode_raws = msgspec.json.Decoder(list[Raw]).decode
_decode_wire = msgspec.json.Decoder(WireEvent).decode
_decode_any = msgspec.json.Decoder().decode
_decode_command = msgspec.json.Decoder(WireCommand).decode
_canonical = msgspec.json.Encoder(order="sorted").encode
_canonical_lines = msgspec.json.Encoder(order="sorted").encode_lines
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def read_events(content_type: str, body: bytes, *, simulated: bool) -> FactsInput:
    """Read the facts in a post, and what is wrong with the others.

    ``simulated``: the room is a rehearsal, so facts of ``/rehearsal/…`` may enter it.

    Raises:
        Unreadable: no event can be told apart in it.
    """
    kind = content_type.partition(";")[0].strip().lower()
    found: Iterable[WireEvent | Problem | None]
    if kind == _LINES:
        body = body.removeprefix(b"\xef\xbb\xbf")
        if (comments := _comment_lines(body, simulated)) is not None:
            return FactsInput(comments)
        found = _read_lines(body)
    elif kind in (_BATCH, _SINGLE, _PLAIN):
        body = body.removeprefix(b"\xef\xbb\xbf")
        if kind == _BATCH and (comments := _comments(body, simulated)) is not None:
            return FactsInput(comments)
        if kind == _SINGLE or (kind == _PLAIN and body.lstrip()[:1] != b"["):
            found = [one := _one(0, body)]
            if isinstance(one, Problem) and one.code in ("unreadable", "too_deep"):
                raise UnreadableBody(one.code, limit=DEPTH_LIMIT)
        else:
            found = _read_batch(body)
    else:
        raise UnreadableBody("unreadable")
    facts: list[SentFact] = []
    problems: list[Problem] = []
    more = 0
    for index, item in enumerate(found):
        fact = _fact(index, item, simulated) if isinstance(item, WireEvent) else item
        if isinstance(fact, SentFact):
            facts.append(fact)
        elif fact is None:
            continue
        elif len(problems) < REFUSALS:
            problems.append(fact)
        else:
            more += 1
    return FactsInput(facts, problems, more)


def without_own(facts: FactsInput) -> FactsInput:
    """Return what of a post from another computer may be taken: nobody there speaks for the engine's own
    connections (what comes of these is proof that they work), nor as a recording."""
    taken = [fact for fact in facts.facts if not is_own(fact.source)]
    if len(taken) == len(facts.facts):
        return facts
    kept = {fact.index for fact in taken}
    wrong = [_problem(fact.index, "own_source") for fact in facts.facts if fact.index not in kept]
    problems = sorted([*facts.problems, *wrong], key=lambda problem: problem.index)
    more = facts.more + max(0, len(problems) - REFUSALS)
    return FactsInput(taken, problems[:REFUSALS], more)


def read_command(content_type: str, body: bytes, role: str) -> CommandInput:
    """Read the command in a body.

    Raises:
        Unreadable: it is no JSON object with an id and a type (400).
    """
    fields = read_object(content_type, body)
    id_ = fields.get("id")
    if not isinstance(id_, str) or not _COMMAND_ID.fullmatch(id_):
        raise UnreadableBody("bad_command_id")
    try:
        wire = msgspec.convert(fields, WireCommand)
    except msgspec.ValidationError as error:
        raise UnreadableBody("bad_shape", detail=str(error)) from error
    data = {} if wire.data is UNSET else wire.data
    return CommandInput(
        id=wire.id,
        type=wire.type,
        data=data,
        role=role,
        body_hash=hashlib.sha256(_asker(role).encode() + _canonical(fields)).digest(),
        expires_at=wire.expires_at,
    )


def _asker(role: str) -> str:
    """As whom an id is the same command: a seat that may do more than before asks on as the same one, but
    never one that sees no names, since answers have some."""
    return role if role in PLAIN else actor_of(role)


def read_object(content_type: str, body: bytes) -> dict[str, Any]:
    """Read a JSON object sent as ``application/json``, or raise `UnreadableBody`."""
    if content_type.partition(";")[0].strip().lower() != _PLAIN:
        raise UnreadableBody("unreadable")
    if _too_deep(body, DEPTH_LIMIT):
        raise UnreadableBody("too_deep", limit=DEPTH_LIMIT)
    try:
        fields = _decode_any(body)
        _canonical(fields)
    except (ValueError, RecursionError, OverflowError) as error:
        raise UnreadableBody("unreadable") from error
    if not isinstance(fields, dict):
        raise UnreadableBody("bad_shape", detail="$")
    return fields


def _comments(body: bytes, simulated: bool) -> list[SentFact] | None:
    """The facts of a post of plain comments, in a third of the time; None for every other post.

    Gives to the letter what the general way gives: a duplicate is told by its body, whichever way it came.
    """
    if _too_deep(body, _COMMENTS_DEEP):
        return None
    try:
        wires = _decode_comments(body)
        if not simulated and any(source.startswith(SIMULATED) for source in {w.source for w in wires}):
            return None
        times = {time: None if time is None else _moment(time) for time in {w.time for w in wires}}
        bodies = _canonical_lines([w.data for w in wires]).split(b"\n")[:-1]
        return [
            SentFact(w.source, w.id, w.type, times[w.time], w.data, None, canonical, index, w.time)
            for index, (w, canonical) in enumerate(zip(wires, bodies, strict=True))
        ]
    except (ValueError, RecursionError):
        return None


def _comment_lines(body: bytes, simulated: bool) -> list[SentFact] | None:
    """The same for lines, where each of them is one object: no text goes over a line end, and no object that
    a line ends in goes on with the brace that the next one begins with."""
    lines = body.rstrip()
    breaks = lines.count(b"\n")
    if not lines.startswith(b"{") or lines.count(b"\n{") != breaks:
        return None
    found = _comments(b"[" + lines.replace(b"\n", b",\n") + b"]", simulated)
    return found if found is not None and len(found) == breaks + 1 else None


def _read_batch(body: bytes) -> Iterable[WireEvent | Problem | None]:
    deep = _too_deep(body, DEPTH_LIMIT + 1)
    if not deep:
        try:
            return _decode_batch(body)
        except msgspec.ValidationError:
            pass
        except ValueError as error:
            if not _has_lone_halves(body):
                raise UnreadableBody("unreadable") from error
            deep = True  # taken apart by its brackets: the one event with the broken text is refused alone
    try:
        raws = list(_split_deep(body)) if deep else [bytes(raw) for raw in _decode_raws(body)]
    except (ValueError, RecursionError) as error:
        raise UnreadableBody("unreadable") from error
    return _each(raws)


def _each(raws: Iterable[bytes], *, blanks: bool = False) -> Iterator[WireEvent | Problem | None]:
    """Read one by one; with ``blanks`` a blank one is None.

    What is too short for an event is not looked at once an answer is full of refusals: a body of a million
    blemishes costs little more than one of a thousand.
    """
    wrong = 0
    for index, raw in enumerate(raws):
        if blanks and not raw.strip():
            yield None
        elif wrong >= REFUSALS and len(raw) < _SHORTEST:
            yield _TOO_SHORT
        else:
            one = _one(index, raw)
            wrong += isinstance(one, Problem)
            yield one


def _has_lone_halves(body: bytes) -> bool:
    """Whether a body is JSON with half of a surrogate pair in a text: JSON can write it, UTF-8 cannot."""
    if rb"\ud" not in body.lower():
        return False
    try:
        json.loads(body, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return False
    return True


def _no_json(name: str) -> None:
    raise ValueError(name)


def _read_lines(body: bytes) -> Iterator[WireEvent | Problem | None]:
    return _each(body.split(b"\n"), blanks=True)


def _one(index: int, raw: bytes) -> WireEvent | Problem:
    if _too_deep(raw, DEPTH_LIMIT):
        return _problem(index, "too_deep", limit=DEPTH_LIMIT)
    try:
        return _decode_wire(raw)
    except msgspec.ValidationError as error:
        # it stops at the first wrong field: what comes behind may be no JSON at all
        if _is_json(raw):
            return _problem(index, "bad_shape", detail=str(error))
        return _problem(index, "unreadable")
    except (ValueError, RecursionError):
        return _problem(index, "unreadable")


def _is_json(raw: bytes) -> bool:
    try:
        _decode_any(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _fact(index: int, wire: WireEvent, simulated: bool) -> SentFact | Problem:
    shape = FACTS.get(wire.type)
    if shape is None:
        return _problem(index, "unknown_type", type=wire.type[:TEXT_LIMIT])
    if not simulated and wire.source.startswith(SIMULATED):
        return _problem(index, "simulated_fact")
    kept = wire.data
    if (name := BY_ID_ALONE.get(wire.type, "")) and isinstance(kept.get(name), str):
        kept = {**kept, name: {"id": kept[name]}}
    try:
        data: FactData = msgspec.convert(kept, shape)
        time = None if wire.time is None else _moment(wire.time)
        kept = trimmed(known_of(shape), kept, _told_of(data))
        if _has_long_text(data):
            kept = _cut_texts(data, kept)
            data = msgspec.convert(kept, shape)
        body = _canonical(kept)
    except (ValueError, OverflowError) as error:
        return _problem(index, "bad_shape", detail=str(error))
    return SentFact(wire.source, wire.id, wire.type, time, data, kept, body, index, wire.time)


@lru_cache(maxsize=256)
def _moment(text: str) -> datetime:
    """Comments of one second say the same time."""
    if len(text) > _TIME_LIMIT:
        raise ValueError("time is too long")
    moment = msgspec.convert(text, _Moment)
    if not _EARLIEST <= moment.year <= _LATEST:
        raise ValueError("time is out of range")
    return moment


def _has_long_text(data: FactData) -> bool:
    if type(data) is CommentPosted:  # nearly all of them
        return len(data.text) > TEXT_LIMIT or len(data.viewer.name) > TEXT_LIMIT
    for name in _TEXT_FIELDS.get(type(data), ()):
        if len(getattr(data, name)) > TEXT_LIMIT:
            return True
    persons = at_places(places_of(type(data)), data, "person")
    return any(len(person.name) > TEXT_LIMIT for person in persons)


def _told_of(data: FactData) -> frozenset[str]:
    """Ids and names of the persons in a fact."""
    persons = list(at_places(places_of(type(data)), data, "person"))
    return frozenset({text for person in persons for text in (person.id, person.name)})


def _cut_texts(data: FactData, kept: dict[str, Any]) -> dict[str, Any]:
    """The data with its texts cut; ``cut`` tells the length of the longest of them."""
    shorter = dict(kept)
    lengths = []
    for name in _TEXT_FIELDS.get(type(data), ()):
        if name in shorter:
            shorter[name], length = cut(shorter[name])
            lengths.append(length or 0)

    def shortened(kind: Kind, value: Any) -> Any:
        if kind != "person" or not isinstance(value.get("name"), str):
            return value
        name, length = cut(value["name"])
        lengths.append(length or 0)
        return {**value, "name": name}

    shorter = changed(places_of(type(data)), shorter, shortened)
    return {**shorter, "cut": max(lengths)}


_TOO_SHORT: Final = Problem(0, "bad_shape", "")
"""Stands for what is only counted."""


def _problem(index: int, code: str, **params: Any) -> Problem:
    return Problem(index, code, word(code, params))


def _too_deep(body: bytes, limit: int) -> bool:
    """Whether JSON nests deeper than ``limit``.

    First by its bare brackets, which costs next to nothing; a text that holds brackets is looked at once
    more with its strings left out.
    """
    bare = body.translate(_ONE_KIND, _NO_BRACKETS)
    for _ in range(limit):
        if not bare:
            return False
        bare = bare.replace(b"[]", b"")
    if not bare:
        return False
    depth = 0
    for bracket in _STRINGS.sub(b"", body).translate(_ONE_KIND, _NO_BRACKETS):
        depth += 1 if bracket == _OPENS else -1
        if depth > limit:
            return True
    return False


_NO_BRACKETS: Final = bytes(c for c in range(256) if c not in b"[]{}")
_ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
_OPENS: Final = ord("[")


def _split_deep(body: bytes) -> Iterator[bytes]:
    """The elements of a JSON array that is too deep for a decoder that recurses."""
    if not body.lstrip().startswith(b"[") or not body.rstrip().endswith(b"]"):
        raise ValueError("not an array")
    depth, start = 0, body.index(b"[") + 1
    for match in _TOKENS.finditer(body):
        token = match.group()
        if token in (b"[", b"{"):
            depth += 1
        elif token in (b"]", b"}"):
            depth -= 1
            if depth < 0:
                raise ValueError("unbalanced")
        elif token == b"," and depth == 1:
            yield body[start : match.start()]
            start = match.end()
    if depth:
        raise ValueError("unbalanced")
    yield body[start : body.rindex(b"]")]
