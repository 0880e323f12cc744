"""Who is muted is read nowhere in the feed, counts in no group, and lends his row to nobody."""

from __future__ import annotations

import pytest

from liveconsole.views.feed import Feed, Filtered, FoundComments
from tests.ui.committed import comment


def speaks(seq: int, text: str, who: str) -> dict[str, object]:
    said = comment(seq, text)
    return said | {"data": {"viewer": {"id": who, "name": who}, "text": text}}


def shown(feed: Feed) -> list[tuple[str, bool, int]]:
    return [(row.text, row.hidden, row.count) for row in feed.rows()]


def test_his_rows_are_hidden_and_his_next_words_make_none() -> None:
    feed = Feed()
    feed.fold([speaks(1, "多少钱", "bad"), speaks(2, "好看", "good")])
    assert feed.mute(["bad"])
    assert not feed.mute(["bad"]), "no news"
    feed.fold([speaks(3, "多少钱", "bad"), speaks(4, "多少钱", "good"), speaks(5, "多少钱", "other")])
    assert shown(feed) == [("多少钱", True, 1), ("好看", False, 1), ("多少钱", False, 2)]
    assert feed.counts.asked["price"] == 3, "what was counted before leaves with the next reading of the log"
    assert feed.mute([])
    assert [row.hidden for row in feed.rows()] == [False, False, False]


def test_no_filter_no_search_and_no_earlier_count_has_him() -> None:
    feed = Feed()
    feed.fold([speaks(1, "多少钱", "bad"), speaks(2, "多少钱呀", "good")])
    feed.mute(["bad"])
    for name, words in (("question", ""), ("topic:price", ""), ("all", "多少")):
        kept = Filtered(feed, name, words)
        kept.refresh()
        assert [row.pid for row in kept.rows()] == ["good"], name
    found = FoundComments(feed)
    found.older([speaks(1, "多少钱", "bad"), speaks(2, "多少钱呀", "good")])
    assert [row.pid for row in found.rows()] == ["good"]
    again = Feed()
    again.mute(["bad"])
    again.fold([speaks(9, "在", "good")])
    again.take_earlier([speaks(1, "多少钱", "bad"), speaks(2, "多少钱呀", "good")])
    assert again.counts.asked["price"] == 1


def test_a_feed_that_mutes_nobody_shows_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without it his words stand there."""
    monkeypatch.setattr(Feed, "mute", lambda _self, _people: False)
    feed = Feed()
    feed.mute(["bad"])
    feed.fold([speaks(1, "多少钱", "bad")])
    assert shown(feed) == [("多少钱", False, 1)]
