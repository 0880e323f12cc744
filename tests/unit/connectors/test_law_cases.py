"""Every check of the law can be rehearsed: its case leads into it, and the text names the article."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.advice import law_files
from liveconsole.connectors.rehearsal import scenario
from liveconsole.connectors.rehearsal.headless import run_headless
from liveconsole.domain.decide import decide
from liveconsole.domain.judge import NoChance
from liveconsole.domain.law.checks import CHECKS
from liveconsole.domain.room import Room
from liveconsole.engine import folding
from liveconsole.messages.envelope import Command
from liveconsole.messages.law import LawRules
from liveconsole.messages.law_words import CHECK_WORDS, PREVAILS
from liveconsole.messages.refusals import Refused
from liveconsole.messages.state import LawState
from liveconsole.store import open_store
from liveconsole.views.state.law import law_state

SECONDS = 8


def played(name: str, folder: Path) -> tuple[Room, list[str]]:
    """The room that the case leaves, and the types of its log."""
    run_headless(3, name, SECONDS, folder)
    store = open_store(folder, create=False)
    try:
        room, _ = folding.fold(store)
        return room, [event.type for event in store.events_after(0)]
    finally:
        store.close()


def shown(room: Room) -> LawState:
    assert room.at is not None
    return law_state(room, room.at, rules())


def rules() -> LawRules:
    return law_files.load().rules


def answer(room: Room, case: scenario.LawCase) -> Any:
    """What the last step is told once more."""
    step = case.step[-1]
    type_, data = (step.ask, step.data) if step.ask is not None else ("cart.pin", {"product_id": step.pin})
    assert room.at is not None
    return decide(room, Command("", type_ or "", data, step.role), room.at, NoChance())


@pytest.mark.parametrize("name", scenario.law_names())
def test_a_case_leads_into_its_check_and_names_the_article(name: str, tmp_path: Path) -> None:
    case = scenario.law_case(name)
    room, types = played(name, tmp_path / "data")
    check = next(one for one in shown(room).checks if one.check == case.check)
    assert check.passes is case.passes, check.text
    article = rules().article(case.check)
    assert article is not None
    for text, language in ((check.text, 0), (check.text_en, 1)):
        assert article.named[language] in text
        assert PREVAILS[language] in text
    said = answer(room, case)
    if case.refused is not None:
        assert isinstance(said, Refused)
        assert said.code == case.refused
    else:
        assert not isinstance(said, Refused)
    assert types.count("broadcast.opened") == 1


def test_there_is_a_case_for_every_check_that_there_is() -> None:
    rehearsed = {scenario.law_case(name).check for name in scenario.law_names()}
    assert rehearsed == {one.check for one in rules().articles} == set(CHECKS) == set(CHECK_WORDS)


@pytest.mark.parametrize("name", ["law-qualified", "law-review"])
def test_the_refusal_names_the_rule_or_the_article(name: str, tmp_path: Path) -> None:
    case = scenario.law_case(name)
    room, _ = played(name, tmp_path / "data")
    said = answer(room, case)
    assert PREVAILS[0] in said.text
    assert ("《食品安全法》" if name == "law-qualified" else "《直播电商监督管理办法》第三十条") in said.text


def test_the_same_world_without_the_case_passes_or_is_silent(tmp_path: Path) -> None:
    """The twin: in the world that the cases are made of none of them fails."""
    room, types = played("quiet", tmp_path / "data")
    assert not [one for one in shown(room).checks if one.passes is False]
    assert "law.read" not in types


def test_a_warning_keeps_what_was_on_air(tmp_path: Path) -> None:
    room, _ = played("law-warned", tmp_path / "data")
    (card,) = shown(room).violations
    assert card.product_id == "C03"
    assert [one.kind for one in card.on_air] == ["pin"]


def test_a_scenario_that_is_none_names_all_there_are() -> None:
    with pytest.raises(scenario.UnknownScenario, match="law-qualified"):
        scenario.load("law-none")


def test_a_case_with_a_word_too_many_is_none() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.toml.decode('title = "x"\ncheck = "x"\nstep = []\nmore = 1\n', type=scenario.LawCase)
