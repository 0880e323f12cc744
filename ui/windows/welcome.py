"""The first run's two questions: what is broadcast, and who sits here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.i18n import language, t
from ui.seat.session import ROLE_NAMES, ROLES, Mode, Role, StartChoice
from ui.widgets import PlainLabel, button
from ui.widgets.files import choose_file
from ui.windows.page import Centred, ChoiceCard

_MODES: Final[dict[Mode, tuple[str, str, str]]] = {
    "rehearsal": ("排练", "模拟的观众、评论和订单。什么都不会发到平台，随时可以重来。", "dice"),
    "manual": (
        "真直播 · 人工协助",
        "中控台算价、排队、计时；在手机或视频号助手上该按什么，它用一句话告诉你。",
        "phone",
    ),
    "tape": ("看录像", "把录下来的一场直播重新放一遍，练手或复盘。", "play"),
}
_ROLES: Final[dict[Role, tuple[str, str]]] = {
    "host": ("一眼、一键：审核、开抢、全停都在这里。", "people"),
    "operator": ("什么都能做：开播、商品、排队、发出、全停。", "gear"),
    "assistant": ("提交促销、看评论、帮确认；由主播或中控审核。", "comment"),
}
_SOURCES: Final = {
    "oba": "oba-live-tool（评论、进房、礼物；连 127.0.0.1:12354）",
    "wxlivespy": "wxlivespy（它转发到本机 8000 端口）",
}


class Welcome(Centred):
    """Both questions on one page. ``then`` gets the choice; nothing is decided before 开始 is pressed.
    ``stay`` leaves everything as it is, where there is a desk to go back to."""

    def __init__(
        self,
        choice: StartChoice,
        then: Callable[[StartChoice], None],
        *,
        ask_mode: bool = True,
        stay: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("直播中控台"), t("两个问题，然后就开始。以后可以在左下角换。"), parent)
        self._then, self._tape = then, choice.tape
        self._ask_mode = ask_mode
        self._modes: dict[Mode, ChoiceCard] = {}
        self._roles: dict[Role, ChoiceCard] = {}
        self._sources: dict[str, QCheckBox] = {}
        if ask_mode:
            self._add_modes(choice)
        self._add_roles(choice)
        self.begin = button(t("开始"), "primary")
        self.begin.clicked.connect(self._done)
        row = QHBoxLayout()
        row.addStretch(1)
        self.stay = button(t("不换，回中控台"), "quiet")
        self.stay.setVisible(stay is not None)
        if stay is not None:
            self.stay.clicked.connect(lambda: stay())
        row.addWidget(self.stay)
        row.addWidget(self.begin)
        self.column.addSpacing(6)
        self.column.addLayout(row)
        self.finish()
        self._show_more()

    @property
    def choice(self) -> StartChoice:
        """What is chosen at the moment."""
        mode: Mode = next((name for name, card in self._modes.items() if card.isChecked()), "manual")
        role: Role = next((name for name, card in self._roles.items() if card.isChecked()), "host")
        sources = {name: box.isChecked() for name, box in self._sources.items()}
        return StartChoice(
            mode, role, sources if mode == "manual" else {}, self._tape if mode == "tape" else ""
        )

    def choose(self, mode: Mode | None = None, role: Role | None = None, tape: str = "") -> None:
        """Answer as a person would by clicking."""
        if mode is not None:
            self._modes[mode].setChecked(True)
        if role is not None:
            self._roles[role].setChecked(True)
        if tape:
            self._chosen(tape)

    def _add_modes(self, choice: StartChoice) -> None:
        self.column.addWidget(PlainLabel(t("播什么"), role="heading", tone="fg1"))
        group = QButtonGroup(self)
        for name, (title, words, icon) in _MODES.items():
            card = ChoiceCard(t(title), t(words), icon, lines=1 if language() == "zh" else 2)
            card.setChecked(choice.mode == name)
            card.toggled.connect(self._show_more)
            group.addButton(card)
            self._modes[name] = card
            self.column.addWidget(card)
        self._real = QWidget()
        inner = QVBoxLayout(self._real)
        inner.setContentsMargins(16, 0, 0, 0)
        inner.addWidget(
            PlainLabel(t("评论从哪里来（没有也能播；以后可以再开）"), role="small", tone="fg2", lines=0)
        )
        for source, words in _SOURCES.items():
            box = QCheckBox(t(words))
            box.setChecked(choice.sources.get(source, False))
            box.setAccessibleName(t(words))
            self._sources[source] = box
            inner.addWidget(box)
        self._film = QWidget()
        row = QHBoxLayout(self._film)
        row.setContentsMargins(16, 0, 0, 0)
        pick = button(t("选录像文件…"), icon="box")
        pick.clicked.connect(self._pick)
        self._film_name = PlainLabel("", tone="fg1", elide=True)
        row.addWidget(pick)
        row.addWidget(self._film_name, 1)
        self.column.addWidget(self._real)
        self.column.addWidget(self._film)

    def _add_roles(self, choice: StartChoice) -> None:
        self.column.addSpacing(8)
        self.column.addWidget(PlainLabel(t("谁坐在这里"), role="heading", tone="fg1"))
        group = QButtonGroup(self)
        grid = QGridLayout()
        grid.setSpacing(theme.GAP)
        for place, name in enumerate(ROLES):
            words, icon = _ROLES[name]
            card = ChoiceCard(t(ROLE_NAMES[name]), t(words), icon)
            card.setChecked(choice.role == name)
            group.addButton(card)
            self._roles[name] = card
            grid.addWidget(card, 0, place)
            grid.setColumnStretch(place, 1)
        self.column.addLayout(grid)

    def _show_more(self) -> None:
        """Only what belongs to the chosen answer is asked further."""
        if not self._ask_mode:
            return
        mode = self.choice.mode
        self._real.setVisible(mode == "manual")
        self._film.setVisible(mode == "tape")
        self._film_name.setText(self._tape or t("还没有选"))
        self.begin.setEnabled(mode != "tape" or bool(self._tape))

    def _pick(self) -> None:
        kinds = [t("录像 (*.jsonl *.json *.csv)"), t("所有文件 (*)")]
        choose_file(self, t("选录像文件"), kinds, self._chosen)

    def _chosen(self, path: str) -> None:
        self._tape = path
        self._show_more()

    def _done(self) -> None:
        self._then(self.choice)
