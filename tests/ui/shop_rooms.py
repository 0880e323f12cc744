"""A shop after an evening, as an engine would tell of it: nine cases that are urgent, and one whole card.

``python -m tests.ui.shop_rooms FOLDER [theme] [ratio] [language]`` writes pictures, to be looked at.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if len(sys.argv) > 3:
        os.environ["QT_SCALE_FACTOR"] = sys.argv[3]

import msgspec
from PySide6.QtWidgets import QApplication

from liveconsole.messages.cases import (
    BothWords,
    CaseCard,
    CaseClock,
    CaseLine,
    CasePage,
    CaseRow,
    CaseStep,
    CaseTemplate,
    GroupCount,
    ParcelWord,
    ShopAsk,
    TemplateSlot,
    WayStep,
)
from liveconsole.messages.order_pages import (
    ORDER_STATES,
    BookAftersale,
    BookLine,
    BookOrder,
    BookShipment,
    BothSaid,
    OrderBookPage,
    StateCount,
)
from tests.ui.committed import NOW
from tests.ui.fake_bus import FakeBus
from tests.ui.host_rooms import StillSeat
from tests.ui.rooms import sample_state
from ui.windows.shop.window import ShopWindow

_MINUTE: Final = 60
_HOUR: Final = 3600


def _clock(rule: Any, left: int, whole: int) -> CaseClock:
    due = NOW + timedelta(seconds=left)
    return CaseClock(rule, due - timedelta(seconds=whole), due)


def _row(n: int, group: Any, kind: str, title: str, sku: str, fen: int, clock: Any, **more: Any) -> CaseRow:
    """A row of the sketch; masked buyer and province go by ``n``."""
    return CaseRow(
        case_id=f"aftersale/as{n}" if more.get("status") else f"order/{n}",
        group=group,
        kind=kind,
        order_id=f"32100447109{n:02}",
        clock=clock,
        aftersale_id=f"as{n}" if more.get("status") else "",
        title=title,
        sku=sku,
        units=more.pop("units", 1),
        buyer=f"{'陈王赵刘林吴周孙郑'[n % 9]}**",
        province=("浙江 杭州", "江苏 南京", "四川 成都")[n % 3],
        paid_fen=None if kind == "unpaid" else fen,
        due_fen=fen if kind == "unpaid" else None,
        **more,
    )


def urgent() -> list[CaseRow]:
    """The nine of the sketch, the most urgent first."""
    return [
        _row(0, "first_answer", "return", "羊绒混纺手套", "棕色 M", 5900, _clock("first_answer", 250, 900),
             status="asked", reason="大小不合适"),
        _row(1, "unpaid", "unpaid", "山羊绒圆领毛衣", "驼色 L", 32900, _clock("pay", 372, 900), step="remind",
             step_text=BothWords("催付", "Remind"), note="占着秒杀 1 件"),
        _row(2, "first_answer", "resend", "山羊绒圆领毛衣", "燕麦 S", 32900, _clock("first_answer", 572, 900),
             status="asked", reason="没有洗护袋"),
        _row(3, "unpaid", "unpaid", "山羊绒围巾", "驼色", 19800, _clock("pay", 700, 900), units=2,
             step="remind", step_text=BothWords("催付", "Remind"), note="催过 1 次"),
        _row(4, "stuck", "stuck", "双面呢羊毛大衣", "燕麦 M", 128000,
             _clock("call_back", 86 * _MINUTE, 4 * _HOUR), reason="停了 52 小时", step="call",
             step_text=BothWords("打给快递", "Call the carrier")),
        _row(5, "stuck", "stuck", "轻薄羽绒马甲", "松绿 L", 25900, _clock("call_back", 10_080, 4 * _HOUR),
             reason="电话没人接 2 次"),
        _row(6, "to_ship", "to_ship", "亲肤保暖内衣套装", "雾蓝 XL", 25800,
             _clock("ship", 11_100, 72 * _HOUR), units=2, reason="仓库还没出单"),
        _row(7, "solution", "return", "羊毛贝雷帽", "酒红", 6900, _clock("solution", 12_720, 48 * _HOUR),
             status="returned"),
        _row(8, "review", "review", "加绒打底裤 2 条装", "黑色 M", 4900, _clock("reply", 13_860, 24 * _HOUR),
             stars=1, reason="「有点薄」"),
    ]  # fmt: skip


def counts() -> list[GroupCount]:
    """Of every group, with the first of its clocks."""
    soon = {"urgent": 250, "unpaid": 372, "to_ship": 11_100, "stuck": 5160, "first_answer": 250,
            "solution": 12_720, "review": 13_860}  # fmt: skip
    many = {"urgent": 9, "unpaid": 18, "to_ship": 46, "stuck": 5, "moving": 31, "first_answer": 2,
            "solution": 5, "dispute": 0, "review": 4}  # fmt: skip
    return [
        GroupCount(group, count, NOW + timedelta(seconds=soon[group]) if group in soon else None)  # type: ignore[arg-type]
        for group, count in many.items()
    ]


def page(rows: list[CaseRow] | None = None, after: str = "") -> CasePage:
    """The first page of what is urgent."""
    return CasePage(
        at=NOW,
        groups=counts(),
        rows=urgent() if rows is None else rows,
        after=after,
        refunded_today_fen=231_000,
        refunded_today=9,
        handled_today=34,
        first_answer_seconds=192,
        told={
            "order": NOW - timedelta(seconds=12),
            "shipment": NOW - timedelta(minutes=3),
            "aftersale": NOW - timedelta(seconds=40),
        },
    )


def card(row: CaseRow, *, done: int = 1) -> CaseCard:
    """Everything of a case: ``done`` of its steps are done."""
    ago = [NOW - timedelta(hours=hours) for hours in (48, 47.9, 30, 28)]
    ways = ("placed", "paid", "shipped", "delivering", "delivered", "aftersale")
    way = [WayStep(name, ago[n] if n < 4 else None, n < 4) for n, name in enumerate(ways)]  # type: ignore[arg-type]
    steps = [
        CaseStep("look", BothWords("查快递单号，确认没有新记录", "Look up the waybill"), BothWords("", "")),
        CaseStep(
            "call",
            BothWords("打给快递，问到哪了、哪天能到", "Call the carrier: where is it, which day"),
            BothWords(
                "问到日期写下来，下一步直接填进给买家的话里。", "Write the day down: it fills the reply."
            ),
            needs="date",
        ),
        CaseStep("tell", BothWords("把新日期告诉买家", "Tell the buyer the new day"), BothWords("", "")),
        CaseStep(
            "again",
            BothWords("再过 24 小时不动，补发或退款", "After 24 more hours: resend or refund"),
            BothWords("", ""),
            acts=["resend", "accept"],
        ),
    ]
    steps = [
        msgspec.structs.replace(step, done_at=NOW - timedelta(minutes=50), done_by="assistant")
        if n < done
        else step
        for n, step in enumerate(steps)
    ]
    text = "亲，您的大衣在杭州停了两天，我正在催快递，今天 22:00 前回您。"
    slots = [TemplateSlot(what, text.index(what), text.index(what) + len(what), True)
             for what in ("大衣", "杭州", "今天 22:00 前")]  # fmt: skip
    waits = "快递说〔等第 2 步填〕能到，晚了我给您补发。"
    hole = TemplateSlot("day", waits.index("〔"), waits.index("〕") + 1, filled=done > 1)
    return CaseCard(
        at=NOW,
        row=row,
        clocks=[row.clock, _clock("solution", 40 * _HOUR, 48 * _HOUR)] if row.clock is not None else [],
        way=way,
        lines=[CaseLine(0, "coat", row.units, row.paid_fen or 0, row.title, row.sku)],
        title=BothWords("物流停滞怎么办", "A parcel that does not move"),
        steps=steps,
        templates=[
            CaseTemplate("calm", BothWords("先安抚", "Calm first"), text, slots, ready=True),
            CaseTemplate("day", BothWords("给新日期", "The new day"), waits, [hole], done > 1, "call"),
            CaseTemplate(
                "again", BothWords("补发", "Resend"), "给您重新发顺丰，原件到了拒收就行。", [], ready=True
            ),
        ],
        asks=[ShopAsk("a1", "remark", "done", NOW - timedelta(minutes=9))],
        acts=["resend", "accept", "remark"],
        parcel=ParcelWord(
            "in_transit", NOW - timedelta(hours=28), "顺丰", "SF1234564417", "杭州转运中心 到件后没有新记录"
        ),
        refund_most_fen=row.paid_fen,
    )


def told(query: dict[str, Any]) -> dict[str, Any]:
    """What ``GET /v1/cases`` answers in this shop."""
    if "case" in query:
        found = next((row for row in urgent() if row.case_id == query["case"]), urgent()[4])
        return msgspec.to_builtins(card(found))  # type: ignore[no-any-return]
    rows = urgent()
    if query["group"] != "urgent":
        rows = [row for row in rows if row.group == query["group"]]
    if query.get("text"):
        rows = [row for row in rows if str(query["text"]) in row.title or str(query["text"]) in row.order_id]
    return msgspec.to_builtins(page(rows))  # type: ignore[no-any-return]


def orders() -> list[BookOrder]:
    """One of each state, the newest first; the last was brought in from a file without goods."""
    made = []
    for n, state in enumerate(ORDER_STATES):
        at = NOW - timedelta(hours=7 * n + 1)
        sent = state in ("shipped", "out_for_delivery", "exception", "delivered", "done")
        made.append(
            BookOrder(
                order_id=f"4400{n}",
                state=state,
                buyer="林**",
                placed_at=at,
                paid_at=None if n == 0 else at + timedelta(minutes=1),
                total_fen=12_800,
                paid_fen=None if n == 0 else 12_800,
                units=2,
                broadcast=3,
                province="浙江",
                lines=[BookLine("coat-m", 2, 6400, "coat", "双面呢羊毛大衣", "燕麦 M")] if n < 7 else [],
                shipment=BookShipment(state, at, at, carrier="顺丰", waybill="SF1") if sent else None,
                aftersales=[BookAftersale("a", "return", "asked")] if n == 5 else [],
                note="先别发" if n == 1 else "",
                tags=["老客"] if n == 1 else [],
                change_address=n == 1,
            )
        )
    return made


def orders_told(query: dict[str, Any]) -> dict[str, Any]:
    """What ``GET /v1/orders?all=1`` answers in this shop."""
    rows = [order for order in orders() if query.get("state", "") in ("", order.state)]
    rows = [order for order in rows if query.get("q", "") in order.order_id]
    counts = [StateCount(state, 10 + n, 99_900, 88_800, 0) for n, state in enumerate(ORDER_STATES)]
    urge = BothSaid("还有 10 单没付，最早的占着大衣", "10 orders are unpaid")
    unpaid = query.get("state") == "unpaid"
    page_ = OrderBookPage(rows, "", counts, urge if unpaid else None)
    return msgspec.to_builtins(page_)  # type: ignore[no-any-return]


class ShopSeat(StillSeat):
    """A seat that joins nobody, and knows what an engine would say of this shop."""

    async def book(self, name: str, **query: str | int) -> dict[str, Any]:
        return orders_told(dict(query)) if name == "orders" else told(dict(query))


def shop_window(role: str = "assistant") -> ShopWindow:
    """The window on such a seat; `show` brings it a page and a card at once."""

    async def join() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    seat = ShopSeat(join)
    seat.state = sample_state()
    return ShopWindow(seat, role)


def show(window: ShopWindow, chosen: int = 4, rows: list[CaseRow] | None = None) -> None:
    """The page, and the card of a row."""
    found = page(rows)
    window.reading.rows = list(found.rows)
    window.reading._tell(found)
    if found.rows:
        window.list.rows.choose(found.rows[chosen].case_id)
        window.reading.card_told.emit(card(found.rows[chosen]))


def main(folder: str, name: str = "dark", ratio: str = "1", language: str = "zh") -> None:
    """At the sizes of the sketches, and as small as it goes."""
    import asyncio

    from tests.ui.layout.walk import application
    from ui import i18n, theme

    async def pictures() -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        i18n.use(language)
        theme.apply(app, name)
        window = shop_window()
        window.show()
        show(window)
        for width, height in ((1440, 900), (1366, 768), (960, 520)):
            window.resize(width, height)
            for _ in range(10):
                await asyncio.sleep(0)
                QApplication.sendPostedEvents()
            window.grab().save(str(Path(folder) / f"shop-{width}-{name}-{ratio}-{language}.png"))
        window.resize(1440, 900)
        window.groups.choose("all")
        for _ in range(20):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        window.list.states.choose("unpaid")
        for _ in range(20):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        window.grab().save(str(Path(folder) / f"shop-all-{name}-{ratio}-{language}.png"))
        window.close()

    with application() as run:
        Path(folder).mkdir(parents=True, exist_ok=True)
        run(pictures())


if __name__ == "__main__":
    main(*sys.argv[1:])
