"""What is asked of the shop after the order, and how far a case is: what a seat sends, and what stands on the
log of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.messages.cases import ShopAct
from liveconsole.messages.fields import Fen, Id, Pid, Quantity, Seconds, Text, Typed

CASE_TEXT_LONG: Final = 300
CASE_LINES_MOST: Final = 100
WAYBILL_LONG: Final = 64
COUPON_LASTS: Final = 30 * 86_400
"""Seconds that a coupon given for a case is valid, where nobody says otherwise."""

PROGRAM_ACTS: Final[frozenset[ShopAct]] = frozenset({"accept", "reject", "ship", "remark", "price"})
"""What a shop's interface does; the rest a person does there."""
AT_ONCE: Final[frozenset[ShopAct]] = frozenset({"answer"})
"""Done by saying it: somebody talked to the buyer."""
DECIDES: Final[frozenset[ShopAct]] = frozenset({"accept", "reject"})
"""Of one case only one of them is under way."""

StepId = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]{1,32}$")]
CaseId = Annotated[str, msgspec.Meta(pattern="^(aftersale|order|review)/", min_length=7, max_length=210)]
ReviewId = Annotated[int, msgspec.Meta(ge=1)]
ShowSeconds = Annotated[int, msgspec.Meta(ge=3, le=120)]


class ActLine(Struct, frozen=True):
    """One SKU of the order. ``fen``: what goes back for the line, or what it costs from now on."""

    sku_id: Id
    quantity: Quantity
    fen: Fen | None = None


class CaseCoupon(Struct, frozen=True):
    """补偿券: for one buyer, by the shop's own page. ``product_ids`` not sent: for everything."""

    off_fen: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    threshold_fen: Fen = 0
    product_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=CASE_LINES_MOST)] | None = None
    seconds: Seconds = COUPON_LASTS


class ShopAnswer(Struct, frozen=True):
    """Ask the shop for one thing about an after-sale or an order.

    ``reject`` and ``compensate`` give a ``reason``, ``remark`` a ``text``, ``ship`` and ``resend`` a
    ``carrier`` and a ``waybill``. ``compensate`` gives either a ``coupon`` or money: ``amount_fen``, or
    ``lines`` with what goes back for each; ``price`` gives ``lines`` with what each costs, never more.
    """

    act: ShopAct
    aftersale_id: Id | None = None
    order_id: Id | None = None
    reason: Text = ""
    text: Text = ""
    amount_fen: Fen | None = None
    lines: Annotated[list[ActLine], msgspec.Meta(max_length=CASE_LINES_MOST)] = []
    coupon: CaseCoupon | None = None
    carrier: Text = ""
    waybill: Text = ""
    address_id: Text = ""
    """To which of the shop's addresses the buyer sends back; not sent: the shop's usual one."""
    by_hand: bool = False
    """A person does it at the shop, also what its interface could be asked for."""


class ShopConfirm(Struct, frozen=True):
    """A person did at the shop what was asked, or it is not to be done."""

    ask_id: Id
    done: bool
    reason: Text = ""


class AskSending(Struct, frozen=True):
    """Internal, from the dispatcher: the shop is about to be asked (a crash asks before it repeats)."""

    ask_id: Id


class AskTold(Struct, frozen=True):
    """Internal, from the shop: what became of it."""

    ask_id: Id
    outcome: Literal["done", "refused", "unknown"]
    reason: Text = ""


class CaseStepPut(Struct, frozen=True):
    """A step of a case is done, with what was found out; ``done`` false takes it back."""

    case_id: CaseId
    step: StepId
    note: Text = ""
    done: bool = True


class ReviewConsent(Struct, frozen=True):
    """Who wrote it agreed that his review (晒单) or story is shown, or did no more."""

    review_id: ReviewId
    agreed: bool


class ShopAsked(Struct, frozen=True):
    """``shop.asked``: owed to the shop from here on, by a program or by a person."""

    ask_id: str
    act: ShopAct
    order_id: str
    aftersale_id: str = ""
    by_person: bool = False
    reason: Typed = ""
    text: Typed = ""
    amount_fen: int | None = None
    """Money that goes back; a coupon's worth stands in it."""
    lines: list[ActLine] = []
    coupon: CaseCoupon | None = None
    carrier: str = ""
    waybill: str = ""
    address_id: str = ""
    products: dict[str, str] = {}
    """SKU id → product id, of its lines or, where it names none, of the order's."""
    units: dict[str, int] = {}
    """SKU id → how many of it the order has."""


class ShopSent(Struct, frozen=True):
    """``shop.sent``: it may have reached the shop; after a crash that is looked up first."""

    ask_id: str


class ShopSettled(Struct, frozen=True):
    """``shop.settled``: what became of it. ``unknown`` waits for a person."""

    ask_id: str
    outcome: Literal["done", "refused", "unknown"]
    reason: Typed = ""


class CaseStepped(Struct, frozen=True):
    case_id: str
    step: str
    note: Typed = ""
    done: bool = True


class ReviewAgreed(Struct, frozen=True):
    review_id: int
    agreed: bool


class ReviewShow(Struct, frozen=True):
    """晒单 or a story: on the picture for so long. Only what its writer agreed to, one at a time."""

    review_id: ReviewId
    seconds: ShowSeconds = 15


class ReviewHide(Struct, frozen=True):
    """Off the picture, whichever it is."""


class ReviewShown(Struct, frozen=True):
    """``review.shown``: what is on the picture until then; a story has no stars, and is of no product.
    ``buyer``, who wrote it, never leaves the engine: with him it goes off the picture."""

    review_id: int
    product_id: str
    stars: int
    text: Typed
    until: datetime
    buyer: Pid | None = None


class ReviewHidden(Struct, frozen=True):
    review_id: int


COMMANDS: Final[dict[str, type[Struct]]] = {
    "shop.answer": ShopAnswer,
    "shop.confirm": ShopConfirm,
    "case.step": CaseStepPut,
    "review.consent": ReviewConsent,
    "review.show": ReviewShow,
    "review.hide": ReviewHide,
}
INTERNAL: Final[dict[str, type[Struct]]] = {"ask.sending": AskSending, "ask.told": AskTold}
EVENTS: Final[dict[str, type[Struct]]] = {
    "shop.asked": ShopAsked,
    "shop.sent": ShopSent,
    "shop.settled": ShopSettled,
    "case.stepped": CaseStepped,
    "review.agreed": ReviewAgreed,
    "review.shown": ReviewShown,
    "review.hidden": ReviewHidden,
}
