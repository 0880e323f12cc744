"""自动备份 at the desk: what the page, the list of what to see to and the check say of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from liveconsole.messages.backups import BackupDone, BackupFailed, BackupPlan, BackupState
from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.rooms import sample_state
from ui.panels.health import HealthPanel
from ui.preferences.backup import BackupPage
from ui.seat.room import RoomView
from ui.words.backups import backup_words

LAST = BackupDone("b.lcbackup", NOW - timedelta(hours=7), 4_000_000, 812)
BROKEN = BackupFailed("folder_gone", "移动硬盘", NOW - timedelta(hours=1), NOW)


def room(one: BackupState | None) -> State:
    state = sample_state()
    told = msgspec.structs.replace(state.room, backup=BackupPlan("folder", "/mnt/backup", keep=7))
    health = msgspec.structs.replace(state.health, backup=one) if one is not None else state.health
    return msgspec.structs.replace(state, room=told, health=health)


@pytest.mark.parametrize(
    ("one", "said", "well"),
    [
        (None, "还没有备份过", None),
        (BackupState("folder"), "还没有备份过", None),
        (BackupState("folder", LAST), "上次备份", True),
        (BackupState("folder", LAST, running=True), "正在备份…", True),
        (BackupState("folder", LAST, BROKEN), "备份没有做成：备份文件夹不在了：移动硬盘 · 上次备份", False),
    ],
)
def test_how_backups_do_in_words(one: BackupState | None, said: str, well: bool | None) -> None:
    words, seen = backup_words(one)
    assert words.startswith(said)
    assert seen is well


def test_the_page_shows_what_is_set_and_asks_for_a_change_of_the_whole(
    dressed: QApplication, qtbot: Any
) -> None:
    asked: list[dict[str, Any]] = []
    page = BackupPage(lambda _owner, fields, _then: asked.append(fields), None, "host")  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show_room(RoomView(room(BackupState("folder", LAST))), NOW)
    assert page.stands.text().startswith("上次备份")
    assert page.value("keep") == 7
    page.settings["keep"].asked.emit(30)
    assert (asked[-1]["backup"]["keep"], asked[-1]["backup"]["place"]) == (30, "/mnt/backup")
    page._leave()
    assert asked[-1] == {"backup": None}


def test_a_place_asks_for_what_it_needs_and_for_nothing_else(dressed: QApplication, qtbot: Any) -> None:
    page = BackupPage(lambda *_: None, None, "host")  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show_room(RoomView(sample_state()), NOW)
    fields = {"user": page.settings["user"], "password": page.secrets["password"]}
    fields |= {name: page.settings[name] for name in ("bucket", "region")}
    wanted = {"folder": set(), "webdav": {"user", "password"}, "s3": set(fields)}
    for to, names in wanted.items():
        page._ask("to", to)
        assert {name for name, field in fields.items() if not field.isHidden()} == names


def test_the_list_of_what_to_see_to_has_the_last_one(dressed: QApplication, qtbot: Any) -> None:
    panel = HealthPanel()
    qtbot.addWidget(panel)
    panel.show_state(RoomView(room(BackupState("folder", LAST))), NOW)
    assert panel._backup.text().startswith("上次备份")
    panel.show_state(RoomView(room(None)), NOW)
    assert panel._backup.isHidden()
