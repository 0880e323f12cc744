"""Buyers, first-timers, who has not paid, refunds: what the feed knows of people and orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from liveconsole.views import highlights, questions
from liveconsole.views.feed import Feed, Filtered, is_lure, orders
from tests.ui.committed import NOW, comment, event, order
from tests.ui.rooms import sample_state


def _feed() -> Feed:
    feed, state = Feed(), sample_state()
    feed.learn(state.catalogue, state.cart, state.cues)
    return feed


def _by(order_: dict[str, Any], pid: str, name: str = "") -> dict[str, Any]:
    order_["data"]["buyer"] = {"id": pid, "name": name}
    return order_


def _granted(seq: int, order_id: str, until: str) -> dict[str, Any]:
    made = order(seq, order_id, "scarf", 9900) | {"type": "order.granted"}
    made["data"]["hold_until"] = until
    return made


def test_a_buyer_is_one_as_long_as_an_order_stands() -> None:
    feed = _feed()
    feed.fold([_by(order(1, "a", "scarf", 1), "p1"), _by(order(2, "b", "scarf", 1), "p1")])
    assert "p1" in feed.orders.buyers
    feed.fold([event(3, "order.lapsed", {"order_id": "a"})])
    assert "p1" in feed.orders.buyers
    feed.fold([event(4, "order.closed", {"order_id": "b", "reason": ""})])
    assert "p1" not in feed.orders.buyers


def test_who_paid_stays_a_buyer_and_an_order_without_a_buyer_makes_none() -> None:
    feed = _feed()
    feed.fold(
        [
            _by(order(1, "a", "scarf", 1), "p1"),
            event(2, "order.paid", {"order_id": "a", "paid_fen": 1}),
            event(3, "order.closed", {"order_id": "a", "reason": ""}),
            _by(order(4, "b", "scarf", 1), ""),
        ]
    )
    assert set(feed.orders.buyers) == {"p1"}


def test_names_stand_at_grouped_orders_where_the_source_has_them() -> None:
    feed = _feed()
    feed.fold([_by(order(1, "a", "scarf", 1), "p1"), _by(order(2, "b", "scarf", 1), "p2", "小王")])
    assert [(row.name, row.count) for row in feed.rows()] == [("小王", 2)]
    more = [("c", "糖、糖"), ("d", "小王"), ("e", "Linda" * 9), ("f", "阿强")]
    feed.fold([_by(order(3 + n, o, "scarf", 1), f"q{n}", name) for n, (o, name) in enumerate(more)])
    assert [(row.name, row.count) for row in feed.rows()] == [("小王、糖糖、LindaLindaLi", 6)]


def test_first_comments_are_new_only_when_the_broadcast_was_followed_from_its_opening() -> None:
    feed = _feed()
    feed.fold([comment(1, "来了", viewer="p1")])
    feed.fold([event(2, "broadcast.opened", {"title": ""})])
    feed.fold([comment(3, "一", viewer="p1"), comment(4, "二", viewer="p1"), comment(5, "三", viewer="p2")])
    feed.fold([event(6, "broadcast.opened", {"title": ""}), comment(7, "四", viewer="p1")])
    new = {row.text: row.new for row in feed.rows() if row.text}
    assert new == {"来了": False, "一": True, "二": False, "三": True, "四": True}


def test_a_merged_repeat_is_a_comment_too_for_who_is_new() -> None:
    feed = _feed()
    feed.fold([event(1, "broadcast.opened", {"title": ""}), comment(2, "好看", viewer="p1")])
    feed.fold([comment(3, "好看", viewer="p2"), comment(4, "多少钱", viewer="p2")])
    assert [row.new for row in feed.rows()[1:]] == [True, False]


def test_nobody_is_new_once_too_many_were_seen(monkeypatch: Any) -> None:
    monkeypatch.setattr("liveconsole.views.feed.fold.SEEN_MAX", 3)
    feed = _feed()
    feed.fold([event(1, "broadcast.opened", {"title": ""})])
    feed.fold([comment(n, f"{n}", viewer=f"p{n}") for n in range(2, 9)])
    later = NOW + timedelta(seconds=1)
    feed.fold([comment(20, "后来", viewer="p-new", at=later)])
    assert [row.new for row in feed.rows()][-2:] == [True, False]
    assert len(feed._seen) <= 2


def test_unpaid_orders_know_their_deadline() -> None:
    feed = _feed()
    until = (NOW + timedelta(minutes=15)).isoformat()
    feed.fold([order(1, "a", "scarf", 9900), _granted(2, "b", until), order(3, "c", "beret", 6900)])
    assert [(o.order_id, o.about, o.fen, o.until) for o in feed.unpaid()] == [
        ("a", "3", 9900, ""),
        ("b", "3", 9900, until),
        ("c", "6", 6900, ""),
    ]
    feed.fold([_granted(4, "a", until), event(5, "order.paid", {"order_id": "c", "paid_fen": 6900})])
    assert [(o.order_id, o.until) for o in feed.unpaid()] == [("a", until), ("b", until)]
    feed.fold([event(6, "order.lapsed", {"order_id": "a"}), event(7, "order.closed", {"order_id": "b"})])
    assert feed.unpaid() == []


def test_orders_are_forgotten_oldest_first(monkeypatch: Any) -> None:
    monkeypatch.setattr(orders, "KNOWN_MAX", 3)
    feed = _feed()
    feed.fold([_by(order(n, f"o{n}", "scarf", 1), f"p{n}") for n in range(10)])
    assert [o.order_id for o in feed.unpaid()] == ["o7", "o8", "o9"]
    assert len(feed.orders.buyers) <= 4
    feed.fold([event(20, "order.paid", {"order_id": "o1", "paid_fen": 1})])
    assert feed.rows()[-1].what == "paid"


def _refunds(minutes: list[int], long: int) -> orders.Refunds:
    feed = _feed()
    start = NOW - timedelta(minutes=long)
    feed.fold([comment(1, "开始", at=start)])
    feed.fold(
        event(10 + n, "order.refunded", {"order_id": f"o{n}", "refund_fen": 1}, at=NOW - timedelta(minutes=m))
        for n, m in enumerate(sorted(minutes, reverse=True))
    )
    return feed.orders.refunds(int(NOW.timestamp()) // 60)


def test_refunds_rise_against_the_time_before() -> None:
    assert _refunds([1, 2, 3, 4], 60).rising
    assert not _refunds([1, 2], 60).rising
    steady = _refunds([*range(0, 60, 3)], 60)
    assert (steady.now, steady.rising) == (4, False)
    assert 3.0 < steady.before < 3.6


def test_nothing_rises_before_there_is_something_to_compare_with() -> None:
    assert not _refunds([1, 2, 3, 4, 5], 12).rising
    assert _refunds([1, 2, 3, 4, 5], 30).rising


def test_an_answered_group_counts_from_then_on() -> None:
    feed = _feed()
    feed.fold([comment(1, "多少钱"), comment(2, "多少钱呀"), comment(3, "几天到")])
    feed.counts.answer("price")
    assert (feed.counts.topics()["price"], feed.counts.topics()["shipping"]) == (0, 1)
    assert feed.counts.answered["price"] == int(NOW.timestamp())
    feed.fold([comment(4, "到手价呢", at=NOW + timedelta(seconds=3))])
    assert feed.counts.topics()["price"] == 1
    feed.counts.answer("no-such-group")
    assert sum(feed.counts.topics().values()) == 2


def test_own_groups_and_highlights_are_counted_and_marked() -> None:
    look = highlights.CommentMarks(
        questions.read("[[group]]\nid = 'gift'\nwords = ['赠品']"),
        highlights.read("[[rule]]\nid = 'boss'\nwords = ['老板']"),
    )
    feed = Feed(look=look)
    feed.fold([comment(1, "老板赠品有吗"), comment(2, "多少钱"), comment(3, "加v❤看主页")])
    assert feed.counts.topics() == {"gift": 1}
    assert [(row.topic, row.mark, is_lure(row)) for row in feed.rows()] == [
        ("gift", "boss", False),
        ("", "", False),
        ("", "", True),
    ]
    assert feed.heard == {"boss": int(NOW.timestamp())}
    marked, group = Filtered(feed, "marked"), Filtered(feed, "topic:gift")
    marked.refresh()
    group.refresh()
    assert [row.seq for row in marked.rows()] == [1, 3]
    assert [row.seq for row in group.rows()] == [1]


def test_search_leaves_out_and_never_reorders() -> None:
    feed = _feed()
    feed.fold(
        [
            comment(1, "ABC 好看", name="糖糖"),
            comment(2, "驼色"),
            comment(3, "x", name="abc"),
            comment(4, "abc吗？"),
        ]
    )
    found = Filtered(feed, "all", "abc")
    found.refresh()
    assert [row.seq for row in found.rows()] == [1, 3, 4]
    both = Filtered(feed, "question", " Abc ")
    both.refresh()
    assert [row.seq for row in both.rows()] == [4]
    feed.fold([comment(5, "又 aBc 了")])
    found.refresh()
    found.refresh()
    assert [row.seq for row in found.rows()] == [1, 3, 4, 5]
