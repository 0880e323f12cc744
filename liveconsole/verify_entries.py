"""What a log says of a draw besides its receipt: draws of the same prize that were given up, and comments
with the keyword that did not enter, each with why. ``liveconsole verify-draw RECEIPT.json --log FILE``.

With the standard library only and apart from the rules, as ``verify_draw`` is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

Line = dict[str, Any]
Said = tuple[str, str]
"""In Chinese, in English."""

MOST = 200
"""Comments that are listed one by one."""
AROUND = 300.0
"""Seconds before the start and behind the close in which a keyword is taken for an attempt to enter."""


# What a comment says --------------------------------------------------------------------------------

# Default_Ignorable_Code_Point of Unicode, and letters that are blank.
_UNSEEN_RANGES = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x13441, 0x13442),
    (0x16FE4, 0x16FE4), (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip


@lru_cache(maxsize=4_096)
def seen_letters(text: str) -> str:
    """What is seen of a text, in one width, trimmed: exact comparison."""
    return _seen(unicodedata.normalize("NFKC", _seen(text))).strip()


@lru_cache(maxsize=4_096)
def bare_letters(text: str) -> str:
    """Letters and digits alone, in one case: lenient comparison."""
    plain = seen_letters(text)
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN").casefold()


def _seen(text: str) -> str:
    return "".join(c for c in text if not _is_unseen(c))


def _is_unseen(c: str) -> bool:
    if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co"):
        return True
    return any(first <= ord(c) <= last for first, last in _UNSEEN_RANGES)


def says(text: str, entry: dict[str, Any]) -> bool:
    """Whether a comment enters by these rules."""
    keyword, match = entry.get("keyword"), entry.get("match", "exact")
    if keyword is None:
        return True
    if match == "lenient":
        return bare_letters(text) == bare_letters(keyword)
    if match == "contains":
        return seen_letters(keyword) in seen_letters(text)
    return seen_letters(text) == seen_letters(keyword)


# Draws that were given up ---------------------------------------------------------------------------


def voided(receipt: Line, lines: Sequence[Line]) -> list[Said]:
    """Draws of the same prize that were promised and not held: when, by whom, and why."""
    prize = receipt["rules"]["prize"]
    promised: dict[str, Line] = {}
    found: list[Said] = []
    for line in lines:
        data = line.get("data")
        if not isinstance(data, dict):
            continue
        if line.get("type") in ("cue.on_air", "bag.opened") and isinstance(data.get("draw"), dict):
            promised[data["cue_id"]] = data["draw"]
        elif line.get("type") == "cue.drawn":
            promised.pop(data["cue_id"], None)
        elif line.get("type") == "cue.ended" and data.get("because") != "drawn":
            draw = promised.pop(data["cue_id"], None)
            if draw is not None and _same(draw["rules"]["prize"], prize):
                why = _shown(data.get("reason") or data["because"])
                when, who = line.get("at", "?"), line.get("actor", "?")
                found.append(
                    (
                        f"同一奖品的抽奖 {draw['draw_id']} 没有开奖：{when} 由 {who} 作废，原因：{why}",
                        f"a draw of the same prize was given up: {draw['draw_id']}, {when}, by {who}: {why}",
                    )
                )
    return found


def _same(one: Line, other: Line) -> bool:
    if one.get("product_id") is not None and one.get("product_id") == other.get("product_id"):
        return True
    return bare_letters(str(one["name"])) == bare_letters(str(other["name"]))


# Comments that did not enter ------------------------------------------------------------------------

_WHY = {
    "unknown": ("日志里看不出原因", "the log does not say why"),
    "source": ("来自别的来源 {source}", "it came from another source, {source}"),
    "late": ("福袋已经截止", "the bag was closed"),
    "early": ("福袋还没开始", "the bag was not on air yet"),
    "excluded": ("在排除名单里", "this person was excluded beforehand"),
    "stood_back": ("之前中过奖，这次不参加", "this person won before and stood back"),
    "kept_out": ("不在这个福袋限定的人里", "this person is not among those for whom the bag was kept"),
    "again": ("本人已经在里面", "this person was in already"),
}


class Entering:
    """A walk along the log, from some minutes before the promise of a draw to some behind its close."""

    def __init__(self, receipt: Line, lines: Sequence[Line]) -> None:
        self.rules = receipt["rules"]
        self.entry: Line = self.rules["entry"]
        self.left_out: list[tuple[str, Line]] = []
        """Why a comment with the keyword did not enter, and its line."""
        self.silent: list[str] = []
        """Who entered without having said it; known where no line is missing on the way."""
        self._entered: set[str] = set()
        self._excluded: set[str] = set()
        self._kept_out: set[str] = set()
        self._won: set[str] = set()
        """Who won other draws, or moved up in them."""
        self._said: set[str] = set()
        self._marks: dict[str, Line] = {}
        placed = sorted((line for line in lines if _has_place(line)), key=lambda line: line["seq"])
        for line in placed:
            if line["data"].get("cue_id") == self.rules["cue_id"] and self._is_here(line):
                self._look(line)
            elif line["type"] == "cue.drawn":
                self._won.update(viewer_of(one["viewer_id"]) for one in line["data"]["winners"])
            elif line["type"] == "bag.settled" and line["data"].get("next"):
                self._won.add(viewer_of(line["data"]["next"]))
        if len(self._marks) == 2:
            self._walk(placed, self._marks["began"], self._marks["closed"])

    def _is_here(self, line: Line) -> bool:
        """Whether it is of this bag, where there are several of one promotion."""
        here: bool = line["data"].get("bag", 1) == self.rules.get("series", {}).get("bag", 1)
        return here or line["type"] in ("cue.queued", "cue.edited")

    def _look(self, line: Line) -> None:
        kind, data = line["type"], line["data"]
        if kind in ("cue.queued", "cue.edited"):
            self._excluded = {viewer_of(one) for one in (data.get("spec") or {}).get("exclude") or ()}
        elif kind in ("cue.on_air", "bag.opened") and (data.get("draw") or {}).get("rules") == self.rules:
            self._marks["began"] = line
        elif kind == "bag.closed":
            self._marks["closed"] = line
        elif kind == "bag.entered":
            self._entered.update(viewer_of(one) for one, _ in data["entries"])
            if self.entry.get("audience"):
                self._kept_out.update(viewer_of(one) for one in data.get("kept_out") or ())

    def _walk(self, lines: Sequence[Line], began: Line, closed: Line) -> None:
        first, last = _seconds(began) - AROUND, _seconds(closed) + AROUND
        source, there = self.entry.get("source", ""), 0
        for line in lines:
            inside = began["seq"] < line["seq"] < closed["seq"]
            there += inside
            handed = line["type"] == "bag.source" and line["data"].get("cue_id") == self.rules["cue_id"]
            if handed and self._is_here(line):
                source = line["data"]["source"]
            if line["type"] != "comment.posted" or not (inside or first <= _seconds(line) <= last):
                continue
            if not says(str(line["data"].get("text", "")), self.entry):
                continue
            if inside and not source:
                source = line.get("source", "")  # where none had spoken before, the first that says it
            self._judge(line, began, closed, source)
        if there == closed["seq"] - began["seq"] - 1 and self.entry.get("letters") == 2:
            self.silent = sorted(self._entered - self._said)

    def _judge(self, line: Line, began: Line, closed: Line, source: str) -> None:
        who = viewer_of(line["data"].get("viewer"))
        if line["seq"] < began["seq"]:
            why = "early"
        elif line["seq"] > closed["seq"]:
            why = "late"
        elif line.get("source", "") != source:
            why = "source"
        elif who in self._said:
            why = "again"
        elif who in self._entered:
            self._said.add(who)
            return
        else:
            back = self.rules.get("stood_back") and who in self._won
            why = "excluded" if who in self._excluded else "stood_back" if back else "unknown"
            if why == "unknown" and who in self._kept_out:
                why = "kept_out"
        if self.entry.get("keyword") is not None:
            self.left_out.append((why, line))

    def unexplained(self) -> int:
        """How many people said it in time and are not in, beyond those whom the rules kept out."""
        people = {viewer_of(line["data"].get("viewer")) for why, line in self.left_out if why == "unknown"}
        told = {
            viewer_of(line["data"].get("viewer"))
            for why, line in self.left_out
            if why in ("excluded", "stood_back")
        }
        kept_out = len(set(self.rules["excluded"])) - len(told)
        return max(0, len(people) - kept_out) if self.entry.get("letters") == 2 else 0

    def told(self) -> Iterator[Said]:
        """Every comment with the keyword that did not enter, the strangest first."""
        order = list(_WHY)
        for why, line in sorted(self.left_out, key=lambda one: order.index(one[0]))[:MOST]:
            zh, en = (words.format(source=_shown(line.get("source", "?"))) for words in _WHY[why])
            who, text = _shown(viewer_of(line["data"].get("viewer"))), _shown(line["data"].get("text", ""))
            yield f"没有进：第 {line['seq']} 条 {line.get('at', '?')} {who}「{text}」，{zh}", f"not in: {en}"
        if (more := len(self.left_out) - MOST) > 0:
            yield f"还有 {more} 条口令评论没有进", f"and {more} more"


def _has_place(line: Line) -> bool:
    return isinstance(line.get("data"), dict) and type(line.get("seq")) is int and "type" in line


def _seconds(line: Line) -> float:
    """When it was committed; a line without its time is of the moment itself."""
    try:
        return datetime.fromisoformat(line["at"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return float(line["seq"])


def viewer_of(said: Any) -> str:
    """A viewer's id as the log has it: alone, with the name beside it, or by name only."""
    if isinstance(said, dict):
        return str(said.get("id") or f"name:{said.get('name', '')}")
    return str(said)


def _shown(text: Any) -> str:
    """On one line of a terminal, and nothing that it would obey."""
    return " ".join(_seen(str(text)).split())[:80]
