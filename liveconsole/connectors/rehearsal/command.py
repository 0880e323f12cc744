"""``liveconsole rehearse``: the desk on a simulated room, or a whole rehearsal without one."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from liveconsole.bus.client import BusError, Client
from liveconsole.bus.discovery import FILE as ENGINE_FILE
from liveconsole.bus.discovery import Discovery
from liveconsole.bus.launch import find_or_start
from liveconsole.bus.starting import child_environment, end_started, program
from liveconsole.connectors.rehearsal import kept, scenario, settings
from liveconsole.connectors.rehearsal.driver import BYE
from liveconsole.exits import Exit
from liveconsole.paths import data_folder, own_folder, rehearsal_folder
from liveconsole.screen import CannotOpen, on_screen, plugin_for_a_window
from liveconsole.store.errors import StoreError
from liveconsole.views.summary import Summary

HEADLESS_SECONDS: Final = 600.0
SHORT_SECONDS: Final = 24.0
"""A rehearsal with no screen: long enough for the script to have shown every kind, and a draw."""
_NAMED: Final = 5
"""So many of the rehearsals that were removed are named."""
_DOWN_WITHIN: Final = 20.0
_PAGE: Final = 10_000


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole rehearse", description="A simulated room.")
    words.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, another audience")
    words.add_argument(
        "--speed", type=_positive, default=1.0, metavar="X", help="how fast the audience lives"
    )
    words.add_argument("--seconds", type=_positive, metavar="S", help="end by itself")
    words.add_argument(
        "--scenario",
        default=scenario.DEFAULT,
        metavar="NAME",
        help=", ".join([*scenario.names(), *scenario.law_names()]),
    )
    words.add_argument("--headless", action="store_true", help="on virtual time, without a desk")
    words.add_argument("--autopilot", action="store_true", help="the script presses the host's keys")
    words.add_argument("--data", type=Path, metavar="DIR", help="default: a new folder for every rehearsal")
    words.add_argument("--screenshot", type=Path, metavar="FILE", help="of the desk, when it ends by itself")
    return words


def run(argv: Sequence[str]) -> int:
    """0: ended as asked; 1: the engine or the store could not be used; else what the desk says."""
    args = parser().parse_args(argv)
    try:
        scenario.load(args.scenario)
    except scenario.UnknownScenario as why:
        _say(str(why))
        return Exit.USAGE
    if args.headless:
        return _headless(args)
    offscreen = not on_screen()
    if offscreen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _say("no screen: one short rehearsal on an offscreen desk")
    try:
        plugin_for_a_window()  # before a folder is made and an engine started for a desk that cannot open
        return _on_the_desk(args, alone=offscreen)
    except CannotOpen as why:
        sys.stderr.write(str(why))
        return Exit.FAILED
    except (BusError, OSError) as why:
        _say(str(why))
        return Exit.FAILED


def _headless(args: argparse.Namespace) -> int:
    from liveconsole.connectors.rehearsal.headless import run_headless

    seconds = args.seconds or HEADLESS_SECONDS
    with tempfile.TemporaryDirectory(prefix="liveconsole-") as made, _no_keyring():
        folder = Path(made) if args.data is None else data_folder(args.data)
        if (folder / "room.db").exists():
            _say(f"{folder} holds a room already; a headless rehearsal needs a folder of its own")
            return Exit.FAILED
        try:
            summary = run_headless(args.seed, args.scenario, seconds, folder)
        except (StoreError, OSError) as why:
            _say(str(why))
            return Exit.FAILED
    _print(summary.line(args.seed, simulated=True))
    return Exit.OK


def _on_the_desk(args: argparse.Namespace, *, alone: bool) -> int:
    """``alone``: nobody can press a key, so the script does, and what came of it is printed."""
    seconds = args.seconds or (SHORT_SECONDS if alone else None)
    with _no_keyring() if args.data is None else contextlib.nullcontext():
        folder = own_folder(data_folder(args.data)) if args.data is not None else _fresh_folder(args.seed)
        with kept.held(folder):
            return _played(args, folder, seconds, alone=alone)


def _fresh_folder(seed: int) -> Path:
    base = own_folder(rehearsal_folder())
    _forget_old(base)
    return kept.new_folder(base, seed)


def _played(args: argparse.Namespace, folder: Path, seconds: float | None, *, alone: bool) -> int:
    shot = args.screenshot or (own_folder(folder / "screenshots") / "desk.png" if alone else None)
    settings.keep(folder, settings.Rehearsal(args.seed, args.scenario))
    own = args.data is None
    try:
        found, ours = asyncio.run(find_or_start(folder, options=["--rehearsal", "--with-desk"]))
        world = _start_world(folder, args.speed, autopilot=alone or args.autopilot)
    except BaseException:  # broken off while it came up: nobody else knows of that engine
        if own:
            end_started(folder, _DOWN_WITHIN)
        raise
    try:
        words = ["--data", str(folder), "--role", "host"]
        if seconds is not None:
            words += ["--seconds", str(seconds)]
        if shot is not None:
            words += ["--screenshot", str(shot.absolute())]
        code: int = importlib.import_module("ui.program.start").main(words)
        if code == 0 and alone:
            summary = asyncio.run(_summary(found))
            taken = str(shot.absolute()) if shot is not None and shot.exists() else None
            _print(summary.line(args.seed, simulated=True, screenshot=taken))
    finally:
        _end_world(world, folder, stop_engine=ours or own)
    return code


async def _summary(found: Discovery) -> Summary:
    summary, after = Summary(), 0
    async with Client(found.url, found.tokens["host"], found.proof_key) as client:
        while page := await client.log(after, _PAGE):
            summary.add(page)
            after = page[-1]["seq"]
    return summary


def _start_world(folder: Path, speed: float, *, autopilot: bool) -> subprocess.Popen[bytes]:
    words = [*program(), "rehearsal-world", "--data", str(folder), "--speed", str(speed), "--until-eof"]
    hidden: dict[str, Any] = {}
    if os.name == "nt":
        hidden["creationflags"] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        [*words, "--autopilot"] if autopilot else words,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        env=child_environment(),
        start_new_session=os.name == "posix",  # Ctrl-C is the desk's: the world is told by its stdin
        **hidden,
    )


def _end_world(world: subprocess.Popen[bytes], folder: Path, *, stop_engine: bool) -> None:
    """Say goodbye: the world leaves, and stops the engine where that is ours to stop."""
    assert world.stdin is not None
    if not stop_engine:
        world.terminate()
    with contextlib.suppress(OSError):
        if stop_engine:
            world.stdin.write(BYE)
        world.stdin.close()
    try:
        world.wait(_DOWN_WITHIN)
    except subprocess.TimeoutExpired:
        world.kill()
        world.wait()
    deadline = time.monotonic() + _DOWN_WITHIN
    while stop_engine and (folder / ENGINE_FILE).exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def _forget_old(base: Path) -> None:
    gone = kept.remove_old(base, datetime.now().astimezone().replace(tzinfo=None))
    if gone:
        names = ", ".join(each.name for each in gone[:_NAMED]) + " …" * (len(gone) > _NAMED)
        size = sum(each.size for each in gone) / 1e6
        _say(f"删掉了旧排练 / old rehearsals removed: {len(gone)} ({size:.1f} MB): {names}")


@contextlib.contextmanager
def _no_keyring() -> Iterator[None]:
    """A rehearsal's key lies in its folder and goes with it: nothing of it stays in the user's keyring."""
    before = os.environ.get("LIVECONSOLE_KEYRING")
    os.environ["LIVECONSOLE_KEYRING"] = "off"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LIVECONSOLE_KEYRING"]
        else:
            os.environ["LIVECONSOLE_KEYRING"] = before


def _print(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


def _positive(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or number <= 0:
        raise ValueError(text)
    return number
