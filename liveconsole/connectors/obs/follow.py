"""What OBS is to show for the room as it is, and what has to be done for that. Pure.

The picture is the room's until a person changes it in OBS: then it is his until the room has something new to
show. So what is compared is not what OBS shows but what was done there last (`Followed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct, field

from liveconsole.domain.room import Room
from liveconsole.messages.connections import OBS_FIELDS, ObsConnection
from liveconsole.overlay.view import OverlayProduct, OverlayPromotion, OverlayView
from liveconsole.views.money import yuan_short

UNKNOWN: Final = "—"
_SOLD_OUT: Final = "已售罄"
_REHEARSED: Final = "排练 "
"""Before every text of a simulated room, as it stands on the overlay."""
_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_NO_PRODUCT: Final = frozenset({"shop"})
"""Fields that say something without a product."""
_CHAPTER_LIMIT: Final = 100
_SAME_RUN: Final = timedelta(seconds=2)
"""By so much a beginning that is reckoned may be wrong."""

Trouble = tuple[str, dict[str, Any]]
"""A code of `connection_words.obs` with what it names."""


class OnAir(Struct, frozen=True):
    """The room as far as OBS shows it; of goods and figures what viewers may see on the overlay, no more."""

    view: OverlayView
    segment: tuple[str, str] | None = None
    """Id and title of the one that runs."""
    kinds: tuple[str, ...] = ()
    """Of promotions on air, the latest first."""
    pin: str = ""
    """Tells one explanation of a product from the next one, also of the same product."""


class WantedPicture(Struct, frozen=True):
    """``scene`` and ``chapter`` are empty where the room asks for none."""

    scene: str = ""
    texts: dict[str, str] = {}
    pin: str = ""
    chapter: str = ""


class Followed(Struct):
    """What was done last, in which run of OBS: kept over restarts of the engine."""

    run: str = ""
    frames: int = 0
    """Drawn since OBS started; fewer are those of another run."""
    seen_at: datetime | None = None
    """When it was seen to run last."""
    scene: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    pin: str = ""


class ObsSeen(Struct):
    """OBS as it was read last."""

    scenes: list[str] = field(default_factory=list)
    program: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    """Name → kind."""
    kinds: list[str] = field(default_factory=list)
    requests: frozenset[str] = frozenset()
    recording: bool = False
    chapters: str = ""
    """Why this OBS makes none; said once, not at every product."""


class ShowScene(Struct, frozen=True):
    scene: str


class WriteText(Struct, frozen=True):
    source: str
    text: str


class MakeChapter(Struct, frozen=True):
    pin: str
    name: str


ObsStep = ShowScene | WriteText | MakeChapter


def on_air(room: Room, view: OverlayView) -> OnAir:
    segment = room.rundown.segments.get(room.rundown.current or "")
    live = [room.cues[id_] for id_ in room.live if room.cues[id_].status == "on_air"]
    live.sort(key=lambda cue: (cue.on_air_at is not None, cue.on_air_at, cue.cue_id), reverse=True)
    at = room.pinned.confirmed_at
    return OnAir(
        view,
        (segment.written.segment_id, segment.written.title) if segment is not None else None,
        tuple(dict.fromkeys(cue.kind for cue in live if cue.kind != "pin")),
        f"{room.pinned.confirmed}@{at.isoformat() if at is not None else ''}" if view.pinned else "",
    )


def wanted(settings: ObsConnection, seen: OnAir) -> WantedPicture:
    product = seen.view.pinned
    scene = next((settings.scenes[when] for when in _holding(seen) if when in settings.scenes), "")
    said = _said(seen.view)
    texts = {
        source: _marked(_written(template, said), simulated=seen.view.simulated)
        for source, template in settings.texts.items()
        if not unknown_fields(template)
    }
    chapter = _chapter(product) if settings.chapters and product is not None else ""
    return WantedPicture(scene, texts, seen.pin if chapter else "", chapter)


def unknown_fields(template: str) -> list[str]:
    """Return what a template names and nothing tells: such a text is not written, as it would go on air."""
    return [name for name in _FIELD.findall(template) if name not in OBS_FIELDS]


def steps(want: WantedPicture, done: Followed, obs: ObsSeen) -> list[ObsStep]:
    """Return what is to be done now; what OBS has no scene or source for waits until it has."""
    found: list[ObsStep] = []
    if want.scene and want.scene != done.scene and want.scene in obs.scenes:
        found.append(ShowScene(want.scene))
    for source, text in want.texts.items():
        if done.texts.get(source) != text and takes_text(obs.inputs.get(source, "")):
            found.append(WriteText(source, text))
    if want.chapter and want.pin != done.pin and obs.recording and not obs.chapters:
        found.append(MakeChapter(want.pin, want.chapter))
    return found


def troubles(settings: ObsConnection, want: WantedPicture, done: Followed, obs: ObsSeen) -> Iterator[Trouble]:
    """Yield what keeps OBS from following, the gravest first; last what is only worth knowing."""
    for scene in dict.fromkeys(settings.scenes.values()):
        if scene not in obs.scenes:
            yield "no_scene", {"scene": scene}
    for source, template in settings.texts.items():
        if source not in obs.inputs:
            yield "no_text", {"source": source}
        elif not takes_text(obs.inputs[source]):
            yield "not_a_text", {"source": source}
        if unknown := unknown_fields(template):
            yield "unknown_field", {"source": source, "field": unknown[0][:40]}
    if settings.chapters and obs.chapters:
        yield obs.chapters, {}
    if want.scene and done.scene == want.scene and obs.program != want.scene:
        yield "by_hand", {"scene": obs.program, "wanted": want.scene}


def another_run(done: Followed, run: str, frames: int, fps: float, now: datetime) -> bool:
    """Tell whether OBS was started anew since: what was done then may be gone. Where it has no password its
    frames tell when it began, since it counts those too that it was too slow for."""
    if run and done.run:
        return run != done.run
    if frames < done.frames:
        return True
    if done.seen_at is None or not fps:
        return False
    return now - timedelta(seconds=frames / fps) > done.seen_at + _SAME_RUN


def takes_text(kind: str) -> bool:
    """By the kind of a source; another one would keep a ``text`` in its settings and show nothing of it."""
    return kind.startswith("text_")


def _holding(seen: OnAir) -> Iterable[str]:
    yield from (f"kind:{kind}" for kind in seen.kinds)
    if seen.segment is not None:
        yield from (f"segment:{name}" for name in seen.segment)
    yield "pin" if seen.view.pinned is not None else "idle"


def _said(view: OverlayView) -> dict[str, str | None]:
    """None: nobody knows it now."""
    said: dict[str, str | None] = {"shop": view.shop.title if view.shop is not None else None}
    product = view.pinned
    if product is not None:
        sale = next((one for one in view.running if one.on_pinned), None)
        said["number"] = str(product.number) if product.number is not None else None
        said["title"] = product.title
        said["price"] = _price(product, sale)
        listed = (sale or product).list_price_fen
        said["list_price"] = yuan_short(listed) if listed is not None else None
        said["left"] = str(sale.left) if sale is not None and sale.left is not None else None
    return said


def _price(product: OverlayProduct, sale: OverlayPromotion | None) -> str:
    one = sale or product
    if one.price_fen is None:
        return _SOLD_OUT if one.sold_out else UNKNOWN
    return yuan_short(one.price_fen) + (" 起" if one.price_from else "")


def _written(template: str, said: Mapping[str, str | None]) -> str:
    """Nothing at all where it speaks of a product and there is none of these to say: half a sentence would
    stand on the picture."""
    named = set(_FIELD.findall(template)) - _NO_PRODUCT
    if named and all(said.get(name) is None for name in named):
        return ""
    return _FIELD.sub(lambda found: _or_dash(said.get(found[1])), template)


def _marked(text: str, *, simulated: bool) -> str:
    return _REHEARSED + text if simulated and text else text


def _or_dash(text: str | None) -> str:
    return text if text is not None else UNKNOWN


def _chapter(product: OverlayProduct) -> str:
    number = f"{product.number}号 " if product.number is not None else ""
    return f"{number}{product.title}"[:_CHAPTER_LIMIT]
