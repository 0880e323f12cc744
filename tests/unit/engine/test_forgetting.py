"""Who is forgotten stands nowhere, and the same look finds him where one kind of place is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from liveconsole.domain import evolve
from liveconsole.domain.room import FOLD_VERSION, Room
from liveconsole.engine import folding, forgetting
from liveconsole.engine.forgetting import Mentions
from liveconsole.messages import events, facts
from liveconsole.messages.fields import AnyPersonId, Id, Person, Typed
from liveconsole.messages.persons import places_of
from liveconsole.store import Store, open_store
from liveconsole.store.cipher_store import CipherStore
from liveconsole.store.errors import CannotWrite
from liveconsole.views.state.marks import MARKS
from tests.every_byte import holding
from tests.unit.engine.evenings import Evenings

WHO = {"id": "wx-o9x77k", "name": "柳如是不姓柳"}
NAME, ID = WHO["name"], WHO["id"]


class Deal(Struct, frozen=True):
    asked_by: Person | None = None
    said: str = ""


class Helped(Struct, frozen=True):
    """A type that the program does not have: persons in a list, in an object, as an id alone."""

    cue_id: Id
    helpers: list[Person]
    deal: Deal
    by: AnyPersonId


class Inner(Struct):
    text: Typed = ""
    pairs: list[tuple[Person, int]] = []


class Outer(Struct):
    inner: dict[str, Inner | None] = {}
    plain: str = ""


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for table, value in ((facts.FACTS, Helped), (events.EVENTS, Helped), (MARKS, frozenset())):
        monkeypatch.setitem(table, "made_up.helped", value)
    monkeypatch.setitem(evolve.FOLDS, "made_up.helped", lambda *_: None)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Evenings]:
    store = open_store(tmp_path / "data")
    room = Evenings(store, platform="manual")
    room.open()
    yield room
    store.close()


def spoken_of(room: Evenings) -> None:
    """He spoke and was written of; and a promotion with his name has left the room."""
    room.fact("comment.posted", viewer=WHO, text="在吗", lang="zh")
    room.fact("gift.sent", viewer=WHO, gift="花", count=1, value_fen=0, text=f"{NAME} 送花")
    spec = {
        "prize": {"name": "围巾", "value_fen": 1},
        "winners": 1,
        "entry": {},
        "seconds": 60,
        "draw": "platform",
    }
    bag = room.ok("cue.add", kind="lucky_bag", spec=spec)["cue_id"]
    room.ok("cue.fire", cue_id=bag)
    room.ok("cue.confirm", cue_id=bag, step="on_air", done=True)
    room.ok("bag.winners", cue_id=bag, names=[NAME])
    room.close()
    room.open()
    room.ok("note.put", text=f"给{NAME}留一件")
    room.core.save()


@pytest.mark.of_a_file
def test_a_made_up_type_cannot_leak(made_up: None, room: Evenings, tmp_path: Path) -> None:
    data = {
        "cue_id": "q",
        "helpers": [{"id": "h1", "name": "小红帽子戴"}, {**WHO, "phone": "13900008888"}],
        "deal": {"asked_by": WHO, "said": "x"},
        "by": ID,
    }
    room.fact("made_up.helped", **data)
    pid = room.core.people.pid(ID)
    (kept,) = [one for one in room.store.events_after(0) if one.type == "made_up.helped"]
    assert msgspec.json.decode(kept.data) == {
        "cue_id": "q",
        "helpers": [{"id": room.core.people.pid("h1")}, {"id": pid}],
        "deal": {"asked_by": {"id": pid}, "said": "x"},
        "by": pid,
    }
    shown = msgspec.json.decode(room.store.read(0, 100, ("made_up.helped",))[0])["data"]
    assert shown["deal"] == {"asked_by": WHO, "said": "x"}
    room.ok("viewer.forget", viewer_id=ID)
    room.store.clear_what_is_left()
    assert holding(tmp_path / "data", NAME, ID, "13900008888") == []
    assert holding(tmp_path / "data", "小红帽子戴"), "the others stay"


def test_places_are_found_however_deep() -> None:
    found = places_of(Outer)
    assert found is not None
    assert list(found.fields) == ["inner"]
    within = found.fields["inner"].each
    assert within is not None
    assert set(within.fields) == {"text", "pairs"}
    assert places_of(facts.RoomMeasured) is None


def nothing(*_: Any, **__: Any) -> None:
    """Does nothing."""


def typed_text_is_left(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(forgetting, "_typed_events", dict)


def facts_are_left(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Store, "facts_with", lambda *_: ([], 0))


def left_cues_are_left(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Store, "all_cue_bodies", lambda *_: [])


def files_are_left(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CipherStore, "clear_what_is_left", nothing)


@pytest.mark.of_a_file
@pytest.mark.parametrize(
    "bent", [None, typed_text_is_left, facts_are_left, left_cues_are_left, files_are_left]
)
def test_no_byte_of_him_is_left_and_one_place_left_out_is_found(
    room: Evenings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bent: Callable[..., None] | None
) -> None:
    folder = tmp_path / "data"
    spoken_of(room)
    (folder / "room.before-r0001.db").write_bytes((folder / "room.db").read_bytes())
    assert holding(folder, NAME)
    if bent is not None:
        bent(monkeypatch)
    room.ok("viewer.forget", viewer_id=ID)
    room.store.clear_what_is_left()
    found = holding(folder, NAME, ID)
    assert bool(found) == (bent is not None), found
    if bent is None:
        assert not (folder / "room.before-r0001.db").exists()


def test_the_room_in_memory_is_the_fold_of_the_log(room: Evenings) -> None:
    spoken_of(room)
    room.ok("viewer.forget", viewer_id=ID)
    living = msgspec.msgpack.encode(room.room)
    folded = Room(room_id=room.store.meta.room_id, simulated=room.store.meta.simulated)
    for event in map(folding.event_of, room.store.events_after(0)):
        folded = evolve.evolve(folded, event)
    assert msgspec.msgpack.encode(folded) == living
    blob, seq = room.store.load(FOLD_VERSION)
    assert (blob, seq) == (living, room.core.seq), "a snapshot without him takes the place of those with him"
    room.restart()
    assert msgspec.msgpack.encode(room.room) == living


def test_a_disk_that_does_not_take_it_forgets_nobody(room: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken_of(room)
    pid = room.core.people.pid(ID)

    def full(_: object) -> None:
        raise CannotWrite("disk_full", "full")

    with monkeypatch.context() as patch:
        patch.setattr(room.store, "commit", full)
        with pytest.raises(Exception, match="full"):
            room.answer("viewer.forget", {"viewer_id": ID})
    assert room.core.people.names([pid]) == {pid: (ID, NAME)}
    assert room.room.notes[-1].text == f"给{NAME}留一件"
    room.ok("viewer.forget", viewer_id=ID)
    assert room.core.people.names([pid]) == {}


@pytest.mark.parametrize("known_again", [True, False])
def test_a_bag_that_kept_him_out_is_fired_as_it_is_shown(
    room: Evenings, monkeypatch: pytest.MonkeyPatch, known_again: bool
) -> None:
    """The seat saw ``forgotten`` in his place, and sends that back as what it expects."""
    room.fact("viewer.entered", viewer=WHO)
    prize = {"name": "围巾", "value_fen": 1}
    spec = {"prize": prize, "winners": 1, "entry": {}, "seconds": 60, "exclude": [ID, "other"]}
    cue_id = room.ok("cue.add", kind="lucky_bag", spec=spec)["cue_id"]
    room.ok("viewer.forget", viewer_id=ID)
    if not known_again:
        monkeypatch.setattr(forgetting, "expected", lambda _people, _room, data: data)
    shown = {**room.room.cues[cue_id].spec_sent, "exclude": ["forgotten", "other"]}
    answer = room.answer("cue.fire", {"cue_id": cue_id, "expect": shown})
    assert answer["ok"] is known_again, answer


def test_in_one_batch_with_what_names_him(room: Evenings) -> None:
    """What stands before it in the batch is forgotten with him, what comes behind it is of somebody new."""
    from liveconsole.messages.inputs import CommandInput

    def asked(n: int, type_: str, data: dict[str, Any]) -> CommandInput:
        return CommandInput(f"b{n}", type_, data, "host", f"b{n}".encode())

    room.fact("viewer.entered", viewer=WHO)
    answers = room.process(
        asked(1, "note.put", {"text": f"{NAME}来了"}),
        asked(2, "viewer.forget", {"viewer_id": ID}),
        asked(3, "note.put", {"text": f"{NAME}又来了"}),
    )
    assert len(answers) == 3
    assert [note.text for note in room.room.notes] == [f"{'*' * 18}来了", f"{NAME}又来了"]


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Ann 的号", "*** 的号"),
        ("ANN!", "***!"),
        ("planned, Anna", "planned, Anna"),
        ("ann", "forgotten"),
        ("买 77 件", "买 77 件"),
    ],
)
def test_a_latin_name_is_a_word_of_its_own(text: str, without: str) -> None:
    assert Mentions("77", "ann").without(text) == without


def test_one_letter_is_a_name_only_where_nothing_else_stands() -> None:
    who = Mentions("name:好", "好")
    assert who.without("好的好的") == "好的好的"
    assert who.without("好") == "forgotten"


def test_others_lose_a_word_only_where_they_call_him() -> None:
    who = Mentions("wx-1", "多少钱")
    assert who.uncalled("这个多少钱") == "这个多少钱"
    assert who.uncalled("@多少钱 在吗") == f"{'*' * 10} 在吗"


@pytest.mark.of_a_file
def test_a_reader_that_holds_the_wal_file_is_waited_for_at_the_next_turn(room: Evenings) -> None:
    spoken_of(room)
    room.ok("viewer.forget", viewer_id=ID)
    reader = room.store.open_reader()
    with reader._file.reading() as held:
        held.exec_driver_sql("SELECT count(*) FROM event").scalar()
        room.ok("note.put", text="x")
        room.store.clear_what_is_left()
        left = [room.store.to_clear]
    reader.close()
    room.store.clear_what_is_left()
    left.append(room.store.to_clear)
    assert left == [True, False]
    assert holding(room.store.folder, NAME, ID) == []
