"""The draw against the published vectors, and against a few that always run."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from liveconsole.domain.draw import (
    commitment,
    compute_seed,
    entry_hash,
    entry_id,
    fair_pick,
    jcs,
    rules_hash,
    uuid_shaped,
)

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def test_published_entry_hashes(shared: Path) -> None:
    vectors = json.loads((shared / "data/draw_vectors_wallop/entry-hash.json").read_text("utf-8"))["vectors"]
    assert len(vectors) == 5
    for vector in vectors:
        entries = [(entry["uuid"], entry["weight"]) for entry in vector["entries"]]
        assert entry_hash(vector["draw_id"], entries) == vector["expected_hash"], vector["name"]
        listed = [{"weight": weight, "uuid": uuid} for uuid, weight in sorted(entries)]
        assert jcs({"entries": listed, "draw_id": vector["draw_id"]}).decode() == vector["expected_jcs"]


def test_published_seeds(shared: Path) -> None:
    vectors = json.loads((shared / "data/draw_vectors_wallop/compute-seed.json").read_text("utf-8"))[
        "vectors"
    ]
    alone = [vector for vector in vectors if vector["weather_value"] is None]
    paired = [vector for vector in vectors if vector["weather_value"] is not None]
    assert alone
    assert paired
    for vector in alone:
        seed = compute_seed(vector["entry_hash"], bytes.fromhex(vector["drand_randomness"]))
        assert seed.hex() == vector["expected_seed_hex"]
    for vector in paired:
        names = ("weather_value", "drand_randomness", "entry_hash")
        written = jcs({name: vector[name] for name in names})
        assert written.decode() == vector["expected_jcs"]
        assert hashlib.sha256(written).hexdigest() == vector["expected_seed_hex"]


def _seed_of(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()


@pytest.mark.parametrize(
    ("entries", "seed", "count", "expected"),
    [
        (
            {"ticket-47": 1, "ticket-48": 1, "ticket-49": 1},
            bytes.fromhex("ced93f50d73a619701e9e865eb03fb4540a7232a588c707f85754aa41e3fb037"),
            2,
            ["ticket-48", "ticket-47"],
        ),
        (
            {"ticket-47": 1, "ticket-48": 1, "ticket-49": 1},
            _seed_of("frozen-equal-weight-vector"),
            2,
            ["ticket-49", "ticket-47"],
        ),
        ({"alpha": 100, "bravo": 1, "charlie": 1}, _seed_of("frozen-weighted-vector"), 2, ["alpha", "bravo"]),
        (dict.fromkeys("abcde", 1), _seed_of("frozen-full-ordering"), 5, ["a", "b", "c", "e", "d"]),
    ],
)
def test_what_the_algorithms_authors_published(
    entries: dict[str, int], seed: bytes, count: int, expected: list[str]
) -> None:
    """The four draws of spec/vectors/fair-pick.json (electric-lump-software/wallop, MIT)."""
    assert fair_pick(entries.items(), seed, count) == expected
    assert fair_pick(reversed(entries.items()), seed, count) == expected


def test_a_draw_of_our_own_stays_as_it_was() -> None:
    entries = [(entry_id("d", "s", f"p{i}"), 1) for i in range(1000)]
    root = entry_hash("d", entries)
    picked = fair_pick(entries, compute_seed(root, bytes(range(32))), 3)
    assert root == "fbb10e59a2ae86402b4fec14b889e3a65ea71a8cd67b035cadd22b28b3b03938"
    assert picked == [
        "83853a14-4f70-4080-8020-51e935e5ad69",
        "0093931f-d37d-4832-829d-9bfc3a313d0b",
        "b08e5b32-0b77-4c77-8ac6-0c33535f9505",
    ]


def test_fewer_entrants_than_places_all_win() -> None:
    assert sorted(fair_pick([("b", 1), ("a", 3)], bytes(32), 10)) == ["a", "b"]
    assert fair_pick([], bytes(32), 10) == []


@pytest.mark.parametrize(
    ("entries", "seed"),
    [
        ([("a", 1)], b"short"),
        ([("a", 0)], bytes(32)),
        ([("a", 1), ("a", 2)], bytes(32)),
        ([("a", 2**33)], bytes(32)),
    ],
)
def test_what_cannot_be_drawn_is_refused(entries: list[tuple[str, int]], seed: bytes) -> None:
    with pytest.raises(ValueError):
        fair_pick(entries, seed, 1)


def test_an_entry_id_is_a_uuid_of_this_draw_only() -> None:
    one = entry_id("draw", "salt", "p1")
    assert re.fullmatch(UUID, one)
    others = {
        entry_id("draw", "salt", "p2"),
        entry_id("draw", "other", "p1"),
        entry_id("other", "salt", "p1"),
    }
    assert len(others | {one}) == 4
    assert uuid_shaped(bytes(16)) == "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None, '口令\n"\\\x01']}, '{"a":[true,null,"口令\\n\\"\\\\\\u0001"],"b":1}'),
        # by UTF-16 units an astral key sorts before U+FFFD, by code points after it
        ({"\ufffd": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufffd":1}'),
        ({}, "{}"),
        (2**53 - 1, "9007199254740991"),
    ],
)
def test_canonical_json(value: object, written: str) -> None:
    assert jcs(value).decode() == written


@pytest.mark.parametrize("value", [1.5, {"a": 2**53}, {"a": b"x"}, object()])
def test_what_json_readers_would_read_otherwise_has_no_canonical_form(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        jcs(value)


def test_hashes_are_plain_sha256() -> None:
    assert commitment(b"x") == hashlib.sha256(b"x").hexdigest()
    assert rules_hash({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()
