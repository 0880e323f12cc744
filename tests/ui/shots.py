"""Pictures of the panels, to be looked at: ``python -m tests.ui.shots FOLDER [theme] [ratio] [language]``.

Not a test. Runs on the offscreen platform; ``ratio`` 2 is what a screen at 200 % shows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if len(sys.argv) > 3:
        os.environ["QT_SCALE_FACTOR"] = sys.argv[3]

from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import State
from tests.ui.committed import NOW, busy
from tests.ui.looking import look
from tests.ui.rooms import Evening, empty_state, manual_state, sample_state
from ui import i18n, theme
from ui.panels.cart import CartPanel
from ui.panels.feed import FeedPanel
from ui.panels.health import HealthPanel
from ui.panels.on_air import OnAirStrip
from ui.panels.stage import StagePanel


def desk(state: State, *, comments: int = 3000, paused: bool = False) -> QWidget:
    """The display panels laid out as on the sketch, without the queue that stands between them."""
    window = QWidget()
    window.setObjectName("window")
    strip, cart, stage, feed, health = OnAirStrip(), CartPanel(), StagePanel(), FeedPanel(), HealthPanel()
    for panel in (strip, cart, stage, feed, health):
        look(panel, state)
    if comments:
        feed.take(list(busy(comments)))
    feed.tick(NOW)
    middle = QVBoxLayout()
    middle.setSpacing(theme.GAP)
    middle.addWidget(stage)
    middle.addWidget(health, 1)
    columns = QHBoxLayout()
    columns.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
    columns.setSpacing(theme.GAP)
    columns.addWidget(cart, 26)
    columns.addLayout(middle, 43)
    columns.addWidget(feed, 28)
    outer = QVBoxLayout(window)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    outer.addWidget(strip)
    outer.addLayout(columns, 1)
    window.resize(1440, 860)
    window.show()
    cart.list.choose("gloves")
    if paused:
        feed.view.scroll_rows(-4)
        feed.take(list(busy(37, seed=9)))
    return window


def settle(app: QApplication) -> None:
    """Let nested layouts come to rest: each round of events may ask for another."""
    for _ in range(6):
        app.processEvents()


def main(folder: str, name: str = "dark", ratio: str = "1", language: str = "zh") -> None:
    """Write one picture a state."""
    app = QApplication([])
    i18n.use(language)
    theme.apply(app, name)
    simulated = Evening("rehearsal")
    simulated.pin("scarf")
    simulated.fire(simulated.sale())
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    for what, state, comments in (
        ("room", sample_state(), 3000),
        ("empty", empty_state(), 0),
        ("manual", manual_state(), 400),
        ("rehearsal", simulated.shown(), 3000),
    ):
        window = desk(state, comments=comments, paused=what == "rehearsal")
        if what == "manual":
            strip = window.findChild(OnAirStrip)
            assert strip is not None
            strip.set_keyboard(False)
        settle(app)
        window.grab().save(str(where / f"{what}-{name}-{ratio}-{language}.png"))
        if what == "room":
            window.resize(960, 640)
            settle(app)
            window.grab().save(str(where / f"narrow-{name}-{ratio}-{language}.png"))
        window.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
