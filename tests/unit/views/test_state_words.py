"""Marks and overrides in front of the approver: in the state, of every text that viewers read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from liveconsole.advice.judged import AdviceFiles, texts
from liveconsole.domain import overrides
from liveconsole.domain.room import Room
from liveconsole.messages import specs
from liveconsole.messages.fields import Id, Text
from liveconsole.messages.law import LawRules
from liveconsole.messages.said import text_paths
from liveconsole.messages.state import CueState, State, WordState
from liveconsole.views.state import state_of
from liveconsole.views.state.inputs import WORDS_SHOWN, StateInputs
from liveconsole.views.state.sections import Sections
from tests.state_reader import NoNames
from tests.unit import made_up, made_up_kind
from tests.unit.domain.desk import SALE, Desk, product

WORDS = AdviceFiles()
COUPON: dict[str, Any] = {
    "name": "全网最低券", "rule": {"off_fen": 100}, "quantity": 5, "per_buyer": 1, "seconds": 60,
}  # fmt: skip
BAG: dict[str, Any] = {
    "prize": {"name": "顶级围巾", "value_fen": 9900}, "entry": {"keyword": "全网第一"}, "winners": 1,
    "seconds": 60,
}  # fmt: skip


def shown(desk: Desk, cue_id: str, words: Any = WORDS) -> CueState:
    state = state_of(desk.room, desk.now, words=words)
    return next(cue for cue in state.cues if cue.cue_id == cue_id)


def marks(cue: CueState) -> list[tuple[str, str]]:
    return [(word.field, word.text) for word in cue.words]


def test_a_coupon_without_an_override_is_marked_in_front_of_who_approves_it() -> None:
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON}, "assistant")
    cue = shown(desk, "c")
    assert marks(cue) == [("spec.name", "全网最低")]
    assert "" not in (cue.words[0].zh, cue.words[0].en)
    assert cue.overrides == []
    desk.ok("cue.approve", {"cue_id": "c"})
    desk.ok("cue.fire", {"cue_id": "c"})
    assert shown(desk, "c").words == cue.words, "and of who fires it, and who may recall it"
    # The twin: a state that is made without the lists marks nothing.
    assert shown(desk, "c", None).words == []


def test_every_override_that_was_given_stays_there_through_an_edit() -> None:
    desk = Desk()
    desk.ok(
        "cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON, "override": ["全网最低"]}, "assistant"
    )
    desk.wait(1)
    desk.ok("cue.edit", {"cue_id": "c", "spec": {**COUPON, "quantity": 6}, "override": True}, "operator")
    found = shown(desk, "c").overrides
    assert [(one.by, one.where, one.terms) for one in found] == [
        ("assistant", "cue.add", ["全网最低"]), ("operator", "cue.edit", []),
    ]  # fmt: skip
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.wait(5)
    desk.ok("cue.stop", {"cue_id": "c"})
    assert (shown(desk, "c").overrides, shown(desk, "c").words) == ([], []), "it is over"
    desk.ok("cue.again", {"cue_id": "c", "new_cue_id": "d"})
    assert [one.by for one in shown(desk, "d").overrides] == ["assistant", "operator"], "the same words again"


def test_overrides_of_goods_and_rundown_stand_beside_the_words_they_were_given_for() -> None:
    desk = Desk(open_=False)
    put = {"products": [{**product("hat", 4900, 20), "title": "顶级帽子"}], "override": ["顶级"]}
    desk.ok("catalogue.put", put, "operator")
    segment = {"segment_id": "s", "product_id": "hat", "cues": [{"kind": "coupon", "spec": COUPON}]}
    desk.ok("rundown.put", {"segments": [segment], "override": ["全网最低"]}, "assistant")
    desk.ok("rundown.put", {"segments": [{"segment_id": "t", "script": "最好的"}], "override": ["最好的"]})
    desk.ok("broadcast.open", {"title": "最好的一场", "override": ["最好的"]})
    desk.ok(
        "cue.add",
        {"cue_id": "sale", "kind": "flash_sale", "spec": {**SALE, "sku_id": "hat", "price_fen": 3900}},
    )
    desk.ok("cue.add", {"cue_id": "calm", "kind": "flash_sale", "spec": SALE})
    desk.ok("go.next", {})
    sale = shown(desk, "sale")
    assert marks(sale) == [("product.hat.title", "顶级")]
    assert [(one.by, one.where) for one in sale.overrides] == [("operator", "catalogue.put")]
    assert (shown(desk, "calm").words, shown(desk, "calm").overrides) == ([], [])
    made = next(cue for cue in state_of(desk.room, desk.now, words=WORDS).cues if cue.segment_id == "s")
    assert marks(made) == [("spec.name", "全网最低")]
    assert [(one.by, one.terms) for one in made.overrides] == [("assistant", ["全网最低"])], "its own word's"


def test_what_is_remembered_has_a_bound() -> None:
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON, "override": ["长" * 400] * 100})
    for n in range(overrides.KEPT + 5):
        desk.ok("cue.edit", {"cue_id": "c", "spec": {**COUPON, "quantity": 6 + n}, "override": True})
        desk.ok("rundown.put", {"segments": [{"segment_id": f"s{n}", "script": "最好"}], "override": True})
    assert len(desk.room.cues["c"].words_used) == len(desk.room.words_used) == overrides.KEPT
    desk.ok("cue.edit", {"cue_id": "c", "spec": COUPON, "override": ["长" * 400] * 100})
    assert {len(term) for term in desk.room.cues["c"].words_used[-1].terms} == {40}
    desk.ok("cue.edit", {"cue_id": "c", "spec": {**COUPON, "name": "最好" * 100}})
    assert len(shown(desk, "c").words) == WORDS_SHOWN


def test_every_text_of_every_kind_is_walked_by_its_type() -> None:
    found = {kind: text_paths(shape) for kind, shape in specs.SPECS.items()}
    assert found == {
        "pin": (), "flash_sale": (), "coupon": (("name",), ("link",)),
        "lucky_bag": (("prize", "name"), ("entry", "keyword")),
        "bundle": (),
        "gift": (),
        "group_buy": (),
        "bargain": (),
        "first_come": (("keyword",),),
        "pk": (("opponent",), ("stake",)),
        "red_packet": (),
    }  # fmt: skip


class _Tier(msgspec.Struct, frozen=True):
    sku_id: Id
    says: Text = ""


class _TalkingSpec(made_up_kind.DoorSpec, frozen=True, tag_field="kind", tag="early_door"):
    tiers: list[_Tier] | None = None
    motto: Text | None = None


def test_a_text_of_a_kind_that_there_is_not_yet_is_seen_too(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.take_in(monkeypatch)
    monkeypatch.setitem(specs.SPECS, "early_door", _TalkingSpec)
    spec = {
        "motto": "全网最低",
        "tiers": [{"sku_id": "最好", "says": "好"}, {"sku_id": "x", "says": "最好的"}],
    }
    found = list(texts("cue.add", {}, "early_door", spec))
    assert found == [("spec.tiers.0.says", "好"), ("spec.tiers.1.says", "最好的"), ("spec.motto", "全网最低")]
    # The twin: the names that were listed by hand before know nothing of it.
    assert not [path for path, _ in found if path in {"spec.name", "spec.prize.name", "spec.entry.keyword"}]


def test_texts_that_no_walk_had_seen() -> None:
    skus = [{"sku_id": "a", "title": "顶级红"}]
    goods = {"products": [{"title": "帽", "skus": skus}]}
    found = [path for path, _ in texts("catalogue.put", goods, "", None)]
    assert found == ["products.0.title", "products.0.skus.0.title"]
    shop = {"shop_coupons": [{"rule": {"off_fen": 1}, "name": "全网最低券"}]}
    assert list(texts("room.set", shop, "", None)) == [("shop_coupons.0.name", "全网最低券")]
    link = {"link": "https://example.com/jiav"}
    assert list(texts("cue.add", {}, "coupon", link)) == [("spec.link", link["link"])]


class Edited:
    """Lists that a person edits while the engine runs."""

    def __init__(self) -> None:
        self.lists: object = object()
        self.rules: LawRules | None = None
        self.words: list[str] = []

    def found(self, texts: Iterable[tuple[str, str]]) -> list[WordState]:
        return [
            WordState(path, w, "absolute", w, "x", "x")
            for path, text in texts
            for w in self.words
            if w in text
        ]


def served(sections: Sections, room: Room, desk: Desk, words: Edited) -> State:
    body = sections.answer(StateInputs(room, desk.now, NoNames(), {}, words=words), "host", "")
    return msgspec.json.decode(body, type=State)


def test_marks_follow_the_lists_and_the_titles_while_they_are_served() -> None:
    desk, words, sections = Desk(), Edited(), Sections("log")
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE})
    assert [w.text for w in served(sections, desk.room, desk, words).cues[0].words] == []
    words.words = ["围巾"]
    before = served(sections, desk.room, desk, words)
    assert before.cues[0].words == [], "nothing told that the lists are others"
    words.lists = object()
    titles = {desk.room.products["scarf"].title}
    words.words = sorted(titles)
    words.lists = object()
    after = served(sections, desk.room, desk, words)
    assert [w.text for w in after.cues[0].words] == sorted(titles)
    assert after.revisions.cues != before.revisions.cues
    desk.ok("catalogue.put", {"products": [{**product("scarf", 9900, 10), "title": "别的"}]})
    sections.mark(["catalogue.put"])
    assert served(sections, desk.room, desk, words).cues[0].words == []
