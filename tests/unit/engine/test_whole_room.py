"""A room that could not be read anew after a write that failed holds what never happened: nobody sees it, and
nothing is written behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from liveconsole.engine import whole_room
from liveconsole.engine.outcome import Fenced, Unwritten
from liveconsole.messages.inputs import NotTaken
from liveconsole.store import Store, open_store
from liveconsole.store.errors import CLOSED, CannotWrite
from tests.unit.engine.evenings import Evenings, encoded


def away(*_: object) -> None:
    raise CannotWrite("io_error", "the server is away")


@pytest.mark.parametrize("twin", [False, True])
def test_the_store_goes_away_in_a_commit_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twin: bool
) -> None:
    monkeypatch.setattr(whole_room, "WAIT_SECONDS", 0.2)
    with open_store(tmp_path) as store:
        room = Evenings(store)
        room.open()
        was = encoded(room.room)
        with monkeypatch.context() as gone:
            gone.setattr(Store, "commit", away)
            gone.setattr(Store, "load", away)
            with pytest.raises(Unwritten):
                room.ok("note.put", text="没写下来")
            if not twin:
                with pytest.raises(NotTaken, match="cannot_write"):
                    whole_room.seen(room.core, lambda core: core.room)
        if twin:
            room.core._is_ahead = False
            with pytest.raises(Fenced):
                room.ok("note.put", text="后面")
            return
        assert whole_room.seen(room.core, lambda core: encoded(core.room)) == was
        room.ok("note.put", text="后面")
        assert [line["data"]["text"] for line in room.log("note.put")] == ["后面"]


def test_a_store_that_was_let_go_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> None:
        raise CannotWrite(CLOSED)

    with open_store(tmp_path) as store:
        room = Evenings(store)
        monkeypatch.setattr(Store, "load", closed)
        room.core._is_ahead = True
        monkeypatch.setattr("time.sleep", lambda _: pytest.fail("it waits"))
        with pytest.raises(NotTaken):
            whole_room.seen(room.core, lambda core: core.room)
