"""The receipt of a series of draws (福袋雨), checked with those of its draws:
``liveconsole verify-draw SERIES.json [--log FILE]``, the file of ``liveconsole receipt ID --series``.

With the standard library only and apart from the rules, as ``verify_draw`` is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
Check = tuple[bool | None, str, str]
"""Whether it holds, in Chinese, in English."""
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of Crockford's base 32."""


def _sha(value: Any) -> str:
    """Of the canonical form (RFC 8785): the names of a receipt are of ASCII, its numbers whole."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def code_of(receipt: Json) -> str:
    """The first 40 bits of a receipt's hash: what the picture shows."""
    bits = int(_sha({k: v for k, v in receipt.items() if k not in ("entries", "count", "code")})[:10], 16)
    text = "".join(LETTERS[bits >> 35 - 5 * place & 31] for place in range(8))
    return f"{text[:4]}-{text[4:]}"


def _bag_of(receipt: Json) -> int:
    number: int = receipt["rules"].get("series", {}).get("bag", 1)
    return number


def hash_of(receipt: Json) -> str:
    """What stands for a receipt in that of its series: all of it but the entrants, for whom the root stands,
    the head of the log and the code."""
    return _sha({k: v for k, v in receipt.items() if k not in ("entries", "count", "code", "chain")})


def check_series(series: Json | None, receipts: Sequence[Json], shown: Sequence[str] = ()) -> Iterator[Check]:
    """What follows from the receipts alone; a broken one raises."""
    if series is None:
        yield False, "没有这场福袋雨的收据", "there is no receipt of the series of bags"
        return
    draws, hashes = series["draws"], [hash_of(receipt) for receipt in receipts]
    yield series["v"] == 1, "福袋雨收据的版本认得", "the version of the bags' receipt is known"
    listed = [draw["receipt_sha256"] for draw in draws] == hashes
    listed = listed and [draw["draw_id"] for draw in draws] == [receipt["draw_id"] for receipt in receipts]
    yield listed, f"{len(draws)} 张收据，一张不多一张不少，按次序", f"its {len(draws)} receipts, in order"
    yield (
        series["receipts_sha256"] == _sha(hashes),
        "次序的哈希由各收据算出",
        "the hash of the receipts in their order follows",
    )
    apart = len({receipt["draw_id"] for receipt in receipts}) == len(receipts)
    apart = apart and len({receipt["rules"]["salt"] for receipt in receipts}) == len(receipts)
    apart = apart and len({receipt["randomness"]["commit"] for receipt in receipts}) == len(receipts)
    yield apart, "每个福袋各有自己的随机数和名单", "each bag has a value and entrants of its own"
    yield (
        _is_one(series, receipts),
        "各福袋的规则只差次序",
        "the rules of the bags differ in their place alone",
    )
    yield (
        _is_chain(receipts, hashes),
        "每个福袋的规则都写着前一张收据",
        "every bag's rules name the receipt before",
    )
    yield _kept_gaps(series), "间隔不短于公布的", "no gap is shorter than was announced"
    back = [len(receipt["rules"].get("stood_back", ())) for receipt in receipts]
    yield (
        back == [draw["stood_back"] for draw in draws],
        "回避的人数与收据相同",
        "as many stood back as the receipt says",
    )
    if series["once"]:
        won = [sum(len(one["winners"]) for one in receipts[:place]) for place in range(len(receipts))]
        enough = all(stood >= before for stood, before in zip(back, won, strict=True))
        yield enough, "之前中过的人都写明回避", "at least everybody who had won before stood back"
    whole = series["ended"] == "drawn" and not series["cut"]
    drew, planned = len(draws), series["planned"]
    full = drew == series["opened"] == planned if whole else drew <= planned
    yield full, f"公布 {planned} 个，开奖 {drew} 个", f"{drew} of {planned} were drawn"
    code = code_of(series)
    if "code" in series:
        yield (
            series["code"] == code,
            "福袋雨收据码由收据算出",
            "the code of the bags' receipt follows from it",
        )
    codes = {code, *(code_of(receipt) for receipt in receipts)}
    for one in shown:
        yield one.upper() in codes, f"画面上的 {one} 是这场的", f"{one} is of this series"


def _is_one(series: Json, receipts: Sequence[Json]) -> bool:
    """Prize, winners, entry and time are those of the first; so is what was announced of the series."""
    told = (("count", "planned"), ("gap_seconds", "gap_seconds"), ("once", "once"))
    same = ("prize", "winners", "alternates", "claim", "seconds", "cue_id")
    first = receipts[0]["rules"] if receipts else {}
    for place, receipt in enumerate(receipts, 1):
        rules = receipt["rules"]
        entry = {k: v for k, v in rules["entry"].items() if k != "source"}
        if any(rules[name] != first[name] for name in same) or _bag_of(receipt) != place:
            return False
        if entry != {k: v for k, v in first["entry"].items() if k != "source"}:
            return False
        if (
            any(rules["series"][name] != series[here] for name, here in told)
            or rules["cue_id"] != series["series"]
        ):
            return False
    return True


def _is_chain(receipts: Sequence[Json], hashes: Sequence[str]) -> bool:
    before = [None, *hashes[:-1]]
    return all(one["rules"]["series"].get("after") == sha for one, sha in zip(receipts, before, strict=True))


def _kept_gaps(series: Json) -> bool:
    gap = timedelta(seconds=series["gap_seconds"])
    opened = [datetime.fromisoformat(draw["opened_at"]) for draw in series["draws"]]
    closed = [datetime.fromisoformat(draw["closed_at"]) for draw in series["draws"]]
    return all(opens - closes >= gap for opens, closes in zip(opened[1:], closed, strict=False)) and all(
        opens <= closes for opens, closes in zip(opened, closed, strict=True)
    )


def check_series_log(series: Json, receipts: Sequence[Json], lines: Sequence[Json]) -> Iterator[Check]:
    """That the log tells the same series, and who won what."""
    told = [line for line in lines if isinstance(line.get("data"), dict)]
    mine = [line for line in told if line["data"].get("cue_id") == series["series"]]
    logged = [line["data"]["receipt"] for line in mine if line.get("type") == "bag.series"]
    bare = {name: value for name, value in series.items() if name != "code"}
    yield logged == [bare], "日志里只有这一张福袋雨收据", "the log has this receipt of the bags alone"
    drawn = [line for line in mine if line.get("type") == "cue.drawn"]
    known = [line["data"]["receipt"]["draw_id"] for line in drawn]
    yield (
        known == [one["draw_id"] for one in receipts],
        "日志里开的就是这几次",
        "the log drew these, in this order",
    )
    opens = [line for line in mine if line.get("type") == "bag.opened"]
    later = all(
        any(
            one["seq"] < line["seq"] and one["data"].get("bag", 1) == line["data"]["bag"] - 1 for one in drawn
        )
        or line["data"].get("draw") is None
        for line in opens
    )
    yield later, "下一个都在上一个开奖之后才开", "every bag opened behind the draw before it"
    if series["once"]:
        twice = _twice(mine)
        yield not twice, f"中过两次的人：{len(twice)}", f"people who hold two prizes: {len(twice)}"


def _twice(mine: Sequence[Json]) -> set[str]:
    """Who holds the prizes of two bags in the end."""
    held: dict[int, set[str]] = {}
    for line in mine:
        data, bag = line["data"], line["data"].get("bag", 1)
        if line.get("type") == "cue.drawn":
            held[bag] = {_viewer(one["viewer_id"]) for one in data["winners"]}
        elif line.get("type") == "bag.settled" and not data["ok"]:
            held.setdefault(bag, set()).discard(_viewer(data["viewer_id"]))
            if data.get("next"):
                held[bag].add(_viewer(data["next"]))
    everybody = [who for people in held.values() for who in people]
    return {who for who in everybody if everybody.count(who) > 1}


def _viewer(said: Any) -> str:
    return str(said["id"]) if isinstance(said, dict) else str(said)
