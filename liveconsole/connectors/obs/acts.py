"""What a person presses for OBS: the check, and the source of the overlay made for him."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from liveconsole.bus import discovery
from liveconsole.connectors.obs import wire
from liveconsole.connectors.obs.client import ObsClient, ObsError, ObsRefused
from liveconsole.connectors.obs.waiting import is_waiting_page, keep_waiting_page

log = logging.getLogger(__name__)

SOURCE: Final = "LiveConsole"
"""The overlay's source, as OBS lists it."""
BROWSER: Final = "browser_source"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


async def make_overlay(client: ObsClient, folder: Path, address: str, kinds: list[str]) -> dict[str, Any]:
    """Put the overlay into the scene on the program, over everything else, in the size of the canvas; the
    source that is there already is set right.

    Raises:
        ObsError: it cannot be made, or is not there when looked for.
    """
    if BROWSER not in kinds:
        raise ObsError("no_browser_source")
    if urlsplit(f"ws://{address}").hostname not in _LOOPBACK:
        raise ObsError("elsewhere")
    url = await asyncio.to_thread(page_on_disk, folder)
    if not url:
        raise ObsError("no_address")
    settings = await _settings(client, url)
    scene = str((await client.ask("GetCurrentProgramScene")).get("currentProgramSceneName", ""))
    try:
        await client.ask(
            "CreateInput", sceneName=scene, inputName=SOURCE, inputKind=BROWSER, inputSettings=settings
        )
    except ObsRefused as no:
        if no.status != wire.EXISTS:
            raise
        if (await client.ask("GetInputSettings", inputName=SOURCE)).get("inputKind") != BROWSER:
            raise ObsError("name_taken", source=SOURCE) from no
        await client.ask("SetInputSettings", inputName=SOURCE, inputSettings=settings, overlay=True)
    await _shown(client, scene)
    there = (await client.ask("GetInputSettings", inputName=SOURCE)).get("inputSettings", {})
    if any(there.get(name) != value for name, value in settings.items()):
        raise ObsError("overlay_differs", source=SOURCE)
    return {"source": SOURCE, "scene": scene, "width": settings["width"], "height": settings["height"]}


def page_on_disk(folder: Path) -> str:
    """Write the waiting page for the engine as it listens now and return its address; nothing before it
    listens."""
    found = discovery.look_up(folder)
    if found is None:
        return ""
    try:
        return keep_waiting_page(folder, found)
    except OSError as error:
        log.error("the page that waits for the engine cannot be written: %s", error)
        return ""


async def follow_address(client: ObsClient, folder: Path, url: str) -> None:
    """Have OBS load the waiting page anew where its source names an older one; a source that shows anything
    else is a person's."""
    try:
        there = (await client.ask("GetInputSettings", inputName=SOURCE)).get("inputSettings", {})
    except ObsRefused:
        return
    if there.get("url") != url and is_waiting_page(folder, str(there.get("url", ""))):
        await client.ask("SetInputSettings", inputName=SOURCE, inputSettings={"url": url}, overlay=True)


async def _settings(client: ObsClient, url: str) -> dict[str, Any]:
    """Never shut down and never loaded anew by OBS itself: the page that waits for the engine is the one that
    was loaded first."""
    canvas = await client.ask("GetVideoSettings")
    return {
        "url": url,
        "is_local_file": False,
        "width": int(canvas.get("baseWidth", 720)),
        "height": int(canvas.get("baseHeight", 1280)),
        "shutdown": False,
        "restart_when_active": False,
    }


async def _shown(client: ObsClient, scene: str) -> None:
    """Its place in the scene is asked for anew: the number of an item is that of one build of the scene."""
    try:
        item = await client.ask("GetSceneItemId", sceneName=scene, sourceName=SOURCE)
    except ObsRefused as no:
        if no.status != wire.NOT_FOUND:
            raise
        item = await client.ask("CreateSceneItem", sceneName=scene, sourceName=SOURCE)
    await client.ask(
        "SetSceneItemEnabled", sceneName=scene, sceneItemId=item["sceneItemId"], sceneItemEnabled=True
    )
