"""补偿: money back for the whole order, for some of its units, or a coupon, all typed by keys alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CaseLine
from liveconsole.messages.verdicts import Verdict
from liveconsole.views.money import yuan
from ui.i18n import t
from ui.panels.composer.result import FaultCard
from ui.sheets.choices import ChoiceBox
from ui.widgets import PlainLabel
from ui.widgets.entry import MoneyEntry
from ui.windows.shop.act_form import LINES_MOST, ActForm, empty, goods_of
from ui.words.answers import refusal

_USUAL_DAYS: Final = 30
DAYS_MOST: Final = 30
_DAY: Final = 86_400
_REST: Final = 250
"""Milliseconds after the last letter before the engine is asked what it would say."""


class AmendsForm(ActForm):
    """First how, then how much, then why. What is empty of a line goes back for none of it."""

    def __init__(self, card: CaseCard, parent: QWidget | None = None) -> None:
        self._goods = _by_sku(card.lines)
        self._most = card.refund_most_fen
        self._suggested: dict[str, str] = {}
        self.scope = ChoiceBox()
        self.way = ChoiceBox([(t("退一笔钱"), "sum"), (t("按件退"), "lines"), (t("给一张补偿券"), "coupon")])
        self.fault: FaultCard | None = None
        self._rest = QTimer(singleShot=True, interval=_REST)
        super().__init__("compensate", card, parent)
        self._rest.setParent(self)
        self._rest.timeout.connect(self.drafted)
        for box in (self.way, self.scope):
            box.installEventFilter(self)
        self.scope.currentIndexChanged.connect(self._typed)
        self.way.currentIndexChanged.connect(self._show_way)
        self._show_way()

    def lay_out(self) -> None:
        self.way.setAccessibleName(t("怎么补"))
        if not 0 < len(self._goods) <= LINES_MOST:
            self.way.removeItem(self.way.findData("lines"))
        self.column.addWidget(self.way)
        self._parts = {"sum": self._sum(), "lines": self._units(), "coupon": self._coupon()}
        for part in self._parts.values():
            self.column.addWidget(part)
        self.total = PlainLabel("", role="small", tone="fg1", lines=0)
        self.column.addWidget(self.total)
        self._faults = QVBoxLayout()
        self.column.addLayout(self._faults)
        self.column.addWidget(self.add("reason", t("为什么，买家看得到"), QLineEdit()))
        for entry in self.entries.values():
            entry.textChanged.connect(self._typed)

    def _sum(self) -> QWidget:
        return self.add("amount_fen", t("补多少元"), MoneyEntry())

    def _units(self) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for line in self._goods:
            name = goods_of(line)
            column.addWidget(PlainLabel(name, role="small", lines=0))
            row = QHBoxLayout()
            row.setSpacing(8)
            units, money = QLineEdit(), MoneyEntry()
            row.addWidget(self.add(f"units:{line.sku_id}", t("退几件"), units), 2)
            row.addWidget(self.add(f"fen:{line.sku_id}", t("退多少元"), money), 3)
            units.setAccessibleName(t("{goods}退几件", goods=name))
            money.setAccessibleName(t("{goods}退多少元", goods=name))
            units.textEdited.connect(lambda _text, line=line: self._suggest(line))
            column.addLayout(row)
        return held

    def _coupon(self) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.scope.setAccessibleName(t("券能买什么"))
        self.scope.set_items(_scopes(self._goods))
        column.addWidget(self.scope)
        self.scope.setVisible(self.scope.count() > 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        column.addLayout(row)
        days = QLineEdit(str(_USUAL_DAYS))
        row.addWidget(self.add("off_fen", t("减多少元"), MoneyEntry()), 2)
        row.addWidget(self.add("threshold_fen", t("满多少元"), MoneyEntry()), 2)
        self.entries["threshold_fen"].setPlaceholderText(t("不限"))
        row.addWidget(self.add("seconds", t("几天内用"), days), 2)
        return held

    # What stands there -----------------------------------------------------------------------------

    def _chosen(self) -> str:
        return self.way.chosen or "sum"

    def _seen(self) -> list[str]:
        """The fields of the chosen way, and the reason."""
        way = self._chosen()
        own = {"sum": ["amount_fen"], "coupon": ["off_fen", "threshold_fen", "seconds"]}.get(way)
        if own is None:
            own = [f"{what}:{line.sku_id}" for line in self._goods for what in ("units", "fen")]
        return [*own, "reason"]

    def first(self) -> QWidget | None:
        return self.way

    def missing(self) -> QLineEdit | None:
        """The first field that lacks something, or has more than the card says."""
        wrong = self._wrong()
        for field in self._seen():
            if field in wrong:
                self.fields[field].touch()
                self.fields[field].answer(wrong[field])
                return self.entries[field]
        return None

    def _wrong(self) -> dict[str, str]:
        found = {}
        way = self._chosen()
        if way == "lines":
            found = self._wrong_lines()
        elif way == "sum" and (why := self._wrong_money("amount_fen")):
            found["amount_fen"] = why
        elif way == "coupon":
            found = self._wrong_coupon()
        if way != "coupon" and not found and self._most is not None and self._sum_fen() > self._most:
            last = self._filled()[-1] if way == "lines" else "amount_fen"
            found[last] = t("最多还能退 {amount}", amount=yuan(self._most))
        if empty(self.entries["reason"]):
            found["reason"] = t("先填上，再按 Enter")
        return found

    def _wrong_money(self, field: str) -> str:
        entry = self.entries[field]
        assert isinstance(entry, MoneyEntry)
        return entry.problem() or ("" if entry.fen() else t("先填上，再按 Enter"))

    def _wrong_lines(self) -> dict[str, str]:
        found = {}
        for line in self._goods:
            units, money = self.entries[f"units:{line.sku_id}"], self.entries[f"fen:{line.sku_id}"]
            if not units.text().strip() and not money.text().strip():
                continue
            many = _whole(units.text())
            if not many or many > line.quantity:
                found[f"units:{line.sku_id}"] = t("写 1 到 {n}", n=line.quantity)
            if why := self._wrong_money(f"fen:{line.sku_id}"):
                found[f"fen:{line.sku_id}"] = why
            elif line.fen is not None and self._fen_of(f"fen:{line.sku_id}") > line.fen:
                found[f"fen:{line.sku_id}"] = t("最多 {amount}", amount=yuan(line.fen))
        if not found and not self._filled():
            found[f"units:{self._goods[0].sku_id}"] = t("先填上，再按 Enter")
        return found

    def _wrong_coupon(self) -> dict[str, str]:
        found = {}
        if why := self._wrong_money("off_fen"):
            found["off_fen"] = why
        threshold = self.entries["threshold_fen"]
        assert isinstance(threshold, MoneyEntry)
        if why := threshold.problem():
            found["threshold_fen"] = why
        days = _whole(self.entries["seconds"].text())
        if not days or days > DAYS_MOST:
            found["seconds"] = t("写 1 到 {n}", n=DAYS_MOST)
        return found

    def _fen_of(self, field: str) -> int:
        entry = self.entries[field]
        return (entry.fen() or 0) if isinstance(entry, MoneyEntry) else 0

    def _filled(self) -> list[str]:
        fields = [f"fen:{line.sku_id}" for line in self._goods]
        return [field for field in fields if self._fen_of(field)]

    def _sum_fen(self) -> int:
        fields = self._filled() if self._chosen() == "lines" else ["amount_fen"]
        return sum(self._fen_of(field) for field in fields)

    def coupon(self) -> dict[str, Any] | None:
        """The coupon as it stands; None while it cannot be read, or another way is chosen."""
        if self._chosen() != "coupon" or self._wrong_coupon():
            return None
        days = _whole(self.entries["seconds"].text()) or _USUAL_DAYS
        chosen = self.scope.chosen
        goods = {} if chosen is None else {"product_ids": chosen.split("\n")}
        return goods | {
            "off_fen": self._fen_of("off_fen"),
            "threshold_fen": self._fen_of("threshold_fen"),
            "seconds": days * _DAY,
        }

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = {"reason": self.entries["reason"].text().strip()}
        if (coupon := self.coupon()) is not None:
            return found | {"coupon": coupon}
        if self._chosen() != "lines":
            return found | {"amount_fen": self._fen_of("amount_fen")}
        lines = []
        for line in self._goods:
            fen = self._fen_of(f"fen:{line.sku_id}")
            if fen:
                units = _whole(self.entries[f"units:{line.sku_id}"].text())
                lines.append({"sku_id": line.sku_id, "quantity": units, "fen": fen})
        return found | {"lines": lines}

    # What is said of it ----------------------------------------------------------------------------

    def learn(self, card: CaseCard) -> None:
        self._most = card.refund_most_fen
        self._say_total()

    def _show_way(self) -> None:
        for way, part in self._parts.items():
            part.setVisible(way == self._chosen())
        self._typed()

    def _suggest(self, line: CaseLine) -> None:
        """What the units cost, until somebody types another amount."""
        field = f"fen:{line.sku_id}"
        money, many = self.entries[field], _whole(self.entries[f"units:{line.sku_id}"].text())
        untouched = money.text() in ("", self._suggested.get(field))
        if not isinstance(money, MoneyEntry) or line.unit_price_fen is None or not untouched:
            return
        least = min(many or 0, line.quantity) * line.unit_price_fen
        others = self._sum_fen() - self._fen_of(field)
        left = least if self._most is None else max(0, min(least, self._most - others))
        money.set_fen(left or None)
        self._suggested[field] = money.text()

    def _typed(self) -> None:
        self._say_total()
        self._show_fault(None, "")
        self._rest.stop()
        if self.coupon() is not None:
            self._rest.start()

    def _say_total(self) -> None:
        parts = []
        if self._chosen() == "lines" and self._filled():
            parts.append(t("一共退 {amount}", amount=yuan(self._sum_fen())))
        if self._chosen() != "coupon" and self._most is not None:
            parts.append(t("最多还能退 {amount}", amount=yuan(self._most)))
        over = self._chosen() != "coupon" and self._most is not None and self._sum_fen() > self._most
        self.total.set_tone("live" if over else "fg1")
        self.total.setText(" · ".join(parts))
        self.total.setVisible(bool(parts))

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        way = self._chosen()
        if way == "coupon":
            return "off_fen" if code == "below_price_floor" else _detail(params, self._seen())
        if code in ("not_bought", "beyond_paid") and way == "lines":
            if "sku_id" in params:
                return f"units:{params['sku_id']}"
            return (self._filled() or [""])[-1]
        return "amount_fen" if code == "beyond_paid" else _detail(params, self._seen())

    def refuse(self, code: str, params: Mapping[str, Any], words: str) -> bool:
        taken = super().refuse(code, params, words)
        if taken and self._chosen() == "coupon":
            self.drafted.emit()
        return taken

    def judged(self, said: Verdict) -> None:
        """A floor's refusal stands at the amount, and what mends it below, as the composer has it."""
        code, params = said.code, said.params
        if self.coupon() is None or said.ok or code != "below_price_floor":
            return
        self.fields["off_fen"].touch()
        self.fields["off_fen"].answer(refusal(code, params, said.text))
        off = next((each.fix.off_fen for each in said.repairs if each.fix.off_fen), None)
        self._show_fault(off, refusal(code, params, ""))
        if off is None:  # no amount would do: all of why, for which the field is too narrow
            self.total.set_tone("live")
            self.total.setText(refusal(code, params, ""))
            self.total.show()

    def _show_fault(self, off_fen: int | None, why: str) -> None:
        if self.fault is not None:
            self.fault.hide()
            self.fault.deleteLater()
            self.fault = None
        if off_fen is not None:
            title, key = t("减得太多"), t("改成减 {money}", money=yuan(off_fen))
            self.fault = FaultCard(title, why, key, lambda: self._mend(off_fen), quiet=False)
            self._faults.addWidget(self.fault)

    def _mend(self, off_fen: int) -> None:
        entry = self.entries["off_fen"]
        assert isinstance(entry, MoneyEntry)
        entry.setFocus()
        self.fields["off_fen"].answer("")
        entry.set_fen(off_fen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the choice of a way goes on to its goods, where it has any, and to its first field."""
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if pressed and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            chooses = watched is self.way and self._chosen() == "coupon" and self.scope.count() > 1
            (self.scope if chooses else self.entries[self._seen()[0]]).setFocus()
            return True
        return super().eventFilter(watched, event)


def _scopes(lines: list[CaseLine]) -> list[tuple[str, str]]:
    """What a coupon may be for: the shop, all goods of the order, or one of them."""
    titles = {line.product_id: line.title or line.product_id for line in lines if line.product_id}
    found = [("", t("全店都能用"))]
    if len(titles) > 1:
        found.append(("\n".join(titles), t("只能买这一单的 {n} 样", n=len(titles))))
    return found + [(id_, t("只能买「{goods}」", goods=title)) for id_, title in titles.items()]


def _by_sku(lines: list[CaseLine]) -> list[CaseLine]:
    """One line for each SKU, with all its units, as the shop is asked. Two prices of one are none."""
    found: dict[str, CaseLine] = {}
    for line in lines:
        had = found.get(line.sku_id)
        if had is not None:
            price = line.unit_price_fen if line.unit_price_fen == had.unit_price_fen else None
            line = replace(had, quantity=had.quantity + line.quantity, unit_price_fen=price)
        found[line.sku_id] = line
    return list(found.values())


def _whole(text: str) -> int | None:
    """A whole number; None where it is none."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 7 else None


def _detail(params: Mapping[str, Any], fields: list[str]) -> str:
    said = str(params.get("detail", ""))
    return next((field for field in fields if field in said), "")
