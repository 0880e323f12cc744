"""The first thing of the desk's program: an engine on its way before Qt is loaded.

Both take about as long, and a machine has more than one core. Nothing here imports Qt.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liveconsole import machine, paths, screen, streams
from liveconsole.bus.starting import start_ahead
from liveconsole.exits import Exit
from ui import i18n
from ui.program.interrupts import Interrupts
from ui.program.named import not_there
from ui.seat import session

_QT: Final = ("PySide6", "shiboken6", "qasync")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked."""

    data: Path
    role: session.Role | None = None
    seat: str = ""
    """A kept seat at another computer's room."""
    nats: str = ""
    """Other addresses of its broker; ``off``: not over a broker this time."""
    url: str = ""
    token_file: Path | None = None
    seconds: float = 0.0
    screenshot: Path | None = None
    until: Path | None = None
    language: str = ""
    text_scale: float = 1.0
    host: bool = False
    """主播大屏 alone, without a desk."""
    words: tuple[str, ...] = ()
    """The command line itself, for a desk that comes up again."""

    @property
    def remembers(self) -> bool:
        """Whether the window asks who sits here, and remembers it: not where the command line says so."""
        return not (self.host or self.role is not None or self.url)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the desk; returns the exit code."""
    streams.make_usable()  # a windowed program of Windows has none
    try:
        options = read(sys.argv[1:] if argv is None else argv)
    except paths.FolderNewer as why:
        return _refused(why.words, Exit.NEWER)
    try:
        missing = not_there(options)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    if missing is not None:
        return _refused(missing.words, missing.code)
    try:
        _choose_plugin()
    except screen.CannotOpen as why:
        sys.stderr.write(str(why))
        return Exit.FAILED
    with Interrupts() as interrupts:
        begin(options)
        try:
            from ui.program import app
        except ImportError as error:  # Qt itself, or a library of the system that Qt's own are linked with
            if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith(_QT):
                raise
            sys.stderr.write(f"liveconsole: {error}\n{_mended()}\n")
            return Exit.FAILED
        return interrupts.code if interrupts.came else app.run(options, interrupts)


def _refused(words: Sequence[str], code: Exit) -> int:
    """Who clicked an icon sees no stderr: he is told by a window, who typed a command by both."""
    if sys.stderr is not None:
        sys.stderr.writelines(f"liveconsole: {line}\n" for line in words)
    if screen.on_screen():
        # Where no window can open the line above must do.
        with contextlib.suppress(ImportError, screen.CannotOpen):
            _choose_plugin()
            from ui.program.refused import show

            show(words)
    return code


def _choose_plugin() -> None:
    if plugin := screen.plugin_for_a_window():
        os.environ["QT_QPA_PLATFORM"] = plugin


def _mended() -> str:
    line = machine.mending_line(machine.missing_libraries(window=True), font=False)
    return f"补上它 / this installs it: {line or 'liveconsole doctor'}"


def begin(options: Options) -> None:
    """Start the engine that this desk will ask for, if it will ask for one at once and none seems to run."""
    if options.url or options.seat:
        return
    if options.role is not None:
        start_ahead(options.data, session.serve_options("manual"))
        return
    choice = session.load(options.data).choice
    if choice is not None and choice.ready and not choice.seat:
        start_ahead(session.folder(options.data, choice.mode), session.serve_options(choice.mode))


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole", description="The desk of a live room.")
    words.add_argument("--data", type=Path, help="data folder (default: LIVECONSOLE_DATA or the user's)")
    words.add_argument("--role", choices=session.ROLES, help="who sits here; joins the engine of the folder")
    words.add_argument("--host", action="store_true", help="only the host's second screen, without a desk")
    words.add_argument("--seat", default="", help="a seat that was joined before, at another computer's room")
    words.add_argument("--nats", default="", metavar="URL", help="another broker for --seat, or: off")
    words.add_argument("--url", default="", help="an engine elsewhere, with --token-file")
    words.add_argument("--token-file", type=Path, help="a file that holds the token of that engine")
    words.add_argument("--lang", choices=i18n.LANGUAGES, default="", help="language of the desk")
    words.add_argument("--text-scale", type=float, default=1.0, help="1.0 to 2.0")
    words.add_argument("--seconds", type=float, default=0.0, help="close by itself after so many seconds")
    words.add_argument("--until", type=Path, help="close by itself as soon as this file exists")
    words.add_argument(
        "--screenshot", type=Path, help="save a picture of the window when it closes by itself"
    )
    return words


def read(argv: Sequence[str]) -> Options:
    """The command line of the desk; `liveconsole` hands it on as it is."""
    said = parser().parse_args(argv)
    if bool(said.url) != bool(said.token_file):
        parser().error("--url and --token-file belong together")
    if said.nats and not said.seat:
        parser().error("--nats belongs to --seat")
    return Options(
        data=paths.data_folder(said.data),
        role=said.role,
        seat=said.seat,
        nats=said.nats,
        url=said.url,
        token_file=said.token_file,
        seconds=said.seconds,
        screenshot=said.screenshot,
        until=said.until,
        language=said.lang,
        text_scale=said.text_scale,
        host=said.host,
        words=tuple(argv),
    )
