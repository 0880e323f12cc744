"""Power cut: what was acknowledged outlives the machine, as a copy of the disk at any moment shows.

ext4 in a file; the engine writes inside, its answers are kept outside. Frozen, the file is copied: what was
not synced is not in it. The control, synchronous=NORMAL, must lose.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.store import open_store
from tests.contract.engine_process import comment
from tests.faults.harness.processes import Engine, until

Start = Callable[..., Engine]
Mounted = Callable[..., Path]


@pytest.fixture
def cut(mounted: Mounted, start: Start, tmp_path: Path) -> Callable[..., tuple[set[str], set[str], int]]:
    """Runs an engine on a disk of its own and takes its power: ids acknowledged, ids found, the last seq."""
    counter = iter(range(100))

    def once(*bend: str, seconds: float = 0.25) -> tuple[set[str], set[str], int]:
        image = tmp_path / f"disk{next(counter)}.img"
        with open(image, "wb") as file:
            file.truncate(24 << 20)
        if shutil.which("mkfs.ext4") is None:
            pytest.skip("no mkfs.ext4 here: apt-get install e2fsprogs")
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
        place = mounted("-o", "loop", str(image))
        engine = start(place / "room", bend=bend)
        os.sync()
        acknowledged: set[str] = set()
        stop = threading.Event()

        def write() -> None:
            n = 0
            with contextlib.suppress(OSError):
                while not stop.is_set():
                    ids = [f"{n}-{k}" for k in range(5)]
                    engine.post([comment(id_) for id_ in ids])
                    acknowledged.update(ids)
                    n += 1

        writer = threading.Thread(target=write)
        writer.start()
        until(lambda: len(acknowledged) > 20)
        time.sleep(seconds)  # the moment of the cut is the test's input, not a wait for something
        engine.freeze()
        promised = set(acknowledged)
        survivor = image.with_suffix(".copy")
        shutil.copyfile(image, survivor)
        stop.set()
        engine.process.kill()
        engine.revive()
        engine.process.wait()
        writer.join(10)
        again = mounted("-o", "loop", str(survivor))
        store = open_store(again / "room")
        found = {stored.id for stored in store.events_after(0)}
        seqs = [stored.seq for stored in store.events_after(0)]
        store.close()
        assert seqs == list(range(1, len(seqs) + 1))
        served = start(again / "room")
        assert served.seq() == len(seqs)
        assert served.stop() == 0
        for where, disk in ((place, image), (again, survivor)):
            subprocess.run(["umount", "-l", str(where)], check=True)
            disk.unlink()
        return promised, found, len(seqs)

    return once


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3])
def test_a_power_cut_loses_nothing_acknowledged(
    cut: Callable[..., tuple[set[str], set[str], int]], seconds: float
) -> None:
    promised, found, _ = cut(seconds=seconds)
    assert promised <= found, f"{len(promised - found)} of {len(promised)} lost"
    assert len(found - promised) <= 5, "at most the one post that was on its way"


@pytest.mark.parametrize("seconds", [0.1, 0.3])
def test_nor_does_one_among_checkpoints(
    cut: Callable[..., tuple[set[str], set[str], int]], seconds: float
) -> None:
    promised, found, _ = cut("checkpoints_always", seconds=seconds)
    assert promised <= found, f"{len(promised - found)} of {len(promised)} lost"


@pytest.mark.deep
@pytest.mark.timeout(600)
def test_many_power_cuts(cut: Callable[..., tuple[set[str], set[str], int]]) -> None:
    for n in range(40):
        promised, found, _ = cut(seconds=n / 100)
        assert promised <= found, (n, len(promised - found))


def test_control_without_the_sync_something_is_lost(
    cut: Callable[..., tuple[set[str], set[str], int]],
) -> None:
    promised, found, _ = cut("not_synced")
    assert promised - found, "NORMAL lost nothing: this test sees no power cut"
