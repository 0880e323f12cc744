"""When a promotion begins: when somebody fires it, by itself at its time, or again and again on a beat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTimeEdit, QVBoxLayout, QWidget

from liveconsole.intake.one_line.beat import HOUR, USUAL_TIMES
from liveconsole.messages.repeats import BEAT_MOST, TIMES_MOST
from liveconsole.messages.state import CueState
from ui.i18n import t
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import PlainLabel, Segments
from ui.widgets.entry import FormRow
from ui.widgets.fields import NumberField
from ui.widgets.when import wall_clock

ONCE: Final = "at"
BEAT: Final = "beat"


class StartsRow(FormRow):
    """``changed`` when another start stands there."""

    changed = Signal()

    def __init__(self, cue: CueState | None, now: datetime, room: RoomView) -> None:
        self.when = Segments((("", t("随时")), (ONCE, t("到点自己发")), (BEAT, t("每小时整点"))))
        self.at, self.minutes, self.times = QTimeEdit(), NumberField(), NumberField()
        both = QWidget()
        super().__init__(t("什么时候"), both)
        self._beat = QWidget()
        self._now, self._cue = now, cue
        self.after = ChoiceBox()
        self.after.set_items(products_of(room, none=t("不用先讲什么")))
        self.after.choose(cue.only_after if cue is not None else "")
        self._build(both)
        if cue is not None and cue.repeat is not None and cue.fires_at is not None:
            self.when.choose(BEAT)
            self.at.setTime(_time_of(cue.fires_at))
            self.minutes.setValue(cue.repeat.minutes)
            self.times.setValue(cue.repeat.times)
        self.when.chosen_by_hand.connect(self._chosen)
        for box in (self.minutes, self.times):
            box.valueChanged.connect(self._typed)
        self.at.timeChanged.connect(self._typed)
        self.after.currentIndexChanged.connect(self._typed)
        self._typed()

    def _build(self, both: QWidget) -> None:
        self.at.setDisplayFormat("HH:mm:ss")
        self.at.setTime(_time_of(self._now + timedelta(minutes=10)))
        self.minutes.setRange(1, BEAT_MOST)
        self.minutes.setValue(HOUR)
        self.times.setRange(2, TIMES_MOST)
        self.times.setValue(USUAL_TIMES)
        names = (t("几点发"), t("隔几分钟一场"), t("一共几场"))
        for box, name in zip((self.at, self.minutes, self.times), names, strict=True):
            for part in (box, *box.findChildren(QLineEdit)):
                part.setAccessibleName(name)
        self.when.setAccessibleName(t("什么时候"))
        for box in (self.minutes, self.times):
            box.setMaximumWidth(76)
        low = QHBoxLayout(self._beat)
        low.setContentsMargins(0, 0, 0, 0)
        low.setSpacing(6)
        for part in (
            PlainLabel(t("每"), role="small", tone="fg1"),
            self.minutes,
            PlainLabel(t("分钟一场，共"), role="small", tone="fg1"),
            self.times,
            PlainLabel(t("场"), role="small", tone="fg1"),
        ):
            low.addWidget(part)
        low.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.when, self.at):
            row.addWidget(part)
        row.addStretch(1)
        lines = QVBoxLayout(both)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        lines.addLayout(row)
        lines.addWidget(self._beat)
        lines.addLayout(self._first())

    def _first(self) -> QHBoxLayout:
        """What has to be explained before it can be fired."""
        self.after.setAccessibleName(t("先讲哪件"))
        self.after.setMinimumWidth(220)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(PlainLabel(t("先讲"), role="small", tone="fg1"))
        line.addWidget(self.after)
        line.addStretch(1)
        return line

    def choose(self, how: str) -> None:
        """Stand in for choosing when."""
        self.when.choose(how)
        self._chosen(how)

    def data(self, now: datetime) -> dict[str, Any]:
        """What the command says of it; nothing where it waits for a hand."""
        before = self._cue.only_after if self._cue is not None else ""
        after = self.after.chosen or None
        found: dict[str, Any] = {} if after == (before or None) else {"only_after": after}
        if not self.when.chosen:
            return found
        found["at"] = self.starts(now).isoformat()
        if self.when.chosen == BEAT:
            found["repeat"] = {"minutes": self.minutes.value(), "times": self.times.value()}
        return found

    def starts(self, now: datetime) -> datetime:
        """The next time the clock on the wall shows it."""
        here, time = now.astimezone(), self.at.time()
        at = here.replace(hour=time.hour(), minute=time.minute(), second=time.second(), microsecond=0)
        return at if at > here else at + timedelta(days=1)

    def _chosen(self, how: str) -> None:
        if how == BEAT:
            hour = self._now.astimezone().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            self.at.setTime(_time_of(hour))
        self._typed()

    def _typed(self) -> None:
        how = self.when.chosen
        self.at.setVisible(bool(how))
        self._beat.setVisible(how == BEAT)
        self.show_note(*self._said_of(how))
        self.changed.emit()

    def _said_of(self, how: str) -> tuple[str, str]:
        if how == BEAT:
            last = self.starts(self._now) + timedelta(minutes=self.minutes.value() * (self.times.value() - 1))
            return t("审核一次，场场重新核对"), t("最后一场 {at}，下播就停", at=wall_clock(last))
        return t("到点就发，发出前有撤回的时间") if how else t("不会自己发，要人按「开抢」"), ""


def _time_of(at: datetime) -> QTime:
    here = at.astimezone()
    return QTime(here.hour, here.minute, here.second)
