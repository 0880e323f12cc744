"""Checks a draw without the engine: ``liveconsole verify-draw RECEIPT.json [--log FILE]``.

A second implementation, written from the published specification (github electric-lump-software/wallop,
spec/protocol.md sections 1 and 2) with the standard library, so that it can be read, copied and run by
anybody: it shares no code with the rules that drew. The signature of a drand round needs one library more
(pyblst). Exit 0 only if everything follows; 1 if not; 2 if a file cannot be read; 5 if nothing is wrong
but the signature could not be verified: there is no library, or nobody here knows the key of that chain.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

Check = tuple[bool | None, str, str]
"""Whether it holds (None: nobody could verify it here), in Chinese, in English."""

UNVERIFIED = 5
"""Exit code: nothing is wrong, and something could not be verified here."""


_ESCAPES = {code: f"\\u{code:04x}" for code in range(32)}
_ESCAPES |= {ord(c): "\\" + short for c, short in zip('"\\\b\t\n\f\r', '"\\btnfr', strict=True)}


# The published algorithm ----------------------------------------------------------------------------


def canonical(value: Any) -> str:
    """JSON by RFC 8785, for objects, lists, text, whole numbers, true, false and null."""
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def root_of(draw_id: str, entries: Sequence[tuple[str, int]]) -> str:
    """Specification 2.1: the entry hash."""
    listed = ",".join(
        f'{{"uuid":{canonical(uuid)},"weight":{canonical(weight)}}}'
        for uuid, weight in sorted(entries, key=_bytes)
    )
    return _sha(f'{{"draw_id":{canonical(draw_id)},"entries":[{listed}]}}')


def seed_of(root: str, value: str) -> str:
    """Specification 2.3, with one source of randomness; ``value`` in hex."""
    return _sha(canonical({"drand_randomness": value, "entry_hash": root}))


def pick(entries: Sequence[tuple[str, int]], seed: str, count: int) -> list[str]:
    """Specification 1: sort, expand, shuffle everything, take the first distinct ids."""
    pool: list[str] = []
    for uuid, weight in sorted(entries, key=_bytes):
        pool.extend([uuid] * weight)
    blocks = _blocks(bytes.fromhex(seed))
    for last in range(len(pool) - 1, 0, -1):
        number = next(blocks)
        while number >= _NEVER_OVER and number >= (1 << 256) // (last + 1) * (last + 1):
            number = next(blocks)
        other = number % (last + 1)
        pool[last], pool[other] = pool[other], pool[last]
    found: dict[str, None] = {}
    for uuid in pool:
        if len(found) == count:
            break
        found[uuid] = None
    return list(found)


_NEVER_OVER = (1 << 256) - (1 << 40)
"""Under it no block is thrown away, with a pool of up to 2^40."""


def _bytes(entry: tuple[str, int]) -> bytes:
    return entry[0].encode("utf-8")


def _blocks(seed: bytes) -> Iterator[int]:
    counter = 0
    while True:
        yield int.from_bytes(hashlib.sha256(seed + counter.to_bytes(4, "big")).digest(), "big")
        counter += 1


# Codes ----------------------------------------------------------------------------------------------

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of Crockford's base 32."""


def promise_code(rules_sha256: str) -> str:
    """The first 80 bits of the rules' hash: what the picture shows while viewers enter."""
    return _code(rules_sha256, 16)


def receipt_code(receipt: dict[str, Any]) -> str:
    """The first 40 bits of the SHA-256 of the receipt's canonical form, without ``entries`` or ``count`` (for
    which the root stands) and without ``code`` itself: what the picture shows at the close."""
    said = {name: value for name, value in receipt.items() if name not in ("entries", "count", "code")}
    return _code(_sha(canonical(said)), 8)


def _code(digest: str, letters: int) -> str:
    bits = bin(int(digest, 16) | 1 << 256)[3:]
    text = "".join(LETTERS[int(bits[5 * i : 5 * i + 5], 2)] for i in range(letters))
    return "-".join(text[i : i + 4] for i in range(0, letters, 4))


def _plain(code: str) -> str:
    """As Crockford reads what a person copied: no hyphens, any case, O is 0, I and L are 1."""
    return code.upper().translate(str.maketrans("OIL", "011", "- "))


def check_codes(receipt: dict[str, Any], shown: Sequence[str]) -> Iterator[Check]:
    """That the codes on a viewer's own recording are this draw's: of the promise, of the entrants, of the
    receipt. Without them a receipt could tell of quite another draw."""
    ours = {
        "承诺码 / promise": promise_code(receipt["rules_sha256"]),
        "名单根 / root": _code(receipt["root"], 16),
        "收据码 / receipt": receipt_code(receipt),
    }
    if "code" in receipt:
        same = receipt["code"] == ours["收据码 / receipt"]
        yield same, "收据码由收据算出", "the receipt's code follows from it"
    known = {_plain(code): name for name, code in ours.items()}
    for code in shown:
        name = known.get(_plain(code), "")
        yield bool(name), f"画面上的 {code} 是这次的{name.partition(' / ')[0]}", f"{code} is of this draw"
    _say("  ".join(f"{name}: {code}" for name, code in ours.items()))


# The receipt ----------------------------------------------------------------------------------------


def check_receipt(receipt: dict[str, Any], infos: Sequence[Any] = ()) -> Iterator[Check]:
    """What follows from the receipt alone. A broken one raises KeyError, TypeError or ValueError.

    What was promised is read in ``rules`` alone: a promise that is not there is an error, and is never made
    up from what the receipt says of the draw itself. ``infos``: of drand chains besides the public one.
    """
    rules, randomness = receipt["rules"], receipt["randomness"]
    entries = [(entry["id"], entry["weight"]) for entry in receipt["entries"]]
    ids = [uuid for uuid, _ in entries]
    winners, alternates = receipt["winners"], receipt["alternates"]
    known = receipt["v"] == 1 and receipt["algorithm"] == "fair_pick"
    yield known, "收据版本和算法是 fair_pick", "version and algorithm are known"
    yield _sha(canonical(rules)) == receipt["rules_sha256"], "规则与其哈希一致", "the rules match their hash"
    same = all(rules[name] == receipt[name] for name in ("algorithm", "draw_id"))
    yield same, "规则说的是这次抽奖", "the rules are of this draw"

    weight = rules["entry"]["weight"]
    single = all(type(w) is int and w == weight > 0 for _, w in entries) and len(set(ids)) == len(ids)
    yield single, f"{len(ids)} 个参与者各一份", f"{len(ids)} entrants, one entry each"
    kept_out = set(rules["excluded"])
    apart = not set(ids) & kept_out and set(rules.get("stood_back", ())) <= kept_out
    yield apart, "被排除的人不在其中", "nobody excluded is among them"
    root = root_of(receipt["draw_id"], entries)
    yield root == receipt["root"], "参与者名单与根哈希一致", "the entrants match the root"

    yield from _check_value(rules["randomness"], randomness, infos)
    seed = seed_of(root, randomness["value"])
    yield seed == receipt["seed"], "种子由根哈希和随机值算出", "the seed follows from root and value"

    places, more = _count(rules["winners"]), _count(rules["alternates"])
    drawn = pick(entries, seed, places + more) if single else []
    yield winners == drawn[:places], f"{len(winners)} 个中奖者逐一算出", f"all {len(winners)} winners follow"
    yield (
        alternates == drawn[places:],
        f"{len(alternates)} 个候补逐一算出",
        f"all {len(alternates)} alternates follow",
    )
    yield len(winners) == min(places, len(ids)), "中奖人数与规则一致", "as many winners as the rules say"
    if not ids:
        yield True, "无人参与，没有中奖者", "nobody entered, nobody won"


def _count(said: Any) -> int:
    if type(said) is not int or said < 0:
        raise ValueError(f"{said!r} is no number of places")
    return said


def _check_value(
    promised: dict[str, Any], randomness: dict[str, Any], infos: Sequence[Any]
) -> Iterator[Check]:
    value = bytes.fromhex(randomness["value"])
    exact = len(value) == 32 and randomness["value"] == value.hex()
    same = randomness["commit"] == promised["commit"]
    if randomness["source"] == "local":
        kept = exact and same and hashlib.sha256(value).hexdigest() == randomness["commit"]
        yield kept, "随机值与事先公布的承诺一致", "the value matches its commitment"
        announced = promised["source"] == "local" or promised["fallback"] == "local"
        words = "可复核 · 非公开随机", "verifiable, not public randomness"
        if promised["source"] != "local":
            words = "公开随机未取到，用了事先公布的后备", "the announced fallback was used"
        yield announced, *words
        return
    named = all(randomness[name] == promised[name] for name in ("source", "chain", "round"))
    yield (
        named and same and randomness["source"] == "drand",
        f"drand 第 {promised['round']} 轮是事先指定的",
        "the drand round was named beforehand",
    )
    signature = bytes.fromhex(randomness["signature"])
    hashed = hashlib.sha256(signature).digest() == value
    yield exact and hashed, "随机值是该轮签名的哈希", "the value is the hash of the signature"
    yield _signed(promised["chain"], promised["round"], signature, infos)


def _signed(name: str, number: int, signature: bytes, infos: Sequence[Any]) -> Check:
    try:
        from liveconsole.verify_drand import PUBLIC, chains, is_signed

        known = chains(infos)
        holds = is_signed(known[name].key, number, signature) if name in known else None
    except ImportError:
        zh = "BLS 签名未验证：没有 pyblst（pip install pyblst）"
        return None, zh, "the BLS signature: there is no pyblst here (pip install pyblst)"
    if holds is None:
        zh = f"不认识链 {name}，签名未验证（--chain 给出它的 info）"
        return None, zh, f"chain {name} is not known here: give its info with --chain"
    zh, en = ("公开链", "the public chain") if name == PUBLIC else ("您给出的链", "the chain you gave")
    return holds, f"BLS 签名是{zh}第 {number} 轮的", f"the BLS signature is that of round {number} of {en}"


# The log --------------------------------------------------------------------------------------------


def check_log(receipt: dict[str, Any], lines: Sequence[dict[str, Any]]) -> Iterator[Check]:
    """That the log tells the same draw: promised before the first entry, the same entrants, drawn once."""
    draw_id = receipt["draw_id"]
    told = [line for line in lines if isinstance(line.get("data"), dict)]
    promises = [line for line in told if _promised_draw(line) == draw_id]
    yield len(promises) == 1, "承诺在日志里只有一次", "promised on the log exactly once"
    cue_ids = {line["data"]["cue_id"] for line in promises}

    def of(kind: str) -> list[dict[str, Any]]:
        same = [line for line in told if line.get("type") == kind and line["data"]["cue_id"] in cue_ids]
        return [line for line in same if line["data"].get("bag", 1) == bag_of(receipt)]

    entered, closed, drawn = of("bag.entered"), of("bag.closed"), of("cue.drawn")
    if promises:
        promise = promises[0]["data"]["draw"]
        same = (
            promise["rules"] == receipt["rules"]
            and promise["rules_sha256"] == receipt["rules_sha256"]
            and promise["commit"] == receipt["randomness"]["commit"]
        )
        yield same, "日志里的规则和承诺与收据相同", "rules and commitment on the log are the receipt's"
        first = min((line["seq"] for line in entered), default=None)
        before = first is None or promises[0]["seq"] < first
        yield before, "承诺先于第一个参与者", "the commitment stood before the first entry"
    ids = [entry["id"] for entry in receipt["entries"]]
    # Of a large draw count and root stand for the entrants, and those are on the log as they entered.
    logged = {name: value for name, value in receipt.items() if name != "code"}  # which a file has besides
    bare = {name: value for name, value in logged.items() if name != "entries"} | {"count": len(ids)}
    said = [entry[1] for line in entered for entry in line["data"]["entries"]]
    yield (
        sorted(said) == sorted(ids),
        "逐条参与记录与收据名单相同",
        "the entries on the log are the receipt's",
    )
    frozen = len(closed) == 1 and closed[0]["data"].get("count", len(ids)) == len(ids)
    frozen = frozen and ("count" in closed[0]["data"] or sorted(closed[0]["data"]["entries"]) == sorted(ids))
    frozen = frozen and closed[0]["data"]["root"] == receipt["root"]
    yield frozen, "截止时冻结的名单与收据相同", "the entrants frozen at the close are the receipt's"
    late = bool(closed) and any(line["seq"] > closed[0]["seq"] for line in entered)
    yield not late, "截止之后没有人进入", "nobody entered after the close"
    yield from _check_anchor(receipt, promises, entered, of("bag.source"), drawn)
    once = len(drawn) == 1 and drawn[0]["data"]["receipt"] in (logged, bare)
    yield once, "只开过一次奖，就是这张收据", "drawn once, and this is the receipt"
    if once:
        moved = _moves_up_in_order(drawn[0]["data"], [line["data"] for line in of("bag.settled")])
        yield moved, "递补按候补顺序", "alternates moved up in their order"


def _check_anchor(
    receipt: dict[str, Any],
    promises: Sequence[dict[str, Any]],
    entered: Sequence[dict[str, Any]],
    sources: Sequence[dict[str, Any]],
    drawn: Sequence[dict[str, Any]],
) -> Iterator[Check]:
    """What newer receipts name of the log; those of older versions name neither."""
    if "source" in receipt:
        chosen = sources[-1]["data"]["source"] if sources else receipt["rules"]["entry"].get("source", "")
        yield receipt["source"] == chosen, "参与者来自收据写的来源", "the entrants' source is the receipt's"
    if "chain" in receipt:
        seq = receipt["chain"]["seq"]
        last = max((line["seq"] for line in [*promises, *entered]), default=0)
        anchored = last <= seq < min((line["seq"] for line in drawn), default=0)
        yield (
            anchored,
            "收据的链头在最后一个参与者之后",
            "its head of the log is behind the last entry",
        )


def check_round(
    receipt: dict[str, Any], lines: Sequence[dict[str, Any]], infos: Sequence[Any] = ()
) -> Iterator[Check]:
    """That nobody entered when the public value was there already."""
    promised = receipt["rules"]["randomness"]
    if promised["source"] != "drand":
        return
    try:
        from liveconsole.verify_drand import chains

        chain = chains(infos)[promised["chain"]]
    except (ImportError, KeyError):
        return  # said already: its signature is not verified either
    there = chain.genesis + chain.period * (promised["round"] - 1)
    cue_id = receipt["rules"]["cue_id"]
    entered = [
        line
        for line in lines
        if line.get("type") == "bag.entered"
        and line["data"]["cue_id"] == cue_id
        and line["data"].get("bag", 1) == bag_of(receipt)
    ]
    known = any(datetime.fromisoformat(line["at"]).timestamp() >= there for line in entered)
    yield not known, "最后一个人进入时，该轮还没有公布", "nobody entered when that round was there already"


def _promised_draw(line: dict[str, Any]) -> Any:
    opens = line.get("type") in ("cue.on_air", "bag.opened")
    promise = line["data"].get("draw") if opens else None
    return promise["draw_id"] if isinstance(promise, dict) else None


def bag_of(receipt: dict[str, Any]) -> int:
    """Which bag of a series it is; a bag alone is the first."""
    number: int = receipt["rules"].get("series", {}).get("bag", 1)
    return number


def _moves_up_in_order(drawn: dict[str, Any], settled: Sequence[dict[str, Any]]) -> bool:
    free = [_viewer(person["viewer_id"]) for person in drawn["alternates"]]
    holders = {_viewer(person["viewer_id"]) for person in drawn["winners"]}
    for data in settled:
        up = data.get("next")
        expected = free[0] if free and not data["ok"] else None
        if _viewer(data["viewer_id"]) not in holders or (up and _viewer(up)) != expected:
            return False
        if expected is not None:
            holders.add(free.pop(0))
    return True


def _viewer(said: Any) -> str:
    """A viewer id, with or without the name beside it."""
    return str(said["id"]) if isinstance(said, dict) else str(said)


# The command ----------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole verify-draw", description="复核开奖收据 / check a draw")
    words.add_argument(
        "receipt",
        type=Path,
        help="收据 JSON、cue.drawn 事件，或福袋雨的文件 / a receipt, its event, or a series",
    )
    words.add_argument("--log", type=Path, help="日志（JSON 行）/ the log as JSON lines")
    words.add_argument(
        "--shown", action="append", default=[], metavar="CODE",
        help="画面上出现过的代码 / a code that the picture showed",
    )  # fmt: skip
    words.add_argument("--chain", type=Path, help="另一条 drand 链的 info / the info of another drand chain")
    return words


def main(argv: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(argv)
    try:
        infos = [json.loads(asked.chain.read_text("utf-8"))] if asked.chain is not None else []
        read = json.loads(asked.receipt.read_text("utf-8"))
        log = asked.log.read_text("utf-8").splitlines() if asked.log is not None else None
        lines = None if log is None else [json.loads(line) for line in log if line.strip()]
        several = isinstance(read, dict) and isinstance(read.get("receipts"), list)
        receipts = [_receipt_in(one) for one in (read["receipts"] if several else [read])]
    except (OSError, ValueError) as error:
        _say(f"读不出 / cannot read: {error}")
        return 2
    if any("entries" not in receipt and "count" in receipt for receipt in receipts):
        _say(
            "名单不在这张收据里，先用 liveconsole receipt 写成文件 / "
            "the entrants are not in it: write the file with `liveconsole receipt`"
        )
        return 1
    told = None if lines is None else [line for line in lines if isinstance(line, dict)]
    found: list[bool | None] = []
    if several:
        from liveconsole.verify_series import check_series, check_series_log

        found += _told(check_series(read.get("series"), receipts, asked.shown))
        found += _told(check_series_log(read["series"], receipts, told)) if told is not None else []
    for receipt in receipts:
        found += _told(check_receipt(receipt, infos))
        found += _told(check_codes(receipt, [] if several else asked.shown))
        if told is not None:
            found += _told(check_log(receipt, told)) + _told(check_round(receipt, told, infos))
            found += _told(_check_entering(receipt, told))
    if False in found:
        _say("结论：开奖对不上 / THE DRAW DOES NOT FOLLOW")
        return 1
    if None in found:
        _say("结论：未验证，公开随机的签名没有核对 / NOT VERIFIED: nobody checked the signature")
        return UNVERIFIED
    _say("结论：开奖可以复核 / the draw follows")
    return 0


def _check_entering(receipt: dict[str, Any], lines: Sequence[dict[str, Any]]) -> Iterator[Check]:
    """What the comments of the log say of it; what is only to be known is said by the way."""
    from liveconsole import verify_entries

    found = verify_entries.Entering(receipt, lines)
    for zh, en in [*verify_entries.voided(receipt, lines), *found.told()]:
        _say(f"[注] {zh} / note: {en}")
    if any(line.get("type") == "comment.posted" for line in lines):
        yield not found.silent, "参与者都说过口令", "everybody who entered had said it"
        left = found.unexplained()
        yield not left, f"按时说了口令而没进的人：{left}", f"said it in time and left out: {left}"


def _receipt_in(read: Any) -> dict[str, Any]:
    if isinstance(read, dict) and read.get("type") == "cue.drawn":
        read = read["data"]
    if isinstance(read, dict) and isinstance(read.get("receipt"), dict):
        read = read["receipt"]
    if not isinstance(read, dict):
        raise ValueError("no receipt in it")
    return read


_MARKS = {True: ("对", "ok"), False: ("错", "WRONG"), None: ("未验证", "NOT VERIFIED")}


def _told(checks: Iterator[Check]) -> list[bool | None]:
    found: list[bool | None] = []
    try:
        for holds, zh, en in checks:
            here, there = _MARKS[holds]
            _say(f"[{here}] {zh} / {there}: {en}")
            found.append(holds)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        _say(f"[错] 缺字段或格式不对 / WRONG: broken at {error!r}")
        found.append(False)
    return found


def _say(line: str) -> None:
    """A console that cannot show a character shows a question mark, and the check goes on."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
