"""``liveconsole man``: the manual page of all commands for ``man``, made of their own help, on stdout."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from liveconsole import __version__
from liveconsole.cli import grammar
from liveconsole.described import described
from liveconsole.exits import MEANINGS, Exit
from liveconsole.paths import ENV

_ABOUT = (
    "The desk of a live room, its engine, and what belongs to them. Without a command the desk opens; it"
    " joins the engine that runs on the data folder, or starts one. Everything that happens in a room stands"
    " on one encrypted log in that folder."
)
_ENVIRONMENT = (
    (ENV, "the data folder where --data is absent"),
    ("LIVECONSOLE_LANG", "zh or en: the language of the desk and of doctor"),
    ("LIVECONSOLE_KEYRING", "off: keys lie in files of their owner's, and no keyring is asked"),
)
_FILES = (
    ("~/.local/share/LiveConsole", "the data folder of Linux"),
    ("~/Library/Application Support/LiveConsole", "the data folder of macOS"),
    ("%LOCALAPPDATA%\\LiveConsole", "the data folder of Windows"),
)


def parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog="liveconsole man", description=described(__doc__))


def run(argv: Sequence[str]) -> int:
    """0: the page stands on stdout, as `man -l -` reads it."""
    from liveconsole.cli import told_commands

    parser().parse_args(argv)
    sys.stdout.buffer.write(page(grammar.whole(told_commands())).encode())
    return Exit.OK


def page(whole: argparse.ArgumentParser) -> str:
    """Return the page (roff, man macros) of a whole grammar (`grammar.whole`); it names no day."""
    lines = [
        f'.TH LIVECONSOLE 1 "" "LiveConsole {_text(__version__)}" "LiveConsole"',
        ".SH NAME",
        _text("liveconsole - " + (whole.description or "").rstrip(".")),
        ".SH SYNOPSIS",
        ".B liveconsole",
        _text("[OPTIONS] [COMMAND [OPTIONS]]"),
        ".SH DESCRIPTION",
        _text(_ABOUT),
        ".SH OPTIONS",
        *_said(whole),
        ".SH COMMANDS",
    ]
    for name, does, words in grammar.below(whole):
        lines += _command(f"liveconsole {name}", does, words)
    lines.append(".SH EXIT STATUS")
    for code in Exit:
        lines += _pair(str(code.value), "{1}; {0}".format(*MEANINGS[code]))
    lines.append(".SH ENVIRONMENT")
    for name, says in _ENVIRONMENT:
        lines += _pair(name, says)
    lines.append(".SH FILES")
    for name, says in _FILES:
        lines += _pair(name, says)
    return "\n".join(lines) + "\n"


def _command(name: str, does: str, words: argparse.ArgumentParser) -> Iterator[str]:
    yield f".SS {_text(name)}"
    yield _text(does[:1].upper() + does[1:] + ("." if does else ""))
    yield from _said(words)
    for deed, says, its in grammar.below(words):
        yield from _pair(f"{name} {deed}", says)
        yield ".RS"
        yield from _said(its)
        yield ".RE"


def _said(words: argparse.ArgumentParser) -> Iterator[str]:
    arguments, options = grammar.told(words)
    for action in arguments:
        yield from _pair(_value(action) or action.dest, _help(action, words))
    for action in options:
        if action.dest != "help":
            value = f" {_value(action)}" if action.nargs != 0 else ""
            yield from _pair(", ".join(action.option_strings) + value, _help(action, words))


def _value(action: argparse.Action) -> str:
    if action.choices is not None:
        return "|".join(str(choice) for choice in action.choices)
    named = action.metavar if isinstance(action.metavar, str) else ""
    return named or (action.dest.upper() if action.nargs != 0 else "")


def _help(action: argparse.Action, words: argparse.ArgumentParser) -> str:
    """Return the line as ``--help`` shows it."""
    return words._get_formatter()._expand_help(action) if action.help else ""


def _pair(term: str, says: str) -> Iterator[str]:
    yield ".TP"
    yield f"\\fB{_text(term)}\\fR"
    yield _text(says) if says else "\\&"


def _text(plain: str) -> str:
    """Plain text for roff: one line, nothing of it is a request."""
    one = " ".join(plain.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{one}" if one.startswith((".", "'")) else one
