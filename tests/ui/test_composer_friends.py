"""拼团 and 砍价 composed by keys alone, judged by the real rules; and how they look while they run."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liveconsole.messages.specs import GroupBuySpec, parse_spec
from liveconsole.overlay.view import look as viewers_see
from tests.ui.composed import judged
from tests.ui.evening import Evening
from tests.ui.fake_bus import until
from tests.ui.rooms import sample_state
from tests.ui.test_composer_lots import Compose, _running, _tab_to, _type, composed
from ui.kinds import KINDS
from ui.panels.composer.coupon import CouponForm
from ui.panels.composer.form import Form
from ui.panels.composer.one_sku import BargainForm, GroupBuyForm
from ui.panels.owed.measure import MeasureSheet
from ui.panels.queue.rows import faces
from ui.seat.room import RoomView
from ui.windows.host import facts

__all__ = ["composed"]

GROUP: dict[str, Any] = {
    "sku_id": "scarf", "price_fen": 15_900, "size": 3, "groups": 2, "per_buyer": 1, "seconds": 300,
}  # fmt: skip
BARGAIN: dict[str, Any] = {
    "sku_id": "scarf", "price_fen": 15_900, "friends": 3, "per_buyer": 1, "seconds": 300,
}  # fmt: skip
SHARED: dict[str, Any] = {
    "name": "拉新券", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 300,
    "valid_seconds": 86_400, "share": {"friends": 3},
}  # fmt: skip


@pytest.mark.parametrize(
    ("form", "spec"),
    [
        (GroupBuyForm, GROUP),
        (BargainForm, BARGAIN),
        (CouponForm, SHARED),
    ],
)
def test_what_is_filled_in_comes_out_again(
    qtbot: QtBot, dressed: QApplication, form: type[Form[Any]], spec: dict[str, Any]
) -> None:
    made = form()
    qtbot.addWidget(made)
    made.show_room(RoomView(sample_state()))
    made.fill(parse_spec(made.kind, spec))
    assert made.draft() == spec


async def test_a_group_buy_is_composed_by_keys_alone(composed: Compose) -> None:
    made = await composed("group_buy")
    sheet, form = made.sheet, made.sheet.form
    assert isinstance(form, GroupBuyForm)
    assert QApplication.focusWidget() is form.sku, "typing begins at the goods"
    _type(form.price, "330")
    _type(form.people, "2")
    _type(form.groups, "1")
    await judged(sheet)
    assert sheet.add_it.isEnabled(), sheet._said
    assert sheet.result.most_money.text()
    QTest.keyClick(form.groups, Qt.Key.Key_Return)
    await until(lambda: made.closed)
    ((type_, data),) = made.bus.asked
    assert (type_, data["kind"]) == ("cue.add", "group_buy")
    assert (data["spec"]["price_fen"], data["spec"]["size"], data["spec"]["groups"]) == (33_000, 2, 1)


async def test_too_cheap_and_too_many_groups_are_mended_by_one_key(composed: Compose) -> None:
    made = await composed("group_buy")
    sheet, form = made.sheet, made.sheet.form
    assert isinstance(form, GroupBuyForm)
    form.fill(GroupBuySpec("米白 XL", 100, 2, 50, 1, 300))
    form.touch()
    sheet.begin()
    await judged(sheet)
    assert not sheet.add_it.isEnabled()
    codes = [each.code for each in sheet._said.repairs]
    assert sorted(codes) == ["below_price_floor", "over_stock"]
    _tab_to(sheet.mend_all)
    QTest.keyClick(sheet.mend_all, Qt.Key.Key_Space)
    await judged(sheet)
    assert sheet.add_it.isEnabled(), sheet._said
    assert form.groups.value() < 50
    assert (form.price.fen() or 0) > 100


async def test_a_bargain_is_composed_by_keys_alone(composed: Compose) -> None:
    made = await composed("bargain")
    sheet, form = made.sheet, made.sheet.form
    assert isinstance(form, BargainForm)
    _type(form.price, "330")
    _type(form.friends, "4")
    await judged(sheet)
    assert sheet.add_it.isEnabled(), sheet._said
    QTest.keyClick(form.friends, Qt.Key.Key_Return)
    await until(lambda: made.closed)
    ((type_, data),) = made.bus.asked
    assert (type_, data["kind"], data["spec"]["friends"]) == ("cue.add", "bargain", 4)


# While they run --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "spec", "title", "says", "rule"),
    [
        ("group_buy", GROUP, "拼团 100% 山羊绒围巾", "余 6 位", "3 人成团，已成 0 团，还有 6 个位子"),
        ("bargain", BARGAIN, "砍价 100% 山羊绒围巾", "砍成 0", "3 个朋友帮忙砍到这个价"),
    ],
)
def test_they_wait_run_and_are_seen(
    dressed: QApplication, kind: str, spec: dict[str, Any], title: str, says: str, rule: str
) -> None:
    at = _running(kind, spec)
    (face,) = [face for face in faces(RoomView(at.shown()), "host", {}) if face.cue_id == kind]
    assert face.title.startswith(title)
    assert face.fire == KINDS[kind].FIRE[0]
    at.fire(kind)
    at.pin("scarf")
    room = RoomView(at.shown())
    (running,) = [one for one in facts.running(room) if one.name == KINDS[kind].TITLE[0]]
    assert running.says == says
    stage = facts.on_stage(room)
    assert stage is not None
    assert not stage.sale, "the product's own price is not theirs"
    (shown,) = [one for one in viewers_see(at.room, at.now).running if one.kind == kind]
    assert (shown.price_fen, shown.rule, shown.number) == (15_900, rule, 3)


def test_a_share_coupon_asks_for_its_own_figures_and_no_other_does(
    qtbot: QtBot, dressed: QApplication
) -> None:
    at = Evening("manual")
    for cue_id, spec in (("s", SHARED), ("plain", SHARED | {"share": None})):
        at.ok("cue.add", {"cue_id": cue_id, "kind": "coupon", "spec": spec}, "assistant")
        at.ok("cue.approve", {"cue_id": cue_id})
        at.fire(cue_id)
        at.confirm(cue_id)
    room = RoomView(at.shown())
    asked = {}
    for cue_id in ("s", "plain"):
        sheet = MeasureSheet(None, cue_id, room)  # type: ignore[arg-type]
        qtbot.addWidget(sheet)
        asked[cue_id] = list(sheet.fields)
    assert asked == {"s": ["claimed", "used", "sharers", "brought"], "plain": ["claimed", "used"]}
    (card,) = [one for one in viewers_see(at.room, at.now).running if one.cue_id == "s"]
    assert card.rule.endswith("分享带来 3 人才能领")
    at.ok("cue.measure", {"cue_id": "s", "sharers": 4, "brought": 10}, "assistant")
    cue = RoomView(at.shown()).cues["s"]
    assert KINDS["coupon"].counts(cue, cue.terms)[:2] == ["分享 4 人", "带来新买家 10（手填）"]
