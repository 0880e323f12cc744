"""One line of a recorded room → one fact, or the reason why not. Pure.

A tape is JSON lines: ``seq, t, time, type, uid?, name, text…`` (docs/bus.md). ``t`` is seconds since
the recording began and only paces a replay. The recorder's own older form, an unquoted CSV of
comments, is read too (where a comma in a text makes a row ambiguous, the row is broken, not guessed
at), and so is a room's own log (`own_log`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent, person
from liveconsole.connectors.tape.own_log import SKIPPED, PassedOver, fact_of, is_own, moment_of
from liveconsole.messages.sources import RECORDED
from liveconsole.messages.unreadable import UNREADABLE

LINE_LIMIT: Final = 1 << 20
"""Bytes of one line; a longer one is broken."""

BrokenCode = Literal[
    "not_json", "not_text", "no_object", "no_seq", "unknown_type", "bad_field", "columns", "too_long"
]


class TapeFact(Struct, frozen=True):
    """A fact, and at which second of the tape it stood."""

    t: float
    event: CloudEvent


class BrokenLine(Struct, frozen=True):
    """A line that is no event. ``detail`` names the field or the type, never what a person wrote."""

    code: BrokenCode
    detail: str = ""


class TapeName(Struct, frozen=True):
    """Which tape it is: the first 12 hex digits of its SHA-256, and the take when it is played anew."""

    digest: str
    take: str = ""

    @property
    def source(self) -> str:
        return f"{RECORDED}{self.digest[:12]}" + (f"/{self.take}" if self.take else "")


class _Bad(Exception):
    """The field that is missing or of the wrong type."""


def parse_line(raw: bytes, tape: TapeName) -> TapeFact | BrokenLine | PassedOver:
    """The fact on one line of JSON; a line with a BOM or a line end is the same line."""
    try:
        line = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf").strip())
    except UNREADABLE:
        return BrokenLine("not_json")
    if not isinstance(line, dict):
        return BrokenLine("no_object")
    if line.get("type") == SKIPPED:
        return PassedOver(SKIPPED)
    seq = line.get("seq")
    if not isinstance(seq, (int, str)) or isinstance(seq, bool) or seq == "":
        return BrokenLine("no_seq")
    if is_own(line):
        found = fact_of(line, tape.source)
        return found if isinstance(found, PassedOver) else TapeFact(moment_of(line), found)
    kind = line.get("type")
    mapping = _MAPPINGS.get(kind) if isinstance(kind, str) else None
    if mapping is None:
        return BrokenLine("unknown_type", str(kind)[:40])
    try:
        type_, data = mapping(line)
    except _Bad as field:
        return BrokenLine("bad_field", str(field))
    t, time = line.get("t"), line.get("time")
    at = float(t) if isinstance(t, (int, float)) and math.isfinite(t) else 0.0
    event = cloudevent(tape.source, str(seq), type_, data, time if isinstance(time, str) else None)
    return TapeFact(at, event)


def parse_row(raw: bytes, number: int, tape: TapeName) -> TapeFact | BrokenLine:
    """The comment on one row of the unquoted CSV
    (``_DeltaTime,_ExactTime,_Date,_color,_content,_name,_msg_type,``); its id is the row's number."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return BrokenLine("not_text")
    fields = text.rstrip("\n").removesuffix("\r").split(",")
    if len(fields) != 8:
        return BrokenLine("columns", str(len(fields)))
    delta, clock, day, _, content, name, kind, _ = fields
    if kind != "danmaku":
        return BrokenLine("unknown_type", kind[:40])
    try:
        t = float(delta)
    except ValueError:
        return BrokenLine("bad_field", "_DeltaTime")
    if not math.isfinite(t):
        return BrokenLine("bad_field", "_DeltaTime")
    time = f"{day.replace('.', '-')}T{clock}+08:00"
    data = {"viewer": person(None, name), "text": content}
    return TapeFact(t, cloudevent(tape.source, str(number), "comment.posted", data, time))


def _comment(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "comment.posted", {"viewer": _viewer(line), "text": _text(line, "text")}


def _enter(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "viewer.entered", {"viewer": _viewer(line)}


def _gift(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """``total_coin`` are 1/1000 元 where the coin is gold; silver is given away and worth nothing."""
    coins = _count(line, "total_coin", 0) if line.get("coin_type", "gold") == "gold" else 0
    return _sent(line, _text(line, "gift"), _count(line, "num", 1), coins // 10)


def _guard(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """``price`` is that of one month, in 1/1000 元."""
    months = _count(line, "num", 1)
    return _sent(line, _text(line, "gift"), months, months * _count(line, "price", 0) // 10)


def _super_chat(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """``price`` is in 元."""
    return _sent(line, "super_chat", 1, 100 * _count(line, "price", 0))


def _combo(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The sum of gifts that stand on the tape one by one as well: no value of its own."""
    type_, data = _sent(line, _text(line, "gift"), _count(line, "num", 1), 0)
    return type_, {**data, "combo": True}


def _online(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "room.measured", {"online": _count(line, "count")}


def _fans(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "room.measured", {"followers": _count(line, "fans")}


_MAPPINGS: Final[dict[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]]] = {
    "comment": _comment,
    "enter_vip": _enter,
    "gift": _gift,
    "guard_buy": _guard,
    "super_chat": _super_chat,
    "gift_combo": _combo,
    "online_rank_count": _online,
    "room_fans": _fans,
}


def _sent(line: dict[str, Any], gift: str, count: int, value_fen: int) -> tuple[str, dict[str, Any]]:
    data: dict[str, Any] = {"viewer": _viewer(line), "gift": gift, "count": count, "value_fen": value_fen}
    if isinstance(line.get("text"), str):
        data["text"] = line["text"]
    return "gift.sent", data


def _viewer(line: dict[str, Any]) -> dict[str, str]:
    name, uid = line.get("name"), line.get("uid")
    if not isinstance(name, str) or (not name and uid in (None, "")):
        raise _Bad("name")
    return person(uid, name)


def _text(line: dict[str, Any], field: str) -> str:
    value = line.get(field)
    if not isinstance(value, str):
        raise _Bad(field)
    return value


def _count(line: dict[str, Any], field: str, otherwise: int | None = None) -> int:
    value = line.get(field, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Bad(field)
    return value
