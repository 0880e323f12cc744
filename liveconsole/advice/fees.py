"""What a platform charges by category, what a payout costs, and the deposit that it holds (``fees.toml``).

A rate is a range: a guide says 1–5 %, a contract says one figure. Rates are counted in hundredths of a
percent, so that nothing is ever rounded but the 分 of one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.advice import seller_files
from liveconsole.advice.seller_files import BadSellerFile
from liveconsole.domain.settlement import Rate
from liveconsole.views.money import NotMoney, parse_yuan

FILE: Final = "fees.toml"
CATEGORIES_LIMIT: Final = 200
_Percent = Annotated[str, msgspec.Meta(pattern=r"^\d{1,3}(\.\d{1,2})?$")]
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class PayoutFee(Struct, frozen=True, forbid_unknown_fields=True):
    """Of what reaches the shop, when it is paid out to its bank."""

    low_percent: _Percent
    high_percent: _Percent
    source: str = ""


class CategoryFee(Struct, frozen=True, forbid_unknown_fields=True):
    """``names``: what goods of it are called in a catalogue. The deposit is held, and no fee."""

    zh: _Word
    en: _Word
    low_percent: _Percent
    high_percent: _Percent
    names: Annotated[list[_Word], msgspec.Meta(max_length=200)] = []
    deposit_low_yuan: str | None = None
    deposit_high_yuan: str | None = None
    source: str = ""
    checked: date | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    name: str = ""
    checked: date | None = None
    payout: PayoutFee | None = None
    category: Annotated[list[CategoryFee], msgspec.Meta(max_length=CATEGORIES_LIMIT)] = []


class Fees(Struct, frozen=True):
    """``payout`` None: nobody said what a payout costs, which is not nothing."""

    name: str
    checked: date | None
    payout: Rate | None
    categories: list[CategoryFee]
    by_name: Mapping[str, CategoryFee]
    """What a catalogue calls it, in small letters → its fee."""

    def of(self, category: str) -> CategoryFee | None:
        """Return the fee of goods by what their category is called; None where the file does not say."""
        return self.by_name.get(category.strip().lower())


def rate_of(fee: CategoryFee | PayoutFee) -> Rate:
    return Rate(_hundredths(fee.low_percent), _hundredths(fee.high_percent))


def deposit_of(fee: CategoryFee) -> tuple[int, int] | None:
    """Return the deposit in 分, the least and the most; None where the file does not say."""
    low, high = fee.deposit_low_yuan, fee.deposit_high_yuan
    return (parse_yuan(low), parse_yuan(high)) if low is not None and high is not None else None


def _hundredths(percent: str) -> int:
    return int(Decimal(percent) * 100)


def parse(text: str) -> Fees:
    """
    Raises:
        BadSellerFile: it is no TOML, a figure is none, or a name stands for two categories.
    """
    file = seller_files.parse(FILE, text, _File)
    by_name: dict[str, CategoryFee] = {}
    for fee in file.category:
        _checked(fee)
        for name in dict.fromkeys(one.strip().lower() for one in (fee.zh, fee.en, *fee.names)):
            if by_name.setdefault(name, fee) is not fee:
                raise BadSellerFile(f"{FILE}: {name}: twice")
    payout = _checked(file.payout) if file.payout is not None else None
    return Fees(file.name, file.checked, payout, file.category, by_name)


def _checked(fee: CategoryFee | PayoutFee) -> Rate:
    rate = rate_of(fee)
    if not rate.low <= rate.high <= 10_000:
        raise BadSellerFile(f"{FILE}: {fee.low_percent}–{fee.high_percent} %")
    if isinstance(fee, CategoryFee):
        try:
            deposit_of(fee)
        except NotMoney as error:
            raise BadSellerFile(f"{FILE}: {fee.zh}: {error}") from error
    return rate


def load(data: Path | None = None) -> Fees:
    """
    Raises:
        BadSellerFile: the file cannot be used.
        OSError: it cannot be read.
    """
    return parse(seller_files.text_of(FILE, data))
