"""What only a person can read off the platform: its figures, and whether it sold more than was set."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from liveconsole.messages.state import CueState, MeasuredState
from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import FireButton, KindMark, Mark, PlainLabel, button
from ui.widgets.entry import Field
from ui.widgets.when import age
from ui.words.answers import sentence
from ui.words.cues import title

_OF_SHARING = ("sharers", "brought")
"""Asked of what is for sharing alone."""


def _names() -> dict[str, str]:
    return {
        "sold": t("已售"),
        "left": t("还剩"),
        "claimed": t("已领"),
        "used": t("已用"),
        "entrants": t("参与人数"),
        "ours": t("我方"),
        "theirs": t("对方"),
        "sharers": t("分享的人"),
        "brought": t("带来新买家"),
    }


def needs_measuring(cue: CueState, room: RoomView) -> bool:
    """Whether nobody reports its figures but a person."""
    if cue.status != "on_air" or not kind_of(cue.kind).MEASURED:
        return False
    return room.settings.capabilities.does(cue.kind) == "person" and kind_of(cue.kind).untold(cue)


def _typed(before: MeasuredState | None, name: str) -> str:
    """What was typed in before, as it stands in its field."""
    value = getattr(before, name, None)
    return "" if value is None else str(value)


class MeasureLine(QWidget):
    """A running promotion without figures, and the key to type them in: ``wanted(cue_id)``."""

    wanted = Signal(str)

    def __init__(self, cue_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = KindMark("pin", role="small")
        self._words = PlainLabel("", role="small", tone="fg1", elide=True)
        self._title = ""
        self._at: datetime | None = None
        self.type_in = button(t("填平台数字…"), "quiet")
        self.type_in.clicked.connect(lambda: self.wanted.emit(cue_id))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 8, 3)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self.type_in)

    def show_cue(self, cue: CueState, room: RoomView) -> None:
        """Show what it is about; `tick` says how old its figures are."""
        self._mark.set_kind(cue.kind)
        self._title = title(cue, room)
        self._at = cue.measured.at if cue.measured is not None else None

    def tick(self, now: datetime) -> None:
        """Show how old the figures are."""
        if self._at is None:
            said = t("没有来源报数")
        else:
            said = t("{age}前填的数", age=age((now - self._at).total_seconds()))
        self._words.setText(f"{self._title} · {said}")


class MoreCard(QWidget):
    """「平台加过单？」: the platform sold beyond what was set. ``answered(cue_id, added)``."""

    answered = Signal(str, bool)

    def __init__(self, cue_id: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        added = FireButton(t("加过，去加单"), tone="ok")
        stop = FireButton(t("没有，停掉"), tone="live", outline=True)
        added.fired.connect(lambda: self.answered.emit(cue_id, True))
        stop.fired.connect(lambda: self.answered.emit(cue_id, False))
        self.added, self.stop = added, stop
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(10)
        row.addWidget(Mark("warn", "live", role="kpi"))
        said = t("{title}：平台卖出的比这里设的多。平台加过单？", title=words)
        row.addWidget(PlainLabel(said, role="strong", lines=2), 1)
        row.addWidget(stop)
        row.addWidget(added)
        self.setAccessibleName(said)


class MeasureSheet(Sheet):
    """The platform's figures of one promotion, as typed in by a person."""

    def __init__(self, seat: Seat, cue_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("填平台数字"), parent)
        self._seat, self._cue_id = seat, cue_id
        cue = room.cues[cue_id]
        self.body.addWidget(PlainLabel(title(cue, room), role="heading", lines=2))
        self.body.addWidget(
            PlainLabel(t("照手机或视频号助手上显示的填，不知道的空着。"), tone="fg1", lines=0)
        )
        names, before = _names(), cue.measured
        self.fields: dict[str, Field] = {}
        for name in kind_of(cue.kind).MEASURED:
            if name in _OF_SHARING and getattr(cue.terms, "share", None) is None:
                continue
            entry = QLineEdit(_typed(before, name))
            entry.setMaxLength(9)
            field = self.fields[name] = Field(names[name], entry)
            self.body.addWidget(field)
        self.said = PlainLabel("", tone="live", lines=0)
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        self.keep = button(t("记下"), "primary")
        self.keep.clicked.connect(self.send)
        self.add_foot(self.keep)

    def figures(self) -> dict[str, int] | None:
        """What stands in the fields; None while one of them holds no number, which is said beside it."""
        found: dict[str, int] = {}
        well = True
        for name, field in self.fields.items():
            assert isinstance(field.entry, QLineEdit)
            typed = field.entry.text().strip()
            good = not typed or (typed.isascii() and typed.isdigit())
            field.touch()  # it was handed in
            field.answer("" if good else t("写一个整数"))
            well = well and good
            if typed and good:
                found[name] = int(typed)
        return found if well and found else None

    def send(self) -> None:
        """Hand them in."""
        figures = self.figures()
        if figures is not None:
            data = {"cue_id": self._cue_id, **figures}
            self._seat.ask_then(self, "cue.measure", data, self._answered)

    def _answered(self, answer: Answer) -> None:
        if answer.ok:
            self.close_sheet()
        else:
            self.said.setText(sentence(answer))
