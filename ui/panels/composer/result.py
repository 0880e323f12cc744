"""What a draft comes to, always in sight: the lowest reachable price, the most given away, what is to be
mended and how, what is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.specs import Spec
from liveconsole.messages.verdicts import RepairFix, RepairSaid, Verdict
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.kinds import kind_of
from ui.panels.composer.money import Reached, reached
from ui.panels.composer.repairs import figures_of
from ui.seat.room import RoomView
from ui.sheets.advice import AdviceLine, AdviceList
from ui.widgets import Mark, PlainLabel, Separator, button
from ui.words.answers import refusal

WIDE: Final = 248


class FaultCard(QFrame):
    """One thing that is in the way, and the key that mends it."""

    def __init__(self, title: str, why: str, key: str, mend: Callable[[], None], *, quiet: bool) -> None:
        super().__init__()
        self.setObjectName("fault")
        self.setProperty("state", "quiet" if quiet else "")
        self.title, self.why = (
            PlainLabel(title, role="strong", lines=0),
            PlainLabel(why, role="small", tone="fg1", lines=0),
        )
        self.key = button(key)
        self.key.setAccessibleName(f"{title} {key}")
        self.key.clicked.connect(mend)
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 9, 11, 10)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.why)
        column.addSpacing(2)
        column.addWidget(self.key)


class ResultColumn(QFrame):
    """``mend`` is asked with a SKU and the value that the rules gave for it."""

    def __init__(self, mend: Callable[[str, RepairFix], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result")
        self.setFixedWidth(round(WIDE * theme.text_scale()))
        self.setAccessibleName(t("算下来"))
        self._mend = mend
        self.cards: list[FaultCard] = []
        self.fine: list[str] = []
        self._made: list[QWidget] = []
        self._shown: object = None
        self.lowest = PlainLabel("", role="small", tone="fg1", lines=0)
        self.lowest_money = PlainLabel("", role="price")
        self.sum = PlainLabel("", role="small", tone="fg1", lines=0)
        self.most, self.most_money = PlainLabel("", role="small", tone="fg1"), PlainLabel("", role="stock")
        self.basis = PlainLabel("", role="small", tone="fg1", lines=0)
        self.head = PlainLabel("", role="strong", lines=0)
        self.said = PlainLabel("", tone="live", lines=0)
        self.counsel = AdviceList()
        self._build()

    def _build(self) -> None:
        inside = QWidget()
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 16, 14)
        column.setSpacing(3)
        self._rules = [Separator(), Separator()]
        for each in (self.lowest, self.lowest_money, self.sum):
            column.addWidget(each)
        for rule, parts in (
            (self._rules[0], (self.most, self.most_money, self.basis)),
            (self._rules[1], (self.head, self.said, self.counsel)),
        ):
            column.addSpacing(8)
            column.addWidget(rule)
            column.addSpacing(8)
            for part in parts:
                column.addWidget(part)
        column.addSpacing(6)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(10)
        column.addLayout(self._cards)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def show_lowest(
        self, kind: str, terms: Spec | None, said: Verdict | None, room: RoomView, *, quiet: bool
    ) -> None:
        """The lowest price that a buyer can reach, and how; before that, what will stand here."""
        found = (
            reached(kind, terms, said, room)
            if said is not None
            else Reached(t("填好就算：最低到手、最多让利、要改什么"))
        )
        red = found.under and not quiet
        self.lowest.setText(found.caption)
        self.lowest_money.setText(found.money)
        self.lowest_money.set_tone("live" if red else kind_of(kind).TONE if found.money else "fg0")
        self.lowest_money.setVisible(bool(found.money))
        self.sum.setText("\n".join(part for part in (found.sum, found.floor) if part))
        self.sum.setVisible(bool(self.sum.text()))

    def show_cost(self, kind: str, fen: int | None, basis: str, so_far: str) -> None:
        """The most that it can give away, on what that rests, and what the broadcast has given already."""
        self.most.setText(t("奖品最多值") if kind_of(kind).unpriced()[1] else t("最多让利"))
        self.most_money.setText(yuan_short(fen) if fen else "")
        self.basis.setText("\n".join(part for part in (basis, so_far) if part))
        for each in (self.most, self.most_money, self.basis, self._rules[0]):
            each.setVisible(bool(fen))

    def show_said(self, words: Sequence[str], tone: str) -> None:
        """What is in the way and stands beside no field."""
        self.said.set_tone(tone)
        self.said.setText("\n".join(words))
        self.said.setVisible(bool(words))

    def show_advice(self, advice: list[AdviceLine]) -> None:
        """What is to be thought of."""
        self.counsel.show_advice(advice)

    def show_repairs(
        self, repairs: Sequence[RepairSaid], titles: Mapping[str, str], fine: Sequence[str], *, quiet: bool
    ) -> None:
        """A card for each fault, then what is well; the same again changes nothing."""
        shown = list(repairs), list(fine), quiet
        if shown == self._shown:
            return
        self._shown = shown
        for old in self._made:
            self._cards.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = [self._card(each, titles, quiet=quiet) for each in repairs]
        self.fine = list(fine)
        self._made = [*self.cards, *(_well(words) for words in fine)]
        for each in self._made:
            self._cards.addWidget(each)
        cells = len({each.sku_id for each in repairs})
        self.head.setText(t("还有 {n} 格要改", n=cells) if len(titles) > 1 else t("还有要改的"))
        self.head.setVisible(bool(repairs))
        self._rules[1].setVisible(bool(self._made))

    def _card(self, each: RepairSaid, titles: Mapping[str, str], *, quiet: bool) -> FaultCard:
        sku_id, fix = each.sku_id, each.fix
        named = str(each.params.get("title") or sku_id)
        title, why = _fault(each, titles.get(sku_id, named))
        return FaultCard(title, why, _key(fix, each.code), lambda: self._mend(sku_id, fix), quiet=quiet)


def _fault(each: RepairSaid, sku: str) -> tuple[str, str]:
    figures = figures_of(each)
    if each.code == "over_stock":
        left, many = figures.available, figures.quantity
        return t("{sku}：抢 {many} 件，只有 {left} 件", sku=sku, many=many, left=left), t("超出的会变成超卖")
    if each.code == "below_price_floor":
        low, floor = figures.final_fen, figures.floor_fen
        words = t("{sku}：到手低于底价 {money}", sku=sku, money=yuan_short(floor - low))
        return words, t("底价 {floor}，最低到手 {low}", floor=yuan_short(floor), low=yuan_short(low))
    return t("{what}：{why}", what=sku, why=refusal(each.code, each.params, "")), ""


def _key(fix: RepairFix, code: str) -> str:
    if fix.off_fen is not None:
        return t("改成减 {money}", money=yuan_short(fix.off_fen))
    if fix.price_fen is not None:
        money = yuan_short(fix.price_fen)
        return (
            t("改到底价 {money}", money=money)
            if code == "below_price_floor"
            else t("改到 {money}", money=money)
        )
    units = fix.quantity
    return t("改成余量 {n} 件", n=f"{units:,}") if units else t("这一格不卖")


def _well(words: str) -> QWidget:
    held = QWidget()
    row = QHBoxLayout(held)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Mark("check", "ok", role="small"))
    row.addWidget(PlainLabel(words, role="small", tone="fg1", lines=0), 1)
    return held


def fine_words(said: Verdict) -> list[str]:
    """What was looked at and is well."""
    found = []
    for each in said.fine:
        n = each.params.n
        if each.code == "skus" and len(said.skus) > 1:
            words = (
                t("其余 {n} 格不缺货、不破底价", n=n) if said.repairs else t("{n} 格都不缺货、不破底价", n=n)
            )
            found.append(words)
        elif each.code == "skus":
            found.append(t("不缺货、不破底价"))
        elif each.code == "overlap":
            found.append(t("和别的秒杀不撞"))
    if said.limits and not said.notices:
        found.append(t("在平台的限制以内"))
    return found
