"""The books' process as its engine sees it: started, asked, stopped, ended, and started again.

The store's key goes to it by its stdin alone. It is asked one question at a time, by one thread; what it
answers is not believed further than `books.wire` goes.
"""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Final, NamedTuple

from liveconsole import __version__
from liveconsole.books.wire import (
    ANSWER_MOST,
    BadFrame,
    BookAnswer,
    BookQuestion,
    BooksOpened,
    BookStopped,
    ToReader,
    framed,
    read_frame,
    to_engine,
)
from liveconsole.messages.bounds import BOOK_SECONDS
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.errors import StoreBroken, StoreError
from liveconsole.store.read_access import ReadAccess

log = logging.getLogger(__name__)

CACHE_MIB: Final = 192
"""Pages of the store that it keeps deciphered at most; RFM of a million orders goes through some 90 MiB."""
_UP_WITHIN: Final = 20.0
_STOPS_WITHIN: Final = 0.5
"""Seconds in which it answers what it was told to stop; then it hangs, and is ended."""
_GOES_WITHIN: Final = 1.0
_BEGIN_AGAIN: Final = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before it is started again, after so many ends without an answer between them."""


class BookCommand(NamedTuple):
    """What starts the process: the words, and the environment that they are run in."""

    words: Sequence[str]
    environment: Mapping[str, str]


class AskedBook:
    """One question on its way: whoever asked it may drop it, from any thread."""

    def __init__(self, name: str, query: Mapping[str, str], now: datetime) -> None:
        self.name, self.query, self.now = name, query, now
        self._lock = threading.Lock()
        self._dropped = False
        self._stop: Callable[[], None] | None = None

    def drop(self) -> None:
        """Nobody waits for its answer any more."""
        with self._lock:
            self._dropped = True
            if self._stop is not None:
                self._stop()

    def begin(self, stop: Callable[[], None]) -> bool:
        """Note how it is stopped from now on; False where it was dropped before."""
        with self._lock:
            self._stop = stop
            return not self._dropped

    def over(self) -> None:
        """It is answered: there is nothing to stop."""
        with self._lock:
            self._stop = None


class BookProcess:
    """One process at a time. `end` on any thread, all else on one."""

    def __init__(self, command: BookCommand, access: ReadAccess, *, simulated: bool) -> None:
        self._command = command
        self._opened = BooksOpened(access, simulated, CACHE_MIB, __version__)
        self._child: _Child | None = None
        self._living: _Child | None = None
        """The same, from its start on."""
        self._number = 0
        self._ends = 0
        self._not_before = 0.0
        self._ended = False

    @property
    def is_up(self) -> bool:
        """Tell whether it answers."""
        return self._child is not None

    @property
    def pid(self) -> int | None:
        """Of the process, where there is one."""
        child = self._child
        return None if child is None else child.process.pid

    def ask(self, asked: AskedBook, seconds: float = BOOK_SECONDS) -> bytes:
        """Return what a book answers; starts the process where there is none.

        Raises:
            NotTaken: what the book says no to; ``took_too_long``; ``books_down``: it ended meanwhile, or
                is not to be started again yet; ``books_of_another_version``: what is installed by now.
            StoreError: the disk failed it.
        """
        child = self._running()
        self._number += 1
        number = self._number
        if not asked.begin(lambda: child.say(BookStopped(number))):
            raise NotTaken("took_too_long", asked.name)
        try:
            told = self._told(child, asked, seconds)
        finally:
            asked.over()
        self._ends = 0
        return _taken(told)

    def _told(self, child: _Child, asked: AskedBook, seconds: float) -> BookAnswer:
        number, name = self._number, asked.name
        child.say(BookQuestion(number, name, dict(asked.query), asked.now, seconds))
        told = child.answer(seconds)
        if told is _SILENT:
            child.say(BookStopped(number))
            told = child.answer(_STOPS_WITHIN)
        if told is _SILENT:
            self._lost(child, f"it hangs at {name}")
            raise NotTaken("took_too_long", name)
        if not isinstance(told, BookAnswer) or told.number != number:
            self._lost(child, f"it ended at {name}" if told is None else f"its answer to {name} is none")
            raise self._down()
        return told

    def start(self) -> None:
        """Start it where it does not run, and wait until it can be asked; raises as `ask` does."""
        self._running()

    def rest(self) -> None:
        """End it between two questions: the next one finds a new process, which remembers nothing. On the
        thread that asks."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def end(self) -> None:
        """End it for good, in the middle of a question too."""
        self._ended = True
        child = self._living
        if child is not None:
            child.end()

    def _running(self) -> _Child:
        if self._ended:
            raise NotTaken("engine_stopped")
        if self._child is None:
            if monotonic() < self._not_before:
                raise self._down()
            self._child = self._begun()
        return self._child

    def _begun(self) -> _Child:
        try:
            child = self._living = _Child(self._command)
        except OSError as error:
            self._count(f"it cannot be started: {error}")
            raise self._down() from error
        child.say(self._opened)
        told = child.answer(_UP_WITHIN)
        came_up = isinstance(told, BookAnswer) and told.number == 0 and not (told.failed or told.refused)
        if came_up and not self._ended:
            return child
        child.end()
        if isinstance(told, BookAnswer) and told.refused:
            self._count(f"{told.refused}: {told.detail}")
            raise NotTaken(told.refused, told.detail, self._retry_after())
        if isinstance(told, BookAnswer) and told.failed:
            self._count("it cannot open the store")
            _taken(told)
        self._count("it does not come up")
        raise self._down()

    def _lost(self, child: _Child, why: str) -> None:
        self._child = None
        child.kill()
        if self._ended:
            raise NotTaken("engine_stopped")
        self._count(why)

    def _count(self, why: str) -> None:
        wait = _BEGIN_AGAIN[min(self._ends, len(_BEGIN_AGAIN) - 1)]
        self._ends += 1
        self._not_before = monotonic() + wait
        log.warning("the books\u2019 process: %s; begun again in %g s", why, wait)

    def _down(self) -> NotTaken:
        return NotTaken("books_down", retry_after=self._retry_after())

    def _retry_after(self) -> float:
        return max(1.0, self._not_before - monotonic())


_SILENT: Final = object()


class _Child:
    """A living process. Both pipes have a thread, so that one that hangs holds nobody up who asks."""

    def __init__(self, command: BookCommand) -> None:
        given: dict[str, Any] = {}
        if os.name == "nt":
            names = ("CREATE_NO_WINDOW", "BELOW_NORMAL_PRIORITY_CLASS")
            given["creationflags"] = sum(getattr(subprocess, name) for name in names)
        self.process = subprocess.Popen(
            list(command.words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            close_fds=True,
            env=dict(command.environment),
            **given,
        )
        self._told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._came: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        _beside(self._speak, "to the books")
        _beside(self._listen, "from the books")

    def say(self, told: ToReader) -> None:
        """Send it a word; does not wait."""
        self._told.put(framed(told))

    def answer(self, seconds: float) -> object:
        """Return its next answer; None: it has ended, or what it says is no answer; `_SILENT`."""
        try:
            frame = self._came.get(timeout=seconds)
        except queue.Empty:
            return _SILENT
        try:
            return None if frame is None else to_engine(frame)
        except BadFrame:
            return None

    def end(self) -> None:
        """Let it end, and see that it has."""
        self._told.put(None)
        try:
            self.process.wait(_GOES_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it now."""
        self._told.put(None)
        self.process.kill()
        self.process.wait()

    def _speak(self) -> None:
        pipe = self.process.stdin
        assert pipe is not None
        with pipe:
            while (frame := self._told.get()) is not None:
                try:
                    view = memoryview(frame)
                    while view:
                        view = view[pipe.write(view) :]
                except OSError:  # it has ended: who waits for its answer hears of it
                    return

    def _listen(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        with pipe:
            try:
                while (frame := read_frame(pipe, ANSWER_MOST)) is not None:
                    self._came.put(frame)
            except (BadFrame, OSError) as error:
                log.error("the books\u2019 process does not say what it should: %s", error)
        self._came.put(None)


def _beside(work: Callable[[], None], name: str) -> None:
    threading.Thread(target=work, name=name, daemon=True).start()


def _taken(told: BookAnswer) -> bytes:
    if told.refused:
        raise NotTaken(told.refused, told.detail)
    if told.failed:
        raise _store_error(told)
    if told.bug:
        raise RuntimeError("a book failed with a bug; its process has logged it")
    return told.body


def _store_error(told: BookAnswer) -> StoreError:
    return StoreBroken(told.failed) if told.broken else StoreError(told.failed)
