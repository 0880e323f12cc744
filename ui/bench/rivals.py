"""The same comments into three views of one size: ours, a text edit, and a list view with a model.

Each gets a batch a frame in this process, so that nothing but the view differs.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtWidgets import QListView, QPlainTextEdit, QVBoxLayout, QWidget

from ui.bench.beat import Frames, Heartbeat, PaintedWindow, spread
from ui.panels.feed import FeedPanel
from ui.seat.seat import FRAME_MS

RING: Final = 5_000
"""Rows that the rivals keep; ours keeps ten times as many."""
_SAID: Final = (
    "扣1",
    "主播身高体重多少",
    "什么时候发货",
    "有黑色吗",
    "这件和上一件哪个显瘦",
    "拍了两件，尽快发货哦",
)

Batch = list[dict[str, Any]]
Take = Callable[[Batch], None]


class _Model(QAbstractListModel):
    """Rows go in at the end and out at the beginning, as the manual shows it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[str] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        return self._rows[index.row()] if role == Qt.ItemDataRole.DisplayRole else None

    def take(self, batch: Batch) -> None:
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(batch) - 1)
        self._rows += [line(event) for event in batch]
        self.endInsertRows()
        over = len(self._rows) - RING
        if over > 0:
            self.beginRemoveRows(QModelIndex(), 0, over - 1)
            del self._rows[:over]
            self.endRemoveRows()


def ours() -> tuple[QWidget, Take]:
    panel = FeedPanel()
    return panel, panel.take


def text_edit() -> tuple[QWidget, Take]:
    edit = QPlainTextEdit()
    edit.setReadOnly(True)
    edit.setMaximumBlockCount(RING)
    return edit, lambda batch: edit.appendPlainText("\n".join(line(event) for event in batch))


def list_view() -> tuple[QWidget, Take]:
    view, model = QListView(), _Model()
    model.setParent(view)
    view.setModel(model)
    view.setUniformItemSizes(True)

    def take(batch: Batch) -> None:
        model.take(batch)
        view.scrollToBottom()

    return view, take


VIEWS: Final[dict[str, Callable[[], tuple[QWidget, Take]]]] = {
    "ours": ours,
    "text_edit": text_edit,
    "list_view": list_view,
}


def line(event: dict[str, Any]) -> str:
    """A comment as a rival shows it."""
    data = event["data"]
    return f"{event['at'][11:16]} {data['viewer']['name']} {data['text']}"


async def run(rate: int, seconds: float) -> dict[str, Any]:
    """Every view in turn, ``seconds`` each at ``rate`` comments a second."""
    return {name: await _one(make, rate, seconds) for name, make in VIEWS.items()}


async def _one(make: Callable[[], tuple[QWidget, Take]], rate: int, seconds: float) -> dict[str, Any]:
    frames = Frames()
    window = PaintedWindow(frames)
    window.resize(480, 960)
    widget, take = make()
    column = QVBoxLayout(window)
    column.addWidget(widget)
    window.show()
    rng = random.Random(5)
    beat, timer, sent = Heartbeat(window), QTimer(window), 0
    # A full ring first: an empty view is cheap for everybody.
    for _ in range(RING // 500 + 1):
        take(_batch(rng, 500))
    await asyncio.sleep(0.1)

    began, wanted, all_of_them = time.monotonic(), int(seconds * rate), asyncio.Event()

    def frame() -> None:
        nonlocal sent
        owed = min(int((time.monotonic() - began) * rate), wanted) - sent
        if owed > 0:
            batch = _batch(rng, owed)
            since = time.perf_counter_ns()
            take(batch)
            frames.took(since)
            sent += owed
        if sent == wanted:
            all_of_them.set()

    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(frame)
    frames.spent.clear()
    beat.begin()
    timer.start(FRAME_MS)
    await all_of_them.wait()  # not a sleep: Qt ends a long one up to 5 % early
    timer.stop()
    beat.stop()
    window.close()
    window.deleteLater()
    return {"gap": spread(beat.gaps), "frame": spread(frames.spent)}


def _batch(rng: random.Random, count: int) -> Batch:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    batch = []
    for _ in range(count):
        viewer = rng.randrange(20_000)
        text = rng.choice(_SAID)
        if rng.random() < 1 / 3:
            text += f" {rng.randrange(10**6)}"
        who = {"id": f"wx{viewer}", "name": f"用户{viewer}"}
        batch.append({"seq": 0, "type": "comment.posted", "at": at, "data": {"viewer": who, "text": text}})
    return batch
