"""What waits for somebody after the order, as ``GET /v1/cases`` tells it. Of buyers only masked names.

Without ``case`` it answers a `CasePage` (``group``, ``text``, ``after``, ``limit``), with ``case=ID`` a
`CaseCard`. All moments are moments; how much is left the reader counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from msgspec import Struct

CaseGroup = Literal[
    "urgent", "unpaid", "to_ship", "stuck", "moving", "first_answer", "solution", "dispute", "review"
]
"""Where a case stands in the list on the left. ``urgent`` is everything of the others that is due within four
hours or overdue, ``stuck`` parcels that nobody moves, ``moving`` those on their way."""
GROUPS: Final[tuple[str, ...]] = get_args(CaseGroup)

CaseRule = Literal[
    "pay",
    "ship",
    "first_answer",
    "fast_refund",
    "solution",
    "make_good",
    "dispute",
    "platform",
    "call_back",
    "reply",
]
"""Whose clock runs: payment, shipping, 15 minutes, money back for what was not sent (闪电退款), 48 hours,
making good to the buyer before it is known whose fault it was (先行赔付), the platform's days, what the
platform itself said (``due_at`` of a fact), calling back about a parcel, answering a review."""

RULE_WORDS: Final[dict[CaseRule, tuple[str, str]]] = {
    "pay": ("催付", "waiting for payment"),
    "ship": ("发货", "shipping"),
    "first_answer": ("先回一句", "the first answer"),
    "fast_refund": ("闪电退款", "a fast refund"),
    "solution": ("处理完", "a solution"),
    "make_good": ("先行赔付", "making good first"),
    "dispute": ("平台介入", "a dispute"),
    "platform": ("平台给的时限", "the platform's own time"),
    "call_back": ("给买家回话", "calling the buyer back"),
    "reply": ("回评价", "answering a review"),
}
"""What a clock is about → (zh, en)."""

ShopAct = Literal["accept", "reject", "answer", "compensate", "resend", "ship", "remark", "price"]
"""What ``shop.answer`` may ask."""
SHOP_ACTS: Final[tuple[str, ...]] = get_args(ShopAct)

AskStatus = Literal["owed", "sent", "done", "refused", "unknown"]
"""What became of a thing that was asked of the shop."""

OF_AFTERSALE: Final = "aftersale/"
OF_ORDER: Final = "order/"
OF_REVIEW: Final = "review/"
"""A ``case_id`` is one of these and the id of what it is about (a review's seq)."""


class BothWords(Struct, frozen=True):
    """A text out of an editable file, in both languages."""

    zh: str
    en: str


class CaseClock(Struct, frozen=True):
    """``begins_at`` to ``due_at`` is the whole of it, for a bar."""

    rule: CaseRule
    begins_at: datetime
    due_at: datetime


class CaseRow(Struct, frozen=True, omit_defaults=True):
    """One case. ``kind`` says which steps it has: ``refund, return, exchange, resend`` (open: as the shop
    sent it), ``dispute, unpaid, to_ship, stuck, moving, review``; ``status`` and ``reason`` as sources sent
    them."""

    case_id: str
    group: CaseGroup
    kind: str
    order_id: str
    clock: CaseClock | None = None
    """The one that ends first; None: nobody is waited for by a moment."""
    aftersale_id: str = ""
    status: str = ""
    reason: str = ""
    product_id: str = ""
    sku_id: str = ""
    title: str = ""
    sku: str = ""
    units: int = 0
    image: str = ""
    """Of the picture (``/v1/images/SHA``), where the product has one."""
    buyer: str = ""
    """Masked; empty where nobody told of one."""
    province: str = ""
    paid_fen: int | None = None
    """None: nobody told that it was paid, which is not 0."""
    amount_fen: int | None = None
    """What is asked back."""
    stars: int | None = None
    step: str = ""
    """The step that comes next; empty: all are done."""
    step_text: BothWords | None = None
    ask: AskStatus | None = None
    """Of what was asked of the shop last."""
    note: str = ""
    due_fen: int | None = None
    """What is still to be paid, while it may be; None: nothing is, or nobody told what."""


class GroupCount(Struct, frozen=True):
    """``soonest``: when the first of its clocks ends; ``more``: there are more than were counted."""

    group: CaseGroup
    count: int
    soonest: datetime | None = None
    more: bool = False


class CasePage(Struct, frozen=True):
    """A page of one group, the most urgent first. ``after``: where the next begins; empty: this was the
    last."""

    at: datetime
    groups: list[GroupCount]
    rows: list[CaseRow]
    after: str
    refunded_today_fen: int | None
    """None: no source tells of orders."""
    refunded_today: int | None
    handled_today: int
    """Cases that were closed, or whose step was done, today."""
    first_answer_seconds: int | None
    """Mean of today's first answers; None: there was none."""
    told: dict[str, datetime] = {}
    """``order, shipment, aftersale, review`` → when a source told of one last."""


class WayStep(Struct, frozen=True):
    """One of 下单 付款 发货 派送 签收 售后; ``at`` None: not yet, or nobody told."""

    name: Literal["placed", "paid", "shipped", "delivering", "delivered", "aftersale"]
    at: datetime | None
    done: bool


class CaseStep(Struct, frozen=True):
    """One step of the card of a kind of case. ``acts``: what of ``shop.answer`` it is done with; none: it is
    ticked by a person (``case.step``), with ``needs`` in its note where it asks for one."""

    step: str
    text: BothWords
    help: BothWords
    acts: list[ShopAct] = []
    needs: Literal["", "text", "date", "amount"] = ""
    done_at: datetime | None = None
    done_by: str = ""
    """The role."""
    note: str = ""


class TemplateSlot(Struct, frozen=True):
    """A place in a template, in characters of its text, that was filled, or what is still missing."""

    name: str
    begin: int
    end: int
    filled: bool


class CaseTemplate(Struct, frozen=True):
    """A text to send to the buyer, in Chinese. ``ready``: every slot is filled, and no word of the lists
    stands in it."""

    template: str
    title: BothWords
    text: str
    slots: list[TemplateSlot]
    ready: bool
    waits_for: str = ""
    """The step whose note fills the first slot that is missing."""
    words: list[str] = []
    """Of the word lists, that stand in it."""


class ShopAsk(Struct, frozen=True, omit_defaults=True):
    """What was asked of the shop. ``by_person``: somebody does it at the shop and says so
    (``shop.answered``)."""

    ask_id: str
    act: ShopAct
    status: AskStatus
    at: datetime
    by_person: bool = False
    reason: str = ""
    amount_fen: int | None = None


class ParcelWord(Struct, frozen=True):
    """The newest word of a parcel."""

    status: str
    at: datetime
    carrier: str = ""
    """By its name, where the table knows it."""
    waybill: str = ""
    text: str = ""
    eta: str = ""
    """As its source said it."""
    promised: int | None = None
    """Days to the buyer's province, by the table."""


class CaseLine(Struct, frozen=True):
    """One line of the order, for a partial refund."""

    line: int
    sku_id: str
    quantity: int
    unit_price_fen: int | None
    """None: nobody told."""
    title: str = ""
    sku: str = ""
    product_id: str = ""
    """Empty where nobody knows the SKU."""

    @property
    def fen(self) -> int | None:
        """Of the whole line."""
        return None if self.unit_price_fen is None else self.unit_price_fen * self.quantity


class CaseLesson(Struct, frozen=True):
    """What a case teaches: what the buyer wanted, and what he was told last. ``answer.put`` takes it as it
    is."""

    question: str
    zh: str
    product_id: str


class CaseReview(Struct, frozen=True):
    """The review that a case is about. ``agreed``: its buyer agrees that it is shown, None: nobody asked;
    ``words``: what the word lists find in it, for which it is not shown."""

    review_id: int
    text: str
    agreed: bool | None
    words: list[str]


class CaseCard(Struct, frozen=True):
    """Everything of one case. ``acts``: those of ``shop.answer`` that may be asked now."""

    at: datetime
    row: CaseRow
    clocks: list[CaseClock]
    way: list[WayStep]
    lines: list[CaseLine]
    title: BothWords
    steps: list[CaseStep]
    templates: list[CaseTemplate]
    asks: list[ShopAsk]
    acts: list[ShopAct]
    parcel: ParcelWord | None = None
    window_until: datetime | None = None
    """The last moment to ask for a refund without a reason; None: nobody knows when it was delivered, or the
    goods are an exception."""
    no_window: str = ""
    """The exception: its category."""
    refund_most_fen: int | None = None
    """What may still go back: paid less refunded."""
    lesson: CaseLesson | None = None
    """None: nobody wrote down what the buyer was told, or nobody knows what he wanted."""
    review: CaseReview | None = None
    note: str = ""
    """What people wrote beside the order; buyers never see it."""
    tags: list[str] = []
