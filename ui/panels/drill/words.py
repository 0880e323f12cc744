"""What a drill is called and what its mark says, in the language of the desk."""

from __future__ import annotations

from liveconsole.messages.drills import BETTER, DRILLS, FULL, NO_MARK, DrillFact, fact_words
from liveconsole.messages.state import DrillState
from ui.i18n import language, t


def title_of(name: str) -> str:
    """A drill's title; of a newer engine its name."""
    drill = DRILLS.get(name)
    return name if drill is None else _said(drill.title)


def goal_of(name: str) -> str:
    """What is to be done in it."""
    drill = DRILLS.get(name)
    return "" if drill is None else _said(drill.goal)


def fact_said(fact: DrillFact) -> str:
    """One thing that the log showed."""
    return _said(fact_words(fact))


def better_said(code: str) -> str:
    """One thing to do better."""
    return _said(BETTER.get(code, (code, code)))


def mark_said(drill: DrillState) -> str:
    """How the mark came about, or why there is none."""
    if drill.mark is None:
        return _said(NO_MARK.get(drill.why, (drill.why, drill.why)))
    off = sum(fact.off for fact in drill.facts)
    return t("满分 {full}，扣 {off}", full=FULL, off=off)


def ended_said(drill: DrillState) -> str:
    """One line for whoever has something else open."""
    if drill.mark is None:
        return t("演练结束：{title}，{why}", title=title_of(drill.drill), why=mark_said(drill))
    return t("演练结束：{title}，{mark} 分。Ctrl+B 看为什么", title=title_of(drill.drill), mark=drill.mark)


def _said(words: tuple[str, str]) -> str:
    return words[language() == "en"]
