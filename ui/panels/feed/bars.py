"""The two bars over the rows: what was answered, and what is looked for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.clean import clean
from ui.i18n import t
from ui.widgets import PlainLabel, button, set_tip

WORDS_MAX: Final = 40


class AnswerBar(QWidget):
    """Stands there while a group of questions is looked at; ``answered(group)`` begins its count again."""

    answered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = ""
        self.question = ""
        self._name = ""
        self._says = PlainLabel("", role="small", tone="fg1", elide=True)
        self._done = button(t("已回答 A"), "quiet", icon="check", tone="ok")
        self._done.setAccessibleName(t("已回答，从现在起重新数"))
        self._done.clicked.connect(self.give)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 8, 4)
        row.addWidget(self._says, 1)
        row.addWidget(self._done)
        self.hide()

    def offer(self, group: str, name: str) -> None:
        """A group is looked at; `show_count` follows."""
        self.group, self._name, self.question = group, name, ""
        self.show()

    def offer_question(self, text: str) -> None:
        """A question of the room went to the host: it may be ticked off."""
        self.group, self.question = "", text
        self._says.setText(t("已送到大屏：{question}", question=clean(text, 40)))
        self.show()

    @property
    def is_offered(self) -> bool:
        """Whether there is anything to tick off."""
        return bool(self.group or self.question)

    def show_count(self, count: int, since: str = "") -> None:
        """How many ask it now; ``since``: the minute from which they are counted, where that is not all of
        the ten."""
        if not self.group:
            return
        said = {"group": self._name, "n": f"{count:,}"}
        words = t("{group} · {time} 起 {n} 条", time=since, **said) if since else ""
        self._says.setText(words or t("{group} · 近 10 分钟 {n} 条", **said))

    def leave(self) -> None:
        """No group is looked at."""
        self.group = self.question = ""
        self.hide()

    def give(self) -> None:
        """It was answered."""
        if self.is_offered:
            self.answered.emit(self.group)


class SearchBar(QWidget):
    """A line to type into, hidden until it is wanted. ``changed`` as it is typed, ``closed`` by Esc."""

    changed = Signal()
    whole_asked = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opener = button("", "quiet", icon="search")
        self.opener.setAccessibleName(t("搜索评论和订单"))
        self.opener.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_tip(self.opener, t("搜索评论和订单 · Ctrl+F"))
        self._line = SearchEntry(self)
        self._line.setMaxLength(WORDS_MAX)
        self._line.setClearButtonEnabled(False)
        self._line.setPlaceholderText(t("搜评论、用户名，一个字也行"))
        self._line.setAccessibleName(t("搜索评论和订单"))
        self._whole = button(t("整场搜索"), "quiet")
        self._whole.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._whole.hide()
        shut = button("", "quiet", icon="cross")
        shut.setAccessibleName(t("关闭搜索"))
        shut.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._line.textChanged.connect(self._typed)
        self._line.returnPressed.connect(self._ask)
        self._whole.clicked.connect(self._ask)
        shut.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self._line, 1)
        row.addWidget(self._whole)
        row.addWidget(shut)
        self.hide()

    def begin(self, words: str = "") -> None:
        """Show it and type; ``words`` are looked for at once."""
        self.show()
        if words:
            self._line.setText(words)
        self._line.setFocus()
        self._line.selectAll()

    def leave(self) -> None:
        """Away with it and with what was looked for."""
        self.hide()
        self._line.clear()
        self.closed.emit()

    def words(self) -> str:
        """What is looked for; ``""`` while it is hidden."""
        return self._line.text().strip()

    def offer_whole(self, offered: bool) -> None:
        """Whether the whole broadcast can be searched."""
        self._whole.setVisible(offered)

    def look_among_orders(self, among: bool, *, whole: bool) -> None:
        """Whether orders are looked at, all of which the engine looks through; ``whole``: whether it can
        search what was said."""
        self._line.setPlaceholderText(
            t("搜单号、商品、未付 / 已付") if among else t("搜评论、用户名，一个字也行")
        )
        self.offer_whole(whole and not among)

    def show_busy(self, busy: bool) -> None:
        """Whether a search of the whole broadcast runs."""
        self._whole.setEnabled(not busy and bool(self.words()))

    def _typed(self) -> None:
        self._whole.setEnabled(bool(self.words()))
        self.changed.emit()

    def _ask(self) -> None:
        if self._whole.isVisibleTo(self) and self.words():
            self.whole_asked.emit(self.words())


class SearchEntry(QLineEdit):
    """Esc closes the bar."""

    def __init__(self, bar: SearchBar) -> None:
        super().__init__(bar)
        self._bar = bar

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._bar.leave()
        else:
            super().keyPressEvent(event)
