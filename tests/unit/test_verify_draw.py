"""``verify-draw``: says yes to a draw as it was, and no to every change of it."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole import verify_draw
from liveconsole.domain import draw
from liveconsole.domain.kinds.lucky_bag import draws, prizes
from liveconsole.messages.commands import BagSettle
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import CueOnAir
from tests.goals import within
from tests.unit.domain.promo_rooms import at, bag_in, bag_spec, comment, fold, room_of

Json = dict[str, Any]


def drawn(viewers: int = 12) -> tuple[Json, list[Json]]:
    """A receipt and its log, as they leave the door: outside ids in place of pids, entry ids as they are."""
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec(winners=3, alternates=2, exclude=["staff"]))
    assert cue.bag is not None
    events = [at(0).event("cue.on_air", CueOnAir(cue.cue_id, cue.ends_at, cue.bag.promise))]

    def happened(found: list[Event]) -> None:
        fold(room, found)
        events.extend(found)

    for i in range(viewers):
        happened(draws.enter(room, [comment("福到了", f"p{i}")], at(1 + i)))
    happened(draws.tick(room, cue, at(60)))
    if cue.bag.winners:
        answer = prizes.settle(
            room, BagSettle(cue.cue_id, False, cue.bag.winners[0].viewer_id, "未关注"), at(70)
        )
        happened(answer.events)  # type: ignore[union-attr]
    lines = [{"seq": i, "type": e.type, "data": msgspec.to_builtins(e.data)} for i, e in enumerate(events, 1)]
    text = json.dumps(lines, ensure_ascii=False)
    for i in reversed(range(viewers)):
        text = text.replace(f'"p{i}"', f'"wx-{i}"')
    return copy.deepcopy(cue.bag.receipt or {}), json.loads(text)


def run(folder: Path, receipt: Any, lines: list[Json] | None = None) -> int:
    (folder / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    asked = [str(folder / "receipt.json")]
    if lines is not None:
        (folder / "log").write_text("\n".join(json.dumps(line) for line in lines) + "\n", "utf-8")
        asked += ["--log", str(folder / "log")]
    return verify_draw.main(asked)


def test_a_draw_as_it_was_follows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt, lines = drawn()
    assert run(tmp_path, receipt) == 0
    assert run(tmp_path, receipt, lines) == 0
    out = capsys.readouterr().out
    assert "WRONG" not in out
    assert "中奖者逐一算出" in out
    assert "the commitment stood before the first entry" in out
    on_the_log = next(line for line in lines if line["type"] == "cue.drawn")
    assert run(tmp_path, on_the_log) == 0  # the event itself, as a log or a tail gives it


def test_a_draw_of_nobody_follows(tmp_path: Path) -> None:
    receipt, lines = drawn(viewers=0)
    assert receipt["entries"] == []
    assert run(tmp_path, receipt, lines) == 0


def _swap(receipt: Json) -> None:
    receipt["winners"][0], receipt["winners"][1] = receipt["winners"][1], receipt["winners"][0]


def _promote(receipt: Json) -> None:
    receipt["winners"][2], receipt["alternates"][0] = receipt["alternates"][0], receipt["winners"][2]


def _stuff(receipt: Json) -> None:
    receipt["entries"].append({"id": "ffffffff-ffff-4fff-8fff-ffffffffffff", "weight": 1})
    _consistent(receipt)


def _twice(receipt: Json) -> None:
    receipt["entries"].append(receipt["entries"][0])
    _consistent(receipt)


def _heavier(receipt: Json) -> None:
    receipt["entries"][0]["weight"] = 100
    _consistent(receipt)


def _another_value(receipt: Json) -> None:
    receipt["randomness"]["value"] = "ab" * 32
    _consistent(receipt)


def _consistent(receipt: Json) -> None:
    """As a forger would: everything computed anew from the changed entrants and value."""
    entries = [(e["id"], e["weight"]) for e in receipt["entries"]]
    receipt["root"] = verify_draw.root_of(receipt["draw_id"], entries)
    receipt["seed"] = verify_draw.seed_of(receipt["root"], receipt["randomness"]["value"])
    picked = verify_draw.pick(entries, receipt["seed"], 5)
    receipt["winners"], receipt["alternates"] = picked[:3], picked[3:]


def _rehash(receipt: Json) -> None:
    receipt["rules_sha256"] = hashlib.sha256(verify_draw.canonical(receipt["rules"]).encode()).hexdigest()


def _fewer(receipt: Json) -> None:
    receipt["rules"]["winners"] = 2
    _rehash(receipt)


def _staff(receipt: Json) -> None:
    receipt["rules"]["excluded"] = [receipt["winners"][0]]
    _rehash(receipt)


@pytest.mark.parametrize(
    "change",
    [
        _swap,
        _promote,
        _twice,
        _heavier,
        _another_value,
        _fewer,
        _staff,
        lambda r: r["winners"].pop(),
        lambda r: r["alternates"].clear(),
        lambda r: r["entries"].pop(),
        lambda r: r.update(root="0" * 64),
        lambda r: r.update(seed="0" * 64),
        lambda r: r.update(draw_id="11111111-1111-4111-8111-111111111111"),
        lambda r: r.update(algorithm="my_pick"),
        lambda r: r["rules"]["prize"].update(name="苹果"),
        lambda r: r.update(rules_sha256="0" * 64),
        lambda r: r["randomness"].update(commit="0" * 64),
        lambda r: r["randomness"].update(value="zz"),
        lambda r: r["randomness"].update(source="drand"),
        lambda r: r.pop("entries"),
        lambda r: r.update(entries=None),
        lambda r: r.update(rules=[]),
    ],
)
def test_any_change_of_the_receipt_is_found(change: Callable[[Json], object], tmp_path: Path) -> None:
    receipt, _ = drawn()
    change(receipt)
    assert run(tmp_path, receipt) == 1


def _line(lines: list[Json], kind: str) -> Json:
    return next(line for line in lines if line["type"] == kind)


def _late_promise(lines: list[Json]) -> None:
    _line(lines, "cue.on_air")["seq"] = 99


def _again(lines: list[Json]) -> None:
    lines.append({**_line(lines, "cue.drawn"), "seq": 99})


def _out_of_order(lines: list[Json]) -> None:
    settled = _line(lines, "bag.settled")["data"]
    settled["next"] = _line(lines, "cue.drawn")["data"]["alternates"][1]["viewer_id"]


@pytest.mark.parametrize(
    "change",
    [
        _late_promise,
        _again,
        _out_of_order,
        lambda lines: lines.remove(_line(lines, "cue.on_air")),
        lambda lines: lines.remove(_line(lines, "bag.entered")),
        lambda lines: lines.remove(_line(lines, "bag.closed")),
        lambda lines: lines.remove(_line(lines, "cue.drawn")),
        lambda lines: _line(lines, "bag.closed").update(seq=2),
        lambda lines: _line(lines, "bag.closed")["data"]["entries"].pop(),
        lambda lines: _line(lines, "cue.on_air")["data"]["draw"].update(commit="0" * 64),
        lambda lines: _line(lines, "cue.on_air")["data"]["draw"]["rules"].update(winners=9),
        lambda lines: lines.append({**_line(lines, "bag.entered"), "seq": 98}),
    ],
)
def test_any_change_of_the_log_is_found(change: Callable[[list[Json]], object], tmp_path: Path) -> None:
    receipt, lines = drawn()
    change(lines)
    assert run(tmp_path, receipt) == 0
    assert run(tmp_path, receipt, lines) == 1


def test_a_forged_entrant_shows_only_against_the_log(tmp_path: Path) -> None:
    """What a receipt alone cannot prove: that its entrants are those who entered."""
    receipt, lines = drawn()
    _stuff(receipt)
    assert run(tmp_path, receipt) == 0
    assert run(tmp_path, receipt, lines) == 1


def test_what_cannot_be_read_is_neither_yes_nor_no(tmp_path: Path) -> None:
    assert verify_draw.main([str(tmp_path / "absent.json")]) == 2
    (tmp_path / "receipt.json").write_text("{", "utf-8")
    assert verify_draw.main([str(tmp_path / "receipt.json")]) == 2
    assert run(tmp_path, [1, 2]) == 2


def test_the_two_implementations_agree() -> None:
    chance = random.Random(7)
    for size in [*range(1, 40), 500]:
        entries = [(str(chance.random()), chance.choice([1, 1, 1, 3])) for _ in range(size)]
        root = draw.entry_hash("d", entries)
        value = chance.randbytes(32)
        assert verify_draw.root_of("d", entries) == root
        assert verify_draw.seed_of(root, value.hex()) == draw.compute_seed(root, value).hex()
        seed = draw.compute_seed(root, value)
        assert verify_draw.pick(entries, seed.hex(), 7) == draw.fair_pick(entries, seed, 7)
    for told in [{"b": [1, '口令"\\\n\x00\x7f😀'], "a": {"": None}}, {"\ufffd": 1, "\U0001f600": True}]:
        assert verify_draw.canonical(told).encode() == draw.jcs(told)


def test_the_published_vectors_hold_here_too(shared: Path) -> None:
    folder = shared / "data/draw_vectors_wallop"
    for vector in json.loads((folder / "entry-hash.json").read_text("utf-8"))["vectors"]:
        entries = [(entry["uuid"], entry["weight"]) for entry in vector["entries"]]
        assert verify_draw.root_of(vector["draw_id"], entries) == vector["expected_hash"]
    alone = [
        v
        for v in json.loads((folder / "compute-seed.json").read_text("utf-8"))["vectors"]
        if not v["weather_value"]
    ]
    for vector in alone:
        seed = verify_draw.seed_of(vector["entry_hash"], vector["drand_randomness"])
        assert seed == vector["expected_seed_hex"]


def test_it_stands_on_the_standard_library_alone() -> None:
    tree = ast.parse(Path(verify_draw.__file__).read_text("utf-8"))
    names = {a.name.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {(n.module or "").partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert names <= {*sys.stdlib_module_names, "liveconsole"}
    top = {n.module for n in tree.body if isinstance(n, ast.ImportFrom)}
    assert "liveconsole.verify_drand" not in top  # asked for where a drand draw is checked, and not before


def test_a_hundred_thousand_entrants_cost_a_few_times_what_cannot_be_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second for the whole command on a slow machine; here as a ratio, so that a busy one does not matter.

    What cannot be saved: the file is read, and a block is hashed for each entrant.
    """
    draw_id, value = "00000000-0000-4000-8000-000000000001", b"v" * 32
    ids = sorted(draw.entry_id(draw_id, "s", f"p{i}") for i in range(100_000))
    randomness = {"source": "local", "commit": draw.commitment(value)}
    rules = {
        "v": 1, "algorithm": "fair_pick", "draw_id": draw_id, "winners": 10, "alternates": 10,
        "randomness": randomness, "excluded": [], "entry": {"weight": 1},
    }  # fmt: skip
    root = draw.entry_hash(draw_id, [(i, 1) for i in ids])
    seed = draw.compute_seed(root, value)
    picked = draw.fair_pick([(i, 1) for i in ids], seed, 20)
    receipt = {
        "v": 1, "algorithm": "fair_pick", "draw_id": draw_id, "rules": rules, "root": root,
        "rules_sha256": draw.rules_hash(rules), "entries": [{"id": i, "weight": 1} for i in ids],
        "randomness": {**randomness, "value": value.hex()}, "seed": seed.hex(),
        "winners": picked[:10], "alternates": picked[10:],
    }  # fmt: skip
    assert run(tmp_path, receipt) == 0
    began = time.process_time()
    json.loads((tmp_path / "receipt.json").read_text("utf-8"))
    for i in range(100_000):
        hashlib.sha256(seed + i.to_bytes(4, "big")).digest()
    bare = time.process_time() - began
    began = time.process_time()
    assert verify_draw.main([str(tmp_path / "receipt.json")]) == 0
    within(time.process_time() - began, 8 * bare, "20 times as it was, 3 as it is")


def test_a_large_draw_is_checked_soon_enough() -> None:
    entries = [(draw.entry_id("d", "s", f"p{i}"), 1) for i in range(20_000)]
    root = verify_draw.root_of("d", entries)
    seed = verify_draw.seed_of(root, "00" * 32)
    assert verify_draw.pick(entries, seed, 3) == draw.fair_pick(entries, bytes.fromhex(seed), 3)
