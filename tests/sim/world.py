"""One room's whole world in one thread: a heap of moments on virtual time, the machine, engines, the network.

Everything that happens is decided by the seed. The trace is what a second run must repeat to the byte.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from heapq import heappop, heappush
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from liveconsole.domain.effects import Effect
from liveconsole.engine import folding, inbox
from liveconsole.store.errors import CannotWrite, StoreBroken
from liveconsole.store.rows import Write
from tests.sim import disk as disks
from tests.sim.broken import must
from tests.sim.checker import Checker
from tests.sim.faults import Faults
from tests.sim.loop import Killed
from tests.sim.platform import MS, SECOND, Ledger
from tests.sim.process import Process
from tests.sim.shown import Shown

EPOCH = datetime(2026, 1, 1, 12, tzinfo=UTC)
SLACK = timedelta(seconds=0.25)
_EPOCH_US = int(EPOCH.timestamp()) * SECOND
_MOVES = 10_000
_SHOWN_EVERY = 3
"""Seeds in which what the seats are shown is looked at: it takes as long as all the rest."""
_PATIENCE = 2 * SECOND
"""An engine that has been well for so long is late for nothing."""


class Request(Struct):
    """Something sent to the engine; ``answered`` gets a code ("" when it was taken) and the answer."""

    kind: str
    body: bytes
    role: str
    answered: Callable[[str, Any], None]


class World:
    def __init__(
        self, seed: int, faults: Faults, *, simulated: bool, telling: Callable[[str], None] | None
    ) -> None:
        self.seed = seed
        self.faults = faults
        self.now = 0
        """Virtual microseconds."""
        self.dice = Random(f"{seed}/world")
        self._heap: list[tuple[int, int, Callable[..., Any], tuple[Any, ...]]] = []
        self._count = 0
        self._hash = blake2b(digest_size=16)
        self._telling = telling
        self._wall_offset = 0
        key = self.dice.randbytes(32)
        self.disk = disks.made("room", key, EPOCH, simulated=simulated)
        self.disk.before, self.disk.after, self.disk.cannot = self._before, self._after, self._cannot
        self.ledger = Ledger(self, Random(f"{seed}/platform"))
        shown = Shown(seed) if seed % _SHOWN_EVERY == 0 else None
        self.checker = Checker(self.disk, self.ledger.outcome, shown)
        self.processes: list[Process] = []
        self.current: Process | None = None
        self.well_since = 0
        """Since when the current engine has had no reason to be late."""
        self.disk_full_until = -1
        self.followed = 0
        self.marks: dict[str, int] = {}
        self.incarnation = 0
        self.on_restart: Callable[[], None] = lambda: None
        faults.told = lambda kind: self.note("fault:", kind)
        self._small = faults.strikes("engine.small_batches")
        folding.SNAPSHOT_EVERY = self.dice.randint(5, 60) if faults.strikes("snapshot.small") else 20_000  # type: ignore[misc]
        inbox.BATCH = self.dice.randint(1, 6) if self._small else 2_000  # type: ignore[misc]
        self.start_engine()
        self.later(SECOND // 2, self._watch)
        self.later(self.dice.randint(1, 6) * SECOND, self._strike)

    # time

    def later(self, after: int, call: Callable[..., Any], *args: Any) -> None:
        self._count += 1
        heappush(self._heap, (self.now + after, self._count, call, args))

    def run_until(self, end: int) -> None:
        """Let the world go on, or stop at the first promise broken."""
        heap, checker = self._heap, self.checker
        moves = 0
        while checker.broken is None:
            for process in tuple(self.processes):
                process.run()
                if process.dead:
                    self._bury(process)
            moment = heap[0][0] if heap else end
            for process in self.processes:
                wake = process.next_wake()
                if wake is not None and wake < moment:
                    moment = wake
            if moment > end:
                self.now = end
                return
            moves = moves + 1 if moment <= self.now else 0
            if moves > _MOVES:
                checker.guard(must, False, "time stands still: there is always something to do")
            self.now = max(self.now, moment)
            while heap and heap[0][0] <= self.now:
                _, _, call, args = heappop(heap)
                call(*args)

    def wall_ns(self) -> int:
        return (_EPOCH_US + self.now + self._wall_offset) * 1000

    def steady_ns(self) -> int:
        return self.now * 1000

    # the trace

    def note(self, *words: object) -> None:
        line = f"{self.now / SECOND:11.6f} " + " ".join(map(str, words))
        self._hash.update(line.encode())
        if self._telling is not None:
            self._telling(line)

    def trace(self) -> str:
        """Stands for everything that happened."""
        return self._hash.hexdigest()

    # the disk

    def _cannot(self) -> None:
        if self.now < self.disk_full_until and self.faults.active:
            raise CannotWrite("disk_full")

    def _before(self, store: disks.SimStore, write: Write) -> Callable[[], None] | None:
        """What strikes this commit; returns what comes right after it."""
        faults = self.faults
        process: Process = store.owner
        if not faults.active:
            return None
        if self.now < self.disk_full_until:
            self._unwell()
            self.faults.seen["disk.full"] += 1
            raise CannotWrite("disk_full")
        if faults.strikes("disk.busy"):
            self._unwell()
            raise CannotWrite("busy")
        if faults.strikes("crash.before_commit"):
            self.died(process, "before a commit")
            raise Killed
        if faults.strikes("disk.unknown_lost"):
            self._unwell()
            raise CannotWrite("io_error")
        if faults.strikes("disk.broken"):
            self._unwell()
            store.broken = StoreBroken("fsync failed")
            process.others = True  # it has to end, as one that was fenced
            if self.dice.random() < 0.5:
                return lambda: _raise(StoreBroken("fsync failed"))
            raise store.broken
        if faults.strikes("crash.after_commit"):
            return lambda: self._killed_after(process)
        if faults.strikes("disk.unknown_kept"):
            self._unwell()
            return lambda: _raise(CannotWrite("io_error"))
        if faults.strikes("crash.before_answer"):
            process.loop.dies_after = self.dice.randint(0, 12)
        return None

    def _killed_after(self, process: Process) -> None:
        self.died(process, "after a commit, before its answer")
        raise Killed

    def _after(self, store: disks.SimStore, write: Write) -> None:
        process: Process = store.owner
        assert process.core is not None
        first = write.expected_seq + 1
        for seq, row in enumerate(write.events, first):
            self.note("log", process.number, seq, row.type, row.data)
            if row.type == "effect.sent":
                self.marks[_key_in(row.data)] = seq
        for other in self.processes:
            if other is not process:
                other.others = True
        self.checker.guard(self.checker.committed, first, write.events, process.core.room)

    # engines

    def start_engine(self) -> None:
        if self.current is not None and not self.current.dead and not self.current.frozen:
            return
        self.incarnation += 1
        self.note("engine", self.incarnation, "starts at seq", len(self.disk.rows))
        self.current = Process(self, self.incarnation)
        self.processes.append(self.current)
        for process in self.processes:
            process.others = process.others or len(self.processes) > 1
        self._unwell()
        if self.incarnation > 1:
            self.on_restart()

    def died(self, process: Process, why: str) -> None:
        self.note("engine", process.number, "dies:", why)
        process.loop.dead = True

    def _bury(self, process: Process) -> None:
        process.loop.bury()
        self.processes.remove(process)
        if process is self.current:
            self._unwell()
            self.later(self.dice.randint(50, 2500) * MS if self.faults.active else 50 * MS, self.start_engine)

    def fenced(self, process: Process) -> None:
        self.note("engine", process.number, "is fenced")
        self.checker.guard(must, process.others, "fenced, and nobody else wrote")
        process.stop()

    def _unwell(self) -> None:
        self.well_since = self.now

    def _watch(self) -> None:
        """Twice a second: is anything late that an engine in good health owes?"""
        self.later(SECOND // 2, self._watch)
        process = self.current
        if (
            process is None
            or process.dead
            or process.frozen
            or process.stopping
            or self.now < process.slow_until
            or len(self.processes) > 1
        ):
            self._unwell()
        elif self.now - self.well_since > _PATIENCE:
            self.checker.guard(self.checker.in_time, process.now(), SLACK)

    def heal(self) -> None:
        """All faults stop: disks work, nobody is frozen, only one engine runs."""
        self.note("all faults stop")
        self.faults.active = False
        for process in list(self.processes):
            if process.frozen or process is not self.current or process.loop.dies_after is not None:
                process.kill("the machine is started anew")
        self._unwell()

    def last_look(self) -> None:
        """One more start from the disk, and every draw by the second implementation."""
        self.faults.active = False
        for process in list(self.processes):
            process.kill("the end")
            self._bury(process)
        self.start_engine()
        if self.current is not None and self.current.core is not None:
            self.checker.guard(self.checker.whole_log, self.current.core.room)
        for _, bag in self.checker.bags():
            self.checker.guard(bag.verify)

    def end(self) -> None:
        for process in self.processes:
            process.loop.bury()
        self.processes.clear()

    def owed(self) -> str:
        """What the engine still owes somebody; "" when nothing."""
        core = self.current.core if self.current is not None and not self.current.dead else None
        if core is None:
            return "no engine runs"
        if core.owed():
            return f"the platform is owed {core.owed()}"
        running = ("standby", "recallable", "firing", "unknown")
        open_ = [c for c in self.checker.stage.live.values() if c.key or c.status in running]
        if open_:
            return f"cues are not settled: {open_}"
        due = core.next_due()
        if due is not None:
            return f"something is still due at {due}"
        if self.followed != len(self.disk.rows):
            return f"the stream stands at {self.followed} of {len(self.disk.rows)}"
        return ""

    # the network

    def send(self, request: Request) -> None:
        faults = self.faults
        way = self.dice.randint(200, 5_000)
        if faults.strikes("net.slow"):
            way += self.dice.randint(500, 6_000) * MS
        if faults.strikes("net.request_lost"):
            return
        self.later(way, self._arrive, request)
        if faults.strikes("net.request_twice"):
            self.later(way + self.dice.randint(0, 3_000) * MS, self._arrive, request)

    def _arrive(self, request: Request) -> None:
        if self.current is None or self.current.dead or self.current.stopping:
            self.later(self.dice.randint(1, 20) * MS, request.answered, "refused_connection", None)
        else:
            self.current.arrived(request)

    def reply(self, request: Request, code: str, answer: Any) -> None:
        """From inside a process: the answer is on its way, whatever becomes of the process."""
        if not self.faults.strikes("net.answer_lost"):
            self.later(self.dice.randint(200, 5_000), request.answered, code, answer)

    def streamed(self, process: Process, lines: list[bytes]) -> None:
        if process is self.current:
            self.checker.guard(self._stream_is_whole, lines)

    def _stream_is_whole(self, lines: list[bytes]) -> None:
        for line in lines:
            head, _, rest = line[7:].partition(b",")
            seq, kind = int(head), rest[8 : rest.index(b'"', 8)].decode()
            must(
                seq == self.followed + 1,
                "the stream left something out, or said it twice",
                seq,
                self.followed,
            )
            must(self.disk.rows[seq - 1].type == kind, "the stream tells another event than the log", line)
            self.followed = seq

    def told_again(self, effect: Effect, outcome: str) -> None:
        data = {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step, "outcome": outcome}
        if self.current is not None and not self.current.dead:
            self.current.tell_again(data)

    # what strikes from outside

    def _strike(self) -> None:
        self.later(self.dice.randint(6_000, 26_000) * MS, self._strike)
        kind = self.faults.next_strike()
        process = self.current
        if kind is None or process is None or process.dead or process.frozen or len(self.processes) > 1:
            return
        self.note("strikes:", kind)
        self._unwell()
        getattr(self, "_" + kind.replace(".", "_"))(process)
        self.faults.seen[kind] += kind not in ("disk.full", "snapshot.older", "producer.hours_later")

    def _crash_anywhere(self, process: Process) -> None:
        process.loop.dies_after = self.dice.randint(0, 40)

    def _crash_power_cut(self, process: Process) -> None:
        process.kill("the power went")
        if self.disk.lies:
            self.disk.power_cut(torn=self.dice.random() < 0.5)

    def _engine_clean_stop(self, process: Process) -> None:
        process.stop()

    def _engine_zombie(self, process: Process) -> None:
        """Frozen, taken for dead, another one started; then it wakes up."""
        process.frozen_until = self.now + self.dice.randint(2_000, 25_000) * MS
        self.later(self.dice.randint(100, 2_000) * MS, self.start_engine)

    def _engine_frozen(self, process: Process) -> None:
        process.frozen_until = self.now + self.dice.randint(200, 8_000) * MS

    def _machine_suspended(self, process: Process, seconds: int = 0) -> None:
        """The engine's loop does not know that time passed; its clock does."""
        slept = seconds * SECOND or self.dice.randint(500, 45_000) * MS
        process.frozen_until = self.now + slept
        process.asleep += slept

    def _producer_hours_later(self, process: Process) -> None:
        """The lid was closed over dinner, and the platform pushes everything again."""
        if self.now > 20 * SECOND and self.incarnation < 100:
            self.faults.seen["producer.hours_later"] += 1
            self._machine_suspended(process, 3600 * self.dice.randint(1, 5))
            process.slow_until = process.frozen_until or 0
            self.later(process.asleep, self.on_restart)

    def _clock_forward(self, process: Process) -> None:
        self._wall_offset += self.dice.choice([3, 60, 3600]) * SECOND

    def _clock_back(self, process: Process) -> None:
        self._wall_offset -= self.dice.choice([3, 60, 3600]) * SECOND

    def _disk_full(self, process: Process) -> None:
        self.disk_full_until = self.now + self.dice.randint(300, 5_000) * MS

    def _snapshot_older(self, process: Process) -> None:
        """An older program was here: its snapshots stand there under its own version, folded its own way."""
        for seq, kept in self.disk.snapshots.items():
            room = msgspec.msgpack.decode(kept.blob)
            room["audience"]["comments"] += 1000
            blob = msgspec.msgpack.encode(room)
            self.disk.snapshots[seq] = disks.Snapshot(kept.version - 1, blob)
            self.faults.seen["snapshot.older"] = 1
        process.kill("a newer program takes its place")


def _raise(error: Exception) -> None:
    raise error


def _key_in(data: bytes) -> str:
    return data[data.index(b'"key":"') + 7 :].partition(b'"')[0].decode()
