"""What the shop sells, as the log puts it: titles, numbers in the cart, prices and stock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, field

_SHA: Final = re.compile("[0-9a-f]{64}")


class CatalogueSku(Struct):
    """``on_hand`` counts units in the shop, holds included; paid units have left it."""

    sku_id: str
    product_id: str
    title: str
    price_fen: int
    on_hand: int = 0
    held: int = 0
    sold: int = 0

    @property
    def free(self) -> int:
        return max(0, self.on_hand - self.held)


class CatalogueProduct(Struct):
    product_id: str
    title: str
    list_price_fen: int | None = None
    sku_ids: list[str] = field(default_factory=list)
    image: str | None = None


class CatalogueOverTime:
    """Catalogue and cart. Everything of the log is taken; what it does not know is called by its id."""

    def __init__(self) -> None:
        self.products: dict[str, CatalogueProduct] = {}
        self.skus: dict[str, CatalogueSku] = {}
        self.numbers: dict[str, int] = {}
        """Product → its number in the cart; the last one that it had stays after it left."""
        self._cart: list[str] = []

    def stand(self, stock: Mapping[str, Sequence[int]]) -> None:
        """The figures of an opening: on hand, held, sold."""
        for sku_id, figures in stock.items():
            sku = self.skus.get(sku_id)
            if sku is not None:
                sku.on_hand, sku.held, sku.sold = figures[:3]

    def put(self, sent: Mapping[str, Any]) -> None:
        """One product of ``catalogue.put``, whole as it now stands."""
        product_id, title = sent["product_id"], sent["title"]
        skus = sent.get("skus") or [
            {"sku_id": product_id, "title": title, "price_fen": sent["price_fen"], "stock": sent["stock"]}
        ]
        self.products[product_id] = CatalogueProduct(
            product_id,
            title,
            sent.get("list_price_fen"),
            [sku["sku_id"] for sku in skus],
            _sha(sent.get("image")),
        )
        for sku in skus:
            known = self.skus.get(sku["sku_id"])
            self.skus[sku["sku_id"]] = CatalogueSku(
                sku["sku_id"],
                product_id,
                sku["title"],
                sku["price_fen"],
                sku["stock"],
                known.held if known is not None else 0,
                known.sold if known is not None else 0,
            )

    def added(self, items: list[tuple[int, str]]) -> None:
        """``cart.added``."""
        for number, product_id in items:
            self._cart.append(product_id)
            self.numbers[product_id] = number

    def moved(self, product_id: str, to: int) -> None:
        """``cart.moved``: the place changes, the number does not."""
        if product_id in self._cart:
            self._cart.remove(product_id)
            self._cart.insert(to - 1, product_id)

    def removed(self, product_id: str) -> None:
        """``cart.removed``: what it sold keeps the number it was called by."""
        if product_id in self._cart:
            self._cart.remove(product_id)

    def renumbered(self) -> None:
        """``cart.renumbered``."""
        self.numbers = {product_id: number for number, product_id in enumerate(self._cart, 1)}

    def product_of(self, sku_id: str) -> str:
        """Return the product of a SKU; the id itself when the SKU is not known."""
        sku = self.skus.get(sku_id)
        return sku.product_id if sku is not None else sku_id

    def title(self, id_: str) -> str:
        """Return a product or a SKU on one line; of one among several SKUs the product's title stands before
        it."""
        product = self.products.get(id_)
        if product is not None:
            return one_line(product.title)
        sku = self.skus.get(id_)
        if sku is None:
            return one_line(id_)
        owner = self.products[sku.product_id]
        whole = sku.title if owner.title in sku.title else f"{owner.title} {sku.title}"
        return one_line(whole)

    def number(self, id_: str) -> int | None:
        """Return the number in the cart of a product, or of a SKU's product."""
        return self.numbers.get(self.product_of(id_))

    def called(self, id_: str) -> str:
        """``#3 羊绒围巾``: number and title."""
        number = self.number(id_)
        return self.title(id_) if number is None else f"#{number} {self.title(id_)}"


def _sha(image: object) -> str | None:
    """The hash of a kept picture; whatever else an older room put there is no picture."""
    return image if isinstance(image, str) and _SHA.fullmatch(image) else None


def one_line(text: object) -> str:
    """Return a text from outside without line breaks and other control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text or "")).split())
