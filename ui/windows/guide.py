"""F1: the guide in the system's browser, at the page that is about what the person looks at."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole import guide, tasks
from ui import clipboard, i18n, outside
from ui.alive import alive
from ui.i18n import t
from ui.widgets import Notice
from ui.windows.over_right import OverRight

if TYPE_CHECKING:
    from ui.windows.shell import Shell

GUIDE_KEY: Final = "F1"
_SECONDS: Final = 12.0
PLACES: Final = {
    "Welcome": "first-evening", "RoomCheck": "check", "Desk": "desk", "AlarmList": "alarms",
    "HostWindow": "big-screen", "HistoryWindow": "history", "PlayerWindow": "history", "ShopWindow": "shop",
    "CustomersWindow": "customers", "BoardsWindow": "boards", "PrepareWindow": "prepare",
    "SettingsWindow": "connect", "ComposerSheet": "composer", "KeysSheet": "keys",
    "ProductsSheet": "products", "StockSheet": "products", "LimitSheet": "products",
    "PictureSheet": "products", "DifferencesSheet": "shop-connection", "MeasureSheet": "phone-tasks",
    "CardSheet": "composer", "HandoverSheet": "handover", "WinnersSheet": "winners",
    "StopBagSheet": "winners", "SegmentSheet": "rundown", "PasteSheet": "rundown", "NoteSheet": "notes",
    "PledgeSheet": "notes", "ViewerSheet": "comments", "LeavingSheet": "closing", "DrillSheet": "drills",
    "CommentSheet": "comments", "PlacesSheet": "composer", "LawSheet": "law", "QualificationSheet": "law",
    "SharingSheet": "sharing", "JoinPage": "join",
}  # fmt: skip
"""What is looked at → its place in the guide, the same in both languages."""


class GuideOpener(QObject):
    """Belongs to a window with keys of its own. What it has to say stands in the window with the keyboard,
    on every page: behind it nobody would see it."""

    def __init__(self, window: QWidget, base: Path, shell: Shell | None = None) -> None:
        """``shell``: the window, where it is one, with its pages."""
        super().__init__(window)
        self._window, self._base, self._shell = window, base, shell
        self._opening = False
        self._own: dict[QWidget, Notice] = {}
        self.notice: Notice | None = None
        """Where it spoke last."""

    def open(self) -> bool:
        """Open it; a second press while it is being opened does nothing more."""
        if not self._opening:
            self._opening = True
            asked_in = QApplication.activeWindow()
            tasks.spawn(self._open(self.place(), asked_in), name="open the guide")
        return True

    def place(self) -> str:
        """Where in the guide that is written of which the person sees now."""
        shell = self._shell
        for window in (QApplication.activeWindow(), self._window):
            for kind in type(window).__mro__:
                if named := PLACES.get(kind.__name__):
                    return named
        if shell is None:
            return ""
        page = shell.pages.currentWidget()
        if shell.desk is not None and page is shell.desk:
            if shell.desk.alarms.is_open:
                return PLACES["AlarmList"]
            sheet = shell.desk.side.sheet
            return PLACES.get(type(sheet).__name__, PLACES["Desk"])
        if shell.welcome is not None and shell.welcome.asks_elsewhere:
            return PLACES["JoinPage"]
        return PLACES.get(type(page).__name__, "")

    async def _open(self, place: str, asked_in: QWidget | None) -> None:
        try:
            file = await alive(self, asyncio.to_thread(guide.put, self._base, _language(), place))
        except OSError as why:
            self._say(asked_in, t("指南打不开：{why}", why=why.strerror or type(why).__name__))
            return
        finally:
            self._opening = False
        path = str(file)
        if outside.show_file(path):
            self._say(asked_in, t("指南在浏览器里。没看到的话，自己打开这个文件：{path}", path=path), path)
        else:
            self._say(asked_in, t("没有能用的浏览器。指南在这个文件里：{path}", path=path), path, tone="warn")

    def _notice_in(self, asked_in: QWidget | None) -> Notice:
        """Where it is read: over the window in which F1 was pressed, while that is open."""
        shell, over = self._shell, self._window
        if asked_in is not None and shiboken6.isValid(asked_in) and asked_in.isVisible():
            over = asked_in
        if shell is not None and over is shell:
            if shell.desk is not None and shell.pages.currentWidget() is shell.desk:
                return shell.desk.notice
            over = shell.pages
        self._own = {each: held for each, held in self._own.items() if shiboken6.isValid(held)}
        if over not in self._own:
            self._own[over] = Notice(over.window())
            OverRight(self._own[over], over)
        return self._own[over]

    def _say(self, asked_in: QWidget | None, words: str, path: str = "", *, tone: str = "") -> None:
        self.notice = self._notice_in(asked_in)
        self.notice.tell(
            words,
            tone or ("accent" if path else "warn"),
            seconds=0.0 if tone else _SECONDS,
            action=t("复制路径") if path else "",
            then=(lambda: clipboard.copy(path)) if path else None,
        )


def _language() -> guide.Language:
    return "en" if i18n.language() == "en" else "zh"
