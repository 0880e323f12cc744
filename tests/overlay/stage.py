"""An engine with everything on air that the overlay can show."""

from __future__ import annotations

from typing import Any

from tests.contract.engine_process import EngineProcess, event

PRODUCTS: list[dict[str, Any]] = [
    {"product_id": "gloves", "title": "羊绒混纺手套", "price_fen": 9900, "stock": 90},
    {"product_id": "hat", "title": "羊毛贝雷帽", "price_fen": 6900, "stock": 60},
    {
        "product_id": "scarf",
        "title": "山羊绒围巾 驼色",
        "price_fen": 15900,
        "list_price_fen": 19900,
        "stock": 80,
    },
    {"product_id": "coat", "title": "双面呢大衣 长款", "price_fen": 129900, "stock": 20},
]
SALE: dict[str, Any] = {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 2, "seconds": 161}
COUPON: dict[str, Any] = {
    "name": "加购券",
    "rule": {"threshold_fen": 19900, "off_fen": 2000},
    "quantity": 500,
    "per_buyer": 1,
    "seconds": 432,
}
BAG: dict[str, Any] = {
    "prize": {"name": "羊绒混纺手套", "value_fen": 9900},
    "winners": 3,
    "entry": {"keyword": "驼色好看"},
    "seconds": 75,
}


def set_stage(running: EngineProcess) -> None:
    """A broadcast that is open, its goods in the cart; commands take effect at once."""
    running.done("room.set", platform="own", recall_seconds=0)
    running.done("broadcast.open", title="秋冬羊绒专场")
    running.done("catalogue.put", products=PRODUCTS)
    running.done("cart.add", product_ids=[product["product_id"] for product in PRODUCTS])


def fire(running: EngineProcess, kind: str, spec: dict[str, Any]) -> str:
    cue_id = str(running.done("cue.add", kind=kind, spec=spec)["cue_id"])
    running.done("cue.fire", cue_id=cue_id)
    return cue_id


def buy(running: EngineProcess, cue_id: str, count: int, *, sku_id: str = "scarf", first: int = 0) -> None:
    for number in range(first, first + count):
        running.done(
            "order.request",
            order_id=f"{cue_id}-{number}",
            buyer={"id": f"buyer-{number}", "name": f"买家{number}"},
            lines=[{"sku_id": sku_id, "quantity": 1}],
            cue_id=cue_id,
        )


def enter(running: EngineProcess, word: str, names: list[str], *, source: str = "/test/room") -> None:
    simulated = running.call("GET", "/v1/health", role=None).json["simulated"]
    more = {"simulated": True} if simulated else {}
    facts = [
        event(
            f"{word}-{number}",
            "comment.posted",
            {"viewer": {"id": f"{word}-{number}", "name": name}, "text": word},
            source=source,
            **more,
        )
        for number, name in enumerate(names)
    ]
    assert running.post(facts)["refused"] == []
