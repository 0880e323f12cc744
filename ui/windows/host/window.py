"""The window itself: what stands where, and her keys. None of its own spends money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from liveconsole.messages.rights import may
from ui import theme
from ui.i18n import t
from ui.key_places import letter
from ui.panels.prompter import Prompter, passages
from ui.panels.queue.rows import recallable
from ui.panels.rundown.anchor import anchor_face
from ui.parts.own_window import OwnWindow
from ui.seat.room import EVERYTHING, RoomView
from ui.seat.seat import Frame, LinkState, Seat
from ui.windows.commands import SeatCommands
from ui.windows.host import facts
from ui.windows.host.countdown import Countdown
from ui.windows.host.foot import NextProductLine, NoteBand
from ui.windows.host.head import HostTopBar, StageHeading
from ui.windows.host.help import HostHelp
from ui.windows.host.large import HEIGHT, WIDTH, LargeLabel, scale_of
from ui.windows.host.notes import read
from ui.windows.host.plays import PlayBand, play_on_air
from ui.windows.host.questions import PickedQuestions
from ui.windows.host.rings import PromotionRings
from ui.windows.host.winners import WinnerLine, WinnerNames
from ui.windows.sections import PanelPart, SectionRouter
from ui.words.lost import version_words
from ui.words.winners import moment_of, to_read

_SAID_SECONDS: Final = 8
_TIMED: Final = ("broadcast", "cues", "rundown")
"""Sections whose clocks are counted here, once a second."""
_SIDE, _PROMPT = 34, 66
"""Shares of the width."""


class HostWindow(OwnWindow):
    """A second top-level window over a seat. ``locked`` says whether this seat is locked now."""

    activated = Signal(bool)
    """Whether it has the keyboard."""

    def __init__(
        self,
        seat: Seat,
        role: str,
        *,
        locked: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__((WIDTH, HEIGHT), least=(960, 540), parent=parent)
        self.setWindowTitle(t("主播大屏"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._seat, self._role, self._locked = seat, role, locked
        self.commands = SeatCommands(seat, role, self._told, self)
        self.top, self.product = HostTopBar(), StageHeading()
        self.prompter, self.rings, self.questions = Prompter(), PromotionRings(), PickedQuestions()
        self.note, self.next = NoteBand(), NextProductLine()
        self.help = HostHelp(self)
        self.play = PlayBand()
        self.winners, self.winner_line, self.countdown = WinnerNames(self), WinnerLine(), Countdown(self)
        self._said = ""
        self._said_until: datetime | None = None
        self._lost = ""
        self._second = -1
        self._scale = 0.0
        self._sections = SectionRouter(
            PanelPart(("room", "broadcast"), self._show_air),
            PanelPart(("cart", "catalogue", "cues", "rundown"), self._show_product),
            PanelPart(
                ("room", "cart", "cues"), lambda room, now: self.rings.show_running(facts.running(room), now)
            ),
            PanelPart(("cues",), lambda room, now: self.play.show_play(play_on_air(room))),
            PanelPart(("notes",), self._show_notes),
            PanelPart(("rundown", "catalogue"), self._show_slip),
            PanelPart(("cart", "catalogue", "rundown"), self._show_script),
            PanelPart(("broadcast", "catalogue", "cues"), self._show_winners),
            PanelPart(("room", "cart", "catalogue", "cues"), self._show_recall),
        )
        self._build()
        self.questions.done.connect(self._take_away)
        seat.on_frame(self, self._frame)
        seat.on_tick(self, self.tick)
        seat.on_link(self, self._linked)
        if seat.state is not None:
            self._show(EVERYTHING, seat.now())

    def _build(self) -> None:
        side = QWidget()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.rings)
        beside.addWidget(self.questions, 1)
        self._body = QWidget()
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        said = QWidget()
        above = QVBoxLayout(said)
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(self.play)
        above.addWidget(self.prompter, 1)
        body.addWidget(said, _PROMPT)
        body.addWidget(side, _SIDE)
        foot = QWidget()
        low = QHBoxLayout(foot)
        low.setContentsMargins(0, 0, 0, 0)
        low.addWidget(self.note, _PROMPT)
        low.addWidget(self.next, _SIDE)
        column = QVBoxLayout(self)
        column.addWidget(self.top)
        column.addWidget(self.product)
        column.addWidget(self.winner_line)
        column.addWidget(self._body, 1)
        column.addWidget(foot)
        for layout in (beside, above, body, low, column):
            layout.setSpacing(theme.GAP)
        column.setSpacing(theme.GAP - 2)
        column.setContentsMargins(20, 14, 20, 14)
        self._measures = self._measure()
        self._around = (self.product, side, foot)

    # What arrives ----------------------------------------------------------------------------------

    def _frame(self, frame: Frame) -> None:
        if frame.state is not None:
            self._show(frame.moved, frame.now)

    def _show(self, moved: frozenset[str], now: datetime) -> None:
        assert self._seat.state is not None
        self._sections.show(RoomView(self._seat.state), moved, now)
        if not moved.isdisjoint(_TIMED):
            self._second = -1
        self.tick(now)

    def _show_air(self, room: RoomView, now: datetime) -> None:
        self.top.show_air(facts.air(room), is_open=room.is_open)
        self.top.show_shop(room.settings.shop_face)

    def _show_product(self, room: RoomView, now: datetime) -> None:
        coming = facts.coming(room)
        self.product.show_product(facts.on_stage(room), more=coming is not None)
        self.next.show_coming(coming)
        self.next.show_round(facts.next_round(room))

    def _show_notes(self, room: RoomView, now: datetime) -> None:
        asked, written = read(room.notes)
        self.questions.show_questions(asked)
        self.note.show_notes(written)

    def _show_slip(self, room: RoomView, now: datetime) -> None:
        self.note.show_slip(anchor_face(room).words)

    def _show_script(self, room: RoomView, now: datetime) -> None:
        self.prompter.show_passages(*passages(room))

    def _show_recall(self, room: RoomView, now: datetime) -> None:
        self.countdown.show_recall(facts.recall(room), now)

    def _show_winners(self, room: RoomView, now: datetime) -> None:
        self.winners.show_moment(moment_of(room), now)
        self._shrink_winners(now)

    def _shrink_winners(self, now: datetime) -> None:
        """The names fill the window until they were read; what is said beside them goes with them."""
        large, moment = not self.winners.isHidden(), self.winners.moment
        self.winner_line.show_moment(moment, now, large=large)
        self.note.show_reading(to_read(moment) if large and moment is not None else "")
        self.next.show_after(winners=large)
        for each in (self.countdown, self.help):
            if each.isVisible():
                each.raise_()  # what counts down is never behind a name
        state = self._seat.state
        running = facts.running(RoomView(state)) if large and state is not None else []
        self.top.show_running(running, now)

    def tick(self, now: datetime) -> None:
        """Move what moves with time."""
        if self._seat.state is None:
            return
        if self._sections.stale():
            self._show(EVERYTHING, now)
            return
        self.countdown.tick(now)
        self.winners.tick(now)
        self.winner_line.tick(now)
        self.top.tick_running(now)
        self.rings.tick(now)
        self.product.tick(now)
        if self._said and self._said_until is None:
            self._said_until = now + timedelta(seconds=_SAID_SECONDS)
        elif self._said_until is not None and now >= self._said_until:
            self._said, self._said_until = "", None
            self._show_wrong()
        if int(now.timestamp()) != self._second:
            self._second = int(now.timestamp())
            self.top.show_times(facts.times(RoomView(self._seat.state).only(*_TIMED), now))

    def _linked(self, state: LinkState, why: str) -> None:
        self._lost = (version_words(why) or t("引擎没有回应，正在重新连接")) if state == "lost" else ""
        self._show_wrong()

    def _told(self, _place: str, words: str) -> None:
        """A refusal: she pressed here, so it is said here."""
        self._said, self._said_until = words, None
        self._show_wrong()

    def _show_wrong(self) -> None:
        if self._lost:
            self.top.show_wrong(self._lost, "live")
        else:
            self.top.show_wrong(self._said, "warn")

    # What she does ---------------------------------------------------------------------------------

    def go_next(self) -> bool:
        """PgDn, as at the desk: it never fires money."""
        if self._locked():
            return False
        self.winner_line.put_away()
        self.winners.put_away()
        self._shrink_winners(self._seat.now())
        return self.commands.go_next()

    def settle_next(self, *, ok: bool) -> None:
        """Y, N: the next winner has claimed, or the prize goes to the alternate."""
        moment = self.winners.moment
        asked = moment.settling(ok=ok) if moment is not None else None
        if asked is not None and not self._locked() and may(self._role, "bag.settle"):
            self.commands.ask("bag.settle", asked, "winners")

    def take_back(self) -> bool:
        """Esc: the newest that can still be taken back; also on a locked seat."""
        state = self._seat.state
        found = recallable(RoomView(state)) if state is not None else []
        return bool(found) and self.commands.recall(found[0].cue_id)

    def show_keys(self) -> bool:
        """?: her keys, or away with them. What counts down stays above them."""
        self.help.toggle()
        if self.countdown.isVisible():
            self.countdown.raise_()
        return True

    def escape(self) -> bool:
        """Esc with nothing to recall closes the keys."""
        here = self.help.isVisible()
        self.help.hide()
        return here

    def _note_read(self) -> None:
        if self.note.note_id:
            self._take_away(self.note.note_id)

    def _take_away(self, note_id: str) -> None:
        if not self._locked() and may(self._role, "note.clear"):
            self.commands.ask("note.clear", {"note_id": note_id}, "note")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._pressed(event):
            super().keyPressEvent(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        prompter, key = self.prompter, letter(event)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = held == Qt.KeyboardModifier.ShiftModifier
        if held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        steady: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Up: lambda: prompter.nudge(-1) if shift else prompter.faster(1),
            Qt.Key.Key_Down: lambda: prompter.nudge(1) if shift else prompter.faster(-1),
            Qt.Key.Key_Plus: lambda: prompter.resize_text(1),
            Qt.Key.Key_Equal: lambda: prompter.resize_text(1),
            Qt.Key.Key_Minus: lambda: prompter.resize_text(-1),
        }
        once: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Space: prompter.toggle,
            Qt.Key.Key_Left: lambda: prompter.jump(-1),
            Qt.Key.Key_Right: lambda: prompter.jump(1),
            Qt.Key.Key_Home: prompter.back,
            Qt.Key.Key_M: prompter.mirror,
            Qt.Key.Key_P: self.toggle_alone,
            Qt.Key.Key_F11: self.toggle_full_screen,
            Qt.Key.Key_Y: lambda: self.settle_next(ok=True),
            Qt.Key.Key_N: lambda: self.settle_next(ok=False),
            Qt.Key.Key_0: self._note_read,
            Qt.Key.Key_1: lambda: self.questions.tick_off(1),
            Qt.Key.Key_2: lambda: self.questions.tick_off(2),
            Qt.Key.Key_3: lambda: self.questions.tick_off(3),
        }
        if (does := steady.get(key)) is not None:
            does()
            return True
        if (does := once.get(key)) is None:
            return False
        if not event.isAutoRepeat():
            does()
        return True

    def toggle_full_screen(self) -> None:
        """F11."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def toggle_alone(self) -> None:
        """The prompter alone, for a glass in front of the camera; the countdown still comes over it."""
        alone = not self._around[0].isHidden()
        for each in self._around:
            each.setVisible(not alone)

    # Where it stands -------------------------------------------------------------------------------

    def open_beside(self, desk: QWidget | None) -> None:
        """Full screen on another screen than the desk's; where there is only one, as a window."""
        own = desk.screen() if desk is not None else QGuiApplication.primaryScreen()
        other = other_screen(QGuiApplication.screens(), own)
        if other is None:
            self.show()
        else:
            self.setGeometry(other.availableGeometry())
            self.showFullScreen()
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = scale_of(self.size())
        if scale != self._scale:
            self._scale = scale
            self._rescale(scale)
        self._place_over()

    def _rescale(self, scale: float) -> None:
        for label in self.findChildren(LargeLabel):
            label.set_scale(scale)
        for each in (self.top, self.product, self.prompter, self.rings, self.winners, self.countdown):
            each.set_scale(scale)
        for layout, (spacing, margins) in self._measures.items():
            layout.setSpacing(round(spacing * scale))
            layout.setContentsMargins(*(round(side * scale) for side in margins))

    def _measure(self) -> dict[QLayout, tuple[int, tuple[int, int, int, int]]]:
        """Spacing and margins of every layout, as they were made for 1280 × 720."""
        found = {}
        for layout in self.findChildren(QLayout):
            around = layout.contentsMargins()
            sides = (around.left(), around.top(), around.right(), around.bottom())
            found[layout] = (layout.spacing(), sides)
        return found

    def _place_over(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
        body, gap = self._body.geometry(), round(theme.GAP * self._scale / 2)
        middle = QRect(0, body.top() - gap, self.width(), body.height() + 2 * gap)
        for each in (self.countdown, self.help):
            each.setGeometry(middle)
        top = self.product.geometry().top()
        self.winners.setGeometry(QRect(0, top, self.width(), body.bottom() + 1 - top))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            handled = super().event(event)
            self._place_over()
            return handled
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.activated.emit(self.isActiveWindow())


def other_screen(screens: list[QScreen], own: QScreen | None) -> QScreen | None:
    """The first screen that is not `own`."""
    return next((screen for screen in screens if screen is not own), None)
