"""禁言 and 拉黑: who is hidden here, until when, and what a person still has to do at the platform."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from liveconsole.domain.viewers import MUTED_LIMIT
from liveconsole.messages.state import MutedState
from tests.unit.domain.desk import START, Desk, encoded


def shown(desk: Desk) -> list[tuple[str, bool, bool, str | None]]:
    return [(one.viewer_id, one.block, one.hidden, one.step) for one in desk.shown().muted]


def test_who_is_muted_stands_in_the_state_with_who_did_it_and_why() -> None:
    desk = Desk()
    desk.ok("viewer.mute", {"viewer_id": "w", "reason": " 刷屏 "}, "assistant")
    assert desk.shown().muted == [MutedState("w", "", "assistant", START, "刷屏", False, True, None)]
    before = len(desk.log)
    desk.ok("viewer.mute", {"viewer_id": "w", "reason": "刷屏"})
    assert len(desk.log) == before, "said twice it is said once"
    assert encoded(desk.refold()) == encoded(desk.room)


def test_in_a_room_of_ours_and_in_a_rehearsal_no_phone_is_asked() -> None:
    for platform in ("own", "rehearsal"):
        desk = Desk(platform)
        desk.ok("viewer.mute", {"viewer_id": "w", "block": True})
        assert shown(desk) == [("w", True, True, None)]
        desk.ok("viewer.unmute", {"viewer_id": "w"})
        assert shown(desk) == []


@pytest.mark.parametrize("platform", ["manual", "wechat_shop", "browser"])
def test_elsewhere_a_person_does_the_same_and_takes_it_back_there(platform: str) -> None:
    desk = Desk(platform)
    desk.ok("viewer.mute", {"viewer_id": "w"})
    assert shown(desk) == [("w", False, True, "mute")]
    assert [alarm.code for alarm in desk.shown().alarms if alarm.code == "mute_owed"] == ["mute_owed"]
    desk.ok("viewer.confirm", {"viewer_id": "w"}, "assistant")
    assert shown(desk) == [("w", False, True, None)]
    desk.ok("viewer.mute", {"viewer_id": "w", "block": True})
    assert shown(desk) == [("w", True, True, "block")], "拉黑 is another key at the platform"
    desk.ok("viewer.unmute", {"viewer_id": "w"})
    assert shown(desk) == [("w", True, False, "lift")], "it was done there: it is to be taken back"
    desk.ok("viewer.confirm", {"viewer_id": "w"})
    assert shown(desk) == []
    assert not any(alarm.code == "mute_owed" for alarm in desk.shown().alarms)
    assert encoded(desk.refold()) == encoded(desk.room)


def test_what_was_never_done_there_need_not_be_taken_back() -> None:
    desk = Desk("manual")
    desk.ok("viewer.mute", {"viewer_id": "w"})
    desk.ok("viewer.unmute", {"viewer_id": "w"})
    desk.ok("viewer.unmute", {"viewer_id": "w"})
    desk.ok("viewer.confirm", {"viewer_id": "w"})
    assert shown(desk) == []


def test_a_mute_ends_with_its_evening_and_the_block_list_does_not() -> None:
    desk = Desk()
    desk.ok("viewer.mute", {"viewer_id": "mute"})
    desk.ok("viewer.mute", {"viewer_id": "block", "block": True})
    desk.ok("broadcast.close", {})
    assert len(shown(desk)) == 2, "words come after the close as well"
    desk.ok("broadcast.open", {})
    assert [one[0] for one in shown(desk)] == ["block"]
    assert encoded(desk.refold()) == encoded(desk.room)


def test_one_too_many_is_refused_and_nobody_is_shown_again_for_it() -> None:
    desk = Desk()
    desk.ok("viewer.mute", {"viewer_id": "first"})
    muted = desk.room.comment_desk.muted
    muted |= {f"v{n}": replace(muted["first"], viewer_id=f"v{n}") for n in range(MUTED_LIMIT - 1)}
    assert desk.no("viewer.mute", {"viewer_id": "more"}) == "over_limit"
    desk.ok("viewer.mute", {"viewer_id": "first", "block": True})
    desk.ok("viewer.unmute", {"viewer_id": "v0"})
    desk.ok("viewer.mute", {"viewer_id": "more"})


def test_he_enters_bags_and_buys_like_everybody() -> None:
    """Hiding is of eyes alone: a draw leaves nobody out whom its rules do not name."""
    desk = Desk(recall_seconds=0)
    bag = {
        "prize": {"name": "帽子", "value_fen": 100},
        "winners": 1,
        "entry": {"keyword": "要"},
        "seconds": 10,
    }
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.ok("viewer.mute", {"viewer_id": "w", "block": True})
    desk.fact("comment.posted", {"viewer": {"id": "w"}, "text": "要"})
    (cue,) = (cue for cue in desk.shown().cues if cue.cue_id == "bag")
    assert cue.entrants == 1


def test_who_is_forgotten_is_on_no_list() -> None:
    desk = Desk()
    desk.ok("viewer.mute", {"viewer_id": "w", "block": True, "reason": "他叫小明"})
    desk.ok("viewer.forget", {"viewer_id": "w"})
    assert shown(desk) == []


def test_who_may() -> None:
    desk = Desk()
    for role in ("host", "operator", "assistant"):
        desk.ok("viewer.mute", {"viewer_id": role}, role)
    assert desk.no("viewer.mute", {"viewer_id": "w"}, "producer") == "forbidden"
    assert desk.no("viewer.mute", {"viewer_id": ""}) == "bad_shape"
