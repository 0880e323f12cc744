"""禁言 and 拉黑: who is hidden, what is yet to be done on the phone, and the key that takes it back."""

from __future__ import annotations

from functools import partial

from liveconsole.messages.state import MutedState
from ui.clean import clean
from ui.i18n import t
from ui.parts.keyed_rows import ROWS_SHOWN, DeskRow, KeyedRows, RowKey, said_by
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.seat.session import ROLE_NAMES
from ui.widgets import PlainLabel


def on_the_phone(one: MutedState) -> str:
    """What a person presses at the platform; ``""`` where nothing is to be done."""
    if one.step is None:
        return ""
    who = clean(one.name, 24) or t("这个人")
    return {
        "mute": t("手机上：点评论里的「{who}」→ 禁言", who=who),
        "block": t("手机上：点评论里的「{who}」→ 拉黑", who=who),
        "lift": t("手机上：直播设置 → 禁言 / 黑名单 → 「{who}」→ 解除", who=who),
    }[one.step]


class HiddenPeople(KeyedRows):
    """Everybody of the list, those with something to do on the phone first."""

    def __init__(self, seat: Seat, said: PlainLabel) -> None:
        super().__init__()
        self._seat, self._said = seat, said
        self._shown: list[MutedState] | None = None

    def show_room(self, room: RoomView) -> None:
        """The list as the engine has it."""
        if room.muted == self._shown:
            return
        self._shown = room.muted
        people = sorted(room.muted, key=lambda one: (one.step is None, -one.at.timestamp()))
        left = len(people) - ROWS_SHOWN
        more = t("还有 {n} 个人", n=left) if left > 0 else "" if people else t("没有人被禁言或拉黑")
        self.show_rows([self._row(one) for one in people], more)

    def _row(self, one: MutedState) -> DeskRow:
        who = clean(one.name, 24) or clean(one.viewer_id, 24)
        how = t("已解除") if not one.hidden else t("拉黑") if one.block else t("禁言 · 本场")
        by = t(ROLE_NAMES.get(one.by, one.by))
        under = " · ".join(
            filter(None, (how, one.at.astimezone().strftime("%H:%M"), by, clean(one.reason, 60)))
        )
        keys: list[RowKey] = []
        if todo := on_the_phone(one):
            under = f"{todo}\n{under}"
            ask = partial(self._ask, "viewer.confirm", one)
            keys.append(RowKey(t("手机上做好了"), t("{who}：手机上做好了", who=who), ask, icon="check"))
        if one.hidden:
            back = partial(self._ask, "viewer.unmute", one)
            keys.append(RowKey(t("解除"), t("{who}：解除，重新显示", who=who), back))
        return DeskRow(who, under, tuple(keys), "warn" if todo else "fg2")

    def _ask(self, command: str, one: MutedState) -> None:
        self._seat.ask_then(self, command, {"viewer_id": one.viewer_id}, said_by(self._said))
