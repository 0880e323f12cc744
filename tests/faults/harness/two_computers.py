"""Two computers of a studio on one machine: a network namespace each, and between them a wire of our own.

The wire is a proxy that carries TCP with a delay, with losses (as the stalls that a retransmission makes:
everything behind waits too), within a window, and that can be cut: what was open then is dead for good,
without a word to either side. It has one foot in each namespace. Linux and root only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import random
import socket
import subprocess
import threading
import uuid
from collections import deque
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, TypeVar

from liveconsole.tasks import cancel_all, spawn

T = TypeVar("T")

ADDRESS: Final = "10.77.3.1"
"""Of the studio's computer; at the other one the wire stands under it."""
_SEGMENT: Final = 1448
_WINDOW: Final = 256 * 1024
_TAKEN: Final = 8 * 1024
"""What the wire's own sockets hold: what was sent waits at the sender, as it does before a real wire."""
_NEW_NETWORK: Final = 0x40000000


def why_not() -> str:
    """Why there can be no two computers here; empty: there can."""
    if os.name != "posix" or not Path("/proc/self/ns/net").exists() or os.geteuid() != 0:
        return "network namespaces want Linux and root"
    try:
        subprocess.run(["ip", "netns", "list"], check=True, capture_output=True, timeout=10)
        name = f"lc-try-{uuid.uuid4().hex[:6]}"
        subprocess.run(["ip", "netns", "add", name], check=True, capture_output=True, timeout=10)
        subprocess.run(["ip", "netns", "del", name], check=True, capture_output=True, timeout=10)
    except FileNotFoundError:
        return "no ip here: apt-get install iproute2"
    except (OSError, subprocess.SubprocessError):
        return "ip netns does not work here, as in some containers"
    return ""


class Computer:
    """A namespace, and a thread in it with an event loop of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        _ip("netns", "add", name)
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "addr", "add", f"{ADDRESS}/32", "dev", "lo")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def run(self, coro: Coroutine[Any, Any, T]) -> Future[T]:
        """Run something on this computer."""
        return asyncio.run_coroutine_threadsafe(coro, self._loop)

    def words(self, *command: str) -> list[str]:
        """A command line that runs here."""
        return ["ip", "netns", "exec", self.name, *command]

    def listening(self, port: int) -> socket.socket:
        """A socket that listens here, whoever accepts on it."""

        async def make() -> socket.socket:
            made = socket.create_server((ADDRESS, port), backlog=64)
            made.setblocking(False)
            return made

        return self.run(make()).result(10)

    def close(self) -> None:
        self.run(self._rest()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        _ip("netns", "del", self.name)

    async def _rest(self) -> None:
        await cancel_all()
        await asyncio.sleep(0.2)  # what was closed goes with the next turns of the loop

    def _run(self) -> None:
        enter(self.name)
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


class Wire:
    """Carries TCP from the seat's computer to the studio's. Seconds one way, and the share of segments that
    are lost."""

    def __init__(self, studio: Computer, seat: Computer, port: int, seed: int = 7) -> None:
        self.delay, self.loss, self.window = 0.0005, 0.0, _WINDOW
        self._chance = random.Random(seed)
        self._port = port
        self._studio = studio
        self._era = 0
        self._is_cut = False
        self._listening = seat.listening(port)
        studio.run(self._begin()).result(10)

    def cut(self) -> None:
        """Nothing passes from here on, and what is open never will again."""
        self._is_cut, self._era = True, self._era + 1

    def mend(self) -> None:
        """New connections pass again."""
        self._is_cut, self._era = False, self._era + 1

    def close(self) -> None:
        """What it carries ends with the studio's computer."""
        self._listening.close()

    async def _begin(self) -> None:
        spawn(self._accept(), name="wire")

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            near, _ = await loop.sock_accept(self._listening)
            spawn(self._carry(near), name="one connection of the wire")

    async def _carry(self, near: socket.socket) -> None:
        """One connection; in a cut it was taken by the kernel, and is never answered."""
        era = self._era
        near.setblocking(False)
        far = socket.socket()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _TAKEN)
        far.setblocking(False)
        try:
            if self._is_cut:
                await asyncio.sleep(600)
            await asyncio.get_running_loop().sock_connect(far, (ADDRESS, self._port))
            async with asyncio.TaskGroup() as both:
                both.create_task(self._way(near, far, era))
                both.create_task(self._way(far, near, era))
        except* OSError:
            pass
        finally:
            near.close()
            far.close()

    async def _way(self, start: socket.socket, end: socket.socket, era: int) -> None:
        """One direction: segments in order, each after its delay, those behind a lost one after its round
        trip as well; no more under way than the window."""
        loop = asyncio.get_running_loop()
        under_way: deque[tuple[float, bytes]] = deque()
        came, left = asyncio.Event(), asyncio.Event()
        held, last, over = 0, 0.0, False

        async def arrive() -> None:
            nonlocal held
            while not (over and not under_way):
                if not under_way:
                    came.clear()
                    await came.wait()
                    continue
                at, data = under_way[0]
                await asyncio.sleep(max(0.0, at - loop.time()))
                if era != self._era:
                    await asyncio.sleep(600)
                under_way.popleft()
                await loop.sock_sendall(end, data)
                held -= len(data)
                left.set()
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_WR)

        async with asyncio.TaskGroup() as group:
            group.create_task(arrive())
            while True:
                while held >= self.window:
                    left.clear()
                    await left.wait()
                data = await loop.sock_recv(start, 4 * _SEGMENT)
                if era != self._era:
                    await asyncio.sleep(600)
                if not data:
                    over = True
                    came.set()
                    return
                segments = -(-len(data) // _SEGMENT)
                lost = sum(self._chance.random() < self.loss for _ in range(segments))
                last = max(last, loop.time() + self.delay) + lost * 2 * self.delay
                under_way.append((last, data))
                held += len(data)
                came.set()


@contextlib.contextmanager
def two_computers() -> Iterator[tuple[Computer, Computer]]:
    """The studio's and the seat's."""
    mark = uuid.uuid4().hex[:6]
    studio = Computer(f"lc-studio-{mark}")
    try:
        seat = Computer(f"lc-seat-{mark}")
        try:
            yield studio, seat
        finally:
            seat.close()
    finally:
        studio.close()


def enter(name: str) -> None:
    """Take this thread into a namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.open(f"/var/run/netns/{name}", os.O_RDONLY)
    try:
        if libc.setns(handle, _NEW_NETWORK) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {name}")
    finally:
        os.close(handle)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)
