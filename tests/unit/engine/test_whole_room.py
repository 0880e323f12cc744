"""A room that could not be read anew after a write that failed holds what never happened: nobody sees it, and
nothing is written behind it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from liveconsole.bus.decode import read_events
from liveconsole.engine import core as core_module
from liveconsole.engine import whole_room
from liveconsole.engine.outcome import Fenced, Unwritten, WriteLost
from liveconsole.messages.inputs import FactsInput, NotTaken
from liveconsole.store import Store, open_store
from liveconsole.store.errors import CLOSED, CannotWrite, StoreBroken
from tests.unit.engine.evenings import BATCH, Evenings, encoded


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


@pytest.mark.parametrize("gone", [("known",), ("answers",), ("known", "load")])
def test_a_store_that_is_away_in_a_question_is_no_bug_of_who_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, gone: tuple[str, ...]
) -> None:
    with open_store(tmp_path) as store:
        room = Evenings(store)
        room.open()
        sent = two_comments(room)
        with monkeypatch.context() as patched:
            for question in gone:
                patched.setattr(store, question, away)
            with pytest.raises(Unwritten, match="io_error"):
                room.process(sent)
        assert "bug" not in caplog.text
        (again,) = room.process(sent)
        assert (again.accepted, again.duplicates, again.refused) == (2, 0, [])


def test_called_a_bug_it_would_be_refused_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: whoever sent them believes the answer, and they are lost."""

    class Nothing(Exception):
        """What no store raises."""

    with open_store(tmp_path) as store:
        room = Evenings(store)
        room.open()
        monkeypatch.setattr(core_module, "CannotWrite", Nothing)
        monkeypatch.setattr(store, "known", away)
        (answer,) = room.process(two_comments(room))
        assert [(answer.accepted, problem.code) for problem in answer.refused] == [(0, "bug")] * 2


def test_a_store_that_breaks_while_a_bug_is_put_right_ends_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise StoreBroken("damaged")

    def buggy(*_: object) -> None:
        raise ZeroDivisionError

    with open_store(tmp_path) as store:
        room = Evenings(store)
        monkeypatch.setattr(store, "known", buggy)
        monkeypatch.setattr(store, "load", damaged)
        with pytest.raises(WriteLost, match="damaged"):
            room.process(two_comments(room))


def test_whoever_is_refused_at_the_door_is_so_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(tmp_path) as store:
        room = Evenings(store)
        monkeypatch.setattr(store, "commit", away)
        room.core.deny("producer", "/v1/state", room.now)
        assert "not kept: io_error" in caplog.text


def two_comments(room: Evenings) -> FactsInput:
    said = [room.event("comment.posted", {"viewer": {"id": "v"}, "text": text}) for text in ("一", "二")]
    return read_events(BATCH, msgspec.json.encode(said), simulated=False)
