"""Each segment's three numbers against the median of the last broadcasts, reckoned by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from liveconsole.books.boards import page_of, scores
from liveconsole.books.boards.scope import scope_of
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import SegmentScore
from liveconsole.store import open_store
from tests.unit.books.test_boards import page, tiles
from tests.unit.engine.evenings import Evenings


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    made = Evenings(open_store(tmp_path / "data", room_id="room"))
    made.ok("rundown.put", segments=[{"segment_id": f"s{n}", "title": f"第{n}段"} for n in range(3)])
    return made


def segment(evenings: Evenings, talkers: int, good: int, answered: int, online: int = 100) -> None:
    """Ten minutes: forty comments by so many people, so many of them kind."""
    evenings.ok("go.next")
    evenings.fact("room.measured", online=online)
    posts = []
    for n in range(40):
        text = "好看 喜欢" if n < good else "多少钱"
        who = {"id": f"v{n % talkers}", "name": "小林"}
        posts.append(evenings.event("comment.posted", {"viewer": who, "text": text}))
    evenings.post(*posts)
    for n in range(answered):
        evenings.ok("question.answer", text=f"起球吗{n}")
    evenings.wait(600)


def evening(evenings: Evenings, **each: int) -> None:
    evenings.open()
    for _ in range(3):
        segment(evenings, **{"talkers": 10, "good": 10, "answered": 2, **each})


def found(evenings: Evenings) -> list[SegmentScore]:
    return page(evenings).scores


def test_twice_the_median_is_a_hundred_and_the_median_is_fifty(evenings: Evenings) -> None:
    for _ in range(2):
        evening(evenings)
        evenings.close()
        evenings.wait(86_400)
    evenings.open()
    segment(evenings, talkers=20, good=20, answered=2)
    segment(evenings, talkers=10, good=5, answered=6)
    first, second = found(evenings)
    assert (first.interaction, first.emotion, first.information) == (100, 100, 50)
    assert (second.interaction, second.emotion, second.information) == (50, 25, 100)
    assert (first.comments, first.good, first.talkers, first.online, first.answered) == (40, 20, 20, 100, 2)
    assert (first.title, second.title) == ("第0段", "第1段")
    assert tiles(page(evenings))["interaction"].value == 50, "of the segment that was shown last"


def test_over_it_has_the_scores_that_it_had(evenings: Evenings) -> None:
    for _ in range(2):
        evening(evenings)
        evenings.close()
        evenings.wait(86_400)
    evening(evenings, good=14)
    live = found(evenings)
    evenings.close()
    assert [(s.information, s.emotion, s.interaction) for s in found(evenings)] == [
        (s.information, s.emotion, s.interaction) for s in live
    ]
    assert live[0].emotion == 70


def test_of_the_first_broadcast_there_is_nothing_to_compare_with(evenings: Evenings) -> None:
    evening(evenings)
    assert {(s.information, s.emotion, s.interaction) for s in found(evenings)} == {(None, None, None)}
    assert all(s.why is not None for s in found(evenings))
    assert [s.talkers for s in found(evenings)] == [10, 10, 10], "its parts are told"


def test_comments_are_read_a_little_with_each_look_and_then_no_more(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        evening(evenings)
        evenings.close()
        evenings.wait(86_400)
    monkeypatch.setattr(scores, "SECONDS", -1.0)
    monkeypatch.setattr(scores, "_PAGE", 50)
    monkeypatch.setattr(scores, "_COMMENTS", scores._COMMENTS.replace("LIMIT 1000", "LIMIT 50"))
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)
    told = []
    for _ in range(4):
        (last, *_) = page_of(reader, scope_of(reader, {})).scores
        told.append(last.why.code if last.why else "")
    assert told == ["reading"] * 4, "no time: each look reads a page of its own broadcast"
    monkeypatch.setattr(scores, "SECONDS", 5.0)
    assert page_of(reader, scope_of(reader, {})).scores[0].why is None
    reader.close()
