"""Chapters of a recording, and what the strip is told of stream and recording."""

from __future__ import annotations

import asyncio

from msgspec import UNSET

from tests.unit.domain.desk import Desk
from tests.worlds.obs.room import (
    DeskRoom,
    connected,
    followed,
    pin,
    said,
    settings,
    until,
)
from tests.worlds.obs.server import FakeObs
from tests.worlds.obs.studio import OLD, Studio


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
        assert made.state().figures.recording == 1
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
            assert made.state().figures.chapters is not UNSET
    finally:
        await obs.stop()
    assert obs.studio.made("CreateRecordChapter") == []


async def test_a_recording_that_just_ended_is_no_trouble(obs: FakeObs, room: DeskRoom, desk: Desk) -> None:
    obs.studio.start_record()
    async with followed(obs, room, chapters=True) as made:
        await until(lambda: made.state().figures.recording == 1)
        obs.studio.record.active = False  # and the word of it is on its way
        pin(desk)
        await asyncio.sleep(0.2)
        assert said(made) == ("connected", "")


async def test_a_stream_started_elsewhere_is_seen_with_its_beginning(obs: FakeObs, room: DeskRoom) -> None:
    stream = obs.studio.stream
    stream.active, stream.duration, stream.skipped, stream.total = True, 90_000, 7, 900
    stream.congestion = 0.256
    async with followed(obs, room) as made:
        await until(lambda: made.state().figures.streaming == 1)
        figures = made.state().figures
        assert figures.stream_began == round(room.now().timestamp() * 1000) - 90_000
        assert (figures.dropped_frames, figures.total_frames) == (7, 900)
        assert figures.congestion_percent == 26
        assert figures.recording == 0
        stream.duration = 91_000  # a second of its own
        obs.studio.start_record()
        await until(lambda: made.state().figures.recording == 1)
        assert made.state().figures.stream_began == figures.stream_began
        stream.active = False
        obs.studio.told("StreamStateChanged", {"outputActive": False}, 64)
        await until(lambda: made.state().figures.streaming == 0)
        assert made.state().figures.stream_began is None
        assert obs.studio.asked == [], "it starts and stops nothing"
