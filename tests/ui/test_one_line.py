"""The one-line composer: what it read, what the rules say, and that Enter adds and never fires."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from liveconsole.messages.verdicts import Verdict
from tests.ui.fake_bus import until
from tests.ui.judged import lowest
from tests.ui.rooms import planned, rundown_state
from tests.ui.sections import show
from ui.panels.composer.line import LineBar
from ui.panels.composer.money import lowest_words
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.sheets.advice import advice_of, warned_of

SALE = {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 2, "seconds": 300}
WORDS = {
    "field": "spec.name",
    "term": "最低",
    "text": "最 低",
    "kind": "absolute",
    "zh": "广告法绝对化用语",
    "en": "absolute term",
    "suggestion": "超值",
}


class RulesSeat:
    """Answers as it was told, and notes what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.judged: list[dict[str, Any]] = []
        self.says: dict[str, Any] = {"ok": True}
        self.answer = Answer(True, result={"cue_id": "c9"})

    async def judge(self, type: str, data: dict[str, Any]) -> Verdict:
        self.judged.append(data)
        return msgspec.convert(self.says, Verdict)

    def ask_then(self, owner: object, type: str, data: dict[str, Any], then: Any) -> None:
        self.asked.append((type, data))
        then(self.answer)


@pytest.fixture
def seat() -> RulesSeat:
    return RulesSeat()


@pytest.fixture
def bar(dressed: QApplication, seat: RulesSeat) -> Iterator[LineBar]:
    place = QWidget()
    column = QVBoxLayout(place)
    made = LineBar(seat)  # type: ignore[arg-type]
    column.addWidget(made)
    column.addWidget(made.below())
    place.resize(600, 200)
    show(made, rundown_state())
    place.show()
    yield made
    place.close()
    place.deleteLater()


async def test_what_was_read_stands_below_and_enter_adds(bar: LineBar, seat: RulesSeat) -> None:
    seat.says = {
        "ok": True,
        **lowest(8900, 9900, combination="秒杀 99 + 直减 10"),
        "exposure_fen": 500_000,
    }
    QTest.keyClicks(bar.line, "")
    bar.line.setText("3号 秒99 x50 限2 5分")
    assert bar.draft is not None
    assert bar.draft.spec == SALE
    assert bar.meaning.text() == (
        "3 号 100% 山羊绒围巾 驼色 200×70，秒杀价 99 元，限量 50 件，每人限购 2 件，5 分钟。"
    )
    await until(lambda: seat.judged)
    await until(lambda: bar.cost.text())
    assert bar.cost.tone == "live"
    assert bar.cost.text().endswith("底价 ¥99.00 · 是这些叠在一起：秒杀 99 + 直减 10")
    assert bar.most.words == "最多让利 ¥5,000"
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert seat.asked == [("cue.add", {"kind": "flash_sale", "spec": SALE})]
    assert (bar.line.text(), bar.said.text()) == ("", "已加入待上，没有发出")
    QTest.keyClick(bar.line, Qt.Key.Key_Return)  # twice adds nothing twice
    assert len(seat.asked) == 1


async def test_what_cannot_be_read_is_named_and_never_added(bar: LineBar, seat: RulesSeat) -> None:
    for line in ("3号 秒99", "77号 秒9 x5", "3号 秒99 x50 87", "随便聊聊"):
        bar.line.setText(line)
        assert bar.draft is None
        assert bar.said.text()
        QTest.keyClick(bar.line, Qt.Key.Key_Return)
    await asyncio.sleep(0.2)
    assert (seat.asked, seat.judged) == ([], [])


async def test_a_refusal_stays_with_the_line(bar: LineBar, seat: RulesSeat) -> None:
    seat.answer = Answer(
        False, code="over_stock", params={"sku_id": "scarf", "quantity": 500, "available": 86}
    )
    bar.line.setText("3号 秒99 x500 限2 5分")
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert bar.line.text() == "3号 秒99 x500 限2 5分"
    assert "86" in bar.said.text()
    assert bar.draft is not None  # the same line can be handed in again when stock has come


async def test_words_that_were_warned_of_go_along(bar: LineBar, seat: RulesSeat) -> None:
    seat.says = {"ok": True, "words": [WORDS]}
    bar.line.setText("券「最 低价」 满199减20 x100 限1 5分")
    await until(lambda: bar.counsel.said)
    assert bar.counsel.said == ["「最 低」：广告法绝对化用语，可以说「超值」"]
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert seat.asked[0][1]["override"] == ["最低"]


async def test_several_pasted_lines_come_one_after_the_other(bar: LineBar, seat: RulesSeat) -> None:
    assert not bar.paste("3号 秒99 x50 限2 5分")  # one line is pasted as any text
    assert bar.paste("小王：3号 秒99 x50 限2 5分\n\n4号 秒59 x18 限1 10分\n")
    assert bar.draft is not None
    assert bar.draft.spec == SALE
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert bar.line.text() == "4号 秒59 x18 限1 10分"
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert [data["spec"]["price_fen"] for _, data in seat.asked] == [9900, 5900]


async def test_a_number_that_moved_is_read_again(bar: LineBar, seat: RulesSeat) -> None:
    bar.line.setText("3号 秒99 x5 限1 5分")
    at = planned()
    at.ok("cart.remove", {"product_id": "coat"})
    at.ok("cart.renumber", {})
    show(bar, at.shown())
    assert bar.draft is not None
    assert bar.draft.spec["sku_id"] == "gloves"


def test_advice_keeps_its_tone_and_its_field() -> None:
    said = {
        "notices": [{"code": "discount", "zh": "还差 1 元", "en": "1 yuan short", "missing": "1"}],
        "advice": [{"code": "threshold", "fits": True, "zh": "合适", "en": "fits"}],
        "words": [WORDS],
    }
    assert [(a.tone, a.field) for a in advice_of(msgspec.convert(said, Verdict))] == [
        ("warn", ""),
        ("warn", "spec.name"),
        ("ok", "spec.rule"),
    ]
    assert warned_of(msgspec.convert(said, Verdict)) == ["最低"]
    assert advice_of(Verdict(ok=True)) == []
    assert lowest_words("coupon", None, Verdict(ok=True), RoomView(rundown_state())) == ("", "fg1")


async def test_a_beat_is_said_back_and_goes_along(bar: LineBar, seat: RulesSeat) -> None:
    bar.line.setText("3号 秒99 x5 限1 5分 每小时 共4场")
    assert bar.meaning.text().endswith("每 60 分钟一场，共 4 场")
    assert bar.draft is not None
    assert bar._data(bar.draft)["repeat"] == {"minutes": 60, "times": 4}


async def test_the_limit_of_a_broadcast_is_set_by_a_line(bar: LineBar, seat: RulesSeat) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    bar._seat.ask_then = lambda owner, type, data, then: asked.append((type, data))  # type: ignore[method-assign]
    bar.line.setText("3号 本场上限5 每人1")
    assert bar.meaning.text().endswith("本场 上限 5 件 · 每人 1 件")
    assert bar.draft is None
    bar.add()
    ((type_, data),) = asked
    assert (type_, data["units"], data["per_buyer"]) == ("stock.limit", 5, 1)
