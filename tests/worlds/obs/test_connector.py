"""OBS follows a room: against an OBS that is closed, hangs, loads, turns one out and comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from liveconsole import credentials
from liveconsole.connectors.obs import client, following
from liveconsole.connectors.obs.connector import ObsConnector
from liveconsole.messages.connection_words.obs import WORDS
from liveconsole.messages.connections import ObsConnection
from liveconsole.paths import write_own
from tests.unit.domain.desk import SALE, Desk
from tests.worlds.obs.room import DeskRoom, announce, connected, until
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import OLD, Studio

SCENES = {"kind:flash_sale": "秒杀", "pin": "商品", "idle": "候场"}
TEXTS = {"价格牌": "{number}号 {price}"}


def settings(obs: FakeObs, **more: Any) -> ObsConnection:
    return ObsConnection(address=obs.address, **more)


def pin(desk: Desk, product_id: str = "scarf") -> None:
    desk.wait(1)
    desk.ok("cart.pin", {"product_id": product_id})


def said(made: ObsConnector) -> tuple[str, str]:
    assert made.state().code in {"", *WORDS}
    return made.state().state, made.state().code


@asynccontextmanager
async def followed(obs: FakeObs, room: DeskRoom, **more: Any) -> AsyncIterator[ObsConnector]:
    """Connected, with the room's first picture shown."""
    async with connected(settings(obs, **more), room) as made:
        await until(lambda: said(made) == ("connected", ""))
        yield made


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
    assert checked["ok"] is True
    assert checked["code"] == "follows"
    assert checked["program"] == "秒杀"
    assert checked["texts"] == ["价格牌"]
    assert checked["chapters"] is True
    assert len(studio.made("SetCurrentProgramScene")) == 3, "each once"


async def test_what_does_not_come_to_be_is_said(obs: FakeObs, room: DeskRoom, desk: Desk) -> None:
    obs.studio.obeys = obs.studio.keeps_texts = False
    async with connected(settings(obs, scenes=SCENES, texts=TEXTS), room) as made:
        await until(lambda: said(made) == ("connected", "scene_not_shown"))
        assert made.state().params == {"scene": "候场", "shown": "主机位"}
        assert (await made.act("check", {}))["ok"] is False
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
        assert made.state().figures["streaming"] is None, "unknown is not off"
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
        assert await made.act("connect", {}) == {"ok": True}
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
        assert answered["ok"] is False
        assert answered["code"] == "silent"
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
        assert (await made.act("check", {}))["code"] == "nothing_wanted"


async def test_what_obs_refuses_is_said_and_not_hammered(obs: FakeObs, room: DeskRoom) -> None:
    obs.studio._lacks = frozenset({"SetCurrentProgramScene"})
    async with connected(settings(obs, scenes=SCENES), room) as made:
        await until(lambda: said(made) == ("connected", "refused"))
        assert made.state().params["status"] == 204
        before = obs.tries
        await asyncio.sleep(0.3)
        assert obs.tries == before
        assert said(made) == ("connected", "refused")


# Chapters -------------------------------------------------------------------------------------------


async def test_each_product_that_is_explained_is_one_chapter(
    obs: FakeObs, room: DeskRoom, desk: Desk
) -> None:
    obs.studio.start_record()
    async with followed(obs, room, chapters=True) as made:
        for product_id in ("scarf", "hat", "scarf"):
            had = len(obs.studio.chapters)
            pin(desk, product_id)
            await until(lambda had=had: len(obs.studio.chapters) == had + 1)  # type: ignore[misc]
        await obs.close_sessions(1001)
        await until(lambda: obs.tries == 2 and said(made) == ("connected", ""))
        assert made.state().figures["recording"] == 1
    async with followed(obs, room, chapters=True):
        await asyncio.sleep(0.1)
    assert [name.split(" ")[0] for name in obs.studio.chapters] == ["1号", "2号", "1号"]


async def test_a_recording_that_takes_no_chapters_is_told_so_once_and_the_next_is_tried(
    obs: FakeObs, room: DeskRoom, desk: Desk
) -> None:
    obs.studio.chapters_fail = 702
    obs.studio.start_record()
    async with followed(obs, room, chapters=True) as made:
        for product_id in ("scarf", "hat", "scarf"):
            pin(desk, product_id)
            await until(lambda: said(made) == ("connected", "chapters_refused"))
            await asyncio.sleep(0.1)
        assert len(obs.studio.made("CreateRecordChapter")) == 1
        obs.studio.start_record(False)
        obs.studio.chapters_fail = 0
        obs.studio.start_record()
        await until(lambda: len(obs.studio.chapters) == 1)
        await until(lambda: said(made) == ("connected", ""))


async def test_an_old_obs_is_not_asked_for_chapters_at_all(room: DeskRoom, desk: Desk) -> None:
    obs = await FakeObs(Studio(lacks=OLD)).start()
    obs.studio.start_record()
    try:
        async with connected(settings(obs, chapters=True), room) as made:
            pin(desk)
            await until(lambda: said(made) == ("connected", "no_chapters"))
            await asyncio.sleep(0.1)
            assert "chapters" in made.state().figures
    finally:
        await obs.stop()
    assert obs.studio.made("CreateRecordChapter") == []


async def test_a_recording_that_just_ended_is_no_trouble(obs: FakeObs, room: DeskRoom, desk: Desk) -> None:
    obs.studio.start_record()
    async with followed(obs, room, chapters=True) as made:
        await until(lambda: made.state().figures["recording"] == 1)
        obs.studio.record.active = False  # and the word of it is on its way
        pin(desk)
        await asyncio.sleep(0.2)
        assert said(made) == ("connected", "")


# The strip ------------------------------------------------------------------------------------------


async def test_a_stream_started_elsewhere_is_seen_with_its_beginning(obs: FakeObs, room: DeskRoom) -> None:
    stream = obs.studio.stream
    stream.active, stream.duration, stream.skipped, stream.total = True, 90_000, 7, 900
    stream.congestion = 0.256
    async with followed(obs, room) as made:
        await until(lambda: made.state().figures["streaming"] == 1)
        figures = made.state().figures
        assert figures["stream_began"] == round(room.now().timestamp() * 1000) - 90_000
        assert (figures["dropped_frames"], figures["total_frames"]) == (7, 900)
        assert figures["congestion_percent"] == 26
        assert figures["recording"] == 0
        stream.duration = 91_000  # a second of its own
        obs.studio.start_record()
        await until(lambda: made.state().figures["recording"] == 1)
        assert made.state().figures["stream_began"] == figures["stream_began"]
        stream.active = False
        obs.studio.told("StreamStateChanged", {"outputActive": False}, 64)
        await until(lambda: made.state().figures["streaming"] == 0)
        assert made.state().figures["stream_began"] is None
        assert obs.studio.asked == [], "it starts and stops nothing"


# The overlay ----------------------------------------------------------------------------------------


async def test_the_overlay_is_made_by_one_key_in_the_size_of_the_canvas(obs: FakeObs, room: DeskRoom) -> None:
    announce(room.folder)
    async with followed(obs, room) as made:
        answered = await made.act("overlay", {})
        assert answered["ok"] is True, answered
        assert answered["params"] == {
            "source": "LiveConsole",
            "scene": "主机位",
            "width": 720,
            "height": 1280,
        }
        source = obs.studio.sources["LiveConsole"]
        page = room.folder / "overlay-waiting.html"
        assert source.settings["url"].startswith(f"{page.as_uri()}?")
        assert "overlay-token" in page.read_text()
        assert "overlay-token" not in source.settings["url"]
        assert page.stat().st_mode & 0o077 == 0
        obs.studio.by_hand("商品")
        assert (await made.act("overlay", {}))["ok"] is True
        assert list(obs.studio.scenes["商品"].values()) == ["LiveConsole"], "the same source there too"
        assert (await made.act("overlay", {}))["ok"] is True
        assert list(obs.studio.scenes["商品"].values()) == ["LiveConsole"], "and not twice"


@pytest.mark.parametrize(("port", "token"), [(4500, "overlay-token"), (4400, "renewed")])
async def test_an_engine_on_another_port_has_its_overlay_loaded_anew_and_no_other_source(
    obs: FakeObs, room: DeskRoom, port: int, token: str
) -> None:
    announce(room.folder)
    async with followed(obs, room) as made:
        await made.act("overlay", {})
    source = obs.studio.sources["LiveConsole"]
    before = source.settings["url"]
    async with followed(obs, room):
        await asyncio.sleep(0.1)
    assert source.settings["url"] == before, "nothing is loaded anew without need"
    announce(room.folder, port, token)
    async with followed(obs, room):
        await until(lambda: source.settings["url"] != before)
        page = (room.folder / "overlay-waiting.html").read_text()
        assert f"127.0.0.1:{port}" in page
        assert token in page
    source.settings["url"] = "http://127.0.0.1:1/hers"
    announce(room.folder, 4600)
    async with followed(obs, room):
        await asyncio.sleep(0.1)
    assert source.settings["url"] == "http://127.0.0.1:1/hers"


async def test_an_engine_that_comes_to_listen_later_is_found(obs: FakeObs, room: DeskRoom) -> None:
    async with followed(obs, room) as made:
        assert (await made.act("overlay", {}))["code"] == "no_address"
        announce(room.folder)
        await until(lambda: (room.folder / "overlay-waiting.html").exists())


async def test_where_the_overlay_cannot_be_made_it_is_said(room: DeskRoom, tmp_path: Path) -> None:
    announce(room.folder)
    obs = await FakeObs(Studio(browser=False)).start()
    try:
        async with followed(obs, room) as made:
            assert (await made.act("overlay", {}))["code"] == "no_browser_source"
            obs.studio.kinds.append("browser_source")
            obs.studio.add_source("LiveConsole")
            assert (await made.act("overlay", {}))["code"] == "name_taken"
            del obs.studio.sources["LiveConsole"]
            made._settings = ObsConnection(address="192.0.2.1:4455")
            assert (await made.act("overlay", {}))["code"] == "elsewhere"
    finally:
        await obs.stop()


async def test_nothing_is_done_that_nobody_knows(obs: FakeObs, room: DeskRoom) -> None:
    made = ObsConnector(settings(obs), room.folder)
    with pytest.raises(LookupError):
        await made.act("stream", {})
    assert (await made.act("check", {}))["ok"] is False


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
