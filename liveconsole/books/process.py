"""The process that reads the books for an engine, so that no question shares the interpreter with the writer
and the door.

It is told on stdin where the store is and asked its questions there, one after the other; it answers on
stdout. It writes nothing, and ends when its stdin does: with its engine, however that ended.
"""

from __future__ import annotations

import gc
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import IO, Final

from liveconsole import __version__, books, logs
from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.books.wire import (
    QUESTION_MOST,
    BadFrame,
    BookAnswer,
    BookQuestion,
    BooksOpened,
    BookStopped,
    framed,
    read_frame,
    to_reader,
)
from liveconsole.exits import Exit
from liveconsole.failpoints import failpoint
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.errors import StoreBroken, StoreError

log = logging.getLogger(__name__)

NICE: Final = 5
"""How much it stands back behind the engine and the desk where both cores have work; on Windows its engine
starts it below normal."""


def run(argv: Sequence[str]) -> int:
    """Serve until stdin ends. 1: the store could not be opened, or the engine says what nobody knows."""
    if argv:
        sys.stderr.write("this is started by an engine\n")
        return Exit.USAGE
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the engine decides when it ends
    if hasattr(os, "nice"):
        os.nice(NICE)
    books.load()
    return BookService(sys.stdin.buffer, _own_stdout()).serve()


def _own_stdout() -> IO[bytes]:
    """Return the pipe to the engine; what anything else writes to stdout goes to stderr instead."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


class BookService:
    """Answers on one thread what another one hears. ``end`` ends the process at once, from any thread."""

    def __init__(self, told: IO[bytes], pipe: IO[bytes], *, end: Callable[[int], object] = os._exit) -> None:
        self._told, self._pipe, self._end = told, pipe, end
        self._questions: queue.SimpleQueue[BookQuestion] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._reader: BookReader | None = None
        self._number = 0
        """Of the question that is being answered."""
        self._now = datetime.now(UTC)

    def serve(self) -> int:
        """Open what the first word names, then answer for ever: the end of stdin ends the process."""
        try:
            frame = read_frame(self._told, QUESTION_MOST)
            if frame is None:
                return Exit.OK
            opened = to_reader(frame)
            if not isinstance(opened, BooksOpened):
                raise BadFrame("nothing is open")
        except BadFrame as error:
            log.error("the engine says what nobody knows: %s", error)
            return Exit.FAILED
        if opened.version != __version__:  # an engine that runs on while another version was installed
            self._say(BookAnswer(0, refused="books_of_another_version", detail=__version__))
            return Exit.FAILED
        try:
            file = opened.access.open(opened.cache_mib)
        except StoreError as error:
            self._say(_failed(0, error))
            return Exit.FAILED
        logs.set_up(file.folder, "books", console=False)
        # A question makes hundreds of thousands of rows and no circles: with its usual thresholds the
        # collector walks through them over and over, a third of the work of RFM.
        gc.freeze()
        gc.set_threshold(100_000, 20, 50)
        self._reader = BookReader(file, simulated=opened.simulated, now=lambda: self._now)
        threading.Thread(target=self._listen, name="questions", daemon=True).start()
        self._say(BookAnswer(0))
        while True:
            self._say(self._answered(self._questions.get()))

    def _answered(self, asked: BookQuestion) -> BookAnswer:
        reader = self._reader
        assert reader is not None
        with self._lock:
            self._number, self._now = asked.number, asked.now
            reader.begin(asked.seconds)
        failpoint("book asked")
        try:
            return BookAnswer(asked.number, answer(reader, asked.name, asked.query))
        except NotTaken as error:
            return BookAnswer(asked.number, refused=error.code, detail=error.detail)
        except StoreError as error:
            return _failed(asked.number, error)
        except Exception:
            log.exception("the book %s failed with a bug", asked.name)
            return BookAnswer(asked.number, bug=True)

    def _say(self, told: BookAnswer) -> None:
        frame = memoryview(framed(told))
        try:
            while frame:
                frame = frame[self._pipe.write(frame) :]
        except OSError:  # the engine has ended
            self._end(0)

    def _listen(self) -> None:
        """End the process where the engine has ended, in the middle of a question too: nobody waits for it,
        and the file must be free for whoever comes next."""
        code = 0
        try:
            while (frame := read_frame(self._told, QUESTION_MOST)) is not None:
                self._hear(to_reader(frame))
        except (BadFrame, OSError, ValueError) as error:
            log.error("the engine says what nobody knows: %s", error)
            code = 1
        self._end(code)

    def _hear(self, said: object) -> None:
        if isinstance(said, BookQuestion):
            self._questions.put(said)
        elif isinstance(said, BookStopped):
            with self._lock:
                if said.number == self._number and self._reader is not None:
                    self._reader.stop()
        else:
            raise BadFrame("it is open already")


def _failed(number: int, error: StoreError) -> BookAnswer:
    return BookAnswer(
        number, failed=str(error) or type(error).__name__, broken=isinstance(error, StoreBroken)
    )
