"""On the picture before it starts: the countdown, and for whom it is; and 凑单, as on the host's screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from liveconsole.messages.state import TopUpState
from liveconsole.overlay.view import look
from tests.unit.domain.desk import Desk
from tests.unit.domain.test_audiences import TERMS


@pytest.mark.parametrize("kind", TERMS)
def test_viewers_see_it_count_down_from_the_engines_moment(kind: str) -> None:
    desk = Desk()
    spec = TERMS[kind] | {"countdown_seconds": 60, "audience": "new"}
    desk.ok("cue.add", {"cue_id": "c", "kind": kind, "spec": spec})
    assert look(desk.room, desk.now).coming == []
    desk.ok("cue.fire", {"cue_id": "c"})
    (seen,) = look(desk.room, desk.now).coming
    assert (seen.kind, seen.starts_at, seen.audience) == (kind, desk.now + timedelta(seconds=60), "新人专享")
    assert look(desk.room, desk.now).running == []
    desk.wait(60)
    assert look(desk.room, desk.now).coming == []
    (card,) = look(desk.room, desk.now).running
    assert card.audience == "新人专享"


def test_what_is_taken_back_leaves_the_picture_and_a_plain_recall_window_never_was_on_it() -> None:
    desk = Desk(recall_seconds=3)
    desk.queue_sale(countdown_seconds=10)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.recall", {"cue_id": "sale"})
    assert look(desk.room, desk.now).coming == []
    desk.queue_sale("plain")
    desk.ok("cue.fire", {"cue_id": "plain"})
    assert desk.cue("plain").status == "recallable"
    assert look(desk.room, desk.now).coming == []


@pytest.mark.parametrize(
    ("rule", "words", "state"),
    [
        (
            {"off_fen": 2000, "threshold_fen": 19_900},
            "买 1 号，再买 ¥100 减 ¥20",
            TopUpState(10_000, 2000),
        ),
        ({"off_fen": 500, "threshold_fen": 9000}, "买 1 号就减 ¥5", TopUpState(0, 500)),
        ({"zhe": "8.5"}, "", None),
    ],
)
def test_the_picture_and_the_state_say_the_same_of_what_is_missing(
    rule: dict[str, Any], words: str, state: TopUpState | None
) -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": TERMS["coupon"] | {"rule": rule}})
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.ok("cart.pin", {"product_id": "scarf"})
    (card,) = look(desk.room, desk.now).running
    assert card.top_up == words
    assert _shown(desk) == state


def test_a_sale_of_the_pinned_product_moves_what_is_missing() -> None:
    desk = Desk(recall_seconds=0)
    rule = {"off_fen": 2000, "threshold_fen": 19_900}
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": TERMS["coupon"] | {"rule": rule}})
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.ok("cart.pin", {"product_id": "scarf"})
    desk.run_sale()
    assert _shown(desk) == TopUpState(14_000, 2000)
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert _shown(desk) == TopUpState(10_000, 2000)
    desk.ok("cart.unpin", {})
    assert _shown(desk) is None


def _shown(desk: Desk) -> TopUpState | None:
    return next(cue.top_up for cue in desk.shown().cues if cue.cue_id == "c")
