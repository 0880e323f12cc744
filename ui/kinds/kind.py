"""What a kind of promotion must have at the desk: one protocol, beside `views.kinds.kind.Worded`.

``terms`` are of the kind's own spec. Titles of products and names in terms come from outside: plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from liveconsole.messages.specs import Spec
from liveconsole.messages.state import CueState


class Shop(Protocol):
    """What words ask of a room (`ui.seat.room.RoomView`)."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """product id → the number that viewers see."""

    def title(self, some_id: str) -> str:
        """What a product or SKU is called."""

    def products_in(self, kind: str, terms: Spec | None) -> list[str]:
        """The products that such terms are about."""


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """What a winner claims."""

    product_id: str
    """``""`` for something that is not from the shop."""
    value_fen: int
    seconds: int
    at_platform: bool
    """The platform draws and sends it."""


class Shown(Protocol):
    """A kind's part at the desk is a module that has all of this. Its form is in `panels.composer.forms`."""

    # How it looks: colour is never the only sign

    @property
    def NAME(self) -> str:
        """The kind's, as on the wire."""

    @property
    def TITLE(self) -> tuple[str, str]: ...
    @property
    def FIRE(self) -> tuple[str, str]:
        """The word on its fire key."""

    @property
    def TONE(self) -> str:
        """The token of its colour."""

    @property
    def ICON(self) -> str: ...

    # What it is

    @property
    def LISTED(self) -> bool:
        """It stands among what runs and has ended; what is explained is the product card's own matter."""

    @property
    def PRICES(self) -> bool:
        """It changes what goods come to."""

    @property
    def NAMED(self) -> bool:
        """Viewers read words in it that somebody typed."""

    @property
    def STOP_TELLS_WHY(self) -> bool:
        """Who stops it says why, and everybody sees that."""

    @property
    def MEASURED(self) -> Sequence[str]:
        """The figures that a platform shows of it, as fields of `MeasuredState`."""

    def untold(self, cue: CueState) -> bool:
        """Whether nobody but a person tells figures of one that runs by hand."""

    def names_typed(self, terms: Any) -> bool:
        """Whether a person types in who won."""

    def goods(self, terms: Any, owner: Mapping[str, str]) -> list[str]:
        """The products that it is about, in its order. ``owner``: SKU id → product id."""

    def several(self, terms: Any) -> bool:
        """Whether it can lower the price of more than one SKU, so that a price says whose it is."""

    def unit_prices(self, terms: Any) -> list[int]:
        """The prices that it sets by the unit, in 分."""

    # In words

    def title(self, terms: Any, room: Shop) -> str:
        """What it is, in one line: ``秒杀 手套 ¥59 × 18``."""

    def short(self, terms: Any, room: Shop) -> str:
        """In one short line: ``秒杀 ¥99 · 3 号``."""

    def planned(self, terms: Any, room: Shop) -> str:
        """As a step of 下一品: ``秒杀 ¥59×18``."""

    def detail(self, terms: Any) -> str:
        """Its terms, in one quiet line."""

    def counts(self, cue: CueState, terms: Any) -> list[str]:
        """What a running one has come to, most telling first. What no source tells is ``—``, never 0."""

    def outcome(self, cue: CueState) -> list[str]:
        """What came of an ended one besides its figures."""

    def left(self, cue: CueState) -> tuple[str, str]:
        """What is left of a running one for the host, and its tone."""

    def heed(self, cue: CueState) -> str:
        """What to heed while it runs, empty where there is nothing."""

    def prize_of(self, terms: Any) -> str:
        """The name of what its winners get; empty where nobody wins."""

    def claim_of(self, terms: Any) -> ClaimTerms | None:
        """What its winners claim, and how; None where nobody wins."""

    def feed_about(self, about: str) -> str:
        """Its subject in the feed, of what the log says of it."""

    # Money

    def at_most(self, money: str) -> str:
        """The most that it can cost."""

    def given(self, money: str, most: str) -> str:
        """What it has cost, of the most that it can."""

    def unpriced(self) -> tuple[str, str]:
        """What stands in a price's place, short and whole; empty where nothing needs to."""

    def unit_price(self) -> str:
        """What the price is called that it sets by the unit."""

    def unit_left(self, *, told: bool) -> str:
        """What is left of its units; ``told``: somebody reports it."""


MEMBERS: Final = tuple(name for name in vars(Shown) if not name.startswith("_"))
