"""The line at the bottom: at any width nothing in it is cut, and a key without room is behind 「…」."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from tests.ui.layout.rules import faults
from ui import i18n, theme
from ui.seat.session import StartChoice
from ui.widgets import PlainLabel
from ui.windows.footer import Footer

pytestmark = pytest.mark.usefixtures("dressed")
WHO = "云朵（主播，本窗口） · 小林（助理） 在线"


def footer_of(qtbot: Any, *, simulated: bool = True) -> tuple[QWidget, Footer]:
    held = QWidget()
    column = QVBoxLayout(held)
    column.setContentsMargins(0, 0, 0, 0)
    column.addStretch(1)
    footer = Footer(StartChoice("rehearsal", "host"))
    column.addWidget(footer)
    footer.show_online(WHO)
    footer.show_seq(48_213)
    footer.show_state(simulated=simulated, taped=False, may_close=True)
    footer.show_pledges([1, 2], may_write=True)
    qtbot.addWidget(held)
    held.show()
    return held, footer


def stand(held: QWidget, footer: Footer, width: int) -> None:
    held.resize(width, 120)
    for _ in range(3):
        QApplication.sendPostedEvents()


def shown(footer: Footer) -> set[str]:
    return {key.text() for key in footer.findChildren(QPushButton) if not key.isHidden()}


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("en", 1.0), ("zh", 1.5), ("en", 2.0)])
def test_nothing_is_cut_at_any_width(qtbot: Any, qapp: QApplication, language: str, scale: float) -> None:
    i18n.use(language)
    theme.apply(qapp, text_scale=scale)
    held, footer = footer_of(qtbot)
    for width in range(960, 1921, 60):
        stand(held, footer, width)
        assert [str(fault) for fault in faults(held)] == [], width
        assert not footer._over.isHidden(), "what ends a broadcast never goes"
    i18n.use("zh")
    theme.apply(qapp)


def test_a_key_without_room_does_the_same_from_behind_the_dots(qtbot: Any) -> None:
    held, footer = footer_of(qtbot)
    stand(held, footer, 1920)
    every = shown(footer)
    assert {"锁定", "历史场次", "设置"} < every
    assert footer._more.isHidden()
    assert footer._seat.text() == WHO
    stand(held, footer, 720)
    gone = every - shown(footer)
    assert "锁定" in gone
    assert "设置" in shown(footer)
    asked = []
    footer.lock_wanted.connect(lambda: asked.append("lock"))
    footer._more.click()
    actions = {action.text().split("\t")[0]: action for action in footer._menu.actions()}
    assert set(actions) == gone
    assert actions["锁定"].text() == "锁定\tCtrl+L"
    actions["锁定"].trigger()
    assert asked == ["lock"]
    footer._menu.close()


def test_what_comes_first_takes_its_room_from_what_is_quieter(qtbot: Any) -> None:
    held, footer = footer_of(qtbot, simulated=False)
    stand(held, footer, 1366)
    assert not footer._log.isHidden()
    note = PlainLabel("手套只有 18 双，下一品别超过 6 分钟" * 2, elide=True)
    footer.add_first(note)
    footer.show_link("引擎没有回应，正在重新连接")
    note.show()
    footer.make_room()
    for _ in range(3):
        QApplication.sendPostedEvents()
    assert footer._log.isHidden()
    assert [str(fault) for fault in faults(held)] == []
    note.hide()
    footer.show_link("")
    footer.make_room()
    assert not footer._log.isHidden()


def test_a_room_that_is_not_simulated_has_no_drills_behind_the_dots_either(qtbot: Any) -> None:
    held, footer = footer_of(qtbot, simulated=False)
    stand(held, footer, 600)
    footer._more.click()
    assert footer._menu.actions()
    assert "演练" not in {action.text().split("\t")[0] for action in footer._menu.actions()}
    footer._menu.close()
