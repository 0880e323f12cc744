"""Products: pasted or from a CSV, seen row by row before they are put; more stock; a picture."""

from __future__ import annotations

from ui.panels.products.picture import PictureSheet
from ui.panels.products.sheet import ProductsSheet
from ui.panels.products.stock import StockSheet

__all__ = ["PictureSheet", "ProductsSheet", "StockSheet"]
