"""The two commands of a fresh machine, on every system: python dev.py run | test

  run     open the desk on a rehearsal (with no screen: one short rehearsal, a screenshot, one JSON line)
  test    every test that needs no other machine            (python dev.py test -- tests/unit -k draw)
  lint    ruff, format, mypy --strict, import contracts
  check   lint and test
  prove   the long variants: deep tests, ten thousand seeds, the bench twice, bare     (three hours or so)
  bare    run and test on a bare Debian 12 and 13, as root and not       (needs root, debootstrap and git)
  bench   liveconsole bench
  sim     the simulation: a thousand seeds, or one seed's story    (make sim SEED=7)
  setup   only make the environment, with the tools of test and lint
  lock    write the locks anew from pyproject.toml (needs uv; --upgrade for newer versions)
  guide   take the guide's pictures of the program and build it anew    (python dev.py guide text: the words)
  bundle  the program as one folder in dist/, and on Linux as .deb and .rpm      (a minute or two)
  browser-part   the file in dist/ that an installed program takes its browser part from
  clean   remove .venv and everything built

Each first makes `.venv`, with uv where it is, else with venv and pip, and the system's libraries where it
may: run installs requirements.lock, bundle requirements-bundle.lock, the others requirements-dev.lock, which
has the tools too. Words for people go to stderr, stdout is the program's. Standard library only.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # said here, since an older Python would fail somewhere dark
    sys.exit(
        "LiveConsole needs Python 3.11 or newer; this is "
        + sys.version.split()[0]
        + ". Try: make PYTHON=python3.12 run   or   python3.12 dev.py run"
    )

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

import dev_progress  # noqa: E402
from liveconsole import machine  # noqa: E402  # stdlib only, and so are paths above it

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock",
         "bundle": ROOT / "requirements-bundle.lock"}  # fmt: skip
"""What each part of the environment installs. Each holds all of ``run``, in the same versions."""
EXTRAS = {"run": ("source",), "dev": ("source", "dev"), "bundle": ("source", "bundle")}
"""The extras of pyproject.toml that a lock is written from."""
COMMANDS = ("run", "test", "lint", "check", "prove", "bench", "sim", "setup", "guide", "browser-part",
            "bundle", "bare")  # fmt: skip
"""Those that need `.venv`."""
RUNS = ("run", "bench")
"""Commands that need no tools."""
STAMP = VENV / "liveconsole.stamp"
"""Which parts were installed, and from what. A `.venv` without it was never finished."""
TRIED = VENV / "liveconsole.system-tried"
LATE = ("fault_clock_ahead", "fault_followers", "postgres_standby", "two_computers")
ALONE = ("tests/bench", "tests/sim/test_simulation.py", *(f"tests/faults/test_{name}.py" for name in LATE))
"""Tests that run one at a time: they measure, start processes for every core, or are late by a second."""
IN_ORDER = "tests/bundle"
"""Tests that go on from one another: one process for all of them. A worker would steal some from another."""
WORKERS = 3
"""Processes that run the others, on two cores or more: a third of its time a test waits for an engine."""
LAST_FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
UNSTEADY = 2
"""How many tests may be asked again by themselves after a run beside neighbours."""
BUILT = (".venv", ".venv.lock", "build", "dist", "screenshots", ".pytest_cache", ".mypy_cache", ".ruff_cache",
         ".import_linter_cache", ".hypothesis")  # fmt: skip


def main(argv: list[str]) -> int:
    command, rest = (argv[0] if argv else "help"), argv[1:]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    if command in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    if command == "clean":
        return clean()
    if command == "lock":
        return lock(rest)
    if command not in COMMANDS:
        say(f"there is no {command!r}\n{__doc__}")
        return 2
    try:
        set_up("run" if command in RUNS else "bundle" if command == "bundle" else "dev")
    except CannotSetUp as why:
        say(str(why))
        return 1
    except OSError as why:  # a folder that cannot be written, a disk that is full
        say(f"{why.filename or ROOT}: {why.strerror}; nothing more can be done without it")
        return 1
    if command == "setup":
        return 0
    if command in RUNS:
        return become([str(PYTHON), "-m", "liveconsole", "rehearse" if command == "run" else command, *rest])
    if command == "bundle":
        return become([str(PYTHON), "packaging/bundle/make.py"])
    if command == "browser-part":
        return become([str(PYTHON), "-m", "liveconsole", "browser", "make-part", str(ROOT / "dist"), *rest])
    if command in ("guide", "sim", "bare"):
        return become([str(PYTHON), "-m", f"tests.{command}", *(argv[1:] if command == "bare" else rest)])
    if command == "prove":
        return prove()
    failed = [] if command == "test" else lint()
    if command != "lint":
        failed += run_tests(rest)
    if failed:
        say(f"── failed: {', '.join(failed)}")
    return 1 if failed else 0


def lint() -> list[str]:
    """What failed of everything that runs no test; all of it, so that one run names all there is to mend."""
    lint_imports = str(PYTHON.with_name("lint-imports").with_suffix(PYTHON.suffix))
    failed = []
    for name, command in (
        ("ruff", [str(PYTHON), "-m", "ruff", "check", "."]),
        ("format", [str(PYTHON), "-m", "ruff", "format", "--check", "."]),
        ("mypy", [str(PYTHON), "-m", "mypy"]),
        ("imports", [lint_imports, "--no-logo"]),
    ):
        say(f"── {name}")
        if subprocess.call(command, cwd=ROOT, env=environment()):
            failed.append(name)
    return failed


def run_tests(pytest_args: list[str]) -> list[str]:
    """What failed of the tests: those that mind no neighbour beside others, then the rest by themselves.

    With words of pytest's own it is one plain run of what they name.
    """
    pytest = [str(PYTHON), "-m", "pytest", "-q"]
    if pytest_args:
        return ["tests"] if subprocess.call([*pytest, *pytest_args], cwd=ROOT, env=environment()) else []
    say("── tests that mind no neighbour, beside each other")
    apart = [f"--ignore={place}" for place in (*ALONE, IN_ORDER)]
    beside = ["--cache-clear", "-n", str(WORKERS), "--dist", "worksteal", *apart]
    order = [*pytest, "-p", "no:cacheprovider", IN_ORDER]
    with tempfile.TemporaryFile() as told:
        with subprocess.Popen(order, cwd=ROOT, env=environment(), stdout=told, stderr=told) as in_order:
            red = subprocess.call([*pytest, *beside], cwd=ROOT, env=environment())
        say("── tests that go on from one another")
        told.seek(0)
        sys.stdout.buffer.write(told.read())
        sys.stdout.flush()
    failed = ["tests in order"] * bool(in_order.returncode)
    if red and not only_unsteady(pytest):
        failed.append("tests")
    say("── tests that measure or use every core")
    if subprocess.call([*pytest, *ALONE], cwd=ROOT, env=environment()):
        failed.append("tests alone")
    return failed


def only_unsteady(pytest: list[str]) -> bool:
    """Whether what failed beside a neighbour holds three times by itself; it is named either way.

    A machine that is busy with something else makes a test late once in ten thousand; what is wrong fails
    again. No more than two tests get this second look: a fault that is spread is not unsteadiness.
    """
    try:
        tests = list(json.loads(read(LAST_FAILED) or "{}"))
    except ValueError:
        return False
    if not 0 < len(tests) <= UNSTEADY:
        return False
    say("── failed beside a neighbour, now three times alone: " + ", ".join(tests))
    if any(subprocess.call([*pytest, *tests], cwd=ROOT, env=environment()) for _ in range(3)):
        return False
    say("── unsteady, to be mended: " + ", ".join(tests))
    return True


def prove() -> int:
    """What takes longer than a build may: every step is run, those that failed are named at the end."""
    more = {"LIVECONSOLE_DEEP": "1", "LIVECONSOLE_SIM_SEEDS": "1000", "HYPOTHESIS_PROFILE": "deep"}
    python, env = str(PYTHON), environment() | more
    no_hurry = ["-q", "-o", "timeout=3600"]
    failed = []
    for ratio in ("1.5", "2"):
        say(f"── the desk on a screen of ratio {ratio}")
        stand = [python, "-m", "tests.ui.layout", str(ROOT / "build" / f"layout-{ratio}")]
        if subprocess.call(stand, cwd=ROOT, env=env | {"QT_SCALE_FACTOR": ratio}):
            failed.append(f"the desk at {ratio}")
    for name, command in (
        ("deep tests", [python, "-m", "pytest", *no_hurry, "-m", "deep", "tests"]),
        ("a thousand seeds", [python, "-m", "pytest", *no_hurry, "tests/sim/test_simulation.py"]),
        ("properties", [python, "-m", "pytest", *no_hurry, "-n", "2", "tests/property"]),
        ("ten thousand seeds", [python, "-m", "tests.sim", "--count", "10000"]),
        ("bench", [python, "-m", "liveconsole", "bench"]),
        ("bench again", [python, "-m", "liveconsole", "bench"]),
        ("bare machines", [python, "-m", "tests.bare", "--where-possible"]),
    ):
        say(f"── {name}")
        if subprocess.call(command, cwd=ROOT, env=env):
            failed.append(name)
    if failed:
        say(f"── failed: {', '.join(failed)}")
    return 1 if failed else 0


# The environment ------------------------------------------------------------------------------------


class CannotSetUp(Exception):
    """Said to a person as it stands."""


def set_up(part: str = "dev") -> None:
    """Make `.venv` hold what the part's lock says, and the system what Qt needs; nothing when it does."""
    with only_one():
        system_libraries(before_venv=not PYTHON.exists())
        if PYTHON.exists() and finished().get(part) == fingerprint(part):
            return
        uv = working_uv()
        started = time.monotonic()
        say(f"installing into {VENV.name} with {'uv' if uv else 'pip'} (once; takes a minute or so)")
        # What was broken off may have left half a package that looks whole: that .venv is not built upon.
        fresh = not (STAMP.exists() and venv_works(need_pip=uv is None))
        if fresh:
            make_venv(uv)
        stamp, done = read(STAMP), finished()
        STAMP.unlink(missing_ok=True)
        try:
            install(uv, part)
        except dev_progress.Failed as first:
            if not fresh and not first.touched:
                keep(STAMP, stamp)  # off line, say: what was there is there as it was
            why = cannot_help(first.words)
            if why is not None or not (fresh or first.touched):
                raise CannotSetUp(why or MIRRORS) from first
            say("that did not work; once more, from an empty .venv")
            make_venv(uv)
            done = {}
            try:
                install(uv, part)
            except dev_progress.Failed as again:
                raise CannotSetUp(cannot_help(again.words) or MIRRORS) from again
        kept = {name: made for name, made in done.items() if name in LOCKS and made == fingerprint(name)}
        keep(STAMP, json.dumps({**kept, "run": fingerprint("run"), part: fingerprint(part)}))
        say(f"ready after {time.monotonic() - started:.0f} s")


def finished() -> dict[str, str]:
    """The parts that `.venv` holds, each with the fingerprint that it was installed from."""
    try:
        told = json.loads(read(STAMP))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


MIRRORS = (
    "the packages could not be installed (see above); is the package index reachable? "
    "UV_DEFAULT_INDEX (uv) or PIP_INDEX_URL (pip) may name a mirror of it"
)


def cannot_help(words: str) -> str | None:
    """Why a second try is of no use, said to a person; None where it may be of use."""
    if "No space left on device" in words or "os error 112" in words:
        free = shutil.disk_usage(ROOT).free // 1_000_000
        return f"the disk is full ({free} MB are free at {ROOT}); make room, then the same command again"
    if "hash mismatch" in words.lower() or "DO NOT MATCH THE HASHES" in words:
        return "a file is not the one that the lock names (see above): a mirror, or the way to it, changed it"
    if "certificate" in words.lower():
        return (
            "the package index showed a certificate that nobody here trusts (see above); where that is your "
            "company's, SSL_CERT_FILE (uv) or PIP_CERT (pip) names the file with its own"
        )
    return None


def fingerprint(part: str) -> str:
    """Changes with the part's lock, the project's metadata, and the folder (installed scripts name it)."""
    whole = hashlib.sha256()
    for piece in (LOCKS[part].read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()):
        whole.update(hashlib.sha256(piece).digest())
    return whole.hexdigest()


def venv_works(*, need_pip: bool) -> bool:
    if not PYTHON.exists():
        return False
    code = "import sys; assert sys.version_info >= (3, 11)" + ("; import pip" if need_pip else "")
    return subprocess.call([str(PYTHON), "-c", code], stderr=subprocess.DEVNULL) == 0


def make_venv(uv: str | None) -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        if uv:
            quietly([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)])
        else:
            quietly([sys.executable, "-m", "venv", str(VENV)])
    except subprocess.CalledProcessError as why:
        raise CannotSetUp(f"no virtual environment could be made in {VENV.name} (see above)") from why


def install(uv: str | None, part: str) -> None:
    """Hashes make sure that every machine gets the same files, whatever mirror it asks."""
    locked = LOCKS[part]
    total = len(re.findall(r"^[\w.-]+==", read(locked), re.MULTILINE))
    pip = installer(uv)
    follow([*pip, "--require-hashes", "-r", str(locked)], "installing", total)
    follow([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "installing the program", 1)


def installer(uv: str | None) -> list[str]:
    if uv:
        # pip compiles what it installs, uv only when told: without it every first start takes a second more
        return [uv, "pip", "install", "--compile-bytecode", "--python", str(PYTHON)]
    words = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [*words, "--progress-bar", "raw" if pip_version() >= (24, 1) else "off"]


def pip_version() -> tuple[int, ...]:
    """Told by the name of its folder: to ask it takes half a second."""
    found = [path.name.split("-")[1] for path in VENV.glob("[Ll]ib*/**/pip-*.dist-info")]
    return tuple(int(number) for number in found[0].split(".")[:2] if number.isdigit()) if found else (0,)


def follow(command: list[str], what: str, total: int) -> None:
    dev_progress.followed(command, what, total, ROOT)


def working_uv() -> str | None:
    """uv's path, when the one found runs: a version switcher's shim may stand there and answer 127."""
    uv = shutil.which("uv")
    if uv is None or os.environ.get("LIVECONSOLE_NO_UV"):
        return None
    try:
        subprocess.run([uv, "--version"], check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return uv


def system_libraries(*, before_venv: bool) -> None:
    """Install what the system lacks where we may (root on Debian or Ubuntu), else say the line that does."""
    needed = machine.missing_libraries(window=False)
    wanted = [name for name in machine.missing_libraries(window=on_a_screen()) if name not in needed]
    font, emoji = not machine.has_chinese_font(), not machine.has_emoji_font()
    venv = before_venv and not can_make_venv()
    if not (needed or wanted or font or emoji or venv):
        return
    lacking = needed + wanted + ["a Chinese font"] * font + ["python3-venv"] * venv
    state = f"{machine.is_root()} {lacking}"
    # The script brings emoji too, but for them alone nobody's first minute waits: the line is said.
    if lacking and machine.is_root() and machine.is_debian() and read(TRIED) != state:
        say(f"installing from the system's packages: {', '.join(lacking)}")
        try:
            follow(["sh", str(ROOT / "packaging/linux/install-deps.sh")], "the system's packages", 0)
            needed = machine.missing_libraries(window=False)
            venv = before_venv and not can_make_venv()
            wanted, font, emoji = [], False, not machine.has_emoji_font()
        except dev_progress.Failed:
            if VENV.is_dir():
                TRIED.write_text(state, "utf-8")  # not again on every run of a machine that is off line
    lacking += ["a font with emoji"] * emoji
    if not (needed or wanted or font or emoji or venv):
        return
    line = machine.mending_line(needed + wanted, font=font, emoji=emoji, extra=("python3-venv",) * venv)
    say(f"the system lacks {', '.join(lacking)}" + (f"; this installs it:\n\n    {line}\n" if line else ""))
    if venv or needed:
        raise CannotSetUp("nothing more can be done without it")


def can_make_venv() -> bool:
    """Debian cuts ensurepip out of Python and puts it into python3-venv; uv does without."""
    if working_uv():
        return True
    code = "import ensurepip, venv"  # asked of a new interpreter: this one remembers what it did not find
    return subprocess.call([sys.executable, "-c", code], stderr=subprocess.DEVNULL) == 0


def on_a_screen() -> bool:
    return bool(os.environ.get("DISPLAY")) and not os.environ.get("QT_QPA_PLATFORM")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two makes at once wait for each other; the lock goes with the process, however it ends."""
    with open(ROOT / ".venv.lock", "a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                handle.seek(0)
                with contextlib.suppress(OSError):  # gives up after ten seconds
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# Small things ---------------------------------------------------------------------------------------


def lock(more: list[str]) -> int:
    """Write the locks: what running needs first, then the others around those versions."""
    uv = working_uv() or str(PYTHON.with_name("uv"))
    for part, path in LOCKS.items():
        args = [word for extra in EXTRAS[part] for word in ("--extra", extra)]
        args += [] if part == "run" else ["--constraint", LOCKS["run"].name]
        args += ["--universal", "--python-version", "3.11", "--generate-hashes", "--output-file", path.name]
        args += ["--no-header", "--no-emit-index-url", "--no-emit-find-links", *more]
        status = subprocess.call([uv, "pip", "compile", "--quiet", *args, "pyproject.toml"], cwd=ROOT)
        if status:
            return status
        path.write_text(HEADS[part] + path.read_text("utf-8"), "utf-8")
    return 0


HEADS = {
    "run": "# What the program needs to run, for every system, with hashes: python dev.py lock\n"
    "# (not uv.lock, which names the package index it was made with; docs/decisions/0004)\n",
    "dev": "# The same with the tests and the tools, for every system, with hashes: python dev.py lock\n",
    "bundle": "# The same with what builds the bundle, for every system, with hashes: python dev.py lock\n",
}


def clean() -> int:
    for name in BUILT:
        path = ROOT / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for folder in ("liveconsole", "ui", "tests"):
        for cache in list((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(cache)
    return 0


def become(command: list[str]) -> int:
    """Run `command` in our place, so that its exit code and its signals are ours."""
    if os.name == "posix":
        sys.stderr.flush()
        os.chdir(ROOT)
        os.execve(command[0], command, environment())
    return subprocess.call(command, cwd=ROOT, env=environment())


def environment() -> dict[str, str]:
    """Ours, with UTF-8 where the system says nothing or C: Qt warns of that locale, Windows' pipes differ."""
    env = dict(os.environ)
    spoken = next((env[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if env.get(name)), "")
    if os.name == "posix" and not spoken:
        env["LANG"] = "C.UTF-8"
    elif sys.platform == "linux" and spoken in ("C", "POSIX"):
        env["LC_ALL"] = "C.UTF-8"
    env.setdefault("PYTHONUTF8", "1")
    return env


def quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr, cwd=ROOT)


def keep(path: Path, words: str) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(words, "utf-8")
    beside.replace(path)


def read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\nbroken off")
        sys.exit(130)
