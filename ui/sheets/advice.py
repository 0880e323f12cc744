"""What is said beside a draft that is no refusal: platform limits, a coupon's threshold, words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import language, t
from ui.widgets import Mark, PlainLabel

Json = Mapping[str, Any]

_ICONS: Final = {"ok": "check", "warn": "warn", "live": "warn"}


class AdviceLine(Struct, frozen=True):
    """One thing to know. ``field`` is the path of the text it is about, as the engine names it."""

    text: str
    tone: str
    field: str = ""


class SaidTwice(Struct, frozen=True):
    """A sentence in both languages, and what it is about."""

    code: str = ""
    zh: str = ""
    en: str = ""
    fits: bool = False

    def words(self) -> str:
        """In the language of this desk, as far as it was said."""
        return (self.en if language() == "en" else "") or self.zh or self.code


class WarnedWord(Struct, frozen=True):
    """A word that should not be said: how it stands there, its name in the list, and why."""

    text: str = ""
    term: str = ""
    zh: str = ""
    en: str = ""
    suggestion: str | None = None
    field: str | None = None

    def why(self) -> str:
        """In the language of this desk, as far as it was said."""
        return (self.en if language() == "en" else "") or self.zh


class JudgedBeside(Struct, frozen=True):
    """What ``POST /v1/judge`` says beside its verdict."""

    notices: list[SaidTwice] | None = None
    words: list[WarnedWord] | None = None
    advice: list[SaidTwice] | None = None


def advice_of(said: Json) -> list[AdviceLine]:
    """The ``notices``, ``advice`` and ``words`` of ``POST /v1/judge``, what must be mended first."""
    beside = msgspec.convert(said, JudgedBeside)
    found = [AdviceLine(notice.words(), "warn") for notice in beside.notices or ()]
    for word in beside.words or ():
        text = t("「{word}」：{why}", word=word.text, why=word.why())
        if word.suggestion:
            text += t("，可以说「{instead}」", instead=word.suggestion)
        found.append(AdviceLine(text, "warn", word.field or ""))
    for hint in beside.advice or ():
        field = "spec.rule" if hint.code == "threshold" else ""
        found.append(AdviceLine(hint.words(), "ok" if hint.fits else "warn", field))
    return found


def warned_of(said: Json) -> list[str]:
    """The words that were warned of: who uses them all the same sends them along, which is logged."""
    words = msgspec.convert(said, JudgedBeside).words or ()
    return list(dict.fromkeys(word.term for word in words if word.term))


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
