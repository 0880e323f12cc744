"""An upgrade under a desk or an engine that runs: said off air, with a restart; on air neither."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole import __version__, tasks
from liveconsole.messages.update_words import update_words
from liveconsole.updates.installed import is_newer
from ui import preferences
from ui.i18n import language, t
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.seat.session import Role
from ui.widgets import Notice, PlainLabel, button
from ui.words.lost import version_words


class VersionsHint(QWidget):
    """One quiet line where the broadcast is opened; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = PlainLabel("", role="small", tone="fg1", elide=True)
        self.again = button("", "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.again)
        row.addStretch(1)
        self.hide()

    def say(self, words: str, deed: Literal["", "desk", "engine"]) -> None:
        """Show it; `deed`: what the key starts anew, empty where this seat does it not."""
        self.words.setText(words)
        self.again.setText(t("重启引擎") if deed == "engine" else t("现在重新打开"))
        self.again.setVisible(bool(deed))
        self.setVisible(bool(words))


class DeskVersions(QObject):
    """Belongs to one desk. ``folder``: of an engine of this computer, which comes up as what is installed."""

    SECTIONS: Final = ("room", "broadcast", "health", "cues")
    restart_wanted = Signal(bool)
    """The desk shall come up anew; whether its engine does too, which is as old as the desk or older."""

    def __init__(
        self, seat: Seat, role: Role, folder: Path | None, hint: VersionsHint, notice: Notice
    ) -> None:
        super().__init__(hint)
        self._seat, self._hint, self._notice = seat, hint, notice
        self._here, self._may_stop = folder is not None and not seat.where, role == "host"
        self._engine, self._on_air = "", True
        self._watch = preferences.current().installed
        self._watch.moved.connect(self._show)
        hint.again.clicked.connect(self._begin)

    def show_state(self, room: RoomView, _now: datetime) -> None:
        """The engine's version as it says itself, and whether anything is on air."""
        self._on_air = bool(room.is_open or room.running())
        self._engine = "" if room.health.playback else room.health.version
        self._show()

    @property
    def _old_engine(self) -> str:
        """The engine's version, where it is of this computer and would come up as a newer one."""
        newest = self._watch.newer or __version__
        return self._engine if self._here and is_newer(newest, self._engine) else ""

    def _show(self) -> None:
        words = ""
        deed: Literal["", "desk", "engine"] = ""
        if self._watch.newer:
            words, deed = _words("installed", version=self._watch.newer), "desk"
        elif self._old_engine:
            words = _words("engine_older", engine=self._old_engine)
            deed = "engine" if self._may_stop else ""
        self._hint.say(words, "" if self._on_air else deed)

    def _begin(self) -> None:
        if self._on_air:
            return
        if self._watch.newer:
            self.restart_wanted.emit(bool(self._old_engine) and self._may_stop)
        elif self._old_engine and self._may_stop:
            tasks.spawn(self._seat.stop_engine(comes_back=True), name="start the engine anew")

    def lost(self, why: str) -> str:
        """Say that the two do not understand each other; what is said, empty where that is not why."""
        words = version_words(why)
        if words:
            may = bool(self._watch.newer)
            self._notice.tell(
                words, "live", action=t("现在重新打开") if may else "", then=self._restart if may else None
            )
        return words

    def _restart(self) -> None:
        if shiboken6.isValid(self):
            self.restart_wanted.emit(False)  # its engine is the new one already


def _words(code: str, **params: str) -> str:
    return update_words(code, {"ours": __version__, **params}, english=language() == "en")
