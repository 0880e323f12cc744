"""A series of bags on the picture."""

from __future__ import annotations

from datetime import timedelta

from tests.overlay.test_view import BAG, at_once, entered, fired, only, view


def test_between_two_bags_of_a_series_the_next_is_told_and_who_won_the_last() -> None:
    desk = at_once()
    fired(desk, "bag", "lucky_bag", BAG | {"winners": 1, "series": {"count": 3, "gap_seconds": 90}})
    entered(desk, "p1")
    card = only(desk)
    assert (card.bag, card.bags, card.next_at, card.entrants) == (1, 3, None, 1)
    assert card.condition.endswith("，中过的不再中")
    desk.wait(60)
    between = only(desk)
    assert (between.bag, between.ends_at, between.entrants) == (2, None, None)
    assert between.next_at == desk.now + timedelta(seconds=90)
    assert (between.promise_code, between.qr, between.root_code) == ("", None, ""), "it has none yet"
    (result,) = view(desk, p1="糖糖不吃糖").results
    assert (result.bag, result.count, len(result.winners)) == (1, 1, 1)
    assert "糖糖不吃糖" not in result.winners
    desk.wait(90)
    entered(desk, "p1")
    entered(desk, "p2")
    second = only(desk)
    assert (second.bag, second.entrants, view(desk).results) == (2, 1, [])
    assert second.promise_code != card.promise_code
    desk.ok("bag.no_more", {"cue_id": "bag"})
    desk.wait(60)
    assert view(desk).running == []
    (last,) = view(desk).results
    assert (last.bag, last.count) == (2, 1)
