"""The checks of the articles, what fails first; below them the files of rules and when they were checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from liveconsole.messages.state import LawCheckState, ListState
from ui.clean import clean
from ui.i18n import language, t
from ui.parts.keyed_rows import DeskRow, KeyedRows
from ui.seat.room import RoomView
from ui.widgets import PlainLabel, Separator
from ui.words.law import check_text, outcome_words

_TONES: Final = {True: "ok", False: "live", None: "fg2"}
_ORDER: Final = {False: 0, None: 1, True: 2}


class LawChecks(QWidget):
    """One line a check; one line a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.checks, self.files = KeyedRows(), KeyedRows()
        self.none = PlainLabel(
            t("没有读到规则文件，看下面。"),
            tone="fg1", lines=0,
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._rule = Separator()
        self._of_files = PlainLabel(
            t("规则文件和核对日期，超过 90 天会提醒"), role="small", tone="fg2", lines=0
        )
        for each in (self.none, self.checks, self._rule, self._of_files, self.files):
            column.addWidget(each)
        self._shown: object = None

    def show_room(self, room: RoomView) -> None:
        """What the engine says."""
        checks, lists = room.law.checks, room.health.lists
        if (checks, lists) == self._shown:
            return
        self._shown = (checks, lists)
        self.none.setVisible(not checks)
        self.checks.setVisible(bool(checks))
        self.checks.show_rows([_row(one) for one in sorted(checks, key=lambda one: _ORDER[one.passes])])
        self.files.show_rows(file_rows(lists))


def _row(check: LawCheckState) -> DeskRow:
    article = check.article_en if language() == "en" else check.article
    head = t("{how} · {article}", how=outcome_words(check.passes), article=clean(article, 80))
    return DeskRow(head, check_text(check), (), _TONES[check.passes])


def file_rows(lists: Sequence[ListState]) -> list[DeskRow]:
    """Each file of rules: how many are in force, and how old its last check is."""
    rows = []
    for one in lists:
        when = t("核对于 {day}", day=one.checked) if one.checked is not None else t("没有写核对日期")
        parts = [t("{n} 条", n=one.entries), t("自己的一份") if one.own else t("程序自带"), when]
        if one.old:
            parts.append(t("太久了，对一遍再改日期"))
        if one.wrong:
            parts.append(t("读不了：{why}", why=clean(one.wrong, 120)))
        tone = "live" if one.wrong else "warn" if one.old or one.checked is None else "fg2"
        rows.append(DeskRow(one.name, " · ".join(parts), (), tone))
    return rows
