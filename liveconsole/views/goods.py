"""Cart and catalogue as a line of text needs them: 「3 号」, its title, its SKUs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from liveconsole.messages.state import CartState, CatalogueState


class GoodsSku(Struct, frozen=True):
    sku_id: str
    title: str
    price_fen: int


class Good(Struct, frozen=True):
    product_id: str
    title: str
    price_fen: int
    skus: Sequence[GoodsSku]


class Goods(Struct, frozen=True):
    """``numbers``: number in the cart → product id."""

    products: Mapping[str, Good] = {}
    numbers: Mapping[int, str] = {}

    def number_of(self, product_id: str) -> int | None:
        return next((n for n, id_ in self.numbers.items() if id_ == product_id), None)

    def owner(self, sku_id: str) -> tuple[Good, GoodsSku] | None:
        """Return the product that has the SKU."""
        for good in self.products.values():
            for sku in good.skus:
                if sku.sku_id == sku_id:
                    return good, sku
        return None


def goods_of(catalogue: CatalogueState, cart: CartState) -> Goods:
    """Return the goods that the state shows."""
    products = {}
    for product in catalogue.products:
        skus = [GoodsSku(s.sku_id, s.title, s.price_fen) for s in product.skus]
        products[product.product_id] = Good(product.product_id, product.title, product.price_fen, skus)
    return Goods(products, {item.number: item.product_id for item in cart.items})
