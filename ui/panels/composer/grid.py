"""The SKUs of a product as colours × sizes; the heads stand while what lies between them scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.state import ProductState
from ui import theme
from ui.panels.composer.cell import CELL, SkuCell
from ui.widgets import PlainLabel, ProductPicture

WHOLE: Final = 12
"""So many SKUs are all in sight; of more the grid scrolls inside."""
ACROSS: Final = 4
"""Cells side by side where the names lie in no table."""
_GAP: Final = 8
_HEAD: Final = 69, 26
_SEEN: Final = 2.5
"""Rows of a grid that scrolls."""


class SkuGrid(QWidget):
    """``cells`` in the order of the product's SKUs; another product makes them anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells: list[SkuCell] = []
        self._scale = theme.text_scale()
        self._columns, self._rows, self._inside = _area(), _area(), _area()
        self._columns.setFixedHeight(round(_HEAD[1] * self._scale))
        self._rows.setFixedWidth(round(_HEAD[0] * self._scale))
        self._inside.horizontalScrollBar().valueChanged.connect(self._columns.horizontalScrollBar().setValue)
        self._inside.verticalScrollBar().valueChanged.connect(self._rows.verticalScrollBar().setValue)
        for area in (self._columns, self._rows):
            area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        grid.addWidget(self._columns, 0, 1)
        grid.addWidget(self._rows, 1, 0)
        grid.addWidget(self._inside, 1, 1)
        grid.setColumnStretch(1, 1)

    @property
    def scrolls(self) -> bool:
        """Whether it has more than stands in sight."""
        return len(self.cells) > WHOLE

    def show_product(self, product: ProductState | None) -> None:
        """Cells for its SKUs."""
        skus = product.skus if product is not None else []
        self.cells = [SkuCell(sku) for sku in skus]
        axes = [axis.values for axis in product.axes] if product is not None else []
        if len(axes) == 2:
            places = [(axes[0].index(sku.values[0]), axes[1].index(sku.values[1])) for sku in skus]
            rows, columns = axes
        else:
            order = axes[0] if axes else [sku.title for sku in skus]
            at = [order.index(sku.values[0]) if axes else n for n, sku in enumerate(skus)]
            places, rows, columns = [(place // ACROSS, place % ACROSS) for place in at], [], []
        self._fill(places, [] if len(axes) == 2 else [sku.values[0] if axes else sku.title for sku in skus])
        self._show_heads(rows, columns, product)
        self._fit(1 + max((row for row, _ in places), default=0), bool(rows))

    def _fill(self, places: Sequence[tuple[int, int]], names: Sequence[str]) -> None:
        held = QWidget()
        grid = QGridLayout(held)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        for n, (cell, (row, column)) in enumerate(zip(self.cells, places, strict=True)):
            if names:
                box = QVBoxLayout()
                box.setSpacing(2)
                name = PlainLabel(names[n], role="small", tone="fg1", elide=True)
                name.setMinimumWidth(1)
                box.addWidget(name)
                box.addWidget(cell)
                grid.addLayout(box, row, column)
            else:
                grid.addWidget(cell, row, column)
        width = max((column for _, column in places), default=0) + 1
        for column in range(max(width, ACROSS if names else 1)):
            grid.setColumnStretch(column, 1)
        self._inside.setWidget(held)

    def _show_heads(self, rows: Sequence[str], columns: Sequence[str], product: ProductState | None) -> None:
        across, down = QWidget(), QWidget()
        top, side = QGridLayout(across), QVBoxLayout(down)
        for layout in (top, side):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(_GAP)
        for n, value in enumerate(columns):
            head = PlainLabel(value, tone="fg1", elide=True, align=Qt.AlignmentFlag.AlignHCenter)
            head.setMinimumWidth(round(CELL[0] * self._scale))
            top.addWidget(head, 0, n)
            top.setColumnStretch(n, 1)
        for value in rows:
            side.addWidget(self._row_head(value, product))
        side.addStretch(1)
        self._columns.setWidget(across)
        self._rows.setWidget(down)

    def _row_head(self, value: str, product: ProductState | None) -> QWidget:
        held = QWidget()
        held.setFixedHeight(round(CELL[1] * self._scale))
        box = QVBoxLayout(held)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        picture = ProductPicture(44)
        if product is not None:
            picture.show_product(product.image, value)
        name = PlainLabel(value, elide=True, align=Qt.AlignmentFlag.AlignHCenter)
        name.setMinimumWidth(1)
        box.addStretch(1)
        box.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(name)
        box.addStretch(1)
        return held

    def _fit(self, rows: int, table: bool) -> None:
        self._columns.setVisible(table)
        self._rows.setVisible(table)
        named = 0 if table else round(20 * self._scale)
        high = round(CELL[1] * self._scale) + named + _GAP
        whole = rows * high - _GAP
        scrolls = self.scrolls and rows > _SEEN
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self._inside.setVerticalScrollBarPolicy(policy if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        held = self._inside.widget()
        widest = held.minimumSizeHint().width() if held is not None else 0
        self._inside.setHorizontalScrollBarPolicy(policy)
        room = round(_SEEN * high) if scrolls else whole
        # A grid that is wider than its place has its bar below, which takes no room from the cells.
        self._inside.setFixedHeight(room + (12 if widest > round(530 * self._scale) else 0))
        self._rows.setFixedHeight(room)


def _area() -> QScrollArea:
    made = _Area()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


class _Area(QScrollArea):
    """As small as it must be: what it holds scrolls, and never widens the form."""

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())
