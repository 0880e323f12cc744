"""Words that several commands share: which engine they talk to."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from liveconsole import __version__
from liveconsole.bus.client import Client
from liveconsole.bus.errors import BusError, Denied, EngineGone, OtherVersion
from liveconsole.bus.launch import running
from liveconsole.exits import Exit
from liveconsole.messages.refusals import TEXTS, word
from liveconsole.messages.unwritten import why_in_both
from liveconsole.messages.update_words import update_words
from liveconsole.paths import data_folder
from liveconsole.store.errors import KeyUnavailable, StoreError


class WrongWords(BusError):
    """What the command line names is not there."""


_CODES: Final = {
    WrongWords: Exit.USAGE,
    KeyUnavailable: Exit.NO_KEY,
    EngineGone: Exit.NO_ENGINE,
    Denied: Exit.DENIED,
}


def add_engine_words(words: argparse.ArgumentParser) -> None:
    """``--data`` for an engine here, ``--url`` with ``--token-file`` for another one."""
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder of a running engine")
    words.add_argument("--url", metavar="URL", help="another engine's address")
    words.add_argument("--token-file", type=Path, metavar="FILE", help="holds the token for --url")


async def client_of(args: argparse.Namespace, role: str) -> Client:
    """A client with the token of ``role``, or of a seat that joined.

    Raises:
        EngineGone: no engine answers there.
        WrongWords: the command line names no token, one that cannot be read, or a seat that is not here.
    """
    if getattr(args, "seat", None):
        return _at_seat(args.seat, data_folder(args.data))
    if args.url:
        if args.token_file is None:
            raise WrongWords("no_token", "--url needs --token-file: a token never stands on a command line")
        try:
            token = args.token_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            said = getattr(error, "strerror", None) or type(error).__name__
            raise WrongWords("no_token", f"{args.token_file}: {said}") from error
        return Client(args.url, token)
    folder = data_folder(args.data)
    found = await running(folder)
    if found is None:
        raise EngineGone(f"no engine runs on {folder}: start one with `liveconsole serve`")
    return Client(found.url, found.tokens[role], found.proof_key)


def _at_seat(name: str, base: Path) -> Client:
    from liveconsole.bus.joining import load

    try:
        credential = load(name, base)
    except ValueError:
        credential = None
    if credential is None:
        raise WrongWords(
            "no_seat", f"这台电脑没有叫 {name[:40]} 的席位 / this computer has no seat {name[:40]}"
        )
    return credential.client()


def complain(error: Exception) -> int:
    """Say what went wrong; returns the exit code."""
    sys.stderr.write(f"liveconsole: {_said(error)}\n")
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), Exit.FAILED)


def _said(error: Exception) -> str:
    """In both languages where the door refused by a word of the contract; of a file its name and why."""
    if isinstance(error, Denied) and error.code in TEXTS:
        return " / ".join(word(error.code, {}, english=english) for english in (False, True))
    if isinstance(error, OtherVersion):
        told = {"engine": error.engine or "?", "ours": __version__}
        return " / ".join(update_words(error.code, told, english=english) for english in (False, True))
    if isinstance(error, StoreError):
        return why_in_both(str(error))
    if isinstance(error, EngineGone):
        return f"连不上引擎 / {error}"
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)
