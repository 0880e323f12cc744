"""主播大屏: what it says of a state, the countdown at a given time, and that its keys spend nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.host_rooms import host_at, note, show
from tests.ui.rooms import Evening, empty_state, host_state, hosted, manual_state, sample_state
from tests.ui.test_anchor import slipping
from ui.clean import clean
from ui.widgets import PlainLabel
from ui.windows.host.large import LargeLabel, scale_of
from ui.windows.host.notes import MARK, PickedQuestion, as_note, read
from ui.windows.host.window import HostWindow, other_screen

HOSTILE = "<b>粗</b><img src=x> &amp; {0}\u202egnp.exe\u200b"
AS_LETTERS = "<b>粗</b><img src=x> &amp; {0}gnp.exe"


@pytest.fixture
def hosts(dressed: QApplication) -> Iterator[Any]:
    opened: list[HostWindow] = []

    def open_(state: State | None, *, size: tuple[int, int] = (1280, 720), **more: Any) -> HostWindow:
        window = host_at(state, **more)
        window.resize(*size)
        window.show()
        for _ in range(6):
            QCoreApplication.sendPostedEvents()
            dressed.processEvents()
        opened.append(window)
        return window

    yield open_
    for window in opened:
        window.close()
        window.deleteLater()


def noting(kept: list[Any], asked: Any) -> bool:
    """Yes to whatever is asked, which is kept."""
    kept.append(asked)
    return True


def words(window: HostWindow) -> str:
    """Everything that can be read on it now."""
    labels = [each.text() for each in window.findChildren(QLabel) if each.isVisibleTo(window)]
    return "\n".join(text for text in labels if text)


def press(window: HostWindow, key: Qt.Key, *, repeat: bool = False) -> None:
    held = Qt.KeyboardModifier.NoModifier
    window.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, held, "", repeat))


# A state and what is shown ----------------------------------------------------------------------------


def test_product_price_and_what_is_left(hosts: Any) -> None:
    at = hosts(host_state())
    assert at.product.accessibleName() == "3 号 100% 山羊绒围巾 驼色 200×70 ¥99 最低到手 ¥90.31 秒杀还剩 8"
    assert at.product.rest.text() == "/ 50 · 每人 1 件 · 再买 ¥100 减 ¥20 · 16 微米长绒 · 不起球 · 送礼盒"
    assert at.product.before.text() == "日常价 ¥199"
    assert at.product.final.text() == "最低到手 ¥90.31", "with the coupon that runs beside it"
    assert at.next.accessibleName() == "下一品 4 号 羊毛手套 男女同款 ¥99"


def test_the_lowest_that_is_the_price_is_not_said_twice(hosts: Any) -> None:
    evening = Evening()
    evening.pin("scarf")
    evening.fire(evening.sale())
    assert hosts(evening.shown()).product.final.text() == ""


def two_sizes(**more: Any) -> Evening:
    """The scarf comes in two sizes, and is explained."""
    evening = Evening(**more)
    sizes = [
        {"sku_id": "scarf", "title": "200×70", "price_fen": 19900, "stock": 128},
        {"sku_id": "scarf-xl", "title": "230×90", "price_fen": 25900, "stock": 40},
    ]
    scarf = {"product_id": "scarf", "title": "山羊绒围巾", "price_fen": 19900, "stock": 168, "skus": sizes}
    evening.ok("catalogue.put", {"products": [scarf]})
    evening.pin("scarf")
    return evening


def test_several_prices_are_said_as_from(hosts: Any) -> None:
    at = hosts(two_sizes().shown())
    assert (at.product.price.text(), at.product.dearer.isHidden()) == ("¥199", False)


def test_of_a_sale_of_several_goods_only_what_she_explains_is_counted(hosts: Any) -> None:
    evening = two_sizes()
    skus = [
        {"sku_id": "scarf", "price_fen": 9900, "quantity": 6},
        {"sku_id": "scarf-xl", "price_fen": 15900, "quantity": 4},
        {"sku_id": "gloves", "price_fen": 5900, "quantity": 90},
    ]
    evening.ok("stock.add", {"sku_id": "gloves", "by": 200})
    spec = {"skus": skus, "per_buyer": 2, "seconds": 300}
    evening.add("c-sale", "flash_sale", spec)
    evening.fire("c-sale")
    evening.buys("o1", "scarf", 9900)
    evening.buys("o2", "gloves", 5900, 2)
    at = hosts(evening.shown())
    assert at.product.accessibleName().endswith("¥99 秒杀还剩 9")
    assert at.product.rest.text().startswith("/ 10 · 每人 2 件 · ")


def test_a_figure_that_no_source_tells_is_never_a_number(hosts: Any) -> None:
    evening = Evening("manual")
    evening.pin("scarf")
    evening.confirm("c-pin")
    evening.fire(evening.sale())
    evening.confirm("c-sale")
    at = hosts(evening.shown())
    assert at.product.left.text() == ""
    assert at.product.left_word.text() == "秒杀余量 · 平台没有报"
    assert at.rings.places[0].says.text() == "剩 —"


def test_what_viewers_still_see_is_said(hosts: Any) -> None:
    at = hosts(manual_state())
    assert (at.product.rest.text(), at.product.rest.tone) == ("观众看到的还是 3 号", "warn")


def test_rings_empty_towards_their_end(hosts: Any) -> None:
    at = hosts(host_state())
    assert [(p.name.text(), p.ring.shown[0], p.says.text()) for p in at.rings.places] == [
        ("秒杀", "2:41", "剩 8"),
        ("优惠券", "7:12", "剩 288"),
        ("福袋", "1:15", "1,204 人"),
    ]
    at.tick(NOW + timedelta(seconds=75))
    assert [p.ring.shown[0] for p in at.rings.places] == ["1:26", "5:57", "0:00"]


def test_a_promotion_keeps_its_place_and_what_has_none_is_counted(hosts: Any) -> None:
    evening = hosted()
    at = hosts(evening.shown())
    evening.stop("c-sale")
    show(at, evening.shown())
    assert [p.cue_id for p in at.rings.places] == ["", "c-coupon", "c-bag"]
    for cue_id, product_id, fen in (("x", "thermal", 12000), ("y", "pants", 7000)):
        evening.fire(evening.sale(cue_id, sku_id=product_id, price_fen=fen))
        evening.wait(3)
    show(at, evening.shown())
    assert [p.cue_id for p in at.rings.places] == ["x", "c-coupon", "c-bag"]
    assert at.rings.more.text() == "+1"
    assert not at.rings.quiet.isVisible()


def test_clocks_of_the_plan_run_on_between_states(hosts: Any) -> None:
    at = hosts(host_state())
    assert (at.top.spent.time.text(), at.top.on_air.time.text()) == ("6:21", "01:12:36")
    assert (at.top.plan.word.text(), at.top.plan.time.text()) == ("全场领先", "0:41")
    at.tick(NOW + timedelta(seconds=260))
    assert at.top.spent.time.text() == "10:41"
    assert at.top.spent.time.tone == "warn", "longer than planned"
    assert (at.top.plan.word.text(), at.top.plan.time.text()) == ("全场领先", "0:00") or (
        at.top.plan.word.text() == "全场落后"
    )
    at.tick(NOW + timedelta(seconds=1000))
    assert at.top.plan.word.text() == "全场落后"


def test_a_rehearsal_never_says_on_air(hosts: Any) -> None:
    at = hosts(Evening("rehearsal").shown())
    assert (at.top.air.text(), at.top.air.tone) == ("排练中", "warn")
    assert "直播中" not in words(at)
    show(at, Evening("rehearsal", open_=False).shown())
    assert at.top.air.text() == "排练"


def test_not_yet_and_no_longer_on_air(hosts: Any) -> None:
    at = hosts(empty_state())
    assert at.top.air.text() == "未开播"
    assert at.product.title.text() == "没有在讲解的商品"
    assert at.next.title.text() == "没有了"
    assert at.top.on_air.isHidden()
    assert at.rings.quiet.isVisible()
    evening = Evening()
    evening.ok("broadcast.close", {})
    assert hosts(evening.shown()).top.air.text() == "已下播"


def test_a_state_without_rundown_and_notes_is_read_too(hosts: Any) -> None:
    at = hosts(sample_state())
    assert at.next.title.text() == "4 号 羊毛手套 男女同款"
    assert at.note.text.text() == ""
    assert at.top.plan.isHidden()


def test_it_opens_before_anything_is_known(hosts: Any) -> None:
    at = hosts(None)
    at.tick(NOW)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_1, Qt.Key.Key_0, Qt.Key.Key_Right, Qt.Key.Key_Home):
        press(at, key)
    assert not at.go_next()
    assert not at.take_back()


# Questions and notes ----------------------------------------------------------------------------------


def test_three_questions_oldest_first_and_the_newest_note(hosts: Any) -> None:
    evening = hosted()
    for text, to in ((as_note("起球吗？"), "host"), ("镜头往左一点", "host"), ("x", "operator")):
        evening.ok("note.put", {"text": text, "to": to}, "assistant")
    at = hosts(evening.shown())
    assert [row.text.text() for row in at.questions.rows] == [
        "165 / 52 公斤，会不会太长？",
        "什么时候发货？",
        "有没有黑色？",
    ]
    assert [row.times.text() for row in at.questions.rows] == ["×87", "×31", ""]
    assert "还有 1 个" in words(at)
    assert at.note.text.text() == "助理：镜头往左一点（还有 1 条）"


@pytest.mark.parametrize("count", [1, 4, 9_999_999])
@pytest.mark.parametrize("text", ["有没有黑色？", "2 ×3 是多少", "发货 ×99", " ×", MARK, "¹ ×²", HOSTILE])
def test_a_question_comes_back_from_its_note_as_it_went(text: str, count: int) -> None:
    [asked], written = read([note("q", as_note(text, count))])
    assert written == []
    assert asked == PickedQuestion("q", clean(text).strip(), count)


def test_a_note_stays_within_what_the_door_takes() -> None:
    assert len(as_note("长" * 5000, 999_999)) < 500


def test_only_notes_to_her_are_shown() -> None:
    assert read([note("a", as_note("问"), to="operator"), note("b", "写", to="assistant")]) == ([], [])
    assert read([note("c", as_note("问"))]) == ([PickedQuestion("c", "问", 1)], [])


# The countdown ----------------------------------------------------------------------------------------


def test_her_three_two_one_is_drawn_from_the_time_it_is_given(hosts: Any) -> None:
    at = hosts(host_state(counting=True))
    fires = NOW + timedelta(seconds=2.1)
    assert at.countdown.isVisible()
    seen = []
    for left in (2.9, 2.1, 2.0, 1.01, 1.0, 0.2, 0.0, -1.0):
        at.tick(fires - timedelta(seconds=left))
        seen.append((at.countdown.digit, round(at.countdown.share, 2)))
    assert seen == [
        ("3", 0.97), ("3", 0.7), ("2", 0.67), ("2", 0.34), ("1", 0.33), ("1", 0.07), ("…", 0.0), ("…", 0.0),
    ]  # fmt: skip
    assert at.countdown.key_words == "正在发出"


def test_it_takes_the_whole_width_and_leaves_price_and_note(hosts: Any) -> None:
    at = hosts(host_state(counting=True))
    assert (at.countdown.x(), at.countdown.width()) == (0, at.width())
    assert at.countdown.y() > at.product.geometry().bottom() - 12
    assert at.countdown.geometry().contains(at._body.geometry())
    assert "秒杀 羊毛手套 男女同款 ¥59 × 18" in at.countdown.accessibleName()
    assert "按 Esc 撤回" in at.countdown.accessibleName()


def test_it_wears_the_colour_of_the_kind(hosts: Any) -> None:
    at = hosts(host_state(counting=True))

    def ground() -> str:
        name: str = at.countdown.grab().toImage().pixelColor(4, 4).name()
        return name.upper()

    assert ground() == "#FF7A45"
    evening = Evening(recall_seconds=3)
    evening.fire(evening.coupon())
    show(at, evening.shown())
    assert ground() == "#B57BFF"


def test_it_goes_when_the_room_says_so_and_not_by_itself(hosts: Any) -> None:
    at = hosts(host_state(counting=True))
    at.tick(NOW + timedelta(seconds=30))
    assert at.countdown.isVisible()
    show(at, host_state(), NOW + timedelta(seconds=30))
    assert not at.countdown.isVisible()


def test_of_two_the_last_pressed_is_the_one_that_esc_takes(hosts: Any) -> None:
    evening = Evening(recall_seconds=3)
    evening.fire(evening.sale("first"))
    evening.wait(0.7)
    evening.fire(evening.coupon("later", rule={"off_fen": 100}))
    asked: list[Any] = []
    at = hosts(evening.shown())
    at.commands.recall = lambda cue_id: noting(asked, cue_id)
    assert at.take_back()
    assert asked == ["later"]
    assert at.countdown._recall.more == 1


# Keys -------------------------------------------------------------------------------------------------


def test_no_key_of_its_own_asks_the_engine_for_anything_but_notes(hosts: Any) -> None:
    state = host_state(counting=True)
    at = hosts(state)
    asked: list[tuple[str, Any]] = []
    at.commands.ask = lambda type, data, place, then=None: noting(asked, (type, data))
    for code in (*range(0x20, 0x5B), *range(0x01000000, 0x01000060)):
        if code != Qt.Key.Key_F11.value:
            press(at, Qt.Key(code)) if code in Qt.Key._value2member_map_ else None
    assert {type for type, _ in asked} == {"note.clear"}
    assert [data["note_id"] for _, data in asked] == [state.notes[n].note_id for n in (3, 0, 1, 2)]


def test_space_pauses_the_prompter_and_a_held_one_is_one(hosts: Any) -> None:
    at = hosts(host_state())
    press(at, Qt.Key.Key_Space)
    press(at, Qt.Key.Key_Space, repeat=True)
    assert not at.prompter.reel.paused
    press(at, Qt.Key.Key_Space)
    assert at.prompter.reel.paused


def test_the_prompter_by_its_keys(hosts: Any) -> None:
    at = hosts(host_state())
    press(at, Qt.Key.Key_Up)
    press(at, Qt.Key.Key_Up, repeat=True)
    press(at, Qt.Key.Key_Up)
    press(at, Qt.Key.Key_Down)
    assert at.prompter.reel.speed == pytest.approx(1.1)
    press(at, Qt.Key.Key_M)
    assert at.prompter.mirrored
    press(at, Qt.Key.Key_Right)
    assert at.prompter.passage.key == "s3"
    press(at, Qt.Key.Key_Home)
    assert at.prompter.passage.key == "s2"
    press(at, Qt.Key.Key_P)
    assert at.product.isHidden()
    assert at.prompter.isVisible()
    press(at, Qt.Key.Key_P)
    assert not at.product.isHidden()


def test_a_locked_seat_only_takes_back(hosts: Any) -> None:
    at = hosts(host_state(counting=True))
    asked: list[str] = []
    at.commands.ask = lambda type, data, place, then=None: noting(asked, type)
    at._locked = lambda: True
    assert not at.go_next()
    press(at, Qt.Key.Key_1)
    assert asked == []
    assert at.take_back()
    assert asked == ["cue.recall"]


def test_a_refusal_stands_here_for_a_while(hosts: Any) -> None:
    at = hosts(host_state())
    at._told("next", "没有下一品了")
    at.tick(NOW)
    assert at.top.wrong.text() == "没有下一品了"
    at.tick(NOW + timedelta(seconds=7))
    assert at.top.wrong.text() == "没有下一品了"
    at.tick(NOW + timedelta(seconds=8))
    assert at.top.wrong.text() == ""
    at._linked("lost", "why")
    assert at.top.wrong.text() == "引擎没有回应，正在重新连接"
    at._linked("live", "")
    assert at.top.wrong.text() == ""


def test_nothing_on_it_takes_the_focus(hosts: Any) -> None:
    at = hosts(host_state())
    assert at.findChildren(QAbstractButton) == []


# Text and sizes ---------------------------------------------------------------------------------------


def test_hostile_text_is_letters_everywhere(hosts: Any) -> None:
    evening = hosted(counting=True)
    goods = [
        {
            "product_id": p,
            "title": HOSTILE,
            "points": HOSTILE,
            "price_fen": 19900,
            "stock": 400,
            "floor_fen": 0,
        }
        for p in ("scarf", "gloves")
    ]
    evening.ok("catalogue.put", {"products": goods})
    evening.ok("rundown.put", {"segments": [{"segment_id": "s2", "script": HOSTILE}], "override": True})
    evening.ok("note.clear", {})
    for text in (as_note(HOSTILE), HOSTILE):
        evening.ok("note.put", {"text": text}, "assistant")
    at = hosts(evening.shown())
    said = words(at)
    assert said.count(AS_LETTERS) >= 5
    assert AS_LETTERS in at.countdown.accessibleName()
    assert AS_LETTERS in at.prompter.accessibleDescription()
    assert "\u202e" not in said + at.countdown.accessibleName() + at.prompter.accessibleDescription()
    for label in at.findChildren(QLabel):
        assert isinstance(label, PlainLabel)
        assert label.textFormat() == Qt.TextFormat.PlainText
    assert not at.grab().isNull()


@pytest.mark.parametrize(
    "size", [(960, 540), (1280, 720), (1366, 768), (1920, 1080), (2560, 1080), (1080, 1920)]
)
def test_everything_fits_at_every_size(hosts: Any, size: tuple[int, int]) -> None:
    at = hosts(host_state(), size=size)
    assert at.size() == QSize(*size)
    for label in at.findChildren(LargeLabel):
        if label.isVisibleTo(at) and label.text():
            corner = label.mapTo(at, label.rect().bottomRight())
            assert corner.x() < at.width(), label.text()
            assert corner.y() < at.height(), label.text()
    figures = (at.product.price, at.product.left, at.top.spent.time, at.top.on_air.time, at.next.price)
    for label in figures:
        assert not label.is_cut(), label.text()
    for place in at.rings.places:
        assert at.rings.rect().contains(place.geometry())


def test_large_type_is_as_large_as_the_sketch_and_grows_with_the_window(hosts: Any) -> None:
    at = hosts(host_state())
    labels = (at.product.price, at.product.number, at.questions.rows[1].text)
    assert [each.fitted().pixelSize() for each in labels] == [76, 44, 25]
    at.resize(1920, 1080)
    assert at.product.price.font().pixelSize() == 114
    assert scale_of(QSize(1920, 720)) == 1.0
    assert scale_of(QSize(10, 10)) == 0.6


def test_the_other_screen_is_any_but_the_desk_s() -> None:
    one: Any = object()
    two: Any = object()
    found = [other_screen([one, two], one), other_screen([one, two], two), other_screen([one], one)]
    assert found == [two, one, None]


def test_every_part_has_a_name(hosts: Any) -> None:
    at = hosts(host_state(counting=True))
    for part in (at.top.air, at.product, at.prompter, at.rings, at.questions, at.note, at.next, at.countdown):
        assert part.accessibleName(), part
    assert [p.accessibleName() for p in at.rings.places] == ["秒杀 剩 8", "优惠券 剩 288", "福袋 1,204 人"]


def test_a_moment_that_slips_stands_in_one_line_until_somebody_writes_to_her(hosts: Any) -> None:
    at = slipping()
    window = hosts(at.shown())
    assert window.note.text.text().startswith("定点 ")
    assert window.note.text.text().endswith("要晚 6:39")
    at.ok("note.put", {"text": "讲快一点"}, "assistant")
    show(window, at.shown())
    assert "讲快一点" in window.note.text.text()
    at.ok("note.clear", {})
    at.ok("rundown.keep", {"segment_id": "s6", "way": "skip"})
    show(window, at.shown())
    assert window.note.text.text() == ""
