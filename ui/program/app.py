"""The desk as a program: paint the window, then join an engine, and leave in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from liveconsole import logs, paths, tasks
from liveconsole.bus import starting
from liveconsole.exits import Exit
from liveconsole.respath import resources
from ui import i18n, preferences, theme
from ui.program.collector import IdleCollector
from ui.program.identity import tell_the_task_bar
from ui.program.interrupts import Interrupts
from ui.program.start import Options
from ui.seat import session
from ui.seat.elsewhere import At
from ui.seat.window_place import Place
from ui.windows.called import WindowsOfOneFolder
from ui.windows.shell import Shell

if TYPE_CHECKING:
    from ui.windows.host.alone import HostAlone


def run(options: Options, interrupts: Interrupts) -> int:
    """Run the desk; returns the exit code. Takes the Qt thread for as long as the window is open."""
    place = Place(options.data) if options.remembers else None
    number = place.number if place is not None else 0
    remembered = session.load(options.data, number or 1)
    if place is not None:
        paths.mark_folder(options.data)
    with contextlib.suppress(OSError):  # a read-only folder still gets a desk
        logs.set_up(paths.log_folder(options.data), "desk")
    i18n.use(options.language or os.environ.get("LIVECONSOLE_LANG", "") or remembered.language or "zh")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    sweeper = IdleCollector(app)
    dress(app)
    eyes = preferences.use(preferences.Preferences(options.data, app))
    eyes.attended = not (options.seconds or options.until)
    if eyes.attended:
        eyes.updates.begin()
        eyes.installed.begin()
    eyes.dress(app, options.text_scale if options.text_scale != 1.0 else None)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        shell = open_window(options, remembered, number)
        interrupts.then(lambda: loop.call_soon_threadsafe(shell.left.set))
        loop.run_until_complete(live(shell, options, sweeper))
        interrupts.then(lambda: None)
    eyes.flush()
    if place is not None:
        place.leave()
    sweeper.stop()
    if isinstance(shell, Shell) and shell.again and not interrupts.came:
        try:
            starting.start_desk(options.words)
        except OSError as why:  # what was installed has gone again: the window is closed, and says nothing
            sys.stderr.write(f"liveconsole: {why}\n")
            return Exit.FAILED
    return interrupts.code


def open_window(options: Options, remembered: session.Remembered, place: int) -> Shell | HostAlone:
    """The desk, or the host's screen alone."""
    if options.host:
        from ui.windows.host.alone import HostAlone

        return HostAlone(options.data, remembered, options.role or "host")
    shell = Shell(options.data, remembered, place)
    WindowsOfOneFolder(shell, options.data, place)
    return shell


def dress(app: QApplication, text_scale: float = 1.0) -> None:
    """What every application of ours gets before its first widget."""
    tell_the_task_bar()
    app.setApplicationName("LiveConsole")
    app.setWindowIcon(app_icon())
    app.setApplicationDisplayName(i18n.t("直播中控台"))
    app.setDesktopFileName("liveconsole")
    app.setQuitOnLastWindowClosed(False)
    if i18n.language() == "zh":
        QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        own = QTranslator(app)
        if own.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(own)
    theme.apply(app, text_scale=text_scale)


def app_icon() -> QIcon:
    """The program's own, as its file has it: what a window shows where no desktop entry says so."""
    icon = QIcon()
    for picture in sorted((resources() / "app").glob("*.png")):
        icon.addFile(str(picture))
    return icon


async def live(shell: Shell | HostAlone, options: Options, sweeper: IdleCollector) -> None:
    """The whole life of the window: shown first, then joined, then left."""
    if isinstance(shell, Shell):
        shell.open()
    else:
        shell.show()
    # Two turns of the loop paint the window; whatever takes time comes after.
    for _ in range(2):
        await asyncio.sleep(0)
    try:
        _begin(shell, options)
        sweeper.settle()
        await _until_done(shell, options)
        if options.screenshot is not None:
            await grab(shell, options.screenshot)
    finally:
        await shell.leave()
        await tasks.cancel_all()


def _begin(shell: Shell | HostAlone, options: Options) -> None:
    if isinstance(shell, Shell):
        at = At(options.seat, options.nats)
        shell.begin(role=options.role, url=options.url, token_file=options.token_file, at=at)
    else:
        shell.begin(role=options.role, url=options.url, token_file=options.token_file)


async def grab(shell: Shell | HostAlone, path: Path) -> None:
    """Save a picture of the window as it is."""
    picture = shell.grab()
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    if not picture.save(str(path), "PNG"):
        raise OSError(f"the picture could not be saved to {path}")


async def _until_done(shell: Shell | HostAlone, options: Options) -> None:
    """Until the window was closed, the time is over, or the file that ends it is there."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + options.seconds if options.seconds else None
    while not shell.left.is_set():
        if ends is not None and loop.time() >= ends:
            return
        if options.until is not None and options.until.exists():
            return
        wait = 0.2 if options.until or ends else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await shell.left.wait()
