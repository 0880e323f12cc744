"""The simulated store is the real one: the same evening on both, and every question answered alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from liveconsole.engine import refill
from liveconsole.messages.bounds import PAGE_BYTES
from liveconsole.store import InputTaken, SeqTaken, Store, StoredEvent, Write, open_store
from liveconsole.store.pasts import PaidOrders
from liveconsole.store.rows import BroadcastRow, OrderRow
from liveconsole.store.tables import BOOKS
from tests.sim import disk as disks
from tests.sim.faults import KINDS
from tests.sim.run import run
from tests.table_rows import rows_of

T = TypeVar("T")
WITHOUT = ("disk.", "snapshot.older")
FAULTS = frozenset(kind for kind in KINDS if not kind.startswith(WITHOUT))
"""A real disk cannot be told to fail here (tests/faults makes one that can)."""


class BothDisks(disks.Disk):
    """Every commit goes to a real store as well, and what one refuses the other must refuse."""

    folder: Path
    real: Store | None = None

    def open(self) -> None:
        if self.real is not None:
            self.real.close()
        meta = self.meta
        self.real = open_store(
            self.folder, room_id=meta.room_id, simulated=meta.simulated, person_key=meta.person_key
        )

    def _apply(self, write: Write) -> None:
        super()._apply(write)
        assert self.real is not None
        self.real.commit(write)

    def commit(self, store: disks.SimStore, write: Write) -> None:
        try:
            super().commit(store, write)
        except (SeqTaken, InputTaken) as error:
            assert self.real is not None
            with pytest.raises(type(error)):
                self.real.commit(write)
            raise


class BothStores(disks.SimStore):
    """Asks both; a different answer is an error."""

    def __init__(self, disk: BothDisks, owner: Any = None) -> None:
        super().__init__(disk, owner)
        self._both = disk
        if owner is not None:
            disk.open()

    @property
    def _real(self) -> Store:
        assert self._both.real is not None
        return self._both.real

    def last_seq(self) -> int:
        return _same(super().last_seq(), self._real.last_seq())

    def known(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        return _same(super().known(keys), self._real.known(keys))

    def answers(self, ids: Sequence[str]) -> dict[str, tuple[bytes, bytes]]:
        return _same(super().answers(ids), self._real.answers(ids))

    def orders_of(self, ids: Sequence[str]) -> dict[str, OrderRow]:
        return _same(super().orders_of(ids), self._real.orders_of(ids))

    def pasts_of(self, pids: Sequence[str]) -> dict[str, PaidOrders]:
        return _same(super().pasts_of(pids), self._real.pasts_of(pids))

    def cues_of(self, ids: Sequence[str]) -> dict[str, int]:
        return _same(super().cues_of(ids), self._real.cues_of(ids))

    def broadcasts(self, before: int = 0, limit: int = 1_000) -> list[BroadcastRow]:
        return _same(super().broadcasts(before, limit), self._real.broadcasts(before, limit))

    def books_version(self) -> int:
        return _same(super().books_version(), self._real.books_version())

    def load(self, fold_version: int) -> tuple[bytes | None, int]:
        return _same(super().load(fold_version), self._real.load(fold_version))

    def snapshot(self, seq: int, fold_version: int, blob: bytes) -> None:
        super().snapshot(seq, fold_version, blob)
        self._real.snapshot(seq, fold_version, blob)

    def events_after(self, seq: int) -> Iterator[StoredEvent]:
        return iter(_same(list(super().events_after(seq)), list(self._real.events_after(seq))))

    def read(
        self,
        after: int,
        limit: int,
        types: Sequence[str] = (),
        *,
        names: bool = True,
        most_bytes: int = PAGE_BYTES,
    ) -> list[bytes]:
        return _same(
            super().read(after, limit, types, names=names, most_bytes=most_bytes),
            self._real.read(after, limit, types, names=names, most_bytes=most_bytes),
        )

    def names(self, pids: Iterable[str]) -> dict[str, tuple[str, str]]:
        asked = list(pids)
        return _same(super().names(asked), self._real.names(asked))

    def secret(self, name: str) -> bytes | None:
        return _same(super().secret(name), self._real.secret(name))

    def open_reader(self) -> disks.SimStore:
        return BothStores(self._both)


def _same(ours: T, real: T) -> T:
    assert ours == real
    return ours


def tables(store: Store) -> dict[str, list[Any]]:
    """Every read table, row by row."""
    with store._file.reading() as c:
        return {name: sorted(map(tuple, rows_of(c, name)), key=repr) for name in BOOKS}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [3, 11, 22, 60])
def test_an_evening_is_the_same_on_the_real_store(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = run(seed, only=FAULTS)
    made: list[BothDisks] = []

    class Here(BothDisks):
        folder = tmp_path / "data"

        def __init__(self, meta: Any) -> None:
            super().__init__(meta)
            made.append(self)

    monkeypatch.setattr(disks, "Disk", Here)
    monkeypatch.setattr("tests.sim.process.SimStore", BothStores)
    both = run(seed, only=FAULTS)
    (disk,) = made
    assert disk.real is not None
    assert disk.real.last_seq() == both.events > 0
    # what viewers came to is read by the boards alone; the tables are compared whole below
    assert disk.real.broadcasts() == list(disk.broadcasts.values())
    told = disk.real.orders(100_000)
    assert {row.order_id: row for row in told} == disk.orders
    living = tables(disk.real)
    assert all(living[name] for name in ("order_line", "goods_row"))
    refill.refill(disk.real)
    assert tables(disk.real) == living
    disk.real.close()
    assert both.broken is None
    assert (both.events, both.trace) == (alone.events, alone.trace)
