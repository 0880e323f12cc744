"""A root of Debian with nothing in it, to install a package into and to run it as a plain user."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

RELEASE: Final = "bookworm"
USER: Final = 1000
HOME: Final = "/srv/seller"
_MINUTES: Final = 600


class NoBareRoot(Exception):
    """None can be made on this machine; the words say why, to a person."""


class NothingMounted(NoBareRoot):
    """As some containers have it: nobody can help it there."""


def why_not() -> str:
    """Why no bare root can be had here at all; empty where one can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "a bare root is made by root alone"
    if not all(map(shutil.which, ("debootstrap", "unshare", "nsenter"))):
        return "no debootstrap: apt-get install debootstrap"
    return ""


def debootstrapped(tar: Path, release: str = RELEASE, *packages: str) -> Path:
    """Return an archive of a bare root, made once; the mirror is the one that this machine's apt asks.

    Args:
        packages: What is in it beside Debian's least.

    Raises:
        NoBareRoot: the mirror does not answer.
    """
    if tar.exists():
        return tar
    tar.parent.mkdir(exist_ok=True)
    begun = tar.with_suffix(f".{os.getpid()}")
    try:
        more = [f"--include={','.join(packages)}"] if packages else []
        words = ["debootstrap", "--variant=minbase", *more, release, str(begun), *_mirror()]
        if subprocess.run(words, stdout=subprocess.DEVNULL, timeout=_MINUTES, check=False).returncode:
            raise NoBareRoot("no bare root could be made: debootstrap does not reach its mirror")
        with contextlib.suppress(subprocess.CalledProcessError):  # in some containers debootstrap leaves it
            subprocess.run(["umount", begun / "proc"], check=True, stderr=subprocess.DEVNULL)
        spared = "--exclude=./var/cache/apt/archives/*.deb"
        packs = ["tar", "--one-file-system", spared, "-cf", f"{begun}.tar", "."]
        subprocess.run(packs, cwd=begun, check=True)
        Path(f"{begun}.tar").replace(tar)
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", str(begun), f"{begun}.tar"], check=False)
    return tar


def _mirror() -> list[str]:
    for path in (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")):
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                words = line.split()
                if words[:1] in (["URIs:"], ["deb"]):
                    return [next((word for word in words if "://" in word), words[1])]
    return []


class BareRoot:
    """Commands in it; mounts are in a namespace of its own and go with it."""

    def __init__(self, base: Path, folder: Path) -> None:
        self.path = folder / "root"
        self._base = base
        self._holder: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> BareRoot:
        self.path.mkdir()
        subprocess.run(["tar", "-xf", self._base, "-C", self.path], check=True)
        shutil.copy("/etc/resolv.conf", self.path / "etc/resolv.conf")
        self._copy_apt()
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sleep", "infinity"]
        )
        time.sleep(0.2)
        for words in (
            ["mount", "-t", "proc", "proc", str(self.path / "proc")],
            ["mount", "--rbind", "/sys", str(self.path / "sys")],
            ["mount", "--rbind", "/dev", str(self.path / "dev")],
        ):
            if subprocess.run([*self._inside(), *words], check=False).returncode:
                self.__exit__()
                raise NothingMounted("nothing may be mounted here, as some containers have it")
        self.run("useradd", "--create-home", "--home-dir", HOME, "--uid", str(USER), "seller")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._holder is not None
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._holder.kill()
        self._holder.wait()
        subprocess.run(["rm", "-rf", "--one-file-system", str(self.path)], check=False)

    def _copy_apt(self) -> None:
        """What this machine's apt was told of its network holds in there too."""
        for path in Path("/etc/apt/apt.conf.d").glob("*prox*"):
            shutil.copy(path, self.path / "etc/apt/apt.conf.d")
        for path in (Path("/etc/ssl/certs/ca-certificates.crt"),):
            if path.exists():
                (self.path / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
                shutil.copy(path, self.path / "etc/ssl/certs")

    def processes(self) -> Iterator[int]:
        """Of everything that runs in there."""
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if Path(os.readlink(place / "root")) == self.path:
                    yield int(place.name)

    def _inside(self) -> list[str]:
        assert self._holder is not None
        return ["nsenter", "-t", str(self._holder.pid), "-m"]

    def words(self, *command: str, user: bool = False, apart: bool = False, **env: str) -> list[str]:
        """Return the words that run a command in there, with nothing of our environment.

        Args:
            apart: It sees no process but its own, and all of them end with it.
            env: Set in there; an empty value is not set at all.
        """
        given = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": HOME if user else "/srv",
            "LANG": "C.UTF-8",
            **env,
        }
        as_user = [f"--userspec={USER}:{USER}"] if user else []
        own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.path}/proc"]
        return [*self._inside(), *own * apart, "chroot", *as_user, str(self.path), "/usr/bin/env", "-i",
                *(f"{name}={value}" for name, value in given.items() if value), *command]  # fmt: skip

    def run(
        self, *command: str, user: bool = False, code: int = 0, within: float = 120.0, **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; anything but the exit code that is expected fails the test."""
        done = subprocess.run(
            self.words(*command, user=user, apart=False, **env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )
        assert done.returncode == code, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done

    def apt(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run apt-get in there; a refusal of a package's script ends it with 100."""
        asked = ["apt-get", "-q", "-y", "--no-install-recommends", *words]
        return self.run(*asked, code=code, within=_MINUTES, DEBIAN_FRONTEND="noninteractive")

    def take(self, file: Path) -> str:
        """Return where a copy of the file lies in there."""
        shutil.copy(file, self.path / "tmp" / file.name)
        return f"/tmp/{file.name}"
