"""The desk: the strip, three columns, the line below, and which panel gets what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.rights import may
from liveconsole.messages.statuses import RUNNING
from ui import preferences
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.panels.feed import FeedPanel
from ui.panels.feed.members import FeedMembers
from ui.panels.on_air import OnAirStrip
from ui.panels.queue import QueuePanel
from ui.panels.stage import StagePanel
from ui.preferences.columns import LEFT, RIGHT, ColumnSplitter
from ui.seat.room import EVERYTHING, RoomView
from ui.seat.seat import Frame, LinkState, Seat
from ui.seat.session import StartChoice
from ui.sheets.sheet import SideStack
from ui.widgets import Notice
from ui.windows.alarm_list import AlarmList
from ui.windows.commands import SeatCommands
from ui.windows.comments import DeskComments
from ui.windows.drills import DeskDrills
from ui.windows.fitting import DeskFitting
from ui.windows.footer import Footer
from ui.windows.host.notes import as_note
from ui.windows.key_table import KeyCaps, KeyTable
from ui.windows.keyboard import DeskKeyboard
from ui.windows.leaving import LeavingSheet
from ui.windows.left_column import LeftColumn
from ui.windows.moved import MovedKeys
from ui.windows.opening import OpeningBar
from ui.windows.over_right import OverRight
from ui.windows.price_checks import PriceChecks
from ui.windows.proposals import NOTICE_SECONDS, ProposalsAndNotes
from ui.windows.sections import PanelPart, SectionRouter
from ui.windows.segments import SegmentCommands
from ui.windows.sharing import KEY as SHARING_KEY
from ui.windows.sharing import DeskSharing
from ui.windows.sheets import SheetOpener
from ui.windows.shrinking import ShrinkingArea
from ui.windows.tour import tour_of
from ui.windows.turns import ColumnsInTurn, RightColumn
from ui.windows.undo import UndoKey
from ui.windows.versions import DeskVersions
from ui.words.ending import ends
from ui.words.online import online_words


class Desk(QWidget):
    """One seat's console: draws what the seat hands over, turns wishes into commands, decides nothing."""

    def __init__(
        self,
        seat: Seat,
        choice: StartChoice,
        *,
        leave: Callable[[], object],
        folder: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._seat, self._choice, self._leave = seat, choice, leave
        role = choice.role
        self.commands = SeatCommands(seat, role, self._told, self)
        self.strip, self.left, self.stage = OnAirStrip(), LeftColumn(role), StagePanel()
        self.cart, self.rundown = self.left.cart, self.left.rundown
        self.queue, self.feed, self.footer = QueuePanel(role), FeedPanel(), Footer(choice)
        self.opening = OpeningBar(seat, may_open=may(role, "broadcast.open"))
        self.notice = Notice(self)
        self.side = SideStack(self.feed, rest=self)
        self.sheets = SheetOpener(seat, role, self.commands, self.side, folder)
        self.undo = UndoKey(seat, self.commands, self.notice, self)
        self._price_checks = PriceChecks(seat, self.queue.show_judged, self)
        self.segments = SegmentCommands(self.rundown, seat, role, self.commands, self.side, self.notice)
        self.proposals = ProposalsAndNotes(
            seat, role, self.commands, self.side, self.queue, self.footer, self.notice
        )
        self.alarms = AlarmList(
            self,
            self.side,
            self.commands,
            below=self.notice,
            to_phone=self._to_phone,
            to_order=self._to_order,
        )
        still = (self.left, self.opening, self.queue, self.stage)
        self.sharing = DeskSharing(seat, self.commands, self.strip, self.side, self.notice, *still)
        self.versions = DeskVersions(seat, role, folder, self.opening.versions, self.notice)
        self.drills = DeskDrills(self.commands, self.side, self.notice)
        self.comments = DeskComments(seat, self.commands, self.sheets, self.side, self.feed, self.notice)
        self._sections = SectionRouter(
            self.strip,
            self.left,
            self.left.owed,
            self.queue,
            self.stage,
            *self.proposals.panels(),
            self.feed,
            self.alarms,
            self.drills,
            self.sharing,
            self.sheets,
            self.versions,
            PanelPart(("room", "broadcast", "health"), self._show_kind),
            PanelPart(("broadcast",), lambda room, _now: self.footer.show_ends(ends(room))),
            PanelPart(("health",), self._show_online),
        )
        self._second, self._ending = 0, ""
        self._build()
        self.tour = tour_of(self, role)
        self.sheets.tour = self.tour
        self._connect()
        self.strip.halt.setVisible(may(role, "room.halt"))
        seat.on_frame(self, self._frame)
        seat.on_tick(self, self._tick)
        seat.on_link(self, self._linked)
        if seat.state is not None:
            self._show(EVERYTHING, seat.now())

    def _build(self) -> None:
        centre = QVBoxLayout()
        centre.addWidget(self.opening)
        centre.addWidget(ShrinkingArea(self.stage))
        centre.addWidget(self.queue, 1)
        centre.setContentsMargins(0, 0, 0, 0)
        middle = QWidget()
        middle.setLayout(centre)
        right = RightColumn(self.side)
        self.columns = ColumnSplitter(self._choice.role, (self.left, middle, right))
        self.turns = ColumnsInTurn(self.columns, self.left, right, self.side, self.alarms.panel)
        self.moved = MovedKeys(self, (self.left, middle))
        self.moved.held_off.connect(
            lambda: self.notice.tell(t("刚刚移动过，看一眼再点"), "warn", seconds=NOTICE_SECONDS)
        )
        self._over = OverRight(self.notice, self.side, instead=self.left)
        self.keyboard = DeskKeyboard(
            self,
            (self.left, middle, self.side, self.footer),
            commands=self.commands,
            sheets=self.sheets,
            segments=self.segments,
            owed=self.left.owed,
            side=self.side,
            undo=self.undo,
            alarms=self.alarms.toggle,
            winners=self.stage.winners,
            bring=self.turns.bring_to,
        )
        self.key_table = KeyTable(self)
        self._caps = KeyCaps(self)
        self.sheets.why_not = self.key_table.why_not
        columns = QHBoxLayout()
        columns.addWidget(self.columns)
        self.fitting = DeskFitting(self, columns, centre)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addLayout(columns, 1)
        column.addWidget(self.footer)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if may(self._choice.role, "catalogue.put"):
            self.cart.menu.entry(t("粘贴商品"), "Ctrl+I", self.sheets.products)
            self.cart.menu.entry(t("和小店对一遍"), "", self.sheets.differences)

    def _connect(self) -> None:
        cart, commands = self.cart, self.commands
        cart.pin_asked.connect(commands.pin)
        cart.unpin_asked.connect(commands.unpin)
        cart.move_asked.connect(commands.move_product)
        cart.remove_asked.connect(commands.remove_product)
        cart.shelf_asked.connect(commands.shelf)
        cart.stock_asked.connect(self.sheets.stock)
        cart.limit_asked.connect(self.sheets.limit)
        cart.picture_asked.connect(self.sheets.picture)
        cart.licence_asked.connect(self.sheets.qualifications)
        cart.next_asked.connect(lambda _product_id: commands.go_next())
        self.rundown.box.asked.connect(commands.go_next)
        cart.add_asked.connect(self.sheets.products)
        self.stage.stop_asked.connect(self.stop)
        self.stage.winners.settled.connect(lambda data: commands.ask("bag.settle", data, "winners"))
        self.stage.product.stock_asked.connect(self.sheets.stock)
        self.queue.act.connect(self._queue_act)
        self.left.owed.answered.connect(commands.confirm)
        self.left.owed.more_answered.connect(self._more_answered)
        self.left.owed.measure_asked.connect(self.sheets.measure)
        self.queue.compose.connect(lambda: self.sheets.compose())
        self.feed.view.picked.connect(self._to_host)
        self.feed.view.person_asked.connect(self.sheets.viewer)
        self.strip.halted.connect(commands.halt)
        self.strip.alarms_asked.connect(self.alarms.toggle)
        self.opening.opened.connect(commands.open_broadcast)
        self.opening.update_hint.wanted.connect(partial(self.alarms.connection_asked.emit, "update"))
        self.footer.keys_wanted.connect(self.show_keys)
        self.footer.lock_wanted.connect(self.lock)
        self.footer.close_wanted.connect(commands.close_broadcast)
        self.footer.close_held.connect(self._closing)
        self.drills.line.in_short.connect(self.footer.show_drill)
        self.left.add_head(self.drills.line)
        self.footer.drills_wanted.connect(self.drills.open)
        self.keyboard.opens("Ctrl+B", self.drills.open)
        self.keyboard.opens("Ctrl+O", self.comments.open)
        self.keyboard.opens("Ctrl+U", self.sheets.law)
        self.keyboard.opens("Ctrl+S", self.sheets.places)
        self.keyboard.opens(SHARING_KEY, self.sharing.open)
        self.footer.sharing_wanted.connect(self.sharing.open)
        self.feed.search_with(self._seat.search)
        self.feed.count_with(self._seat.log_page)
        self.feed.ask_with(self._seat.questions)
        FeedMembers(self._seat, self.feed)
        self.feed.orders_with(self._seat.orders)
        self.feed.answered.connect(self._answered)

    # What arrives -----------------------------------------------------------------------------------

    def _frame(self, frame: Frame) -> None:
        if frame.state is not None:
            self._show(frame.moved, frame.now)
        if frame.events:
            self.feed.take(frame.events)

    def _show(self, moved: frozenset[str], now: datetime) -> None:
        assert self._seat.state is not None
        room = RoomView(self._seat.state)
        focus = QApplication.focusWidget()
        if self._sections.stale():
            moved = EVERYTHING
        self._sections.show(room, moved, now)
        self.sheets.show_room(room, moved, now)
        self._price_checks.look(room)
        self.stage.winners.set_keys(self.left.owed.front is None)
        self.footer.show_seq(self._seat.seq)
        self.fitting.fold()
        self.turns.look()
        if moved:
            self.tour.show_state()
        gone = focus is not None and self.isAncestorOf(focus) and not focus.isVisible()
        if gone and not self.alarms.has_keyboard():
            # Its work is done, as that of 开播. Qt would go on to whatever Tab comes to: a list keeps PgDn.
            self.setFocus()

    def _show_kind(self, room: RoomView, now: datetime) -> None:
        self.opening.show_state(
            is_open=room.is_open or bool(room.health.playback), over=room.broadcast.status == "closed"
        )
        self.opening.update_hint.show_on_air(room.is_open and not room.health.playback)
        self.footer.show_state(
            simulated=room.simulated,
            taped=self._choice.mode == "tape",
            may_close=room.is_open and may(self._choice.role, "broadcast.close"),
        )

    def _tick(self, now: datetime) -> None:
        if self._seat.state is None:
            return
        if self._sections.stale():
            self._show(EVERYTHING, now)
        self.strip.tick(now)
        self.left.tick(now)
        self.proposals.tick(now)
        self.drills.tick(now)
        self.sharing.tick(now)
        self.stage.tick(now)
        self.queue.tick(now)
        self.sheets.tick(now)
        self.alarms.tick(now)
        self.moved.look()
        self._caps.look()
        if int(now.timestamp()) != self._second:
            self._second = int(now.timestamp())
            self.feed.tick(now)
            self.tour.show_state()

    def _show_online(self, room: RoomView, _now: datetime) -> None:
        health = room.health
        self.footer.show_online(online_words(health.seats, self._seat.id, health.seats_more))

    def _closing(self, down: bool) -> None:
        """What it ends is said while 下播 is held; what is refused after that stays."""
        room = self.commands.room
        if down and room is not None:
            self._ending = t("下播：{what}", what=ends(room) or t("没有要等的"))
            self.notice.tell(self._ending, "warn")
        elif self.notice.said == self._ending:
            self.notice.dismiss()

    def _linked(self, state: LinkState, why: str) -> None:
        strange = self.versions.lost(why)
        said = strange or self.sharing.lost(why)
        self.footer.show_link(
            (said or t("引擎没有回应，正在重新连接… {why}", why=why)) if state == "lost" else ""
        )
        if state == "lost" and not strange:
            said = said or t("引擎没有回应，正在重新连接。促销由引擎计时，它回来就接着。")
            self.notice.tell(said, "live")
        elif state == "live":
            self.notice.dismiss()
            self._price_checks.forget()

    # What the person does ---------------------------------------------------------------------------

    def _queue_act(self, what: str, cue_id: str) -> None:
        commands = self.commands
        if what in ("up", "down"):
            up, down = self.queue.neighbours(cue_id)
            if what == "down" or up is not None:
                commands.move(cue_id, up if what == "up" else down)
            return
        {
            "fire": commands.fire,
            "fix": commands.fix,
            "approve": commands.approve,
            "reject": commands.reject,
            "recall": commands.recall,
            "remove": commands.remove,
            "again": commands.again,
            "card": self.sheets.card,
            "edit": self.sheets.edit,
            "winners": self.sheets.winners,
        }[what](cue_id)

    def _more_answered(self, cue_id: str, added: bool) -> None:
        """「平台加过单？」"""
        if added:
            self.sheets.stock_of(cue_id)
        else:
            self.stop(cue_id)

    def _to_host(self, text: str, count: int) -> None:
        """给主播: a question of the feed goes before her."""
        if may(self._choice.role, "note.put"):
            self.commands.ask("note.put", {"text": as_note(text, count), "to": "host"}, "feed")

    def _to_phone(self, cue_id: str) -> None:
        """To a card of 现在要做: it comes in front with the keyboard on it."""
        self.turns.bring(LEFT)
        self.left.owed.bring(cue_id)

    def _to_order(self, order_id: str) -> None:
        """To an order: the feed looks for it."""
        self.side.close_sheet()
        self.turns.bring(RIGHT)
        self.feed.choose("order")
        self.feed.search.begin(order_id)

    def _answered(self, question: dict[str, str]) -> None:
        """已回答, on every seat."""
        if may(self._choice.role, "question.answer"):
            self.commands.ask("question.answer", question, "feed")

    def stop(self, cue_id: str) -> bool:
        """Stop a cue; some ask for the reason first, which is shown to everybody."""
        room = self.commands.room
        cue = room.cues.get(cue_id) if room else None
        if cue is None or self.commands.locked:
            return False
        if kind_of(cue.kind).STOP_TELLS_WHY and cue.status in RUNNING:
            if not may(self._choice.role, "cue.stop", cue.kind):
                self._told(cue_id, t("{kind}由主播或中控停", kind=name_of(cue.kind)))
                return False
            self.sheets.stop_bag(cue_id)
            return True
        return self.commands.stop(cue_id)

    def fire_key(self, number: int) -> bool:
        """Ctrl and a number: what owns the number, if its key can be pressed on the screen too."""
        if self.commands.locked or self.key_table.why_no_fire(number):
            return False
        room = self.commands.room
        cue = room.in_slot(number) if room is not None else None
        row = self.queue.row(cue.cue_id) if cue is not None else None
        assert row is not None
        if cue is not None and cue.can.key == "fix":
            return self.commands.fix(row.face.cue_id)  # the key that is drawn there: it fires nothing
        return self.commands.fire(row.face.cue_id)

    def stop_key(self, number: int) -> bool:
        """Ctrl, Shift and a number."""
        room = self.commands.room
        cue = room.in_slot(number) if room is not None else None
        return cue is not None and self.stop(cue.cue_id)

    def idle_key(self, name: str) -> None:
        """A key that had nothing to do says why."""
        if why := self.key_table.why_not(name):
            self.notice.tell(t("{name}：{why}", name=name, why=why), "warn", seconds=NOTICE_SECONDS)

    def newest(self) -> bool:
        """End: the feed goes on to the newest and stays with it."""
        paused = self.feed.view.is_paused
        if paused:
            self.feed.view.follow()
        return paused

    def recall_key(self) -> bool:
        """Esc: the newest that can still be taken back, wherever the cursor is. Only a seat that fires
        nothing first leaves what it has open: its Esc for a line must not take back the host's sale."""
        if not may(self._choice.role, "cue.fire") and (
            self.side.sheet is not None or self.keyboard.writing()
        ):
            return False
        cue_id = self.queue.to_recall()
        return cue_id is not None and self.commands.recall(cue_id)

    def halt_key(self, down: bool) -> None:
        """F12 went down or up; the key on the strip counts the second."""
        if down and not self.strip.halt.isHidden():
            self.strip.halt.begin()
        else:
            self.strip.halt.cancel()

    def escape(self) -> bool:
        """Esc with nothing to recall: list or sheet closes, the keyboard comes back, or the tour ends."""
        return self.alarms.close() or self.side.close_sheet() or self.keyboard.back() or self.tour.escape()

    def show_keys(self) -> bool:
        """?: the keys, or away with them."""
        self.sheets.keys()
        return True

    def look(self, name: str) -> bool:
        """Ctrl+T: another theme. Ctrl+F: what to look for among the comments."""
        if name == "Ctrl+T":
            preferences.current().next_theme()
            return True
        self.side.close_sheet()
        self.turns.bring(RIGHT)
        return self.feed.look_for()

    def lock(self) -> bool:
        """Ctrl+L: nothing but recall, 全停 and looking until it is pressed again."""
        self.commands.locked = not self.commands.locked
        for each in (self.left, self.opening):
            each.setEnabled(not self.commands.locked)
        self.queue.set_locked(self.commands.locked)
        self.proposals.set_locked(self.commands.locked)
        if self.commands.locked:
            self.side.close_sheet()
            self.notice.tell(
                t("本席位已锁定：只能看、撤回和全停。Ctrl+L 解锁"),
                "warn",
                action=t("解锁"),
                then=self._unlock,
            )
        else:
            self.notice.dismiss()
        self.footer.show_locked(self.commands.locked)
        return True

    def _unlock(self) -> None:
        if self.commands.locked:
            self.lock()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.moved.watch(self.window().windowHandle())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.remeasure()

    def remeasure(self) -> None:
        """The window, or type in it, has another size."""
        self.fitting.remeasure()
        self.tour.place()

    def keyboard_here(self, here: bool) -> None:
        """Whether this window has the keyboard."""
        self.strip.set_keyboard(here)

    def asks_before_leaving(self, decide: Callable[[bool], None]) -> bool:
        """Open the sheet that asks whether the engine stays; False when nothing is on air."""
        room = self.commands.room
        if room is None or self._seat.link != "live" or not (room.is_open or room.running()):
            return False
        running = sum(kind_of(cue.kind).LISTED for cue in room.running())
        self.side.open_sheet(LeavingSheet(running, may_stop=self._choice.role == "host", decide=decide))
        return True

    def _told(self, place: str, words: str) -> None:
        """A refusal, beside what caused it; where that has gone, in the notice."""
        if self.queue.say(place, words) or self.left.owed.say(place, words) or not words:
            return
        self.notice.tell(words, "warn", seconds=NOTICE_SECONDS)
