"""今天要做什么, and who sits here: the first window. It opens a room and never starts a broadcast."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from liveconsole.messages.shop import ShopFace
from liveconsole.respath import resources
from ui import theme
from ui.i18n import t
from ui.preferences.shop import ShopForm
from ui.seat.session import ROLE_NAMES, Mode, RealRoom, Role, SeatPerson, StartChoice
from ui.seat.shop_kept import KeptShop
from ui.widgets import PlainLabel, button
from ui.widgets.chip import key_size, paint_key
from ui.widgets.files import choose_file
from ui.windows.welcome.cards import ModeCard, ModeFact
from ui.windows.welcome.joining import JoinPage
from ui.windows.welcome.people import PeopleRow
from ui.windows.welcome.top import WelcomeTop

if TYPE_CHECKING:
    from liveconsole.bus.joining import SeatCredential

_MODES: Final[dict[Mode, tuple[str, str]]] = {
    "rehearsal": ("排练", "用模拟的观众和订单，把今晚从头走一遍。"),
    "manual": ("真直播", "连上今晚的直播间，开抢、发券、发福袋。"),
    "tape": ("看录像", "回看以前的一场：画面之外的每一步都在。"),
}
_OPENS: Final[dict[Mode, str]] = {"rehearsal": "进入排练", "manual": "进入直播间", "tape": "打开录像"}
_LOW: Final = 640
"""Pixels of height at text scale 1 under which everything stands closer."""
_NARROW: Final = 1200


class Welcome(QWidget):
    """``then`` gets the choice and who is remembered from now on; nothing is decided before it opens.
    ``stay`` leaves everything as it is, where there is a desk to go back to."""

    def __init__(
        self,
        choice: StartChoice,
        then: Callable[[StartChoice], None],
        *,
        people: list[SeatPerson] | None = None,
        real: RealRoom | None = None,
        shop: KeptShop | None = None,
        keep_shop: Callable[[ShopFace, bytes | None], object] | None = None,
        first: bool = False,
        stay: Callable[[], object] | None = None,
        elsewhere: tuple[Path, Callable[[SeatCredential], object]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setAccessibleName(t("今天要做什么？"))
        self._then, self._tape, self._real = then, choice.tape, real
        self._keep_shop = keep_shop
        self.top = WelcomeTop(first=first)
        self.top.edit.setVisible(keep_shop is not None)
        self.people = PeopleRow(people or [], choice.role, choice.name)
        self._modes: dict[Mode, ModeCard] = {}
        self._sources: dict[str, QAction] = {}
        self.begin = OpenButton([t(words) for words in _OPENS.values()])
        self.stay = button(t("不换，回中控台"), "quiet")
        if stay is None:
            self.stay.hide()
        else:
            self.stay.clicked.connect(lambda: stay())
        self.form = ShopForm(t("保存"))
        self.elsewhere = button(t("加入另一台电脑的直播间"), "quiet", icon="link")
        if elsewhere is None:
            self.elsewhere.hide()
        self.elsewhere.clicked.connect(self.ask_elsewhere)
        self.joining: JoinPage | None = None
        if elsewhere is not None:
            base, joined = elsewhere
            self.joining = JoinPage(base, joined, lambda: self._pages.setCurrentIndex(0), label=choice.name)
        self._build(choice)
        self.top.edit.clicked.connect(self._edit_shop)
        self.form.wanted.connect(self._shop_wanted)
        self.people.changed.connect(self._show_choice)
        self.begin.clicked.connect(self._done)
        self.show_shop(shop.face if shop is not None else ShopFace())
        self._show_choice()

    # Building --------------------------------------------------------------------------------------

    def _build(self, choice: StartChoice) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(_scrolling(self._build_questions(choice)))
        self._pages.addWidget(_scrolling(self._build_shop()))
        if self.joining is not None:
            self._pages.addWidget(_scrolling(self.joining))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self._pages, 1)
        column.addWidget(self._build_foot(choice))

    def _build_questions(self, choice: StartChoice) -> QWidget:
        inside = QWidget()
        self._title = PlainLabel(t("今天要做什么？"), role="price")
        self._below = PlainLabel(
            t("选一个，再选是谁坐在这里。之后每次打开都停在上次的选择。"), tone="fg1", elide=True
        )
        cards = self._cards = QHBoxLayout()
        group = QButtonGroup(self)
        for mode, (title, words) in _MODES.items():
            chip = t("第一次建议选这个") if mode == "rehearsal" else ""
            card = self._modes[mode] = ModeCard(mode, t(title), t(words), chip=chip)
            card.setChecked(choice.mode == mode)
            card.toggled.connect(self._show_choice)
            group.addButton(card)
            cards.addWidget(card, 1)
        who = QHBoxLayout()
        who.setSpacing(16)
        who.addWidget(PlainLabel(t("谁坐在这里？"), role="heading"))
        who.addWidget(self.people, 1)
        column = self._column = QVBoxLayout(inside)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._below)
        column.addLayout(head)
        column.addLayout(cards, 1)
        column.addLayout(who)
        return inside

    def _build_shop(self) -> QWidget:
        inside = QWidget()
        held = QWidget()
        held.setMaximumWidth(560)
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(theme.GAP)
        column.addWidget(PlainLabel(t("店铺的样子"), role="price"))
        words = t("店名、标志和颜色印在主播大屏、浮层和报告上")
        column.addWidget(PlainLabel(words, tone="fg1", lines=0))
        column.addWidget(self.form)
        back = button(t("不改了"), "quiet")
        back.clicked.connect(lambda: self._pages.setCurrentIndex(0))
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        across = QHBoxLayout(inside)
        across.setContentsMargins(24, 0, 24, 0)
        across.addStretch(1)
        across.addWidget(held, 100)
        across.addStretch(1)
        return inside

    def _build_foot(self, choice: StartChoice) -> QWidget:
        foot = QFrame()
        foot.setObjectName("foot")
        self._said = PlainLabel("", role="strong", elide=True)
        self._said.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._then_words = PlainLabel("", tone="fg1", elide=True)
        self.sources = button(t("评论来源…"), "quiet", icon="comment")
        menu = QMenu(self)
        self._sources = {
            "oba": menu.addAction(t("oba-live-tool（评论、进房、礼物；连 127.0.0.1:12354）")),
            "wxlivespy": menu.addAction(t("wxlivespy（它转发到本机 8000 端口）")),
        }
        for source, action in self._sources.items():
            action.setCheckable(True)
            action.setChecked(choice.sources.get(source, False))
        self.sources.setMenu(menu)
        self.pick = button(t("选录像文件…"), icon="box")
        self.pick.clicked.connect(self._pick)
        row = self._foot = QHBoxLayout(foot)
        row.setSpacing(theme.GAP)
        row.addWidget(self._said)
        row.addWidget(self._then_words, 1)
        for each in (self.elsewhere, self.sources, self.pick, self.stay, self.begin):
            row.addWidget(each)
        self._foot_held = foot
        return foot

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(tokens.bg0))
        for band, line in ((self.top, self.top.height()), (self._foot_held, self._foot_held.y())):
            painter.fillRect(band.geometry(), theme.colour(tokens.bg1))
            painter.fillRect(0, line, self.width(), 1, theme.colour(tokens.line))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < _LOW * theme.text_scale()
        side = 24 if self.width() < _NARROW * theme.text_scale() else 56
        self.top.set_close(close=low, side=side)
        self._below.setVisible(not low)
        self._title.set_role("product" if low else "price")
        self._cards.setSpacing(10 if side == 24 else 20)
        self._column.setContentsMargins(side, 8 if low else 24, side, 10 if low else 40)
        self._column.setSpacing(8 if low else 14)
        self._foot.setContentsMargins(side, 7 if low else 18, side, 7 if low else 18)
        for card in self._modes.values():
            card.set_close(close=low)
        each = (self.width() - 2 * side - 2 * self._cards.spacing()) // len(self._modes)
        lines = [card.lines(each) for card in self._modes.values()]
        for card in self._modes.values():
            card.set_lines(max(line[0] for line in lines), max(line[1] for line in lines))

    # What is chosen --------------------------------------------------------------------------------

    @property
    def choice(self) -> StartChoice:
        """What is chosen at the moment."""
        mode: Mode = next((name for name, card in self._modes.items() if card.isChecked()), "manual")
        person = self.people.person
        sources = {name: action.isChecked() for name, action in self._sources.items()}
        return StartChoice(
            mode,
            person.role,
            sources if mode == "manual" else {},
            self._tape if mode == "tape" else "",
            person.name,
        )

    def choose(self, mode: Mode | None = None, role: Role | None = None, tape: str = "") -> None:
        """Answer as a person would by clicking."""
        if mode is not None:
            self._modes[mode].setChecked(True)
        if role is not None:
            self.people.choose(role)
        if tape:
            self._chosen(tape)

    def _show_choice(self) -> None:
        """Border, words and the button's label change; no size does."""
        choice = self.choice
        mode = choice.mode
        for name, card in self._modes.items():
            card.show_facts(*self._facts(name))
        role = t(ROLE_NAMES[choice.role])
        who = t("{name}（{role}）", name=choice.name, role=role) if choice.name else role
        self._said.setText(f"{t(_MODES[mode][0])} · {who}")
        self._then_words.setText(
            {
                "rehearsal": t("打开后有 {n} 件样品和模拟的观众，不碰真直播间。", n=sample_goods()),
                "manual": t("打开后先检查一遍，点「开播」才算开始。"),
                "tape": Path(self._tape).name if self._tape else self._own_past(),
            }[mode]
        )
        self.sources.setVisible(mode == "manual")
        self.pick.setVisible(mode == "tape")
        self.begin.show_words(t(_OPENS[mode]))

    def _facts(self, mode: Mode) -> tuple[ModeFact, ModeFact]:
        if mode == "rehearsal":
            ours = t("自带 {n} 件样品和几条待上的促销", n=sample_goods())
            return ModeFact(t("不碰真直播间，随便按")), ModeFact(ours)
        if mode == "manual":
            real = self._real
            direct = ModeFact(t("有接口就直连；没有就用手机，这里一步步说"))
            if real is None:
                return direct, ModeFact(t("还缺：商品表、直播间"), missing=True)
            if not real.products:
                return direct, ModeFact(t("还缺：商品表"), missing=True)
            had = t("已有 {n} 件商品，播过 {times} 场", n=real.products, times=real.broadcasts)
            return direct, ModeFact(had)
        plays = ModeFact(t("可快进、跳到某次开抢"))
        if self._tape:
            return plays, ModeFact(t("已选：{name}", name=Path(self._tape).name))
        return plays, ModeFact(self._own_past())

    def _own_past(self) -> str:
        """What 看录像 opens where no file is chosen."""
        times = self._real.broadcasts if self._real is not None else 0
        return t("自己播过的 {n} 场，也可以选文件", n=times) if times else t("自带一场样片，也可以选文件")

    def _pick(self) -> None:
        kinds = [t("录像 (*.jsonl *.json *.csv)"), t("所有文件 (*)")]
        choose_file(self, t("选录像文件"), kinds, self._chosen)

    def _chosen(self, path: str) -> None:
        self._tape = path
        self._show_choice()

    def _done(self) -> None:
        self._then(self.choice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens what is chosen, from wherever the focus is but a field of text."""
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        typing = isinstance(self.focusWidget(), QLineEdit)
        if enters and not event.isAutoRepeat() and not typing and self._pages.currentIndex() == 0:
            self.begin.click()
            return
        super().keyPressEvent(event)

    @property
    def asks_elsewhere(self) -> bool:
        """Whether the code of another computer is asked for now."""
        return self.joining is not None and self._pages.currentIndex() == 2

    def ask_elsewhere(self) -> None:
        """加入另一台电脑的直播间, where this window can."""
        if self.joining is not None:
            self._pages.setCurrentIndex(2)
            self.joining.open()

    # The shop's face -------------------------------------------------------------------------------

    def show_shop(self, face: ShopFace) -> None:
        """As this computer remembers it."""
        self._face = face
        self.top.show_face(face)

    def _edit_shop(self) -> None:
        self.form.show_face(self._face)
        self.form.say("")
        self._pages.setCurrentIndex(1)
        self.form.name.setFocus()

    def _shop_wanted(self, face: ShopFace, logo: bytes | None) -> None:
        if self._keep_shop is not None:
            self._keep_shop(face, logo)
        self.show_shop(face)
        self._pages.setCurrentIndex(0)


class OpenButton(QAbstractButton):
    """「进入排练 Enter」, as wide as the longest of its labels."""

    def __init__(self, labels: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self.setFont(theme.font("clock"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str) -> None:
        """Another label."""
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        widest = max(map(metrics.horizontalAdvance, self._labels))
        return QSize(widest + key_size("Enter").width() + 60, round(metrics.height() * 2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, on = theme.tokens(), self.isEnabled()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = tokens.fg0 if self.hasFocus() else tokens.accent_fill if on else tokens.line
        painter.setPen(QPen(theme.colour(edge), 2))
        painter.setBrush(theme.colour(tokens.accent_fill if on else tokens.bg2))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS_SMALL, theme.RADIUS_SMALL
        )
        ink = tokens.on_fill if on else tokens.fg2
        words, cap = self.accessibleName(), key_size("Enter")
        wide = QFontMetrics(self.font()).horizontalAdvance(words)
        left = (self.width() - wide - (8 + cap.width() if on else 0)) / 2
        painter.setFont(self.font())
        painter.setPen(theme.colour(ink))
        painter.drawText(QRectF(left, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        if on:
            room = QRectF(left + wide + 8, (self.height() - cap.height()) / 2, cap.width(), cap.height())
            ground = theme.mix(tokens.accent_fill, tokens.ink, 0.25)
            paint_key(painter, room, "Enter", ground=ground, ink=ink, edge=theme.mix(ground, ink, 0.4))
        painter.end()


@cache
def sample_goods() -> int:
    """How many goods a rehearsal brings."""
    text = (resources() / "rehearsal" / "products.toml").read_text("utf-8")
    return len(tomllib.loads(text)["product"])


def _scrolling(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
