"""The command line. Each command is a module of its own, imported only when it is asked for."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from liveconsole import __version__, streams
from liveconsole.exits import Exit, table
from liveconsole.paths import FolderNewer


class _Command(NamedTuple):
    where: str
    """``module:function``; the function takes the words behind the command and returns the exit code."""
    does: str
    """One line of ``--help``; empty for what only the program itself starts."""


_COMMANDS: Final[dict[str, _Command]] = {
    "open": _Command("ui.program.start:main", "open the desk (what happens without a command)"),
    "serve": _Command("liveconsole.cli.serve:run", "the engine without a desk"),
    "rehearsal-platform": _Command("liveconsole.connectors.rehearsal.platform:run", ""),
    "rehearsal-world": _Command("liveconsole.connectors.rehearsal.driver:run", ""),
    "read-books": _Command("liveconsole.books.process:run", ""),
    "rehearse": _Command("liveconsole.connectors.rehearsal.command:run", "a simulated room"),
    "replay": _Command("liveconsole.connectors.tape.command:run", "play a recorded room into an engine"),
    "playback": _Command("liveconsole.cli.playback:run", "回看: one past broadcast, to join with a desk"),
    "import": _Command("liveconsole.cli.import_:run", "products from a CSV or a workbook into the catalogue"),
    "export": _Command("liveconsole.cli.export:run", "orders of all the years as CSV or a workbook"),
    "publish": _Command("liveconsole.cli.publish:run", "CloudEvents from stdin (JSON lines) to the engine"),
    "tail": _Command("liveconsole.cli.tail:run", "committed events to stdout (JSON lines)"),
    "settlement": _Command(
        "liveconsole.cli.settlement:run", "what a broadcast brings, and who gets which part"
    ),
    "sharers": _Command("liveconsole.cli.sharers:run", "who brought how many, and what it came to"),
    "shop": _Command("liveconsole.cli.shop:run", "微信小店: connect it, check it, fetch its orders now"),
    "relay": _Command("liveconsole.cli.relay:run", "at a public address: keeps what a shop pushes"),
    "report": _Command("liveconsole.cli.report:run", "复盘: one broadcast as HTML, PDF, XLSX, CSV, EDL"),
    "boards": _Command("liveconsole.cli.boards:run", "what a broadcast or some days came to, tile by tile"),
    "history": _Command("liveconsole.cli.history:run", "past broadcasts and what they came to"),
    "customers": _Command(
        "liveconsole.cli.customers:run", "who bought, in segments; what a customer is worth"
    ),
    "evidence": _Command("liveconsole.cli.evidence:run", "what the law asks to keep, as one sealed file"),
    "receipt": _Command("liveconsole.cli.receipt:run", "the receipt of a draw as a file"),
    "verify-draw": _Command("liveconsole.verify_draw:main", "check a draw from its receipt"),
    "verify-log": _Command("liveconsole.cli.verify_log:run", "that the log is as it was written"),
    "backup": _Command("liveconsole.cli.backup:run", "one file under a recovery code"),
    "restore": _Command("liveconsole.cli.restore:run", "a data folder from a backup"),
    "forget": _Command("liveconsole.cli.forget:run", "a person's id and name go, and what was typed of him"),
    "repair": _Command("liveconsole.cli.repair:run", "a room whose log stands in the future: --clock"),
    "keys": _Command("liveconsole.cli.keys:run", "where the room's key is, and another one: --rotate"),
    "browser": _Command("liveconsole.cli.browser:run", "the browser part: add it, and what there is"),
    "share": _Command("liveconsole.cli.share:run", "let other computers and phones of the studio join"),
    "join": _Command("liveconsole.cli.join:run", "a room of another computer, by the code that it shows"),
    "nats": _Command("liveconsole.cli.nats:run", "a broker between machines: its files, keys, seats"),
    "tokens": _Command("liveconsole.cli.tokens:run", "show where the tokens are, or renew one"),
    "rooms": _Command("liveconsole.cli.rooms:run", "the rooms of this machine; --serve: a page of them"),
    "on-air": _Command("liveconsole.cli.on_air:run", "whether a real room of this machine is on air"),
    "guide": _Command("liveconsole.cli.guide:run", "the guide: first evening, real room, troubles, keys"),
    "completion": _Command("liveconsole.cli.completion:run", "what bash, zsh, fish, PowerShell need for Tab"),
    "man": _Command("liveconsole.cli.man:run", "the manual page: `liveconsole man | man -l -`"),
    "update": _Command("liveconsole.cli.update:run", "whether there is a newer version"),
    "licenses": _Command(
        "liveconsole.cli.licenses:run", "whose work ships with the program, and its licences"
    ),
    "doctor": _Command("liveconsole.doctor:run", "what is wrong on this machine"),
    "bench": _Command("liveconsole.bench:run", "measure this machine"),
}


def told_commands() -> dict[str, _Command]:
    """Return the commands that people type, in the order of ``--help``."""
    return {name: command for name, command in _COMMANDS.items() if command.does}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; a reader who had enough (``| head``) is no failure."""
    words = list(sys.argv[1:] if argv is None else argv)
    streams.make_usable()
    try:
        return _run(words)
    except KeyboardInterrupt:
        sys.stderr.write("liveconsole: 已中断 / broken off\n")
        return Exit.INTERRUPTED
    except FolderNewer as error:
        if sys.stderr is not None:  # a windowed program has none; it has shown a window
            sys.stderr.writelines(f"liveconsole: {words}\n" for words in error.words)
        return Exit.NEWER
    except OSError as error:
        if _nobody_reads(error):
            return Exit.OK
        if error.filename is None:
            raise
        # A file or a folder of the user's, which no command can do without: no fault of the program's.
        sys.stderr.write(f"liveconsole: {error.filename}: {error.strerror}\n")
        return Exit.FAILED
    finally:
        _let_go()


def _run(words: list[str]) -> int:
    if words and words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return Exit.OK
    if words and words[0] in ("-V", "--version"):
        sys.stdout.write(f"{__version__}\n")
        return Exit.OK
    name = "open"
    if words and not words[0].startswith("-"):
        name = words.pop(0)
    command = _COMMANDS.get(name)
    if command is None:
        sys.stderr.write(f"liveconsole: no command {name!r}\n\n{_help()}")
        return Exit.USAGE
    module, _, function = command.where.partition(":")
    run: Callable[[list[str]], int] = getattr(importlib.import_module(module), function)
    return run(words)


def _nobody_reads(error: OSError) -> bool:
    """Windows says EINVAL of a pipe whose other end is closed."""
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL)


def _let_go() -> None:
    """Write what is buffered now: left to the interpreter's exit, a closed pipe makes the exit code 120.

    What nobody reads goes to the null device, the interpreter's own last flush included.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except OSError as error:
            if not _nobody_reads(error):
                raise
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)


def _help() -> str:
    lines = [f"  {name:<12} {command.does}" for name, command in told_commands().items()]
    return (
        "usage: liveconsole [-h] [-V] [COMMAND] [OPTIONS]\n\n"
        + "\n".join(lines)
        + "\n\n--help behind a command tells its options; -V, --version the version.\n\nexit codes:\n"
        + table(english=True)
    )
