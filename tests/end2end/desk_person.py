"""A person at a real desk: looks at the window, presses keys and buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole import tasks
from liveconsole.bus.client import Client
from liveconsole.messages.state import CueState, State
from tests.ui.qt_loop import Loop
from ui.panels.composer import ComposerSheet
from ui.panels.composer.sale import SaleForm
from ui.panels.products import ProductsSheet
from ui.program import app
from ui.windows.desk import Desk
from ui.windows.shell import Shell

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
WITHIN = 15.0


class Person:
    """Looks at the window, presses keys and buttons; what is waited for is seen there or in the state."""

    def __init__(self, shell: Shell, outside: Client | None = None) -> None:
        self.shell, self._outside = shell, outside

    @property
    def outside(self) -> Client:
        """Another program at the same engine."""
        assert self._outside is not None
        return self._outside

    @property
    def desk(self) -> Desk:
        assert self.shell.desk is not None
        return self.shell.desk

    @property
    def joined(self) -> bool:
        """Whether the desk stands there with its first state."""
        return (
            self.shell.desk is not None and self.shell.seat is not None and self.shell.seat.state is not None
        )

    @property
    def state(self) -> State:
        assert self.shell.seat is not None
        assert self.shell.seat.state is not None
        return self.shell.seat.state

    def slot(self, cue_id: str) -> int | None:
        """The number of a promotion's key."""
        return next((cue.slot for cue in self.state.cues if cue.cue_id == cue_id), None)

    async def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        await self._hand(lambda: QTest.keyClick(self.shell.windowHandle(), key, held))

    async def hold(self, key: Qt.Key) -> None:
        await self._hand(lambda: QTest.keyPress(self.shell.windowHandle(), key))

    async def let_go(self, key: Qt.Key) -> None:
        await self._hand(lambda: QTest.keyRelease(self.shell.windowHandle(), key))

    async def click(self, widget: QWidget) -> None:
        assert widget.isEnabled(), widget.accessibleName()
        assert widget.isVisible(), widget.accessibleName()
        middle = QPoint(widget.width() // 2, widget.height() // 2)
        await self._hand(lambda: QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=middle))

    async def _hand(self, does: Callable[[], None]) -> None:
        """QTest turns the event loop inside: from a task's own step no other task could be entered there."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def act() -> None:
            does()
            done.set_result(None)

        loop.call_soon(act)
        await done

    async def sees(self, what: Callable[[], object], within: float = WITHIN) -> None:
        loop = asyncio.get_running_loop()
        ends = loop.time() + within
        while not what():
            assert loop.time() < ends, f"not seen within {within} s; cues: {self.statuses()}"
            await asyncio.sleep(0.02)

    def statuses(self) -> dict[str, str]:
        cues = self.state.cues if self.joined else []
        return {f"{cue.kind} {cue.cue_id}": cue.status for cue in cues}

    def of(self, kind: str, status: str) -> list[CueState]:
        return [cue for cue in self.state.cues if (cue.kind, cue.status) == (kind, status)]

    async def brings_products_in(self) -> None:
        self.desk.sheets.products()
        sheet = self.desk.side.sheet
        assert isinstance(sheet, ProductsSheet)
        sheet.text.setPlainText(
            "编号 名称 价格 库存 底价\nA1 羊绒围巾 199 128 99\nA2 手套 abc 18 50\nA3 贝雷帽 69 240 39"
        )
        await self.sees(sheet.put.isEnabled)
        assert "1 行不对" in sheet.count.text()
        await self.click(sheet.put)
        await self.sees(lambda: len(self.state.cart.items) == 2 and "没放 1" in sheet.said.text())
        await self.press(Qt.Key.Key_Escape)
        await self.sees(lambda: self.desk.side.sheet is None)

    async def opens(self) -> None:
        await self.sees(self.desk.opening.isVisible)
        await self.click(self.desk.opening.open)
        await self.sees(lambda: self.state.broadcast.status == "open")

    async def composes(self, kind: str) -> ComposerSheet:
        await self.click(self.desk.queue.add)
        sheet = self.desk.side.sheet
        assert isinstance(sheet, ComposerSheet)
        sheet.choose(kind)
        return sheet

    async def proposes_sale(self, price: str, seconds: int = 600) -> None:
        sheet = await self.composes("flash_sale")
        form = sheet.form
        assert isinstance(form, SaleForm)
        form.product.choose("A1")
        form.lines[0].price.setText("9.9")
        await self.sees(lambda: "底价 99" in form.fields["skus"].answered)
        assert not sheet.add_it.isEnabled()
        form.lines[0].price.setText(price)
        form.lines[0].quantity.setValue(10)
        form.lasts_entry.set_seconds(seconds)
        await self.sees(lambda: sheet.add_it.isEnabled() and "最低到手" in sheet.result.lowest.text())
        await self.click(sheet.add_it)
        await self.sees(lambda: self.desk.queue.rows() and self.desk.side.sheet is None)


Story = Callable[[Person], Coroutine[Any, Any, None]]


def live(life: Callable[[], Coroutine[Any, Any, None]], within: float = 50.0) -> None:
    """Run `life` on Qt's loop, as the desk's own `main` does, and leave no loop behind."""
    made = QApplication.instance() or QApplication([])
    assert isinstance(made, QApplication)
    app.dress(made)
    loop = Loop(made)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(asyncio.wait_for(life(), within))
    asyncio.set_event_loop(None)


async def leave(shell: Shell) -> None:
    """The end of a desk, as its own `main` ends it."""
    await shell.leave()
    await tasks.cancel_all()
    shell.deleteLater()


def comments(texts: dict[str, str], start: int = 0) -> list[dict[str, Any]]:
    """One comment of each viewer."""
    return [
        {
            "specversion": "1.0", "id": str(start + n), "source": "/test", "type": "comment.posted",
            "data": {"viewer": {"id": viewer, "name": viewer}, "text": text},
        }
        for n, (viewer, text) in enumerate(texts.items())
    ]  # fmt: skip
