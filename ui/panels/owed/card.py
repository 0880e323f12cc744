"""One step that a person is asked to do, and the keys that say whether it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liveconsole.messages.connection_words import is_well
from liveconsole.messages.specs import PinSpec
from liveconsole.messages.state import CueState, OwedState
from liveconsole.views.instructions import PhoneField, instruction
from liveconsole.views.spans import parse_remaining
from ui import theme
from ui.i18n import t
from ui.key_places import letter
from ui.kinds import name_of
from ui.kinds.phrases import said
from ui.panels.owed.cells import CopyCells
from ui.seat.room import RoomView
from ui.widgets import FireButton, KindMark, PlainLabel, button, set_tip
from ui.widgets.when import clock
from ui.widgets.whole_picture import WholePicture
from ui.words.cues import title
from ui.words.worlds import connection_sentence

_GAP: Final = 6
_SIDE, _ABOVE, _BELOW = 12, 6, 8
_LEAST: Final = 44
"""Pixels at text scale 1 of what is turned: one cell and the edge of the next."""
_PICTURE: Final = 300
"""Pixels across of what a browser showed."""


@dataclass(frozen=True, slots=True)
class StepFace:
    """A step that is owed to the platform, as its card shows it."""

    cue_id: str
    kind: str
    step: str
    title: str
    words: str
    """Where to press; what to write there is in ``fields`` where there are any."""
    said: str
    """All of it in one line."""
    since: datetime
    unknown: bool
    by_hand: bool
    """A person does it there; else a program did not answer, and a person is asked to look."""
    seconds: int | None = None
    """How long it was set to run; None for what has no end."""
    fields: tuple[PhoneField, ...] = ()
    why: str = ""
    """Why the program that would have done it does not."""
    picture: str | None = None
    """The hash of a picture of what it saw."""

    @property
    def loud(self) -> bool:
        """An end that is owed, and a step nobody knows the outcome of, ring until they are answered."""
        return self.step == "ended" or self.unknown


def confirmable(room: RoomView) -> list[CueState]:
    """Cues whose step a person is asked about, the oldest first: owed by a person, or whose platform did not
    answer."""
    found = [
        (cue.owed.since, cue)
        for cue in room.cues.values()
        if cue.owed is not None
        and (cue.owed.by == "person" or (cue.status == "unknown" and cue.owed.step == "on_air"))
    ]
    return [cue for _, cue in sorted(found, key=lambda pair: pair[0])]


def step_face(cue: CueState, owed: OwedState, room: RoomView) -> StepFace:
    """The card of a cue that owes a step."""
    terms, by_hand = cue.terms, owed.by == "person"
    next_bag = cue.series is not None and owed.step == "on_air" and cue.status == "on_air"
    # A later bag of a series is started as a bag alone is; which one it is stands in its title.
    spec = {**cue.spec, "series": None} if next_bag else cue.spec
    told = instruction(cue.kind, owed.step, spec, room.names())
    whole = said((told.zh, told.en))
    words = said(told.path) or whole
    if not by_hand:
        whole = words = t("平台没有回话。请在手机上看一眼：它开始了吗？")
    why, picture = _of_browser(cue, room)
    return StepFace(
        cue.cue_id,
        cue.kind,
        owed.step,
        _with_bag(title(cue, room), cue.series.bag + 1) if next_bag and cue.series else title(cue, room),
        words,
        whole,
        owed.since,
        cue.status == "unknown",
        by_hand,
        None if terms is None or isinstance(terms, PinSpec) else terms.seconds,
        told.fields if by_hand else (),
        why,
        picture,
    )


def _with_bag(named: str, bag: int) -> str:
    return t("第 {n} 个 · {name}", n=bag, name=named)


def _of_browser(cue: CueState, room: RoomView) -> tuple[str, str | None]:
    """Why a pin is a person's where a browser would press it, and the hash of what that shows."""
    one = room.health.connections.get("browser") if isinstance(cue.terms, PinSpec) else None
    if one is None or is_well("browser", one):
        return "", None
    return connection_sentence("browser", one), one.picture


class _Body(QScrollArea):
    """Where to press and what to write there: whole, or turned where the column is lower than that."""

    def __init__(self) -> None:
        super().__init__()
        self._most: int | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # PgDn belongs to 下一品: it is turned with the wheel, the bar, and Tab.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        held = self._inside = QWidget()
        self.column = QVBoxLayout(held)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(_GAP)
        self.setWidget(held)
        held.setAutoFillBackground(False)  # setWidget() sets it

    def let(self, most: int | None) -> None:
        """So high at most; None for all that it needs."""
        if most != self._most:
            self._most = most
            self.updateGeometry()

    def whole(self, width: int) -> int:
        """Pixels of all of it."""
        return max(0, self.column.heightForWidth(width) if self.column.hasHeightForWidth() else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # what it holds has grown: Qt tells nobody outside of that
        return super().eventFilter(watched, event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        whole = self.whole(width)
        return whole if self._most is None else min(whole, self._most)

    def sizeHint(self) -> QSize:
        return QSize(self._inside.sizeHint().width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._inside.minimumSizeHint().width(), 0)


class ConfirmCard(QFrame):
    """``answered(cue_id, step, done, remaining_seconds | None)``. Nothing is on air before somebody pressed
    one of its keys: by mouse, or with the card itself focused Y for done and N for not done."""

    answered = Signal(str, str, bool, object)
    turned = Signal(int)
    """Another card is to be in front: this many further on."""

    def __init__(self, face: StepFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self._meant = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._mark = KindMark(face.kind, role="strong")
        self._title = PlainLabel("", role="strong", elide=True)
        self.place = PlainLabel("", role="small", tone="fg1")
        self.before = button("", "quiet", icon="left")
        self.after = button("", "quiet", icon="right")
        self._head = PlainLabel("", role="small_strong", tone="soft:live", lines=0)
        self._words = PlainLabel("", lines=0)
        self.cells = CopyCells()
        self.why = PlainLabel("", role="small", tone="warn", lines=0)
        self.picture = WholePicture(t("浏览器里现在是这样"), widest=_PICTURE)
        self._said = PlainLabel("", role="small", tone="soft:live", lines=0)
        self._said.hide()
        self.remaining = QLineEdit()
        self.remaining.setMaxLength(12)
        self.remaining.setPlaceholderText("4:12")
        self.remaining.setAccessibleName(t("手机上还剩多久，空着就从现在算"))
        self.remaining.setFixedWidth(QFontMetrics(theme.font("base")).horizontalAdvance("00:00") + 26)
        self.remaining.returnPressed.connect(self._done)
        self.remaining.textEdited.connect(lambda _text: self.say(""))
        self._late = QWidget()
        self._body = _Body()
        self._keys = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.done = FireButton(t("已完成"), tone="ok")
        self.failed = FireButton(t("没成功"), tone="live", outline=True)
        self.done.fired.connect(self._done)
        self.failed.fired.connect(self._failed)
        self._build()
        self.show_face(face)

    def _build(self) -> None:
        late = QHBoxLayout(self._late)
        late.setContentsMargins(0, 0, 0, 0)
        late.setSpacing(6)
        late.addWidget(PlainLabel(t("手机上还剩"), role="small", tone="fg1"))
        late.addWidget(self.remaining)
        late.addWidget(PlainLabel(t("空着就从现在算"), role="small", tone="fg1", elide=True), 1)
        self._pager = QWidget()
        pager = QHBoxLayout(self._pager)
        pager.setContentsMargins(0, 0, 0, 0)
        pager.setSpacing(2)
        for turn, name, by in ((self.before, t("上一件"), -1), (self.after, t("下一件"), 1)):
            turn.setAccessibleName(name)
            set_tip(turn, name)
            turn.clicked.connect(lambda _=False, by=by: self.turned.emit(by))
        pager.addWidget(self.before)
        pager.addWidget(self.place)
        pager.addWidget(self.after)
        top = self._top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._mark)
        top.addWidget(self._title, 1)
        top.addWidget(self._pager)
        for key in (self.failed, self.done):
            # In a narrow column they stand one above the other, and never widen it.
            key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._keys.addWidget(key, 1)
        self._keys.setSpacing(_GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _ABOVE, _SIDE, _BELOW)
        column.setSpacing(_GAP)
        column.addLayout(top)
        column.addWidget(self._head)
        column.addWidget(self._body, 1)
        for each in (self.why, self._words, self.cells, self._late, self.picture):
            self._body.column.addWidget(each)
        column.addWidget(self._said)
        column.addLayout(self._keys)

    def show_face(self, face: StepFace) -> None:
        """Show the step as it stands."""
        if face.step != self.face.step:
            self.remaining.clear()
        self.face = face
        self._mark.set_kind(face.kind)
        # The sign says the kind: beside the pager the rest tells one card from another.
        rest = face.title.removeprefix(name_of(face.kind)).strip()
        self._title.set_forms(face.title, *([rest] if rest and rest != face.title else []))
        self._title.setMinimumWidth(1)
        self._words.setText(face.words)
        self.cells.show_fields(face.fields)
        self.why.setText(face.why)
        self.why.setVisible(bool(face.why))
        self.picture.show_picture(face.picture)
        self.setAccessibleName(face.said)
        self.setAccessibleDescription(t("Y 已完成，N 没成功") if face.step == "on_air" else t("Y 已完成"))
        ended = face.step == "ended"
        self.done.show_as(t("已完成") if face.by_hand else t("开始了"))
        self.failed.show_as(t("没成功") if face.by_hand else t("没开始"))
        # An end that has not been done is still owed: there is no "no" to press.
        self.failed.setVisible(not ended)
        self._late.setVisible(not ended and face.seconds is not None)
        self._head.setVisible(face.loud)
        self.update()

    def heights(self, width: int) -> tuple[int, int, int]:
        """Pixels of its head and keys, and of what stands between them: whole, and at least.

        Added up from its parts: a layout remembers what they asked for until the loop has turned.
        """
        across = self._keys.direction() == QBoxLayout.Direction.LeftToRight
        keys = [key.sizeHint().height() for key in (self.failed, self.done) if not key.isHidden()]
        high = [max(keys) if across else sum(keys) + _GAP * (len(keys) - 1), self._top.sizeHint().height()]
        inside = width - _SIDE * 2
        high += [each.heightForWidth(inside) for each in (self._head, self._said) if not each.isHidden()]
        whole = self._body.whole(inside)
        fixed = sum(high) + _GAP * len(high) + _ABOVE + _BELOW
        return fixed, whole, min(whole, round(_LEAST * theme.text_scale()))

    def let(self, most: int | None) -> None:
        """Turn that in so many pixels; None shows all of it."""
        self._body.let(most)

    def show_place(self, place: int, of: int) -> None:
        """Which of how many it is; one alone says nothing."""
        self.place.setText(f"{place} / {of}")
        self.before.setEnabled(place > 1)
        self.after.setEnabled(place < of)
        self._pager.setVisible(of > 1)

    def _done(self) -> None:
        typed = "" if self._late.isHidden() else self.remaining.text().strip()
        left = parse_remaining(typed) if typed else None
        if typed and left is None:
            self.say(t("还剩多久写成 4:12、252 秒或 4分12，或者空着"))
            return
        longest = self.face.seconds
        if left is not None and longest is not None and left > longest and typed != self._meant:
            # More likely a slip than a platform that was set to run longer; the second press means it.
            self._meant = typed
            self.say(
                t("设的是 {set}，还剩 {left} 更长。真是这样就再按一次", set=clock(longest), left=clock(left))
            )
            return
        self.answered.emit(self.face.cue_id, self.face.step, True, left)

    def _failed(self) -> None:
        self.answered.emit(self.face.cue_id, self.face.step, False, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        once = not event.isAutoRepeat() and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ours = once and self.hasFocus() and letter(event) in (Qt.Key.Key_Y, Qt.Key.Key_N)
        turns = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if once and self.hasFocus() and event.key() in turns:
            self.turned.emit(turns[Qt.Key(event.key())])
        elif not ours or not self.press(done=letter(event) == Qt.Key.Key_Y):
            event.ignore()

    def show_keys(self, done: str, failed: str) -> None:
        """The keys that press its buttons; ``""`` for none."""
        self.done.show_as(self.done.face, key=done)
        self.failed.show_as(self.failed.face, key=failed)

    def press(self, *, done: bool) -> bool:
        """As its buttons do. False where there is no such button: an end that is owed has no "no"."""
        if done:
            self._done()
        elif self.failed.isHidden():
            return False
        else:
            self._failed()
        return True

    def tick(self, now: datetime) -> None:
        """How long what rings has been waiting; of the rest the block's head says it."""
        face = self.face
        waited = clock((now - face.since).total_seconds())
        if face.step == "ended":
            words = t("已经结束，平台上还没有 · {waited}", waited=waited)
        else:
            words = t("没人确认，不知道在不在播 · {waited}", waited=waited)
        self._head.setText(words if face.loud else "")

    def say(self, words: str) -> None:
        """Why the answer was not taken."""
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margins = self.contentsMargins().left() + 24
        keys = [key for key in (self.failed, self.done) if not key.isHidden()]
        # Their words and their caps whole; the air beside them they can do without.
        needed = sum(key.least_width() for key in keys) + _GAP * (len(keys) - 1)
        across = needed <= self.width() - margins
        for key in keys:
            set_tip(key, key.face if across else "")  # narrower than it wishes
        way = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        if self._keys.direction() != way:
            self._keys.setDirection(way)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        colour = tokens.live if self.face.loud else tokens.warn
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.mix(tokens.bg1, colour, 0.1)))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(tokens.accent), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()
