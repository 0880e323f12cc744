"""A book asked from the command line: of the running engine, or of its data folder where none runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.bus.client import Client
from liveconsole.bus.launch import running
from liveconsole.cli.stores import fill_books, open_kept

_PATIENT: Final = 60.0
"""Seconds for one question: nobody else waits for it."""


def ask_book(folder: Path, name: str, query: Mapping[str, str]) -> Any:
    """Return what a book of a data folder says to a query.

    Raises:
        NotTaken: a query that it cannot answer.
        BusError, StoreError, OSError: neither engine nor folder can be asked.
    """
    told = asyncio.run(_from_engine(folder, name, query))
    return told if told is not None else _from_store(folder, name, query)


async def _from_engine(folder: Path, name: str, query: Mapping[str, str]) -> Any:
    engine = await running(folder)
    if engine is None:
        return None
    async with Client(engine.url, engine.tokens["host"], engine.proof_key) as client:
        return await client.book(name, **query)


def _from_store(folder: Path, name: str, query: Mapping[str, str]) -> Any:
    store = open_kept(folder)
    try:
        fill_books(store)
        simulated = store.meta.simulated
        reader = BookReader(
            store.beside(), simulated=simulated, now=lambda: datetime.now(UTC), seconds=_PATIENT
        )
        try:
            return msgspec.json.decode(answer(reader, name, query))
        finally:
            reader.close()
    finally:
        store.close()
