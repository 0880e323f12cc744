"""What is shown already is no work, and whatever it depends on makes it work again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.rooms import empty_state, planned, running, sample_state
from ui import theme
from ui.clean import is_ordinary
from ui.panels.feed.layout import RowSizes
from ui.panels.stage.card import RunningCard
from ui.preferences.repaint import repaint
from ui.seat.room import EVERYTHING, RoomView, Undeclared
from ui.widgets import Chip, FlowRow, PlainLabel
from ui.widgets.plain import break_lines, set_tip
from ui.windows.left_column import CART, RUNDOWN, LeftColumn
from ui.windows.sections import SectionRouter

pytestmark = pytest.mark.usefixtures("dressed")


class Told(QObject):
    """The events of some types that widgets get."""

    def __init__(self, *types: QEvent.Type) -> None:
        super().__init__()
        self._types, self.count = types, 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() in self._types
        return False

    def of(self, widget: QWidget) -> int:
        """How many came since the last look, with what was posted."""
        QApplication.sendPostedEvents()
        count, self.count = self.count, 0
        return count


@pytest.fixture
def window(qtbot) -> QWidget:  # type: ignore[no-untyped-def]
    made = QWidget()
    QVBoxLayout(made)
    made.resize(400, 300)
    made.show()
    qtbot.addWidget(made)
    return made


def _watched(window: QWidget, held: QWidget, *types: QEvent.Type) -> Told:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(held)
    told = Told(*types)
    told.setParent(window)
    window.installEventFilter(told)
    held.installEventFilter(told)
    for _ in range(3):  # shown for the first time, a window is laid out and painted more than once
        QApplication.processEvents()
    told.of(window)
    return told


def test_the_same_words_again_lay_nothing_out(window: QWidget) -> None:
    label = PlainLabel("还剩 3 件")
    told = _watched(window, label, QEvent.Type.LayoutRequest)
    label.setText("还剩 3 件")
    assert told.of(window) == 0
    label.setText("还剩 12 件")
    assert told.of(window) > 0


def test_the_same_chip_again_is_not_painted_and_another_is(window: QWidget) -> None:
    chip = Chip("进行中", tone="ok", icon="dot")
    told = _watched(window, chip, QEvent.Type.UpdateRequest, QEvent.Type.Paint)
    chip.show_as("进行中", "ok", icon="dot")
    assert told.of(window) == 0
    for change in (("进行中", "warn", False), ("进行中", "warn", True), ("结束", "warn", True)):
        words, tone, loud = change
        chip.show_as(words, tone, loud=loud, icon="dot")
        QApplication.processEvents()
        assert told.of(window) > 0, change


def test_the_same_tip_again_is_told_to_nobody(window: QWidget) -> None:
    label = PlainLabel("¥59")
    told = _watched(window, label, QEvent.Type.ToolTipChange)
    for tip, count in (("满 129 减 10", 1), ("满 129 减 10", 0), ("", 1), ("", 0)):
        set_tip(label, tip)
        assert told.of(window) == count


def test_a_height_for_a_width_follows_words_and_type() -> None:
    label = PlainLabel("讲完面料讲尺码，讲完尺码讲价格。" * 3, lines=0)
    widths = (90, 200, 90, 400)

    def reckoned() -> list[int]:
        spacing = QFontMetrics(label.font()).lineSpacing()
        return [spacing * len(break_lines(label.text(), label.font(), width, 0)) for width in widths]

    before = reckoned()
    assert [label.heightForWidth(width) for width in widths] == before
    label.setText("一句")
    assert [label.heightForWidth(width) for width in widths] == reckoned() != before
    label.setText("讲完面料讲尺码，讲完尺码讲价格。" * 3)
    label.setFont(theme.font("host_title"))
    assert [label.heightForWidth(width) for width in widths] == reckoned() != before


def test_forms_are_measured_again_in_another_size_of_type(dressed: QApplication) -> None:
    label = PlainLabel("", role="small", elide=True)
    try:
        label.set_forms("助理提交 · 等了 2:10", "等了 2:10")
        before = label.minimumWidth()
        repaint(dressed, "dark", 2.0)
        label.set_forms("助理提交 · 等了 2:10", "等了 2:10")
        least = QFontMetrics(label.font()).horizontalAdvance("等了 2:10") + 1
        assert label.minimumWidth() == least > before
        label.setText("助理提交")
        label.set_forms("助理提交 · 等了 2:10", "等了 2:10")
        assert label.text() == "助理提交 · 等了 2:10"
    finally:
        repaint(dressed, "dark", 1.0)


def test_a_row_that_flows_knows_its_height_after_every_change(window: QWidget) -> None:
    box = QWidget()
    flow = FlowRow(box, gap=8)
    labels = [PlainLabel("尺码") for _ in range(3)]
    for label in labels:
        flow.addWidget(label)
    _watched(window, box)
    one, width = labels[0].sizeHint().height(), labels[0].sizeHint().width()
    assert flow.heightForWidth(width) == 3 * one + 16
    labels[0].hide()
    assert flow.heightForWidth(width) == 2 * one + 8
    flow.takeAt(2)
    assert flow.heightForWidth(width) == one
    labels[1].setFont(theme.font("price"))
    assert flow.heightForWidth(width) > one


def test_no_ordinary_letter_is_wider_than_the_widest() -> None:
    sizes = RowSizes()
    letters = [chr(n) for n in (*range(0x20, 0xFFFF),) if not 0xD800 <= n < 0xE000]
    ordinary = [letter for letter in letters if is_ordinary(letter)]
    assert len(ordinary) > 20_000
    wide = [c for c in ordinary if sizes.metrics.horizontalAdvance(c) > sizes._widest]
    assert wide == []
    assert not is_ordinary("﷽"), "one letter as wide as a line of others"


@pytest.mark.parametrize("text", ["有黑色吗", "W" * 60, "很" * 60, "﷽" * 12, "看 this 宽 wide" * 4])
@pytest.mark.parametrize("room", [20, 120, 300])
def test_a_row_is_cut_as_measuring_would_cut_it(text: str, room: int) -> None:
    sizes = RowSizes()
    whole = sizes.metrics.horizontalAdvance(text) <= room
    assert sizes.fits(text, room) == whole


def test_views_of_one_state_share_what_was_looked_up_and_still_keep_to_their_sections() -> None:
    room = RoomView(sample_state())
    cart, queue = room.only("cart", "catalogue"), room.only("cues", "catalogue")
    assert cart.products is queue.products is room.products
    assert room.cues is queue.cues
    for look in (
        lambda: cart.cues,
        lambda: queue.numbers,
        lambda: cart.cues_on("coat", "flash_sale", frozenset()),
    ):
        with pytest.raises(Undeclared):
            look()
    assert RoomView(sample_state()).products is not room.products


def _front(state: State, column: LeftColumn) -> None:
    SectionRouter(column).show(RoomView(state), EVERYTHING, NOW)


def test_the_panel_behind_the_tab_is_shown_when_it_comes_to_the_front(qtbot) -> None:  # type: ignore[no-untyped-def]
    column = LeftColumn("host")
    qtbot.addWidget(column)
    _front(planned().shown(), column)
    assert column.currentIndex() == RUNDOWN
    assert column.rundown.model.rows
    assert column.cart.model.rows == []
    column.choose(CART)
    assert [row.product_id for row in column.cart.model.rows] == [
        item.product_id for item in planned().shown().cart.items
    ]


def test_a_rundown_that_comes_is_shown_at_once_and_an_empty_one_leaves_the_cart(qtbot) -> None:  # type: ignore[no-untyped-def]
    column = LeftColumn("host")
    qtbot.addWidget(column)
    _front(running().shown(), column)
    assert (column.currentIndex(), bool(column.cart.model.rows)) == (CART, True)
    _front(planned().shown(), column)
    assert (column.currentIndex(), bool(column.rundown.model.rows)) == (RUNDOWN, True)
    _front(empty_state(), column)
    assert (column.currentIndex(), column.cart.model.rows) == (CART, [])


def test_a_running_card_shows_whatever_of_its_promotion_is_another(qtbot) -> None:  # type: ignore[no-untyped-def]
    state = sample_state()
    cue = next(cue for cue in state.cues if cue.kind == "flash_sale" and cue.status == "on_air")
    card = RunningCard()
    qtbot.addWidget(card)
    card.show_cue(cue, RoomView(state), NOW)
    before = card.counts.text()
    # Figures of its own making: the card is to follow any field, whichever rule moves it.
    card.show_cue(replace(cue, sold=(cue.sold or 0) + 1), RoomView(state), NOW)
    assert card.counts.text() != before
    named = [replace(product, title="换了名字") for product in state.catalogue.products]
    other = replace(
        state, catalogue=replace(state.catalogue, products=named), cart=replace(state.cart, items=[])
    )
    card.show_cue(cue, RoomView(other), NOW)
    assert card.counts.text() == before
    assert "换了名字" in card.title.text()
