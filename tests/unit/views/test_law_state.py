"""Law and rules in the state: every check passes, fails and is unknown somewhere, its article named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.advice import law_files
from liveconsole.messages.law_words import CHECK_WORDS, PREVAILS
from tests.state_reader import StateReader
from tests.unit.domain.desk import Desk, product
from tests.unit.views.test_sections import Told

RULES = msgspec.to_builtins(law_files.load().rules)
WHOLE = {"kind": "food_licence", "number": "JY1", "image": "a" * 64}
BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 60}


def ruled(platform: str = "own", **settings: Any) -> Desk:
    desk = Desk(platform, recall_seconds=0, **settings)
    desk.ok("law.read", {"rules": RULES}, "platform")
    return desk


def found(desk: Desk, check: str) -> bool | None:
    return next(one for one in desk.shown().law.checks if one.check == check).passes


def test_there_is_no_check_before_rules_were_asked_for() -> None:
    assert Desk().shown().law.checks == []


def test_records_are_kept_and_a_rehearsal_is_none() -> None:
    assert found(ruled(), "records") is True
    assert found(ruled("rehearsal"), "records") is None


def test_a_list_price_needs_a_basis() -> None:
    """Unknown on the first day, proved after nights at that price, wrong where it was cheaper since."""
    desk = ruled()
    assert found(desk, "basis") is True
    new = product("cap", 4900, 20, list_price_fen=6900)
    desk.ok("catalogue.put", {"products": [new]})
    desk.ok("cart.add", {"product_ids": ["cap"]})
    assert found(desk, "basis") is None
    desk.ok("catalogue.put", {"products": [product("cap", 6900, 20)]})
    desk.wait(9 * 86_400)
    desk.ok("catalogue.put", {"products": [product("cap", 4900, 20)]})
    assert found(desk, "basis") is True
    desk.wait(2 * 86_400)
    desk.ok("catalogue.put", {"products": [product("cap", 5900, 20)]})
    assert found(desk, "basis") is False, "it was asked for 49.00 within the seven days"


def test_who_presents_is_said_and_an_ai_is_seen_to_be_one() -> None:
    desk = ruled()
    assert found(desk, "presenter") is None
    desk.ok("room.set", {"ai_presenter": False})
    assert found(desk, "presenter") is True
    desk.ok("room.set", {"ai_presenter": True})
    assert found(desk, "presenter") is False, "no overlay shows the label"
    desk.ok("room.set", {"obs": {"address": "127.0.0.1:4455"}})
    assert found(desk, "presenter") is True


def test_prizes_have_a_value() -> None:
    desk = ruled()
    assert found(desk, "prizes") is True
    bare = {**BAG, "prize": {"name": "帽子", "value_fen": 0}}
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bare})
    assert found(desk, "prizes") is False
    desk.ok("cue.edit", {"cue_id": "bag", "spec": BAG})
    assert found(desk, "prizes") is True


def test_qualifications_are_there() -> None:
    desk = ruled()
    assert found(desk, "qualified") is None
    desk.ok("catalogue.put", {"products": [{"product_id": "hat", "category": "food"}]})
    assert found(desk, "qualified") is False
    desk.ok("catalogue.put", {"products": [{"product_id": "hat", "qualifications": [WHOLE]}]})
    assert found(desk, "qualified") is True


def test_every_sentence_names_its_article_and_that_the_published_text_prevails() -> None:
    desk = ruled()
    for check in desk.shown().law.checks:
        article = next(one for one in RULES["articles"] if one["check"] == check.check)
        for text, language in ((check.text, 0), (check.text_en, 1)):
            suffix = "_en" if language else ""
            assert article[f"law{suffix}"] in text
            assert article[f"article{suffix}"] in text
            assert PREVAILS[language] in text
            assert "{" not in text


def test_every_sentence_can_be_made_of_what_its_check_says() -> None:
    """All of them, in both languages: a name that no params have would be seen here."""
    for check, hows in CHECK_WORDS.items():
        for how, texts in hows.items():
            params = {"titles": "帽", "titles_en": "hat", "n": 1, "lacks": "x", "lacks_en": "x", "rule": "r",
                      "rule_en": "r", "share": 1, "days": 1, "until": "x", "least": 70}  # fmt: skip
            for text in texts:
                assert "{" not in text.format_map(params), (check, how)


def test_a_check_that_the_file_does_not_name_is_not_made() -> None:
    desk = Desk()
    articles = [one for one in RULES["articles"] if one["check"] != "basis"]
    desk.ok("law.read", {"rules": {**RULES, "sha256": "0" * 64, "articles": articles}}, "platform")
    assert "basis" not in {one.check for one in desk.shown().law.checks}


@pytest.mark.parametrize("role", ["host", "viewer"])
def test_the_day_on_which_a_licence_ends_moves_the_rows(role: str) -> None:
    """Nobody does anything: time alone has taken it away, in the catalogue and in the checks."""
    desk = ruled()
    put = {"product_id": "hat", "category": "food", "qualifications": [WHOLE | {"until": "2026-11-11"}]}
    desk.ok("catalogue.put", {"products": [put]})
    told, reader = Told(desk), StateReader(role)
    reader.take(told.answer(role, reader.have))
    assert reader.take(told.answer(role, reader.have)) == set()
    desk.now += timedelta(hours=5)
    moved = reader.take(told.answer(role, reader.have))
    assert {"catalogue", "law"} <= moved
