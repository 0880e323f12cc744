"""Backups on a schedule, off air: made by a program of its own that gives way to every other, tried by a
restore, and put where the room's settings say. One that a broadcast interrupts is no failure, it comes
behind it."""

from __future__ import annotations

import asyncio
import logging
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole import credentials
from liveconsole.connectors.backups.due import KeptBackups, is_due
from liveconsole.connectors.backups.places import BackupError, BackupPlace, place_of
from liveconsole.credentials import SecretsUnreadable
from liveconsole.messages.backups import BackupDone, BackupFailed, BackupPlan, BackupState
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import own_folder, write_own
from liveconsole.store.opening import DATABASE
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

FILE: Final = "backups.json"
WORK: Final = ".backups"
"""In the data folder: where one is made and tried. Emptied before and after."""
COPIES: Final = 3
"""Of the store, that lie beside it while one is made and tried."""
_MIB: Final = 1024 * 1024
LEFT_FREE: Final = 512 * _MIB
"""Bytes that stay free on the disk all the while."""
LOOK_SECONDS: Final = 2.0
_DETAIL: Final = 200


class RoomNow(Struct, frozen=True):
    """What of the room the schedule hangs on."""

    plan: BackupPlan | None
    on_air: bool
    closed: int
    """The number of the broadcast that was closed last; 0: none."""


class ScheduledBackups:
    """``program``: the words that start this program again; ``look``: the room as it is now."""

    def __init__(
        self,
        folder: Path,
        room_id: str,
        program: Sequence[str],
        look: Callable[[], Awaitable[RoomNow]],
        now: Callable[[], datetime],
    ) -> None:
        self._folder, self._room_id, self._program = folder, room_id, list(program)
        self._look, self._now = look, now
        self._plan: BackupPlan | None = None
        self._kept = KeptBackups()
        self._running = False

    def state(self) -> BackupState | None:
        """How they do; None where none are wanted."""
        if self._plan is None:
            return None
        last = self._kept.done[-1] if self._kept.done else None
        return BackupState(self._plan.to, last, self._kept.failed, self._running)

    async def follow(self) -> None:
        """Look at the room and the clock for ever."""
        self._kept = await asyncio.to_thread(_read, self._folder)
        while True:
            await self.step()
            await asyncio.sleep(LOOK_SECONDS)

    async def step(self) -> None:
        """Make one where one is due now."""
        room = await self._look()
        self._plan = room.plan
        if room.plan is None:
            return
        if self._kept.place != (where := _where(room.plan)):
            self._kept = KeptBackups(where)
        if not room.on_air and is_due(room.plan, self._kept, room.closed, self._now()):
            await self._make(room.plan, room.closed)

    async def _make(self, plan: BackupPlan, closed: int) -> None:
        self._running = True
        work = spawn(self._attempt(plan), name="a backup")
        try:
            while not work.done():
                await asyncio.wait([work], timeout=LOOK_SECONDS)
                if not work.done() and (await self._look()).on_air:
                    log.info("a broadcast is opened: the backup is broken off and made behind it")
                    return
            self._told(work.result(), closed)
        finally:
            await cancel_all([work])
            self._running = False
        await self._thin_out(plan)
        await asyncio.to_thread(_write, self._folder, self._kept)

    def _told(self, found: BackupDone | BackupError, closed: int) -> None:
        if isinstance(found, BackupDone):
            self._kept.done.append(found)
            self._kept.failed, self._kept.broadcast = None, closed
            log.info("a backup is made and was tried: %d events", found.events)
        else:
            self._failed(found)

    def _failed(self, error: BackupError) -> None:
        before, now = self._kept.failed, self._now()
        since, times = (before.since, before.times + 1) if before is not None else (now, 1)
        self._kept.failed = BackupFailed(error.why, error.detail[:_DETAIL], since, now, times)
        log.warning("the backup failed: %s", error.why)

    async def _attempt(self, plan: BackupPlan) -> BackupDone | BackupError:
        try:
            return await self._made(plan)
        except BackupError as error:
            return error
        except (OSError, SecretsUnreadable) as error:
            return BackupError("failed", str(error))

    async def _made(self, plan: BackupPlan) -> BackupDone:
        """One backup, made, tried and put where it belongs."""
        secrets = await asyncio.to_thread(credentials.read, self._folder, "backup")
        if not (code := secrets.get("code", "")):
            raise BackupError("no_code")
        place = place_of(plan, secrets, self._folder)
        await place.ready()
        if short := await asyncio.to_thread(_short_of, self._folder):
            raise BackupError("no_room", str(-(-short // _MIB)))
        at = self._now()
        name = f"liveconsole-{self._room_id[:8]}-{at.astimezone():%Y%m%d-%H%M%S}.lcbackup"
        work = self._folder / WORK
        await asyncio.to_thread(_emptied, work)
        try:
            told = await self._by_a_program(work / name, code)
            await place.put(work / name, name)
        finally:
            await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)
        there = await place.size(name)
        if there != told["bytes"]:
            raise BackupError("differs", f"{there} / {told['bytes']}")
        return BackupDone(name, at, told["bytes"], told["events"], told["head"])

    async def _by_a_program(self, file: Path, code: str) -> dict[str, Any]:
        words = [*self._program, "backup", "--scheduled", str(file), "--data", str(self._folder)]
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            *words, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, creationflags=_BELOW
        )
        try:
            out, _ = await child.communicate(code.encode() + b"\n")
        except BaseException:
            if child.returncode is None:
                child.kill()
                await child.wait()
            raise
        try:
            told: dict[str, Any] = msgspec.json.decode(out)
        except UNREADABLE:
            raise BackupError("failed", f"exit {child.returncode}") from None
        if "why" in told:
            raise BackupError(told["why"], told["detail"])
        return told

    async def _thin_out(self, plan: BackupPlan) -> None:
        """Take the oldest of ours away; one that cannot be is tried again after the next backup."""
        if len(self._kept.done) <= plan.keep:
            return
        try:
            secrets = await asyncio.to_thread(credentials.read, self._folder, "backup")
            place: BackupPlace = place_of(plan, secrets, self._folder)
            while len(self._kept.done) > plan.keep:
                await place.remove(self._kept.done[0].name)
                del self._kept.done[0]
        except (BackupError, OSError, SecretsUnreadable) as error:
            log.warning("an old backup stays: %s", type(error).__name__)
            del self._kept.done[: -2 * plan.keep]


_BELOW: Final = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


def _where(plan: BackupPlan) -> str:
    return " ".join((plan.to, plan.place, plan.bucket))


def _short_of(folder: Path) -> int:
    """Bytes that the disk lacks: a backup must never take the room that the next commit needs."""
    size = (folder / DATABASE).stat().st_size if (folder / DATABASE).exists() else 0  # it is in a database
    return max(0, COPIES * size + LEFT_FREE - shutil.disk_usage(folder).free)


def _emptied(work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    own_folder(work)


def _read(folder: Path) -> KeptBackups:
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=KeptBackups)
    except FileNotFoundError:
        return KeptBackups()
    except (OSError, *UNREADABLE) as error:
        log.warning("%s cannot be read, a backup is made anew: %s", FILE, type(error).__name__)
        return KeptBackups()


def _write(folder: Path, kept: KeptBackups) -> None:
    try:
        write_own(folder / FILE, msgspec.json.encode(kept))
    except OSError as error:
        log.warning("%s cannot be written: %s", FILE, type(error).__name__)
