"""接入: every world with how it stands, what was proved when, what to do; what each page asks of whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from liveconsole.messages.connection_acts import ACTS
from liveconsole.messages.state import State
from liveconsole.messages.worlds import WORLDS
from tests.ui.connected_rooms import CONNECTED, OBS, PAGE, SHOP, proved, troubled, unconnected
from tests.ui.fake_bus import until
from tests.ui.layout.rules import faults
from tests.ui.sitting import Sitting, joined
from tests.ui.test_settings import AloneAtSettings
from ui import i18n, preferences, theme
from ui.preferences import Preferences, console_page
from ui.preferences.connect import WorldRow
from ui.preferences.connection import ConnectionPage
from ui.preferences.window import SettingsWindow
from ui.seat import session
from ui.widgets import PlainLabel

pytestmark = pytest.mark.usefixtures("dressed")


@pytest_asyncio.fixture
async def alone(tmp_path: Path, qapp: QApplication) -> AsyncIterator[Any]:
    made: list[AloneAtSettings] = []

    async def open_(state: State, role: session.Role = "host") -> AloneAtSettings:
        made.append(AloneAtSettings(state))
        await made[-1].open(role, tmp_path)
        return made[-1]

    before = preferences.current()
    preferences.use(Preferences(tmp_path)).sounds.on = False
    yield open_
    for each in made:
        await each.close()
    preferences.current().flush()
    preferences.use(before)


def rows(at: AloneAtSettings) -> dict[str, WorldRow]:
    return at.window.connect_.list.rows


def said(row: WorldRow) -> str:
    return "\n".join(label.text() for label in row.findChildren(PlainLabel) if not label.isHidden())


async def test_nothing_is_connected_and_each_row_says_what_to_do(alone: Any) -> None:
    at = await alone(unconnected().shown())
    assert tuple(rows(at)) == WORLDS
    for row in rows(at).values():
        assert row.stands.text() == "没有接"
        assert row.proof.text() == "未在真实店铺上验证"
        assert row.todo.text()
        assert row.connect_.text() == "连接"
        assert row.prove.isHidden(), "nothing there that could be asked"


async def test_trouble_says_why_and_what_helps(alone: Any) -> None:
    at = await alone(troubled().shown())
    assert "203.0.113.7" in said(rows(at)["orders"])
    assert "扫码" in said(rows(at)["pins"])
    assert "未在真实店铺上验证" in said(rows(at)["picture"])
    assert rows(at)["comments"].stands.text() == "证实过"
    assert "评论" in rows(at)["comments"].proof.text()
    assert {row.stands.text() for world, row in rows(at).items() if world != "comments"} == {"看一下"}


async def test_what_was_proved_says_when_and_by_whom(alone: Any) -> None:
    at = await alone(proved().shown())
    for row in rows(at).values():
        assert row.stands.text() == "证实过"
        assert "证实过 · " in row.proof.text()
        assert row.todo.isHidden()
    assert rows(at)["pins"].proof.text().endswith("控制台页面")


async def test_one_key_goes_to_where_it_is_set(alone: Any) -> None:
    at = await alone(unconnected().shown())
    for world, page in (
        ("comments", at.window.sources),
        ("orders", at.window.wechat_shop),
        ("pins", at.window.console),
        ("picture", at.window.obs),
        ("figures", at.window.wechat_shop),
    ):
        at.window.go(0)
        rows(at)[world].connect_.click()
        assert at.window.pages[at.window.at] is page


async def test_one_key_proves_and_the_answer_stands_in_its_row(alone: Any) -> None:
    at = await alone(troubled().shown())
    at.bus.acted = lambda name, action: {"ok": name == "obs", "code": "", "params": {}}
    row = rows(at)["picture"]
    row.prove.click()
    await until(lambda: row.prove.isEnabled())
    assert at.bus.acts == [("obs", "check", {})]
    assert row.said.text() == "查过了，正常"
    at.bus.acted = lambda _name, _action: {
        "ok": False,
        "code": "address_not_let_in",
        "params": {"ip": "203.0.113.9"},
    }
    row = rows(at)["orders"]
    row.prove.click()
    await until(lambda: row.prove.isEnabled())
    assert "203.0.113.9" in row.said.text()


async def test_a_check_says_which_of_its_answers_failed(alone: Any) -> None:
    at = await alone(proved().shown())
    no = {"name": "coupons", "ok": False, "code": "no_permission", "params": {"path": "/coupon/get_list"}}
    at.bus.acted = lambda _n, _a: {"ok": False, "answers": [{"name": "token", "ok": True}, no]}
    row = rows(at)["coupons"]
    row.prove.click()
    await until(lambda: row.prove.isEnabled())
    assert row.said.text().startswith("优惠券：")
    assert "/coupon/get_list" in row.said.text()


async def test_a_locked_seat_proves_nothing_and_hands_nothing_in(alone: Any) -> None:
    at = await alone(proved().shown())
    at.window.connect_.list._asking.locked = lambda: True
    for world in ("pins", "picture"):
        rows(at)[world].prove.click()
        assert "锁定" in rows(at)[world].said.text()
    page = at.window.obs
    page.overlay.click()
    assert "锁定" in page.said.text()
    page.secrets["password"].typed.setText("p")
    page.secrets["password"].keep.click()
    assert "锁定" in page.secrets["password"].line.text()
    assert (at.bus.asked, at.bus.acts, at.bus.secrets_kept) == ([], [], {})


async def test_every_key_of_a_connection_asks_for_what_it_has(
    alone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door takes no other act, and neither does the bus of these tests."""
    monkeypatch.setattr(console_page, "choose_file", lambda *asked: asked[-1]("/media/part.zip"))
    at = await alone(troubled().shown())
    for page in (at.window.wechat_shop, at.window.console, at.window.obs):
        assert isinstance(page, ConnectionPage)
        for key in page._keys.findChildren(QAbstractButton):
            if key not in (page.connect_, page.leave):
                key.click()
    wanted = {"shop": {"check", "sync"}, "browser": {"check", "show", "add_part"}, "obs": set(ACTS["obs"])}
    pressed = {(name, act) for name, acts in wanted.items() for act in acts}
    await until(lambda: len(at.bus.acts) >= len(pressed))
    assert {(name, act) for name, act, _ in at.bus.acts} == pressed
    assert ("browser", "add_part", {"file": "/media/part.zip"}) in at.bus.acts


async def test_a_pin_is_proved_by_pinning_what_is_explained(alone: Any) -> None:
    at = await alone(proved().shown())
    rows(at)["pins"].prove.click()
    assert await at.asked() == ("cart.pin", {"product_id": "coat"})


async def test_who_may_not_set_is_shown_and_asks_nothing(alone: Any) -> None:
    at = await alone(troubled().shown(), "assistant")
    assert all(row.prove.isHidden() for row in rows(at).values())
    for page in (at.window.wechat_shop, at.window.console, at.window.obs):
        assert isinstance(page, ConnectionPage)
        assert [each for each in page.findChildren(QAbstractButton) if each.isVisibleTo(page)] == []
        assert [each for each in page.findChildren(QLineEdit) if each.isVisibleTo(page)] == []


async def test_a_secret_goes_in_and_is_never_shown_again(alone: Any) -> None:
    at = await alone(unconnected().shown())
    page = at.window.wechat_shop
    at.window.go(at.window.pages.index(page))
    secret = page.secrets["secret"]
    assert secret.typed.echoMode() == QLineEdit.EchoMode.Password
    secret.typed.setText("half")
    secret.typed.clearFocus()
    assert at.bus.secrets_kept == {}, "what is half typed does not go out by itself"
    secret.typed.setText("s3cret-value")
    QTest.keyClick(secret.typed, Qt.Key.Key_Return)
    await until(lambda: at.bus.secrets_kept and not secret.typed.text())
    assert at.bus.secrets_kept == {"wechat_shop": {"secret": "s3cret-value"}}
    every = [label.text() for label in at.window.findChildren(PlainLabel)]
    every += [entry.text() + entry.placeholderText() for entry in at.window.findChildren(QLineEdit)]
    assert not any("s3cret" in text for text in every)
    assert "钥匙串" in secret.line.text()
    assert [kind for kind, _ in at.bus.asked] == [], "never by a command"


async def test_only_the_host_hands_secrets_in(alone: Any) -> None:
    at = await alone(unconnected().shown(), "operator")
    page = at.window.obs
    at.window.go(at.window.pages.index(page))
    assert not page.secrets["password"].typed.isVisibleTo(page)
    assert page.connect_.isVisibleTo(page)


async def test_a_shop_is_a_draft_until_it_is_connected(alone: Any) -> None:
    at = await alone(unconnected().shown())
    page = at.window.wechat_shop
    page.settings["appid"].typed.setText("wx9")
    page.settings["appid"].typed.setModified(True)
    page.settings["appid"].typed.editingFinished.emit()
    assert at.bus.asked == []
    page.connect_.click()
    shop = {"kind": "wechat_shop", "appid": "wx9", "poll_seconds": 8, "assistant_appid": "", "relay": ""}
    assert await at.asked() == ("room.set", {"shop": shop})


async def test_a_field_of_what_is_connected_is_sent_with_all_the_others(alone: Any) -> None:
    """A connection is set whole: what this page does not show stays as it is."""
    at = await alone(troubled().shown())
    at.window.obs.settings["chapters"].chips[0].click()
    kind, data = await at.asked()
    assert (kind, data["obs"]["chapters"], data["obs"]["scenes"]) == ("room.set", False, OBS["scenes"])


async def test_scenes_of_moments_and_of_segments_live_in_one_table(alone: Any) -> None:
    at = await alone(troubled().shown())
    page = at.window.obs
    assert page.scenes["pin"].typed.text() == "讲解"
    assert [row.left.text() for row in page.segments.rows] == ["围巾"]
    idle = page.scenes["idle"]
    idle.typed.setText("空镜")
    idle.typed.setModified(True)
    idle.typed.editingFinished.emit()
    _, data = await at.asked()
    assert data["obs"]["scenes"] == {**OBS["scenes"], "idle": "空镜"}
    page.segments.rows[0].drop.click()
    await until(lambda: len(at.bus.asked) == 2)
    assert "segment:围巾" not in at.bus.asked[1][1]["obs"]["scenes"]
    assert at.bus.asked[1][1]["obs"]["scenes"]["pin"] == "讲解"


async def test_half_a_pair_is_not_sent_and_esc_leaves_it(alone: Any) -> None:
    at = await alone(troubled().shown())
    page = at.window.obs
    at.window.go(at.window.pages.index(page))
    page.texts.more.click()
    made = page.texts.rows[-1]
    made.left.setText("标题")
    made.left.setModified(True)
    made.left.editingFinished.emit()
    assert at.bus.asked == []
    QTest.keyClick(at.window, Qt.Key.Key_Escape)
    assert at.window.isVisible()
    assert len(page.texts.rows) == 1
    page.texts.more.click()
    made = page.texts.rows[-1]
    made.left.setText("标题")
    made.right.setText("{title}")
    made.right.editingFinished.emit()
    _, data = await at.asked()
    assert data["obs"]["texts"] == {"价格": "{price} 元", "标题": "{title}"}


async def test_no_browser_before_the_person_agreed(alone: Any) -> None:
    at = await alone(unconnected().shown())
    page = at.window.console
    assert not page.connect_.isEnabled()
    page.agree.click()
    page.connect_.click()
    wanted = {"platform": "wechat_channels", "page": "", "consent": True}
    assert await at.asked() == ("room.set", {"browser": wanted, "platform": "browser"})


async def test_a_console_page_leaves_the_sales_to_whom_they_were(alone: Any) -> None:
    room = unconnected()
    room.ok("room.set", {"shop": SHOP})
    at = await alone(room.shown())
    page = at.window.console
    page.agree.click()
    page.connect_.click()
    _, asked = await at.asked()
    assert asked["platform"] == "browser", "a shop whose sales a person makes goes on so"


async def test_let_go_the_browser_leaves_the_shop_its_platform(alone: Any) -> None:
    at = await alone(troubled().shown())
    at.window.console.leave.click()
    assert await at.asked() == ("room.set", {"browser": None})
    at.bus.asked.clear()
    at.window.wechat_shop.leave.click()
    assert await at.asked() == ("room.set", {"shop": None, "platform": "browser"})


async def test_the_picture_of_the_browser_and_the_budget_of_the_shop(alone: Any) -> None:
    at = await alone(troubled().shown())
    assert at.window.console.picture.isVisibleTo(at.window.console)
    assert at.window.wechat_shop.budget.text() == "这一分钟调用 4 次 · 今天还剩 — 次"
    assert at.window.console.orders.text() == "看到 1,203 单，没有金额，不算订单"
    assert "IP 白名单" in at.window.wechat_shop.stands.text()
    well = await alone(proved().shown())
    assert not well.window.console.picture.isVisibleTo(well.window.console)
    assert not well.window.console.orders.isVisibleTo(well.window.console)
    assert "推流" in well.window.obs.recording.text()


@pytest.mark.parametrize(
    ("name", "language", "scale"),
    [("troubled", "zh", 2.0), ("troubled", "en", 1.5), ("proved", "en", 2.0), ("unconnected", "zh", 1.0)],
)
async def test_every_page_has_room_for_every_room(
    qapp: QApplication, name: str, language: str, scale: float
) -> None:
    i18n.use(language)
    theme.apply(qapp, text_scale=scale)
    made = Sitting()
    made.bus.now_state = CONNECTED[name]().shown()
    async with joined(made) as at:
        window = SettingsWindow(at.seat, "host")
        window.show()
        for size in (QSize(640, 400), QSize(944, 480)):
            window.resize(size)
            for page in (window.connect_, window.wechat_shop, window.console, window.obs):
                window.go(window.pages.index(page))
                for _ in range(3):
                    QApplication.sendPostedEvents()
                assert [str(fault) for fault in faults(window)] == [], (size.toTuple(), page.TITLE)
                assert page.body.totalMinimumSize().width() <= page.width(), page.TITLE
        window.deleteLater()
    theme.apply(qapp)


async def test_every_key_of_the_pages_is_reached_by_the_keyboard(alone: Any) -> None:
    at = await alone(troubled().shown())
    for page in (at.window.connect_, at.window.wechat_shop, at.window.console, at.window.obs):
        for key in page.findChildren(QAbstractButton):
            assert key.focusPolicy() & Qt.FocusPolicy.TabFocus, key.text()
            assert key.accessibleName(), key.text()


def test_the_rooms_are_of_the_settings_that_there_are() -> None:
    state = proved().shown()
    assert state.room.shop is not None
    assert state.room.shop.appid == SHOP["appid"]
    assert state.room.browser is not None
    assert state.room.browser.platform == PAGE["platform"]
