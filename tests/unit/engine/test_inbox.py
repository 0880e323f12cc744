from __future__ import annotations

import pytest

from liveconsole.engine.inbox import BATCH, COMMENTS_LIMIT, URGENT_LIMIT, Inbox
from liveconsole.messages.facts import CommentPosted, OrderPaid
from liveconsole.messages.fields import Person
from liveconsole.messages.inputs import ClockInput, CommandInput, FactsInput, Input, NotTaken, SentFact


def comments(count: int) -> FactsInput:
    data = CommentPosted(Person("u"), "x")
    return FactsInput([SentFact("/s", str(n), "comment.posted", None, data, {}, b"") for n in range(count)])


def order() -> FactsInput:
    return FactsInput([SentFact("/s", "o", "order.paid", None, OrderPaid("o", 1), {}, b"")])


def command(n: int = 0) -> CommandInput:
    return CommandInput(str(n), "cart.unpin", {}, "host")


async def test_comments_are_refused_first_and_money_goes_on() -> None:
    inbox = Inbox()
    while inbox.comments < COMMENTS_LIMIT:
        inbox.put(comments(500))
    with pytest.raises(NotTaken) as error:
        inbox.put(comments(1))
    assert (error.value.code, error.value.retry_after) == ("inbox_full", 1)
    inbox.put(command())
    inbox.put(order())
    assert inbox.urgent == 2


async def test_commands_have_an_end_too_but_the_engines_own() -> None:
    inbox = Inbox()
    for n in range(URGENT_LIMIT):
        inbox.put(command(n))
    with pytest.raises(NotTaken):
        inbox.put(command())
    inbox.put(ClockInput(3.0), own=True)


async def test_one_huge_post_is_taken_when_nothing_waits() -> None:
    inbox = Inbox()
    inbox.put(comments(COMMENTS_LIMIT + 1))
    assert len(inbox.drain()) == 1


async def test_money_is_drained_first_and_each_kind_in_its_order() -> None:
    inbox = Inbox()
    given: list[Input] = [comments(3), command(1), order(), comments(2), command(2)]
    for one in given:
        inbox.put(one)
    drained = [waiting.one for waiting in inbox.drain()]
    assert drained == [given[1], given[2], given[4], given[0], given[3]]
    assert (inbox.urgent, inbox.comments, bool(inbox)) == (0, 0, False)


async def test_a_commit_is_bounded() -> None:
    inbox = Inbox()
    for _ in range(20):
        inbox.put(comments(500))
    sizes = []
    while inbox:
        sizes.append(sum(waiting.weight for waiting in inbox.drain()))
    assert max(sizes) <= BATCH + 500
    assert sum(sizes) == 10_000


async def test_a_small_room_is_for_comments_only_and_no_post_goes_beyond_it() -> None:
    inbox = Inbox()
    for _ in range(3):
        inbox.put(comments(200))
    inbox.put(command())
    assert [waiting.weight for waiting in inbox.drain(399)] == [1, 200]
    assert [waiting.weight for waiting in inbox.drain(0)] == []
    assert [waiting.weight for waiting in inbox.drain()] == [200, 200]


async def test_a_post_that_does_not_fit_waits() -> None:
    inbox = Inbox()
    inbox.put(comments(200))
    inbox.put(order())
    assert [waiting.weight for waiting in inbox.drain(199)] == [1]
    assert inbox.comments == 200
    assert [waiting.weight for waiting in inbox.drain(200)] == [200]
