"""What is said beside a draft that is no refusal: platform limits, a coupon's threshold, words."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.verdicts import SaidTwice, Verdict, WarnedWord
from ui.i18n import language, t
from ui.widgets import Mark, PlainLabel

_ICONS: Final = {"ok": "check", "warn": "warn", "live": "warn"}


class AdviceLine(Struct, frozen=True):
    """One thing to know. ``field`` is the path of the text it is about, as the engine names it."""

    text: str
    tone: str
    field: str = ""


def _in_words(said: SaidTwice | WarnedWord) -> str:
    """In the language of this desk, as far as it was said."""
    return (said.en if language() == "en" else "") or said.zh


def advice_of(said: Verdict) -> list[AdviceLine]:
    """The notices, the advice and the words of a verdict, what must be mended first."""
    found = [AdviceLine(_in_words(notice) or notice.code, "warn") for notice in said.notices]
    for word in said.words:
        text = t("「{word}」：{why}", word=word.text, why=_in_words(word))
        if word.suggestion:
            text += t("，可以说「{instead}」", instead=word.suggestion)
        found.append(AdviceLine(text, "warn", word.field or ""))
    for hint in said.advice:
        field = "spec.rule" if hint.code == "threshold" else ""
        found.append(AdviceLine(_in_words(hint) or hint.code, "ok" if hint.fits else "warn", field))
    return found


def warned_of(said: Verdict) -> list[str]:
    """The words that were warned of: who uses them all the same sends them along, which is logged."""
    return list(dict.fromkeys(word.term for word in said.words if word.term))


class AdviceList(QWidget):
    """The advice as lines, each with its sign; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[AdviceLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.setAccessibleName(t("提醒"))
        self.hide()

    def show_advice(self, advice: list[AdviceLine]) -> None:
        """Other advice; the same again changes nothing."""
        if advice == self._shown:
            return
        self._shown = advice
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for each in advice:
            held = QWidget()
            row = QHBoxLayout(held)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            row.addWidget(Mark(_ICONS.get(each.tone, "info"), each.tone, role="small"))
            row.addWidget(PlainLabel(each.text, role="small", tone=each.tone, lines=0), 1)
            self._column.addWidget(held)
        self.setVisible(bool(advice))

    @property
    def said(self) -> list[str]:
        """What stands there."""
        return [each.text for each in self._shown]
