"""Who leads no more lets go of every connection, also while one is just being made on another thread."""

from __future__ import annotations

import threading
import weakref
from typing import Any

import pytest

from liveconsole.store.postgres.link import LinksTogether


class Link:
    """Stands for a connection."""


def test_one_that_is_made_meanwhile_waits_and_is_one_of_them() -> None:
    links, kept = LinksTogether(), [Link() for _ in range(3)]
    group: Any = links
    for link in kept:
        group.add(link)
    with group._changing:  # as while they are gone through
        more = Link()
        making = threading.Thread(target=group.add, args=(more,))
        making.start()
        making.join(0.05)
        assert making.is_alive()
        assert len(list(group._links)) == 3
    making.join()
    assert {id(link) for link in links.now()} == {id(link) for link in [*kept, more]}


def test_one_that_nobody_uses_is_none_of_them() -> None:
    links: Any = LinksTogether()
    links.add(Link())
    assert links.now() == []


def test_the_twin_ends_in_the_middle() -> None:
    links, kept = weakref.WeakSet[Link](), [Link() for _ in range(3)]
    links.update(kept)
    going = iter(links)
    next(going)
    more = Link()
    links.add(more)
    with pytest.raises(RuntimeError, match="changed size"):
        list(going)
