"""Writes an exhibit: one rehearsed evening and a script of commands after it, as this version keeps it.

``python -m tests.museum.record NAME`` puts ``NAME.jsonl.gz`` and ``NAME.json`` here. An exhibit is written
once, by the version that it is named after: what it folded to then it must fold to for ever.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.bus.decode import read_events
from liveconsole.connectors.rehearsal.chance import SeededChance
from liveconsole.connectors.rehearsal.headless import run_headless
from liveconsole.engine import folding
from liveconsole.engine.core import RoomCore
from liveconsole.messages.inputs import ClockInput, CommandInput
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store
from tests.museum.exhibits import HERE, Row, totals_of

SEED, SCENARIO, SECONDS = 11, "default", 600
_BATCH = "application/cloudevents-batch+json"


def record(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        run_headless(SEED, SCENARIO, SECONDS, data)
        store = open_store(data, create=False)
        try:
            _Script(store).play()
            room, _ = folding.fold(store)
            rows = lines_of(store)
        finally:
            store.close()
    keep(name, rows, totals_of(room))


def keep(name: str, rows: list[bytes], recorded: object) -> None:
    """Write an exhibit and what it folds to."""
    (HERE / f"{name}.jsonl.gz").write_bytes(gzip.compress(b"\n".join(rows) + b"\n", 9, mtime=0))
    totals = msgspec.json.format(msgspec.json.encode(recorded, order="sorted"), indent=1)
    (HERE / f"{name}.json").write_bytes(totals + b"\n")


def lines_of(store: Store) -> list[bytes]:
    """The lines of an exhibit."""
    return [msgspec.json.encode(row) for row in _rows(store)]


def _rows(store: Store) -> Iterator[Row]:
    for event in store.events_after(0):
        data = msgspec.Raw(event.data)
        yield Row(event.type, event.at, event.actor, data, event.source, event.id, event.time)


class _Script:
    """What a rehearsal's own host never does, until the broadcast is closed."""

    def __init__(self, store: Store) -> None:
        now = folding.fold(store)[0].at
        assert now is not None
        self._now: datetime = now
        self._core = RoomCore(store, now=now, chance=SeededChance(SEED), simulated=True)
        self._count = 0

    def play(self) -> None:
        host, products = self._host, list(self._core.room.products)[:4]
        first, second, third, fourth = products
        sku = self._core.room.products[first].sku_ids[0]
        host("room.set", title="样板间", recall_seconds=2, proposal_seconds=30)
        host("room.halt")
        self._answer_all()
        host("cart.move", product_id=first, to=3)
        host("cart.remove", product_id=second)
        host("cart.renumber")
        host("cart.add", product_ids=[second])
        host("stock.add", sku_id=sku, by=3)
        host("stock.limit", sku_id=sku, units=500, per_buyer=50)
        self._fact("stock.measured", sku_id=sku, on_hand=7)
        host("shop.keep", product_id=first, field="title", value='"围巾"')
        host("product.shelf", product_id=fourth, on=False)
        host("product.shelf", product_id=fourth, on=True)
        host(
            "catalogue.put",
            products=[{"product_id": "C-X", "title": "挂烫机", "price_fen": 19900, "stock": 9}],
        )
        bag = {"prize": {"name": "杯子", "value_fen": 2900}, "winners": 1, "entry": {"keyword": "想要"}}
        sale = {"sku_id": "C-X", "price_fen": 15900, "quantity": 3, "per_buyer": 1, "seconds": 20}
        coupon = {"name": "满减券", "rule": {"threshold_fen": 9900, "off_fen": 1000}, "quantity": 5,
                  "per_buyer": 1, "seconds": 20, "valid_seconds": 86_400}  # fmt: skip
        host("rundown.put", segments=[
            {"segment_id": "s1", "product_id": first, "cues": [{"kind": "coupon", "spec": coupon}]},
            {"segment_id": "s2", "title": "答疑"},
            {"segment_id": "s3", "product_id": third},
        ])  # fmt: skip
        host("rundown.move", segment_id="s3", before="s2")
        host("rundown.remove", segment_ids=["s2"])
        host("go.next")
        soon = (self._now + timedelta(minutes=3)).isoformat()
        host("rundown.put", segments=[
            {"segment_id": "s4", "title": "闲聊", "minutes": 5},
            {"segment_id": "s5", "title": "定点", "minutes": 1, "anchor_at": soon},
        ])  # fmt: skip
        host("rundown.keep", segment_id="s5", way="skip")
        self._answer_all()
        host("note.put", text="喝口水")
        host("note.clear")
        host("question.answer", text="起球吗")
        host("pledge.put", text="今晚下单都送小样")
        host("drill.start", drill="sold_out")
        host("drill.stop")
        pledge = next(iter(self._core.room.pledges))
        host("viewer.mute", viewer_id="museum-1", reason="刷屏")
        host("viewer.mute", viewer_id="museum-2", reason="骗子", block=True)
        host("viewer.confirm", viewer_id="museum-2")
        host("viewer.unmute", viewer_id="museum-1")
        host("member.join", viewer_id="museum-1", consent=True, birthday="05-20")
        host("member.checkin", viewer_id="museum-1")
        host("member.spend", viewer_id="museum-1", points=3, what="贴纸")
        host("member.deposit", viewer_id="museum-1", amount_fen=50_000)
        host("member.join", viewer_id="museum-2", consent=True)
        host("member.leave", viewer_id="museum-2")
        host("answer.put", answer_id="museum", question="起球吗", zh="不起球", en="It does not pill")
        host("answer.put", question="size", zh="看尺码表")
        host("answer.remove", answer_id="museum")
        host("review.note", subject=f"product:{first}", step="person", verdict="passed")
        host("right.put", right_id=None, title="片头曲", kind="music", until="2027-01-01")
        host("right.remove", right_id=next(iter(self._core.room.law.rights)))
        host("sharer.put", viewer_id="museum-1", goods=[])
        host("parts.put", parts=[{"who": "host", "percent": "30"}], since="2026-11-01")
        host("rivals.put", week="2026-11-23", rows=[{"shop": "隔壁", "title": "帽子", "price_fen": 3900}])
        host("board.type", name="exposure", value=90_000, broadcast=None)
        host("switchback.plan", name="福袋", minutes=5, blocks=4)
        host("switchback.drop", plan_id="none")
        host("prepare.tick", item="video", done=True)
        host("prepare.plan", at=soon, title="下一场")
        host("prepare.drop", plan_id=next(iter(self._core.room.prepare)))
        host("violation.note", text="说了「最」")
        host("violation.step", violation_id=next(iter(self._core.room.law.violations)), step="kept")
        host("pledge.put", text="明天补发")
        host("pledge.clear", pledge_id=pledge)
        self._assistant("cue.add", cue_id="x-late", kind="flash_sale", spec=sale)
        host("cue.add", cue_id="x-sale", kind="flash_sale", spec=sale, override=["最低"])
        host("cue.edit", cue_id="x-sale", spec={**sale, "quantity": 2})
        host("cue.add", cue_id="x-gone", kind="flash_sale", spec=sale)
        host("cue.move", cue_id="x-gone", before="x-sale")
        host("cue.reject", cue_id="x-gone", reason="不做了")
        host("cue.remove", cue_id="x-gone")
        host("cue.approve", cue_id="x-sale")
        host("cue.fire", cue_id="x-sale")
        self._pass(3)
        self._answer_all()
        line = [{"sku_id": "C-X", "quantity": 1, "unit_price_fen": 15900}]
        self._fact(
            "order.placed", order_id="X1", buyer={"id": "b1", "name": "小林"}, lines=line, total_fen=15900
        )
        self._fact(
            "order.placed", order_id="X2", buyer={"id": "b1", "name": "小林"}, lines=line, total_fen=15900
        )
        self._fact("order.paid", order_id="X1", paid_fen=15900)
        self._fact("order.closed", order_id="X1", reason="退货")
        self._fact("order.refunded", order_id="X1", refund_fen=5900)
        self._fact("order.paid", order_id="X9", paid_fen=100)
        back = {"aftersale_id": "A1", "order_id": "X1", "kind": "return", "status": "refunded"}
        self._fact("aftersale.updated", **back, reason="QUALITY_ISSUE", amount_fen=5900)
        self._fact("order.settled", order_id="X2", settled_fen=4600, fee_fen=230)
        self._fact("order.shipment", order_id="X2", status="shipped", carrier="顺丰", waybill="SF1")
        host("order.note", order_id="X2", text="寄公司", tags=["address"])
        self._fact("review.posted", product_id=first, stars=5, text="很软", order_id="X2")
        self._review(host, self._core.room.seq)
        host("shop.answer", act="answer", order_id="X2", text="马上看")
        host("shop.answer", act="remark", order_id="X2", text="易碎")
        host("shop.confirm", ask_id=next(iter(self._core.room.asks)), done=True)
        host("case.step", case_id="order/X2", step="ask", note="周五能到")
        self._fact("promotion.measured", cue_id="nobodys", sold=1)
        recent = [{"name": "gmv_fen", "value": 15900, "before": 0}]
        self._fact("room.measured", online=321, gmv_fen=15900, buyers=1, recent=recent)
        self._fact("gift.sent", viewer={"id": "g", "name": "阿南"}, gift="花", count=2, value_fen=200)
        self._pass(40)
        self._answer_all()
        host("cue.add", cue_id="x-bag", kind="lucky_bag", spec={**bag, "seconds": 5, "draw": "platform"})
        host("cue.fire", cue_id="x-bag")
        self._pass(2.5)
        self._answer_all("unknown", step="on_air")
        self._answer_all("done")
        self._pass(6)
        self._answer_all()
        host("bag.winners", cue_id="x-bag", names=["小林"])
        host("cue.measure", cue_id="x-bag", entrants=12)
        rain = {"count": 2, "gap_seconds": 1, "once": True}
        host("cue.add", cue_id="x-rain", kind="lucky_bag", spec={**bag, "seconds": 5, "series": rain})
        host("cue.fire", cue_id="x-rain")
        self._pass(2.5)
        self._answer_all()
        self._pass(14)
        self._answer_all()
        host("cue.again", cue_id="x-sale", new_cue_id="x-again")
        at = (self._now + timedelta(seconds=4)).isoformat()
        host("cue.add", cue_id="x-planned", kind="pin", spec={"product_id": third}, at=at)
        host("cue.approve", cue_id="x-planned")
        host("cue.add", cue_id="x-no", kind="pin", spec={"product_id": first})
        host("cue.approve", cue_id="x-no")
        host("cue.fire", cue_id="x-no")
        self._answer_all("refused")
        self._pass(60)
        self._answer_all()
        self._core.process([ClockInput(3.5)], self._now)
        host("cart.unpin")
        self._pass(900)  # holds lapse, times to claim end
        self._answer_all()
        at = (self._now + timedelta(seconds=5)).isoformat()
        host("cue.add", cue_id="x-missed", kind="flash_sale", spec=sale, at=at)
        host("cue.approve", cue_id="x-missed")
        host("broadcast.close")
        self._pass(10)
        self._fact("order.refunded", order_id="X1", refund_fen=15900)

    def _review(self, host: Callable[..., None], review_id: int) -> None:
        """One that its buyer lets the room show, until he does not."""
        host("review.consent", review_id=review_id, agreed=True)
        host("review.show", review_id=review_id, seconds=30)
        host("review.hide")
        host("review.show", review_id=review_id)
        host("review.consent", review_id=review_id, agreed=False)

    def _host(self, type_: str, **data: Any) -> None:
        self._ask("host", type_, data)

    def _assistant(self, type_: str, **data: Any) -> None:
        self._ask("assistant", type_, data)

    def _ask(self, role: str, type_: str, data: dict[str, Any]) -> None:
        self._count += 1
        self._pass(0.4)
        asked = CommandInput(f"museum-{self._count}", type_, data, role)
        (answer,) = self._core.process([asked], self._now).answers
        assert answer.ok, (type_, answer.body.decode())  # type: ignore[union-attr]

    def _fact(self, type_: str, **data: Any) -> None:
        self._count += 1
        event = {
            "specversion": "1.0",
            "source": "/museum",
            "id": str(self._count),
            "type": type_,
            "data": data,
        }
        self._pass(0.4)
        self._core.process([read_events(_BATCH, msgspec.json.encode([event]), simulated=True)], self._now)

    def _answer_all(self, outcome: str = "done", step: str = "") -> None:
        """The platform answers what it is owed."""
        for effect in [e for e in self._core.owed() if step in ("", e.step)]:
            data = {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step}
            asked = CommandInput("", "effect.asked", data, "platform")
            answer = CommandInput("", "effect.answered", {**data, "outcome": outcome}, "platform")
            self._core.process([asked, answer], self._now)

    def _pass(self, seconds: float) -> None:
        end = self._now + timedelta(seconds=seconds)
        while (due := self._core.next_due()) is not None and due <= end:
            self._now = max(self._now, due)
            self._core.tick(self._now)
        self._now = end


if __name__ == "__main__":
    record(sys.argv[1])
