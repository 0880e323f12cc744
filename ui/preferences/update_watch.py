"""What this program knows of a newer version: looked for once a day after a yes, and off air alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from liveconsole import __version__, tasks
from liveconsole.messages.update_words import update_words
from liveconsole.updates import kept
from liveconsole.updates.notice import UpdateRefused
from liveconsole.updates.updater import DownloadPage, Updater
from ui import outside
from ui.i18n import language

if TYPE_CHECKING:
    from liveconsole.updates.checking import UpdateOffer

_FIRST_MS: Final = 30_000
"""After the window came up: whoever opens it in a hurry has other things to do."""
_AGAIN_MS: Final = 3_600_000
"""How often it is thought of; whether something is asked then, `updates.kept.is_due` says."""


class UpdateWatch(QObject):
    """One for the program. Without a folder it remembers and asks nothing."""

    moved = Signal()
    """Something is known, or asked, that was not before."""
    deed = DownloadPage.deed
    """What the key says that takes an offer, Chinese source text."""

    def __init__(self, base: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._base = base
        self.offer: UpdateOffer | None = None
        self.asking = False
        self._said: tuple[str, dict[str, object]] = ("", {})
        self._open: frozenset[int] = frozenset()
        self._answers = 0
        self._keeping = asyncio.Lock()
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._by_itself)

    def begin(self) -> None:
        """From now on look by itself, where somebody agreed."""
        if self._base is not None:
            QTimer.singleShot(_FIRST_MS, self, self._by_itself)
            self._timer.start()

    @property
    def able(self) -> bool:
        """Whether it can be asked at all: not where its publisher set up no updates."""
        from liveconsole.updates.checking import built_in

        return self._base is not None and built_in().is_set_up

    @property
    def publisher(self) -> str:
        """What its publisher set up, in the desk's language."""
        from liveconsole.updates.checking import built_in

        source = built_in()
        code = "set_up" if source.is_set_up else "not_set_up"
        return update_words(code, {"host": source.host}, english=language() == "en")

    @property
    def agreed(self) -> bool:
        """Whether a person said that the program may ask."""
        return self._base is not None and kept.load(self._base).agreed

    def agree(self, yes: bool) -> None:
        """He said so, or takes it back; a yes asks at once."""
        if self._base is not None:
            self._answers += 1
            tasks.spawn(self._keep(self._base, yes, self._answers), name="whether updates are asked for")

    async def _keep(self, base: Path, yes: bool, number: int) -> None:
        async with self._keeping:  # a disk that is slow to say yes never holds the desk
            if number == self._answers:  # what he said last
                await asyncio.to_thread(kept.change, base, agreed=yes)
        if yes and number == self._answers:
            self._by_itself()
        self.moved.emit()

    def show_on_air(self, desk: int, on: bool, *_: object) -> None:
        """The room of a desk is on air, or off: also one of another computer, which no folder here knows.

        ``desk``: a number of its own; a desk that goes is off.
        """
        self._open = self._open | {desk} if on else self._open - {desk}

    def look(self) -> None:
        """Ask now: a person pressed the key."""
        from liveconsole.updates.checking import look

        base = self._base
        if base is not None:
            self._begin(lambda: look(base, elsewhere=len(self._open)), says=True)

    def take(self) -> None:
        """Do what is done with an offer; why it could not be done is said."""
        if self.offer is None:
            return
        try:
            self.updater().begin(self.offer)
        except UpdateRefused as why:
            self._tell(why.code, why.params)

    def updater(self) -> Updater:
        """What takes an offer here."""
        from liveconsole.updates.checking import built_in

        return DownloadPage(built_in().host, outside.show_page)

    @property
    def words(self) -> str:
        """What came of the last question, in the desk's language; empty before one."""
        code, params = self._said
        return update_words(code, params, english=language() == "en") if code else ""

    def _by_itself(self) -> None:
        from liveconsole.updates.checking import look_if_due

        base = self._base
        if base is not None and not self._open:
            self._begin(lambda: look_if_due(base), says=False)

    def _begin(self, ask: Callable[[], Awaitable[UpdateOffer | None]], *, says: bool) -> None:
        if not self.asking:
            self.asking = True
            self.moved.emit()
            tasks.spawn(self._ask(ask, says=says), name="is there a newer version")

    async def _ask(self, ask: Callable[[], Awaitable[UpdateOffer | None]], *, says: bool) -> None:
        said = self._said
        try:
            async with asyncio.timeout(60):
                self.offer = await ask()
            if says:  # only now: whatever went wrong, nobody is told that this is the newest
                said = "newest", {"version": __version__}
            if self.offer is not None:
                notice = self.offer.notice
                said = "newer", {"version": notice.version, "date": notice.date.date().isoformat()}
        except UpdateRefused as why:
            if says:  # a question that nobody pressed a key for fails in silence
                said = why.code, why.params
        except TimeoutError:
            said = ("no_network", {}) if says else said
        finally:
            self.asking = False
            self._tell(*said)

    def _tell(self, code: str, params: dict[str, object]) -> None:
        self._said = code, params
        self.moved.emit()
