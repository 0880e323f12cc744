"""A seat at a fake bus, beside the column in which sheets open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from PySide6.QtWidgets import QLabel

from liveconsole import tasks
from tests.ui.fake_bus import FakeBus, until
from tests.ui.rooms import sample_state
from ui.seat.seat import Seat
from ui.sheets.sheet import SideStack


class Sitting:
    """``bus`` says and remembers, ``seat`` has joined it, ``side`` shows a sheet at a time."""

    def __init__(self) -> None:
        self.bus = FakeBus(sample_state())

        async def join() -> FakeBus:
            return self.bus

        self.seat = Seat(join)
        self.side = SideStack(QLabel("home"))
        self.side.resize(420, 760)
        self.side.show()


Sat = TypeVar("Sat", bound=Sitting)


@asynccontextmanager
async def joined(made: Sat) -> AsyncIterator[Sat]:
    """From the first state until the seat is given up."""
    living = tasks.spawn(made.seat.run(), name="seat")
    await until(lambda: made.seat.state is not None)
    yield made
    made.side.deleteLater()
    await made.seat.close()
    await tasks.cancel_all([living])
