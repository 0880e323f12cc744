"""``liveconsole serve``: the engine of one data folder behind its loopback door."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec

from liveconsole.cli.brokers import NoBroker, add_broker_words, broker_of
from liveconsole.cli.running import EngineRun, Lead
from liveconsole.connectors.drand.chain import BadChain, chain_in_use
from liveconsole.domain.drand import Chain
from liveconsole.engine.lease import FolderTaken, Lease
from liveconsole.exits import Exit
from liveconsole.logs import set_up
from liveconsole.messages.refusals import TEXTS
from liveconsole.messages.unwritten import why_in_both
from liveconsole.paths import data_folder, log_folder, own_folder
from liveconsole.store.errors import KeyUnavailable, StoreError, StoreLost
from liveconsole.store.kept_at import chosen
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store

log = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole serve", description="The engine without a desk.")
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
    words.add_argument("--port", type=int, default=None, metavar="N", help="default: the one it had before")
    words.add_argument("--room", default=None, metavar="ID", help='name of a new room (default "room")')
    words.add_argument(
        "--database",
        metavar="URL",
        help="keep the room in PostgreSQL: postgresql://USER@HOST/DB, without a password; another engine of"
        " that room stands by",
    )
    add_broker_words(words)
    words.add_argument("--rehearsal", action="store_true", help="a new folder holds a simulated room")
    words.add_argument(
        "--with-desk", action="store_true", help="end ten minutes after the last seat left, off air"
    )
    return words


def run(argv: Sequence[str]) -> int:
    """0: stopped as asked; 3: another engine runs there; 4: the store's key is not to be had; 1: the rest."""
    args = parser().parse_args(argv)
    folder = data_folder(args.data)
    try:
        own_folder(folder)
        args.broker = broker_of(args, folder)
        lease = Lease(folder)
    except NoBroker as error:
        sys.stderr.write(f"liveconsole: {error}\n")
        return Exit.FAILED
    except FolderTaken:
        sys.stderr.write(f"another engine runs on {folder}\n")
        return Exit.TAKEN
    except OSError as error:
        sys.stderr.write(f"cannot use {folder}: {error}\n")
        return Exit.FAILED
    try:
        set_up(log_folder(folder), "engine")
        return _run(args, folder)
    except KeyUnavailable as error:
        sys.stderr.write(f"the key of this store is not to be had: {error}\n")
        return Exit.NO_KEY
    except StoreLost:
        for words in TEXTS["room_lost"]:
            sys.stderr.write(words.format(folder=folder) + "\n")
        return Exit.FAILED
    except (StoreError, OSError) as error:
        sys.stderr.write(f"cannot open the store in {folder}: {why_in_both(str(error))}\n")
        return Exit.FAILED
    except BadChain as error:
        sys.stderr.write(f"{error}\n")
        return Exit.FAILED
    finally:
        lease.release()


def _run(args: argparse.Namespace, folder: Path) -> int:
    simulated = True if args.rehearsal else None
    place = chosen(folder, args.database, args.room)
    if place is not None:
        from liveconsole.cli.leading import lead

        return lead(folder, place, simulated, partial(_engine, args, folder))
    return _engine(args, folder, open_store(folder, room_id=args.room, simulated=simulated))


def _engine(args: argparse.Namespace, folder: Path, store: Store, lead: Lead | None = None) -> int:
    try:
        chain = chain_in_use()
    except BadChain:
        store.close()
        raise
    return asyncio.run(_start(args, folder, store, lead, chain))


async def _start(
    args: argparse.Namespace, folder: Path, store: Store, lead: Lead | None, chain: Chain | None
) -> int:
    running = EngineRun(
        folder,
        store,
        port=args.port,
        with_desk=args.with_desk,
        chain=chain,
        lead=lead,
        nats=args.broker,
    )
    if lead is not None:
        loop = asyncio.get_running_loop()

        def lost() -> None:
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(running.relieved)
            store.let_go()  # what waits for the database of who leads no more may wait for ever

        lead.relief.then(lost)
    return await _serve(running)


async def _serve(running: EngineRun) -> int:
    on_signals(running.stop)
    # Thousands of small objects live for the length of one commit: with its usual thresholds the collector
    # walks the whole room over and over, which costs a third of the ingest.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    # The loop and the writer share the interpreter: whom a deadline wakes asks the other for it after 1 ms,
    # not after 5. The ingest does not feel it.
    sys.setswitchinterval(0.001)
    code = await running.run(ready=say_ready)
    if code:
        log.critical("the engine ended with %d", code)
    return code


def say_ready(url: str) -> None:
    """Tell on stdout that everything answers, and where."""
    line = msgspec.json.encode({"ready": True, "url": url, "pid": os.getpid()})
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def on_signals(stop: object) -> None:
    """Call ``stop`` when the program is asked to end."""
    loop = asyncio.get_running_loop()
    assert callable(stop)
    for name in ("SIGTERM", "SIGINT"):
        number = getattr(signal, name)
        if os.name == "nt":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        else:
            loop.add_signal_handler(number, stop)
