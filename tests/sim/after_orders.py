"""What seats ask for after the order: a buyer is answered, money goes back, a case goes on."""

from __future__ import annotations

from random import Random
from typing import Any

Data = dict[str, Any]


def asked(checker: Any, dice: Random) -> list[tuple[str, Data]]:
    """Some of each; what is asked is mostly done."""
    order_id = dice.choice(list(checker.books.orders) or ["nobody's"])
    ask_id = next(iter(checker.shadow.asks), "none")
    fen = dice.randint(1, 9_900)
    money = {"act": "compensate", "order_id": order_id, "reason": "破损", "amount_fen": fen}
    return [
        ("shop.answer", {"act": "answer", "order_id": order_id, "text": "马上看"}),
        ("shop.answer", money),
        ("order.note", {"order_id": order_id, "text": "改地址", "tags": ["address"]}),
        ("shop.confirm", {"ask_id": ask_id, "done": dice.random() < 0.8}),
        ("case.step", {"case_id": f"order/{order_id}", "step": "ask", "note": "周五能到"}),
        ("review.show", {"review_id": dice.randint(1, 9)}),
        ("review.hide", {}),
        ("review.consent", {"review_id": dice.randint(1, 9), "agreed": dice.random() < 0.5}),
    ]
