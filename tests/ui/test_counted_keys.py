"""How many keys the acts of an evening take: each is pressed here, through the rules, and the table in the
docs is what was counted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import pytest_asyncio
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication

from liveconsole.views.report import fold
from tests.ui.evening import BAG, Evening
from tests.ui.fake_bus import until
from tests.ui.fingers import stroke
from tests.ui.past_rooms import past
from tests.ui.test_desk import CTRL, NONE, desks
from tests.ui.test_evenings import AtRules
from tests.unit.domain.desk import Desk as Rules
from tests.unit.views.log_lines import lines_of
from ui.windows import commands

_DOCS: Final = Path(__file__).parents[2] / "docs/an-hour.md"
_TYPED: Final = {"秒": "miao ", "全部": "quanbu ", "各": "ge "}
"""What an input method is given for a word, the blank that takes it included."""
MOST: Final = {
    "Explain the next product": 1,
    "Explain number 15": 4,
    "Fire a prepared sale": 1,
    "A new sale of 8 SKUs at one price": 25,
    "Who has won": 0,
    "How everything stands": 0,
    "The report of the last broadcast": 2,
    "The report of any older one": 4,
}
"""Act → the keys that it may take."""


class Counting(AtRules):
    """Counts every key that is pressed on whatever window has the keyboard."""

    def __init__(self, evening: Evening) -> None:
        super().__init__(evening)
        self.keys: list[str] = []

    async def key(self, name: str, key: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "") -> None:
        window = QGuiApplication.focusWindow()
        assert window is not None
        self.keys.append(name)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(window, stroke(kind, key, held, text))

    async def types(self, line: str) -> None:
        """Digits and blanks are keys; a word of Chinese is those that an input method is given for it."""
        for part in re.findall("|".join([*_TYPED, "."]), line):
            if part in _TYPED:
                self.keys += list(_TYPED[part])
                event = QInputMethodEvent()
                event.setCommitString(part)
                focus = QApplication.focusWidget()
                assert focus is not None
                QCoreApplication.sendEvent(focus, event)
            else:
                await self.key(part, Qt.Key(ord(part)), text=part)

    def count(self, act: str) -> int:
        """The keys since it was asked last."""
        pressed, self.keys = self.keys, []
        assert len(pressed) <= MOST[act], (act, pressed)
        return len(pressed)


def _goods(evening: Evening) -> None:
    """Fifteen in the cart; the last has four colours in two sizes."""
    rows: list[dict[str, Any]] = [
        {"product_id": f"p{n}", "title": f"针织帽 {n}", "price_fen": 9900, "floor_fen": 3000, "stock": 90}
        for n in range(9, 15)
    ]
    skus = [
        {"sku_id": f"{colour}-{size}", "title": f"{colour} {size}", "price_fen": 29900, "stock": 40}
        for colour in ("驼色", "黑色", "米白", "酒红")
        for size in ("S", "M")
    ]
    knit = {"product_id": "knit", "title": "针织开衫", "price_fen": 29900, "stock": 320, "skus": skus}
    evening.ok("catalogue.put", {"products": [*rows, knit | {"floor_fen": 9900}]})
    evening.ok("cart.add", {"product_ids": [*(row["product_id"] for row in rows), "knit"]})


@pytest_asyncio.fixture
async def sit(dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    monkeypatch.setattr(commands, "TWICE_SECONDS", 0.0)
    opened: list[Counting] = []

    async def open_(evening: Evening) -> Counting:
        made = Counting(evening)
        opened.append(made)
        await made.open(tmp_path)
        made.shell.activateWindow()
        await until(lambda: QApplication.activeWindow() is made.shell)
        made.desk.setFocus()  # type: ignore[union-attr]
        return made

    async with desks(tmp_path):
        yield open_
        for each in opened:
            await each.shell.leave()
            each.shell.deleteLater()


async def _explains(at: Counting, told: dict[str, int]) -> None:
    await at.key("PgDn", Qt.Key.Key_PageDown)
    await until(lambda: at.evening.room.pinned.wanted == "coat")
    told["Explain the next product"] = at.count("Explain the next product")
    await at.seen()
    await at.key("F6", Qt.Key.Key_F6)
    await at.types("15")
    await at.key("Ctrl+PgDn", Qt.Key.Key_PageDown, CTRL)
    await until(lambda: at.evening.room.pinned.wanted == "knit")
    told["Explain number 15"] = at.count("Explain number 15")
    await at.seen()


async def _sells(at: Counting, told: dict[str, int]) -> None:
    desk = at.desk
    assert desk is not None
    await at.key("Ctrl+1", Qt.Key.Key_1, CTRL)
    await until(lambda: at.evening.cue("c-sale").status == "on_air")
    told["Fire a prepared sale"] = at.count("Fire a prepared sale")
    await at.seen()
    await at.key("Ctrl+K", Qt.Key.Key_K, CTRL)
    await at.types("秒199 全部 各10")
    desk.proposals.line.judge_now()
    await at.key("Enter", Qt.Key.Key_Return)
    await until(lambda: len(at.evening.room.queue) == 1)
    [cue_id] = at.evening.room.queue
    rows = at.evening.cue(cue_id).spec_sent["skus"]
    assert [(row["price_fen"], row["quantity"]) for row in rows] == [(19900, 10)] * 8
    told["A new sale of 8 SKUs at one price"] = at.count("A new sale of 8 SKUs at one price")
    await at.seen()


async def _is_told(at: Counting, told: dict[str, int]) -> None:
    """Without a key: who has won stands there, and so does all that runs, waits and is wrong."""
    desk = at.desk
    assert desk is not None
    at.evening.add("c-bag", "lucky_bag", BAG | {"seconds": 10, "claim_seconds": 600})
    at.evening.fire("c-bag")
    at.evening.says("驼色好看", "阿青", "小雨", "林姐", "周周")
    at.evening.wait(12)
    await at.seen()
    await until(desk.stage.winners.isVisible)
    won = next(cue for cue in at.bus.now_state.cues if cue.cue_id == "c-bag").winners
    names = [winner.name for winner in won]
    assert names
    assert all(name in desk.stage.winners.names.text() for name in names)
    told["Who has won"] = at.count("Who has won")
    assert desk.strip.isVisible()
    assert desk.stage.product.isVisible()
    assert [row.face.status for row in desk.queue.rows()] == ["queued"]
    told["How everything stands"] = at.count("How everything stands")


async def _reports(at: Counting, told: dict[str, int]) -> None:
    ended = Rules()
    ended.ok("broadcast.close", {})
    at.bus.past = msgspec.to_builtins(past(30))
    at.bus.reports = {number: msgspec.to_builtins(fold(lines_of(ended))) for number in (30, 17)}
    for act, number, typed in (
        ("The report of the last broadcast", 30, ""),
        ("The report of any older one", 17, "17"),
    ):
        at.shell.activateWindow()
        await until(lambda: QApplication.activeWindow() is at.shell)
        await at.key("Ctrl+H", Qt.Key.Key_H, CTRL)
        window = at.shell.past.list
        assert window is not None
        await until(lambda w=window: w._rows)  # type: ignore[misc]
        window.activateWindow()  # as a window manager does
        await until(lambda w=window: QApplication.activeWindow() is w)  # type: ignore[misc]
        await at.types(typed)
        await at.key("Enter", Qt.Key.Key_Return)
        await until(lambda w=window: "【概览】" in w.report.front.toPlainText())  # type: ignore[misc]
        assert window.report.number == number
        told[act] = at.count(act)
        window.close()


def _table(told: dict[str, int]) -> str:
    head = ["| what | keys | at most |", "|---|---|---|"]
    return "\n".join([*head, *(f"| {act} | {keys} | {MOST[act]} |" for act, keys in told.items())])


async def test_every_act_takes_no_more_keys_than_it_may_and_the_docs_say_how_many(sit: Any) -> None:
    evening = Evening()
    _goods(evening)
    evening.sale()
    evening.approve("c-sale")
    at: Counting = await sit(evening)
    told: dict[str, int] = {}
    for act in (_explains, _sells, _is_told, _reports):
        await act(at, told)
    assert list(told) == list(MOST)
    assert _table(told) in _DOCS.read_text("utf-8"), _table(told)


def test_one_key_too_many_is_seen() -> None:
    """The twin of the count."""
    counted = Counting(Evening())
    counted.keys = ["PgDn", "PgDn"]
    with pytest.raises(AssertionError):
        counted.count("Explain the next product")
