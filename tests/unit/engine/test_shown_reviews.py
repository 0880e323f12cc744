"""晒单 on the picture: only with the buyer's yes, in plain words, for its time, and with nobody's name."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from liveconsole.domain import shown_reviews
from liveconsole.engine.folding import fold
from liveconsole.overlay.reviews import TEXT_LONG
from liveconsole.overlay.view import OverlayView, look
from liveconsole.store import open_store
from liveconsole.views.state.marks import MARKS
from liveconsole.views.state.room import room_state
from tests.unit.engine.evenings import Evenings, encoded


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    found = Evenings(open_store(tmp_path / "data", room_id="room"))
    found.open()
    return found


def written(evenings: Evenings, text: str = "很软", order_id: str = "o1") -> int:
    """A review of the order's buyer; its id."""
    evenings.placed(order_id)
    evenings.fact("review.posted", product_id="a", stars=5, text=text, order_id=order_id)
    return int(evenings.room.seq)


def picture(evenings: Evenings) -> OverlayView:
    return look(evenings.room, evenings.now)


def shows(evenings: Evenings) -> str | None:
    one = picture(evenings).review
    return one.text if one is not None else None


def test_nothing_is_shown_that_its_buyer_did_not_agree_to(evenings: Evenings) -> None:
    review_id = written(evenings)
    assert evenings.no("review.show", review_id=review_id) == "no_consent", "nobody asked him"
    evenings.ok("review.consent", review_id=review_id, agreed=True)
    evenings.ok("review.consent", review_id=review_id, agreed=False)
    assert evenings.no("review.show", review_id=review_id) == "no_consent", "he took it back"
    assert evenings.no("review.show", review_id=review_id + 99) == "unknown_review"
    assert shows(evenings) is None


@pytest.mark.parametrize("role", ["host", "operator", "assistant"])
def test_one_is_shown_for_its_seconds_and_without_a_name(evenings: Evenings, role: str) -> None:
    review_id = written(evenings, "很软\u202e，\n<b>冬天</b>够暖")
    evenings.ok("review.consent", review_id=review_id, agreed=True)
    evenings.ok("review.show", role, review_id=review_id)
    one = picture(evenings).review
    assert one is not None
    assert (one.stars, one.text, one.title) == (5, "很软， <b>冬天</b>够暖", "羊毛衫")
    assert "小红" not in msgspec.json.encode(picture(evenings)).decode()
    evenings.wait(14)
    assert shows(evenings)
    evenings.wait(1.1)
    assert shows(evenings) is None


def test_a_long_one_is_cut_and_a_second_takes_the_place_of_the_first(evenings: Evenings) -> None:
    first, second = written(evenings, "长" * 400), written(evenings, "短", "o2")
    for review_id in (first, second):
        evenings.ok("review.consent", review_id=review_id, agreed=True)
        evenings.ok("review.show", review_id=review_id, seconds=120)
        assert len(shows(evenings) or "") <= TEXT_LONG
    assert shows(evenings) == "短"
    assert evenings.ok("review.hide", "assistant") == {"review_id": second}
    assert shows(evenings) is None
    assert evenings.ok("review.hide") == {}, "nothing is there any more"
    for wrong in (0, 2, 121):
        assert evenings.no("review.show", review_id=first, seconds=wrong) == "bad_shape"


def test_a_yes_that_is_taken_back_and_a_buyer_who_is_forgotten_take_it_off(evenings: Evenings) -> None:
    first, second = written(evenings), written(evenings, "不错", "o2")
    for review_id in (first, second):
        evenings.ok("review.consent", review_id=review_id, agreed=True)
    evenings.ok("review.show", review_id=first)
    evenings.ok("review.consent", review_id=second, agreed=False)
    assert shows(evenings) == "很软", "of another one it was"
    evenings.ok("review.consent", review_id=first, agreed=False)
    assert shows(evenings) is None
    evenings.ok("review.consent", review_id=first, agreed=True)
    evenings.ok("review.show", review_id=first, seconds=120)
    evenings.ok("viewer.forget", viewer_id="of o1")
    assert shows(evenings) is None
    assert evenings.no("review.show", review_id=first) == "no_consent", "his yes went with him"


def test_a_fold_that_forgets_nobody_would_leave_it_there(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the one above."""
    monkeypatch.setattr(shown_reviews, "forgotten", lambda room, pid: None)
    review_id = written(evenings)
    evenings.ok("review.consent", review_id=review_id, agreed=True)
    evenings.ok("review.show", review_id=review_id)
    evenings.ok("viewer.forget", viewer_id="of o1")
    assert shows(evenings) == "很软"


def test_what_the_word_lists_say_no_to_is_not_shown(evenings: Evenings) -> None:
    evenings.core.terms = lambda text: [word for word in ("最好", "第一") if word in text]
    bad, good = written(evenings, "全网第一，最好的"), written(evenings, "很软", "o2")
    for review_id in (bad, good):
        evenings.ok("review.consent", review_id=review_id, agreed=True)
    refused = evenings.answer("review.show", {"review_id": bad})
    assert (refused["code"], refused["params"]) == ("words_in_review", {"words": "最好、第一"})
    evenings.ok("review.show", review_id=good)


def test_it_stands_after_a_restart_until_its_moment(evenings: Evenings) -> None:
    review_id = written(evenings)
    evenings.ok("review.consent", review_id=review_id, agreed=True)
    evenings.ok("review.show", review_id=review_id, seconds=60)
    evenings.restart()
    assert shows(evenings) == "很软"
    assert encoded(fold(evenings.store)[0]) == encoded(evenings.room)
    evenings.wait(60)
    assert shows(evenings) is None


def test_the_state_says_which_one_is_on_the_picture(evenings: Evenings) -> None:
    """To every seat, whoever put it there, and in the section that moves with it."""
    review_id = written(evenings)
    evenings.ok("review.consent", review_id=review_id, agreed=True)
    assert room_state(evenings.room).picture is None
    evenings.ok("review.show", review_id=review_id, seconds=30)
    said = room_state(evenings.room).picture
    assert said is not None
    assert (said.review_id, said.text, said.stands(evenings.now)) == (review_id, "很软", True)
    evenings.wait(31)
    assert not said.stands(evenings.now)
    evenings.ok("review.show", review_id=review_id, seconds=30)
    evenings.ok("review.hide")
    assert room_state(evenings.room).picture is None
    for type_ in ("review.shown", "review.hidden", "review.agreed", "viewer.forgotten"):
        assert "room" in MARKS[type_], "no seat would hear of it"
