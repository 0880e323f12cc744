"""The host of the hour: what she does, in the order of the walk-through that stands in `test_desk_hour`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from liveconsole.messages.state import CueState
from tests.end2end.by_keyboard import Keyboard, reads
from tests.end2end.desk_person import CTRL
from tests.end2end.hour_room import FROM_ASSISTANT, FROM_HOST, PINNED, SEGMENTS
from ui.panels.health import HealthPanel
from ui.panels.notes.handover import HandoverSheet
from ui.panels.queue.row import QueueRow
from ui.windows.commands import TWICE_SECONDS

LOOK = 0.9
"""How long she looks at a proposal before she answers."""
SLOWLY = 30.0


class Host(Keyboard):
    """Goes through the evening at her desk; `segment` is the one she is at, from 1."""

    segment = 0
    twice = 0
    _next_from = 0.0

    # Before and after -------------------------------------------------------------------------------

    async def reads_the_note_and_opens(self) -> None:
        strip = self.desk.proposals.strip
        await self.sees(lambda: strip.isVisible() and strip.text.text() == FROM_ASSISTANT, SLOWLY)
        await self.press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        await self.presses_button("看过了")
        await self.sees(lambda: not strip.isVisible())
        await self.press(Qt.Key.Key_F6)
        await self.press(Qt.Key.Key_F6)
        await self.presses_button("开播")
        await self.sees(lambda: self.state.broadcast.status == "open")

    async def halts(self) -> None:
        """F12, held for a second, ends all that still runs."""
        await self.hold(Qt.Key.Key_F12)
        await self.sees(lambda: not self._running())
        await self.let_go(Qt.Key.Key_F12)

    def _running(self) -> list[str]:
        return [cue.cue_id for cue in self.state.cues if cue.kind != "pin" and cue.status == "on_air"]

    async def closes(self) -> None:
        """Once the platform has said that all of it has ended: sooner the engine says what still runs."""
        await self.sees(lambda: not any(cue.owed is not None for cue in self.state.cues))
        await self.press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        await self.tabs_to(lambda at: at is self.desk.footer._over)
        await self.hold(Qt.Key.Key_Space)
        await self.sees(lambda: self.state.broadcast.status == "closed")
        await self.let_go(Qt.Key.Key_Space)

    async def hands_over(self) -> tuple[str, Path]:
        """The 交接单 as it was copied, and the folder of the report's files."""
        sheet = self.desk.side.sheet
        assert isinstance(sheet, HandoverSheet)
        await self.sees(lambda: self.shell.focusWidget() is sheet.copy_it)
        await self.press(Qt.Key.Key_Space)
        await self.sees(lambda: sheet.said.text() == "复制好了")
        await self.presses_button("写复盘文件", back=True)
        await self.sees(lambda: sheet.said.text().startswith("复盘文件写好了："), SLOWLY)
        return QGuiApplication.clipboard().text(), Path(sheet.said.text().split("：", 1)[1])

    async def opens_a_second_evening(self) -> None:
        """Esc, and 开播 once more. Of the first evening drafts are left that never went out; no key fires
        one of them."""
        await self.press(Qt.Key.Key_Escape)
        await self.sees(lambda: self.desk.side.sheet is None)
        await self.press(Qt.Key.Key_F6)
        await self.press(Qt.Key.Key_F6)
        await self.presses_button("开播")
        await self.sees(lambda: self.state.broadcast.status == "open")
        await self.sees(lambda: not self.desk.opening.isVisible())
        left = self.desk.queue.rows()
        assert {row.face.status for row in left} <= {"queued", "rejected"}, [row.face for row in left]
        assert [row.face.title for row in left if row.face.fire and not row.fire.reason] == []
        assert not self.desk.queue.bars()
        assert self.desk.left.owed.is_empty()
        assert not self.desk.stage.winners.isVisible()
        over = {"ended", *(row.face.status for row in left)}
        assert [cue.cue_id for cue in self.state.cues if cue.status not in over] == []
        assert self.state.pinned.wanted is None
        assert self.state.rundown.current is None
        assert [s.segment_id for s in self.state.rundown.segments if s.done or s.current] == []
        self.segment = 0

    # 下一品 -----------------------------------------------------------------------------------------

    async def goes_on(self, *, confirmed: bool = True) -> None:
        """PgDn: the next segment and its product, in the engine as on the screen."""
        self.segment += 1
        product = f"H{self.segment:02}"
        await self._page_down()
        await self.sees(lambda: self._at() == (self.segment, product))
        assert self.state.pinned.wanted == product
        if confirmed:
            await self.sees(lambda: self.state.pinned.confirmed == product)

    async def goes_on_with_two_presses(self) -> None:
        """Two presses, each with a finger's time between, before the desk has heard of the first."""
        await self._page_down()
        await self.press(Qt.Key.Key_PageDown)
        self.segment += 1
        await self.sees(lambda: self._at()[0] >= self.segment)
        await asyncio.sleep(0.3)
        assert self._at() == (self.segment, f"H{self.segment:02}"), "two presses were one"
        self.twice += 1

    async def _page_down(self) -> None:
        """Not so soon after the last one that it would be taken for its echo."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._next_from - loop.time()))
        await self.press(Qt.Key.Key_PageDown)
        self._next_from = loop.time() + TWICE_SECONDS + 0.05

    def _at(self) -> tuple[int, str | None]:
        """(the current segment's place from 1, its product)."""
        rundown = self.state.rundown
        ids = [segment.segment_id for segment in rundown.segments]
        if rundown.current not in ids:
            return 0, None
        place = ids.index(rundown.current)
        return place + 1, rundown.segments[place].product_id

    async def goes_to_the_end(self) -> None:
        while self.segment < SEGMENTS:
            await self.goes_on()

    # Promotions -------------------------------------------------------------------------------------

    def row(self, kind: str, *, of: str = "") -> QueueRow | None:
        """The row of a waiting promotion of this kind; `of`: something that its title says."""
        rows = self.desk.queue.rows()
        return next((r for r in rows if r.face.kind == kind and of in r.face.title), None)

    async def fires(self, kind: str, *, of: str = "", takes_back: bool = False) -> str:
        """The key that the row names; Esc while it counts down takes it back. Its cue."""
        row: list[QueueRow] = []

        def ready() -> bool:
            row[:] = [
                r for r in (self.row(kind, of=of),) if r is not None and r.face.key and not r.fire.reason
            ]
            return bool(row)

        await self.sees(ready)
        cue_id, key = row[0].face.cue_id, row[0].face.key
        await self.press(Qt.Key(ord(key[-1])), CTRL)
        await self.sees(lambda: self.status(cue_id) == "recallable" and self.desk.queue.bars())
        if takes_back:
            assert "秒后发出" in self.desk.queue.bars()[0].said
            await self.press(Qt.Key.Key_Escape)
            await self.sees(lambda: self.status(cue_id) == "recalled" and not self.desk.queue.bars())
        return cue_id

    def status(self, cue_id: str) -> str:
        return next((cue.status for cue in self.state.cues if cue.cue_id == cue_id), "")

    def cue(self, cue_id: str) -> CueState:
        return next(cue for cue in self.state.cues if cue.cue_id == cue_id)

    async def is_on_air(self, cue_id: str) -> None:
        await self.sees(lambda: self.status(cue_id) in ("on_air", "ended"), SLOWLY)

    async def answers_proposals(self, agreed: int) -> None:
        """Ctrl+Enter for the first `agreed` of them, Ctrl+Backspace for the last; she looks at each first."""
        await self.sees(lambda: len(self._proposed()) == agreed + 1, SLOWLY)
        while proposed := self._proposed():
            row = self.desk.queue.row(proposed[0])
            assert row is not None
            if not row.chosen:
                await self.press(Qt.Key.Key_Return, CTRL)  # to the oldest, and no further
            await self.sees(lambda row=row: row.chosen)  # type: ignore[misc]
            await asyncio.sleep(LOOK)
            yes = len(proposed) > 1
            await self.press(Qt.Key.Key_Return if yes else Qt.Key.Key_Backspace, CTRL)
            pin = self.cue(proposed[0]).kind == "pin"  # it has no number: a yes carries it out
            wanted = ("on_air" if pin else "approved") if yes else "rejected"
            await self.sees(lambda cue_id=proposed[0], to=wanted: self.status(cue_id) == to)  # type: ignore[misc]
            if pin and yes:
                await self.sees(lambda: self.state.pinned.confirmed == PINNED, SLOWLY)

    def _proposed(self) -> list[str]:
        queued = (cue for cue in self.state.cues if cue.status == "queued")
        return [cue.cue_id for cue in queued if cue.proposed_by == "assistant"]

    async def is_told_that_it_is_below_the_floor(self) -> None:
        """A segment's promotion that 下一品 could not put up, with the reason beside the key."""
        box = self.desk.rundown.box
        await self.sees(lambda: "秒杀 没上" in box.done and "底价" in box.why.text())
        assert box.why.isVisible()

    async def writes_to_the_assistant(self) -> None:
        await self.press(Qt.Key.Key_M, CTRL)
        assert self.desk.side.sheet is not None
        await self.tabs_to(lambda at: at.accessibleName() == "给谁", back=True)
        await self.press(Qt.Key.Key_Down)
        await self.tabs_to(lambda at: at.accessibleName() == "写什么")
        await self.types(FROM_HOST)
        await self.sends_the_note()

    # What goes wrong --------------------------------------------------------------------------------

    async def waits_for_a_late_platform(self, cue_id: str, resume: Callable[[], None]) -> None:
        """Fired, and nobody knows yet: the desk says so, and never that it is on air."""
        await self.sees(lambda: self.status(cue_id) == "firing")
        await self.goes_on(confirmed=False)
        product = f"H{self.segment:02}"
        await self.sees(lambda: reads(self.desk.stage, "等平台开始"))
        assert self.state.pinned.confirmed != product
        await asyncio.sleep(1.5)
        assert self.status(cue_id) == "firing"
        resume()
        await self.is_on_air(cue_id)
        await self.sees(lambda: self.state.pinned.confirmed == product)

    async def sees_a_source(self, name: str, mark: str, within: float = SLOWLY) -> None:
        """Ctrl+G: the health of a source, by the shape of its mark; Ctrl+G again closes it."""
        await self.press(Qt.Key.Key_G, CTRL)
        alarms = self.desk.alarms
        assert alarms.is_open
        await self.sees(lambda: mark in _marks(alarms.panel, name), within)
        await self.press(Qt.Key.Key_G, CTRL)
        await self.sees(lambda: not alarms.is_open)


def _marks(panel: HealthPanel, name: str) -> list[str]:
    return [row.mark._icon for row in panel.sources._rows if row.name.text() == name]
