"""The files of a broker, written by who keeps the room's seats: its own, and one for each of its rooms.

Each engine writes the file of its room alone. The broker is a program of its own that people start with
``nats-server -c``; a changed file is read again when it is asked to, on every system, by a key that can do
nothing else. All calls but `reload` block.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from liveconsole.bus.errors import BusError
from liveconsole.bus.nats.broker_file import SeatUser, broker_text, room_text
from liveconsole.bus.nats.dialing import BrokerAt, dial, hang_up
from liveconsole.bus.nats.keys import is_public, kept_seed, public_of, read_seed
from liveconsole.bus.nats.subjects import token_of
from liveconsole.bus.sharing.certificates import StudioCertificates, authority_in
from liveconsole.bus.sharing.seats_kept import SeatRecord
from liveconsole.paths import own_folder, write_own

log = logging.getLogger(__name__)

T = TypeVar("T")

PLACE: Final = "nats.json"
OWN: Final = "nats"
ENGINE_SEED: Final = "engine.nk"
_RELOAD_SEED: Final = "reload.nk"
_BROKER: Final = "broker.json"
_AUTHORITY: Final = "authority.pem"
FILE: Final = "nats.conf"
_ROOMS: Final = "rooms"
_FILE_LIMIT: Final = 64 * 1024
_ANSWER_SECONDS: Final = 2.0
_KEY: Final = re.compile(r"\bU[A-Z2-7]{55}\b")
_PING: Final = "$SYS.REQ.SERVER.PING"
_RELOAD: Final = "$SYS.REQ.SERVER.{id}.RELOAD"


class NatsPlace(Struct, frozen=True):
    """Content of DATA/nats.json: where the broker's files are, and the keys of the room's engines.

    ``folder``: from the data folder where it lies in that, which may be moved as a whole; else from the root.
    """

    folder: str
    engines: list[str] = []
    room: str = ""
    """Whose file was written last: where a room turns out to be another, that file goes."""


class BrokerListens(Struct, frozen=True):
    """Content of broker.json: where the broker listens, and the file with its certificate."""

    address: str
    port: int
    certificate: str

    @property
    def url(self) -> str:
        return f"tls://{self.address}:{self.port}"


class ListensElsewhere(Exception):
    """Another room's broker is told of there; ``str``: where it listens."""


def engine_seed_of(data: Path) -> Path:
    """Return the file with the seed of a data folder's engine."""
    return data / OWN / ENGINE_SEED


def place_of(data: Path) -> NatsPlace | None:
    """Return where the files of a room's broker are; None: none were written here."""
    return _read(data / PLACE, NatsPlace)


def own_key(data: Path) -> str:
    """Return the public key of this data folder's engine, made at the first call.

    Raises as `keys.kept_seed`.
    """
    own_folder(data / OWN)
    return public_of(kept_seed(engine_seed_of(data)))


class BrokerFiles:
    """The files of one broker, for one room. Raises OSError and `NoCertificate` where they cannot be made,
    `ListensElsewhere` where another room's broker is another one."""

    def __init__(self, data: Path, place: NatsPlace, room_id: str) -> None:
        self._data, self._place, self._room_id = data, place, room_id
        self.folder = folder_of(data, place)

    @property
    def file(self) -> Path:
        """Return what the broker is started with."""
        return self.folder / FILE

    @property
    def listens(self) -> BrokerListens | None:
        return _read(self.folder / _BROKER, BrokerListens)

    @property
    def authority(self) -> str:
        """Return the certificate by which the broker is known (PEM). Raises OSError."""
        return (self.folder / _AUTHORITY).read_text("ascii")

    def set_up(self, address: str, port: int) -> None:
        """Say where the broker listens: a private address, for which the studio's authority signs."""
        own_folder(self.folder)
        own_folder(self.folder / _ROOMS)
        before = self.listens
        if before is not None and not self._is_ours(before):
            # The broker of another room: its seats know it by that room's authority, at that address.
            if (before.address, before.port) != (address, port):
                raise ListensElsewhere(before.url)
            return
        certificates = StudioCertificates(self._data)
        leaf = certificates.leaf_file(address, "broker")
        write_own(self.folder / _AUTHORITY, certificates.pem.encode("ascii"))
        listens = BrokerListens(address, port, leaf.absolute().as_posix())
        write_own(self.folder / _BROKER, msgspec.json.encode(listens))
        kept_seed(self.folder / _RELOAD_SEED)

    def write(self, seats: Iterable[SeatRecord]) -> bool:
        """Write who may what in this room; False where nothing has changed."""
        listens = self.listens
        if listens is None:
            return False
        self._remember()
        if self._is_ours(
            listens
        ):  # its certificate is made anew before it is too old, and may lie elsewhere now
            leaf = StudioCertificates(self._data).leaf_file(listens.address, "broker")
            listens = msgspec.structs.replace(listens, certificate=leaf.absolute().as_posix())
            _replace(self.folder / _BROKER, msgspec.json.encode(listens).decode())
        users = [SeatUser(seat.nats_key, seat.right, seat.id) for seat in seats if seat.nats_key]
        rooms = own_folder(self.folder / _ROOMS)
        own = rooms / f"{token_of(self._room_id)}.conf"
        reload_key = public_of(read_seed(self.folder / _RELOAD_SEED))
        others = [path.read_text("utf-8") for path in rooms.glob("*.conf") if path != own]
        taken = {reload_key, *(key for text in others for key in _KEY.findall(text))}
        changed = _replace(own, room_text(self._room_id, self._place.engines, users, taken))
        text = broker_text(
            address=listens.address,
            port=listens.port,
            certificate=listens.certificate,
            reload_key=reload_key,
            rooms=[path.name for path in rooms.glob("*.conf")],
        )
        return _replace(self.file, text) or changed

    def _is_ours(self, listens: BrokerListens) -> bool:
        """Tell whether the broker's certificate is of our authority. Its place alone does not tell: a folder
        is moved, mounted elsewhere, reached by a link. It does where our authority is gone."""
        own = authority_in(self._data)
        with suppress(OSError):
            if own and (self.folder / _AUTHORITY).read_bytes() == own:
                return True
        return Path(listens.certificate).is_relative_to(self._data.absolute())

    def _remember(self) -> None:
        """Keep where the files are; one of a room that this is not would hold our keys, which stand once."""
        before = place_of(self._data)
        if before is not None and before.room not in ("", self._room_id):
            (self.folder / _ROOMS / f"{token_of(before.room)}.conf").unlink(missing_ok=True)
        kept = _written_in(self._data, self.folder)
        self._place = msgspec.structs.replace(self._place, folder=kept, room=self._room_id)
        _replace(self._data / PLACE, msgspec.json.encode(self._place).decode())

    async def reload(self, at: BrokerAt) -> str:
        """Let a running broker read its files again; return why it did not, empty where it did. ``at``: with
        the seed of `reload_seed`."""
        try:
            broker = await dial(at, "_INBOX_reload", refused=_ignore, closed=_ignore_end)
        except BusError as error:
            return str(error)
        try:
            said = await broker.request(_PING, b"", timeout=_ANSWER_SECONDS)
            id_ = json.loads(said.data)["server"]["id"]
            said = await broker.request(_RELOAD.format(id=id_), b"", timeout=_ANSWER_SECONDS)
            wrong = json.loads(said.data).get("error")
            return str(wrong)[:200] if wrong else ""
        except Exception as error:  # noqa: BLE001  # an older broker, one that ends: whatever it is, not read again
            return type(error).__name__
        finally:
            await hang_up(broker)

    def reload_at(self) -> BrokerAt:
        """Return who may let the broker read its files again. Raises OSError, ValueError (`BadKey`)."""
        listens = self.listens
        if listens is None:
            raise FileNotFoundError(_BROKER)
        return BrokerAt((listens.url,), read_seed(self.folder / _RELOAD_SEED), self.authority)


def with_engines(data: Path, place: NatsPlace | None, folder: Path, keys: Iterable[str]) -> NatsPlace:
    """Return where the broker's files are, with more engines that may lead the room of a data folder."""
    known, room = (place.engines, place.room) if place is not None else ([], "")
    engines = list(dict.fromkeys([*known, *filter(is_public, keys)]))
    return NatsPlace(_written_in(data, folder), engines, room)


def folder_of(data: Path, place: NatsPlace) -> Path:
    """Return where the broker's files lie. One that an earlier version wrote down from the root, in a data
    folder that was moved since, lies where it always did in that."""
    folder = data / place.folder
    return data / OWN if not folder.exists() and (data / OWN / _BROKER).exists() else folder


def _written_in(data: Path, folder: Path) -> str:
    whole, base = folder.absolute(), data.absolute()
    return (whole.relative_to(base) if whole.is_relative_to(base) else whole).as_posix()


def _replace(path: Path, text: str) -> bool:
    content = text.encode("utf-8")
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    write_own(path, content)
    return True


def _read(path: Path, shape: type[T]) -> T | None:
    try:
        if path.stat().st_size > _FILE_LIMIT:
            raise ValueError("too large")
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s cannot be read: %s", path.name, type(error).__name__)
        return None


def _ignore(_subject: str) -> None: ...


def _ignore_end() -> None: ...
