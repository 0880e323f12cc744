"""接龙 over a recorded room: exactly the first n who said a word that people really said there."""

from __future__ import annotations

import json
import random
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from liveconsole.domain.take import take
from tests.unit.domain.desk import Desk

TAPE = "data/danmaku_bili_11365_20211230/events_first2h.jsonl"
SOURCE = "/tape/11365"


def said_in(shared: Path) -> list[tuple[str, str]]:
    """(name, text) of every comment of the tape; the room hides ids, so that a name is somebody."""
    lines = (json.loads(raw) for raw in (shared / TAPE).read_text("utf-8").splitlines())
    return [(line["name"], line["text"]) for line in lines if line["type"] == "comment"]


def plainly(text: str) -> str:
    """As anybody would compare two comments: without what nobody sees, and blanks around."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc")).strip()


def first_who_said(said: Iterable[tuple[str, str]], word: str) -> list[str]:
    return list(dict.fromkeys(name for name, text in said if plainly(text) == word))


def played(said: list[tuple[str, str]], word: str, places: int, seed: int) -> Desk:
    """The tape in batches of any size, into a room with one list."""
    dice = random.Random(seed)
    desk = Desk(recall_seconds=0)
    spec = {"keyword": word, "places": places, "seconds": 86_400}
    desk.ok("cue.add", {"cue_id": "list", "kind": "first_come", "spec": spec})
    desk.ok("cue.fire", {"cue_id": "list"})
    facts = [
        desk.made("comment.posted", {"viewer": {"id": name, "name": name}, "text": text}, SOURCE)
        for name, text in said
    ]
    place = 0
    while place < len(facts):
        size = dice.randint(1, 900)
        desk.now += timedelta(milliseconds=dice.randint(0, 9))
        desk.fold(take(desk.room, facts[place : place + size], desk.now, desk.chance))
        place += size
    return desk


@pytest.mark.parametrize(("rank", "places"), [(0, 50), (3, 20)])
def test_a_word_of_the_room_gives_the_first_who_said_it(shared: Path, rank: int, places: int) -> None:
    said = said_in(shared)
    word, often = Counter(plainly(text) for _, text in said).most_common(rank + 1)[rank]
    desk = played(said, word, places, rank)
    cue = desk.cue("list")
    assert cue.places is not None
    everybody = first_who_said(said, word)
    print(f"「{word}」: said {often:,} times by {len(everybody):,} people in {len(said):,} comments")
    assert len(said) > 30_000
    assert [pid for pid, _ in cue.places.placed(places)] == everybody[:places]
    assert cue.places.waiting(places) == len(everybody) - places > 0
    assert often > len(everybody), "somebody said it twice, and has one place"
