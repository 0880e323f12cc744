"""Whose birthday it is, and a wish to copy. The coupon itself a person makes at the shop: a promotion here is
for everybody or for a group, never for one person alone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.customers import MemberPage
from ui import clipboard
from ui.clean import clean
from ui.i18n import t
from ui.widgets import CappedButton, PlainLabel, set_tip

NAMED: Final = 3
"""So many are named; the others are counted."""


class BirthdaysToday(QWidget):
    """Hidden while nobody has one, or nobody knows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.who = PlainLabel("", role="small", tone="fg1", elide=True)
        self.key = CappedButton(t("复制祝福"), "3")
        self.key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.key.clicked.connect(lambda _on=False: self.copy())
        self.wish = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.who, 1)
        row.addWidget(self.key)
        self.hide()

    def show_members(self, page: MemberPage | None) -> None:
        """Who has one today, and what the seller's file gives for it; None: it was not to be had."""
        self.wish = "" if page is None or not page.rows else _wish(page.birthday_coupon_yuan)
        self.setVisible(bool(self.wish))
        if page is None or not page.rows:
            return
        n = f"{len(page.rows):,}{'+' if page.next is not None else ''}"
        names = "、".join(clean(row.name, 12) for row in page.rows[:NAMED])
        said = t("今天生日 {n} 人：{names}", n=n, names=names)
        if len(page.rows) > NAMED:
            said += "…"
        self.who.setText(said)
        self._tell(said, page.birthday_coupon_yuan)

    def _tell(self, said: str, yuan: int | None) -> None:
        if yuan is not None:
            coupon = t("{n} 元生日券在小店后台发给本人；这里发的券是给一群人的", n=yuan)
            said = f"{said} · {coupon}"
        set_tip(self.key, said)
        set_tip(self.who, said)

    def copy(self) -> bool:
        """3: the wish, without a name; whether there was one."""
        if self.wish:
            clipboard.copy(self.wish)
            self.who.setText(t("祝福复制好了"))
        return bool(self.wish)


def _wish(yuan: int | None) -> str:
    if yuan is None:
        return t("生日快乐！谢谢您一直在。")
    return t("生日快乐！送您一张 {n} 元生日券，找客服领。", n=yuan)
