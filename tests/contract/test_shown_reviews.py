"""晒单 at a real engine: what the overlay is told of it, by whom it is asked, and when it goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.contract.engine_process import EngineProcess, event
from tests.contract.test_overlay import _views as views


def written(running: EngineProcess, text: str, order_id: str) -> int:
    """A review of 林小姐's; its id."""
    lines = [{"sku_id": "p1", "quantity": 1, "unit_price_fen": 9900}]
    placed = {
        "order_id": order_id,
        "buyer": {"id": "v1", "name": "林小姐"},
        "lines": lines,
        "total_fen": 9900,
    }
    review = {"product_id": "p1", "stars": 5, "text": text, "order_id": order_id}
    running.post([event(f"o/{order_id}", "order.placed", placed)])
    running.post([event(f"r/{order_id}", "review.posted", review)])
    rows = running.call("GET", "/v1/reviews?limit=1", role="assistant").json["rows"]
    return int(rows[0]["review_id"])


async def test_the_overlay_has_it_with_consent_alone_and_never_a_name(
    engine_of: Callable[[], EngineProcess],
) -> None:
    running = engine_of()
    goods = {"product_id": "p1", "title": "羊绒围巾", "price_fen": 9900, "stock": 5}
    running.done("catalogue.put", products=[goods])
    running.done("broadcast.open")
    review_id, other = written(running, "很软，冬天够暖", "o1"), written(running, "国家级，全网第一", "o2")
    show = partial(running.command, "review.show", role="assistant")
    assert show(review_id=review_id)["code"] == "no_consent"
    asked = {"id": "p", "type": "review.show", "data": {"review_id": review_id}}
    assert running.call("POST", "/v1/commands", asked, role="producer").status == 403
    for one in (review_id, other):
        running.done("review.consent", role="assistant", review_id=one, agreed=True)
    refused = show(review_id=other)
    assert refused["code"] == "words_in_review"
    assert "第一" in refused["params"]["words"]

    def on(view: dict[str, Any]) -> bool:
        return bool(view["review"])

    seen = await views(
        running,
        [
            (partial(show, review_id=review_id, seconds=120), on),
            (partial(running.done, "review.hide"), lambda view: not on(view)),
            (partial(show, review_id=review_id, seconds=120), on),
            (
                partial(running.done, "review.consent", review_id=review_id, agreed=False),
                lambda view: not on(view),
            ),
            (partial(running.done, "review.consent", review_id=review_id, agreed=True), lambda _view: True),
            (partial(show, review_id=review_id, seconds=120), on),
            (partial(running.done, "viewer.forget", viewer_id="v1"), lambda view: not on(view)),
            (partial(show, review_id=review_id, seconds=3), lambda _view: True),
        ],
    )
    shown = next(view["review"] for view in seen if view["review"])
    assert shown == {"review_id": review_id, "stars": 5, "text": "很软，冬天够暖", "title": "羊绒围巾"}
    assert "林" not in str(seen)
    assert show(review_id=review_id)["code"] == "no_consent", "his yes went with him"
