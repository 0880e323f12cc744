"""The order of a case: goods, what was paid, the masked buyer, its way, and the newest word of its parcel."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CaseRow, ParcelWord
from liveconsole.views.money import yuan
from ui import clipboard
from ui.clean import clean
from ui.i18n import t
from ui.widgets import PlainLabel, ProductPicture, Section, button, set_tip
from ui.widgets.when import age
from ui.windows.shop.rows import money_of
from ui.windows.shop.way import OrderWay
from ui.windows.shop.words import STATUSES, moment, rule_words


class OrderCard(Section):
    """``copied``: the order's number is in the clipboard."""

    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(t("这一单"))
        self._order = ""
        self.picture = ProductPicture(64)
        self.title = PlainLabel("", role="heading", elide=True)
        self.detail = PlainLabel("", role="small", tone="fg1", elide=True)
        self.paid = PlainLabel("", role="kpi")
        self.paid_word = PlainLabel("", role="small", tone="fg1")
        self.number = PlainLabel("", role="small", tone="fg1", elide=True)
        self.copy = button("", "quiet", icon="copy")
        self.copy.setAccessibleName(t("复制订单号"))
        set_tip(self.copy, t("复制订单号 · O"))
        self.copy.clicked.connect(self.copy_number)
        self.buyer = PlainLabel("", tone="fg0", elide=True)
        self.masked = PlainLabel(t("买家只给打码的"), role="small", tone="fg2", elide=True)
        self.way = OrderWay()
        self.parcel = QFrame()
        self.parcel.setObjectName("noted")
        self.parcel_words = PlainLabel("", tone="soft:warn", lines=0)
        self.parcel_below = PlainLabel("", role="small", tone="soft:warn", lines=0)
        self.facts = PlainLabel("", role="small", tone="fg1", lines=0)
        self._build()

    def _build(self) -> None:
        paid = QHBoxLayout()
        paid.setSpacing(10)
        paid.addWidget(self.paid_word)
        paid.addWidget(self.paid)
        paid.addWidget(self.number, 1)
        paid.addWidget(self.copy)
        names = QVBoxLayout()
        names.setSpacing(3)
        names.addWidget(self.title)
        names.addWidget(self.detail)
        names.addLayout(paid)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self.picture)
        head.addLayout(names, 1)
        who = QFrame()
        who.setObjectName("raised")
        row = QHBoxLayout(who)
        row.setContentsMargins(10, 6, 10, 6)
        row.addWidget(self.buyer, 1)
        row.addWidget(self.masked, 0)
        inner = QVBoxLayout(self.parcel)
        inner.setContentsMargins(10, 7, 10, 7)
        inner.setSpacing(1)
        inner.addWidget(self.parcel_words)
        inner.addWidget(self.parcel_below)
        self.body.setSpacing(8)
        self.body.addLayout(head)
        self.body.addWidget(who)
        self.body.addWidget(self.way)
        self.body.addWidget(self.parcel)
        self.body.addWidget(self.facts)

    def copy_number(self) -> None:
        """The order's whole number, into the clipboard."""
        if self._order:
            clipboard.copy(self._order)
            self.copied.emit()

    def forget(self) -> None:
        """Another case: what only its card knows is not known yet."""
        for part in (self.way, self.parcel, self.facts):
            part.hide()

    def _mark_parcel(self, state: str) -> None:
        if self.parcel.property("state") != state:
            self.parcel.setProperty("state", state)
            self.parcel.style().unpolish(self.parcel)
            self.parcel.style().polish(self.parcel)
        for label in (self.parcel_words, self.parcel_below):
            label.set_tone("soft:warn" if state == "waits" else "fg1")

    def show_row(self, row: CaseRow) -> None:
        """What a row already says, until the card came."""
        self._order = row.order_id
        title = clean(row.title, 200) or t("不认识的商品")
        self.picture.show_product(row.image or None, title)
        self.title.setText(title)
        units = f"× {row.units}" if row.units else ""
        self.detail.setText(
            " · ".join(part for part in (" ".join((row.sku, units)).strip(), row.reason) if part)
        )
        word, paid = money_of(row)
        self.paid_word.setText(word)
        self.paid.setText(paid)
        plain = clean(row.order_id, 64)
        self.number.set_forms(t("订单 …{tail}", tail=plain[-8:]), f"…{plain[-8:]}", f"…{plain[-4:]}")
        self.buyer.setText(" · ".join(part for part in (row.buyer, row.province) if part) or "—")

    def show_card(self, card: CaseCard, now: datetime) -> None:
        """Everything that is known of it."""
        self.show_row(card.row)
        self.way.show_way(card.way, now)
        self.way.show()
        self.show_parcel(card.parcel, now, waits=card.row.kind == "stuck")
        said = [f"{rule_words(clock)} {moment(clock.due_at, now)}" for clock in card.clocks[1:]]
        if card.row.amount_fen is not None:
            said.append(t("要退 {amount}", amount=yuan(card.row.amount_fen)))
        if card.refund_most_fen is not None:
            said.append(t("最多还能退 {amount}", amount=yuan(card.refund_most_fen)))
        if card.window_until is not None:
            said.append(t("无理由退到 {at}", at=moment(card.window_until, now)))
        elif card.no_window:
            said.append(t("{what}不在无理由退里", what=card.no_window))
        self.facts.setText(" · ".join(said))
        self.facts.setVisible(bool(said))

    def show_parcel(self, parcel: ParcelWord | None, now: datetime, *, waits: bool = False) -> None:
        """Its newest word, amber where somebody has to see to it; None: nobody told of one."""
        self._mark_parcel("waits" if waits else "goes")
        self.parcel.setVisible(parcel is not None)
        if parcel is None:
            return
        status = t(STATUSES[parcel.status]) if parcel.status in STATUSES else parcel.status
        self.parcel_words.setText(f"{moment(parcel.at, now)} {clean(parcel.text, 300) or status}")
        said = [" ".join(part for part in (parcel.carrier, _tail(parcel.waybill)) if part)]
        said.append(t("{ago}前", ago=age(max(1.0, (now - parcel.at).total_seconds()))))
        if parcel.eta:
            said.append(t("预计 {at} 到", at=clean(parcel.eta, 40)))
        elif parcel.promised is not None:
            said.append(t("到这个省一般 {n} 天", n=parcel.promised))
        self.parcel_below.setText(" · ".join(part for part in said if part))


def _tail(waybill: str) -> str:
    plain = clean(waybill, 64)
    return f"…{plain[-4:]}" if len(plain) > 6 else plain
