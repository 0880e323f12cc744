"""The program's own log: JSON lines in rotating files that only the user may read.

Secrets are cut out of every line on the way to disk. Personal data is not looked for: callers log ids,
never names or texts of viewers.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import logging.handlers
import os
import re
import sys
import threading
import types
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from liveconsole.paths import own_folder

MAX_BYTES, KEPT = 5_000_000, 5

_SECRETS = re.compile(
    r"(?i)(?P<said>\bbearer\s+|\b(?:token|key|secret|password|authorization)\b[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&}]+"
    r"|\b[0-9a-f]{32,}\b"  # keys and digests
    r"|(?<![\w/+-])[A-Za-z0-9_-]{43}(?![\w/+-])"  # 32 bytes as base64url, as our tokens are
)


def redact(text: str) -> str:
    """`text` without tokens and keys."""
    return _SECRETS.sub(lambda m: (m["said"] or "") + "[removed]", text)


class JsonLines(logging.Formatter):
    """One JSON object a record: at, level, name, text, and error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "name": record.name,
            "pid": record.process,
            "text": redact(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class OwnRotatingFile(logging.handlers.RotatingFileHandler):
    """A rotating file that is its owner's alone, and that a full disk cannot make anybody fail.

    `dropped` counts the lines that could not be written.
    """

    def __init__(self, path: Path) -> None:
        self.dropped = 0
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)

    def _open(self) -> IO[str]:  # type: ignore[override]  # typeshed narrows it to TextIOWrapper
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=_own)

    def handleError(self, record: logging.LogRecord) -> None:
        self.dropped += 1


def set_up(folder: Path, name: str, *, level: int = logging.INFO, console: bool = True) -> Path:
    """Log this process to `folder`/`name`.log (and warnings to stderr, where there is one: a windowed
    program on Windows has none), and note crashes there. Call once, early in `main`.

    Returns the log file's path. stdout is never written to: it belongs to the JSON lines of the CLI.
    """
    own_folder(folder)
    file = OwnRotatingFile(folder / f"{name}.log")
    file.setFormatter(JsonLines())
    handlers: list[logging.Handler] = [file]
    if console and sys.stderr is not None:
        words = logging.StreamHandler(sys.stderr)
        words.setLevel(logging.WARNING)
        words.setFormatter(_Plain("%(levelname)s %(name)s: %(message)s"))
        handlers.append(words)
    logging.basicConfig(level=level, handlers=handlers, force=True)
    logging.captureWarnings(True)
    _note_crashes(folder / f"{name}.crash")
    return folder / f"{name}.log"


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def _note_crashes(path: Path) -> None:
    """Uncaught exceptions go to the log; a native crash writes every thread's stack to `path`."""
    native = open(path, "w", encoding="utf-8", opener=_own)  # noqa: SIM115  # faulthandler holds it for ever
    faulthandler.enable(file=native, all_threads=True)
    log = logging.getLogger("liveconsole.crash")

    def uncaught(kind: type[BaseException], error: BaseException, trace: types.TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("uncaught", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread


def _own(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
