"""定点 as a person types it: ``20:12`` is the next time that the clock on the wall shows it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QLineEdit

from liveconsole.intake.moments import moment_of
from ui.i18n import t


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
