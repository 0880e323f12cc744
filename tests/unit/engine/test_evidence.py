"""One file per broadcast: what stands in it, that every change of it is seen, and whom it does not name."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import liveconsole.store as store_package
from liveconsole import verify_evidence
from liveconsole.advice import law_files
from liveconsole.cli import evidence as command
from liveconsole.engine.evidence import evidence, part_of
from liveconsole.store import Store, open_store
from liveconsole.verify_evidence import events_of, faults
from liveconsole.views.report import NoBroadcast
from tests.unit.engine.evenings import Evenings

WINNER = {"id": "wx-9", "name": "赵大名"}
BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 5}
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Evenings]:
    store = open_store(tmp_path / "data")
    room = Evenings(store)
    rules = law_files.load().rules
    room.core.law = lambda: rules
    yield room
    store.close()


def evening(room: Evenings) -> None:
    """Regulated goods, a draw that somebody won, a price that fell, and a second broadcast behind it."""
    licence = {"kind": "food_licence", "number": "JY1", "image": "a" * 64}
    room.ok("catalogue.put", products=[{"product_id": "a", "category": "food", "qualifications": [licence]}])
    room.ok("broadcast.open", title="晚场")
    room.ok("cart.pin", product_id="a")
    room.ok("cue.add", cue_id="bag", kind="lucky_bag", spec=BAG)
    room.ok("cue.fire", cue_id="bag")
    room.fact("comment.posted", viewer=WINNER, text="要")
    room.wait(6)
    room.ok("catalogue.put", products=[{"product_id": "b", "price_fen": 18900}])
    room.ok("broadcast.close")
    room.ok("broadcast.open", title="第二场")
    room.ok("bag.settle", cue_id="bag", viewer_id=WINNER["id"], ok=True)


def file_of(store: Store, **more: Any) -> dict[str, Any]:
    made = evidence(store, store.meta, 1, NOW, **more)
    found: dict[str, Any] = json.loads(json.dumps(made, ensure_ascii=False))
    return found


def links_of(store: Store) -> dict[int, str]:
    return {seq: line.link.hex() for seq, line in store.chained()}


def test_it_holds_prices_rules_prizes_and_what_was_delivered_later(room: Evenings) -> None:
    evening(room)
    found = file_of(room.store)
    types = {part: [one["type"] for one in events] for part, events in found["events"].items()}
    assert types["prizes"] == ["bag.source", "bag.closed", "cue.drawn", "bag.settled"], (
        "settled after the next opening"
    )
    assert types["prices"].count("catalogue.put") == 3
    assert types["rules"] == ["law.read"]
    assert types["broadcast"][-2:] == ["broadcast.opened", "broadcast.closed"]
    end = found["at_end"]
    assert [one["category"] for one in end["goods"]] == ["food", None]
    assert set(end["ledger"]) == {"a", "b"}
    assert end["law"]["rules"]["sha256"] == law_files.load().rules.sha256
    assert found["keep_until"][:4] == "2029"
    assert (faults(found), faults(found, links_of(room.store))) == ([], [])


def test_nobody_is_named_unless_it_is_asked_and_who_was_forgotten_is_nobody(room: Evenings) -> None:
    evening(room)
    assert WINNER["name"] not in json.dumps(file_of(room.store), ensure_ascii=False)
    named = file_of(room.store, names=True)
    assert list(named["persons"].values()) == [WINNER]
    room.ok("viewer.forget", viewer_id=WINNER["id"])
    gone = file_of(room.store, names=True)
    assert gone["persons"] == {}
    assert faults(gone, links_of(room.store)) == []


def test_who_was_hidden_stands_in_it_by_a_pid_and_what_was_typed_of_him_goes_when_he_is_forgotten(
    room: Evenings,
) -> None:
    room.ok("broadcast.open", title="晚场")
    room.fact("comment.posted", viewer=WINNER, text="假货")
    room.ok("viewer.mute", viewer_id=WINNER["id"], reason="刷屏")
    card = room.ok("violation.note", text="赵大名 举报了一句话")
    found = file_of(room.store)
    assert [one["type"] for one in found["events"]["moderation"]] == ["viewer.muted"]
    assert [one["type"] for one in found["events"]["violations"]] == ["violation.noted"]
    assert WINNER["id"] not in json.dumps(found["events"]["moderation"])
    room.ok("viewer.forget", viewer_id=WINNER["id"])
    gone = file_of(room.store, names=True)
    assert "赵大名" not in json.dumps(gone, ensure_ascii=False)
    (told,) = gone["events"]["violations"]
    assert "data_sha256" in told, "its data gave way, its hash stays"
    assert faults(gone, links_of(room.store)) == []
    known = room.room.law.violations[card["violation_id"]].text
    assert "赵大名" not in known
    room.restart()
    assert room.room.law.violations[card["violation_id"]].text == known, "as the log has it"


def test_names_that_were_typed_give_way_and_the_link_still_holds(room: Evenings) -> None:
    room.ok("room.set", platform="manual")
    room.ok("broadcast.open", title="晚场")
    room.ok("cue.add", cue_id="theirs", kind="lucky_bag", spec=BAG | {"draw": "platform"})
    room.ok("cue.fire", cue_id="theirs")
    room.ok("cue.confirm", cue_id="theirs", step="on_air", done=True)
    room.ok("bag.winners", cue_id="theirs", names=["赵大名"])
    found = file_of(room.store)
    (typed,) = [one for one in events_of(found) if one["type"] == "bag.winners"]
    assert "赵大名" not in typed["data"]
    assert faults(found, links_of(room.store)) == []
    whole = file_of(room.store, names=True)
    assert "赵大名" in json.dumps(whole, ensure_ascii=False)


def test_every_field_of_every_event_is_under_the_seal_and_under_its_link(room: Evenings) -> None:
    """Each change is seen by the seal; and by the link where somebody has sealed the changed file anew."""
    evening(room)
    found, links = file_of(room.store), links_of(room.store)
    for part, place, name in [
        (part, place, name)
        for part, events in found["events"].items()
        for place, event in enumerate(events)
        for name in event
    ]:
        forged = copy.deepcopy(found)
        event = forged["events"][part][place]
        was = event[name]
        event[name] = was + 1 if isinstance(was, int) else f"{was or ''}0"
        assert faults(forged), (part, place, name)
        assert faults(resealed(forged), links), (part, place, name)


def test_goods_that_are_changed_break_the_seal(room: Evenings) -> None:
    evening(room)
    forged = file_of(room.store)
    forged["at_opening"]["goods"][0]["price_fen"] -= 1
    assert faults(forged) == ["the seal is of another file"]


def test_a_file_of_another_log_is_seen_only_with_the_log(room: Evenings, tmp_path: Path) -> None:
    """The twin of holding it against the log: alone, a file that was made up whole looks well."""
    evening(room)
    found = file_of(room.store)
    other = open_store(tmp_path / "other")
    try:
        strange = Evenings(other)
        strange.ok("broadcast.open", title="晚场")
        assert faults(found) == []
        assert faults(found, links_of(other))
    finally:
        other.close()


def resealed(found: dict[str, Any]) -> dict[str, Any]:
    from liveconsole.engine.evidence import sealed

    body = {name: value for name, value in found.items() if name != "seal"}
    return {**body, "seal": {"sha256": sealed(body)}}


@pytest.mark.parametrize("bad", [{}, [], None, "x", {"format": "liveconsole/evidence/1"}, {"format": 2}])
def test_what_is_no_such_file_is_told(bad: Any) -> None:
    assert faults(bad)


def test_there_is_no_file_of_a_broadcast_that_was_not(room: Evenings) -> None:
    with pytest.raises(NoBroadcast):
        evidence(room.store, room.store.meta, 7, NOW)


def test_the_command_writes_it_and_checks_it(
    room: Evenings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evening(room)
    folder, file = tmp_path / "data", tmp_path / "one.json"
    assert command.run(["1", "--data", str(folder), "--file", str(file)]) == 0
    seal = capsys.readouterr().out.splitlines()[0]
    assert command.run(["--check", str(file), "--data", str(folder)]) == 0
    assert seal in capsys.readouterr().out
    assert verify_evidence.main([str(file)]) == 0
    text = file.read_text("utf-8")
    file.write_text(text.replace("18900", "18800"), "utf-8")
    assert command.run(["--check", str(file)]) == 1
    assert verify_evidence.main([str(file)]) == 1
    file.write_text("{", "utf-8")
    assert command.run(["--check", str(file)]) == 2
    assert command.run(["9", "--data", str(folder)]) == 1


def test_nothing_in_the_store_takes_an_event_away() -> None:
    """Records are kept for three years at least: there is no cleaning of the log at all."""
    assert store_package.__file__ is not None
    deletes = re.compile(r"DELETE\s+FROM\s+event\b|\bevent\.delete\(|DROP\s+TABLE\s+event\b", re.IGNORECASE)
    sources = sorted(Path(store_package.__file__).parent.glob("*.py"))
    assert len(sources) > 10
    assert [path.name for path in sources if deletes.search(path.read_text("utf-8"))] == []
    assert deletes.search('c.exec_driver_sql("DELETE FROM event WHERE at < ?")'), "the look itself sees one"


def test_what_buyers_wrote_is_no_review_of_a_text() -> None:
    assert part_of("review.noted") == "reviews"
    assert [part_of(f"review.{name}") for name in ("posted", "agreed", "shown", "hidden")] == [None] * 4
