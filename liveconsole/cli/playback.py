"""``liveconsole playback``: one broadcast of a data folder behind a door of its own, to be looked at again.

The store is only read, so that an engine may run on that folder meanwhile. The door stands in a folder of its
own (`paths.playback_folder`), where a desk finds it as it finds an engine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from liveconsole import __version__
from liveconsole.bus import discovery, tokens
from liveconsole.bus.presence import Presence
from liveconsole.bus.server import BusServer
from liveconsole.cli.serve import on_signals, say_ready
from liveconsole.cli.stores import fill_books, open_kept
from liveconsole.described import described
from liveconsole.engine.lease import FolderTaken, Lease
from liveconsole.engine.playback import Playback
from liveconsole.exits import Exit
from liveconsole.logs import set_up
from liveconsole.messages.schema import schema
from liveconsole.messages.unwritten import why_in_both
from liveconsole.overlay.page import page
from liveconsole.paths import data_folder, log_folder, own_folder, playback_folder, sample_folder
from liveconsole.store.errors import KeyUnavailable, StoreError
from liveconsole.store.opening import DATABASE
from liveconsole.store.store import Store
from liveconsole.tasks import cancel_all, spawn
from liveconsole.views.report import NoBroadcast

log = logging.getLogger(__name__)

SAMPLE_SEED: Final = 11
SAMPLE_SECONDS: Final = 600.0
LONELY_SECONDS: Final = 60.0
"""It ends so long after its last seat."""
_LOOK_SECONDS: Final = 5.0
_encode = msgspec.json.Encoder().encode


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole playback", description=described(__doc__))
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may be running")
    words.add_argument(
        "--broadcast", type=int, default=0, metavar="N", help="from 1; the last one without it"
    )
    words.add_argument("--sample", action="store_true", help="a rehearsed evening, made here the first time")
    words.add_argument("--with-desk", action="store_true", help="end a minute after the last seat left")
    return words


def run(argv: Sequence[str]) -> int:
    """0: stopped as asked; 3: it is played already; 4: the store's key is not to be had; 1: the rest."""
    args = parser().parse_args(argv)
    base = data_folder(args.data)
    folder = playback_folder(base, args.broadcast, sample=args.sample)
    try:
        lease = Lease(own_folder(folder))
    except FolderTaken:
        sys.stderr.write(f"played already: {folder}\n")
        return Exit.TAKEN
    except OSError as error:
        sys.stderr.write(f"cannot use {folder}: {error}\n")
        return Exit.FAILED
    store: Store | None = None
    try:
        set_up(log_folder(folder), "playback")
        store = open_kept(recorded(base, sample=args.sample))
        return asyncio.run(_serve(folder, store, args.broadcast, with_desk=args.with_desk))
    except KeyUnavailable as error:
        sys.stderr.write(f"the key of this store is not to be had: {error}\n")
        return Exit.NO_KEY
    except (StoreError, NoBroadcast, OSError) as error:
        sys.stderr.write(f"cannot be played: {why_in_both(str(error))}\n")
        return Exit.FAILED
    finally:
        if store is not None:
            store.close()
        lease.release()


def recorded(base: Path, *, sample: bool) -> Path:
    """Return the folder that is played; the sample is made where it is not there."""
    if not sample:
        return base
    from liveconsole.connectors.rehearsal import scenario
    from liveconsole.connectors.rehearsal.headless import run_headless

    folder = sample_folder(base)
    if not (folder / DATABASE).exists():
        making = folder.with_name("sample.making")  # one that was broken off is no sample
        shutil.rmtree(making, ignore_errors=True)
        run_headless(SAMPLE_SEED, scenario.DEFAULT, SAMPLE_SECONDS, making)
        making.rename(folder)
    return folder


async def _serve(folder: Path, store: Store, number: int, *, with_desk: bool) -> int:
    fill_books(store)
    reader = store.open_reader()
    newest = reader.broadcasts(limit=1)
    number = number or (newest[0].number if newest else 0)
    playback = await asyncio.to_thread(Playback, reader, store.meta, number)
    stopping = asyncio.Event()
    access = tokens.load(folder)
    server = BusServer(
        playback,
        tokens=access.tokens,
        proof_key=access.proof_key,
        schema=lambda: _encode(schema()),
        overlay_page=page,
        stop=stopping.set,
        present=Presence(playback.now),
    )
    await playback.start()
    tasks = []
    on_signals(stopping.set)
    try:
        discovery.clear(folder)
        port = await server.open(0)
        url = f"http://127.0.0.1:{port}"
        found = discovery.Discovery(url, os.getpid(), __version__, access.proof_key, access.tokens)
        discovery.announce(folder, found)
        if with_desk:
            tasks.append(spawn(_end_when_lonely(server, stopping), name="lonely playback"))
        say_ready(url)
        await stopping.wait()
    finally:
        await cancel_all(tasks)
        discovery.withdraw(folder, os.getpid())
        await playback.stop()
        await server.close()
        with contextlib.suppress(StoreError):
            reader.close()
    return Exit.OK


async def _end_when_lonely(server: BusServer, stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    since = loop.time()
    while loop.time() - since < LONELY_SECONDS:
        await asyncio.sleep(_LOOK_SECONDS)
        if server.seats:
            since = loop.time()
    log.info("no seat for %g s: the playback ends", LONELY_SECONDS)
    stopping.set()
