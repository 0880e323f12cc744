"""主播大屏: the host's second screen, read at three metres."""

from __future__ import annotations

from ui.windows.host.questions import as_note
from ui.windows.host.window import HostWindow

__all__ = ["HostWindow", "as_note"]
