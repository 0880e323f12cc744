"""What viewers see of bundles and gifts: what is left, and no price of what is gone."""

from __future__ import annotations

from typing import Any

from liveconsole.overlay.view import OverlayPromotion, look
from tests.unit.domain import test_bundles, test_gifts
from tests.unit.domain.desk import Desk


def shown(desk: Desk) -> OverlayPromotion | None:
    found = look(desk.room, desk.now).running
    return found[0] if found else None


def test_a_bundle_has_its_price_until_the_last_is_held() -> None:
    desk = test_bundles.running(quantity=1, per_buyer=1)
    card = shown(desk)
    assert card is not None
    assert (card.kind, card.title, card.price_fen, card.left) == (
        "bundle",
        "1号 scarf + 2号 hat×2",
        14_001,
        1,
    )
    assert (card.quantity, card.per_buyer, card.sold_out) == (1, 1, False)
    desk.ok("order.request", test_bundles.whole("o1", "ann"), "producer")
    card = shown(desk)
    assert card is not None
    assert (card.price_fen, card.left, card.sold_out, card.per_buyer) == (None, 0, True, None)


def test_a_gift_says_what_brings_it_and_how_many_are_left() -> None:
    desk = test_gifts.running()
    card = shown(desk)
    assert card is not None
    assert (card.kind, card.title, card.rule, card.left) == ("gift", "送 hat×2", "买 1号 每 1 件送一份", 3)
    test_gifts.asks(desk, "o1", "ann", ("scarf", 2))
    test_gifts.asks(desk, "o2", "bob", ("scarf", 1))
    card = shown(desk)
    assert card is not None
    assert (card.left, card.sold_out) == (0, True)
    more = test_gifts.running(test_gifts.FROM)
    card = shown(more)
    assert card is not None
    assert card.rule == "满 199 元即送"


def test_where_nobody_tells_of_orders_what_is_left_is_not_said_until_it_was_read() -> None:
    desk = Desk("manual", recall_seconds=0)
    spec: dict[str, Any] = test_bundles.BUNDLE
    desk.ok("cue.add", {"cue_id": "set", "kind": "bundle", "spec": spec})
    desk.ok("cue.fire", {"cue_id": "set"})
    desk.ok("cue.confirm", {"cue_id": "set", "step": "on_air", "done": True})
    card = shown(desk)
    assert card is not None
    assert (card.left, card.price_fen) == (None, 14_001)
    desk.ok("cue.measure", {"cue_id": "set", "left": 2}, "assistant")
    card = shown(desk)
    assert card is not None
    assert (card.left, card.known_until is not None) == (2, True)
