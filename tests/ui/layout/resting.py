"""A window at rest in sizes, and all that is wrong with it there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import Fault, faults


async def at_rest() -> None:
    """What layouts put off is done."""
    for _ in range(8):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


async def faults_at(window: QWidget, *sizes: tuple[int, int]) -> list[str]:
    """What the rules of layout and of painting say of it in each size (logical pixels)."""
    found: list[str] = []
    for size in sizes:
        window.resize(*size)
        await at_rest()
        found += [f"{size} {fault}" for fault in all_faults(window)]
    return found


def all_faults(window: QWidget) -> Iterable[Fault]:
    """As it stands."""
    return (*faults(window), *painted_faults(window))
