"""What is said of an engine that is there and cannot be understood."""

from __future__ import annotations

from liveconsole import __version__
from liveconsole.messages.update_words import update_words
from ui.i18n import language, t
from ui.seat.elsewhere import OTHER_VERSION


def version_words(why: str) -> str:
    """Return what is said of an engine of another version; empty where that is not why it was lost."""
    if not why.startswith(OTHER_VERSION):
        return ""
    engine = why.removeprefix(OTHER_VERSION) or t("另一个")
    return update_words("other_version", {"engine": engine, "ours": __version__}, english=language() == "en")
