"""What the overlay is told in which state of the room, and what it is never told."""

from __future__ import annotations

import json
import types
import typing
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.domain.draw import promise_code, receipt_code, short_code
from liveconsole.domain.room import Measured
from liveconsole.messages.specs import LINK_LIMIT, parse_spec
from liveconsole.overlay.coupons import off_words, rule_line, top_up
from liveconsole.overlay.qr import code_of
from liveconsole.overlay.view import OverlayProduct, OverlayPromotion, OverlayResult, OverlayView, look
from tests.unit.domain.desk import Desk, placed, request

COUPON = {
    "name": "满减券",
    "rule": {"threshold_fen": 19900, "off_fen": 2000},
    "quantity": 300,
    "per_buyer": 1,
    "seconds": 60,
}
BAG = {
    "prize": {"name": "保温杯", "value_fen": 9900},
    "winners": 2,
    "entry": {"keyword": "福到了"},
    "seconds": 60,
}


def at_once(platform: str = "own") -> Desk:
    return Desk(platform, recall_seconds=0)


def fired(desk: Desk, cue_id: str, kind: str, spec: dict[str, Any]) -> str:
    desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
    desk.ok("cue.fire", {"cue_id": cue_id})
    if desk.room.settings.platform == "manual":
        desk.ok("cue.confirm", {"cue_id": cue_id, "step": "on_air", "done": True})
    return cue_id


def pinned(desk: Desk, product_id: str = "scarf") -> OverlayProduct:
    desk.ok("cart.pin", {"product_id": product_id})
    found = view(desk).pinned
    assert found is not None
    return found


def view(desk: Desk, **names: str) -> OverlayView:
    return look(desk.room, desk.now, names)


def only(desk: Desk) -> OverlayPromotion:
    (one,) = view(desk).running
    return one


def ordered(desk: Desk, order_id: str, quantity: int = 1) -> None:
    line = {"sku_id": "scarf", "quantity": quantity, "unit_price_fen": 5900}
    data = {"order_id": order_id, "buyer": {"id": order_id}, "lines": [line], "total_fen": 5900 * quantity}
    desk.fact("order.placed", data)


def entered(desk: Desk, pid: str, text: str = "福到了") -> None:
    desk.fact("comment.posted", {"viewer": {"id": pid, "name": ""}, "text": text}, "/tape/1")


# No field for a person ------------------------------------------------------------------------------


def _walk(kind: Any, path: str) -> typing.Iterator[tuple[str, Any]]:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType, list):
        for one in typing.get_args(kind):
            yield from _walk(one, path)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for name, inner in typing.get_type_hints(kind).items():
            yield from _walk(inner, f"{path}.{name}")
    else:
        yield path, kind


def test_the_type_has_no_room_for_a_person() -> None:
    leaves = list(_walk(OverlayView, "view"))
    plain = {str, int, bool, datetime, type(None)}
    assert {kind for _, kind in leaves} <= plain, "no mapping and no Any that could carry more"
    paths = {path for path, _ in leaves} - {"view.running.per_buyer"}  # how many one may buy
    persons = {"viewer", "buyer", "person", "pid", "name", "phone", "address", "order", "comment", "user"}
    assert [path for path in paths if any(word in path for word in persons)] == []
    assert "view.results.winners" in paths, "the only people, whose names are masked"


def test_nothing_of_buyers_viewers_or_floors_is_in_it() -> None:
    desk = at_once()
    pinned(desk)
    desk.run_sale()
    fired(desk, "bag", "lucky_bag", BAG)
    desk.fact(
        "comment.posted", {"viewer": {"id": "secret-viewer", "name": "赵大名"}, "text": "福到了"}, "/tape/1"
    )
    ordered(desk, "secret-order")
    text = msgspec.json.encode(view(desk)).decode()
    assert {cue.kind: cue.entrants for cue in view(desk).running}["lucky_bag"] == 1
    for word in ("secret", "赵", "floor", "holds", "gmv"):
        assert word not in text


# The pinned product ---------------------------------------------------------------------------------


def test_the_pinned_product_has_its_number_and_price() -> None:
    desk = at_once()
    assert view(desk).pinned is None
    shown = pinned(desk, "hat")
    assert (shown.number, shown.title, shown.price_fen) == (2, desk.room.products["hat"].title, 4900)
    assert shown.list_price_fen is None, "no price is struck that nobody named"
    desk.ok("product.shelf", {"product_id": "hat", "on": False})
    assert view(desk).pinned is None, "off the shelf leaves every screen at once"


@pytest.mark.parametrize(("listed", "struck"), [(12900, 12900), (13000, None), (9900, None), (5000, None)])
def test_a_list_price_is_struck_only_where_it_is_named_higher_and_proved(
    listed: int, struck: int | None
) -> None:
    desk = at_once()
    desk.ok("catalogue.put", {"products": [{"product_id": "scarf", "price_fen": 12900}]})
    desk.wait(3 * 86_400)
    desk.ok("catalogue.put", {"products": [{"product_id": "scarf", "price_fen": 9900}]})
    desk.room.products["scarf"].list_price_fen = listed
    shown = pinned(desk)
    assert shown.list_price_fen is None, "its first price, of the same day as the dear one, was 99 yuan"
    desk.wait(86_400)
    desk.ok("catalogue.put", {"products": [{"product_id": "scarf", "price_fen": 12900}]})
    desk.wait(8 * 86_400)
    desk.ok("catalogue.put", {"products": [{"product_id": "scarf", "price_fen": 9900}]})
    desk.room.products["scarf"].list_price_fen = listed
    shown = pinned(desk)
    assert (shown.list_price_fen, shown.lowest_7d_fen) == (struck, 12900 if struck else None)


def test_a_wanted_pin_that_the_platform_has_not_confirmed_is_not_shown() -> None:
    desk = at_once("manual")
    desk.ok("cart.pin", {"product_id": "scarf"})
    assert view(desk).pinned is None


# Flash sale -----------------------------------------------------------------------------------------


def test_a_sale_shows_what_is_left_and_joins_the_card_of_its_product() -> None:
    desk = at_once()
    pinned(desk, "hat")
    count = desk.run_sale()
    sale = only(desk)
    assert (sale.left, sale.quantity, sale.price_fen, sale.number) == (count.quantity, 5, 5900, 1)
    assert not sale.on_pinned
    pinned(desk, "scarf")
    assert only(desk).on_pinned
    ordered(desk, "o1", 2)
    assert only(desk).left == 3 == desk.seen()["left"], "the same figure as on every seat"


def test_what_is_left_never_goes_below_nothing() -> None:
    desk = at_once()
    desk.run_sale()
    for order_id, quantity in (("o1", 2), ("o2", 2), ("o3", 1)):
        lines = [{"sku_id": "scarf", "quantity": quantity}]
        data = {"order_id": order_id, "buyer": {"id": order_id}, "lines": lines, "cue_id": "sale"}
        desk.ok("order.request", data)
    assert only(desk).left == 0, "held, not paid: units may come back while it stays on air"
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert view(desk).running == []


def test_a_sale_that_is_only_queued_or_not_confirmed_is_not_on_the_picture() -> None:
    desk = at_once("manual")
    desk.queue_sale()
    assert view(desk).running == []
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.cue().status == "firing"
    assert view(desk).running == []


def test_where_nobody_reports_orders_what_is_left_is_what_was_read_and_for_a_minute() -> None:
    desk = at_once("manual")
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    assert only(desk).left is None, "nobody knows, so nobody is told"
    desk.cue().ends_at = None
    desk.cue().measured = Measured(desk.now, left=3)
    assert only(desk).left == 3
    until = only(desk).known_until
    assert until is not None
    assert (until - desk.now).total_seconds() == 60
    assert look(desk.room, until).running[0].left == 3
    assert look(desk.room, until.replace(microsecond=1000)).running[0].left is None
    ordered(desk, "o1")
    assert (only(desk).left, only(desk).known_until) == (4, None), "a source that reports orders counts"


# Coupon ---------------------------------------------------------------------------------------------


def test_a_coupon_says_its_rule_what_is_left_and_what_is_missing() -> None:
    desk = at_once()
    fired(desk, "c", "coupon", COUPON)
    coupon = only(desk)
    assert (coupon.off, coupon.rule, coupon.left, coupon.claimed) == ("¥20", "满 199 减 20", 300, 0)
    assert (coupon.top_up, coupon.qr) == ("", None)
    pinned(desk)
    assert only(desk).top_up == "买 1 号，再买 ¥100 减 ¥20"
    desk.run_sale()
    assert view(desk).running[0].top_up == "买 1 号，再买 ¥140 减 ¥20", "from the price of the moment"
    desk.ok("coupon.claim", {"cue_id": "c", "viewer": {"id": "p1"}})
    coupon = view(desk).running[0]
    assert (coupon.left, coupon.claimed) == (299, 1)


def test_a_coupon_for_other_goods_gives_no_advice_on_the_pinned_one() -> None:
    desk = at_once()
    pinned(desk)
    fired(desk, "c", "coupon", COUPON | {"scope": {"product_ids": ["hat"]}})
    assert (only(desk).rule, only(desk).top_up) == ("满 199 减 20 · 限 2 号", "")


def test_a_coupon_of_the_platform_shows_only_what_was_read_lately() -> None:
    desk = at_once("manual")
    fired(desk, "c", "coupon", COUPON)
    assert (only(desk).left, only(desk).claimed) == (None, None)
    desk.cue("c").measured = Measured(desk.now, claimed=12, left=288)
    assert (only(desk).left, only(desk).claimed) == (288, 12)


@pytest.mark.parametrize(
    ("rule", "price", "words"),
    [
        ({"threshold_fen": 19900, "off_fen": 2000}, 9900, "买 3 号，再买 ¥100 减 ¥20"),
        ({"threshold_fen": 19900, "off_fen": 2000}, 19899, "买 3 号，再买 ¥0.01 减 ¥20"),
        ({"threshold_fen": 19900, "off_fen": 2000}, 19900, "买 3 号就减 ¥20"),
        ({"off_fen": 2000}, 9900, ""),
        ({"zhe": "8.5"}, 9900, ""),
        (
            {"tiers": [{"threshold_fen": 29900, "off_fen": 4000}, {"threshold_fen": 9900, "off_fen": 1000}]},
            9900,
            "买 3 号，再买 ¥200 减 ¥40",
        ),
    ],
)
def test_the_advice_is_exact(rule: dict[str, Any], price: int, words: str) -> None:
    spec = parse_spec("coupon", COUPON | {"rule": rule})
    assert top_up(spec.rule, price, 3) == words  # type: ignore[union-attr]


def test_rules_in_plain_words() -> None:
    def rule(**fields: Any) -> Any:
        return parse_spec("coupon", COUPON | {"rule": fields}).rule  # type: ignore[union-attr]

    assert (off_words(rule(zhe="8.5")), rule_line(rule(zhe="8.5"), None, {})) == ("8.5折", "8.5 折")
    assert rule_line(rule(off_fen=500), ["a", "b"], {"a": 7, "b": 5}) == "直减 5 · 限 5、7 号"
    assert rule_line(rule(off_fen=500), ["gone"], {"a": 7}) == "直减 5 · 限指定商品"
    assert top_up(rule(threshold_fen=100, off_fen=10), 30, None) == "买这件，再买 ¥0.70 减 ¥0.10"


def test_a_link_becomes_a_code_and_anything_else_none() -> None:
    desk = at_once()
    fired(desk, "c", "coupon", COUPON | {"link": "https://example.com/c/8f3a"})
    code = only(desk).qr
    assert code is not None
    assert code.size >= 21 + 8
    assert set(code.path) <= set("Mhv-z 0123456789")
    for link in (
        "javascript:alert(1)",
        "https://例子.cn/",
        "https://a b",
        "ftp://x/y",
        "",
        "https://weixin.qq.com@elsewhere.example/",
        "https:///path",
        "https://" + "a" * LINK_LIMIT,
    ):
        assert code_of(link) is None
    assert code_of("weixin://dl/business/?t=x") is not None


def test_a_code_is_the_square_of_its_link() -> None:
    import segno

    link = "https://example.com/c/8f3a"
    code = code_of(link)
    assert code is not None
    drawn = {(x, y) for x, y in _squares(code.path)}
    rows = list(segno.make_qr(link, error="m").matrix_iter(border=4))
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def _squares(path: str) -> typing.Iterator[tuple[int, int]]:
    for run in path.split("M")[1:]:
        start, wide = run.split("v")[0].split("h")
        x, y = map(int, start.split())
        yield from ((x + step, y) for step in range(int(wide)))


# Lucky bag ------------------------------------------------------------------------------------------


def test_a_bag_shows_prize_condition_entrants_then_masked_winners() -> None:
    desk = at_once()
    fired(desk, "bag", "lucky_bag", BAG | {"claim": {"followed": True}})
    entered(desk, "p1")
    entered(desk, "p2")
    bag = only(desk)
    assert (bag.title, bag.winners, bag.entrants) == ("保温杯", 2, 2)
    assert bag.condition == "发“福到了”参与，领奖须关注"
    desk.wait(61)
    assert view(desk).running == []
    (result,) = view(desk, p1="糖糖", p2="").results
    assert (result.title, result.count, result.reason) == ("保温杯", 2, "")
    assert sorted(result.winners) == sorted(["糖**", "观众"])
    desk.wait(60)
    assert view(desk).results == [], "news for a minute, then it leaves"


def test_a_winner_who_was_passed_over_leaves_the_picture() -> None:
    desk = at_once()
    fired(desk, "bag", "lucky_bag", BAG | {"winners": 1, "alternates": 0})
    entered(desk, "p1")
    desk.wait(61)
    assert view(desk, p1="甲").results[0].winners == ["甲**"]
    desk.ok("bag.settle", {"cue_id": "bag", "viewer_id": "p1", "ok": False, "reason": "未关注"})
    assert view(desk, p1="甲").results[0].winners == []


def test_a_bag_without_entrants_and_one_that_was_stopped_say_so() -> None:
    desk = at_once()
    fired(desk, "empty", "lucky_bag", BAG)
    desk.wait(61)
    fired(desk, "stopped", "lucky_bag", BAG)
    desk.ok("cue.stop", {"cue_id": "stopped", "reason": "奖品缺货"})
    assert [(r.cue_id, r.reason) for r in view(desk).results] == [
        ("stopped", "已作废：奖品缺货"),
        ("empty", "无人参与"),
    ]


def test_many_winners_are_counted_and_some_named() -> None:
    desk = at_once()
    fired(desk, "bag", "lucky_bag", BAG | {"winners": 30, "alternates": 0})
    for number in range(30):
        entered(desk, f"p{number}")
    desk.wait(61)
    (result,) = view(desk).results
    assert (len(result.winners), result.count) == (12, 30)


def test_the_platforms_own_bag_shows_read_entrants_and_masked_names() -> None:
    desk = at_once("manual")
    fired(desk, "bag", "lucky_bag", BAG | {"draw": "platform"})
    assert only(desk).entrants is None
    desk.cue("bag").measured = Measured(desk.now, entrants=71)
    assert only(desk).entrants == 71
    desk.ok("bag.winners", {"cue_id": "bag", "names": ["糖糖不吃糖"]})
    assert view(desk).results == [OverlayResult("bag", "保温杯", ["糖**"], 1)]


# The room -------------------------------------------------------------------------------------------


def test_a_simulated_room_says_so_even_when_nothing_is_on_air() -> None:
    assert look(Desk("rehearsal").room, Desk().now).simulated is True
    assert look(Desk("own").room, Desk().now).simulated is False


def test_a_presenter_made_by_ai_is_labelled_even_when_nothing_is_on_air() -> None:
    """Live E-commerce Measures, article 37."""
    assert [look(Desk(ai_presenter=said).room, Desk().now).ai for said in (True, False, None)] == [
        True,
        False,
        False,
    ]


def test_text_comes_out_as_written_without_what_turns_it_round() -> None:
    desk = at_once()
    evil = "<img src=x onerror=alert(1)>\u202egnp.\u2066exe\u200b&amp;"
    desk.room.products["scarf"].title = evil
    assert pinned(desk).title == "<img src=x onerror=alert(1)>gnp.exe&amp;"
    assert json.loads(msgspec.json.encode(view(desk)))["pinned"]["title"].startswith("<img")


# Sold out -------------------------------------------------------------------------------------------


def test_of_what_is_sold_out_nothing_is_promised_any_more() -> None:
    """K4.5: available was 0, and the overlay went on with title and price."""
    desk = Desk()
    desk.run_sale(quantity=5, per_buyer=5)
    shown = pinned(desk)
    assert (shown.sold_out, shown.price_fen, only(desk).price_fen) == (False, 9900, 5900)
    desk.ok("order.request", request("o1", "ann", 5))
    assert (only(desk).left, only(desk).price_fen, only(desk).sold_out) == (0, None, True)
    assert pinned(desk).sold_out, "while it is on air nobody gets one beside it"
    assert desk.no("order.request", request("o9", "eve", 1)) == "sold_out"
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert pinned(desk).price_fen == 9900, "the shop's own price stands again"
    desk.fact("order.placed", placed("o2", "bob", 5, 9900))
    gone = view(desk).pinned
    assert gone is not None
    assert (gone.sold_out, gone.price_fen, gone.list_price_fen, gone.title) == (True, None, None, "scarf")
    shown_to_seats = next(p for p in desk.shown().catalogue.products if p.product_id == "scarf")
    assert shown_to_seats.sold_out
    desk.fact("order.closed", {"order_id": "o2", "reason": "没付"})
    back = view(desk).pinned
    assert back is not None
    assert back.price_fen == 9900, "a unit that is given back is sold again"


def test_what_was_read_off_as_sold_out_is_sold_out_too() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.queue_sale(quantity=10)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    pin = desk.ok("cart.pin", {"product_id": "scarf"})["cue_id"]
    desk.ok("cue.confirm", {"cue_id": pin, "step": "on_air", "done": True})
    assert view(desk).pinned.sold_out is False  # type: ignore[union-attr]
    desk.ok("cue.measure", {"cue_id": "sale", "sold": 10, "left": 0})
    assert view(desk).pinned.sold_out is True  # type: ignore[union-attr]


def test_what_was_promised_stands_on_the_picture_until_the_draw_and_its_codes_after_it() -> None:
    desk = at_once()
    desk.ok("room.set", {"randomness": "drand", "stand_back": "days:7"})
    fired(desk, "bag", "lucky_bag", BAG)
    entered(desk, "p1")
    promised = desk.room.cues["bag"].bag.promise  # type: ignore[union-attr]
    assert promised is not None
    card = only(desk)
    assert card.promise_code == promise_code(promised.rules_sha256)
    assert card.public_round == promised.round
    assert card.qr is not None
    assert card.condition.endswith("，7 天内中过奖的不参加")
    assert card.root_code == ""
    desk.wait(float(str(BAG["seconds"])))
    closed = only(desk)
    root = desk.room.cues["bag"].bag.root  # type: ignore[union-attr]
    assert closed.root_code == short_code(root, 16)
    assert closed.condition == "已截止，等公开随机值开奖"
    desk.wait(45)
    (result,) = view(desk).results
    receipt = desk.room.cues["bag"].bag.receipt  # type: ignore[union-attr]
    assert receipt is not None
    assert result.receipt_code == receipt_code(receipt)
    assert result.root_code == closed.root_code


def test_the_square_of_a_promise_is_left_out_where_it_would_hide_another_bag() -> None:
    desk = at_once()
    fired(desk, "one", "lucky_bag", BAG)
    assert only(desk).qr is not None
    fired(desk, "two", "lucky_bag", BAG)
    cards = view(desk).running
    assert [card.qr for card in cards] == [None, None]
    assert all(card.promise_code for card in cards)


def test_the_next_time_of_a_plan_is_told_while_it_is_approved_and_no_longer() -> None:
    desk = at_once()
    sale = {"sku_id": "scarf", "price_fen": 5900, "quantity": 2, "per_buyer": 2, "seconds": 60}
    beat = {"minutes": 60, "times": 3}
    desk.ok("cue.add", {"cue_id": "first", "kind": "flash_sale", "spec": sale, "repeat": beat})
    assert view(desk).rounds == [], "nobody has approved it"
    desk.ok("cue.approve", {"cue_id": "first"})
    (told,) = view(desk).rounds
    assert (told.title, told.at, told.nth, told.times) == ("scarf", desk.cue("first").at, 1, 3)
    desk.wait(3605)
    (told,) = view(desk).rounds
    assert (told.nth, told.at - desk.now) == (2, timedelta(seconds=3595))
    desk.ok("product.shelf", {"product_id": "scarf", "on": False})
    assert view(desk).rounds == [], "off the shelf is off every screen"
    desk.ok("product.shelf", {"product_id": "scarf", "on": True})
    desk.ok("room.halt", {})
    assert view(desk).rounds == [], "a halt takes its time away until somebody approves it again"
