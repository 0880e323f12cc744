"""Scenarios of a rehearsal: TOML in resources/rehearsal, our own writing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.repeats import Repeat
from liveconsole.messages.specs import Kind
from liveconsole.respath import resources
from liveconsole.views.money import parse_yuan

DEFAULT: Final = "default"

Rate = Annotated[float, msgspec.Meta(ge=0, le=10_000)]
"""Per second of the world's time."""
Chance = Annotated[float, msgspec.Meta(ge=0, le=1)]
Span = tuple[float, float]
"""Seconds, from and to."""


class Rates(Struct, frozen=True):
    comments: Rate
    enters: Rate
    likes: Rate
    follows: Rate
    shares: Rate
    gifts: Rate
    orders: Rate
    """At ordinary prices, told by the platform."""
    sale_orders: Rate
    """Requests while a flash sale is on air."""
    claims: Rate
    entries: Rate
    """口令 comments while a bag is on air."""


class ShopperHabits(Struct, frozen=True):
    pay: Chance
    lapse: Chance
    """Neither pay nor close: the hold lapses. Who does neither of both closes the order."""
    refund: Chance
    pay_seconds: Span
    use_coupon: Chance
    twice: Chance = 0.0
    """An order's fact is told twice."""
    out_of_order: Chance = 0.0
    """It is told paid before it is told placed."""
    oversell: Chance = 0.0
    """After 已抢完 the platform sells one all the same."""


class AfterHabits(Struct, frozen=True):
    """How buyers are after the order."""

    before: Annotated[int, msgspec.Meta(ge=0, le=500)]
    """Orders whose parcels are on the way when the rehearsal begins."""
    sent: Chance
    """Tonight's paid orders that the warehouse sends by itself; the others wait for somebody."""
    refund: Chance
    """Asks for the money back before anything was sent."""
    stuck: Chance
    """A parcel stays somewhere."""
    back: Chance
    """What came is not wanted, or lacks something."""
    review: Chance
    bad: Chance
    """Of the reviews, while nobody helped."""
    again: Chance
    """Who was helped buys again."""
    ship_seconds: Span
    asks_seconds: Span
    patience_seconds: Span
    """Until who waits for an answer asks the platform."""


class RoomSettings(Struct, frozen=True):
    recall_seconds: int
    hold_seconds: int


class Behaviour(Struct, frozen=True):
    """How the simulated platform answers an effect."""

    seconds: Span
    late: Chance = 0.0
    late_seconds: Span = (6.0, 20.0)
    twice: Chance = 0.0
    silent: Chance = 0.0
    """It does what it was asked and never says so."""
    refuse: Chance = 0.0
    """Only a beginning is refused, never an end."""


class ScriptStep(Struct, frozen=True):
    """What the script's host does ``at`` a second: one of ``pin``, ``next``, a cue of ``kind``, or any
    command (``ask``, with its ``data``, by ``role``).

    A cue is composed by the assistant (earlier when ``compose`` says so), approved a second after ``at`` and
    fired another second later. With ``repeat`` that second is the first time of a plan that the clock fires.
    """

    at: float
    pin: str | None = None
    next: bool = False
    kind: Kind | None = None
    spec: dict[str, Any] = {}
    compose: float | None = None
    repeat: Repeat | None = None
    recall: bool = False
    stop_after: float | None = None
    """Seconds after the fire."""
    settle: bool = False
    """Winners are confirmed as soon as they are drawn."""
    ask: str | None = None
    data: dict[str, Any] = {}
    role: str = "host"


class Script(Struct, frozen=True):
    repeat_seconds: Annotated[float, msgspec.Meta(gt=0)]
    step: list[ScriptStep]


class Scenario(Struct, frozen=True):
    title: str
    viewers: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    online: tuple[int, int]
    rates: Rates
    shoppers: ShopperHabits
    room: RoomSettings
    platform: Behaviour
    script: Script
    after: AfterHabits | None = None


class ScenarioProduct(Struct, frozen=True):
    id: str
    title: str
    short: str
    price: str
    floor: str
    stock: int
    list_price: str | None = None
    points: list[str] = []

    @property
    def price_fen(self) -> int:
        return parse_yuan(self.price)

    def put(self) -> dict[str, Any]:
        """As ``catalogue.put`` takes it."""
        product = {
            "product_id": self.id,
            "title": self.title,
            "price_fen": self.price_fen,
            "floor_fen": parse_yuan(self.floor),
            "stock": self.stock,
            "points": self.points,
        }
        if self.list_price is not None:
            product["list_price_fen"] = parse_yuan(self.list_price)
        return product


class AfterWords(Struct, frozen=True):
    """What buyers and carriers say after the order; reasons by the kind of after-sale."""

    carrier: list[str]
    delivered: list[str]
    stuck: list[str]
    dispute: list[str]
    good: list[str]
    bad: list[str]
    reasons: dict[str, list[str]]


class Phrases(Struct, frozen=True):
    question: list[str]
    praise: list[str]
    one: list[str]
    filler: list[str]
    complaint: list[str]
    spam: list[str]
    bag_near: list[str]
    missed: list[str]
    bought: list[str]
    nickname: dict[str, list[str]]
    gift: dict[str, list[Any]]
    after: AfterWords


class _Products(Struct, frozen=True):
    product: list[ScenarioProduct]


class UnknownScenario(ValueError):
    """There is no scenario of that name; the message lists those there are."""


class LawCase(Struct, frozen=True, forbid_unknown_fields=True):
    """A rehearsal that leads into one check of the law: the world of ``base``, and what the host does in it.

    ``passes``: how the check stands at its end; ``refused``: the code with which the last step is answered.
    """

    title: str
    check: str
    step: list[ScriptStep]
    passes: bool | None = None
    refused: str | None = None
    base: str = "quiet"


_WITHOUT_END: Final = 86_400.0
LAW: Final = "law-"
"""How the names of `LawCase` begin."""


def folder() -> Path:
    return resources() / "rehearsal"


def names() -> list[str]:
    """Every scenario there is."""
    return sorted(path.stem for path in (folder() / "scenarios").glob("*.toml"))


def load(name: str = DEFAULT) -> Scenario:
    """The scenario of that name.

    Raises:
        UnknownScenario: there is none.
        msgspec.ValidationError: it is not written as one; the text names the field.
    """
    if name.startswith(LAW) and name in law_names():
        case = law_case(name)
        return msgspec.structs.replace(
            load(case.base), title=case.title, script=Script(_WITHOUT_END, case.step)
        )
    if name not in names():
        raise UnknownScenario(f"no scenario {name!r}; there are {', '.join([*names(), *law_names()])}")
    return msgspec.toml.decode((folder() / "scenarios" / f"{name}.toml").read_bytes(), type=Scenario)


def law_names() -> list[str]:
    """Every case of the law that can be rehearsed."""
    return sorted(f"{LAW}{path.stem}" for path in (folder() / "law").glob("*.toml"))


def law_case(name: str) -> LawCase:
    file = folder() / "law" / f"{name.removeprefix(LAW)}.toml"
    return msgspec.toml.decode(file.read_bytes(), type=LawCase)


def products() -> list[ScenarioProduct]:
    """What the shop of every scenario sells."""
    return msgspec.toml.decode((folder() / "products.toml").read_bytes(), type=_Products).product


def phrases() -> Phrases:
    """What its audience says."""
    return msgspec.toml.decode((folder() / "phrases.toml").read_bytes(), type=Phrases)
