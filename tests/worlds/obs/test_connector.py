"""OBS follows a room: against an OBS that is closed, hangs, loads, turns one out and comes back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from liveconsole import credentials
from liveconsole.connectors.obs import client, following
from liveconsole.connectors.obs.connector import ObsConnector
from liveconsole.paths import write_own
from tests.unit.domain.desk import SALE, Desk
from tests.worlds.obs.room import (
    SCENES,
    TEXTS,
    DeskRoom,
    announce,
    connected,
    followed,
    pin,
    said,
    settings,
    until,
)
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import Studio


async def test_scene_and_text_follow_and_are_read_back(obs: FakeObs, room: DeskRoom, desk: Desk) -> None:
    studio = obs.studio
    async with followed(obs, room, scenes=SCENES, texts=TEXTS) as made:
        await until(lambda: studio.program == "候场")
        pin(desk)
        await until(lambda: studio.program == "商品")
        await until(lambda: studio.sources["价格牌"].settings.get("text") == "1号 ¥99")
        desk.ok("cue.add", {"cue_id": "f1", "kind": "flash_sale", "spec": SALE})
        desk.ok("cue.fire", {"cue_id": "f1"})
        await until(lambda: studio.program == "秒杀")
        await until(lambda: studio.sources["价格牌"].settings["text"] == "1号 ¥59")
        checked = await made.act("check", {})
    assert checked.ok is True
    assert checked.code == "follows"
    assert checked.program == "秒杀"
    assert checked.texts == ["价格牌"]
    assert checked.chapters is True
    assert len(studio.made("SetCurrentProgramScene")) == 3, "each once"


async def test_what_does_not_come_to_be_is_said(obs: FakeObs, room: DeskRoom, desk: Desk) -> None:
    obs.studio.obeys = obs.studio.keeps_texts = False
    async with connected(settings(obs, scenes=SCENES, texts=TEXTS), room) as made:
        await until(lambda: said(made) == ("connected", "scene_not_shown"))
        assert made.state().params == {"scene": "候场", "shown": "主机位"}
        assert (await made.act("check", {})).ok is False
        obs.studio.by_hand("候场")
        pin(desk)
        obs.studio.by_hand("商品")
        await until(lambda: said(made) == ("connected", "text_not_shown"))


async def test_a_scene_changed_by_hand_stays_over_reconnects_and_restarts_of_the_engine(
    obs: FakeObs, room: DeskRoom, desk: Desk
) -> None:
    async with followed(obs, room, scenes=SCENES) as made:
        await until(lambda: obs.studio.program == "候场")
        obs.studio.by_hand("开场")
        await until(lambda: said(made) == ("connected", "by_hand"))
        await obs.close_sessions(1001)
        await until(lambda: obs.tries == 2 and obs.sessions == 1)
        await until(lambda: said(made) == ("connected", "by_hand"))
    async with connected(settings(obs, scenes=SCENES), room) as made:
        await until(lambda: said(made) == ("connected", "by_hand"))
        assert obs.studio.program == "开场"
        assert len(obs.studio.made("SetCurrentProgramScene")) == 1
        pin(desk)
        await until(lambda: obs.studio.program == "商品")


async def test_a_scene_is_not_taken_for_shown_because_it_was_seen_a_while_ago(
    obs: FakeObs, room: DeskRoom, desk: Desk
) -> None:
    async with followed(obs, room, scenes=SCENES) as made:
        await until(lambda: obs.studio.program == "候场")
        obs.studio.by_hand("商品")
        await until(lambda: said(made) == ("connected", "by_hand"))
        obs.studio.program = "开场"  # and the word of it is on its way
        desk.ok("cart.pin", {"product_id": "scarf"})
        await until(lambda: obs.studio.program == "商品")


async def test_twin_without_what_was_kept_the_persons_scene_is_taken_away(
    obs: FakeObs, room: DeskRoom
) -> None:
    async with followed(obs, room, scenes=SCENES):
        await until(lambda: obs.studio.program == "候场")
        obs.studio.by_hand("开场")
    (room.folder / following.FILE).unlink()
    async with connected(settings(obs, scenes=SCENES), room):
        await until(lambda: obs.studio.program == "候场")


@pytest.mark.parametrize("password", ["", "geheim"])
async def test_an_obs_started_anew_shows_the_rooms_picture_with_what_is_in_it_now(
    obs: FakeObs, room: DeskRoom, desk: Desk, password: str
) -> None:
    obs.password = password
    if password:
        credentials.keep(room.folder, "obs", {"password": password})
    async with followed(obs, room, scenes=SCENES, texts=TEXTS) as made:
        pin(desk)
        await until(lambda: obs.studio.sources["价格牌"].settings.get("text") == "1号 ¥99")
        await obs.stop()
        await until(lambda: said(made) == ("waiting", "away"))
        anew = Studio()
        anew.frames = 10
        anew.add_scene("商品", "秒杀", "候场")
        anew.add_source("价格牌", scene="商品")
        obs.studio = anew
        await obs.start()
        await until(lambda: anew.program == "商品")
        await until(lambda: anew.sources["价格牌"].settings.get("text") == "1号 ¥99")
        await until(lambda: said(made) == ("connected", ""))


async def test_either_may_start_first(obs: FakeObs, room: DeskRoom, desk: Desk) -> None:
    await obs.stop()
    pin(desk)
    async with connected(settings(obs, scenes=SCENES), room) as made:
        await until(lambda: said(made) == ("waiting", "away"))
        assert made.state().figures.streaming is None, "unknown is not off"
        await obs.start()
        await until(lambda: obs.studio.program == "商品")


async def test_a_wrong_password_is_not_tried_twice_until_it_is_another(obs: FakeObs, room: DeskRoom) -> None:
    obs.password = "right"
    async with connected(settings(obs), room) as made:
        await until(lambda: said(made) == ("refused", "no_secret"))
        credentials.keep(room.folder, "obs", {"password": "wrong"})
        await until(lambda: said(made) == ("refused", "wrong_password"))
        await asyncio.sleep(0.5)
        assert obs.wrong == 1
        credentials.keep(room.folder, "obs", {"password": "right"})
        await until(lambda: said(made) == ("connected", ""))
    kept = "".join(path.read_text() for path in room.folder.glob("obs-*"))
    assert "right" not in kept
    assert "wrong" not in kept


async def test_an_unreadable_secret_is_waited_for(obs: FakeObs, room: DeskRoom) -> None:
    path = room.folder / credentials.FILE
    path.write_text("{")
    async with connected(settings(obs), room) as made:
        await until(lambda: said(made) == ("refused", "secret_unreadable"))
        path.write_text("{}")
        await until(lambda: said(made) == ("connected", ""))


async def test_who_was_turned_out_comes_back_only_when_somebody_presses(obs: FakeObs, room: DeskRoom) -> None:
    async with followed(obs, room) as made:
        await obs.close_sessions(4011)
        await until(lambda: said(made) == ("refused", "kicked"))
        await asyncio.sleep(0.5)
        assert obs.tries == 1
        assert (await made.act("connect", {})).ok
        await until(lambda: said(made) == ("connected", ""))


@pytest.mark.parametrize(("code", "word"), [(4010, "too_old"), (4002, "not_obs"), (1001, "away")])
async def test_other_ends_are_tried_again_ever_more_seldom(
    obs: FakeObs, room: DeskRoom, code: int, word: str
) -> None:
    obs.late = code
    async with connected(settings(obs), room) as made:
        await until(lambda: said(made) == ("waiting", word))
        await until(lambda: obs.tries >= 3)
        tries = obs.tries
        await asyncio.sleep(0.3)
        assert obs.tries - tries <= 1
        obs.late = 0
        await until(lambda: said(made) == ("connected", ""))


async def test_a_loading_obs_is_waited_for(obs: FakeObs, room: DeskRoom) -> None:
    obs.loading = True
    async with connected(settings(obs, scenes=SCENES), room) as made:
        await until(lambda: obs.sessions == 1)
        await asyncio.sleep(0.4)
        assert said(made)[0] == "waiting"
        obs.loading = False
        await until(lambda: obs.studio.program == "候场")
        assert obs.tries == 1, "on the same session"


async def test_an_obs_that_loads_for_ever_is_given_up_and_said(
    obs: FakeObs, room: DeskRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "READY_SECONDS", 0.3)
    obs.loading = True
    async with connected(settings(obs), room) as made:
        await until(lambda: said(made) == ("waiting", "loading"))


async def test_an_obs_that_says_hello_and_no_more_is_said_to_be_silent(
    obs: FakeObs, room: DeskRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.3)
    obs.mute = True
    async with connected(settings(obs), room) as made:
        await until(lambda: said(made) == ("waiting", "silent"))
        obs.mute = False
        await until(lambda: said(made) == ("connected", ""))


async def test_a_hung_obs_costs_the_room_nothing_and_is_said(
    obs: FakeObs, room: DeskRoom, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.5)
    async with followed(obs, room, scenes=SCENES) as made:
        obs.hung = True
        started = asyncio.get_running_loop().time()
        pin(desk)
        assert desk.room.pinned.confirmed == "scarf"
        assert asyncio.get_running_loop().time() - started < 0.1
        await until(lambda: said(made) == ("waiting", "silent"))
        answered = await made.act("check", {})
        assert answered.ok is False
        assert answered.code == "silent"
        obs.hung = False
        await until(lambda: obs.studio.program == "商品")


async def test_frames_that_cannot_be_read_and_foreign_answers_are_passed_over(
    obs: FakeObs, room: DeskRoom, desk: Desk
) -> None:
    strange = {"op": 7, "d": {"requestId": "999", "requestStatus": {"result": True, "code": 100}}}
    event = {"op": 5, "d": {"eventType": "Neues", "eventData": None}}
    obs.junk = ["{", "[]", "\x00", '{"op": 7, "d": {}}', json.dumps(strange), json.dumps(event), '{"op": 99}']
    async with connected(settings(obs, scenes=SCENES), room):
        pin(desk)
        await until(lambda: obs.studio.program == "商品")


async def test_a_frame_beyond_the_bound_ends_the_session_not_the_connection(
    obs: FakeObs, room: DeskRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liveconsole.connectors.obs.wire.FRAME_LIMIT", 4096)
    async with followed(obs, room) as made:
        obs.junk = ["x" * 5000]
        await until(lambda: said(made) == ("waiting", "away"))
        obs.junk = []
        await until(lambda: said(made) == ("connected", ""))


async def test_a_scene_that_is_not_there_is_shown_once_it_is_made(
    obs: FakeObs, room: DeskRoom, desk: Desk
) -> None:
    async with connected(settings(obs, scenes={"pin": "新的"}), room) as made:
        pin(desk)
        await until(lambda: said(made) == ("connected", "no_scene"))
        assert obs.studio.made("SetCurrentProgramScene") == []
        obs.studio.add_scene("新的")
        await until(lambda: obs.studio.program == "新的")
        await until(lambda: said(made) == ("connected", ""))


async def test_a_source_made_anew_is_written_again(obs: FakeObs, room: DeskRoom, desk: Desk) -> None:
    sources = obs.studio.sources
    async with followed(obs, room, texts=TEXTS):
        pin(desk)
        await until(lambda: sources["价格牌"].settings.get("text") == "1号 ¥99")
        del sources["价格牌"]
        obs.studio.add_source("价格牌")
        await until(lambda: sources["价格牌"].settings.get("text") == "1号 ¥99")
        sources["价格牌"].settings.clear()
        obs.studio.told("CurrentSceneCollectionChanged", {"sceneCollectionName": "b"}, 2)
        await until(lambda: sources["价格牌"].settings.get("text") == "1号 ¥99")


async def test_a_text_that_moves_all_the_time_is_kept_now_and_then(
    obs: FakeObs, room: DeskRoom, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each keeping is a wait for the disk that the log waits for too."""
    kept: list[bytes] = []

    def write(path: Path, body: bytes) -> None:
        kept.append(body)
        write_own(path, body)

    monkeypatch.setattr(following, "write_own", write)
    monkeypatch.setattr(following, "_STATUS_SECONDS", 5.0)
    async with followed(obs, room, texts={"价格牌": "{number}"}):
        before = len(kept)
        for at in range(20):
            pin(desk, ("scarf", "hat")[at % 2])
            text = str(at % 2 + 1)
            await until(lambda text=text: obs.studio.sources["价格牌"].settings.get("text") == text)  # type: ignore[misc]
        assert len(obs.studio.made("SetInputSettings")) >= 20
        assert len(kept) - before <= 1


async def test_where_nothing_is_wanted_nothing_is_proved(obs: FakeObs, room: DeskRoom) -> None:
    async with followed(obs, room, scenes={"kind:coupon": "秒杀"}) as made:
        assert (await made.act("check", {})).code == "nothing_wanted"


async def test_what_obs_refuses_is_said_and_not_hammered(obs: FakeObs, room: DeskRoom) -> None:
    obs.studio._lacks = frozenset({"SetCurrentProgramScene"})
    async with connected(settings(obs, scenes=SCENES), room) as made:
        await until(lambda: said(made) == ("connected", "refused"))
        assert made.state().params["status"] == 204
        before = obs.tries
        await asyncio.sleep(0.3)
        assert obs.tries == before
        assert said(made) == ("connected", "refused")


async def test_nothing_is_done_that_nobody_knows(obs: FakeObs, room: DeskRoom) -> None:
    made = ObsConnector(settings(obs), room.folder)
    with pytest.raises(LookupError):
        await made.act("stream", {})
    assert (await made.act("check", {})).ok is False


async def test_a_disk_that_is_full_stops_no_picture(
    obs: FakeObs, room: DeskRoom, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(following, "write_own", full)
    monkeypatch.setattr("liveconsole.connectors.obs.waiting.write_own", full)
    announce(room.folder)
    async with connected(settings(obs, scenes=SCENES), room):
        pin(desk)
        await until(lambda: obs.studio.program == "商品")
