"""What every row of the bench is given: how long it may take and where it may write."""

from __future__ import annotations

import itertools
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from liveconsole.bench import comments
from liveconsole.bench.wire import BenchConnection


class BenchRun:
    """One run of the bench; its folder goes away at the end."""

    def __init__(
        self, folder: Path, *, quick: bool, minutes: float | None = None, database: str | None = None
    ) -> None:
        """``database``: address of a PostgreSQL database in which a room may be made and gone."""
        self.quick, self.minutes, self.database = quick, minutes, database
        self._folder = folder
        self._numbers = itertools.count(1)

    def folder(self, name: str) -> Path:
        """A folder of one's own that is not there yet."""
        return self._folder / f"{name}-{next(self._numbers)}"

    def pick(self, quick: int, full: int) -> int:
        """A size: the smaller one under ``--quick``."""
        return quick if self.quick else full

    def seconds(self, quick: int, full: int) -> float:
        """How long a flood lasts: as ``pick``, or the ``--minutes`` that were asked for."""
        return self.minutes * 60 if self.minutes is not None else self.pick(quick, full)


class BenchHost:
    """A host who gives commands, each under an id of its own."""

    def __init__(self, wire: BenchConnection) -> None:
        self._wire = wire
        self._ids = itertools.count(1)

    async def __call__(self, type_: str, **data: Any) -> dict[str, Any]:
        return await self._wire.command(f"bench-{next(self._ids)}", type_, data)


async def open_room(ask: BenchHost) -> None:
    """A room that is live: broadcast open, and a lucky bag with a keyword on air longer than any row."""
    await ask("broadcast.open", title="bench")
    await ask("room.set", recall_seconds=0)
    spec = {
        "prize": {"name": "保温杯", "value_fen": 5_900},
        "winners": 3,
        "entry": {"keyword": comments.KEYWORD},
        "seconds": 7_200,
    }
    bag = await ask("cue.add", kind="lucky_bag", spec=spec)
    await ask("cue.fire", cue_id=bag["cue_id"])


async def fill_room(ask: BenchHost) -> list[str]:
    """An evening in full swing: sixty products, twenty segments, two sales and a coupon on air, others
    waiting, notes before the host. Returns the SKUs, those of the running sales first."""
    ids = [f"p{number:02d}" for number in range(60)]
    products = [
        {"product_id": id_, "title": f"秋季新品 {id_}", "price_fen": 9_900, "floor_fen": 4_900, "stock": 500}
        for id_ in ids
    ]
    await ask("catalogue.put", products=products)
    await ask("cart.add", product_ids=ids)
    sales = [
        {"sku_id": id_, "price_fen": 7_900, "quantity": 100, "per_buyer": 2, "seconds": 3_600} for id_ in ids
    ]
    coupon = {
        "name": "满 129 减 10",
        "rule": {"threshold_fen": 12_900, "off_fen": 1_000},
        "quantity": 500,
        "per_buyer": 1,
        "seconds": 3_600,
    }
    segments = [
        {
            "product_id": id_,
            "minutes": 3,
            "script": "先讲面料，再讲尺码，最后讲价格。" * 12,
            "cues": [{"kind": "flash_sale", "spec": sale}],
        }
        for id_, sale in zip(ids[:20], sales, strict=False)
    ]
    await ask("rundown.put", segments=segments)
    await ask("go.next")
    for kind, spec in (("flash_sale", sales[30]), ("flash_sale", sales[31]), ("coupon", coupon)):
        cue = await ask("cue.add", kind=kind, spec=spec)
        await ask("cue.fire", cue_id=cue["cue_id"])
    for sale in sales[40:46]:
        await ask("cue.add", kind="flash_sale", spec=sale)
    for text in ("下一件先讲尺码", "库存还剩 12 件", "有人问什么时候发货 ×38"):
        await ask("note.put", text=text, to="host")
    return [*ids[30:32], *ids[:30], *ids[32:]]


def resident(pid: int) -> float | None:
    """MB of memory that a process holds now, or None where this system does not tell."""
    system = platform.system()
    try:
        if system == "Linux":
            pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        if system == "Darwin":
            told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
            return int(told.stdout) * 1024 / 1e6
    except (OSError, ValueError, subprocess.CalledProcessError):
        pass
    return None


def processor(pid: int) -> float | None:
    """Seconds of processor time that a process has used, or None where this system does not tell."""
    system = platform.system()
    try:
        if system == "Linux":
            # Behind the name, which may hold blanks and brackets.
            words = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        if system == "Darwin":
            told = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, check=True)
            parts = told.stdout.decode().strip().replace("-", ":").split(":")
            return sum(
                float(part) * unit
                for part, unit in zip(reversed(parts), (1, 60, 3_600, 86_400), strict=False)
            )
    except (OSError, ValueError, IndexError, subprocess.CalledProcessError):
        pass
    return None
