"""主播大屏 as a program of its own, for a second computer or beside no desk: ``liveconsole open --host``."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtGui import QCloseEvent, QShowEvent

from liveconsole import tasks
from liveconsole.messages.rights import may
from ui import preferences
from ui.i18n import t
from ui.keys import KeyActions, Keys
from ui.seat import join, session
from ui.seat.bus import Bus
from ui.seat.seat import Seat
from ui.widgets import HoldButton
from ui.widgets.picture import shelf
from ui.windows.guide import GuideOpener
from ui.windows.host.window import HostWindow


class _Joining:
    """The way to the engine, which is known once the command line was read."""

    def __init__(self) -> None:
        self.by: join.Join | None = None

    async def __call__(self) -> Bus:
        assert self.by is not None, "run before begin"
        return await self.by()


class HostAlone(HostWindow):
    """The same window with a seat and keys of its own. Promotions are fired at a desk, never here."""

    def __init__(self, base: Path, remembered: session.Remembered, role: session.Role = "host") -> None:
        self._joining = _Joining()
        seat = Seat(self._joining)
        shelf().ask_of(seat.picture)
        super().__init__(seat, role)
        self._base, self._remembered = base, remembered
        self._living: asyncio.Task[None] | None = None
        self.left = asyncio.Event()
        self._halt = HoldButton(t("全停"), key="F12")
        self._halt.held.connect(self.commands.halt)
        self.top.row.addWidget(self._halt)
        self._halt.setVisible(may(role, "room.halt"))
        self.guide = GuideOpener(self, base)
        self.keys = Keys(self, self._key_actions())

    def begin(
        self, *, role: session.Role | None = None, url: str = "", token_file: Path | None = None
    ) -> None:
        """Join an engine elsewhere, the named folder's, or that of the room that was chosen before."""
        choice = self._remembered.choice
        seat = role or "host"
        if url and token_file is not None:
            self._joining.by = join.remote(url, token_file)
        elif role is None and choice is not None:
            folder = session.folder(self._base, choice.mode)
            self._joining.by = join.local(folder, seat, session.serve_options(choice.mode))
        else:
            self._joining.by = join.local(self._base, seat)
        self._living = tasks.spawn(self._seat.run(), name="seat")
        self.open_beside(None)

    async def leave(self) -> None:
        """Let go of the engine; it stays."""
        await self._seat.close()
        if self._living is not None:
            await tasks.cancel_all([self._living])
        self.close()

    def _key_actions(self) -> KeyActions:
        return KeyActions(
            next_product=self.go_next,
            fire=_nothing,
            stop=_nothing,
            recall=self.take_back,
            halt=self._halt_key,
            help=self.show_keys,
            lock=_nothing,
            escape=lambda: self.escape() or self._leave_full_screen(),
            look=self._look,
            guide=self.guide.open,
        )

    def _halt_key(self, down: bool) -> None:
        if down and not self._halt.isHidden():
            self._halt.begin()
        else:
            self._halt.cancel()

    def _look(self, name: str) -> bool:
        if name != "Ctrl+T":
            return False
        preferences.current().next_theme()
        return True

    def _leave_full_screen(self) -> bool:
        if not self.isFullScreen():
            return False
        self.showNormal()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.keys.watch(self.windowHandle())

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.left.set()


def _nothing(*_which: int) -> bool:
    """A key of the desk that means nothing here."""
    return False
