"""What ran in a broadcast: goods explained, promotions, segments of the rundown. A fold of the log's rare
lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from liveconsole.books.boards.figures import MixFigures
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.told import Happened, happened
from liveconsole.books.reading import BookReader
from liveconsole.domain.anchors import tag_of
from liveconsole.messages.boards import BoardPromotion, BoardSegment, ContentShare
from liveconsole.messages.rundown import SegmentWritten
from liveconsole.store.rows import moment
from liveconsole.views.kinds import WORDS, title
from liveconsole.views.report.catalogue import CatalogueOverTime, one_line

TITLE_MOST: Final = 60
"""Letters of a title on a board: hundreds of them go into one answer."""
LISTED_MOST: Final = 300
"""Promotions, and pins, of one broadcast that are drawn."""
_BEFORE: Final = ("cue.queued", "cue.edited", "cart.added", "cart.moved", "cart.removed", "cart.renumbered",
                  "rundown.put")  # fmt: skip
"""Types whose earlier lines bear on a broadcast."""
_WITHIN: Final = (
    *_BEFORE,
    "cue.on_air",
    "cue.ended",
    "rundown.went",
    "broadcast.closed",
    "question.answered",
)


class SegmentTurn(Struct):
    """One time that a segment of the rundown was gone to; moments in µs."""

    segment_id: str
    product_id: str | None
    title: str
    tag: str
    at: int
    until: int
    answered: int = 0

    @property
    def minutes(self) -> float:
        return (self.until - self.at) / 60_000_000


class RunningSale(Struct):
    """A sale that runs: since when, and SKU → the units that it has."""

    at: int
    quantities: dict[str, int]


class Program(Struct):
    """``explained``: product → seconds, with ``pinned`` the one that is explained now."""

    segments: list[BoardSegment] = field(default_factory=list)
    promotions: list[BoardPromotion] = field(default_factory=list)
    turns: list[SegmentTurn] = field(default_factory=list)
    explained: dict[str, float] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    sales: list[RunningSale] = field(default_factory=list)
    pinned: str = ""


class GoodsNames(Struct):
    """What goods are called: SKU → its product, and both → title."""

    products: Mapping[str, str]
    titles: Mapping[str, str]
    images: Mapping[str, str] = {}

    def called(self, id_: str) -> str:
        """Return a product's or a SKU's title, its id where nobody knows it."""
        return one_line(self.titles.get(id_, id_))[:TITLE_MOST]


def goods_of(reader: BookReader) -> GoodsNames:
    """Return the goods of the books, those that have left the catalogue too."""
    products: dict[str, str] = {}
    titles: dict[str, str] = {}
    images: dict[str, str] = {}
    rows = reader.rows("SELECT sku_id, product_id, title, sku_title, image FROM goods_row")
    for sku_id, product_id, name, sku_name, image in rows:
        products[sku_id] = product_id
        if image:
            images.setdefault(product_id, image)
        titles[product_id] = name
        if sku_id != product_id:
            titles[sku_id] = sku_name if name in sku_name else f"{name} {sku_name}"
    return GoodsNames(products, titles, images)


def program_of(reader: BookReader, scope: BoardScope, goods: GoodsNames) -> Program:
    """Return what ran; of days nothing is."""
    if scope.number is None:
        return Program()
    fold = _ProgramFold(scope, goods)
    for each in happened(reader, _BEFORE, 0, scope.first_seq):
        fold.take(each)
    for each in happened(reader, _WITHIN, scope.first_seq, scope.behind_seq):
        fold.take(each)
    return fold.program()


def mix_of(program: Program, goals: MixFigures) -> list[ContentShare]:
    """Return the minutes of each kind of content beside its part of the goal; without a rundown none."""
    minutes = dict.fromkeys(goals.__struct_fields__, 0.0)
    for turn in program.turns:
        minutes[turn.tag] += turn.minutes
    if not program.turns:
        return []
    return [ContentShare(kind, round(spent, 1), getattr(goals, kind)) for kind, spent in minutes.items()]


class _ProgramFold:
    def __init__(self, scope: BoardScope, goods: GoodsNames) -> None:
        self._scope, self._goods = scope, goods
        self._cart = CatalogueOverTime()
        self._cues: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._on_air: dict[str, int] = {}
        self._ran: list[tuple[str, int, int | None]] = []
        self._written: dict[str, SegmentWritten] = {}
        self._turns: list[SegmentTurn] = []
        self._running = False

    def take(self, each: Happened) -> None:
        data = each.data
        match each.type:
            case "cue.queued":
                self._cues[data["cue_id"]] = data["kind"], data["spec"]
            case "cue.edited":
                kind, spec = self._cues.get(data["cue_id"], ("", {}))
                self._cues[data["cue_id"]] = kind, data.get("spec", spec)
            case "cue.on_air":
                self._on_air[data["cue_id"]] = each.at
            case "cue.ended":
                if (begun := self._on_air.pop(data["cue_id"], None)) is not None:
                    self._ran.append((data["cue_id"], begun, each.at))
            case "cart.added":
                self._cart.added(data["items"])
            case "cart.moved":
                self._cart.moved(data["product_id"], data["to"])
            case "cart.removed":
                self._cart.removed(data["product_id"])
            case "cart.renumbered":
                self._cart.renumbered()
            case "rundown.put":
                for written in data["segments"]:
                    segment = msgspec.convert(written, SegmentWritten)
                    self._written[segment.segment_id] = segment
            case "rundown.went":
                self._leave(each.at)
                self._go(data["segment_id"], each.at)
            case "question.answered":
                if self._running:
                    self._turns[-1].answered += 1
            case _:
                self._leave(each.at)

    def program(self) -> Program:
        self._leave(self._scope.until)
        ran = sorted(
            [*self._ran, *((cue_id, at, None) for cue_id, at in self._on_air.items())], key=lambda r: r[1]
        )
        found = Program(turns=self._turns, numbers=self._cart.numbers)
        for cue_id, begun, ended in ran:
            kind, spec = self._cues.get(cue_id, ("", {}))
            if kind == "pin":
                self._explained(found, spec["product_id"], begun, ended)
            elif (words := WORDS.get(kind)) is None or words.LISTED:
                found.promotions.append(
                    BoardPromotion(cue_id, kind, self._title(kind, spec), moment(begun), _until(ended))
                )
            if ended is None and self._scope.live and (quantities := _quantities(spec)):
                found.sales.append(RunningSale(begun, quantities))
        del found.segments[:-LISTED_MOST], found.promotions[:-LISTED_MOST]
        return found

    def _explained(self, found: Program, product_id: str, begun: int, ended: int | None) -> None:
        end = self._scope.until if ended is None else min(ended, self._scope.until)
        seconds = max(0, end - begun) / 1_000_000
        found.explained[product_id] = found.explained.get(product_id, 0.0) + seconds
        number = self._cart.numbers.get(product_id)
        called = self._goods.called(product_id)
        found.segments.append(BoardSegment(product_id, number, called, moment(begun), _until(ended)))
        if ended is None and self._scope.live:
            found.pinned = product_id

    def _title(self, kind: str, spec: Mapping[str, Any]) -> str:
        name = spec.get("name") or (spec.get("prize") or {}).get("name")
        sku_id = spec.get("sku_id") or next((one.get("sku_id") for one in spec.get("skus", ())), None)
        if name is None and sku_id is not None:
            name = self._goods.called(sku_id)
        return one_line(name)[:TITLE_MOST] if name else title(kind)[0]

    def _go(self, segment_id: str, at: int) -> None:
        written = self._written.get(segment_id) or SegmentWritten(segment_id)
        called = one_line(written.title)[:TITLE_MOST] or self._goods.called(written.product_id or "")
        self._turns.append(SegmentTurn(segment_id, written.product_id, called, tag_of(written), at, at))
        self._running = True

    def _leave(self, at: int) -> None:
        if self._running:
            self._turns[-1].until = max(self._turns[-1].at, at)
        self._running = False


def _quantities(spec: Mapping[str, Any]) -> dict[str, int]:
    """SKU → units of a sale of SKUs; of every other promotion none."""
    rows = spec.get("skus") or ([spec] if "sku_id" in spec and "quantity" in spec else [])
    return {row["sku_id"]: row["quantity"] for row in rows if "quantity" in row}


def _until(ended: int | None) -> Any:
    return None if ended is None else moment(ended)
