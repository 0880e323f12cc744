"""The door's questions to the books, one by one: answered by a process of their own, so that none of them
shares the interpreter with the writer and the door; by a thread where no process was named."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

import msgspec

from liveconsole.books.answering import WATCH, answer
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import ClockWatch
from liveconsole.engine.book_process import AskedBook, BookCommand, BookProcess
from liveconsole.messages.bounds import BOOKS_WAITING
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.errors import StoreError
from liveconsole.store.store import Store

log = logging.getLogger(__name__)

WARM_SECONDS: Final = 10.0
__all__ = ["BookAnswers", "BookCommand"]
_watch: Final = msgspec.json.Decoder(ClockWatch).decode


class BookAnswers:
    """Answers by `books.BOOKS`. ``unreadable`` is told where the disk failed; ``command`` starts the process,
    which happens at the first question."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        unreadable: Callable[[StoreError], None],
        command: BookCommand | None = None,
    ) -> None:
        self._store, self._now, self._unreadable = store, now, unreadable
        simulated = store.meta.simulated
        self._process: BookProcess | None = None
        if command is not None:
            self._process = BookProcess(command, store.access(), simulated=simulated)
        self._near: BookReader | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="books")
        self._waiting = 0

    @property
    def pid(self) -> int | None:
        """Of the process, where there is one."""
        return None if self._process is None else self._process.pid

    async def ask(self, name: str, query: Mapping[str, str]) -> bytes:
        """Return what a book answers, as JSON.

        Raises:
            NotTaken: ``bad_query`` (its detail is the field), ``took_too_long``, ``books_busy``,
                ``books_down`` or ``log_unreadable``.
        """
        if self._waiting > BOOKS_WAITING:
            raise NotTaken("books_busy", retry_after=1)
        asked = AskedBook(name, query, self._now())
        return await self._asked(asked, self._answer_near if self._process is None else self._answer_far)

    async def watch(self) -> ClockWatch:
        """Return the clocks of what waits after the order. It starts no process: until something else has, a
        connection of the engine's own is read.

        Raises:
            NotTaken: as `ask`.
        """
        far = self._process is not None and self._process.is_up
        asked = AskedBook(WATCH, {}, self._now())
        return _watch(await self._asked(asked, self._answer_far if far else self._answer_near))

    async def warm(self) -> None:
        """Start the process before somebody waits for it; nothing where there is one, or none starts."""
        if self._process is not None and not self._process.is_up:
            with contextlib.suppress(NotTaken, StoreError):  # who asks next is told what is wrong
                await asyncio.get_running_loop().run_in_executor(self._thread, self._process.start)

    async def stay_ready(self, is_idle: Callable[[], bool], seconds: float = WARM_SECONDS) -> None:
        """Look every few seconds, until cancelled, whether there is a quiet moment to `warm` them."""
        while True:
            await asyncio.sleep(seconds)
            if is_idle():
                await self.warm()

    def forget(self) -> None:
        """Let nothing in memory remember what stood in the books until now: somebody was forgotten."""
        if self._process is not None:
            self._thread.submit(self._process.rest)

    def close(self) -> None:
        """Let go of thread, process and connection, and of a question that is being answered."""
        if self._process is not None:
            self._process.end()
        elif self._near is not None:
            self._near.stop()
        self._thread.shutdown()
        self._let_go_of_near()

    async def _asked(self, asked: AskedBook, answer: Callable[[AskedBook], bytes]) -> bytes:
        """Ask on the books' thread. Who does not wait for the answer any more stops the question."""
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, answer, asked)
        except asyncio.CancelledError:
            asked.drop()
            raise
        except StoreError as error:
            self._unreadable(error)
            log.error("the book %s cannot be read: %s", asked.name, error)
            raise NotTaken("log_unreadable", str(error)) from error
        finally:
            self._waiting -= 1

    def _answer_far(self, asked: AskedBook) -> bytes:
        assert self._process is not None
        told = self._process.ask(asked)
        self._let_go_of_near()
        return told

    def _answer_near(self, asked: AskedBook) -> bytes:
        if self._near is None:
            simulated = self._store.meta.simulated
            self._near = BookReader(self._store.beside(), simulated=simulated, now=self._now)
        return answer(self._near, asked.name, asked.query)

    def _let_go_of_near(self) -> None:
        near, self._near = self._near, None
        if near is not None:
            near.close()
