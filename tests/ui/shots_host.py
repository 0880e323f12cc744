"""Pictures of the host's screen: ``python -m tests.ui.shots_host FOLDER [ratio] [language]``.

Not a test. Runs on the offscreen platform; ``ratio`` 2 is what a screen at 200 % shows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if len(sys.argv) > 2:
        os.environ["QT_SCALE_FACTOR"] = sys.argv[2]

from PySide6.QtWidgets import QApplication

from tests.ui.host_rooms import host_at
from tests.ui.rooms import Evening, empty_state, host_state, manual_state
from tests.ui.shots import settle
from ui import i18n, theme


def main(folder: str, ratio: str = "1", language: str = "zh") -> None:
    """Write one picture a state and size."""
    app = QApplication([])
    i18n.use(language)
    theme.apply(app)
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    for name, state in (
        ("host", host_state()),
        ("counting", host_state(counting=True)),
        ("rehearsal", Evening("rehearsal").shown()),
        ("manual", manual_state()),
        ("empty", empty_state()),
    ):
        for width, height in ((1280, 720), (1920, 1080)):
            window = host_at(state)
            window.resize(width, height)
            window.show()
            if name in ("host", "counting"):
                window.prompter.toggle()
                window.prompter.nudge(1)
            settle(app)
            window.grab().save(str(where / f"{name}-{height}-{ratio}-{language}.png"))
            window.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
