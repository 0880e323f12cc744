"""What an OBS has in it and answers, without a socket: scenes, sources, outputs and chapters."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

OLD = frozenset({"CreateRecordChapter"})
"""Requests that OBS 29 does not have."""
TEXT = "text_ft2_source_v2"


class No(Exception):
    """A request that is refused: status and comment."""

    def __init__(self, status: int, comment: str = "") -> None:
        super().__init__(status, comment)
        self.status, self.comment = status, comment


@dataclass
class Source:
    kind: str
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class Output:
    active: bool = False
    paused: bool = False
    reconnecting: bool = False
    duration: int = 0
    congestion: float = 0.0
    skipped: int = 0
    total: int = 0

    def told(self) -> dict[str, Any]:
        return {
            "outputActive": self.active,
            "outputPaused": self.paused,
            "outputReconnecting": self.reconnecting,
            "outputTimecode": "00:00:00.000",
            "outputDuration": self.duration,
            "outputCongestion": self.congestion,
            "outputBytes": 0,
            "outputSkippedFrames": self.skipped,
            "outputTotalFrames": self.total,
        }


class Studio:
    """``told`` hears the events; ``asked`` keeps every request that changes something."""

    def __init__(self, *, lacks: frozenset[str] = frozenset(), browser: bool = True) -> None:
        self.scenes: dict[str, dict[int, str]] = {"主机位": {}}
        """Name → item id → source."""
        self.enabled: dict[tuple[str, int], bool] = {}
        self.program = "主机位"
        self.sources: dict[str, Source] = {}
        self.kinds = [TEXT, "image_source", *(["browser_source"] if browser else [])]
        self.stream, self.record = Output(), Output()
        self.chapters: list[str] = []
        self.chapters_fail = 0
        """A status that answers for every chapter: 702 where the format has none."""
        self.keeps_texts = True
        self.obeys = True
        """False: what it was told to show it says it shows, and does not."""
        self.frames = 1_000
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.told: Callable[[str, dict[str, Any], int], None] = lambda *_: None
        self._lacks = lacks
        self._next_item = secrets.randbelow(90) + 1

    def answer(self, request: str, data: dict[str, Any]) -> dict[str, Any]:
        does = getattr(self, f"_{request}", None)
        if does is None or request in self._lacks:
            raise No(204, "Your request type is not valid.")
        if not request.startswith("Get"):
            self.asked.append((request, data))
        found: dict[str, Any] | None = does(data)
        return found or {}

    def requests(self) -> list[str]:
        named = (name[1:] for name in dir(self) if name[0] == "_" and name[1:2].isupper())
        return [name for name in named if name not in self._lacks]

    def made(self, request: str) -> list[dict[str, Any]]:
        """What was asked of this kind."""
        return [data for name, data in self.asked if name == request]

    def by_hand(self, scene: str) -> None:
        """A person switches; as in OBS the event comes when the transition is over."""
        self.program = scene
        self.told("CurrentProgramSceneChanged", {"sceneName": scene}, 4)

    def add_scene(self, *names: str) -> None:
        for name in names:
            self.scenes[name] = {}
            self.told("SceneCreated", {"sceneName": name, "isGroup": False}, 4)

    def add_source(self, name: str, kind: str = TEXT, scene: str = "主机位") -> int:
        self.sources[name] = Source(kind)
        self.told("InputCreated", {"inputName": name, "inputKind": kind}, 8)
        return self._put(scene, name)

    def start_record(self, active: bool = True) -> None:
        self.record.active = active
        self.told("RecordStateChanged", {"outputActive": active, "outputPath": None}, 64)

    def _put(self, scene: str, name: str) -> int:
        self._next_item += 1
        self.scenes[scene][self._next_item] = name
        self.enabled[scene, self._next_item] = True
        return self._next_item

    def _scene(self, data: dict[str, Any]) -> dict[int, str]:
        name = data["sceneName"]
        if name not in self.scenes:
            raise No(600, f"No source was found by the name of `{name}`.")
        return self.scenes[name]

    def _source(self, data: dict[str, Any]) -> Source:
        name = data["inputName"]
        if name not in self.sources:
            raise No(600, f"No source was found by the name of `{name}`.")
        return self.sources[name]

    def _GetVersion(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"obsVersion": "30.2.2", "obsWebSocketVersion": "5.5.2", "availableRequests": self.requests()}

    def _GetSceneList(self, data: dict[str, Any]) -> dict[str, Any]:
        scenes = [{"sceneIndex": at, "sceneName": name} for at, name in enumerate(self.scenes)]
        return {"currentProgramSceneName": self.program, "scenes": scenes}

    def _GetCurrentProgramScene(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"currentProgramSceneName": self.program}

    def _SetCurrentProgramScene(self, data: dict[str, Any]) -> None:
        self._scene(data)
        if self.obeys:
            self.by_hand(data["sceneName"])

    def _GetInputList(self, data: dict[str, Any]) -> dict[str, Any]:
        found = [{"inputName": name, "inputKind": one.kind} for name, one in self.sources.items()]
        return {"inputs": found}

    def _GetInputKindList(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"inputKinds": self.kinds}

    def _GetInputSettings(self, data: dict[str, Any]) -> dict[str, Any]:
        source = self._source(data)
        return {"inputKind": source.kind, "inputSettings": source.settings}

    def _SetInputSettings(self, data: dict[str, Any]) -> None:
        source = self._source(data)
        if self.keeps_texts:
            source.settings |= data["inputSettings"]

    def _GetVideoSettings(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"baseWidth": 720, "baseHeight": 1280, "fpsNumerator": 30, "fpsDenominator": 1}

    def _CreateInput(self, data: dict[str, Any]) -> dict[str, Any]:
        self._scene(data)
        if data["inputName"] in self.sources:
            raise No(601, "A source already exists by that input name.")
        if data["inputKind"] not in self.kinds:
            raise No(605, "Your specified input kind is not supported by OBS.")
        self.sources[data["inputName"]] = Source(data["inputKind"], dict(data["inputSettings"]))
        return {"sceneItemId": self._put(data["sceneName"], data["inputName"])}

    def _CreateSceneItem(self, data: dict[str, Any]) -> dict[str, Any]:
        self._scene(data)
        return {"sceneItemId": self._put(data["sceneName"], data["sourceName"])}

    def _GetSceneItemId(self, data: dict[str, Any]) -> dict[str, Any]:
        for id_, name in self._scene(data).items():
            if name == data["sourceName"]:
                return {"sceneItemId": id_}
        raise No(600, "No scene items were found in the specified scene by that name or offset.")

    def _SetSceneItemEnabled(self, data: dict[str, Any]) -> None:
        if data["sceneItemId"] not in self._scene(data):
            raise No(600, "No scene items were found in the specified scene with that ID.")
        self.enabled[data["sceneName"], data["sceneItemId"]] = data["sceneItemEnabled"]

    def _GetStreamStatus(self, data: dict[str, Any]) -> dict[str, Any]:
        return self.stream.told()

    def _GetRecordStatus(self, data: dict[str, Any]) -> dict[str, Any]:
        return self.record.told()

    def _GetStats(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"renderTotalFrames": self.frames}

    def _CreateRecordChapter(self, data: dict[str, Any]) -> None:
        if not self.record.active:
            raise No(501)
        if self.chapters_fail:
            raise No(self.chapters_fail)
        self.chapters.append(data["chapterName"])
