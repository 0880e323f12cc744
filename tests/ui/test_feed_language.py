"""Another language at once: the feed stays filled, in the words of the new one, and goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.committed import comment, order
from tests.ui.fake_bus import until
from tests.ui.rooms import rundown_state
from tests.ui.test_desk import sit
from ui import i18n, preferences
from ui.panels.feed import FeedPanel

__all__ = ["sit"]


async def switched(at: Any) -> FeedPanel:
    """A desk whose feed has rows, after the switch to English."""
    at.bus.say(
        comment(101, "起球吗", viewer="p1"), comment(102, "加v❤看主页"), comment(103, "付不了款"),
        order(104, "o1", "scarf", 9900),
    )  # fmt: skip
    await until(lambda: len(at.desk.feed.feed) == 4)
    preferences.current().set_language("en")
    await until(lambda: at.shell.desk is not at.desk)
    panel: FeedPanel = at.shell.desk.feed
    return panel


@pytest.fixture(autouse=True)
def in_chinese() -> Any:
    yield
    i18n.use("zh")


async def test_the_feed_stays_filled_in_the_words_of_the_other_language(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await sit(rundown_state(), "host")
    rung: list[str] = []
    monkeypatch.setattr(preferences.current().sounds, "play", rung.append)
    panel = await switched(at)
    said = [line.split(" ", 1)[1] for line in panel.view.sentences()]
    assert said[1].endswith("[held back: lures off the platform]")
    assert said[3] == "#3 +1 order"
    assert panel._stack.currentIndex() == 1
    panel.tick(at.shell.seat.now())
    assert rung == [], "what was heard does not ring again"
    at.bus.say(comment(105, "好看"))
    await until(lambda: len(panel.feed) == 5)
    assert panel.view.visible()[-1].text == "好看"
    panel.choose("question")
    assert [row.text for row in panel.view.visible()] == ["起球吗"]


async def test_groups_count_what_was_asked_before_once(sit: Any) -> None:
    at = await sit(rundown_state(), "host")
    at.bus.logged = [comment(101, "起球吗", viewer="p1")]
    panel = await switched(at)
    at.bus.say(comment(106, "会起球吗", viewer="p2"))
    await until(lambda: panel.feed.counts.topics()["quality"] == 2)


async def test_twin_a_new_panel_alone_is_empty(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FeedPanel, "go_on_with", lambda self, feed: None)
    at = await sit(rundown_state(), "host")
    assert (await switched(at)).view.sentences() == []
