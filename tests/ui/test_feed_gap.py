"""A gap of a source is a line of the feed when it begins and when it ends, in both languages."""

from __future__ import annotations

from typing import Any

from liveconsole.views.feed import Feed, FeedRow
from ui import i18n
from ui.panels.feed.words import says

OBA = "/oba/127.0.0.1:12354"
GAP = {"source": OBA, "from": "2026-11-11T12:14:00Z", "to": None, "why": "lost", "comments": True}


def rows(*told: dict[str, Any]) -> list[FeedRow]:
    feed = Feed()
    feed.fold(
        {"seq": n, "type": "source.gap", "at": "2026-11-11T12:16:00Z", "actor": "platform", "data": data}
        for n, data in enumerate(told, 1)
    )
    return feed.rows()


def test_when_it_begins_and_when_it_ends() -> None:
    begun, ended = map(says, rows(GAP, {**GAP, "to": "2026-11-11T12:17:00Z"}))
    assert begun.startswith("评论 · oba 从 ")
    assert begun.endswith(" 起没有数据 · 连接断了")
    assert ended.startswith("评论 · oba ")
    assert ended.endswith(" 没有数据")
    assert "–" in ended


def test_a_reason_of_tomorrow_says_nothing() -> None:
    (begun,) = map(says, rows({**GAP, "why": "of/tomorrow"}))
    assert begun.endswith("起没有数据")


def test_in_english() -> None:
    i18n.use("en")
    try:
        begun, ended = map(says, rows(GAP, {**GAP, "to": "2026-11-11T12:17:00Z"}))
    finally:
        i18n.use("zh")
    assert begun.endswith("the connection was lost")
    assert "nothing came" in ended
