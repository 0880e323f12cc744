"""Products: pasted or from a CSV, seen before they are put; held against the shop; stock, pictures."""

from __future__ import annotations

from ui.panels.products.differences import DifferencesSheet
from ui.panels.products.limit import LimitSheet
from ui.panels.products.picture import PictureSheet
from ui.panels.products.sheet import ProductsSheet
from ui.panels.products.stock import StockSheet

__all__ = ["DifferencesSheet", "LimitSheet", "PictureSheet", "ProductsSheet", "StockSheet"]
