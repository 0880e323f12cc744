"""The line under a recording: play, how fast, where it stands; and its keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from liveconsole.messages.playback import SPEEDS, PlaybackState
from ui import theme
from ui.i18n import t
from ui.widgets import Chip, FilterChip, PlainLabel, button, set_tip
from ui.widgets.when import clock, long_clock
from ui.windows.player.marks import MarksStrip

STEP: Final = timedelta(seconds=10)
_BACK: Final = timedelta(seconds=2)
"""So soon behind a promotion's first moment the one before it is meant."""


class PlayerBar(QFrame):
    """``now``: the recording's time. ``asked(type, data)``: a command of the recording; ``left``: away with
    it."""

    asked = Signal(str, dict)
    left = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self._playback: PlaybackState | None = None
        self._now = now
        self.mark = Chip(t("回看"), tone="warn", loud=True, icon="play")
        self.play = button(t("播放"), "primary")
        self.play.clicked.connect(self.toggle)
        set_tip(self.play, t("空格"))
        widest = max(self.play.fontMetrics().horizontalAdvance(t(word)) for word in ("播放", "暂停"))
        self.play.setMinimumWidth(widest + 36)
        self.at = PlainLabel("", role="strong")
        self.whole = PlainLabel("", role="small", tone="fg1")
        self.strip = MarksStrip()
        self.strip.sought.connect(self.seek)
        self.speeds: dict[int, FilterChip] = {}
        for number, times in enumerate(SPEEDS, 1):
            chip = self.speeds[times] = FilterChip(f"{times}×")
            chip.setAccessibleName(t("{n} 倍速", n=times))
            set_tip(chip, str(number))
            chip.clicked.connect(lambda _on, times=times: self.set_speed(times))
        self.close_it = button(t("关闭"), "quiet")
        self.close_it.clicked.connect(self.left)
        set_tip(self.close_it, "Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 6)
        row.setSpacing(theme.GAP)
        before: tuple[QWidget, ...] = (self.mark, self.play, self.at)
        behind: tuple[QWidget, ...] = (self.whole, *self.speeds.values(), self.close_it)
        for each in before:
            row.addWidget(each)
        row.addWidget(self.strip, 1)
        for each in behind:
            row.addWidget(each)
        self.setEnabled(False)

    def show_state(self, playback: PlaybackState | None, now: datetime) -> None:
        """What is played, and how; None: nothing yet."""
        self._playback = playback
        self.setEnabled(playback is not None)
        if playback is None:
            return
        self.play.setText(t("暂停") if playback.playing else t("播放"))
        self.play.setAccessibleName(self.play.text())
        for times, chip in self.speeds.items():
            chip.setChecked(times == playback.speed)
        self.whole.setText(clock((playback.end - playback.start).total_seconds()))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Move the clock and the strip."""
        playback = self._playback
        if playback is not None:
            self.at.setText(long_clock((now - playback.start).total_seconds()))
            self.strip.show_now(playback.start, playback.end, now)

    # Wishes ----------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play, or stand still."""
        if self._playback is not None:
            self.asked.emit("playback.pause" if self._playback.playing else "playback.play", {})

    def set_speed(self, times: int) -> None:
        """How many seconds of it in one of ours."""
        if self._playback is not None:
            for each, chip in self.speeds.items():
                chip.setChecked(each == times)
            self.asked.emit("playback.speed", {"times": times})

    def seek(self, at: datetime) -> None:
        """To a moment."""
        if self._playback is not None:
            self.asked.emit("playback.seek", {"at": at.isoformat()})

    def by(self, step: timedelta) -> None:
        """So much on, or back."""
        self.seek(self._now() + step)

    def next_mark(self) -> None:
        """To the next promotion."""
        now = self._now()
        found = [mark.at for mark in self.strip.marks if mark.at > now]
        if found:
            self.seek(found[0])

    def last_mark(self) -> None:
        """To the promotion that runs, or the one before it; before the first, to the beginning."""
        if self._playback is None:
            return
        before = self._now() - _BACK
        found = [mark.at for mark in self.strip.marks if mark.at < before]
        self.seek(found[-1] if found else self._playback.start)

    def key(self, key: Qt.Key) -> bool:
        """What a key does; whether it is one of the recording's."""
        playback = self._playback
        numbers = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4)
        if key == Qt.Key.Key_Space:
            self.toggle()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.by(STEP if key == Qt.Key.Key_Right else -STEP)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.next_mark() if key == Qt.Key.Key_PageDown else self.last_mark()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and playback is not None:
            self.seek(playback.start if key == Qt.Key.Key_Home else playback.end)
        elif key in numbers:
            self.set_speed(SPEEDS[numbers.index(key)])
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            return False
        return True
