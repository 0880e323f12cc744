"""分享券: for whoever brings others; the factor 1 : n with its evidence, told or typed."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.domain import helping
from liveconsole.views.report import fold
from liveconsole.views.report.model import Promotion
from tests.unit.domain.desk import Desk, request
from tests.unit.views.log_lines import lines_of

SHARED = {
    "name": "分享券", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60,
    "share": {"friends": 2},
}  # fmt: skip


def running(platform: str = "own") -> Desk:
    desk = Desk(platform, recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "s", "kind": "coupon", "spec": SHARED})
    desk.ok("cue.fire", {"cue_id": "s"})
    if platform == "manual":
        desk.ok("cue.confirm", {"cue_id": "s", "step": "on_air", "done": True})
    return desk


def bring(desk: Desk, viewer: str, by: str) -> None:
    desk.fact("share.brought", {"cue_id": "s", "viewer": {"id": viewer}, "by": {"id": by}})


def claim(viewer: str) -> dict[str, Any]:
    return {"cue_id": "s", "viewer": {"id": viewer}}


def buys(desk: Desk, order_id: str, buyer: str) -> None:
    desk.ok("order.request", request(order_id, buyer), "producer")
    desk.fact("order.paid", {"order_id": order_id, "paid_fen": 9900})


def row(desk: Desk, **how: Any) -> Promotion:
    return next(one for one in fold(lines_of(desk), **how).promotions if one.cue_id == "s")


def test_it_is_for_whoever_brought_enough_others() -> None:
    desk = running()
    refused = desk.refusal("coupon.claim", claim("ann"), "producer")
    assert (refused.code, refused.params["missing"]) == ("not_reached", 2)
    for viewer in ("bob", "bob", "ann"):
        bring(desk, viewer, "ann")
    assert desk.refusal("coupon.claim", claim("ann"), "producer").params["missing"] == 1
    bring(desk, "cat", "ann")
    desk.ok("coupon.claim", claim("ann"), "producer")
    assert desk.no("coupon.claim", claim("bob"), "producer") == "not_reached"
    assert desk.seen("s")["helped"] == {"needed": 2, "people": 1, "helpers": 2, "reached": 1}
    assert desk.refold() == desk.room


def test_the_factor_counts_new_buyers_over_sharers_each_once() -> None:
    desk = running()
    buys(desk, "early", "dan")
    for viewer, by in (("bob", "ann"), ("cat", "ann"), ("dan", "ann"), ("bob", "eve"), ("fay", "eve")):
        bring(desk, viewer, by)
    for order_id, buyer in (("o1", "bob"), ("o2", "bob"), ("o3", "fay"), ("o4", "gus")):
        desk.wait(1)
        buys(desk, order_id, buyer)
    desk.ok("order.request", request("o5", "cat"), "producer")
    said = row(desk)
    assert (said.sharers, said.people_brought, said.brought) == (2, 4, 2), "who had bought before is none"
    assert said.share_factor == 1.0
    assert said.evidence == [], "nobody is named unasked"


def test_who_brought_whom_stands_only_where_names_are_asked_for() -> None:
    desk = running()
    bring(desk, "bob", "ann")
    desk.wait(1)
    buys(desk, "o1", "bob")
    (pair,) = row(desk, names=True).evidence
    assert pair.bought
    for role in ("viewer", "assistant", "host"):
        shown = repr(desk.shown(role).cues)
        assert "bob" not in shown, "the state counts, and names nobody"


def test_where_no_source_tells_a_person_types_it_and_it_says_so() -> None:
    desk = running("manual")
    assert (desk.seen("s").get("helped"), row(desk).share_factor) == (None, None)
    desk.ok("cue.measure", {"cue_id": "s", "sharers": 4, "brought": 10})
    said = row(desk)
    assert (said.sharers, said.brought, said.share_factor, said.told) == (4, 10, 2.5, "hand")
    assert said.people_brought is None
    assert (desk.seen("s")["sharers"], desk.seen("s")["brought"]) == (4, 10)


@pytest.mark.parametrize("platform", ["own", "manual"])
def test_a_coupon_that_is_not_for_sharing_says_nothing_of_it(platform: str) -> None:
    desk = Desk(platform, recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "s", "kind": "coupon", "spec": {**SHARED, "share": None}})
    assert "helped" not in desk.seen("s")
    assert desk.cue("s").helped is None


def test_twin_a_coupon_that_asks_for_nobody_is_anybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "not_reached", lambda cue, pid: None)
    running().ok("coupon.claim", claim("ann"), "producer")
