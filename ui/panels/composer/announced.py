"""给谁, and how long it counts down first: the row that every kind has whose spec can be announced."""

from __future__ import annotations

from typing import Any, Final, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.audiences import badge
from liveconsole.messages.specs import SPECS, Announced, AudienceName, Spec
from ui.i18n import language, t
from ui.panels.composer.lasts import span_words
from ui.sheets.choices import ChoiceBox
from ui.widgets.entry import FormRow

_COUNTS: Final = (10, 30, 60, 120, 300)


class AnnouncedRow(FormRow):
    """``changed`` when another choice was made. A kind that takes neither up has no such row."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        english = language() == "en"
        names = [(badge(name, english=english), name) for name in get_args(AudienceName)]
        self.audience = ChoiceBox([(t("所有人"), ""), *names])
        self.audience.setMinimumContentsLength(12)
        self.countdown = ChoiceBox()
        self.countdown.setMinimumContentsLength(12)
        self._show_counts(())
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for box, called in ((self.audience, t("只给谁")), (self.countdown, t("开始前倒数"))):
            row.addWidget(box)
            box.setAccessibleName(called)
        super().__init__(t("只给谁"), both, parent=parent)
        for box in (self.audience, self.countdown):
            box.currentIndexChanged.connect(lambda _: self._moved())
        self._chosen()

    def _moved(self) -> None:
        self.touch()
        self._chosen()

    def show_kind(self, kind: str) -> None:
        """Stand there for kinds that can be announced alone."""
        self.setVisible(issubclass(SPECS[kind], Announced))

    def fields(self) -> dict[str, Any]:
        """Return what stands there, for the spec; nothing of a kind that takes neither."""
        if self.isHidden():
            return {}
        chosen: dict[str, Any] = {"audience": self.audience.chosen}
        if (seconds := self.countdown.chosen) is not None:
            chosen["countdown_seconds"] = int(seconds)
        return {name: value for name, value in chosen.items() if value is not None}

    def fill(self, terms: Spec) -> None:
        """Put an existing promotion into it."""
        if isinstance(terms, Announced):
            seconds = terms.countdown_seconds
            self._show_counts((seconds,) if seconds is not None else ())
            self.audience.choose(terms.audience or "")
            self.countdown.choose(str(seconds) if seconds is not None else "")

    def _show_counts(self, more: tuple[int, ...]) -> None:
        counts = sorted({*_COUNTS, *more})
        items = [(str(seconds), t("倒数 {time}", time=span_words(seconds))) for seconds in counts]
        self.countdown.set_items([("", t("不倒数")), *items])

    def _chosen(self) -> None:
        counts = self.countdown.chosen is not None
        self.show_note(t("直播画面上看得到倒数，到 0 才开始，一直可以撤回") if counts else "")
        self.changed.emit()
