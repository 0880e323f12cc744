"""Every kind of promotion has every part, and one more kind is its own files and nothing else."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, get_args

import pytest

from liveconsole.domain.effects import owed
from liveconsole.domain.evolve import FOLDS, evolve
from liveconsole.domain.given import of_cue
from liveconsole.domain.judge import judge
from liveconsole.domain.kind import MEMBERS, Kind, kinds, register
from liveconsole.domain.kinds import KINDS
from liveconsole.domain.platforms import PLATFORMS, doer
from liveconsole.domain.room import Room
from liveconsole.intake.one_line import kinds as drafted
from liveconsole.messages import events, specs
from liveconsole.messages.commands import COMMANDS, CueAdd
from liveconsole.messages.envelope import Event
from liveconsole.messages.rights import STOPPED_BY_ASSISTANT
from liveconsole.messages.state.room import Capabilities
from liveconsole.overlay.view import CARDS
from liveconsole.reports import tables
from liveconsole.views.goods import goods_of
from liveconsole.views.instructions import ProductNames, instruction
from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds import kind as worded
from liveconsole.views.report import fold
from liveconsole.views.report.words import ReportWords
from liveconsole.views.sentences import card
from tests.unit import made_up, made_up_kind
from tests.unit.domain.desk import SALE, START, Desk, request
from tests.unit.views.log_lines import lines_of

ROOT = Path(__file__).resolve().parents[3]
SPECS: dict[str, dict[str, Any]] = {
    "pin": {"product_id": "hat"},
    "flash_sale": SALE,
    "coupon": {"name": "减 8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60},
    "lucky_bag": {
        "prize": {"name": "围巾", "value_fen": 9900}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 60,
    },
    "bundle": {
        "items": [{"sku_id": "scarf", "quantity": 1}, {"sku_id": "hat", "quantity": 2}],
        "price_fen": 14_000, "quantity": 3, "per_buyer": 1, "seconds": 60,
    },
    "gift": {
        "buy": {"product_ids": ["scarf"]}, "gift": {"sku_id": "hat", "quantity": 1},
        "quantity": 3, "per_buyer": 1, "seconds": 60,
    },
    "first_come": {"keyword": "1", "places": 2, "sku_id": "scarf", "price_fen": 4900, "seconds": 60},
    "pk": {"opponent": "小美", "seconds": 60, "rounds": 2, "stake": "唱一首"},
    "red_packet": {"total_fen": 20_000, "packets": 50, "seconds": 60},
    "group_buy": {
        "sku_id": "scarf", "price_fen": 5900, "size": 2, "groups": 2, "per_buyer": 1, "seconds": 60,
    },
    "bargain": {"sku_id": "scarf", "price_fen": 4900, "friends": 2, "per_buyer": 1, "seconds": 60},
}  # fmt: skip
"""One that can be fired, of every kind."""
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.NAME)

# The tables ------------------------------------------------------------------------------------------


def test_the_tables_have_the_same_kinds() -> None:
    names = {kind.NAME for kind in KINDS}
    assert kinds() == KINDS
    assert names == set(specs.SPECS) == set(WORDS) == set(SPECS) == {name for name, _, _ in drafted._KINDS}
    assert {kind.NAME: kind.SPEC for kind in KINDS} == specs.SPECS
    assert {kind.NAME for kind in KINDS if not kind.RETIRED} == set(get_args(specs.Kind)), "what is offered"
    listed = {name for name, words in WORDS.items() if words.LISTED}
    report = fold(lines_of(Desk()))
    assert {t.name for t in tables.of_kinds(report, ReportWords())} == listed == names - {"pin"}
    assert set(CARDS) == listed, "what is explained has the card of its product"
    assert {name for kind in KINDS for name in kind.COMMANDS} <= {*COMMANDS, "draw.beacon"}
    assert {name for kind in KINDS for name in kind.FOLDS} <= set(events.EVENTS) & set(FOLDS)


@each_kind
def test_a_kind_has_one_name(kind: Kind) -> None:
    assert kind.SPEC.__struct_config__.tag == WORDS[kind.NAME].NAME == kind.NAME
    assert kind.SPEC.done_as == kind.DONE_AS  # type: ignore[attr-defined]
    assert kind.DONE_AS in Capabilities.__struct_fields__
    assert (kind.NAME in STOPPED_BY_ASSISTANT) == kind.SPEC.assistant_may_stop  # type: ignore[attr-defined]


def _parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


@each_kind
@pytest.mark.parametrize("member", MEMBERS)
def test_a_kind_has_every_part(kind: Kind, member: str) -> None:
    asked, found = vars(Kind)[member], getattr(kind, member)
    if isinstance(asked, property):
        assert not inspect.isfunction(found)
    else:
        assert _parameters(found) == _parameters(asked)


@each_kind
@pytest.mark.parametrize("member", worded.MEMBERS)
def test_a_kinds_words_have_every_part(kind: Kind, member: str) -> None:
    asked, found = vars(worded.KindWords)[member], getattr(WORDS[kind.NAME], member)
    if isinstance(asked, property):
        assert not inspect.isfunction(found)
    else:
        assert _parameters(found) == _parameters(asked)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables as they are, for the length of a test."""
    made_up.keep_tables(monkeypatch)


@pytest.fixture
def early_door(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A kind that the program does not have, complete."""
    made_up.take_in(monkeypatch)
    return made_up_kind


def _without(member: str) -> Any:
    return SimpleNamespace(**{name: getattr(made_up_kind, name) for name in MEMBERS if name != member})


@pytest.mark.parametrize("member", MEMBERS)
def test_twin_a_kind_that_lacks_a_part_is_not_taken(member: str, registry: None) -> None:
    with pytest.raises(TypeError, match=f"lacks {member}$"):
        register(_without(member))
    assert kinds() == KINDS


def test_no_two_kinds_have_one_name_or_one_spec(registry: None) -> None:
    register(made_up_kind)
    with pytest.raises(ValueError, match="early_door is there already"):
        register(made_up_kind)
    other = _without("NAME")
    other.NAME = "another"
    with pytest.raises(ValueError, match="another is there already"):
        register(other)


def test_twin_a_kind_without_words_is_seen(registry: None) -> None:
    register(made_up_kind)
    assert {kind.NAME for kind in kinds()} != set(WORDS)
    assert {kind.NAME for kind in kinds()} != set(specs.SPECS)


# On the air ------------------------------------------------------------------------------------------


def _answer(desk: Desk, cue_id: str, step: str) -> None:
    """What the platform, or a person there, says to what is owed."""
    assert desk.cue(cue_id).owed is not None
    for effect in owed(desk.room):
        data = {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step, "outcome": "done"}
        desk.ok("effect.answered", data, "platform")
    if desk.cue(cue_id).owed is not None:
        desk.ok("cue.confirm", {"cue_id": cue_id, "step": step, "done": True}, "assistant")
    assert desk.cue(cue_id).owed is None


@each_kind
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_kind_goes_on_air_and_ends_wherever_it_is_done(kind: Kind, platform: str) -> None:
    desk = Desk(platform, recall_seconds=3)
    desk.ok("cue.add", {"cue_id": "one", "kind": kind.NAME, "spec": SPECS[kind.NAME]}, "assistant")
    desk.ok("cue.approve", {"cue_id": "one"})
    desk.ok("cue.fire", {"cue_id": "one"})
    assert (desk.cue("one").status == "recallable") == kind.RECALLABLE
    desk.wait(3)
    elsewhere = doer(desk.room, kind.NAME) != "us"
    if elsewhere:
        assert desk.cue("one").status == "firing"
        _answer(desk, "one", "on_air")
    cue = desk.cue("one")
    assert cue.status == "on_air"
    assert desk.seen("one")["kind"] == kind.NAME
    seconds = kind.seconds(cue.spec)
    assert (cue.ends_at is None) == (seconds is None)
    if seconds is None:
        desk.ok("cue.stop", {"cue_id": "one", "reason": "说完了"})
    else:
        desk.wait(seconds)
    cue = desk.cue("one")
    assert cue.status == "ended"
    drawn_here = cue.ended_because == "drawn"
    assert (cue.owed is not None) == (elsewhere and not drawn_here)
    if cue.owed is not None:
        _answer(desk, "one", "ended")
    assert desk.room.live == []
    assert desk.refold() == desk.room
    rows = [row.kind for row in fold(lines_of(desk)).promotions]
    assert rows == ([kind.NAME] if WORDS[kind.NAME].LISTED else [])


@each_kind
def test_every_kind_is_worded(kind: Kind) -> None:
    spec, said = SPECS[kind.NAME], WORDS[kind.NAME]
    names = ProductNames({"scarf": "围巾", "hat": "帽子"}, {"hat": 2}, {"scarf": 9900})
    shown = Desk().shown()
    found = card(kind.NAME, spec, goods_of(shown.catalogue, shown.cart))
    lines = [instruction(kind.NAME, step, spec, names) for step in ("on_air", "ended")]
    every = [found.zh, found.en, found.line, *said.TITLE, *(text for i in lines for text in (i.zh, i.en))]
    assert all(every)
    assert "None" not in " ".join(every)
    assert re.fullmatch("#[0-9A-F]{6}", said.COLOUR)


# One kind more ---------------------------------------------------------------------------------------

DOOR = {"sku_id": "scarf", "price_fen": 4900, "quantity": 2, "seconds": 60}


def _added(desk: Desk, cue_id: str = "door") -> None:
    # Its name is not among those of the wire (`specs.Kind`), so the command comes as its struct.
    desk.ok("cue.add", CueAdd(made_up_kind.NAME, DOOR, cue_id), "assistant")  # type: ignore[arg-type]


def test_one_kind_more_is_its_own_files_and_nothing_else(early_door: ModuleType) -> None:
    desk = Desk("rehearsal", recall_seconds=3)
    judged = judge(desk.room, "cue.add", {"kind": early_door.NAME, "spec": DOOR}, START)
    assert (judged["lowest_fen"], judged["exposure_fen"], judged["at_start"]) == (4900, 10_000, None)
    assert judged["lowest"]["combination"] == "早鸟 49.00"
    _added(desk)
    assert desk.no("cue.add", CueAdd(early_door.NAME, {**DOOR, "sku_id": "x"})) == "unknown_sku"
    desk.ok("cue.approve", {"cue_id": "door"})
    desk.ok("cue.fire", {"cue_id": "door"})
    assert desk.wait(3) == ["cue.firing"]
    (effect,) = owed(desk.room)
    assert (effect.kind, effect.spec) == (early_door.NAME, early_door.DoorSpec("scarf", 4900, 2, 60))
    _answer(desk, "door", "on_air")
    assert desk.cue("door").status == "on_air"

    desk.ok("order.request", request("o1", "ann"), "producer")
    assert desk.room.orders["o1"].total_fen == 4900
    assert desk.no("order.request", request("o2", "ann"), "producer") == "buyer_limit"
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 4900})
    assert desk.room.skus["scarf"].sold == 1
    seen = desk.seen("door")
    assert (seen["kind"], seen["status"], seen["lowest_fen"]) == (early_door.NAME, "on_air", 4900)
    (sku,) = seen["skus"]
    assert (seen["sold"], seen["left"], sku["price_fen"]) == (1, 1, 4900)
    assert seen["discount"] == {"given_fen": 5000, "held_fen": 0, "most_fen": 10_000}
    assert desk.state()["discount"]["given_fen"] == 5000
    assert len(desk.shown().rundown.benefits) == 1

    assert desk.wait(57 + 3) == ["cue.ended"]
    assert desk.cue("door").ended_because == "time_up"
    _answer(desk, "door", "ended")
    assert of_cue(desk.room, desk.cue("door"), desk.now).most_fen == 5000
    assert desk.refold() == desk.room

    report = fold(lines_of(desk))
    (row,) = report.promotions
    assert (row.kind, row.title, row.sold, row.gmv_fen) == (early_door.NAME, "#1 scarf", 1, 4900)
    w = ReportWords()
    (table_,) = [t for t in tables.of_kinds(report, w) if t.name == early_door.NAME]
    assert table_.rows[0][6:8] == ("1/2", 4900)
    assert w.kind(early_door.NAME) == "早鸟"
    assert "开门" in [w.action(action) for action in report.actions]
    assert report.handover.ends == []


def test_one_kind_more_is_worded_where_kinds_are_worded(early_door: ModuleType) -> None:
    shown = Desk().shown()
    said = card(early_door.NAME, DOOR, goods_of(shown.catalogue, shown.cart))
    assert (said.zh, said.line, said.conditions) == (
        "早鸟价 49.00 元。",
        "早鸟49.00",
        [("早到", "to be early")],
    )
    assert instruction(early_door.NAME, "ended", DOOR, ProductNames({"scarf": "围巾"})).zh == "关门：围巾"


def test_one_kind_more_is_halted_stopped_and_taken_off_the_shelf(early_door: ModuleType) -> None:
    for command, data, role in (
        ("room.halt", {}, "host"),
        ("cue.stop", {"cue_id": "door"}, "assistant"),
        ("product.shelf", {"product_id": "scarf", "on": False}, "host"),
    ):
        desk = Desk(recall_seconds=0)
        _added(desk)
        desk.ok("cue.fire", {"cue_id": "door"})
        assert desk.cue("door").status == "on_air"
        desk.ok(command, data, role)
        assert desk.cue("door").status == "ended"


def test_a_retired_kind_is_read_and_not_offered(
    early_door: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(recall_seconds=0)
    _added(desk)
    desk.ok("cue.fire", {"cue_id": "door"})
    desk.wait(60)
    monkeypatch.setattr(made_up_kind, "RETIRED", True)
    assert desk.refold() == desk.room, "its evenings still fold"
    assert fold(lines_of(desk)).promotions[0].title == "#1 scarf"
    assert desk.seen("door")["status"] == "ended"
    add = CueAdd(early_door.NAME, DOOR, "again")
    assert desk.no("cue.add", add) == "bad_spec"
    assert desk.no("cue.again", {"cue_id": "door"}) == "bad_spec"
    assert desk.no("cue.add", {"kind": early_door.NAME, "spec": DOOR}) == "bad_spec", "nor named on the wire"


def test_a_kind_that_nobody_has_is_not_folded_over() -> None:
    """A log of a newer program: the room must not go on without what it does not know."""
    data = events.CueQueued("x", "early_door", DOOR)
    with pytest.raises(KeyError):
        evolve(Room("room"), Event("cue.queued", START, "host", data))


# The house -------------------------------------------------------------------------------------------

NAMED = re.compile('flash_sale|lucky_bag|FlashSaleSpec|LuckyBagSpec|CouponSpec|"coupon"')
THEIR_OWN = (
    "liveconsole/domain/kinds/",
    "liveconsole/views/kinds/",
    "liveconsole/messages/specs.py",
    "ui/kinds/",
)
MAKES_ROOMS_UP = "liveconsole/bench/"
"""As tests do: it names what it plays."""
HEADLESS = {
    "liveconsole/advice/limits.py",
    "liveconsole/connectors/rehearsal/view.py",
    "liveconsole/domain/sales.py",
    "liveconsole/domain/sharers.py",
    "liveconsole/domain/shop_asks.py",
    "liveconsole/intake/one_line/kinds.py",
    "liveconsole/overlay/view.py",
}
"""What still names a kind outside its own modules: a sharer's price is judged as a sale's is, a coupon that
makes a case good as any coupon. The list may only become shorter."""
ABROAD = {f"liveconsole/connectors/wechat_shop/{name}.py" for name in ("coupons", "sales")}
"""What a kind is in a platform's own words."""
FORMS = {f"ui/panels/composer/{name}.py" for name in ("bag", "coupon", "sale")} | {
    "ui/windows/shop/amends_form.py",
    "ui/windows/customers/birthdays.py",
}
"""What makes a promotion of one kind: the composer's forms, a coupon for a case, one for birthdays."""
COLOURS = {
    "liveconsole/views/highlights.py",
    "ui/panels/feed/telling.py",
    "ui/preferences/shop.py",
    "ui/windows/welcome/art.py",
    "ui/theme/tokens.py",
}
"""Where ``coupon`` is the colour of that name."""


def _naming(folder: str) -> set[str]:
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((*THEIR_OWN, MAKES_ROOMS_UP)) and NAMED.search(path.read_text("utf-8")):
            found.add(name)
    return found


def test_no_other_file_names_a_kind() -> None:
    coloured = {name for name in COLOURS if name.startswith("liveconsole/")}
    assert _naming("liveconsole") == HEADLESS | ABROAD | coloured
    assert _naming("ui") == FORMS | {name for name in COLOURS if name.startswith("ui/")}
    assert len(HEADLESS | FORMS | COLOURS) < 20


@pytest.mark.parametrize("bad", ['kind == "coupon"', "isinstance(spec, FlashSaleSpec)", "lucky_bag.draw"])
def test_naming_a_kind_is_seen(bad: str) -> None:
    assert NAMED.search(bad)
    assert not NAMED.search("coupon.claim(room, data)")
