"""Who sits here and what is broadcast: asked once, remembered in the data folder.

A folder belongs to one person's account. Of several windows that are open on it at once each has a place and
remembers its own seat (`window_place`), so that an assistant beside the host never becomes what the host
opens next day. Read before Qt is loaded, so nothing here imports it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final, Literal

import msgspec

from liveconsole import paths
from liveconsole.messages.unreadable import UNREADABLE

Mode = Literal["rehearsal", "manual", "tape"]
Role = Literal["host", "operator", "assistant", "deputy", "viewer"]
"""``deputy``: an assistant whom the host lets fire; it and ``viewer`` sit at another computer's room."""

ROLES: Final[tuple[Role, ...]] = ("host", "operator", "assistant")
ROLE_NAMES: Final[dict[str, str]] = {
    "host": "主播", "operator": "中控", "assistant": "助理", "deputy": "助理", "viewer": "只读",
}  # fmt: skip


class StartChoice(msgspec.Struct, frozen=True):
    """What the first run asked. Nothing in it is secret or personal."""

    mode: Mode = "rehearsal"
    role: Role = "host"
    sources: dict[str, bool] = {}
    """Capture sources to turn on in a real room."""
    tape: str = ""
    name: str = ""
    """Who sits here, as the first window calls him."""
    seat: str = ""
    """The kept seat at another computer's room (`elsewhere`); empty: a room of this one."""
    checked: bool = False
    """The check before the broadcast was seen once."""

    @property
    def ready(self) -> bool:
        """Whether the desk may join with it and ask nothing: a tape is looked at before it is played."""
        return self.mode != "tape" or self.checked


class SeatPerson(msgspec.Struct, frozen=True):
    """Somebody who sits at this computer, and what he does."""

    name: str
    role: Role = "host"


class RealRoom(msgspec.Struct, frozen=True):
    """What was last seen of the real room: its goods, and its broadcasts."""

    products: int = 0
    broadcasts: int = 0


PEOPLE: Final = 5
"""How many of them are remembered, the last one first."""


class Remembered(msgspec.Struct, frozen=True):
    """The whole file. Unknown fields of a newer desk are ignored, an unreadable file asks again."""

    choice: StartChoice | None = None
    language: Literal["zh", "en"] | None = None
    name: str = ""
    """Who sits here, as this window tells the others."""
    geometry: str = ""
    """QWidget.saveGeometry() as hex."""
    people: list[SeatPerson] = []
    real: RealRoom | None = None


def of_this_computer(choice: StartChoice) -> StartChoice:
    """What stands chosen for a room of this computer, after a seat at another one's."""
    return msgspec.structs.replace(choice, seat="", role="host", checked=False) if choice.seat else choice


def people_of(kept: Remembered) -> list[SeatPerson]:
    """Who can be chosen by name; a name that was given in the settings alone is one of them."""
    role = of_this_computer(kept.choice).role if kept.choice is not None else "host"
    known = any(person.name == kept.name for person in kept.people)
    return kept.people if known or not kept.name else [SeatPerson(kept.name, role), *kept.people][:PEOPLE]


def renamed(kept: Remembered, name: str) -> Remembered:
    """Who sits here is called this from now on; without a name he is nobody in particular."""
    people = [
        msgspec.structs.replace(person, name=name) if person.name == kept.name else person
        for person in kept.people
        if name or person.name != kept.name
    ]
    choice = msgspec.structs.replace(kept.choice, name=name) if kept.choice is not None else None
    return msgspec.structs.replace(kept, name=name, choice=choice, people=people)


def with_sources(kept: Remembered, sources: dict[str, bool]) -> Remembered:
    """What a real room's window turns on when it opens next is what was turned on last."""
    if kept.choice is None or kept.choice.mode != "manual":
        return kept
    return msgspec.structs.replace(kept, choice=msgspec.structs.replace(kept.choice, sources=sources))


def load(base: Path, place: int = 1) -> Remembered:
    """What a place in this data folder remembers; nothing when there is no file or it cannot be read."""
    try:
        return msgspec.json.decode(file_of(base, place).read_bytes(), type=Remembered)
    except (OSError, *UNREADABLE):
        return Remembered()


def save(base: Path, remembered: Remembered, place: int = 1) -> None:
    """Write it whole, owner-only. A folder that cannot be written only means being asked again."""
    with contextlib.suppress(OSError):
        paths.own_folder(base)
        paths.write_own(file_of(base, place), msgspec.json.encode(remembered))


def offered(base: Path, place: int) -> StartChoice:
    """What a window that was never asked stands chosen with: beside another one the same room, and the seat
    of whoever sits beside."""
    first = load(base).choice
    if place == 1 or first is None:
        return StartChoice()
    return msgspec.structs.replace(first, role="assistant", checked=False)


def file_of(base: Path, place: int) -> Path:
    """Where a place of this data folder is remembered."""
    return base / ("desk.json" if place == 1 else f"desk-{place}.json")


def serve_options(mode: Mode) -> list[str]:
    """Further words for ``serve`` when the desk starts the engine."""
    return ["--with-desk", *(["--rehearsal"] if mode == "rehearsal" else [])]


def folder(base: Path, mode: Mode) -> Path:
    """The room's own folder: simulated and taped rooms never share one with the real room."""
    if mode == "rehearsal":
        return paths.rehearsal_folder(base) / "desk"
    if mode == "tape":
        return paths.tape_folder(base)
    return base
