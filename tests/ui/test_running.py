"""The line of what runs, where there is no room for all of it."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtWidgets import QApplication

from tests.ui.looking import look
from tests.ui.rooms import Evening
from tests.ui.shots import settle
from ui.panels.stage import StagePanel


def test_what_waits_for_the_platform_is_never_behind_the_key(qtbot: Any, dressed: QApplication) -> None:
    at = Evening("manual", ago=60)
    for n in range(4):
        at.fire(at.coupon(f"k{n}", name=f"券 {n}", rule={"threshold_fen": 29900 + n, "off_fen": 2000}))
        at.confirm(f"k{n}")
    at.fire(at.coupon("late", name="没确认", rule={"threshold_fen": 39900, "off_fen": 2000}))
    at.until(0)
    panel = StagePanel()
    qtbot.addWidget(panel)
    panel.resize(684, 400)
    panel.set_low(True)
    panel.show()
    look(panel, at.shown())
    settle(dressed)
    shown = [card.cue_id for card in panel.running.shown()]
    assert "late" in shown
    assert len(shown) < 5
    card = panel.running.shown()[shown.index("late")]
    assert card.state.isVisible()
    assert card.state.text().startswith("等平台开始")
    assert not card.state.is_cut()
    state = at.shown()
    # No rule oversells a coupon: any running one may be a sale that its platform oversold.
    cues = [msgspec.structs.replace(cue, oversold=1) if cue.cue_id == "k3" else cue for cue in state.cues]
    look(panel, msgspec.structs.replace(state, cues=cues))
    assert [each.cue_id for each in panel.running.shown()] == ["late", "k3"]


def test_a_title_stands_beside_its_mark_in_a_window_that_was_low(qtbot: Any, dressed: QApplication) -> None:
    at = Evening(ago=60)
    at.fire(at.coupon("k", name="券", rule={"threshold_fen": 29900, "off_fen": 2000}))
    at.until(0)
    panel = StagePanel()
    qtbot.addWidget(panel)
    panel.resize(684, 400)
    panel.set_low(True)
    panel.show()
    look(panel, at.shown())
    settle(dressed)
    panel.set_low(False)
    settle(dressed)
    (card,) = panel.running.shown()
    mark = card._kind.geometry()
    assert card.title.x() - mark.right() < 16
    assert not card.title.is_cut()


def test_of_two_that_share_a_line_each_says_what_it_is(qtbot: Any, dressed: QApplication) -> None:
    """A laptop's 1366 pixels and six that run: a colour and a time are no name."""
    at = Evening(ago=60)
    for n in range(6):
        at.fire(at.coupon(f"k{n}", name=f"加购券 {n}", rule={"threshold_fen": 29900 + n, "off_fen": 2000}))
    at.until(0)
    panel = StagePanel()
    qtbot.addWidget(panel)
    panel.resize(684, 400)
    panel.set_low(True)
    panel.show()
    look(panel, at.shown())
    settle(dressed)
    shown = panel.running.shown()
    assert len(shown) == 2
    for card in shown:
        assert card.title.isVisible()
        assert card.stop.isVisible()
        assert not card.title.is_cut()


def test_of_sales_that_share_a_line_the_price_tells_one_from_another(
    qtbot: Any, dressed: QApplication
) -> None:
    """The sign says that it is a sale; 「秒杀…」 three times says nothing."""
    at = Evening(ago=60)
    for number, (sku, price) in enumerate((("scarf", 9900), ("gloves", 5900), ("beret", 4900))):
        at.fire(at.sale(f"s{number}", sku_id=sku, price_fen=price, quantity=5, seconds=600))
    at.until(0)
    panel = StagePanel()
    qtbot.addWidget(panel)
    panel.set_low(True)
    panel.show()
    short = 0
    for width in range(440, 760, 40):
        panel.resize(width, 400)
        look(panel, at.shown())
        settle(dressed)
        said = ["".join(card.title._pieces(card.title.width())) for card in panel.running.shown()]
        assert len({words[: words.index("¥") + 3] for words in said}) == len(said), (width, said)
        short += any(words.startswith("¥") for words in said)
    assert short
    assert all(card.title.text().startswith("秒杀 ¥") for card in panel.running.shown()), "whole in its tip"
