"""The process that `tests.starter` forks programs from: it has imported them, and has no thread and no store.

Asked over the socket that it is given as its one word: a byte with the two descriptors that shall be stdout
and stderr, then a line of JSON. It answers with a line for each process begun, and one for each that ended.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
import traceback
from typing import Any, NoReturn, TextIO

import liveconsole.cli.serve
import liveconsole.connectors.rehearsal.platform
import liveconsole.connectors.rehearsal.world
import liveconsole.engine.engine  # noqa: F401  # so that no child imports it
from liveconsole import failpoints


def become(request: dict[str, Any]) -> int:
    """Run a module as ``python -m`` would, and return the exit code."""
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.argv = [request["module"], *request["words"]]
    failpoints.arm(os.environ.get(failpoints.VARIABLE, ""))
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            sys.stderr.write(f"{end.code}\n")
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  # it would unwind into the loop below
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # as an interpreter ends: threads first
    atexit._run_exitfuncs()
    return code


def _child(request: dict[str, Any], out: int, err: int) -> NoReturn:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.closerange(3, 256)
    # The interpreter's own were made for what the starter had there: one may seek in a file, not in a pipe.
    sys.stdout = _written(1, sys.stdout)
    sys.stderr = _written(2, sys.stderr, buffering=1)
    code = 1
    try:
        code = become(request)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _written(number: int, before: TextIO, buffering: int = -1) -> TextIO:
    return open(
        number, "w", encoding=before.encoding, errors=before.errors, buffering=buffering, closefd=False
    )


def serve(door: socket.socket) -> None:
    """Fork what is asked for until the other side is gone; what still runs then is killed."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who asked
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()
    alive: set[int] = set()
    while True:
        readable, _, _ = select.select([door.fileno(), woken], [], [])
        if woken in readable:
            os.read(woken, 4096)
            for pid in list(alive):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    alive.discard(pid)
                    _say(door, {"ended": pid, "code": os.waitstatus_to_exitcode(status)})
        if door.fileno() in readable:
            begun, descriptors, _, _ = socket.recv_fds(door, 1, 2)
            if not begun:
                break
            out, err = descriptors
            line = b""
            while not line.endswith(b"\n"):
                line += door.recv(65536)
            request = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _child(request, out, err)
            os.close(out)
            os.close(err)
            alive.add(pid)
            _say(door, {"pid": pid})
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        _say(door, {"ended": pid, "code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])})


def _say(door: socket.socket, words: dict[str, int]) -> None:
    door.sendall(json.dumps(words).encode() + b"\n")


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
