"""What the simulated platform does with an effect, and the book it keeps. Pure but for the book's file.

An effect is carried out once for its key, however often it is asked for; the book has one row for every ask
and one for every effect, on disk before anything is answered. So a test, or a person, can count them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct

from liveconsole.connectors.rehearsal.moment import between
from liveconsole.connectors.rehearsal.scenario import Behaviour
from liveconsole.paths import own_folder

Outcome = Literal["done", "refused"]


class AskedRow(Struct, frozen=True, tag_field="row", tag="asked"):
    at: datetime
    key: str
    cue_id: str
    step: str
    kind: str


class OutcomeRow(Struct, frozen=True, tag_field="row", tag="effect"):
    """From ``shows_at`` on the platform knows what became of it."""

    at: datetime
    key: str
    cue_id: str
    step: str
    kind: str
    outcome: Outcome
    shows_at: datetime


Row = AskedRow | OutcomeRow


class Reply(Struct, frozen=True):
    """What is said to an ask: after how many seconds (None: never), and whether it is said twice."""

    outcome: Outcome
    after: float | None
    twice: bool = False


class PlatformLedger(Protocol):
    """Rows are kept in order; `add` returns once the row is where it belongs."""

    def rows(self) -> Iterator[Row]: ...

    def add(self, row: Row) -> None: ...


class MemoryLedger:
    """For a headless rehearsal."""

    def __init__(self) -> None:
        self.kept: list[Row] = []

    def rows(self) -> Iterator[Row]:
        return iter(self.kept)

    def add(self, row: Row) -> None:
        self.kept.append(row)


class FileLedger:
    """JSON lines, each synced to disk. A line that a crash tore off was never answered: it is cut away."""

    def __init__(self, path: Path) -> None:
        self._path = path
        own_folder(path.parent)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._file = os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)
        whole = path.read_bytes()
        end = whole.rfind(b"\n") + 1
        if end < len(whole):
            self._file.truncate(end)

    def rows(self) -> Iterator[Row]:
        decode: msgspec.json.Decoder[Row] = msgspec.json.Decoder(Row)
        yield from decode.decode_lines(self._path.read_bytes())

    def add(self, row: Row) -> None:
        self._file.write(msgspec.json.encode(row) + b"\n")
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class SimulatedPlatform:
    """A platform that behaves as its scenario says; what it does with a key follows from seed and key."""

    def __init__(self, behaviour: Behaviour, seed: int, book: PlatformLedger) -> None:
        self._behaviour = behaviour
        self._seed = seed
        self._book = book
        self._effects: dict[str, OutcomeRow] = {r.key: r for r in book.rows() if isinstance(r, OutcomeRow)}

    def ask(
        self, now: datetime, *, key: str, cue_id: str, step: str, kind: str, silent: float | None = None
    ) -> Reply:
        """Carry it out, if this key was not carried out before, and say so as the behaviour has it.

        In a drill it is carried out, and for ``silent`` seconds nobody can learn of it."""
        names: dict[str, Any] = {"key": key, "cue_id": cue_id, "step": step, "kind": kind}
        self._book.add(AskedRow(at=now, **names))
        dice, way = Random(f"{self._seed}/effect/{key}"), self._behaviour
        refused = step == "on_air" and dice.random() < way.refuse
        outcome: Outcome = "refused" if refused else "done"
        roll, twice = dice.random(), dice.random() < way.twice
        mute, late = roll < way.silent, way.silent <= roll < way.silent + way.late
        after = round(between(way.late_seconds if late else way.seconds, dice.random()), 3)

        if silent is not None:
            outcome, after = "done", round(silent, 3)
        had = self._effects.get(key)
        if had is not None:
            rest = max(0.0, (had.shows_at - now) / timedelta(seconds=1))
            return Reply(had.outcome, max(rest, way.seconds[0]))
        carried = OutcomeRow(at=now, outcome=outcome, shows_at=now + timedelta(seconds=after), **names)
        self._book.add(carried)
        self._effects[key] = carried
        return Reply(outcome, None if mute or silent is not None else after, twice)

    def query(self, now: datetime, key: str) -> Literal["done", "refused", "unknown", "absent"]:
        """What became of it; changes nothing."""
        had = self._effects.get(key)
        if had is None:
            return "absent"
        return had.outcome if now >= had.shows_at else "unknown"
