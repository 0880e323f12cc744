"""One session in which OBS follows: it is looked at, told what the room wants, and read back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from liveconsole.connectors.obs import follow, wire
from liveconsole.connectors.obs.acts import BROWSER
from liveconsole.connectors.obs.client import ObsClient, ObsRefused, Sleep
from liveconsole.connectors.obs.follow import (
    Followed,
    MakeChapter,
    ObsSeen,
    ObsStep,
    ShowScene,
    Trouble,
    WantedPicture,
    WriteText,
)
from liveconsole.connectors.obs.output import NOTHING, figures
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import ObsConnection, known
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import write_own

log = logging.getLogger(__name__)

FILE: Final = "obs-followed.json"
_STATUS_SECONDS: Final = 2.0
_AGAIN_SECONDS: Final = 30.0
"""Until OBS is asked once more for what it refused."""
_FRAMES_KEPT: Final = 300
"""Every so many frames the run of OBS is kept anew."""
_READ_BACK: Final = (0.0, 0.1, 0.3, 0.6)
"""Pauses before looking whether it shows it."""
_LISTS: Final = frozenset(
    {
        "SceneListChanged",
        "SceneCreated",
        "SceneRemoved",
        "SceneNameChanged",
        "InputCreated",
        "InputRemoved",
        "InputNameChanged",
        "CurrentSceneCollectionChanged",
    }
)
_OUTPUT: Final = frozenset({"CurrentProgramSceneChanged", "StreamStateChanged", "RecordStateChanged"})
"""They come late, after a transition: what is true now is asked."""


class Following:
    """``figures`` and ``last_at`` are those of the last look; ``ready`` once OBS was looked at whole."""

    def __init__(
        self,
        client: ObsClient,
        settings: ObsConnection,
        folder: Path,
        now: Callable[[], datetime],
        sleep: Sleep,
    ) -> None:
        self.client = client
        self.figures = NOTHING
        self.last_at: datetime | None = None
        self.ready = False
        self._settings, self._path, self._now, self._sleep = settings, folder / FILE, now, sleep
        self._obs = ObsSeen()
        self._done = Followed()
        self._want = WantedPicture()
        self._version = ""
        self._lists_stale = False
        self._unkept = False
        self._status_due = 0.0
        self._refused: dict[ObsStep, tuple[float, Trouble]] = {}
        self._not_shown: dict[str, Trouble] = {}

    async def begin(self) -> None:
        """Look round in OBS, and tell whether it is the run in which all was done."""
        self._done = await asyncio.to_thread(_kept, self._path)
        version = await self.client.ask("GetVersion")
        self._version = str(version.get("obsVersion", ""))
        self._obs.requests = frozenset(map(str, version.get("availableRequests", ())))
        if "CreateRecordChapter" not in self._obs.requests:
            self._obs.chapters = "no_chapters"
        await self.look_round()
        frames, fps = await self._frames(), _fps(await self.client.ask("GetVideoSettings"))
        if follow.another_run(self._done, self.client.salt, frames, fps, self._now()):
            self._done = Followed(pin=self._done.pin)
        self._done.run, self._done.frames = self.client.salt, frames
        await self._keep()
        await self._look_at_outputs()
        self.ready = True

    async def look_round(self) -> ObsSeen:
        """Read the scenes and the sources anew."""
        self._lists_stale = False
        scenes = await self.client.ask("GetSceneList")
        self._obs.scenes = [str(scene.get("sceneName", "")) for scene in scenes.get("scenes", ())]
        self._obs.program = str(scenes.get("currentProgramSceneName") or "")
        inputs = (await self.client.ask("GetInputList")).get("inputs", ())
        self._obs.inputs = {str(one.get("inputName", "")): str(one.get("inputKind", "")) for one in inputs}
        self._obs.kinds = list(map(str, (await self.client.ask("GetInputKindList")).get("inputKinds", ())))
        return self._obs

    def heard(self, event: str, data: dict[str, Any]) -> None:
        """Take an event of OBS: it says where to look, not what is there."""
        if event == "InputCreated":  # under a name that there was, perhaps: it has nothing written in it
            self._done.texts.pop(str(data.get("inputName")), None)
        elif event == "CurrentSceneCollectionChanged":
            self._done.texts.clear()
        if event in _LISTS:
            self._lists_stale = True
        if event in _OUTPUT or event in _LISTS:
            self._status_due = 0.0
        if event == "RecordStateChanged" and self._obs.chapters == "chapters_refused":
            self._obs.chapters = ""  # the next recording may be of another format

    async def turn(self, want: WantedPicture) -> None:
        """Look where something moved, and do what the room wants now."""
        self._want = want
        if self._lists_stale:
            await self.look_round()
        now = asyncio.get_running_loop().time()
        if now >= self._status_due:
            await self._look_at_outputs()
        self._forget(want)
        for step in follow.steps(want, self._done, self._obs):
            if now >= self._refused.get(step, (0.0, None))[0]:
                await self._do(step)

    def troubles(self) -> Iterator[Trouble]:
        """Yield what keeps OBS from following, the gravest first."""
        yield from (trouble for _, trouble in self._refused.values())
        yield from self._not_shown.values()
        yield from follow.troubles(self._settings, self._want, self._done, self._obs)

    async def check(self) -> ConnectionSaid:
        """Return what OBS can do and whether it shows what the room wants, read just now."""
        await self.look_round()
        texts = {
            source: await self._text(source) for source in self._want.texts if source in self._obs.inputs
        }
        code, params = next(self.troubles(), ("follows", {}))
        shown = not self._want.scene or self._obs.program == self._want.scene
        same = shown and all(texts.get(source) == text for source, text in self._want.texts.items())
        if code == "follows" and not (self._want.scene or self._want.texts):
            code = "nothing_wanted"
        elif code == "follows" and not same:
            code = "not_yet"
        return ConnectionSaid(
            code == "follows",
            code,
            params,
            version=self._version,
            program=self._obs.program,
            scenes=list(self._obs.scenes),
            texts=[name for name, kind in self._obs.inputs.items() if follow.takes_text(kind)],
            chapters="CreateRecordChapter" in self._obs.requests,
            browser_source=BROWSER in self._obs.kinds,
        )

    def _forget(self, want: WantedPicture) -> None:
        """What the room no longer asks for is no trouble, and a scene that it asks for once more is new."""
        wanted = {want.scene, *want.texts}
        shown = self._obs.program
        self._not_shown = {
            name: one for name, one in self._not_shown.items() if name in wanted and name != shown
        }
        current = {*follow.steps(want, self._done, self._obs)}
        self._refused = {step: one for step, one in self._refused.items() if step in current}
        if not want.scene:
            self._done.scene = ""

    async def _do(self, step: ObsStep) -> None:
        try:
            match step:
                case ShowScene():
                    await self._show(step.scene)
                case WriteText():
                    await self._write(step)
                case MakeChapter():
                    await self._make_chapter(step)
        except ObsRefused as no:
            again = asyncio.get_running_loop().time() + _AGAIN_SECONDS
            self._refused[step] = again, (no.code, no.params)
            self._lists_stale = no.status == wire.NOT_FOUND
            return
        if isinstance(step, WriteText):  # four times a second in a sale: kept with the next look
            self._unkept = True
        else:
            await self._keep()

    async def _show(self, scene: str) -> None:
        """What was seen there last may be a person's, who has gone on since; while it is read back he has his
        way."""
        if await self._look_at_program() != scene:
            await self.client.ask("SetCurrentProgramScene", sceneName=scene)
            for pause in _READ_BACK:
                await self._sleep(pause)
                if (shown := await self._look_at_program()) == scene:
                    break
            else:
                self._not_shown[scene] = "scene_not_shown", {"scene": scene, "shown": shown}
        self._done.scene = scene

    async def _write(self, step: WriteText) -> None:
        await self.client.ask(
            "SetInputSettings", inputName=step.source, inputSettings={"text": step.text}, overlay=True
        )
        self._done.texts[step.source] = step.text
        if await self._text(step.source) == step.text:
            self._not_shown.pop(step.source, None)
        else:
            self._not_shown[step.source] = "text_not_shown", {"source": step.source}

    async def _make_chapter(self, step: MakeChapter) -> None:
        """Once for each pin: it is kept first, since one that may have been made is not made again."""
        self._done.pin = step.pin
        await self._keep()
        try:
            await self.client.ask("CreateRecordChapter", chapterName=step.name)
        except ObsRefused as no:
            if no.status == wire.NOT_RUNNING:
                self._obs.recording = False
            elif no.status == wire.UNKNOWN_REQUEST:
                self._obs.chapters = "no_chapters"
            else:
                self._obs.chapters = "chapters_refused"
            return
        self.figures = replace(self.figures, chapters=(known(self.figures.chapters) or 0) + 1)

    async def _text(self, source: str) -> str | None:
        settings = (await self.client.ask("GetInputSettings", inputName=source)).get("inputSettings", {})
        return settings.get("text", "") if isinstance(settings, dict) else None

    async def _look_at_program(self) -> str:
        found = await self.client.ask("GetCurrentProgramScene")
        self._obs.program = str(found.get("currentProgramSceneName") or found.get("sceneName") or "")
        return self._obs.program

    async def _look_at_outputs(self) -> None:
        self._status_due = asyncio.get_running_loop().time() + _STATUS_SECONDS
        await self._look_at_program()
        stream = await self.client.ask("GetStreamStatus")
        record = await self.client.ask("GetRecordStatus")
        self.last_at = self._now()
        self.figures = figures(stream, record, self.last_at, self.figures)
        self._obs.recording = self.figures.recording == 1
        frames = await self._frames()
        if self._unkept or frames - self._done.frames >= _FRAMES_KEPT:
            self._done.frames = frames
            await self._keep()

    async def _frames(self) -> int:
        return _whole((await self.client.ask("GetStats")).get("renderTotalFrames"))

    async def _keep(self) -> None:
        """Without it a restart does once more what was done; the picture goes on without it."""
        self._done.seen_at, self._unkept = self._now(), False
        try:
            await asyncio.to_thread(write_own, self._path, msgspec.json.encode(self._done))
        except OSError as error:
            log.error("what OBS was told cannot be kept: %s", error)


def _kept(path: Path) -> Followed:
    """Without the file, or with one that is broken, all is done anew."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Followed)
    except (OSError, *UNREADABLE):
        return Followed()


def _fps(canvas: Mapping[str, Any]) -> float:
    """0 where it is not told."""
    return _whole(canvas.get("fpsNumerator")) / max(1, _whole(canvas.get("fpsDenominator")))


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
