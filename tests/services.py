"""Services that tests run beside themselves: found on this machine, started on ports of their own, ended.

Where one is absent its tests are skipped and say so; with ``LIVECONSOLE_NEED_SERVICES=1`` (the build machine)
they fail, so that a skip cannot hide there.
"""

from __future__ import annotations

import atexit
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

import psutil
import pytest

NEED: Final = "LIVECONSOLE_NEED_SERVICES"
OLDEST_POSTGRES: Final = 15
_NOBODY: Final = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
_START_SECONDS: Final = 30.0
USER: Final = "engine"
"""The role that tests log in as: no superuser, owner of its databases."""


def absent(what: str) -> NoReturn:
    """Skip the test, or fail it where services must be there."""
    if os.environ.get(NEED) == "1":
        pytest.fail(what)
    pytest.skip(what)


def may_skip(is_absent: bool) -> bool:
    """Whether tests of something absent may be skipped; where services must be there they run, and fail."""
    return is_absent and os.environ.get(NEED) != "1"


@cache
def postgres_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL >= 15 on this machine; None: there is none."""
    places = [Path(found).parent for found in (shutil.which("postgres"), shutil.which("initdb")) if found]
    places += Path("/usr/lib/postgresql").glob("*/bin")
    found = {number: place for place in places if (number := _version(place)) >= OLDEST_POSTGRES}
    return found[max(found)] if found else None


def _version(place: Path) -> int:
    if not (place / "initdb").exists() or not (place / "postgres").exists():
        return 0
    said = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(number[1]) if number else 0


class Postgres:
    """A server of our own behind a socket in a folder of its own; no port."""

    def __init__(self, programs: Path, *, durable: bool = True) -> None:
        self._as = _NOBODY if os.name == "posix" and os.geteuid() == 0 else ()
        self.folder = Path(tempfile.mkdtemp(prefix="lc-pg-", dir="/tmp" if os.name == "posix" else None))
        if self._as:
            shutil.chown(self.folder, "nobody", "nogroup")
        data = self.folder / "data"
        self._run(
            programs / "initdb",
            "-N",
            "--locale=C",
            "-E",
            "UTF8",
            "-A",
            "trust",
            "-U",
            "root_role",
            "-D",
            data,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "150",
            "shared_buffers": "64MB",
            "fsync": "on" if durable else "off",
            "log_min_messages": "error",
        }
        self._words = [*self._as, str(programs / "postgres"), "-D", str(data)]
        for name, value in settings.items():
            self._words += ["-c", f"{name}={value}"]
        self._begin()
        atexit.register(self.end)
        self.ask("postgres", f"CREATE ROLE {USER} LOGIN CREATEDB")

    def _begin(self) -> None:
        with (self.folder / "log").open("wb") as said:
            self._process = subprocess.Popen(self._words, cwd=self.folder, stdout=said, stderr=said)
        self._await()

    def restart(self, *, kill: bool, away: float = 0.0) -> None:
        """Stop it, or kill it as a crash would, and start it again after so many seconds; returns when it
        answers."""
        self._process.send_signal(signal.SIGKILL if kill else signal.SIGINT)
        self._process.wait(15)
        time.sleep(away)
        until = time.monotonic() + _START_SECONDS
        while True:  # backends of one that was killed may take a moment to see it
            try:
                self._begin()
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.folder / ".s.PGSQL.5432"

    def _run(self, *words: object) -> None:
        subprocess.run([*self._as, *map(str, words)], cwd=self.folder, check=True, capture_output=True)

    def _await(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.ask("postgres", "SELECT 1")
            except Exception:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def ask(self, database: str, *statements: str) -> Any:
        """Run statements as the superuser in a database (its name or address), each by itself; return what
        the last one answers."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), dbname=_name_in(database), user="root_role", autocommit=True
        ) as c:
            for statement in statements:
                cursor = c.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def database(self) -> str:
        """Make a database and return its address, as ``serve --database`` takes it."""
        name = f"t{secrets.token_hex(5)}"
        self.ask(
            "postgres", f"CREATE DATABASE {name} OWNER {USER} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def drop(self, address: str) -> None:
        """Take a database out, whoever is still in it."""
        self.ask("postgres", f"DROP DATABASE IF EXISTS {_name_in(address)} WITH (FORCE)")

    @property
    def process_id(self) -> int:
        return self._process.pid

    def end(self) -> None:
        """Stop the server and take its folder away; twice does no harm."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _name_in(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


_begun: list[Postgres] = []


@cache
def _running(*, durable: bool) -> Postgres:
    programs = postgres_programs()
    assert programs is not None
    _begun.append(Postgres(programs, durable=durable))
    return _begun[-1]


def is_ours(process: psutil.Process) -> bool:
    """Tell whether a process is one of these servers, or a backend of one."""
    ours = {server.process_id for server in _begun}
    try:
        return process.pid in ours or any(parent.pid in ours for parent in process.parents())
    except psutil.Error:
        return True


def postgres(*, durable: bool = True) -> Postgres:
    """Return this process's server, begun at the first call; the test is skipped where there is none."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        absent("no psycopg: install the extra postgresql")
    if os.name != "posix":
        absent("these tests start PostgreSQL behind a Unix socket")
    if postgres_programs() is None:
        absent("no PostgreSQL >= 15: apt-get install postgresql")
    return _running(durable=durable)
