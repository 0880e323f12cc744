"""stdin, stdout and stderr as every command expects them: there, and able to carry any text."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
from typing import Final, TextIO

_ERRORS: Final = "liveconsole.escaped"
_nowhere: Final[list[TextIO]] = []
"""They live as long as the program."""


def make_usable() -> None:
    """Give the program what a bare shell, a service or a terminal of another encoding does not.

    A descriptor that was closed (``<&-``) is opened on the null device: else the next file that is opened
    would get its number, and what is printed would go into that file. A character that the terminal's
    encoding lacks is written as its escape, which in JSON means that same character.
    """
    if os.name == "posix":
        for number in range(3):
            with contextlib.suppress(OSError):
                os.fstat(number)
                continue
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # also a windowed program of Windows
            _nowhere.append(open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
            setattr(sys, name, _nowhere[-1])
    codecs.register_error(_ERRORS, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """``\\u`` and four digits for each unit of UTF-16, as JSON writes them."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end
