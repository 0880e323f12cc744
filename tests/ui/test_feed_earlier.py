"""What a group was asked is one number, whenever a desk joined: what came before is read back off the log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from liveconsole import tasks
from liveconsole.views import highlights, questions
from liveconsole.views.highlights import CommentMarks
from tests.ui.committed import NOW, comment, event
from tests.ui.fake_bus import until
from tests.ui.rooms import queue_of
from tests.ui.test_desk import sit
from ui.panels.feed import FeedPanel, earlier

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")

_BACKLOG = 400
"""Events from before it joined that a desk is given."""


def evening(minutes: int = 20, *, each: int = 60) -> list[dict[str, Any]]:
    """So many minutes that end at ``NOW``, ``each`` events in a minute; every fourth asks for the price."""
    total = minutes * each
    found = []
    for n in range(1, total + 1):
        at = NOW - timedelta(minutes=minutes * (total - n) / total)
        said = comment(n, f"多少钱 {n}" if n % 4 == 0 else f"好看 {n}", at=at)
        found.append(event(n, "viewer.liked", {}, at=at) if n % 7 == 0 else said)
    return found


class Log:
    """Pages of the log as `Seat.log_page` gives them; None as long as ``away``."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self._events = events
        self.away = False
        self.asked = 0

    async def page(self, after: int, limit: int) -> list[dict[str, Any]] | None:
        self.asked += 1
        if self.away:
            return None
        return [e for e in self._events if e["seq"] > after][:limit]


Opens = Callable[..., FeedPanel]


@pytest_asyncio.fixture
async def opens(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Opens]:
    monkeypatch.setattr(earlier, "_AGAIN", 0.0)

    def made(events: list[dict[str, Any]], log: Log | None = None) -> FeedPanel:
        panel = FeedPanel()
        qtbot.addWidget(panel)
        if log is not None:
            panel.count_with(log.page)
        panel.take(events)
        panel.tick(NOW)
        return panel

    yield made
    await tasks.cancel_all()


def asked(panel: FeedPanel) -> int:
    return panel.feed.counts.topics()["price"]


def whole(panel: FeedPanel) -> bool:
    return panel.feed.counts.since <= panel.feed.counts.reaches


async def test_a_desk_that_joined_later_counts_the_same(opens: Opens) -> None:
    events = evening()
    first, log = opens(events), Log(events)
    alone = opens(events[-_BACKLOG:])
    later = opens(events[-_BACKLOG:], log)
    assert asked(alone) < asked(first), "without the log it counts only what it saw"
    await until(lambda: whole(later))
    assert asked(later) == asked(first) > 0
    assert later._topics["price"].accessibleDescription() == str(asked(first))
    more = [comment(2000 + n, "什么价") for n in range(3)]
    for panel in (first, later):
        panel.take(more)
    assert asked(later) == asked(first)


async def test_it_reads_no_farther_back_than_the_groups_are_counted(opens: Opens) -> None:
    events = evening(minutes=120)
    log = Log(events)
    later = opens(events[-_BACKLOG:], log)
    await until(lambda: whole(later))
    assert log.asked == 1
    assert asked(later) == asked(opens(events))


async def test_in_a_flood_it_says_since_when_it_counts(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "PAGES", 2)
    events = evening(each=1000)
    log = Log(events)
    later = opens(events[-_BACKLOG:], log)
    await until(lambda: log.asked == 2)
    later._topics["price"].click()
    await until(lambda: "起" in later.answer._says.text())
    read = events[-_BACKLOG - 2 * earlier.PAGE :]
    assert asked(later) == sum("多少钱" in each["data"].get("text", "") for each in read)


async def test_what_was_answered_before_the_log_came_is_not_counted_again(opens: Opens) -> None:
    events = evening()
    log = Log(events)
    log.away = True
    later = opens(events[-_BACKLOG:], log)
    later.feed.counts.answer("price")
    log.away = False
    await until(lambda: whole(later))
    assert asked(later) == 0


async def test_a_log_that_nobody_could_read_is_read_when_somebody_can(opens: Opens) -> None:
    events = evening()
    log = Log(events)
    log.away = True
    later = opens(events[-_BACKLOG:], log)
    await until(lambda: log.asked > 2)
    assert not whole(later)
    log.away = False
    await until(lambda: whole(later))
    assert asked(later) == asked(opens(events))


async def test_other_lists_are_counted_over_the_same_ten_minutes(opens: Opens) -> None:
    events = evening()
    later = opens(events[-_BACKLOG:], Log(events))
    await until(lambda: whole(later))
    before = asked(later)
    later.read_by(CommentMarks(questions.built_in(), highlights.built_in()), [])
    later.take([comment(2000, "什么价")])
    await until(lambda: asked(later) == before + 1)


async def test_a_broadcast_that_has_just_begun_is_counted_from_its_first_event(opens: Opens) -> None:
    events = evening(minutes=2)
    later = opens(events[-20:], Log(events))
    await until(lambda: whole(later))
    assert later.feed.counts.since == 0
    assert asked(later) == asked(opens(events))


async def test_a_desk_asks_the_engine_it_sits_at(sit: Any, opens: Opens) -> None:
    at = await sit(queue_of())
    at.bus.logged = evening()
    at.bus.say(*at.bus.logged[-5:])
    expected = asked(opens(at.bus.logged))
    await until(lambda: asked(at.desk.feed) == expected > 0)
