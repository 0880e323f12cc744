"""The form of each kind of promotion, in the order in which the composer offers them."""

from __future__ import annotations

from typing import Any, Final

from ui.panels.composer.bag import BagForm
from ui.panels.composer.bundle import BundleForm
from ui.panels.composer.coupon import CouponForm
from ui.panels.composer.form import Form
from ui.panels.composer.gift import GiftForm
from ui.panels.composer.one_sku import BargainForm, GroupBuyForm
from ui.panels.composer.pin import PinForm
from ui.panels.composer.plays import ListForm, PacketForm, PkForm
from ui.panels.composer.sale import SaleForm

FORMS: Final[dict[str, type[Form[Any]]]] = {
    form.kind: form
    for form in (
        SaleForm,
        CouponForm,
        BagForm,
        PinForm,
        BundleForm,
        GiftForm,
        ListForm,
        PacketForm,
        PkForm,
        GroupBuyForm,
        BargainForm,
    )
}
