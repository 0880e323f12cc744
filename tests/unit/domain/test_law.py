"""三级审核, the rights list, the violation card: by whom, over which text, and what they hold up."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from liveconsole.advice import law_files
from liveconsole.domain.decide import decide
from liveconsole.domain.law import reviews, violations
from liveconsole.domain.room_law import Right
from liveconsole.messages.envelope import Command
from liveconsole.messages.law import RIGHTS_LIMIT, VIOLATIONS_LIMIT, Article
from liveconsole.messages.state.law import REVIEWS_SHOWN
from tests.unit.domain.desk import SALE, Desk, product

RULES = {"rules": msgspec.to_builtins(law_files.load().rules)}
COUPON = {"name": "减8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}


def ruled(review: str = "required", **settings: Any) -> Desk:
    desk = Desk(recall_seconds=0, **settings)
    desk.ok("law.read", RULES, "platform")
    desk.ok("room.set", {"review": review})
    return desk


def text(desk: Desk, subject: str) -> reviews.ReviewedText:
    found = reviews.reading(desk.room, subject)
    assert found is not None
    return found


def by_machine(desk: Desk, subject: str, *found: str) -> None:
    read = [{"subject": subject, "sha256": text(desk, subject).sha256, "found": list(found)}]
    desk.ok("review.machine", {"read": read}, "platform")


def by_people(desk: Desk, subject: str) -> None:
    desk.ok("review.note", {"subject": subject, "step": "person", "verdict": "passed"}, "assistant")
    desk.ok("review.note", {"subject": subject, "step": "legal", "verdict": "passed", "name": "林律师"})


def passed(desk: Desk, subject: str) -> None:
    by_machine(desk, subject)
    by_people(desk, subject)


# Reviews --------------------------------------------------------------------------------------------


def test_a_product_is_pinned_once_all_three_have_read_its_title() -> None:
    """Each step by itself is told as what is missing, with the article."""
    desk = ruled()
    subject = "product:hat"
    missing = []
    for step in (
        lambda: None,
        lambda: by_machine(desk, subject),
        lambda: desk.ok("review.note", {"subject": subject, "step": "person", "verdict": "passed"}),
    ):
        step()
        no = desk.refusal("cart.pin", {"product_id": "hat"})
        assert no.code == "not_reviewed"
        assert all(
            said in no.text for said in ("《直播电商监督管理办法》第三十条", "条文以公布文本为准", "hat")
        )
        missing.append(no.params["missing"])
    assert missing == ["机器审核、人工审核、法务审核", "人工审核、法务审核", "法务审核"]
    by_people(desk, subject)
    desk.ok("cart.pin", {"product_id": "hat"})


def test_a_text_that_changed_was_read_by_nobody_and_one_that_came_back_was() -> None:
    desk = ruled()
    passed(desk, "product:hat")
    desk.ok("catalogue.put", {"products": [product("hat", 4900, 20) | {"title": "最好的帽子"}]})
    assert desk.no("cart.pin", {"product_id": "hat"}) == "not_reviewed"
    desk.ok("catalogue.put", {"products": [product("hat", 4800, 21)]})
    desk.ok("cart.pin", {"product_id": "hat"})


def test_the_hash_is_that_of_the_text() -> None:
    desk = ruled()
    sent = product("hat", 4900, 20) | {"points": ["保暖", "好洗"]}
    desk.ok("catalogue.put", {"products": [sent]})
    passed(desk, "product:hat")
    noted = next(e.data for e in desk.log if e.type == "review.noted")
    assert noted.sha256 == sha256("hat\n保暖\n好洗".encode()).hexdigest()  # type: ignore[attr-defined]


def test_what_was_read_is_what_the_seat_showed() -> None:
    desk = ruled()
    shown = text(desk, "product:hat").sha256
    desk.ok("catalogue.put", {"products": [product("hat", 4900, 20) | {"title": "别的帽子"}]})
    note = {"subject": "product:hat", "step": "person", "verdict": "passed", "sha256": shown}
    assert desk.no("review.note", note) == "changed"


def test_the_machine_comes_late_to_a_text_that_changed() -> None:
    desk = ruled()
    old = {"subject": "product:hat", "sha256": text(desk, "product:hat").sha256}
    desk.ok("catalogue.put", {"products": [product("hat", 4900, 20) | {"title": "别的帽子"}]})
    assert desk.ok("review.machine", {"read": [old]}, "platform") == {"read": 0}


def test_a_word_that_the_machine_finds_sends_the_text_back() -> None:
    desk = ruled()
    by_machine(desk, "product:hat", "最好")
    by_people(desk, "product:hat")
    no = desk.refusal("cart.pin", {"product_id": "hat"})
    assert no.params["missing"] == "机器审核（退回）"
    row = next(one for one in desk.shown().law.reviews if one.subject == "product:hat")
    assert (row.passed, row.steps["machine"].found) == (False, ["最好"])
    by_machine(desk, "product:hat")  # the word was put on the list of what is no violation
    desk.ok("cart.pin", {"product_id": "hat"})


def test_a_person_or_a_lawyer_sends_it_back() -> None:
    desk = ruled()
    passed(desk, "product:hat")
    back = {
        "subject": "product:hat",
        "step": "legal",
        "verdict": "returned",
        "name": "林律师",
        "remark": "缺依据",
    }
    desk.ok("review.note", back)
    assert desk.no("cart.pin", {"product_id": "hat"}) == "not_reviewed"


def test_who_may_do_which_step() -> None:
    desk = ruled()
    note = {"subject": "product:hat", "verdict": "passed"}
    desk.ok("review.note", note | {"step": "person"}, "assistant")
    legal = note | {"step": "legal", "name": "林律师"}
    assert desk.no("review.note", legal, "assistant") == "forbidden"
    assert desk.no("review.note", note | {"step": "legal", "name": " "}) == "needs_name"
    desk.ok("review.note", legal, "operator")
    assert desk.no("review.note", note | {"step": "machine"}) == "bad_shape", "nobody is the machine"
    assert desk.no("review.machine", {"read": []}) == "forbidden"
    assert desk.no("review.note", note | {"step": "person"}, "viewer") == "forbidden"
    for subject in ("product:none", "nothing", "cue:none", "template:a/0", "segment:x"):
        assert desk.no("review.note", {"subject": subject, "step": "person", "verdict": "passed"}) == (
            "nothing_to_review"
        )


def test_scripts_and_promotions_wait_as_titles_do_and_what_was_read_once_holds_again() -> None:
    """A promotion that a segment brings along was read there; 返场 with fewer units says the same."""
    desk = ruled()
    template = {"kind": "coupon", "spec": COUPON}
    segment = {"segment_id": "a", "product_id": "hat", "script": "这顶帽子", "cues": [template]}
    desk.ok("rundown.put", {"segments": [segment]})
    passed(desk, "product:hat")
    assert desk.no("go.next", {}) == "not_reviewed"
    passed(desk, "segment:a")
    passed(desk, "template:a/0")
    went = desk.ok("go.next", {})
    assert (len(went["armed"]), went["not_armed"]) == (1, [])
    desk.ok("cue.add", {"cue_id": "again", "kind": "coupon", "spec": COUPON | {"quantity": 2, "seconds": 30}})
    desk.ok("cue.fire", {"cue_id": "again"})
    dearer = COUPON | {"rule": {"off_fen": 900}}
    desk.ok("cue.add", {"cue_id": "dearer", "kind": "coupon", "spec": dearer})
    assert desk.no("cue.approve", {"cue_id": "dearer"}) == "not_reviewed"
    assert desk.no("cue.fire", {"cue_id": "dearer"}) == "not_reviewed"
    passed(desk, "cue:dearer")
    desk.ok("cue.fire", {"cue_id": "dearer"})


def test_a_segment_without_a_product_has_a_script_all_the_same() -> None:
    desk = ruled()
    desk.ok("rundown.put", {"segments": [{"segment_id": "a", "title": "开场", "script": "大家好"}]})
    assert desk.no("go.next", {}) == "not_reviewed"
    passed(desk, "segment:a")
    desk.ok("go.next", {})


@pytest.mark.parametrize("review", ["off", "warn"])
def test_where_reviews_are_not_required_nothing_waits(review: str) -> None:
    """The twin of the gates above: the same room, and the setting alone lets it through."""
    desk = ruled(review)
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    check = next(one for one in desk.shown().law.checks if one.check == "review")
    assert check.passes is (None if review == "off" else False)


def test_a_sale_waits_for_the_title_of_what_it_sells_too() -> None:
    desk = ruled()
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE})
    passed(desk, "cue:sale")
    no = desk.refusal("cue.fire", {"cue_id": "sale"})
    assert (no.code, no.params["subject"]) == ("not_reviewed", "product:scarf")


def test_the_state_shows_what_waits_first_and_no_more_than_it_can() -> None:
    desk = ruled("warn")
    many = [product(f"p{n}", 100, 1) for n in range(REVIEWS_SHOWN)]
    desk.ok("catalogue.put", {"products": many})
    desk.ok("cart.add", {"product_ids": [one["product_id"] for one in many]})
    passed(desk, "product:scarf")
    law = desk.shown().law
    assert (law.reviews_all, law.reviews_waiting, len(law.reviews)) == (
        REVIEWS_SHOWN + 2, REVIEWS_SHOWN + 1, REVIEWS_SHOWN
    )  # fmt: skip
    assert not any(one.passed for one in law.reviews)


def test_the_room_remembers_so_many_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "KEPT", 2)
    desk = ruled("warn")
    for title in "甲乙丙":
        desk.ok("catalogue.put", {"products": [product("hat", 4900, 20) | {"title": title}]})
        by_machine(desk, "product:hat")
    assert len(desk.room.law.reviews) == 2
    assert desk.refold().law == desk.room.law


# Rights ---------------------------------------------------------------------------------------------


def rights(desk: Desk) -> tuple[bool | None, str]:
    found = next(one for one in desk.shown().law.checks if one.check == "rights")
    return found.passes, found.text


def test_a_licence_is_warned_of_two_weeks_before_and_fails_when_it_has_ended() -> None:
    desk = ruled("off")
    assert rights(desk)[0] is None
    desk.ok("room.set", {"own_content_percent": 80})
    song = desk.ok("right.put", {"title": "片头曲", "kind": "music", "until": "2026-11-30"}, "assistant")
    for days, passes, left in ((0, True, None), (5, None, 14), (13, None, 1), (1, None, 0), (1, False, None)):
        desk.now += timedelta(days=days)
        (row,) = desk.shown().law.rights
        assert (rights(desk)[0], row.days, row.over) == (passes, left, passes is False), desk.now
    assert "2026-11-30" in rights(desk)[1]
    desk.ok("right.put", {**song, "title": "片头曲", "kind": "music", "until": "2027-11-30"})
    assert rights(desk)[0] is True
    desk.ok("right.remove", song)
    assert desk.no("right.remove", song) == "unknown_right"


def test_too_little_of_ones_own_fails() -> None:
    desk = ruled("off")
    desk.ok("right.put", {"title": "片头曲", "kind": "music"})
    assert rights(desk)[0] is None
    for share, passes in ((69, False), (70, True)):
        desk.ok("room.set", {"own_content_percent": share})
        assert rights(desk)[0] is passes


def test_the_list_is_bounded_and_a_line_is_written_whole() -> None:
    desk = ruled("off")
    desk.room.law.rights = {f"r{n}": Right(f"r{n}", "曲", "music") for n in range(RIGHTS_LIMIT)}
    assert desk.no("right.put", {"title": "一首", "kind": "music"}) == "over_limit"
    desk.ok("right.put", {"right_id": "r0", "title": "另一首", "kind": "music"})
    assert desk.no("right.put", {"right_id": "none", "title": "曲", "kind": "music"}) == "unknown_right"
    assert desk.no("right.put", {"title": "", "kind": "music"}) == "bad_shape"
    assert desk.no("right.put", {"right_id": "r0", "title": " ", "kind": "music"}) == "bad_shape"


# Violations -----------------------------------------------------------------------------------------


def test_a_warning_keeps_what_was_on_air_and_marks_ten_minutes() -> None:
    desk = ruled("off")
    desk.run_sale()
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.now += timedelta(minutes=20)
    made = desk.ok("violation.note", {"text": "说了「最」", "appeal_hours": 72}, "assistant")
    (card,) = desk.shown().law.violations
    assert card.violation_id == made["violation_id"]
    assert card.since == desk.now - violations.MARKED
    assert card.appeal_by == desk.now + timedelta(hours=72)
    assert (card.product_id, card.broadcast) == ("hat", 1)
    assert {one.kind for one in card.on_air} == {"flash_sale", "pin"}


def test_steps_are_taken_in_any_order_and_once_each() -> None:
    desk = ruled("off")
    card = desk.ok("violation.note", {})
    for step in ("kept", "stopped"):
        desk.ok("violation.step", {**card, "step": step})
        desk.ok("violation.step", {**card, "step": step})
    desk.ok("violation.step", {**card, "step": "kept", "text": "录屏在硬盘"})
    assert [e.type for e in desk.log].count("violation.stepped") == 3
    (shown,) = desk.shown().law.violations
    assert shown.steps["kept"].text == "录屏在硬盘"
    assert desk.no("violation.step", {**card, "step": "forgotten"}) == "bad_shape"
    assert desk.no("violation.step", {"violation_id": "none", "step": "kept"}) == "unknown_violation"


def test_a_card_waits_over_broadcasts_until_it_is_closed_and_cards_are_bounded() -> None:
    desk = ruled("off")
    first = desk.ok("violation.note", {"text": "甲"})
    second = desk.ok("violation.note", {"text": "乙"})
    desk.ok("violation.step", {**first, "step": "closed"})
    desk.ok("broadcast.close", {})
    desk.ok("violation.note", {"text": "下播以后才说"})
    desk.ok("broadcast.open", {})
    assert [one.text for one in desk.shown().law.violations] == ["下播以后才说", "乙"]
    assert second["violation_id"] in desk.room.law.violations
    while isinstance(said := desk.ask("violation.note", {}), type(desk.ask("cart.unpin", {}))):
        assert len(desk.room.law.violations) <= VIOLATIONS_LIMIT * 2
    assert said.code == "over_limit"  # type: ignore[union-attr]


def test_before_the_first_broadcast_nobody_was_warned() -> None:
    assert Desk(open_=False).no("violation.note", {}) == "not_open"


def test_it_folds_again() -> None:
    desk = ruled("warn")
    passed(desk, "product:hat")
    desk.ok("right.put", {"title": "片头曲", "kind": "music"})
    card = desk.ok("violation.note", {})
    desk.ok("violation.step", {**card, "step": "kept"})
    assert desk.refold().law == desk.room.law


def test_an_article_is_named_by_the_file_and_never_by_the_code() -> None:
    """With another article in the file the same refusal names that one."""
    desk = Desk(recall_seconds=0)
    other = Article("review", "《别的办法》", "Other Measures", "第九条", "article 9", "审核", "review")
    rules = {"sha256": "0" * 64, "categories": [], "articles": [msgspec.to_builtins(other)]}
    desk.ok("law.read", {"rules": rules}, "platform")
    desk.ok("room.set", {"review": "required"})
    said = decide(desk.room, Command("", "cart.pin", {"product_id": "hat"}, "host"), desk.now, desk.chance)
    assert "《别的办法》第九条" in said.text  # type: ignore[union-attr]
