"""Reviews by product, by stars and by what they are about."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from liveconsole.advice.seller_files import FOLDER
from liveconsole.books import reviews
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.messages.reviews import ReviewBook
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings

DAY = 86_400.0


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    found = Evenings(open_store(tmp_path / "data", room_id="room"))
    found.open()
    return found


def _reader(evenings: Evenings) -> BookReader:
    return BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)


def book(evenings: Evenings, **query: str) -> ReviewBook:
    reader = _reader(evenings)
    try:
        return msgspec.json.decode(reviews.answer(reader, query), type=ReviewBook)
    finally:
        reader.close()


def said(evenings: Evenings, product: str, stars: int, text: str, order_id: str = "") -> int:
    data = {"product_id": product, "stars": stars, "text": text}
    evenings.fact("review.posted", **(data | ({"order_id": order_id} if order_id else {})))
    return int(evenings.room.seq)


def test_reviews_by_product_by_stars_and_by_what_they_are_about(evenings: Evenings) -> None:
    evenings.placed("o1")
    said(evenings, "a", 1, "起球，还偏大", "o1")
    said(evenings, "a", 5, "很软，晒单")
    said(evenings, "b", 2, "快递太慢")
    said(evenings, "b", 5, "好")
    found = book(evenings)
    assert (found.looked, found.more, found.by_stars) == (4, False, [1, 1, 0, 0, 2])
    assert [(one.product_id, one.title, one.by_stars) for one in found.products] == [
        ("a", "羊毛衫", [1, 0, 0, 0, 1]),
        ("b", "羊毛衫", [0, 1, 0, 0, 1]),
    ]
    topics = {one.topic: (one.count, one.low, one.sample) for one in found.topics}
    assert topics == {
        "fabric": (2, 1, "很软，晒单"),
        "parcel": (1, 1, "快递太慢"),
        "size": (1, 1, "起球，还偏大"),
        "show": (1, 0, "很软，晒单"),
    }
    assert next(iter(topics)) == "fabric", "what low reviews are about comes first"
    assert [row.stars for row in book(evenings, stars="5").rows] == [5, 5]
    assert [row.product_id for row in book(evenings, product="b").rows] == ["b", "b"]
    assert [row.text for row in book(evenings, keyword="晒单").rows] == ["很软，晒单"]
    assert found.rows[-1].buyer in ("", "观众") or found.rows[-1].buyer.endswith("**"), "masked"


def test_only_what_a_buyer_agreed_to_is_to_be_shown(evenings: Evenings) -> None:
    first, second = said(evenings, "a", 5, "晒单一"), said(evenings, "a", 5, "晒单二")
    assert book(evenings, agreed="1").rows == []
    evenings.ok("review.consent", review_id=first, agreed=True)
    evenings.ok("review.consent", review_id=second, agreed=True)
    evenings.ok("review.consent", review_id=second, agreed=False)
    assert [row.review_id for row in book(evenings, agreed="1").rows] == [first]
    assert [row.agreed for row in book(evenings).rows] == [False, True]


def test_a_row_says_which_words_stand_in_its_way(evenings: Evenings) -> None:
    said(evenings, "a", 5, "全网第一")
    said(evenings, "a", 5, "很软")
    assert [row.words for row in book(evenings).rows] == [[], ["全网第一"]]


def test_pages_go_through_every_review_once(evenings: Evenings) -> None:
    seqs = [said(evenings, "a", 5, str(n)) for n in range(5)]
    seen: list[int] = []
    after = 0
    while True:
        found = book(evenings, limit="2", after=str(after))
        seen += [row.review_id for row in found.rows]
        after = found.after
        if not after:
            break
    assert seen == seqs[::-1]


def test_more_than_is_looked_at_is_said(evenings: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "LOOKED_MOST", 3)
    for n in range(5):
        said(evenings, "a", 5, str(n))
    found = book(evenings)
    assert (found.looked, found.more, sum(found.by_stars)) == (3, True, 3)


@pytest.mark.parametrize("query", [{"stars": "6"}, {"keyword": "字" * 41}, {"after": "x"}, {"agreed": "2"}])
def test_a_query_that_nobody_can_answer(evenings: Evenings, query: dict[str, str]) -> None:
    with pytest.raises(BadQuery):
        book(evenings, **query)


def test_an_own_word_list_holds_and_a_broken_one_does_not(evenings: Evenings) -> None:
    said(evenings, "a", 1, "拉链坏了")
    assert book(evenings).topics == []
    own = evenings.store.folder / FOLDER
    own.mkdir()
    file = own / "reviews.toml"
    file.write_text("[[topic]]\nid = 'zip'\nzh = '拉链'\nen = 'zip'\nwords = ['拉链']\n", "utf-8")
    assert [one.topic for one in book(evenings).topics] == ["zip"]
    file.write_text("[[topic]]\nid = 'ZIP'\n", "utf-8")
    assert book(evenings).topics == []
