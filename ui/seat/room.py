"""The state as the desk reads it: look-ups over what the engine says, never rules of its own.

A panel declares which sections it shows, and its `RoomView` lets it read no others: that is what makes it
safe to leave a panel alone while its sections did not move.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from liveconsole.messages.sharing import SharingState
from liveconsole.messages.specs import Spec
from liveconsole.messages.state import (
    SECTIONS,
    AlarmState,
    AnswerState,
    AudienceState,
    BroadcastGivenState,
    BroadcastState,
    CartItemState,
    CartState,
    CatalogueState,
    CueState,
    DraftState,
    DrillState,
    HealthState,
    LawState,
    MutedState,
    NoteState,
    OrdersState,
    PinnedState,
    PledgeState,
    ProductState,
    RoomState,
    RundownState,
    SkuState,
    State,
    UnknownCueState,
)
from liveconsole.messages.statuses import RUNNING
from liveconsole.views.instructions import ProductNames
from ui.kinds import kind_of

EVERYTHING: Final = frozenset(SECTIONS)


class Undeclared(Exception):
    """A panel read a section that it did not declare: it would not be shown anew when that one moves."""


class _Found:
    """Look-ups over one state, made once however many panels ask. Each names its section; who may ask is
    `RoomView`'s to say."""

    def __init__(self, state: State) -> None:
        self._state = state

    @cached_property
    def cues(self) -> dict[str, CueState]:
        return {cue.cue_id: cue for cue in self._state.cues}

    @cached_property
    def about(self) -> dict[str, list[CueState]]:
        """product id → the promotions that are about it; of catalogue and cues."""
        found: dict[str, list[CueState]] = {}
        for cue in self._state.cues:
            for product_id in dict.fromkeys(self.products_in(cue.kind, cue.terms)):
                found.setdefault(product_id, []).append(cue)
        return found

    @cached_property
    def products(self) -> dict[str, ProductState]:
        return {product.product_id: product for product in self._state.catalogue.products}

    @cached_property
    def skus(self) -> dict[str, SkuState]:
        return {sku.sku_id: sku for product in self._state.catalogue.products for sku in product.skus}

    @cached_property
    def owner(self) -> dict[str, str]:
        """SKU → its product; of the catalogue."""
        return {
            sku.sku_id: product.product_id
            for product in self._state.catalogue.products
            for sku in product.skus
        }

    @cached_property
    def unread(self) -> frozenset[str]:
        return frozenset(one.subject for one in self._state.law.reviews if not one.passed)

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {item.product_id: item.number for item in self._state.cart.items}

    def products_in(self, kind: str, terms: Spec | None) -> list[str]:
        return kind_of(kind).goods(terms, self.owner) if terms is not None else []


class RoomView:
    """One state. Everything in it may come from outside: show it as plain text only."""

    def __init__(
        self, state: State, sections: frozenset[str] = EVERYTHING, found: _Found | None = None
    ) -> None:
        self._state = state
        self._sections = sections
        self._found = found if found is not None else _Found(state)

    def only(self, *sections: str) -> RoomView:
        """The same state with these sections and no others.

        Raises:
            Undeclared: by whatever is read of it that stands in another section.
        """
        return RoomView(self._state, frozenset(sections), self._found)

    def _of(self, section: str) -> State:
        if section not in self._sections:
            raise Undeclared(section)
        return self._state

    # Sections ---------------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        return self._state.seq

    @property
    def settings(self) -> RoomState:
        """The room's own settings and what its platform can."""
        return self._of("room").room

    @property
    def drill(self) -> DrillState | None:
        """The drill of a rehearsal that runs, or the last one with its mark."""
        return self._of("room").room.drill

    @property
    def simulated(self) -> bool:
        return self._of("room").room.simulated

    @property
    def broadcast(self) -> BroadcastState:
        return self._of("broadcast").broadcast

    @property
    def is_open(self) -> bool:
        """Whether the broadcast is open."""
        return self._of("broadcast").broadcast.status == "open"

    @property
    def catalogue(self) -> CatalogueState:
        return self._of("catalogue").catalogue

    @property
    def cart(self) -> CartState:
        return self._of("cart").cart

    @property
    def pinned(self) -> PinnedState:
        return self._of("cart").pinned

    @property
    def unknown_cues(self) -> list[UnknownCueState]:
        return self._of("cues").unknown_cues

    @property
    def orders(self) -> OrdersState:
        return self._of("orders").orders

    @property
    def audience(self) -> AudienceState:
        return self._of("audience").audience

    @property
    def rundown(self) -> RundownState:
        return self._of("rundown").rundown

    @property
    def notes(self) -> list[NoteState]:
        return self._of("notes").notes

    @property
    def muted(self) -> list[MutedState]:
        return self._of("notes").muted

    @property
    def answers(self) -> list[AnswerState]:
        return self._of("notes").answers

    @property
    def drafts(self) -> list[DraftState]:
        return self._of("notes").drafts

    @property
    def law(self) -> LawState:
        return self._of("law").law

    @property
    def unread(self) -> frozenset[str]:
        """What has not passed its review yet: ``product:ID``, ``segment:ID``, ``cue:ID``."""
        self._of("law")
        return self._found.unread

    @property
    def pledges(self) -> list[PledgeState]:
        return self._of("pledges").pledges

    @property
    def discount(self) -> BroadcastGivenState:
        return self._of("discount").discount

    @property
    def alarms(self) -> list[AlarmState]:
        return self._of("alarms").alarms

    @property
    def health(self) -> HealthState:
        return self._of("health").health

    @property
    def sharing(self) -> SharingState:
        """Whether other computers and phones of the studio may join; hosts and operators see who asks."""
        return self._of("sharing").sharing

    # Look-ups ---------------------------------------------------------------------------------------

    @property
    def cues(self) -> dict[str, CueState]:
        """Every promotion of the state by its id, in its order."""
        self._of("cues")
        return self._found.cues

    @property
    def products(self) -> dict[str, ProductState]:
        self._of("catalogue")
        return self._found.products

    @property
    def skus(self) -> dict[str, SkuState]:
        self._of("catalogue")
        return self._found.skus

    @property
    def _owner(self) -> dict[str, str]:
        self._of("catalogue")
        return self._found.owner

    @property
    def items(self) -> list[CartItemState]:
        """Items in the order of the cart."""
        return self.cart.items

    @property
    def numbers(self) -> dict[str, int]:
        """product id → the number that viewers see."""
        self._of("cart")
        return self._found.numbers

    def running(self) -> list[CueState]:
        """Promotions that the platform has, or may have."""
        return [cue for cue in self.cues.values() if cue.status in RUNNING]

    def in_slot(self, number: int) -> CueState | None:
        """The promotion whose key has this number."""
        return next((cue for cue in self.cues.values() if cue.slot == number), None)

    def product_of(self, sku_id: str) -> ProductState | None:
        """The product that a SKU belongs to."""
        return self.products.get(self._owner.get(sku_id, ""))

    def title(self, some_id: str) -> str:
        """What a product or SKU is called; its id where nobody knows."""
        product = self.products.get(some_id)
        if product is not None:
            return product.title
        sku, owner = self.skus.get(some_id), self.product_of(some_id)
        if sku is None or owner is None:
            return some_id
        if len(owner.skus) < 2 or sku.title == owner.title:
            return owner.title
        return f"{owner.title} {sku.title}"

    def products_of(self, cue: CueState) -> list[str]:
        """The products that a promotion is about, in its order; none for a coupon of the whole shop."""
        return self.products_in(cue.kind, cue.terms)

    def products_in(self, kind: str, terms: Spec | None) -> list[str]:
        """The products that such terms are about, in their order."""
        self._of("catalogue")
        return self._found.products_in(kind, terms)

    def _about(self, product_id: str) -> list[CueState]:
        self._of("catalogue")
        self._of("cues")
        return self._found.about.get(product_id, [])

    def cues_on(self, product_id: str, kind: str, statuses: frozenset[str]) -> list[CueState]:
        """The promotions of a kind that are about a product and in one of these states."""
        return [cue for cue in self._about(product_id) if cue.kind == kind and cue.status in statuses]

    def sales_on(self, product_id: str) -> list[CueState]:
        """What runs with a price of its own for units of a product, which whoever orders one has."""
        return [
            cue
            for cue in self._about(product_id)
            if cue.status in RUNNING and any(not sku.lot and not sku.by_name for sku in cue.skus)
        ]

    def names(self) -> ProductNames:
        """What instructions say products by."""
        titles = {some_id: self.title(some_id) for some_id in (*self.products, *self.skus)}
        numbers = dict(self.numbers)
        for sku_id, product_id in self._owner.items():
            if product_id in self.numbers:
                numbers[sku_id] = self.numbers[product_id]
        return ProductNames(titles, numbers, {sku_id: sku.price_fen for sku_id, sku in self.skus.items()})
