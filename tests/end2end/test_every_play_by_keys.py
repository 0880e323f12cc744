"""Each play by keys alone, at a real engine where a person does it on the phone: from its form to the phone's
line, on air, to its end and to its row in the report. What shoppers do in it: `test_every_play`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from liveconsole.bus.client import Client
from liveconsole.connectors.rehearsal import scenario
from liveconsole.domain.kinds import KINDS
from liveconsole.domain.platforms import doer
from liveconsole.messages.specs import parse_spec
from liveconsole.views.instructions import instruction
from tests.contract.engine_process import EngineProcess
from tests.end2end.desk_person import CTRL, SHIFT, Person, leave, live
from tests.unit.domain.desk import Desk
from ui.panels.composer import ComposerSheet
from ui.panels.composer.choice import key_of
from ui.panels.composer.forms import FORMS
from ui.panels.owed import panel
from ui.panels.owed.card import ConfirmCard
from ui.seat import session
from ui.seat.room import RoomView
from ui.windows.shell import Shell

PLAYED = {kind.NAME for kind in KINDS if not kind.RETIRED} - {"pin"}
LOOKS = 0.05
"""Seconds that a card which has just come up is looked at before its key answers: here, to be quick."""
DRAWN = {"lucky_bag"}
"""What ends by its draw: nobody stops it without a reason."""
BY_PHONE = {kind: doer(Desk("manual").room, kind) == "person" for kind in PLAYED}


def plays() -> dict[str, dict[str, Any]]:
    """Kind → what the evening of plays fires of it, for everybody, at once, one bag, long enough."""
    found: dict[str, dict[str, Any]] = {}
    for step in scenario.load("plays").script.step:
        if step.kind is not None:
            beside = ("audience", "countdown_seconds", "series")
            spec = {name: value for name, value in step.spec.items() if name not in beside}
            found.setdefault(step.kind, {**spec, "seconds": 3 if step.kind in DRAWN else 600})
    return found


async def _composed(person: Person, kind: str, spec: dict[str, Any]) -> str:
    await person.press(Qt.Key.Key_P, CTRL)
    await person.sees(lambda: isinstance(person.desk.side.sheet, ComposerSheet))
    sheet = person.desk.side.sheet
    assert isinstance(sheet, ComposerSheet)
    await person.press(Qt.Key.Key_F2)
    await person.press(Qt.Key(ord(key_of(list(FORMS).index(kind)))))
    await person.sees(lambda: sheet.form.kind == kind)
    terms = parse_spec(kind, spec)
    sheet.form.fill(terms)
    drafted = sheet.form.draft()
    assert drafted is not None
    assert parse_spec(kind, drafted) == terms, "the form sends what stands in it"
    await person.press(Qt.Key.Key_Return)
    await person.sees(lambda: person.desk.side.sheet is None)
    await person.sees(
        lambda: [cue for cue in person.state.cues if (cue.kind, cue.status) == (kind, "queued")]
    )
    return next(cue.cue_id for cue in person.state.cues if cue.kind == kind)


def _card(person: Person, cue_id: str, step: str) -> ConfirmCard | None:
    cards = person.desk.left.owed.cards()
    return next((one for one in cards if (one.face.cue_id, one.face.step) == (cue_id, step)), None)


async def _done_on_the_phone(person: Person, cue_id: str, step: str) -> None:
    """The card says what to press, in one line and field by field; its key answers."""
    await person.sees(lambda: _card(person, cue_id, step))
    card = _card(person, cue_id, step)
    assert card is not None
    cue = next(cue for cue in person.state.cues if cue.cue_id == cue_id)
    told = instruction(cue.kind, step, cue.spec, RoomView(person.state).names())
    assert card.face.said == told.zh
    assert told.zh
    assert told.en
    await asyncio.sleep(LOOKS)
    await person.press(Qt.Key.Key_Y, CTRL)
    await person.sees(lambda: _card(person, cue_id, step) is None)


async def _evening(person: Person, pictures: Path) -> None:
    products = scenario.products()
    outside = person.outside
    await outside.command("room.set", {"platform": "manual", "recall_seconds": 0})
    await outside.command("catalogue.put", {"products": [product.put() for product in products]})
    await outside.command("cart.add", {"product_ids": [product.id for product in products]})
    await outside.command("broadcast.open", {"title": "玩法专场"})
    await person.sees(lambda: person.state.broadcast.status == "open" and person.state.cart.items)
    for kind, spec in plays().items():
        cue_id = await _composed(person, kind, spec)
        slot = person.slot(cue_id)
        assert slot is not None
        key = Qt.Key(ord(str(slot)))
        await person.press(key, CTRL)
        await person.sees(lambda kind=kind: person.of(kind, "firing") or person.of(kind, "on_air"))  # type: ignore[misc]
        if BY_PHONE[kind]:
            await _done_on_the_phone(person, cue_id, "on_air")
        await person.sees(lambda kind=kind: person.of(kind, "on_air"))  # type: ignore[misc]
        await person.sees(person.desk.stage.cards)
        assert person.shell.grab().save(str(pictures / f"{kind}.png"))
        if kind not in DRAWN:
            await person.press(key, CTRL | SHIFT)
        await person.sees(lambda kind=kind: person.of(kind, "ended"))  # type: ignore[misc]
        if next(cue for cue in person.state.cues if cue.cue_id == cue_id).owed is not None:
            await _done_on_the_phone(person, cue_id, "ended")


async def _sit(engine: EngineProcess, pictures: Path) -> None:
    shell = Shell(engine.folder, session.Remembered())
    outside = Client(engine.found["url"], engine.tokens["host"])
    try:
        shell.resize(1440, 900)
        shell.show()
        shell.activateWindow()
        shell.begin(role="host")
        person = Person(shell, outside)
        await person.sees(lambda: person.joined)
        await _evening(person, pictures)
    finally:
        await outside.close()
        await leave(shell)
    await asyncio.sleep(0)


def test_every_play_goes_from_its_form_to_its_row_by_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel, "SETTLE_SECONDS", LOOKS)
    assert sum(BY_PHONE.values()) >= len(PLAYED) - 1, "a list is the console's own"
    assert set(plays()) == PLAYED, "a kind that came later has its step in the evening of plays"
    engine = EngineProcess(tmp_path / "room", "--port", "0").start()
    try:
        live(lambda: _sit(engine, tmp_path), within=180.0)
        report = engine.call("GET", "/v1/broadcasts/1").json
    finally:
        engine.kill()
    rows = {row["kind"]: row for row in report["promotions"]}
    assert set(rows) == PLAYED
    assert all(row["on_air_at"] and row["status"] == "ended" for row in rows.values())
