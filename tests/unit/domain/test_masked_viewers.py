"""Whose id and name the platform hides may be one or many: he comments, and enters no bag."""

from __future__ import annotations

from liveconsole.domain.kinds.lucky_bag import draws
from liveconsole.engine.people import People
from liveconsole.messages.envelope import Fact
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import Person, PersonByName, PersonMasked
from tests.unit.domain.promo_rooms import at, bag_in, bag_spec, comment, fold, room_of


def test_whose_id_and_name_are_hidden_enters_no_bag() -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec())
    masked = CommentPosted(PersonMasked("p9"), "福到了")
    hidden = [Fact("/oba", f"m{n}", "comment.posted", None, masked, {}) for n in range(3)]
    assert draws.enter(room, hidden, at(1)) == [], "he does not even choose the bag's source"
    fold(room, draws.enter(room, [comment("福到了", "p1")], at(1)))
    assert cue.bag is not None
    assert list(cue.bag.entries) == ["p1"]


def test_taken_for_a_person_he_would_enter() -> None:
    room = room_of(("cup", 5900, None))
    cue = bag_in(room, bag_spec())
    seen = CommentPosted(Person("p9"), "福到了")
    fold(room, draws.enter(room, [Fact("/oba", "m", "comment.posted", None, seen, {})], at(1)))
    assert cue.bag is not None
    assert list(cue.bag.entries) == ["p9"]


class _NoReader:
    def forgotten(self) -> set[str]:
        return set()


def test_the_prefix_of_an_id_says_how_well_he_is_known() -> None:
    people = People(b"k" * 32, _NoReader())  # type: ignore[arg-type]
    kinds = [type(people.meet(id_, "a").person) for id_ in ("42", "name:a", "masked:/oba/1")]
    assert kinds == [Person, PersonByName, PersonMasked]
