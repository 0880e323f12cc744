"""The door's questions to the books, on a thread and a connection of their own, one by one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from liveconsole.books import BOOKS
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.messages.bounds import BOOK_BYTES
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.errors import StoreError, TookTooLong
from liveconsole.store.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")


class BookAnswers:
    """Answers by `BOOKS`. ``unreadable`` is told where the disk failed."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], unreadable: Callable[[StoreError], None]
    ) -> None:
        self._reader = BookReader(store.beside(), simulated=store.meta.simulated, now=now)
        self._unreadable = unreadable
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="books")

    async def ask(self, name: str, query: Mapping[str, str]) -> bytes:
        """Return what a book answers, as JSON.

        Raises:
            NotTaken: ``bad_query`` (its detail is the field), ``took_too_long`` or ``log_unreadable``.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, answer, self._reader, name, query
            )
        except StoreError as error:
            self._unreadable(error)
            log.error("the book %s cannot be read: %s", name, error)
            raise NotTaken("log_unreadable", str(error)) from error

    async def look(self, look: Callable[[BookReader], T]) -> T:
        """Read the books on their thread.

        Raises:
            StoreError: the disk failed, or it took too long.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, look, self._reader)

    def close(self) -> None:
        """Let go of thread and connection, after what is being read."""
        self._thread.shutdown()
        self._reader.close()


def answer(reader: BookReader, name: str, query: Mapping[str, str]) -> bytes:
    """Return what one book answers; as `BookAnswers.ask`, but that a `StoreError` comes as it is."""
    try:
        told = BOOKS[name](reader, query)
    except BadQuery as error:
        raise NotTaken("bad_query", error.field) from error
    except TookTooLong as error:
        raise NotTaken("took_too_long", name) from error
    if len(told) > BOOK_BYTES:
        raise AssertionError(f"the book {name} answers {len(told)} bytes")
    return told
