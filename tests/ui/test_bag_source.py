"""Whose comments enter a bag, on its card, and the key that hands it over."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from liveconsole.messages.state.figures import SourceState
from tests.ui.rooms import NOW, sample_state
from tests.ui.test_desk import sit
from ui.windows.sheets import StopBagSheet

__all__ = ["sit"]


async def test_the_card_says_whose_comments_count(sit: Any) -> None:
    at = await sit(sample_state())
    stage = at.desk.stage
    cards = {card.cue_id: card for card in stage.cards()}
    for low in (False, True):
        stage.set_low(low)
        stage.tick(NOW)
        assert cards["c-bag"].counts.text().startswith("只认 评论 · ")
        assert "只认" not in cards["c-sale"].counts.text()


async def test_a_key_hands_the_bag_over_and_stops_nothing(sit: Any) -> None:
    state = sample_state()
    heard = [
        SourceState("/wxlivespy/comments", NOW, 7, comments=True),
        *(replace(source, comments=source.source.startswith("/oba")) for source in state.health.sources),
    ]
    at = await sit(replace(state, health=replace(state.health, sources=heard)))
    assert at.desk.stop("c-bag")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, StopBagSheet)
    assert list(sheet.sources) == ["/wxlivespy/comments"], "another that brings comments, and no shop"
    QTest.keyClick(sheet.sources["/wxlivespy/comments"], Qt.Key.Key_Space)
    assert await at.asked() == [("bag.source", {"cue_id": "c-bag", "source": "/wxlivespy/comments"})]
    assert at.desk.side.sheet is None
