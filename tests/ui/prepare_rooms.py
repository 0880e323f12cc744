"""A page of 开播前 as the books tell it, for tests and pictures."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from liveconsole.books.prepare import page
from liveconsole.books.reading import BookReader
from liveconsole.messages.preparations import PreparePage
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings

NOW = datetime.fromisoformat("2026-11-28T12:00:00+00:00")
_GOODS = (
    ("knit", "纯羊毛衫", 19_900), ("coat", "羊绒大衣", 129_900), ("hat", "毛线帽", 3_900),
    ("scarf", "羊绒围巾", 9_900), ("glove", "真皮手套", 12_900),
)  # fmt: skip
_RIVALS = (
    ("隔壁服饰", "【秋冬爆款】纯羊毛衫女宽松", 15_900, 12_000), ("隔壁服饰", "羊绒围巾 百搭", 9_900, 4_100),
    ("隔壁服饰", "加绒打底裤", 4_900, 3_800), ("隔壁服饰", "毛线帽 亲子", 4_500, 900),
    ("北方羊绒坊", "羊绒大衣 双面呢", 149_900, 320), ("北方羊绒坊", "羊绒袜 三双", 5_900, None),
)  # fmt: skip


def prepared() -> PreparePage:
    """Two planned broadcasts, one of them near, and a week of rivals: by the real rules and books."""
    with tempfile.TemporaryDirectory() as folder:
        evenings = Evenings(open_store(Path(folder) / "data", room_id="room"))
        evenings.now = NOW
        goods = [
            {"product_id": id_, "title": title, "price_fen": fen, "stock": 90} for id_, title, fen in _GOODS
        ]
        evenings.ok("catalogue.put", products=goods)
        near, later = NOW + timedelta(days=2), NOW + timedelta(days=13)
        goals = [{"phase": "sell", "goal": "羊绒大衣卖 200 件，每 15 分钟一个福利"}]
        evenings.ok("prepare.plan", at=near.isoformat(), title="羊绒专场", goals=goals, reserved=1_286)
        evenings.ok("prepare.plan", at=later.isoformat(), title="双12 返场", campaign="1212")
        for role, item in (("assistant", "notice"), ("operator", "verified"), ("host", "deposit")):
            evenings.ok("prepare.tick", role, item=item, done=True)
        rows = [
            {"shop": shop, "title": title, "price_fen": fen} | ({"sold": sold} if sold is not None else {})
            for shop, title, fen, sold in _RIVALS
        ]
        evenings.ok("rivals.put", week="2026-11-23", rows=rows)
        reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: NOW)
        found = page(reader)
        reader.close()
        evenings.store.close()
    return msgspec.convert(msgspec.to_builtins(found), PreparePage)
