"""Starts programs of the project by forking a process that has imported them already.

A start then costs some 30 ms instead of a second, and everything else is as real: a process of its own with
its own lock, files and sockets, that can be killed and frozen. Reads requests and tells of ends, one JSON
object a line. ``--once`` runs one request without a fork, where the system has none.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import traceback
from typing import Any

import liveconsole.cli.serve
import liveconsole.connectors.rehearsal.platform  # noqa: F401  # so that no child imports it
from liveconsole import failpoints
from liveconsole.cli import main
from tests.faults.harness import bent


def run(request: dict[str, Any]) -> int:
    """In a process of its own: become the program."""
    for name, number in (("out", 1), ("err", 2)):
        file = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.update(request["env"])
    failpoints.arm(os.environ.get(failpoints.VARIABLE, ""))
    for guard in request["bend"]:
        getattr(bent, guard)()
    try:
        return main(request["argv"])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # it would unwind into the zygote's own loop
        traceback.print_exc()
        return 1


def serve() -> None:
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    gc.collect()
    gc.freeze()
    held = b""
    alive: set[int] = set()
    while True:
        readable, _, _ = select.select([0, woken], [], [])
        if woken in readable:
            os.read(woken, 4096)
            for pid in list(alive):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    alive.discard(pid)
                    _say({"ended": pid, "code": os.waitstatus_to_exitcode(status)})
        if 0 in readable:
            block = os.read(0, 65536)
            if not block:
                break
            *lines, held = (held + block).split(b"\n")
            for line in lines:
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    os.close(woken)
                    os.close(wake)
                    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                    code = run(json.loads(line))
                    sys.stdout.flush()
                    sys.stderr.flush()
                    os._exit(code)
                alive.add(pid)
                _say({"pid": pid})
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _say(words: dict[str, int]) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        sys.exit(run(json.loads(sys.stdin.readline())))
    serve()
