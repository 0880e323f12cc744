"""A wire to a test's PostgreSQL that can be cut: what is sent stands still, and nobody is told."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

from tests import services


class DatabaseWire:
    """Listens on a port of its own and carries to the server and back, until `cut`; `mend` goes on with what
    was sent meanwhile, as a network does."""

    def __init__(self, server: services.Postgres) -> None:
        self._server = server
        self._open = threading.Event()
        self._open.set()
        self._over = False
        self._sockets: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True, name="database wire").start()

    def address(self, url: str) -> str:
        """Return an address of the server's as it is over this wire."""
        name = url.partition("?")[0].rpartition("/")[2]
        return f"postgresql://{services.USER}@127.0.0.1:{self.port}/{name}"

    def cut(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self._open.set()

    def close(self) -> None:
        self._over = True
        self._open.set()
        self._listening.close()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._sockets.append(near)
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self._open.wait()
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(str(self._server.socket))
        except OSError:
            near.close()
            far.close()
            return
        self._sockets.append(far)
        for pair in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, come: Any, go: Any) -> None:
        try:
            while (data := come.recv(65_536)) and not self._over:
                self._open.wait()
                go.sendall(data)
        except OSError:
            pass
        self._open.wait()  # that it ended is not told over a cut wire either
        for one in (come, go):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
