"""定点 as a person types it: ``20:12`` is the next time that the clock on the wall shows it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtWidgets import QLineEdit

from ui.i18n import t

_TYPED: Final = re.compile(
    r"\s*(\d{1,2})\s*[:：点]\s*(\d{1,2})?(?:\s*[:：分]\s*(\d{1,2}))?\s*分?\s*", re.ASCII
)


class MomentEntry(QLineEdit):
    """Empty: none. What stood there when it was filled comes out as it went in."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(t("例如 20:12"))
        self._filled: tuple[str, datetime | None] = ("", None)

    def fill(self, at: datetime | None) -> None:
        """Show a moment."""
        here = at.astimezone() if at is not None else None
        words = f"{here:%H:%M:%S}".removesuffix(":00") if here is not None else ""
        self._filled = (words, at)
        self.setText(words)

    def moment(self, now: datetime) -> datetime | None:
        """Return what is meant; None where nothing is.

        Raises:
            ValueError: it is no time of day.
        """
        words, at = self._filled
        if self.text().strip() == words:
            return at
        return moment_of(self.text(), now)


def moment_of(text: str, now: datetime) -> datetime | None:
    """Return the next time that the clock on the wall shows what was typed."""
    if not text.strip():
        return None
    found = _TYPED.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in found.groups())
    here = now.astimezone()
    at = here.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return at if at > here else at + timedelta(days=1)
