"""Page maps: where on a platform's console things stand, as an editable file.

The shipped ones lie in ``resources/pages/NAME.toml``; a copy in the data folder (``pages/NAME.toml``) wins. A
selector that was right yesterday is wrong tomorrow: the file is mended, not the program.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import own_folder, own_folders, write_own
from liveconsole.respath import resources

FOLDER: Final = "pages"
_MOST_BYTES: Final = 64 << 10


class BadPageMap(ValueError):
    """A map that cannot be used; the text says where."""


class Sign(Struct, frozen=True, forbid_unknown_fields=True):
    """Any one of these tells it."""

    urls: list[str] = []
    """Parts of the page's address; with ``$`` behind it, how the address ends."""
    selectors: list[str] = []
    texts: list[str] = []
    """Words that stand in the page where one can see them."""


class Button(Struct, frozen=True, forbid_unknown_fields=True):
    """讲解 of a row. Of several elements that fit, the one with such a text is it."""

    selector: str
    pin: list[str]
    unpin: list[str]
    off_classes: list[str] = field(default_factory=lambda: ["disabled"])
    """A class with this in its name says that it cannot be pressed."""


class RowPlaces(Struct, frozen=True, forbid_unknown_fields=True):
    """The list of products."""

    area: str
    row: str
    number: str
    button: Button
    title: str = ""
    """Empty: one of the texts in the row is the title, by itself."""
    drawn_when_seen: bool = False
    """The list draws only the rows that one sees; else all of them are in the page."""


class Hears(Struct, frozen=True, forbid_unknown_fields=True):
    """What of all that the page receives holds something for the room."""

    responses: list[str] = []
    """Parts of addresses."""
    sockets: list[str] = []


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """A big screen whose address needs an id that another page of the console is told of."""

    told_in: str
    """Part of the address of the response that has the id."""
    id_at: list[str]
    """Where in its JSON."""
    address: str
    """``{id}`` stands for the id."""
    responses: list[str] = []
    """Parts of addresses of what the screen receives."""


class PageMap(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    seen_at: date
    """The day on which somebody last saw it to be so."""
    goods: str
    """The page with the products."""
    hosts: list[str]
    """Where the page may lead; whatever else the browser shows is not this console."""
    rows: RowPlaces
    verified: bool = False
    """Whether that was on a real console."""
    talk: str = ""
    """A second page, where comments come to."""
    logged_out: Sign = Sign()
    not_live: Sign = Sign()
    captcha: Sign = Sign()
    close: list[str] = []
    """Buttons of dialogs that may be closed whenever they come."""
    confirm: list[str] = []
    """Buttons of the question that a press is answered with; pressed after ours only."""
    toasts: list[str] = []
    """Where the platform says why it did not."""
    toasts_well: list[str] = field(default_factory=lambda: ["成功"])
    """Words of toasts that are no refusal."""
    again_after_seconds: float = 1.0
    """Between ending and repeating the same product's 讲解."""
    settle_seconds: float = 6.0
    """So long the button may take to show what was pressed."""
    hears: Hears = Hears()
    screen: Screen | None = None


def load(name: str, folder: Path | None = None) -> PageMap:
    """Return the map of a platform, the user's own copy first.

    Raises:
        BadPageMap: there is none, or it cannot be used.
    """
    for base in own_folders(folder) if folder is not None else []:
        path = base / FOLDER / f"{name}.toml"
        if path.is_file():
            return _read(path)
    path = resources() / FOLDER / f"{name}.toml"
    if not path.is_file():
        raise BadPageMap(f"{name}: there is no page map of this name")
    return _read(path)


def copy(name: str, folder: Path) -> Path:
    """Put the shipped map where the user's own lies, and return where; one that is there is left alone."""
    own = own_folder(folder / FOLDER) / f"{name}.toml"
    if not own.exists():
        write_own(own, (resources() / FOLDER / own.name).read_bytes())
    return own


def names() -> list[str]:
    """Return the platforms that there is a map for."""
    return sorted(path.stem for path in (resources() / FOLDER).glob("*.toml"))


def _read(path: Path) -> PageMap:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadPageMap(f"{path.name}: larger than {_MOST_BYTES} bytes")
        return parse(path.read_bytes(), path.name)
    except OSError as why:
        raise BadPageMap(f"{path.name}: {why.strerror}") from why


def parse(text: bytes, name: str) -> PageMap:
    """
    Raises:
        BadPageMap: it cannot be used.
    """
    try:
        found = msgspec.toml.decode(text, type=PageMap)
    except (ValueError, *UNREADABLE) as why:
        raise BadPageMap(f"{name}: {why}") from why
    fault = _fault(found)
    if fault:
        raise BadPageMap(f"{name}: {fault}")
    return found


def _fault(found: PageMap) -> str:
    if not found.hosts:
        return "hosts: at least one"
    screen = found.screen
    if screen is not None and ("{id}" not in screen.address or not screen.told_in or not screen.id_at):
        return "screen: told_in, id_at, and {id} in its address"
    screen_at = screen.address.replace("{id}", "1") if screen is not None else ""
    for name, address in (("goods", found.goods), ("talk", found.talk), ("screen", screen_at)):
        if address and not belongs(found, address):
            return f"{name}: not at one of the hosts"
    button = found.rows.button
    for name, texts in (("pin", button.pin), ("unpin", button.unpin)):
        if not texts or not all(texts):
            return f"rows.button.{name}: at least one text"
    if set(button.pin) & set(button.unpin):
        return "rows.button: one text for both states"
    for name, seconds, most in (
        ("again_after_seconds", found.again_after_seconds, 60),
        ("settle_seconds", found.settle_seconds, 8),
    ):
        if not 0 <= seconds <= most:
            return f"{name}: 0 to {most}"
    return ""


def belongs(page_map: PageMap, address: str) -> bool:
    """Whether an address is the console's: by its whole host, so that no look-alike passes."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and host == "127.0.0.1")
    return secure and host in page_map.hosts
