"""The one window: which page it shows, the seat behind it, the keys over it, and how it is left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.shop import ShopFace
from ui import preferences, theme
from ui.beside.shop_face import ShopFaceBetween
from ui.beside.source_process import SourceProcess
from ui.i18n import t
from ui.keys import Keys
from ui.parts import place as place_of
from ui.preferences.columns import least_width
from ui.seat import elsewhere, join, session, shop_kept
from ui.seat.elsewhere import OWN, At
from ui.seat.seat import Frame, Seat
from ui.seat.shop_kept import KeptShop
from ui.widgets.picture import shelf
from ui.windows.beside import BesideWindows
from ui.windows.guide import GuideOpener
from ui.windows.history.opener import PastWindows
from ui.windows.shell_keys import key_actions

if TYPE_CHECKING:
    # The pages with all their panels are loaded when they are made: the window is painted before that.
    from liveconsole.bus.joining import SeatCredential
    from ui.preferences.window import SettingsWindow
    from ui.windows.check import RoomCheck
    from ui.windows.desk import Desk
    from ui.windows.host.window import HostWindow
    from ui.windows.welcome import Welcome

log = logging.getLogger(__name__)


class Shell(QWidget):
    """Painted before anything else happens; `begin` then asks or joins. `left` is set when it was closed.

    ``place``: the one that it remembers for (`window_place.Place`); 0: nothing. ``again``: come up anew.
    """

    def __init__(
        self, base: Path, remembered: session.Remembered, place: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setWindowTitle(t("直播中控台"))
        self.remeasure()
        self.resize(place_of.USUAL)
        if remembered.geometry:
            place_of.put_back(self, remembered.geometry)
        self.left = asyncio.Event()
        self._base, self._remembered, self._place = base, remembered, place
        self._beside = SourceProcess(self)
        self._living: asyncio.Task[None] | None = None
        self._role = ""
        self._desk_again: Callable[[], Desk] | None = None
        self._sure = self.again = False
        self._shop: ShopFaceBetween | None = None
        self.seat: Seat | None = None
        self.desk: Desk | None = None
        self.big: HostWindow | None = None
        self.past = PastWindows(self)
        self.past.elsewhere_wanted.connect(self._elsewhere)
        self.beside = BesideWindows(self, lambda: (self.seat, self.desk))
        self.settings: SettingsWindow | None = None
        self._folder: Path | None = None
        self.check: RoomCheck | None = None
        self.welcome: Welcome | None = None
        self.pages = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        own = self._go_next, self._help, self.toggle_big_screen, self._escape, self._reach, self._pressed
        self.guide = GuideOpener(self, base, self)
        self.keys = Keys(self, key_actions(self._desk_does, *own, self.guide.open))
        preferences.current().language_changed.connect(self._speak)

    def open(self) -> None:
        """The window comes up where it was left, or wholly on the screen: a small one it fills."""
        place_of.open_at(self, self._remembered.geometry)
        self.show()

    def begin(
        self, *, role: session.Role | None = None, url: str = "", token_file: Path | None = None, at: At = OWN
    ) -> None:
        """A named seat, an engine elsewhere, the remembered answer, or the questions."""
        choice = self._remembered.choice
        seat = at.seat or (choice.seat if choice is not None and not (url or role) else "")
        if seat and (credential := elsewhere.load(seat, self._base, at.nats)) is not None:
            self.sit_elsewhere(credential)
        elif url and token_file is not None:
            self._sit(
                session.StartChoice("manual", role or "host", checked=True), join.remote(url, token_file)
            )
        elif role is not None:
            # A named seat joins the engine of exactly this folder, whatever was answered here before.
            choice = session.StartChoice("manual", role, checked=True)
            self._sit(choice, join.local(self._base, role), folder=self._base)
        elif choice is not None and choice.ready and not seat:
            self._start(choice)
        else:
            self.ask()
            if seat and self.welcome is not None:  # it is not kept any more: ask for a new code
                self.welcome.ask_elsewhere()

    def ask(self) -> None:
        """The two questions; what was answered before stands chosen."""
        from ui.windows.welcome import Welcome

        chosen = session.of_this_computer(self._remembered.choice or session.offered(self._base, self._place))
        kept = shop_kept.load(self._base)
        self._give_logo(kept)
        self.welcome = Welcome(
            chosen,
            self._chosen,
            people=session.people_of(self._remembered),
            real=self._remembered.real,
            shop=kept,
            keep_shop=self._keep_shop if self._place else None,
            first=self._remembered.choice is None,
            stay=self._stay if self.desk is not None else None,
            elsewhere=(self._base, self.sit_elsewhere),
        )
        self._show(self.welcome)

    def sit_elsewhere(self, credential: SeatCredential) -> None:
        """Sit at another computer's room."""
        choice = elsewhere.choice_at(credential)
        self._remember(choice)
        self._sit(choice, join.at(credential))

    def _keep_shop(self, face: ShopFace, logo: bytes | None) -> None:
        """Set on the first window: each room of this computer is told when it is joined."""
        self._shop_changed(KeptShop(face, list(shop_kept.MODES)), logo)
        if self.seat is not None and self._shop is not None:
            self._shop.tell_again()

    def _shop_changed(self, kept: KeptShop, logo: bytes | None) -> None:
        shop_kept.save(self._base, kept, logo)
        self._give_logo(kept)

    def _give_logo(self, kept: KeptShop) -> None:
        if kept.face.logo and (picture := shop_kept.logo(self._base)) is not None:
            shelf().give(kept.face.logo, picture)

    def _stay(self) -> None:
        """Back to the desk as it was: the seat went on behind the questions."""
        if self.desk is not None:
            self._show(self.desk)

    def _chosen(self, choice: session.StartChoice) -> None:
        before = self._remembered.choice
        checked = before is not None and before.checked and before.mode == choice.mode and not before.seat
        choice = msgspec.structs.replace(choice, checked=checked)
        if self.welcome is not None:
            people = self.welcome.people.people
            self._remembered = msgspec.structs.replace(self._remembered, people=people, name=choice.name)
        if choice.mode == "tape" and not choice.tape:
            self.past.begin(self._base, self._remembered.real)
            return
        self._remember(choice)
        self._start(choice)

    def _start(self, choice: session.StartChoice) -> None:
        folder = session.folder(self._base, choice.mode)
        joining = join.local(folder, choice.role, session.serve_options(choice.mode))
        from ui.beside.prepare import RoomPreparation

        self._sit(choice, joining, lambda seat: RoomPreparation(seat, choice, folder, self._beside), folder)

    def _sit(
        self,
        choice: session.StartChoice,
        joining: join.Join,
        prepare: Callable[[Seat], object] | None = None,
        folder: Path | None = None,
    ) -> None:
        tasks.spawn(self._take_seat(choice, joining, prepare, folder), name="take a seat")

    async def _take_seat(
        self,
        choice: session.StartChoice,
        joining: join.Join,
        prepare: Callable[[Seat], object] | None,
        folder: Path | None,
    ) -> None:
        await self._stand_up()
        self.seat = Seat(joining, self, name=choice.name or self._remembered.name, where=choice.seat)
        shelf().ask_of(self.seat.picture)
        if prepare is not None:
            prepare(self.seat)
        if self._place and not choice.seat:
            self._shop = ShopFaceBetween(self.seat, self._base, choice.mode, choice.role, self._shop_changed)
            self.seat.on_frame(self, partial(self._look, choice.mode))
        self._folder = folder
        self._desk_again = partial(self._make_desk, self.seat, choice, folder)
        self.desk = self._desk_again()
        self._role = choice.role
        if geometry := preferences.current().layout_of(choice.role).geometry:
            place_of.put_back(self, geometry)
        self._living = tasks.spawn(self.seat.run(), name="seat")
        if choice.checked:
            self._show(self.desk)
        else:
            from ui.windows.check import RoomCheck

            self.check = RoomCheck(self.seat, choice, then=self._check_done)
            self.check.connect_asked.connect(self._to_connections)
            self._show(self.check)

    def _look(self, mode: session.Mode, frame: Frame) -> None:
        """What of a room the first window tells the next time."""
        if self._shop is not None and frame.state is not None:
            self._shop.frame(frame)
        moved = not frame.moved.isdisjoint(("catalogue", "broadcast"))
        if frame.state is not None and mode == "manual" and moved:
            goods, played = len(frame.state.catalogue.products), frame.state.broadcast.number
            self._remembered = msgspec.structs.replace(self._remembered, real=session.RealRoom(goods, played))

    def _make_desk(self, seat: Seat, choice: session.StartChoice, folder: Path | None) -> Desk:
        from ui.windows.desk import Desk

        desk = Desk(seat, choice, leave=self.close, folder=folder)
        desk.versions.restart_wanted.connect(self._come_again)
        desk.footer.big_screen_wanted.connect(self.toggle_big_screen)
        desk.footer.history_wanted.connect(self.toggle_history)
        desk.footer.beside_wanted.connect(self.beside.toggle)
        desk.footer.look_wanted.connect(self.toggle_settings)
        desk.alarms.connection_asked.connect(self._to_connections)
        desk.alarms.window_asked.connect(self.beside.bring)
        return desk

    def _speak(self, language: Literal["zh", "en"]) -> None:
        """Another language: the desk is made anew over the same seat; nothing is joined or asked again.

        Words that were being written in it are lost; what is on air, and the connection, never stop.
        """
        self.setWindowTitle(t("直播中控台"))
        self._keep(msgspec.structs.replace(self._remembered, language=language))
        if self.welcome is not None:
            self.ask()
            return
        if self.desk is None or self._desk_again is None:
            return
        locked, big, history = self.desk.commands.locked, self.big is not None, self.past.list is not None
        feed, page = self.desk.feed.feed, self.settings.at if self.settings is not None else None
        others = self.beside.close()
        for beside in (self.big, self.past.list, self.settings):
            if beside is not None:
                beside.close()
        self._clear_desk()
        self.desk = self._desk_again()
        self.desk.feed.go_on_with(feed)
        if locked:
            self.desk.lock()
        self._show(self.desk)
        if page is not None:
            self.toggle_settings(page)
        if big:
            self.toggle_big_screen()
        if history:
            self.toggle_history()
        for key in others:
            self.beside.toggle(key)
        self._activation()

    def _check_done(self) -> None:
        choice = self._remembered.choice
        if choice is not None:
            self._remember(msgspec.structs.replace(choice, checked=True))
        if self.desk is not None:
            self._show(self.desk)

    def _show(self, page: QWidget) -> None:
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        # A page that scrolls would keep PgDn for itself, and the key test with it.
        (page if page in (self.desk, self.welcome) else self).setFocus()
        for index in reversed(range(self.pages.count())):
            old = self.pages.widget(index)
            if old is not None and old not in (page, self.desk):
                self.pages.removeWidget(old)
                old.deleteLater()
        if page is not self.check:
            self.check = None
        if page is not self.welcome:
            self.welcome = None

    def _remember(self, choice: session.StartChoice) -> None:
        self._keep(msgspec.structs.replace(self._remembered, choice=choice))

    def _keep(self, remembered: session.Remembered) -> None:
        self._remembered = remembered
        self._save()

    def _save(self) -> None:
        if self._place and self._remembered.choice is not None:
            session.save(self._base, self._remembered, self._place)

    # Leaving ---------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """On air, ask whether the engine stays: on a sheet, never in a dialog that stops the desk."""
        if not self._sure and self.desk is not None and self.desk.asks_before_leaving(self._leave_now):
            event.ignore()
            return
        event.accept()
        self.left.set()

    def _leave_now(self, stop_engine: bool) -> None:
        self._sure = True
        if stop_engine and self.seat is not None:
            tasks.spawn(self._stop_and_close(self.seat), name="stop the engine")
        else:
            self.close()

    def _come_again(self, with_engine: bool) -> None:
        self.again = True
        self._leave_now(with_engine)

    async def _stop_and_close(self, seat: Seat) -> None:
        await seat.stop_engine()
        self.close()

    async def leave(self) -> None:
        """Let go of the engine and everything that was started here; the engine itself stays."""
        geometry = place_of.kept(self)
        self._keep(msgspec.structs.replace(self._remembered, geometry=geometry))
        self._beside.stop()
        await self._stand_up()
        self._sure = True
        self.close()

    async def _stand_up(self) -> None:
        self.past.close()
        self.beside.close()
        for beside in (self.big, self.settings):
            if beside is not None:
                beside.close()
        if self.desk is not None:
            geometry = place_of.kept(self)
            preferences.current().keep_layout(self._role, geometry=geometry)
        seat, living = self.seat, self._living
        self.seat = self._living = self._shop = None
        if seat is not None:
            await seat.close()
        if living is not None:
            await tasks.cancel_all([living])
        self._clear_desk()

    def _clear_desk(self) -> None:
        if self.desk is not None:
            self.desk.sheets.close()
            self.pages.removeWidget(self.desk)
            self.desk.deleteLater()
            self.desk = None

    # The host's second screen ----------------------------------------------------------------------

    def toggle_big_screen(self) -> bool:
        """F9: open 主播大屏, on another screen if there is one; once more closes it."""
        if self.big is not None:
            self.big.close()
            return True
        seat, desk = self.seat, self.desk
        if seat is None or desk is None:
            return False
        from ui.windows.host.window import HostWindow

        self.big = HostWindow(seat, desk.commands.role, locked=lambda: desk.commands.locked)
        self.big.closed.connect(partial(self._gone, "big"))
        self.big.activated.connect(self._activation)
        self.big.open_beside(self)
        return True

    def _gone(self, which: Literal["big", "history", "settings"]) -> None:
        """A window beside the desk was closed."""
        window = getattr(self, which)
        setattr(self, which, None)
        if window is not None:
            window.deleteLater()

    def toggle_history(self) -> bool:
        """Ctrl+H: open 历史场次; once more closes it."""
        return self.seat is not None and self.past.toggle(self.seat, self._folder)

    def toggle_settings(self, page: int = 0) -> bool:
        """Ctrl+,: open 设置 at a page; once more closes it."""
        if self.settings is not None:
            self.settings.close()
            return True
        seat, desk = self.seat, self.desk
        if seat is None or desk is None:
            return False
        from ui.windows.settings import open_settings

        self.settings = open_settings(self, seat, desk.commands, self._folder, page)
        self.settings.closed.connect(partial(self._gone, "settings"))
        self.settings.computer.named.connect(self._named)
        self.settings.computer.seat_wanted.connect(self._other_seat)
        self.settings.sources.turned.connect(self._sources_turned)
        self.settings.online.offer_sharing(desk.sharing)
        self.settings.wechat_shop.compare_asked.connect(desk.sheets.differences)
        return True

    def _to_connections(self, via: str) -> None:
        """To where something outside is set; ``""``: to all of them."""
        if self.settings is not None or self.toggle_settings():
            assert self.settings is not None
            self.settings.go_to(via)
            self.settings.activateWindow()

    def _named(self, name: str) -> None:
        self._keep(session.renamed(self._remembered, name))

    def _sources_turned(self, sources: dict[str, bool]) -> None:
        self._keep(session.with_sources(self._remembered, sources))

    def _other_seat(self) -> None:
        self.toggle_settings()
        self.ask()

    def _elsewhere(self) -> None:
        """A recording that lies elsewhere: the first window's answer, chosen already."""
        self.ask()
        if self.welcome is not None:
            self.welcome.choose("tape")

    def _reach(self, name: str) -> bool:
        beside = {"Ctrl+H": self.toggle_history, "Ctrl+,": self.toggle_settings, **self.beside.keys}.get(name)
        return self._desk_does(lambda desk: beside() if beside is not None else desk.keyboard.key(name))

    def _activation(self) -> None:
        here = self.isActiveWindow() or (self.big is not None and self.big.isActiveWindow())
        if self.desk is not None:
            self.desk.keyboard_here(here)

    # Keys ------------------------------------------------------------------------------------------

    def _go_next(self) -> bool:
        # Pressed before the big screen, a refusal is said there.
        if self.big is not None and self.big.isActiveWindow():
            return self.big.go_next()
        return self._desk_does(lambda desk: desk.commands.go_next())

    def _help(self) -> bool:
        if self.big is not None and self.big.isActiveWindow():
            return self.big.show_keys()
        return self.beside.show_keys() or self._desk_does(lambda desk: desk.show_keys())

    def _escape(self) -> bool:
        active = QApplication.activeWindow()
        if self.welcome is not None and self.desk is not None and active in (None, self):
            self._stay()
            return True
        if active not in (None, self, self.big):
            return False  # a file chooser's own, which closes with it: what lies below stays
        if self.big is not None and self.big.isActiveWindow() and self.big.escape():
            return True
        return self._desk_does(lambda desk: desk.escape())

    def _desk_does(self, what: Callable[[Desk], object]) -> bool:
        """Keys act on the desk alone; on every other page they do nothing."""
        if self.desk is None or self.pages.currentWidget() is not self.desk:
            return False
        return bool(what(self.desk))

    def _pressed(self, name: str) -> None:
        if self.check is not None:
            self.check.key_seen(name)
        elif self.desk is not None and self.pages.currentWidget() is self.desk:
            self.desk.tour.pressed(name)
            self.desk.sheets.key_seen(name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.keys.watch(self.windowHandle())

    def remeasure(self) -> None:
        """Type has another size: the middle is whole in the narrowest window."""
        place_of.keep_least(self, least_width(theme.text_scale()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._activation()
