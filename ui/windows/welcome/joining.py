"""加入另一台电脑的直播间: the code that stands on the host's screen, six digits, and the host's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import shiboken6
from PySide6.QtCore import QSysInfo, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.joining import BadCode
from liveconsole.messages.refusals import TEXTS
from liveconsole.messages.sharing import LABEL_LONG
from ui.alive import alive
from ui.clean import clean
from ui.i18n import t
from ui.seat import elsewhere
from ui.widgets import PlainLabel, Separator, button
from ui.words.answers import refusal
from ui.words.sharing import spaced

if TYPE_CHECKING:
    from liveconsole.bus.joining import SeatCredential

_CODE_LONG: Final = 200
_WHY: Final = {
    "typo": "码不对，请照着再输一次",
    "version": "主播电脑上的程序更新，请先升级这台的",
    "unreachable": "没有连上主播的电脑，请在同一个网络里再试",
    "stranger": "码里的证书和那台电脑的不一样：中间可能有别人，别继续",
    "digits": "两边的数字不一样：中间可能有别人，别继续",
    "refused": "主播没有同意",
    "expired": "等太久了，主播没有回答",
}
"""Why nobody was let in, Chinese source text; other codes are the engine's."""


class JoinPage(QWidget):
    """``joined`` gets the seat that was allowed, or one that is kept; ``back`` leaves it."""

    def __init__(
        self,
        base: Path,
        joined: Callable[[SeatCredential], object],
        back: Callable[[], object],
        *,
        label: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._base, self._joined = base, joined
        self._trying: asyncio.Task[None] | None = None
        self.code, self.label = QLineEdit(), QLineEdit(clean(label or QSysInfo.machineHostName(), LABEL_LONG))
        self.code.setMaxLength(_CODE_LONG)
        self.label.setMaxLength(LABEL_LONG)
        self.code.setAccessibleName(t("主播电脑上的码"))
        self.label.setAccessibleName(t("这台电脑叫什么"))
        self.ask = button(t("请求加入"), "primary")
        self.ask.clicked.connect(self.begin)
        self.code.returnPressed.connect(self.begin)
        self.label.returnPressed.connect(self.begin)
        self.said = PlainLabel("", tone="live", lines=0)
        self.digits = PlainLabel("", role="host_title", align=Qt.AlignmentFlag.AlignHCenter)
        self.away = button(t("回去"), "quiet")
        self.away.clicked.connect(self.stop)
        self.away.clicked.connect(lambda: back())
        self._kept_head = PlainLabel(t("上次加入的"), role="heading")
        self._kept_head.hide()
        self._kept = QVBoxLayout()
        self._build()

    def _build(self) -> None:
        held = QWidget()
        held.setMaximumWidth(560)
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(10)
        how = t("主播在电脑上点「让另一台电脑或手机加入」，把那里的码输在这里。")
        column.addWidget(PlainLabel(t("加入另一台电脑的直播间"), role="price", lines=0))
        column.addWidget(PlainLabel(how, tone="fg1", lines=0))
        for name, field in ((t("主播电脑上的码"), self.code), (t("这台电脑叫什么"), self.label)):
            column.addWidget(PlainLabel(name, role="small", tone="fg1"))
            column.addWidget(field)
        for each in (self.said, self.digits):
            column.addWidget(each)
            each.hide()
        keys = QHBoxLayout()
        keys.addWidget(self.away)
        keys.addStretch(1)
        keys.addWidget(self.ask)
        column.addLayout(keys)
        self._rule = Separator()
        self._rule.hide()
        column.addWidget(self._rule)
        column.addWidget(self._kept_head)
        column.addLayout(self._kept)
        column.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(24, 0, 24, 0)
        across.addStretch(1)
        across.addWidget(held, 100)
        across.addStretch(1)

    def open(self) -> None:
        """Show the seats that this computer keeps, and wait for a code."""
        self._say("", "fg1")
        tasks.spawn(self._look_for_kept(), name="kept seats")
        self.code.setFocus()

    async def _look_for_kept(self) -> None:
        found = await asyncio.to_thread(elsewhere.kept, self._base)
        if not shiboken6.isValid(self):
            return
        while (item := self._kept.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for credential in found:
            words = clean(credential.name, 40)
            key = button(f"{words} · {clean(credential.label, 20)}" if credential.label else words)
            key.clicked.connect(lambda _=False, credential=credential: self._joined(credential))
            self._kept.addWidget(key)
        for each in (self._rule, self._kept_head):
            each.setVisible(bool(found))

    # Asking ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask; a try before it ends."""
        self.stop()
        self.ask.setEnabled(False)
        self._say(t("正在请求…"), "fg1")
        self._trying = tasks.spawn(self._try(self.code.text(), self.label.text()), name="joining")

    def stop(self) -> None:
        """Ask no more."""
        if self._trying is not None:
            self._trying.cancel()
        self._trying = None
        self.ask.setEnabled(True)
        self.digits.hide()

    async def _try(self, typed: str, label: str) -> None:
        from liveconsole.bus.joining import NotJoined

        try:
            credential = await alive(self, self._asked(typed, label))
        except BadCode as wrong:
            return self._over(wrong.why)
        except NotJoined as wrong:
            return self._over(wrong.why)
        except OSError as wrong:
            return self._over(
                "", t("这台电脑记不住这个席位：{why}", why=wrong.strerror or type(wrong).__name__)
            )
        if credential is not None:
            self._trying = None
            self._joined(credential)
        return None

    async def _asked(self, typed: str, label: str) -> SeatCredential | None:
        from liveconsole.bus.joining import Joining, NotJoined, free_name, keep, settled

        base = self._base
        async with Joining(typed, label) as joining:
            shown = await joining.ask()
            if not shiboken6.isValid(self):
                return None
            self._show_digits(shown.digits)
            answer = await joining.answer()
            while answer.status == "waiting" and shiboken6.isValid(self):
                answer = await joining.answer()
            if answer.status != "allowed":
                raise NotJoined(answer.status)
            credential = joining.credential(joining.code.address, answer)
        name = await asyncio.to_thread(free_name, credential.name, base, again=credential)
        credential = msgspec.structs.replace(credential, name=name)
        await asyncio.to_thread(keep, credential, base)
        credential, _ = await settled(credential, answer)
        await asyncio.to_thread(keep, credential, base)
        return credential

    def _show_digits(self, digits: str) -> None:
        self.digits.setText(spaced(digits))
        self.digits.setAccessibleName(" ".join(digits))
        self.digits.show()
        self._say(t("请主播看一眼：两边数字一样就点同意"), "fg0")

    def _over(self, why: str, words: str = "") -> None:
        if not shiboken6.isValid(self):
            return
        self.digits.hide()
        self.ask.setEnabled(True)
        said = words or (t(_WHY[why]) if why in _WHY else refusal(why if why in TEXTS else "wrong_code"))
        self._say(said, "live")

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)
        self.said.setVisible(bool(words))
