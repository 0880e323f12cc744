"""What is asked of the shop and not settled, and which review is on the picture, as the room holds it; and
what the books know of an order or of a review."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from liveconsole.messages.after_order import ReviewShown, ShopAsked


class OpenAsk(Struct):
    """One thing that is owed to the shop, or of which nobody knows what became."""

    asked: ShopAsked
    by: str
    at: datetime
    sent: bool = False
    """It may have reached the shop: what became of it is looked up before anything is sent again."""
    unknown: bool = False


class ShownReview(Struct, frozen=True):
    """晒单 on the picture, until its moment."""

    shown: ReviewShown
    by: str
    at: datetime


class KnownLine(Struct, frozen=True):
    sku_id: str
    quantity: int
    unit_price_fen: int | None
    """None: a file of orders did not say."""
    product_id: str = ""


class KnownOrder(Struct, frozen=True):
    """An order of any broadcast."""

    order_id: str
    total_fen: int = 0
    paid_fen: int = 0
    refund_fen: int = 0
    placed: bool = False
    paid: bool = False
    closed: bool = False
    shipped: bool = False
    lines: list[KnownLine] = []
    back_fen: int = 0
    """Money that persons said they gave back for a case: the shop may have told of it as a refund, too."""

    @property
    def product_of(self) -> dict[str, str]:
        return {line.sku_id: line.product_id for line in self.lines}

    def cost_of(self, sku_id: str) -> int:
        """Return what its units of a SKU cost; where nobody told, no more than the whole order did."""
        prices = [(one.unit_price_fen, one.quantity) for one in self.lines if one.sku_id == sku_id]
        if any(price is None for price, _ in prices):
            return self.total_fen
        return sum((price or 0) * quantity for price, quantity in prices)

    def units(self, sku_id: str) -> int:
        return sum(line.quantity for line in self.lines if line.sku_id == sku_id)


class KnownCase(Struct, frozen=True):
    """An after-sale of any broadcast."""

    aftersale_id: str
    order_id: str
    status: str


class KnownReview(Struct, frozen=True):
    """``agreed`` false: he said no, nobody asked him, or he was forgotten and his yes with him. ``terms``:
    words in it that a list says no to."""

    review_id: int
    product_id: str
    stars: int
    text: str
    agreed: bool = False
    buyer: str | None = None
    terms: list[str] = []


class FromBooks(Struct, frozen=True):
    """What a command names, as the books have it. ``looked`` false: nobody has looked, as in a dry run."""

    looked: bool = False
    orders: dict[str, KnownOrder] = {}
    cases: dict[str, KnownCase] = {}
    reviews: dict[int, KnownReview] = {}
