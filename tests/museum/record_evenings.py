"""Writes an exhibit of three broadcasts in one room: what is told late, by the version that is run.

``python -m tests.museum.record_evenings NAME`` puts ``NAME-evenings.jsonl.gz`` and ``.json`` here. Recorded
are the totals of each broadcast as that version's own report tells them.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.bus.decode import read_events
from liveconsole.connectors.rehearsal.chance import SeededChance, person_key
from liveconsole.engine.core import RoomCore
from liveconsole.messages.inputs import CommandInput
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store
from liveconsole.views.report import fold
from tests.museum.record import keep, lines_of

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
TOTALS = ("comments", "placed", "paid", "closed", "refunded", "unpaid", "units", "gmv_fen", "refund_fen",
          "refund_owed_fen", "unmatched")  # fmt: skip
_BATCH = "application/cloudevents-batch+json"


def record(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(
            Path(folder) / "data", room_id="rehearsal", simulated=True, person_key=person_key(3)
        )
        try:
            Evenings(store).play()
            lines = [msgspec.json.decode(line) for line in store.read(0, 100_000)]
            recorded = []
            for number in (1, 2, 3):
                totals = fold(lines, broadcast=number).totals
                recorded.append({field: getattr(totals, field) for field in TOTALS})
            rows = lines_of(store)
        finally:
            store.close()
    keep(f"{name}-evenings", rows, recorded)


class Evenings:
    """Three evenings of a shop that the platform tells of and that the console sells for, a week apart."""

    def __init__(self, store: Store) -> None:
        self.now = START
        self.core = RoomCore(store, now=START, chance=SeededChance(3), simulated=True)
        self._count = 0

    def play(self) -> None:
        ask, fact = self.ask, self.fact
        ask("room.set", recall_seconds=0, hold_seconds=60)
        product = {"title": "羊毛衫", "price_fen": 19900, "floor_fen": 5000, "stock": 200}
        ask("catalogue.put", products=[{"product_id": "a", **product}, {"product_id": "b", **product}])
        ask("cart.add", product_ids=["a", "b"])
        for evening in (1, 2, 3):
            ask("broadcast.open", title=f"第 {evening} 场")
            ask("go.next")
            sale = {"sku_id": "a", "price_fen": 9900, "quantity": 9, "per_buyer": 5, "seconds": 60}
            ask("cue.add", cue_id=f"sale-{evening}", kind="flash_sale", spec=sale)
            ask("cue.fire", cue_id=f"sale-{evening}")
            coupon = {"name": "减10", "rule": {"off_fen": 1000}, "quantity": 5, "per_buyer": 1, "seconds": 60,
                      "valid_seconds": 3 * 86_400}  # fmt: skip
            ask("cue.add", cue_id=f"coupon-{evening}", kind="coupon", spec=coupon)
            ask("cue.fire", cue_id=f"coupon-{evening}")
            mine = ask("coupon.claim", cue_id=f"coupon-{evening}", viewer={"id": "v", "name": "小林"})[
                "coupon_id"
            ]
            lines = [{"sku_id": "b", "quantity": 1}]
            ask("order.request", order_id=f"r{evening}", buyer={"id": "v"}, lines=lines, coupon_id=mine)
            ask("order.request", order_id=f"lost{evening}", buyer={"id": "w"}, lines=lines)
            for n in range(4):
                self.placed(f"o{evening}-{n}", f"sale-{evening}" if n else None)
            for n in range(3):
                fact("order.paid", order_id=f"o{evening}-{n}", paid_fen=9900)
            fact("order.paid", order_id=f"r{evening}", paid_fen=18900)
            fact("order.closed", order_id=f"o{evening}-1", reason="退货")
            fact("order.paid", order_id=f"early{evening}", paid_fen=700)
            fact("comment.posted", viewer={"id": "v", "name": "小林"}, text="好看")
            self.wait(120)
            if evening > 1:
                self.late(evening - 1)
            if evening == 3:
                self.late(1)
            ask("cue.confirm", cue_id=f"sale-{evening}", step="ended", done=True, may_fail=True)
            ask("broadcast.close")
            fact("order.refunded", order_id=f"o{evening}-0", refund_fen=100)
            self.wait(7 * 86_400 + 60)

    def late(self, evening: int) -> None:
        """What is told of an evening a week or two later."""
        self.fact("order.refunded", order_id=f"o{evening}-1", refund_fen=5000)
        self.fact("order.closed", order_id=f"o{evening}-2", reason="退货")
        self.fact("order.paid", order_id=f"o{evening}-3", paid_fen=9900)
        self.placed(f"o{evening}-0", f"sale-{evening}")
        self.fact("order.paid", order_id=f"lost{evening}", paid_fen=19900)
        self.fact("promotion.measured", cue_id=f"sale-{evening}", sold=4)

    def placed(self, order_id: str, cue_id: str | None) -> None:
        line = {"sku_id": "a", "quantity": 1, "unit_price_fen": 9900}
        named = {} if cue_id is None else {"cue_id": cue_id}
        buyer = {"id": f"of {order_id}", "name": "小红"}
        self.fact("order.placed", order_id=order_id, buyer=buyer, lines=[line], total_fen=9900, **named)

    def ask(self, type_: str, *, may_fail: bool = False, **data: Any) -> dict[str, Any]:
        self._count += 1
        self.wait(0.3)
        role = "producer" if type_ in ("order.request", "coupon.claim") else "host"
        asked = CommandInput(f"museum-{self._count}", type_, data, role)
        (answer,) = self.core.process([asked], self.now).answers
        body = msgspec.json.decode(answer.body)  # type: ignore[union-attr]
        assert may_fail or body["ok"], (type_, body)
        return dict(body.get("result", {}))

    def fact(self, type_: str, **data: Any) -> None:
        self._count += 1
        sent = {
            "specversion": "1.0",
            "source": "/museum",
            "id": str(self._count),
            "type": type_,
            "data": data,
        }
        self.wait(0.3)
        self.core.process([read_events(_BATCH, msgspec.json.encode([sent]), simulated=True)], self.now)

    def wait(self, seconds: float) -> None:
        end = self.now + timedelta(seconds=seconds)
        while (due := self.core.next_due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.core.tick(self.now)
        self.now = end


if __name__ == "__main__":
    record(sys.argv[1])
