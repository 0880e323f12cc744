"""秒杀: a grid of colours × sizes, one price for all and exceptions, one total and how it is shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.intake.portions import by_stock, evenly
from liveconsole.messages.specs import FlashSaleSpec
from liveconsole.messages.state import ProductState
from liveconsole.messages.verdicts import FieldLimit, RefusalSaid, RepairFix, Verdict
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import language, t
from ui.panels.composer.amount import BuyerLimit, PriceBox
from ui.panels.composer.cell import MOST, SkuCell
from ui.panels.composer.form import ROWS, Form, LastsChoice, Spec
from ui.panels.composer.grid import SkuGrid
from ui.seat.room import RoomView
from ui.sheets.choices import ChoiceBox, products_of
from ui.widgets import FilterChip, NumberField, Segments
from ui.widgets.entry import FormRow, MoneyEntry

_SHARED: Final = {"stock": by_stock, "even": evenly}
_USUAL: Final = 50
"""Units of a sale that nobody has said anything of yet."""


class _OnlySku:
    """The fields of a product's one SKU are those for all."""

    def __init__(self, sku_id: str, price: MoneyEntry, quantity: NumberField) -> None:
        self.sku_id, self.price, self.quantity = sku_id, price, quantity


class SaleForm(Form[FlashSaleSpec]):
    """Every SKU of one product that has a number goes into the same sale."""

    kind = "flash_sale"
    OF_GOODS = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = ChoiceBox()
        self._of = ""
        self._filling = False
        self.prices, self.grid = PriceBox(), SkuGrid()
        self.price = self.prices.entry
        self.total, self.sharing = (
            NumberField(1, MOST, unit=t("件")),
            Segments((("stock", t("按库存分")), ("even", t("平均分")), ("own", t("自己填")))),
        )
        self.per_buyer, self.lasts_entry = BuyerLimit(), LastsChoice((60, 180, 300, 600), 300)
        self.via = Segments((("task", t("限时抢购（任务）")), ("price", t("改价（结束要改回）"))))
        self._build()
        self.product.currentIndexChanged.connect(self._product_chosen)
        self.product.currentIndexChanged.connect(self.changed)

    def _build(self) -> None:
        self.column.setSpacing(ROWS)
        price = self.add_row("skus", t("秒杀价"), self.prices)
        self._ready = QHBoxLayout()
        self._ready.setSpacing(6)
        price.add_beside(self._ready)
        self._chips: list[FilterChip] = []
        self.watch(price, self.price.textChanged)
        self.price.textEdited.connect(self._one_price)
        self.column.addWidget(price)
        self.column.addWidget(self.grid)
        many = QWidget()
        row = QHBoxLayout(many)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.total.setFont(theme.font("clock"))
        self.total.setMinimumWidth(round(84 * theme.text_scale()))
        row.addWidget(self.total)
        row.addWidget(self.sharing)
        self.total.setAccessibleName(t("数量"))
        self.sharing.setAccessibleName(t("数量"))
        quantity = self.add_row("quantity", t("数量"), many)
        self.watch(quantity, self.total.valueChanged)
        self.total.valueChanged.connect(self._totalled)
        self.sharing.chosen_by_hand.connect(lambda _how: self._share())
        self.column.addWidget(quantity)
        buyer = self.add_row("per_buyer", t("每人"), self.per_buyer)
        self.watch(buyer, self.per_buyer.changed)
        self.column.addWidget(buyer)
        self.column.addWidget(self.add_row("seconds", t("时长"), self.lasts_entry))
        self._via_row = self.add_row("via", t("怎么做"), self.via)
        self.watch(self._via_row, self.via.chosen_by_hand)
        self._via_row.hide()
        self.column.addWidget(self._via_row)

    # What it is about -------------------------------------------------------------------------------

    @property
    def subject(self) -> ChoiceBox:
        return self.product

    @property
    def first(self) -> QWidget:
        return self.price

    def in_order(self) -> None:
        """What is for all SKUs first: their cells are exceptions."""
        QWidget.setTabOrder(self.price, self.total)

    @property
    def of(self) -> ProductState | None:
        """The product that is chosen."""
        return self.room.products.get(self._of) if self.room is not None else None

    @property
    def lines(self) -> list[SkuCell] | list[_OnlySku]:
        """Each SKU's fields."""
        product = self.of
        if product is not None and len(product.skus) == 1:
            return [_OnlySku(product.skus[0].sku_id, self.price, self.total)]
        return self.grid.cells

    def about(self) -> tuple[str, str | None, str]:
        product = self.of
        if product is None:
            return "", None, t("先添加商品")
        said = [t("日常价 {money}", money=yuan_short(product.price_fen))]
        if len(product.axes) == 2:
            rows, columns = (axis.values for axis in product.axes)
            said.insert(0, t("{rows} 个颜色 × {columns} 个尺码 = {n} 个规格", rows=len(rows),
                             columns=len(columns), n=len(product.skus)))  # fmt: skip
        elif len(product.skus) > 1:
            said.insert(0, t("{n} 个规格", n=len(product.skus)))
        return product.title, product.image, " · ".join(said)

    def show_room(self, room: RoomView) -> None:
        super().show_room(room)
        self._keep_up(room)
        self.product.set_items(products_of(room))
        self._via_row.setVisible(room.settings.capabilities.sales == "person")
        self._product_chosen()

    def _keep_up(self, room: RoomView) -> None:
        """Stock that moved is shared by from now on; for other SKUs cells are made anew."""
        product = room.products.get(self._of)
        skus = {sku.sku_id: sku for sku in product.skus} if product is not None else {}
        if not self.grid.cells or product is None:
            return
        if [cell.sku_id for cell in self.grid.cells] != list(skus):
            spec, self._of = self.draft(), ""
            self._product_chosen()
            left = [sku for sku in (spec or {}).get("skus", ()) if sku["sku_id"] in skus]
            if spec is not None and left:
                self.fill(msgspec.convert(spec | {"kind": self.kind, "skus": left}, FlashSaleSpec))
            return
        for cell in self.grid.cells:
            cell.available = skus[cell.sku_id].available

    def _product_chosen(self) -> None:
        """Cells for the SKUs of another product; the first template stands in them."""
        chosen = self.product.chosen or ""
        if chosen == self._of or self.room is None:
            return
        self._of = chosen
        product = self.of
        several = product is not None and len(product.skus) > 1
        self.grid.show_product(product if several else None)
        self.grid.setVisible(several)
        self.sharing.setVisible(several)
        self.prices.show_for_all(several)
        for cell in self.grid.cells:
            cell.price_edited.connect(lambda cell=cell: self._priced(cell))
            cell.quantity_edited.connect(self._counted)
            cell.changed.connect(self._cell_changed)
        available = product.available if product is not None else 0
        self._show_ready_made()
        self.sharing.choose("stock")
        self._set_total(max(1, min(available, max(_USUAL, len(self.grid.cells)))))
        self._percent(80)
        self._show_notes({})

    # One price, one total ---------------------------------------------------------------------------

    def _one_price(self) -> None:
        """It was typed: every SKU that has none of its own follows."""
        self._filling = True
        for cell in self.grid.cells:
            cell.follow(self.price.text(), self.price.fen())
        self._filling = False

    def _priced(self, cell: SkuCell) -> None:
        fen = cell.price.fen()
        cell.be_own(fen is None or fen != self.price.fen())
        self.fields["skus"].touch()

    def _counted(self) -> None:
        """A cell was counted by hand: the total is what they come to."""
        self.sharing.choose("own")
        self._set_total(max(1, sum(cell.quantity.value() for cell in self.grid.cells)), share=False)
        self.fields["quantity"].touch()

    def _cell_changed(self) -> None:
        if not self._filling:
            self.changed.emit()

    def _set_total(self, units: int, *, share: bool = True) -> None:
        self.total.blockSignals(True)
        self.total.setValue(units)
        self.total.blockSignals(False)
        self.per_buyer.set_most(units)
        if share:
            self._share()

    def _totalled(self) -> None:
        """Another total is shared; where each SKU was counted by hand, by stock."""
        if self.sharing.chosen == "own":
            self.sharing.choose("stock")
        self._share()

    def _share(self) -> None:
        """The total over the SKUs, as it is chosen."""
        self.per_buyer.set_most(self.total.value())
        share = _SHARED.get(self.sharing.chosen)
        if share is None or not self.grid.cells:
            return
        self._filling = True
        shares = share(self.total.value(), [cell.available for cell in self.grid.cells])
        for cell, units in zip(self.grid.cells, shares, strict=True):
            cell.set_quantity(units)
        self._filling = False
        self.changed.emit()

    # The draft --------------------------------------------------------------------------------------

    def draft(self) -> Spec | None:
        seconds = self.lasts("seconds")
        field = self.fields["skus"]
        chosen = [line for line in self.lines if line.quantity.value() > 0]
        if not chosen:
            field.answer(t("先添加商品") if not self.lines else t("至少选一个规格"))
            return None
        problem = next(
            (line.price.problem() or t("多少钱？") for line in chosen if line.price.fen() is None), ""
        )
        field.answer(problem)
        if problem or seconds is None:
            return None
        skus = [
            {"sku_id": line.sku_id, "price_fen": line.price.fen(), "quantity": line.quantity.value()}
            for line in chosen
        ]
        spec: Spec = {"skus": skus, "per_buyer": self.per_buyer.value(), "seconds": seconds}
        if not self._via_row.isHidden():
            spec["via"] = self.via.chosen
        return spec

    def fill(self, spec: FlashSaleSpec) -> None:
        wanted = {sku.sku_id: sku for sku in spec.skus}
        owner = self.room.product_of(spec.skus[0].sku_id) if self.room is not None else None
        if owner is not None:
            self.product.choose(owner.product_id)
            self._product_chosen()
        common, _ = Counter(sku.price_fen for sku in spec.skus).most_common(1)[0]
        self.price.set_fen(common)
        for cell in self.grid.cells:
            said = wanted.get(cell.sku_id)
            cell.set_price(said.price_fen if said is not None else common,
                           own=said is not None and said.price_fen != common)  # fmt: skip
            cell.set_quantity(said.quantity if said is not None else 0)
        whole = sum(sku.quantity for sku in spec.skus)
        self.sharing.choose(self._how_shared(whole))
        self._set_total(whole, share=False)
        self.per_buyer.setValue(spec.per_buyer)
        self.lasts_entry.set_seconds(spec.seconds)
        self.via.choose(spec.via)

    def _how_shared(self, whole: int) -> str:
        left = [cell.available for cell in self.grid.cells]
        shares = [cell.quantity.value() for cell in self.grid.cells]
        return next((how for how, share in _SHARED.items() if share(whole, left) == shares), "own")

    def mend(self, sku_id: str, fix: RepairFix) -> None:
        """Put in a value that the rules gave for one SKU."""
        for cell in self.grid.cells:
            if cell.sku_id == sku_id:
                if fix.price_fen is not None:
                    cell.set_price(fix.price_fen, own=fix.price_fen != self.price.fen())
                if fix.quantity is not None:
                    cell.set_quantity(fix.quantity)
                    self._counted()
        if not self.grid.cells:
            if fix.price_fen is not None:
                self.price.set_fen(fix.price_fen)
            if fix.quantity:
                self.total.setValue(fix.quantity)
        self.touch()
        self.changed.emit()

    # Ready made -------------------------------------------------------------------------------------

    def _show_ready_made(self) -> None:
        for chip in self._chips:
            self._ready.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for words, fill in self.templates():
            chip = FilterChip(words, checkable=False)
            chip.clicked.connect(lambda _=False, fill=fill: self._fill_in(fill))
            self._ready.addWidget(chip)
            self._chips.append(chip)

    def _fill_in(self, fill: Callable[[], None]) -> None:
        fill()
        self.changed.emit()

    def templates(self) -> list[tuple[str, Callable[[], None]]]:
        if self.of is None:
            return []
        found: list[tuple[str, Callable[[], None]]] = [
            (t("9 折"), lambda: self._percent(90)),
            (t("8 折"), lambda: self._percent(80)),
        ]
        if any(self._floor(sku.sku_id) is not None for sku in self.of.skus):
            found.append((t("到底价"), self._to_floor))
        return found

    def _floor(self, sku_id: str) -> int | None:
        assert self.room is not None
        sku, product = self.room.skus.get(sku_id), self.room.product_of(sku_id)
        if sku is not None and sku.floor_fen is not None:
            return sku.floor_fen
        return product.floor_fen if product is not None else None

    def _percent(self, percent: int) -> None:
        """So many hundredths of the day's price, whole 元 where it is over one, never below the floor."""

        def reduced(day_fen: int, floor: int | None) -> int:
            fen = day_fen * percent // 100
            return max(fen // 100 * 100 or fen, floor or 0)

        if self.of is not None:
            self._price_each({s.sku_id: reduced(s.price_fen, self._floor(s.sku_id)) for s in self.of.skus})

    def _to_floor(self) -> None:
        if self.of is not None:
            floors = {sku.sku_id: self._floor(sku.sku_id) for sku in self.of.skus}
            self._price_each({sku_id: fen for sku_id, fen in floors.items() if fen is not None})

    def _price_each(self, prices: Mapping[str, int]) -> None:
        """What most of them have is the one for all."""
        if not prices:
            return
        common, _ = Counter(prices.values()).most_common(1)[0]
        self.price.set_fen(common)
        for cell in self.grid.cells:
            fen = prices.get(cell.sku_id)
            if fen is not None:
                cell.set_price(fen, own=fen != common)

    # What is said of it -----------------------------------------------------------------------------

    def touch(self, touched: bool = True) -> None:
        super().touch(touched)
        self._quiet()

    def _quiet(self) -> None:
        for cell in self.grid.cells:
            cell.be_quiet(not self.touched)

    def show_judged(self, said: Verdict) -> None:
        rows = {row.sku_id: row for row in said.skus}
        for cell in self.grid.cells:
            cell.show_row(rows.get(cell.sku_id))
        self._quiet()
        self._show_notes(said.limits)

    def covers(self, refused: RefusalSaid) -> bool:
        return refused.params.get("sku_id") in {cell.sku_id for cell in self.grid.cells if cell.wanted}

    def _show_notes(self, limits: Mapping[str, FieldLimit] | None) -> None:
        """What the platform allows stands beside each field; where it does not say, that."""
        product = self.of
        several = bool(self.grid.cells)
        own = {
            "skus": t("某个规格要不同价，直接改它那一格") if several else "",
            "quantity": t("可售共 {n} 件，已扣待付款", n=f"{product.available:,}") if product else "",
            "per_buyer": t("{n} 个规格合在一起算", n=len(self.grid.cells)) if several else "",
            "seconds": t("抢光就提前结束"),
        }
        named = {"skus": "price"}
        for name, words in own.items():
            told = ""
            if limits is not None:
                limit = limits.get(named.get(name, name), FieldLimit())
                allowed = limit.en if language() == "en" else limit.zh
                told = t("平台：{limit}", limit=allowed) if allowed else t("平台没说")
            lines = [part for part in ((words, told) if name == "quantity" else (told, words)) if part]
            row = self.fields[name]
            assert isinstance(row, FormRow)
            row.show_note(*lines[:2])

    def basis(self) -> str:
        units = sum(line.quantity.value() for line in self.lines)
        return t("{n} 件全按秒杀价卖完，比日常价少收", n=f"{units:,}")

    def place_of(self, code: str, params: Mapping[str, Any]) -> str:
        if code in ("below_price_floor", "unknown_sku"):
            return "skus"
        if code in ("over_stock", "stock_short", "broadcast_limit"):
            return "quantity"
        said = str(params.get("detail", ""))
        if "price_fen" in said:
            return "skus"
        return next((name for name in ("per_buyer", "seconds", "via", "skus") if name in said), "")
