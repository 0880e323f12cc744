"""定点: a segment that would begin too late, and what would keep it, each with what it costs and its key.

Nothing stands here while every moment is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.state import AnchorState, WayState
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.panels.rundown.writing import segment_of
from ui.seat.room import RoomView
from ui.widgets import KeyCap, PlainLabel, set_tip
from ui.widgets.when import clock, wall_clock
from ui.words.answers import refusal
from ui.words.next import segment_title

KEYS: Final = ("Alt+1", "Alt+2", "Alt+3")


class WayLine(Struct, frozen=True):
    """One way in words: what is done, and what that costs."""

    way: str
    segment_ids: tuple[str, ...]
    words: str
    costs: str


class AnchorFace(Struct, frozen=True):
    """The first segment that slips; ``why`` is said where nothing would keep it."""

    segment_id: str = ""
    words: str = ""
    why: str = ""
    ways: tuple[WayLine, ...] = ()


def anchor_face(room: RoomView) -> AnchorFace:
    """What the card says of a state; empty while nothing slips."""
    one = next((each for each in room.rundown.anchors if each.standing == "slipping"), None)
    if one is None:
        return AnchorFace()
    words = t(
        "定点 {at} {title}：要晚 {time}",
        at=wall_clock(one.at),
        title=_title(one.segment_id, room),
        time=clock(one.slips_seconds),
    )
    ways = tuple(_line(way, room) for way in one.ways)
    return AnchorFace(one.segment_id, words, "" if ways else _why(one), ways)


def _why(anchor: AnchorState) -> str:
    problem = anchor.problem
    if problem is not None:
        said = refusal(problem.code, problem.params, problem.text)
        return t("它自己的促销现在上不了：{why}", why=said)
    return t("前面几段都不能再短、跳过或对调：要么往前赶，要么改定点")


def _title(segment_id: str, room: RoomView) -> str:
    segment = segment_of(room, segment_id)
    return segment_title(segment, room) if segment is not None else ""


def _line(way: WayState, room: RoomView) -> WayLine:
    done = []
    if way.skips:
        done.append(t("跳过 {titles}", titles=_titles(way.skips, room)))
    if way.cuts:
        done.append(t("缩短 {titles}", titles=_titles([cut.segment_id for cut in way.cuts], room)))
    if way.swaps:
        done.append(t("和 {titles} 对调", titles=_titles(way.swaps[1:], room)))
    return WayLine(way.way, tuple(way.segment_ids), t("，").join(done), " · ".join(_costs(way, room)))


def _titles(segment_ids: Sequence[str], room: RoomView) -> str:
    return t("、").join(_title(segment_id, room) for segment_id in segment_ids)


def _costs(way: WayState, room: RoomView) -> list[str]:
    found = [t("{at} 开始", at=wall_clock(way.arrives_at))]
    for cut in way.cuts:
        less = t("少 {time}", time=clock(cut.off_seconds))
        found.append(less if len(way.cuts) == 1 else f"{_title(cut.segment_id, room)} {less}")
    if way.not_shown:
        goods = t("、").join(room.title(product_id) for product_id in way.not_shown)
        found.append(t("不讲 {titles}", titles=goods))
    kinds = dict.fromkeys(kind for kind in way.promotions if kind_of(kind).LISTED)
    if kinds:
        names = t("、").join(name_of(kind) for kind in kinds)
        found.append(t("{kinds} 不上", kinds=names) if way.skips else t("{kinds} 换时间", kinds=names))
    return found


class WayKey(QPushButton):
    """A way as a key as wide as the card: its own key, what is done, and below it what that costs."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.words = PlainLabel("", role="strong", elide=True)
        self.costs = PlainLabel("", role="small", tone="fg1", elide=True)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for line in (self.words, self.costs):
            line.setMinimumWidth(1)
            lines.addWidget(line)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 4, 8, 4)
        self._row.setSpacing(8)
        self._row.addLayout(lines, 1)
        cap = KeyCap(key)
        self._row.addWidget(cap)
        for part in (self.words, self.costs, cap):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_way(self, line: WayLine) -> None:
        self.words.setText(line.words)
        self.costs.setText(line.costs)
        self.setAccessibleName(t("{what}：{why}", what=line.words, why=line.costs))
        set_tip(self, f"{line.words}\n{line.costs}")

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())


class AnchorCard(QFrame):
    """``asked`` with the segment, the way, and the segments that it would change."""

    asked = Signal(str, str, list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = AnchorFace()
        self._may = True
        self.words = PlainLabel("", role="strong", tone="warn", elide=True)
        self.words.setMinimumWidth(1)
        self.why = PlainLabel("", role="small", tone="fg1", lines=3)
        self.keys = [WayKey(key) for key in KEYS]
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 14, 8)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.why)
        for place, key in enumerate(self.keys):
            key.clicked.connect(partial(self.take, place))
            column.addWidget(key)
        self.hide()

    def show_state(self, room: RoomView) -> None:
        """Show the first segment that slips, or nothing."""
        face = anchor_face(room)
        if face == self.face:
            return
        self.face = face
        self.words.setText(face.words)
        set_tip(self.words, face.words)
        self.why.setText(face.why)
        self.why.setVisible(bool(face.why))
        self.setAccessibleName(face.words)
        for place, key in enumerate(self.keys):
            key.setVisible(place < len(face.ways))
            if place < len(face.ways):
                key.show_way(face.ways[place])
        self.setVisible(bool(face.words))

    def allow(self, may: bool) -> None:
        """Whether this seat may take one."""
        self._may = may
        for key in self.keys:
            key.setEnabled(may)

    def take(self, place: int) -> bool:
        """Ask for the way at this place; whether there was one to ask for."""
        if not self._may or self.isHidden() or place >= len(self.face.ways):
            return False
        way = self.face.ways[place]
        self.asked.emit(self.face.segment_id, way.way, list(way.segment_ids))
        return True
