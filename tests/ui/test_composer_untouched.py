"""No form reproaches whoever has just opened it: what is red waits for a touch or for a try to hand it in."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from tests.ui.clothes import wardrobe
from tests.ui.composed import KINDS, Compose, composed
from tests.ui.fake_bus import until
from ui.panels.composer import ComposerSheet
from ui.widgets.entry import Field

__all__ = ["composed"]

TONES = ("live",)


def red(widget: QWidget) -> list[str]:
    """What of a form is red: frames, fields, words, cards."""
    found = []
    for each in widget.findChildren(QWidget):
        if not each.isVisible():
            continue
        cause = each.property("wrong") is True or each.property("state") == "wrong"
        card = each.objectName() == "fault" and each.property("state") != "quiet"
        words = isinstance(each, QLabel) and getattr(each, "tone", "") in TONES and each.text()
        if cause or card or words:
            found.append(f"{type(each).__name__} {words or each.accessibleName()}")
    return found


async def _opened(composed: Compose, kind: str) -> ComposerSheet:
    """A form that opens with something the rules do not take: floors above what any template gives."""
    evening = wardrobe()
    for sku in evening.room.skus.values():
        sku.floor_fen = 50_000_00
    sheet, _ = await composed(evening)
    sheet.choose(kind)
    sheet.form.touch(False)
    sheet._timer.stop()
    sheet.judge_now()
    for _ in range(10):
        await asyncio.sleep(0)
    return sheet


@pytest.mark.parametrize("kind", KINDS)
async def test_a_form_opens_with_nothing_red(composed: Compose, kind: str) -> None:
    sheet = await _opened(composed, kind)
    assert red(sheet) == []
    if kind == "flash_sale":
        assert sheet.result.cards, "what is in the way is said, not in red"
        assert not sheet.add_it.isEnabled()


@pytest.mark.parametrize("kind", KINDS[:3])
async def test_what_is_wrong_is_red_after_a_try(composed: Compose, kind: str) -> None:
    sheet = await _opened(composed, kind)
    sheet.try_it()
    await until(lambda: red(sheet))
    assert not sheet.add_it.isEnabled()


@pytest.mark.parametrize("kind", KINDS[:3])
async def test_twin_a_field_that_counts_as_touched_is_red_at_once(
    composed: Compose, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = Field.touch
    monkeypatch.setattr(Field, "touch", lambda self, touched=True: touch(self, True))
    assert red(await _opened(composed, kind)) != []
