"""Posts of facts from another computer: whose words they may be, and whose lines they stand in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from liveconsole.bus.decode import read_events, without_own
from liveconsole.bus.http import ErrorAnswer
from liveconsole.bus.turns import Turns
from liveconsole.messages.bounds import REFUSALS
from liveconsole.messages.inputs import FactsInput
from liveconsole.tasks import spawn
from liveconsole.views.state.figures import heard_sources


def posted(*sources: str) -> FactsInput:
    body = [
        {"specversion": "1.0", "id": str(n), "source": source, "type": "viewer.liked",
         "data": {"viewer": {"id": "v", "name": "n"}, "count": 1}}
        for n, source in enumerate(sources)
    ]  # fmt: skip
    return read_events("application/cloudevents-batch+json", msgspec.json.encode(body), simulated=False)


def test_nobody_elsewhere_speaks_for_the_engine_s_own_connections() -> None:
    taken = without_own(
        posted("/x", "/wechat_shop/wx1", "/wechat_shops/x", "/obs", "/tape/x", "/browser/a/b", "/y")
    )
    assert [fact.source for fact in taken.facts] == ["/x", "/wechat_shops/x", "/y"]
    assert [(problem.index, problem.code) for problem in taken.problems] == [
        (n, "own_source") for n in (1, 3, 4, 5)
    ]
    clean = posted("/x")
    assert without_own(clean) is clean


@pytest.mark.parametrize(
    "source",
    ["wechat_shop/wx1", "//wechat_shop/wx1", "wechat_shop", "/obs/", "obs", "tape/x", "shop", "browser/"],
)
def test_nor_by_a_path_that_is_read_as_theirs(source: str) -> None:
    """What asks after a connection strips the slashes: a tool that named itself so was taken, and the shop
    was said to be connected or silent by it."""
    now = datetime(2026, 11, 30, tzinfo=UTC)
    told = {"last_at": now, "pauses": ()}
    spoken_for = heard_sources({source: told}, {}, {})[0]
    taken = without_own(posted("/x", source))
    assert [fact.source for fact in taken.facts] == ["/x"]
    assert [(problem.index, problem.code) for problem in taken.problems] == [(1, "own_source")]
    if "wechat_shop" in source:
        assert spoken_for.asked, "the twin: it counts as the shop's"


@pytest.mark.parametrize("source", ["/wechat_shops/x", "/x/wechat_shop", "/shop/orders", "/my-obs", "/", "x"])
def test_a_name_that_only_looks_like_theirs_is_taken(source: str) -> None:
    assert [fact.source for fact in without_own(posted(source)).facts] == [source]


def test_what_is_refused_stays_within_the_bound_of_an_answer() -> None:
    taken = without_own(posted(*["/obs/x"] * (REFUSALS + 7), "/y", "/rehearsal/x"))
    assert [fact.source for fact in taken.facts] == ["/y"]
    assert (len(taken.problems), taken.more) == (REFUSALS, 8)


async def test_a_line_of_another_seat_has_the_same_name_and_is_another_line() -> None:
    turns = Turns()
    for of in ("", "aa11", "bb22"):
        (await turns.wait("line/1", of)).over()
        second = await asyncio.wait_for(turns.wait("line/2", of), 1)
        if of != "bb22":
            second.over()
    third = spawn(turns.wait("line/3", "bb22"), name="a turn")
    await asyncio.wait_for(turns.wait("line/3", "aa11"), 1)
    assert not third.done()
    third.cancel()
    with pytest.raises(ErrorAnswer):
        await turns.wait("line/0", "aa11")
