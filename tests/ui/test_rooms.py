"""The kept rooms are what the rules make today."""

from __future__ import annotations

import pytest

from tests.ui.rooms import KEPT, kept, kept_file, made


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_room_is_what_the_rules_make(name: str) -> None:
    assert made(name) == kept_file(name).read_bytes(), "python -m tests.ui.rooms makes them anew"


def test_the_rich_evening_has_the_figures_that_the_pictures_show() -> None:
    room = kept("sample")
    orders = room.orders
    assert (orders.placed, orders.paid, orders.closed, orders.unpaid, orders.refunded) == (742, 715, 9, 18, 2)
    assert (orders.units, orders.gmv_fen, orders.refund_fen) == (811, 12_864_000, 39_800)
    cues = {cue.cue_id: cue for cue in room.cues}
    sale, coupon = cues["c-sale"], cues["c-coupon"]
    assert (sale.sold, sale.held, sale.left, sale.refused_count) == (37, 5, 8, 214)
    assert (coupon.claimed, coupon.used, coupon.left) == (212, 48, 288)
    assert cues["c-bag"].entrants == 1204
    assert [cues[name].status for name in ("c-pin", "c-arm", "c-next")] == [
        "on_air",
        "approved",
        "recallable",
    ]
