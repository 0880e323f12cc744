"""What the words of a kind of promotion must have: one protocol, beside `domain.kind.Kind`.

``spec`` is always as sent, a JSON object with the defaults left out. Texts in it come from outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from msgspec import Struct

from liveconsole.domain.room import Cue, Room
from liveconsole.messages.viewer_card import CardBag
from liveconsole.views.goods import Goods
from liveconsole.views.phrases import LONG_SECONDS, one_line, short_time

if TYPE_CHECKING:  # the report asks the kinds, and a kind fills in a row of the report
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.ledger import LedgerOrder
    from liveconsole.views.report.model import GivenCoupon, Promotion, ReportWinner
    from liveconsole.views.report.shares import Shares

Json = Mapping[str, Any]
Sort = Literal["text", "pair", "count", "money", "time", "share", "factor", "length", "minutes"]
"""``pair`` is text such as 20/20, ``money`` 分, ``time`` a datetime, ``share`` a fraction of 1, ``length`` a
timedelta, ``minutes`` a float."""


People = Mapping[str, tuple[str, str]]
"""pid → (outside id, name)."""
TurnedAway = tuple[Mapping[str, int], datetime]
"""Requests for which a sale had nothing, by its id, and since when they were counted."""


class PhoneField(Struct, frozen=True):
    """One field of the platform's own form, in that form's order: what to write, and after it its unit."""

    label: tuple[str, str]
    value: str
    """As it is typed there, without its unit."""
    unit: tuple[str, str] = ("", "")


def length_field(label: tuple[str, str], seconds: int) -> PhoneField:
    """Return a length as a form asks for it: whole minutes, seconds while they are few, else ``7:12``."""
    minutes, rest = divmod(seconds, 60)
    if rest and seconds >= LONG_SECONDS:
        return PhoneField(label, f"{minutes}:{rest:02}", ("分:秒", "m:s"))
    zh, en = short_time(seconds)
    value, unit = zh.split(" ")
    return PhoneField(label, value, (unit, en.split(" ")[1]))


class Instruction(Struct, frozen=True):
    """The same line in Chinese and in English. Names in it come from outside: plain text only."""

    zh: str
    en: str
    path: tuple[str, str] = ("", "")
    """Where to press, zh and en, with what is to be written there left to `fields`; empty without fields."""
    fields: tuple[PhoneField, ...] = ()


class ProductNames(Struct, frozen=True):
    """What the cart and the catalogue know, to say products as the host sees them."""

    titles: Mapping[str, str] = {}
    """product id or SKU id → title."""
    numbers: Mapping[str, int] = {}
    """product id or SKU id → number in the cart."""
    prices: Mapping[str, int] = {}
    """SKU id → its price in 分 outside any sale: what a 改价 is restored to."""

    def title(self, id_: str) -> str:
        """Return what is searched for at the platform."""
        return one_line(self.titles.get(id_, id_))

    def thing(self, id_: str) -> tuple[str, str]:
        """Return a product or SKU as it is called on the phone, zh and en."""
        title = self.title(id_)
        number = self.numbers.get(id_)
        return (title, title) if number is None else (f"{number} 号 {title}", f"no. {number} {title}")


class PromotionRecord(Struct, frozen=True):
    """What a report knows of one promotion when its log is read."""

    sold_in: Sequence[LedgerOrder]
    """Orders with a line in it."""
    paid_with: Sequence[LedgerOrder]
    """Orders with a coupon of it."""
    coupons: Sequence[GivenCoupon]
    orders_known: bool
    claims_known: bool
    """Claims and uses of a coupon reach the log."""
    follows_known: bool
    winners: Sequence[ReportWinner]
    entered: int
    followers: Sequence[str]
    """Who followed while it ran, in order."""
    end: datetime
    filled: int = 0
    """Groups of it that were full in time."""
    helped: Mapping[str, Set[str]] = {}
    """Who was helped → by whom."""
    shares: Shares | None = None
    """None: no source told of any."""


class LeftOver(Struct, frozen=True):
    """What a promotion leaves to do after the broadcast."""

    end: bool = False
    """Its end is to be seen to."""
    prices: Sequence[str] = ()
    """SKU ids whose price is to be restored."""
    coupons: bool = False
    """Coupons of it still cost money."""


class KindWords(Protocol):
    """A kind's words are a module that has all of this."""

    @property
    def NAME(self) -> str:
        """The kind's, as on the wire."""

    @property
    def TITLE(self) -> tuple[str, str]: ...
    @property
    def FIRE(self) -> tuple[str, str]:
        """The word on its fire key."""

    @property
    def FIRED(self) -> tuple[str, str] | None:
        """What firing it is called; None: 开抢."""

    @property
    def COLOUR(self) -> str:
        """Of its bars in a report."""

    # In the state

    def always(self, *, was_on_air: bool) -> frozenset[str]:
        """Return the fields that its row always has on the wire, null where nobody reports them."""

    def is_told(self, room: Room, cue: Cue) -> bool:
        """Tell whether somebody tells what was used of it, so that what it gave is known."""

    def state(
        self, room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None
    ) -> dict[str, Any]:
        """Its figures, as fields of `CueState`."""

    # On the phone, aloud, and in the composer

    def standing(self, cue: Cue, pid: str) -> CardBag | None:
        """Return a person's place in it, for the card about him; None where he has none."""

    def instruction(self, step: str, spec: Json, names: ProductNames) -> Instruction:
        """Return what to press at the platform for ``step`` (``on_air`` or ``ended``)."""

    def sentence(self, spec: Json, goods: Goods) -> tuple[str, str]:
        """To be read out, zh and en."""

    def line(self, spec: Json, goods: Goods) -> str:
        """As the composer takes it back: 「3号 秒99 x50 限2 5分钟」."""

    def conditions(self, spec: Json) -> list[tuple[str, str]]:
        """Return what a viewer must meet, zh and en. Time and quantity are none: they are the promotion."""

    # In the report

    @property
    def LISTED(self) -> bool:
        """It is a row of the report; what is explained is a clip instead."""

    @property
    def DRAWS(self) -> bool:
        """It draws winners, and new followers are counted while it runs."""

    @property
    def FIGURES(self) -> Sequence[tuple[str, Sort]]:
        """The columns of its table between the length and the outcome: name of a word, and sort."""

    def about(self, spec: Json, shop: CatalogueOverTime) -> str:
        """Its short subject."""

    def offer(self, spec: Json, *, english: bool) -> str:
        """Return what it offers, in few words."""

    def tell(self, said: Promotion, told: PromotionRecord) -> None:
        """Fills in its figures."""

    def figures(self, said: Promotion) -> Sequence[Any]:
        """Return the values of `FIGURES`."""

    def left_over(self, said: Promotion, *, owed: bool) -> LeftOver:
        """``owed``: it still runs, or its end was never confirmed."""


MEMBERS: Final = tuple(name for name in vars(KindWords) if not name.startswith("_"))
