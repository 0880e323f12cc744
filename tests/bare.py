"""``python dev.py bare [WHICH ...] [-- WORDS]``: a newcomer's two commands on a machine that has nothing yet.

WHICH is SYSTEM-WHO-GIT-LOCALE, as in ``12-user-nogit-none`` (Debian 12, a plain user, a downloaded folder
and no git, no locale) or ``13-root-git-utf8``; without one, these two, which differ in all four. WORDS are
pytest's own and run some of the tests. What is tried is what was committed last. For each one line of JSON
on stdout: the seconds that `make run` and `make test` took, their exit codes, and what pytest counted.

Needs root, debootstrap, git, and the way to Debian's mirror and the package index that this machine has.
Some five gigabytes and as long as `make test` for each.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.bundle.bare_root import HOME, USER, BareRoot, NoBareRoot, debootstrapped, why_not

ROOT: Final = Path(__file__).resolve().parent.parent
RELEASES: Final = {"12": "bookworm", "13": "trixie"}
PACKAGES: Final = ("python3", "python3-venv", "make", "ca-certificates")
"""What the README asks for, and what any Debian that reached a network has."""
LOCALES: Final = {"utf8": {"LANG": "C.UTF-8"}, "none": {"LANG": ""}, "posix": {"LANG": "", "LC_ALL": "POSIX"}}
BOTH: Final = ("12-user-nogit-none", "13-root-git-utf8")
TREE: Final = f"{HOME}/LiveConsole"
_NETWORK: Final = ("index-url", "proxy", "trusted-host")
_LINE: Final = re.compile(r"^ *(?:sudo )?(apt-get .+)$", re.MULTILINE)
_COUNTED: Final = re.compile(r"^\d+ (?:passed|failed|skipped|error).* in [\d.]+s")


@dataclass(frozen=True)
class Machine:
    """What a newcomer's machine is."""

    name: str
    release: str
    user: bool
    git: bool
    locale: dict[str, str]

    @staticmethod
    def of(name: str) -> Machine:
        """Read WHICH.

        Raises:
            ValueError: it names none.
        """
        words = name.split("-")
        known = tuple(map(tuple, (RELEASES, ("user", "root"), ("git", "nogit"), LOCALES)))
        if len(words) != len(known) or any(word not in all_ for word, all_ in zip(words, known, strict=True)):
            raise ValueError(f"{name}: a machine is {'-'.join('|'.join(one) for one in known)}")
        system, who, git, locale = words
        return Machine(name, RELEASES[system], who == "user", git == "git", LOCALES[locale])


class Tried:
    """One machine with the project's tree in it."""

    def __init__(self, machine: Machine, root: BareRoot) -> None:
        self.machine, self.root = machine, root

    def prepare(self) -> None:
        """Lay the tree, and what this machine was told of its network."""
        tree = self.root.path / TREE[1:]
        self.root.run("apt-get", "-qq", "update", within=600)
        if self.machine.git:
            self.root.apt("install", "git")
            _do("git", "clone", "--quiet", "--no-local", str(ROOT), str(tree))
            _do("git", "-C", str(tree), "remote", "remove", "origin")
        else:
            tree.mkdir(parents=True)
            packed = subprocess.run(
                ["git", "-C", str(ROOT), "archive", "HEAD"], stdout=subprocess.PIPE, check=True
            )
            subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
        (self.root.path / "etc/pip.conf").write_text(_pips_network(self.root.path), "utf-8")
        owner = USER if self.machine.user else 0
        _do("chown", "-R", f"{owner}:{owner}", str(self.root.path / HOME[1:]))

    def bring_libraries(self) -> None:
        """A plain user is told a line, and nothing is half done before somebody who may has run it."""
        if not self.machine.user:
            return
        code, said = self.make("setup")
        line = _LINE.search(said)
        if code == 0 or line is None:
            raise AssertionError(f"a plain user was told no line that brings the libraries:\n{said}")
        self.root.run(*line[1].split(), within=600, DEBIAN_FRONTEND="noninteractive")

    def make(self, *words: str) -> tuple[int, str]:
        """Run make to its end, its words shown on stderr as they come; its code and what it said."""
        command = self.root.words(
            "sh", "-c", f'cd {TREE} && exec make "$@"', "sh", *words,
            user=self.machine.user, apart=True, **self.machine.locale,
        )  # fmt: skip
        said: list[str] = []
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace",
        ) as child:  # fmt: skip
            for line in child.stdout or ():
                sys.stderr.write(line)
                said.append(line)
        return child.returncode, "".join(said)

    def told(self, words: list[str]) -> dict[str, Any]:
        """Both commands, timed; without a `.venv` before the first, as a newcomer has none."""
        self.bring_libraries()
        answer: dict[str, Any] = {"machine": self.machine.name}
        for command, more in (("run", []), ("test", [f"ARGS=-- {' '.join(words)}"] if words else [])):
            began = time.monotonic()
            code, said = self.make(command, *more)
            answer[command] = {"code": code, "seconds": round(time.monotonic() - began)}
            counted = [line for line in said.splitlines() if _COUNTED.match(line)]
            if command == "test":
                answer[command]["counted"] = counted
        return answer


def _do(*words: str) -> None:
    subprocess.run(words, check=True)


def is_clone() -> bool:
    """What is tried comes out of git."""
    return shutil.which("git") is not None and (ROOT / ".git").exists()


def _pips_network(root: Path) -> str:
    """What pip was told here of its index and the way to it; nothing of folders, which are not in there."""
    pip = shutil.which("pip3")  # a .venv that uv made has none
    words = [*([pip] if pip else [sys.executable, "-m", "pip"]), "config", "list"]
    told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    found = dict(re.findall(r"^(?:global|user|site|install|:env:)\.([\w-]+)='(.*)'$", told, re.MULTILINE))
    lines = [f"{name} = {found[name]}" for name in _NETWORK if name in found and "file:" not in found[name]]
    if "cert" in found and Path(found["cert"]).exists():
        shutil.copy(found["cert"], root / "etc/pip-cert.crt")
        lines.append("cert = /etc/pip-cert.crt")
    return "\n".join(["[global]", *lines, ""])


def tried(machine: Machine, words: list[str]) -> dict[str, Any]:
    """Make the machine, run both commands on it, and take it away again.

    Raises:
        NoBareRoot: none can be made here.
    """
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    base = debootstrapped(build / f"bare-{machine.release}.tar", machine.release, *PACKAGES)
    with (
        tempfile.TemporaryDirectory(prefix="bare-", dir=build) as folder,
        BareRoot(base, Path(folder)) as root,
    ):
        here = Tried(machine, root)
        here.prepare()
        return here.told(words)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bare", usage="%(prog)s [WHICH ...] [-- WORDS]", add_help=False
    )
    parser.add_argument("which", nargs="*", default=[])
    parser.add_argument("--where-possible", action="store_true", help="0 and a word where none can be made")
    at = argv.index("--") if "--" in argv else len(argv)
    asked, words = parser.parse_args(argv[:at]), argv[at + 1 :]
    if why := why_not() or ("" if is_clone() else "the tree is no clone, or there is no git"):
        print(f"no bare machine is tried: {why}", file=sys.stderr)
        return 0 if asked.where_possible else 1
    try:
        machines = [Machine.of(name) for name in asked.which or BOTH]
    except ValueError as none:
        print(none, file=sys.stderr)
        return 2
    red = 0
    for machine in machines:
        try:
            answer = tried(machine, words)
        except (NoBareRoot, AssertionError, subprocess.CalledProcessError) as why_none:
            answer = {"machine": machine.name, "failed": str(why_none)}
        print(json.dumps(answer), flush=True)
        red |= "failed" in answer or bool(answer["run"]["code"] or answer["test"]["code"])
    return red


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
