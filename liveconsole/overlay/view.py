"""What viewers may see of a room: a type without any field for a person, folded from the room alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.domain import asked
from liveconsole.domain.audiences import audience_of
from liveconsole.domain.draw import promise_code
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import claims_known, orders_known
from liveconsole.domain.room import Cue, Measured, Product, Room
from liveconsole.domain.room_bags import Bag
from liveconsole.domain.stock import sold_out
from liveconsole.domain.together import lots_left, sells_lots
from liveconsole.engine.core import RoomCore
from liveconsole.messages.audiences import badge
from liveconsole.messages.refusals import word
from liveconsole.messages.shop import NAME_LIMIT
from liveconsole.messages.specs import BargainSpec, CouponSpec, FlashSaleSpec, GroupBuySpec, LuckyBagSpec
from liveconsole.messages.statuses import VOIDED
from liveconsole.overlay import bags, lots, plays, together
from liveconsole.overlay.coming import OverlayComing, coming_of
from liveconsole.overlay.coupons import off_words, rule_line, top_up_words
from liveconsole.overlay.qr import Code, code_of, promise_of
from liveconsole.overlay.reviews import OverlayReview, review_of
from liveconsole.views.masks import mask_name, plain_line
from liveconsole.views.shades import legible
from liveconsole.views.top_up import for_pinned

STALE: Final = plays.STALE
WINNERS_NAMED: Final = 12

_TITLE: Final = 60
_SHA: Final = re.compile("[0-9a-f]{64}")
_CARDS: Final = ("#2D3036", "#EDEDED")
"""What a dark card is over a white picture, and a light one over a black: the worst grounds of its text."""
_encode = msgspec.json.Encoder().encode


class OverlayProduct(Struct, omit_defaults=True):
    """``list_price_fen`` is there only where the catalogue names one above the price, and the seven days
    before prove it (`domain.asked`); ``lowest_7d_fen`` stands beside it. Of what is sold out nothing is
    promised: it has no price."""

    title: str
    price_fen: int | None = None
    number: int | None = None
    list_price_fen: int | None = None
    lowest_7d_fen: int | None = None
    price_from: bool = False
    """Its SKUs have several prices, of which this is the lowest."""
    sold_out: bool = False
    image: str | None = None
    """The hash of its picture: the page has it from the engine, never from elsewhere."""


class OverlayPromotion(Struct, omit_defaults=True):
    """A promotion on air. A figure that nobody knows now is not there; ``known_until`` is when the figures of
    a measured one leave."""

    kind: str
    title: str
    ends_at: datetime | None = None
    price_fen: int | None = None
    left: int | None = None
    entrants: int | None = None
    keyword: str | None = None
    cue_id: str = ""
    number: int | None = None
    quantity: int | None = None
    claimed: int | None = None
    known_until: datetime | None = None
    audience: str = ""
    """For whom it is kept."""
    on_pinned: bool = False
    """A flash sale of the pinned product and nothing else: one card shows both."""
    price_from: bool = False
    list_price_fen: int | None = None
    lowest_7d_fen: int | None = None
    per_buyer: int | None = None
    sold_out: bool = False
    """Nothing of it is left, or nothing of its goods: it has no price any more."""
    off: str = ""
    rule: str = ""
    top_up: str = ""
    qr: Code | None = None
    winners: int | None = None
    condition: str = ""
    promise_code: str = ""
    """Of a draw here: its rules and commitment, which viewers' own recordings hold from now on."""
    public_round: int | None = None
    """Of drand, whose value decides."""
    root_code: str = ""
    """Of the entrants, once they are frozen and the draw waits for its round."""
    bag: int | None = None
    """Which of ``bags`` of a series it is; between two, the one that opens at ``next_at``."""
    bags: int | None = None
    next_at: datetime | None = None
    places: list[str] = []
    """Of those who came last, with their place: as `mask_name` gives them."""
    waiting: int | None = None
    score: list[int] = []
    """Ours and theirs, where somebody told both a moment ago."""
    round: int | None = None
    rounds: int | None = None


class OverlayResult(Struct, omit_defaults=True):
    """A lucky bag that ended a moment ago: masked names, or the reason why nobody won."""

    cue_id: str
    title: str
    winners: list[str]
    """As `mask_name` gives them."""
    count: int
    reason: str = ""
    root_code: str = ""
    receipt_code: str = ""
    bag: int | None = None
    """Which of a series."""


class OverlayShop(Struct, omit_defaults=True):
    """Her shop's name and logo; its colour in the shades that are read on a dark and on a light card."""

    title: str = ""
    logo: str | None = None
    on_dark: str = ""
    on_light: str = ""


class OverlayRound(Struct):
    """整点秒杀: what comes again on a beat, approved, and when it begins next."""

    cue_id: str
    kind: str
    title: str
    at: datetime
    nth: int
    times: int


class OverlayView(Struct):
    simulated: bool
    pinned: OverlayProduct | None
    running: list[OverlayPromotion]
    results: list[OverlayResult]
    shop: OverlayShop | None
    rounds: list[OverlayRound]
    coming: list[OverlayComing]
    ai: bool = False
    """The presenter is made by AI: the picture says so all the time."""
    review: OverlayReview | None = None


class _Seen(Struct, frozen=True):
    """What a card is made from. ``cards``: those of the kinds before its own, by cue."""

    room: Room
    now: datetime
    numbers: Mapping[str, int]
    product: Product | None
    """What is pinned, and its own card."""
    pinned: OverlayProduct | None
    cards: dict[str, OverlayPromotion]
    names: Mapping[str, str]
    """pid → name, to be masked."""
    bags: int
    """How many lucky bags are shown: the squares of several would leave no room for prizes and winners."""


class _Timed(OverlayView, kw_only=True):
    now: datetime


def overlay_view(core: RoomCore, now: datetime, health: dict[str, Any]) -> bytes:
    """The overlay's JSON. ``now`` lets a page with another clock count down rightly."""
    room = core.room
    pids = {w.viewer_id for _, bag in bags.just_ended(room, now) if bag is not None for w in bag.winners}
    pids |= {pid for cue_id in room.live for pid in plays.shown_of(room.cues[cue_id])}
    names = {pid: name for pid, (_, name) in core.people.names(pids).items()} if pids else {}
    view = look(core.room, now, names)
    return _encode(_Timed(**msgspec.structs.asdict(view), now=now))


def look(room: Room, now: datetime, names: Mapping[str, str] | None = None) -> OverlayView:
    """What is on air, first what went on air first. ``names`` (pid → name) only ever come out masked."""
    numbers = {item.product_id: item.number for item in room.cart}
    on_air = [room.cues[cue_id] for cue_id in sorted(room.live) if room.cues[cue_id].status == "on_air"]
    on_air.sort(key=lambda cue: cue.on_air_at or now)
    product = room.products.get(room.pinned.confirmed or "")
    if product is not None and not product.on_shelf:
        product = None
    pinned = _pinned(room, product, numbers) if product is not None else None
    shown = sum(cue.kind == "lucky_bag" for cue in on_air) + len(bags.just_ended(room, now))
    seen = _Seen(room, now, numbers, product, pinned, {}, names or {}, shown)
    for kind, card in CARDS.items():
        for cue in on_air:
            if cue.kind == kind and (made := card(seen, cue)) is not None:
                made.audience = badge(audience_of(cue.spec))
                seen.cards[cue.cue_id] = made
    running = [seen.cards[cue.cue_id] for cue in on_air if cue.cue_id in seen.cards]
    results = [_result(cue, bag, names or {}) for cue, bag in bags.just_ended(room, now)]
    ai = room.settings.ai_presenter is True
    coming = coming_of(room, lambda cue: CARDS[cue.kind](seen, cue) if cue.kind in CARDS else None)
    shop, rounds, review = _shop(room), _rounds(room), review_of(room, now)
    return OverlayView(room.simulated, pinned, running, results, shop, rounds, coming, ai, review)


def _rounds(room: Room) -> list[OverlayRound]:
    """The next time of every plan that will fire by itself: nothing is announced that nobody approved."""
    if room.broadcast.status != "open":
        return []
    found = []
    for cue in map(room.cues.__getitem__, room.live):
        if cue.status != "standby" or cue.repeat is None or cue.at is None:
            continue
        goods = [room.products[id_] for id_ in sorted(kind_of(cue).goods(room, cue.spec))]
        shelf = [product.title for product in goods if product.on_shelf]
        if shelf or not goods:
            title = plain_line(getattr(cue.spec, "name", "") or next(iter(shelf), ""), _TITLE)
            found.append(OverlayRound(cue.cue_id, cue.kind, title, cue.at, cue.nth, cue.repeat.times))
    return sorted(found, key=lambda one: one.at)


def _shop(room: Room) -> OverlayShop | None:
    face = room.settings.shop_face
    if not face.name and face.logo is None:
        return None
    dark, light = (legible(face.accent, ground) if face.accent else "" for ground in _CARDS)
    return OverlayShop(plain_line(face.name, NAME_LIMIT), face.logo, dark, light)


def _pinned(room: Room, product: Product, numbers: Mapping[str, int]) -> OverlayProduct:
    if sold_out(room, product):
        title, number = plain_line(product.title, _TITLE), numbers.get(product.product_id)
        return OverlayProduct(title, number=number, sold_out=True, image=_image(product))
    listed, lowest = _compared(product, product.price_fen, asked.before_now(room, product))
    return OverlayProduct(
        plain_line(product.title, _TITLE),
        product.price_fen,
        numbers.get(product.product_id),
        listed,
        lowest,
        len({room.skus[sku_id].price_fen for sku_id in product.sku_ids}) > 1,
        image=_image(product),
    )


def _image(product: Product) -> str | None:
    """A hash; whatever else an older room put there is no picture."""
    image = product.sent.get("image")
    return image if isinstance(image, str) and _SHA.fullmatch(image) else None


def _compared(product: Product, price_fen: int, lowest_fen: int | None) -> tuple[int | None, int | None]:
    """What is struck out beside a price, and 七日最低价: only where the catalogue names it and it is proved;
    none is made up from another price."""
    listed = asked.struck(product.list_price_fen, price_fen, lowest_fen)
    return listed, lowest_fen if listed is not None else None


def _before(cue: Cue) -> int | None:
    """七日最低价 before the sale: the lowest of its SKUs'; None where one has none."""
    found = [count.lowest_7d_fen for count in cue.sale.values()]
    return min((fen for fen in found if fen is not None), default=None) if None not in found else None


def _sale(seen: _Seen, cue: Cue) -> OverlayPromotion | None:
    assert isinstance(cue.spec, FlashSaleSpec)
    room, pinned, numbers = seen.room, seen.product, seen.numbers
    known = [room.skus[sku.sku_id].product_id for sku in cue.spec.skus if sku.sku_id in room.skus]
    products = [room.products[product_id] for product_id in dict.fromkeys(known)]
    shelf = [product for product in products if product.on_shelf]
    if products and not shelf:
        return None
    price = min(sku.price_fen for sku in cue.spec.skus)
    first = shelf[0] if shelf else None
    title = plain_line(first.title, _TITLE) if first is not None else ""
    if len(shelf) > 1:
        title += f" 等 {len(shelf)} 款"
    left, until = _left(room, cue, seen.now)
    gone = left == 0 or (bool(shelf) and all(sold_out(room, product) for product in shelf))
    one = first is not None and len(products) == 1
    listed, lowest = _compared(first, price, _before(cue)) if first is not None and one else (None, None)
    return OverlayPromotion(
        "flash_sale",
        title,
        cue.ends_at,
        price_fen=None if gone else price,
        left=0 if gone else left,
        cue_id=cue.cue_id,
        number=numbers.get(first.product_id) if first is not None and one else None,
        quantity=sum(count.quantity for count in cue.sale.values()) or sum(s.quantity for s in cue.spec.skus),
        known_until=until,
        on_pinned=one and pinned is not None and first is pinned,
        price_from=not gone and len({sku.price_fen for sku in cue.spec.skus}) > 1,
        list_price_fen=listed if not gone else None,
        lowest_7d_fen=lowest if not gone else None,
        per_buyer=None if gone else cue.spec.per_buyer,
        sold_out=gone,
    )


def _left(room: Room, cue: Cue, now: datetime) -> tuple[int | None, datetime | None]:
    """What is left, and until when that may be shown."""
    if not orders_known(room):
        found = _fresh(cue, now)
        return (found.left, found.at + STALE) if found is not None else (None, None)
    if sells_lots(cue):
        return lots_left(cue), None
    return sum(count.left for count in cue.sale.values()), None


def _bundle(seen: _Seen, cue: Cue) -> OverlayPromotion | None:
    left, until = _left(seen.room, cue, seen.now)
    said = lots.bundle_card(seen.room, cue, seen.numbers, left)
    return OverlayPromotion(known_until=until, **said) if said is not None else None


def _gift(seen: _Seen, cue: Cue) -> OverlayPromotion | None:
    left, until = _left(seen.room, cue, seen.now)
    said = lots.gift_card(seen.room, cue, seen.numbers, left)
    return OverlayPromotion(known_until=until, **said) if said is not None else None


def _fresh(cue: Cue, now: datetime) -> Measured | None:
    return cue.measured if cue.measured is not None and now - cue.measured.at <= STALE else None


def _coupon(seen: _Seen, cue: Cue) -> OverlayPromotion:
    assert isinstance(cue.spec, CouponSpec)
    spec, pinned, numbers = cue.spec, seen.pinned, seen.numbers
    claimed: int | None = cue.claimed
    left: int | None = max(0, spec.quantity - cue.claimed)
    until = None
    if not claims_known(seen.room, cue):
        found = _fresh(cue, seen.now)
        claimed, left = (found.claimed, found.left) if found is not None else (None, None)
        until = found.at + STALE if found is not None else None
    hint = ""
    if pinned is not None and left != 0:
        hint = top_up_words(for_pinned(seen.room, cue), pinned.number)
    link = cue.spec_sent.get("link")
    scope = spec.scope.product_ids if spec.scope is not None else None
    return OverlayPromotion(
        "coupon",
        plain_line(spec.name, _TITLE),
        cue.ends_at,
        left=left,
        cue_id=cue.cue_id,
        quantity=spec.quantity,
        claimed=claimed,
        known_until=until,
        off=off_words(spec.rule),
        rule=together.shared_line(rule_line(spec.rule, scope, numbers), spec.share),
        top_up=hint,
        qr=code_of(link) if isinstance(link, str) else None,
    )


def _bag(seen: _Seen, cue: Cue) -> OverlayPromotion:
    assert isinstance(cue.spec, LuckyBagSpec)
    spec = cue.spec
    entrants, until = None, None
    if spec.draw == "console":
        entrants = len(cue.bag.entries) if cue.bag is not None else None
    elif (found := _fresh(cue, seen.now)) is not None:
        entrants, until = found.entrants, found.at + STALE
    keyword = plain_line(spec.entry.keyword or "", _TITLE) or None
    condition = f"发“{keyword}”参与" if keyword else "发任意评论参与"
    if spec.claim.followed:
        condition += "，领奖须关注"
    condition += bags.stands_back(spec.entry.stand_back or seen.room.settings.stand_back)
    series, bag = cue.series, cue.bag
    if series is not None and spec.series is not None and spec.series.once:
        condition += "，中过的不再中"
    between = bag is not None and bags.between(cue, bag, seen.now)
    if not between and bags.root_code(bag):
        condition = "已截止，等公开随机值开奖"
    promised = bag.promise if bag is not None and not between else None
    number = None if series is None or bag is None else bag.number + between
    return OverlayPromotion(
        "lucky_bag",
        plain_line(spec.prize.name, _TITLE),
        None if between else cue.ends_at,
        entrants=None if between else entrants,
        bag=number,
        bags=spec.series.count if spec.series is not None else None,
        next_at=series.next_at if series is not None and between else None,
        keyword=keyword,
        cue_id=cue.cue_id,
        known_until=until,
        winners=spec.winners,
        condition=condition,
        promise_code=promise_code(promised.rules_sha256) if promised is not None else "",
        public_round=promised.round if promised is not None else None,
        root_code="" if between else bags.root_code(bag),
        qr=promise_of(promised.rules_sha256) if promised is not None and seen.bags == 1 else None,
    )


def _play(cue: Cue, fields: dict[str, Any]) -> OverlayPromotion:
    return OverlayPromotion(cue.kind, ends_at=cue.ends_at, cue_id=cue.cue_id, **fields)


def _one_sku(seen: _Seen, cue: Cue) -> OverlayPromotion | None:
    """What only an order that names it has: its price stands on its own card, never on the product's."""
    assert isinstance(cue.spec, GroupBuySpec | BargainSpec)
    room, spec = seen.room, cue.spec
    sku = room.skus.get(spec.sku_id)
    product = room.products[sku.product_id] if sku is not None else None
    if product is not None and not product.on_shelf:
        return None
    gone = (product is not None and sold_out(room, product)) or together.full(cue)
    return OverlayPromotion(
        cue.kind,
        plain_line(product.title, _TITLE) if product is not None else "",
        cue.ends_at,
        price_fen=None if gone else spec.price_fen,
        cue_id=cue.cue_id,
        number=seen.numbers.get(product.product_id) if product is not None else None,
        per_buyer=None if gone else spec.per_buyer,
        sold_out=gone,
        rule=together.rule_line(cue, known=orders_known(room)),
    )


CARDS: Final[Mapping[str, Callable[[_Seen, Cue], OverlayPromotion | None]]] = {
    "flash_sale": _sale,
    "coupon": _coupon,
    "lucky_bag": _bag,
    "bundle": _bundle,
    "gift": _gift,
    "first_come": lambda seen, cue: _play(cue, plays.first_come(seen.room, cue, seen.names)),
    "pk": lambda seen, cue: _play(cue, plays.pk(cue, seen.now)),
    "red_packet": lambda seen, cue: _play(cue, plays.red_packet(cue, seen.now)),
    "group_buy": _one_sku,
    "bargain": _one_sku,
}
"""Kind → its card. A coupon's hint asks what the sales before it come to; what is pinned has its own card."""


def _why(reason: str) -> str:
    if reason in VOIDED:
        return word(reason, {})
    return plain_line(reason, _TITLE) or "未说明原因"


def _result(cue: Cue, bag: Bag | None, names: Mapping[str, str]) -> OverlayResult:
    assert isinstance(cue.spec, LuckyBagSpec)
    held = bag.winners if bag is not None else []
    typed = bag.platform_names if bag is not None else []
    winners = [names.get(winner.viewer_id, "") for winner in held] or list(typed)
    reason = ""
    if not winners:
        drawn = bag is not None and bag.receipt is not None
        reason = "无人参与" if drawn else f"已作废：{_why(cue.reason)}"
    return OverlayResult(
        cue.cue_id,
        plain_line(cue.spec.prize.name, _TITLE),
        [mask_name(name) for name in winners[:WINNERS_NAMED]],
        len(winners),
        reason,
        bags.root_code(bag),
        bag.receipt_code if bag is not None else "",
        bag.number if bag is not None and cue.series is not None else None,
    )
